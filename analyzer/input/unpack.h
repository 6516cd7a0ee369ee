/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Unpack
 *
 *     file -> [unpack] -> decode
 *
 * Decompresses a stream by its first bytes, never by a name, and what comes out of it again, up to UNPACK_LAYERS_MAX
 * times; what is not compressed passes as it is. Any number of members, frames or streams may follow each other, with
 * zeros between them. Data that is torn is given up to the tear, data that is damaged up to the damage, and both are noted. It can be
 * looked ahead into, to see what kind of data comes.
 */

#include "input/inflate.h"
#include "input/stream.h"

#include "base/str.h"

#define UNPACK_LAYERS_MAX 4

/* How far can be looked ahead. */
#define UNPACK_AHEAD_MAX (16 * 1024)

typedef struct Unpack Unpack;

/* Takes over @inner. Borrows @problems and @tally. */
Unpack *unpack_new(Stream *inner, InflateEngine which, GPtrArray *problems, Tally *tally);
void unpack_free(Unpack *unpack);

/* 0 at the end, and from then on. */
size_t unpack_read(Unpack *unpack, void *buffer, size_t size);

/* The next bytes, fewer than @want (of UNPACK_AHEAD_MAX) at the end; valid until something is read. */
Str unpack_ahead(Unpack *unpack, size_t want);

/* The compressors, outermost first, joined by "+": "gzip"; "" for none. */
const char *unpack_layers(const Unpack *unpack);

/* When the data was compressed, in microseconds, where its gzip header says so, else 0. */
int64_t unpack_time(const Unpack *unpack);

/* The stream itself, rewound, if nothing in it is compressed and it can seek; else NULL. It stays owned by @unpack. */
Stream *unpack_seekable(Unpack *unpack);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Unpack, unpack_free)
