/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Decode
 *
 *     sources -> file, journal, bundle member -> unpack -> charset = [decode] -> reader -> blocks
 *
 * Gives the bytes of a source as text: decompressed by what its first bytes say, never by a name (input/unpack.h), and
 * UTF-16 as UTF-8 (input/charset.h). Damage is no error: what can be read is given and the problem is noted in words.
 */

#include "input/unpack.h"
#include "model/source.h"

typedef struct Decoder Decoder;

/* Opens the file or journal @source. Only one that cannot be opened or read at all is an error. Borrows @source. */
Decoder *decoder_open(const Source *source, InflateEngine which, GError **error);

/*
 * Opens only @range of what @whole, the decoder of @source as a whole, would give. Fails where it cannot begin there: a pipe, a
 * journal, other text than UTF-8, or data that is compressed several times over. Borrows @source.
 */
Decoder *decoder_open_range(const Source *source, const Decoder *whole, InflateEngine which, GError **error);

/* Whether decoder_open_range() can begin anywhere in it; known once the first bytes were read. */
bool decoder_is_divisible(const Decoder *decoder);

/* What surrounds a member of an archive. */
typedef struct Around {
        const char *layers;  /* compressors and archives, outermost first, "gzip+tar"; "" for none; borrowed */
        Tally *tally;        /* borrowed */
        GPtrArray *problems; /* to which the stream adds its problems; the decoder holds a reference */
} Around;

/* Over @stream, which is taken over. @written: when it was written last, in microseconds, or 0. @name is borrowed for the call. */
Decoder *decoder_new(Stream *stream, InflateEngine which, const Around *around, int64_t written, const char *name);

void decoder_free(Decoder *decoder);

/* Reads up to @size bytes; 0 at the end, and from then on. */
size_t decoder_read(Decoder *decoder, char *buffer, size_t size);

/* "none", or what the source is folded into, outermost first: "gzip", "zstd+tar+gzip"; borrowed. */
const char *decoder_compression(const Decoder *decoder);

/* What was wrong so far, as owned strings; borrowed. Each means that something of the source could not be read. */
GPtrArray *decoder_problems(const Decoder *decoder);

/* What is worth saying without being a loss, such as "UTF-16, decoded"; may be NULL; static. */
const char *decoder_note(const Decoder *decoder);

/*
 * When the source was written last, in microseconds, and in @from how this is known: "gzip header", "file name" (of a rotated
 * file), "file time", "clock"; static.
 */
int64_t decoder_reference(const Decoder *decoder, const char **from);

/* For who reads the data in another way, before any of it is read as text. */
Unpack *decoder_unpack(const Decoder *decoder);
Tally *decoder_tally(const Decoder *decoder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decoder, decoder_free)
