/* SPDX-License-Identifier: Apache-2.0 */
#include "input/reader.h"

#include "model/event.h"

struct Reader {
        Decoder *decoder;
        size_t block_bytes;
        Block *pending; /* read, not yet given out; begins with an event */
        bool end;
        bool ends_in_newline;

        uint64_t offset, newlines; /* of all that was given out */
        Carry carry;
};

Reader *reader_new(Decoder *decoder, size_t block_bytes) {
        Reader *reader = g_new0(Reader, 1);

        reader->decoder = decoder;
        reader->block_bytes = block_bytes;
        reader->pending = block_new(MAX(block_bytes, READER_HEAD_BYTES) + READER_HEAD_BYTES);
        reader->carry.time_us = TIME_NONE;
        reader->ends_in_newline = true;
        return reader;
}

void reader_free(Reader *reader) {
        block_free(reader->pending);
        g_free(reader);
}

void reader_begin_at(Reader *reader, const Range *range) {
        reader->offset = range->from;
        reader->newlines = range->first_line - 1;
        reader->carry.time_us = range->time_us;
}

/* Reads until @want bytes are pending, or the end. */
static void fill(Reader *reader, size_t want) {
        Block *pending = reader->pending;

        block_reserve(pending, want);
        while (pending->len < want && !reader->end) {
                size_t n = decoder_read(reader->decoder, pending->buffer + pending->len, want - pending->len);
                reader->end = n == 0;
                pending->len += n;
        }
}

Str reader_head(Reader *reader) {
        fill(reader, READER_HEAD_BYTES);
        return str_slice(block_text(reader->pending), 0, READER_HEAD_BYTES);
}

/* Drops the middle of the one event that is pending. */
static void shorten(Block *pending) {
        size_t drop = pending->len - EVENT_HEAD_BYTES - EVENT_TAIL_BYTES;
        char *hole = pending->buffer + EVENT_HEAD_BYTES;

        pending->elided_bytes += drop;
        pending->elided_newlines += newlines_count((Str){ hole, drop });
        memmove(hole, hole + drop, EVENT_TAIL_BYTES);
        pending->len -= drop;
}

/* The length of the next block, reading as much as that takes; 0 at the end. */
static size_t find_cut(Reader *reader, ReaderCut cut, void *data) {
        size_t want = reader->block_bytes;

        for (;;) {
                Str text;
                size_t at;
                bool full;

                fill(reader, want);
                if (reader->end && reader->pending->len <= want)
                        return reader->pending->len;
                text = str_slice(block_text(reader->pending), 0, want);
                full = want >= READER_BLOCK_MAX;
                at = cut(text, full, &reader->carry, data);
                if (at > 0)
                        return at;
                if (full)
                        shorten(reader->pending);
                else
                        want = MIN(want * 2, READER_BLOCK_MAX);
        }
}

/* Swaps the buffers, so that only what is left behind the cut is copied. */
static void hand_over(Reader *reader, Block *block, size_t length) {
        Block *pending = reader->pending, old = *block;
        size_t rest = pending->len - length;

        block_reserve(&old, MAX(rest, reader->block_bytes));
        memcpy(old.buffer, pending->buffer + length, rest);
        *block = *pending;
        block->len = length;
        block->newlines = old.newlines;
        *pending = (Block){ .buffer = old.buffer, .capacity = old.capacity, .len = rest };
}

bool reader_next(Reader *reader, Block *block, size_t source, ReaderCut cut, void *data) {
        Carry carry = reader->carry;
        size_t length = find_cut(reader, cut, data);

        if (length == 0)
                return false;
        hand_over(reader, block, length);
        block->source = source;
        block->carry = carry;
        block->offset = reader->offset;
        block->first_line = reader->newlines + 1;
        newlines_find(&block->newlines, block_text(block));
        block->n_newlines = block->newlines.n + block->elided_newlines;
        reader->offset += block->len + block->elided_bytes;
        reader->newlines += block->n_newlines;
        reader->ends_in_newline = block->buffer[block->len - 1] == '\n';
        return true;
}

uint64_t reader_n_bytes(const Reader *reader) {
        return reader->offset;
}

uint64_t reader_n_lines(const Reader *reader) {
        return reader->newlines + !reader->ends_in_newline;
}
