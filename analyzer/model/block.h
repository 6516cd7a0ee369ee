/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Block
 *
 * A piece of a source of about BLOCK_BYTES that ends where an event ends, so that a worker never needs its neighbour.
 *
 * An event that is much longer than what is kept of an event is shortened while it is read: the block then holds that
 * event alone, and `elided_*` say how many bytes and newlines are missing behind its first EVENT_HEAD_BYTES.
 */

#include "base/newlines.h"
#include "base/str.h"

#define BLOCK_BYTES (1024 * 1024)

/* No block is longer: an event that does not end within so many bytes is shortened. */
#define BLOCK_BYTES_MAX (4 * 1024 * 1024)

/* So many bytes behind the text can be read, whatever is in them: vector code need not stop short. */
#define BLOCK_PADDING 64

/* What an event needs to know of the events before it in the source. */
typedef struct Carry {
        int64_t time_us; /* the last time that a line named, or TIME_NONE */
} Carry;

/* A line of a block whose envelopes were taken off: where it comes from and what they said. */
typedef struct BlockLine {
        uint64_t offset, line;     /* of the first byte in the block as it was read, and the newlines before it */
        uint64_t n_bytes, n_lines; /* of that block, that it stands for */
        int64_t time_us;           /* of the envelope, or TIME_NONE */
        uint8_t level;             /* of the envelope */
        bool starts;               /* begins an event */
        bool crash;                /* with the words of a crash */
} BlockLine;

typedef struct Block {
        char *buffer; /* owned; `capacity` bytes and BLOCK_PADDING */
        size_t capacity;
        size_t len;
        Newlines newlines; /* of the text, where they were looked for */

        size_t source;       /* index of the source */
        uint64_t offset;     /* of the first byte in the decoded source */
        uint64_t first_line; /* its number, from 1 */
        uint64_t n_newlines; /* with the elided ones */
        uint64_t elided_bytes, elided_newlines;
        Carry carry;

        const BlockLine *lines; /* one for each line of the text; NULL: they are as they were read; borrowed */
} Block;

static inline Str block_text(const Block *block) {
        return (Str){ block->buffer, block->len };
}

Block *block_new(size_t capacity);
void block_free(Block *block);

/* Frees what an embedded block owns. */
void block_clear(Block *block);

/* Makes room for @capacity bytes; keeps the content. */
void block_reserve(Block *block, size_t capacity);
