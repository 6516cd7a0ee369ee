/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Inflate
 *
 * Decompresses gzip (RFC 1952) piece by piece: with ISA-L where it was built in, else with zlib. Both give the same
 * bytes and the same answers. One Inflate does one member after the other.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum { INFLATE_AUTO, INFLATE_ZLIB } InflateEngine;

typedef enum {
        INFLATE_MORE,       /* wants more input or more room */
        INFLATE_MEMBER_END, /* a member ended and its checksum was right */
        INFLATE_DAMAGED,    /* the data is no gzip, or its checksum is wrong; what was written so far is all there is */
} InflateStatus;

typedef struct Inflate Inflate;

Inflate *inflate_new(InflateEngine engine);
void inflate_free(Inflate *gz);

/* Begins a new member. */
void inflate_reset(Inflate *gz);

/* Moves on: @in, @n_in, @out, @n_out are advanced by what was read and written. */
InflateStatus inflate_run(Inflate *gz, const unsigned char **in, size_t *n_in, char **out, size_t *n_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inflate, inflate_free)
