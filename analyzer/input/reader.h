/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Reader
 *
 *     decode -> [reader] -> blocks -> workers
 *
 * Cuts the bytes of one source into blocks that end where an event ends. Where that is, the cut function says: the
 * reader knows bytes, not logs. Memory is bounded by READER_BLOCK_MAX whatever the length of an event: the middle of one
 * that is longer is dropped and counted. The same bytes give blocks whose events are the same for any block size.
 */

#include "input/decode.h"
#include "model/block.h"
#include "model/range.h"

/* What is shown to the detection of a source's layout. */
#define READER_HEAD_BYTES (64 * 1024)

#define READER_BLOCK_MAX BLOCK_BYTES_MAX

/*
 * Where @text, which begins with an event and may end anywhere, may be cut: the length of the part that ends with an
 * event, 0 if it cannot be cut. With @search_all false only a quick look from the end is wanted. Updates @carry to what holds at the cut.
 */
typedef size_t (*ReaderCut)(Str text, bool search_all, Carry *carry, void *data);

typedef struct Reader Reader;

/* Borrows @decoder. */
Reader *reader_new(Decoder *decoder, size_t block_bytes);
void reader_free(Reader *reader);

/* The decoder gives a part of the source. Called before anything is read. */
void reader_begin_at(Reader *reader, const Range *range);

/* The first bytes of the source, before any block is taken; less than READER_HEAD_BYTES when it is shorter. */
Str reader_head(Reader *reader);

/*
 * Fills @block, a used one or a new one, with the next piece; false at the end of the source. @source is noted in it.
 */
bool reader_next(Reader *reader, Block *block, size_t source, ReaderCut cut, void *data);

/* What was given out so far. */
uint64_t reader_n_bytes(const Reader *reader);
uint64_t reader_n_lines(const Reader *reader);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reader, reader_free)
