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

/* Over a stream that begins in the middle of a file, at byte @at: with as many compressors as the whole has, whatever its bytes look like. */
Unpack *unpack_new_at(Stream *inner, InflateEngine which, GPtrArray *problems, Tally *tally, uint64_t at, unsigned n_layers);
void unpack_free(Unpack *unpack);

/* Where decompressing can begin anew: byte `raw` of the file, which gives byte `out`. */
typedef struct UnpackMark {
        uint64_t raw, out;
} UnpackMark;

/*
 * From now on notes the members or frames that begin at least @gap bytes of output behind the last one noted: an array of UnpackMark, which
 * grows while data is read; borrowed. NULL when there are several compressors, or one without parts.
 */
const GArray *unpack_note_marks(Unpack *unpack, uint64_t gap);

unsigned unpack_n_layers(const Unpack *unpack);

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
