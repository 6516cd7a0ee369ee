/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Charset
 *
 *     unpack -> [charset] -> decode
 *
 * Makes UTF-8 of UTF-16, which is known by its byte order mark, or without one by its first CHARSET_AHEAD_BYTES: text in UTF-16
 * has so many units that are ASCII, and so few that are zero, that no other text looks like it. Everything else passes as it is: what
 * bytes a log in an 8-bit charset holds is data.
 */

#include "input/unpack.h"

#define CHARSET_AHEAD_BYTES 4096

typedef struct Charset Charset;

/* Borrows @unpack, from which nothing was read yet. */
Charset *charset_new(Unpack *unpack);
void charset_free(Charset *charset);

/* 0 at the end, and from then on. */
size_t charset_read(Charset *charset, char *buffer, size_t size);

/* "UTF-16, decoded", or NULL; static. */
const char *charset_note(const Charset *charset);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Charset, charset_free)
