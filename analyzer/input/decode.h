/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Decode
 *
 *     sources -> [decode] -> reader -> blocks
 *
 * Gives the bytes of a source as text: gzip is recognised by its first bytes, never by a name, with any number of
 * members; UTF-16 with a byte order mark becomes UTF-8. Damage is no error: what can be read is given and the problem
 * is noted in words. read(2) into a buffer, never mmap: a file that shrinks is shorter, not a SIGBUS.
 */

#include "input/inflate.h"
#include "model/source.h"

typedef struct Decoder Decoder;

/* Opens @source. Only a source that cannot be opened or read at all is an error. Borrows @source. */
Decoder *decoder_open(const Source *source, InflateEngine engine, GError **error);
void decoder_free(Decoder *decoder);

/* Reads up to @size bytes; 0 at the end, and from then on. */
size_t decoder_read(Decoder *decoder, char *buffer, size_t size);

/* "none" or "gzip"; static. */
const char *decoder_compression(const Decoder *decoder);

/* What was wrong so far, as owned strings; borrowed. Each means that something of the source could not be read. */
const GPtrArray *decoder_problems(const Decoder *decoder);

/* What is worth saying without being a loss, such as "UTF-16, decoded"; may be NULL; static. */
const char *decoder_note(const Decoder *decoder);

/* When the source was written last, in microseconds, and in @from how this is known: "gzip header", "file time", "clock"; static. */
int64_t decoder_reference(const Decoder *decoder, const char **from);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decoder, decoder_free)
