/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/growing.h"

#include "input/reader.h"
#include "opened.h"
#include "parse/events.h"

void growing_init(Growing *growing, const char *name, uint32_t index, uint64_t offset, uint64_t n_lines) {
        *growing = (Growing){
                .name = name,
                .index = index,
                .pending = g_byte_array_new(),
                .head = g_byte_array_new(),
                .offset = offset,
                .n_lines = n_lines,
                .carry.time_us = TIME_NONE,
        };
}

void growing_clear(Growing *growing) {
        g_clear_pointer(&growing->pending, g_byte_array_unref);
        g_clear_pointer(&growing->head, g_byte_array_unref);
}

/* The first bytes of the file, as far as they came; owned. */
static GByteArray *head_of(const Growing *growing) {
        GByteArray *head = g_byte_array_new();
        guint known = growing->head->len, more = MIN(growing->pending->len, READER_HEAD_BYTES - known);

        g_byte_array_append(head, growing->head->data, known);
        return g_byte_array_append(head, growing->pending->data, more);
}

/* The first line alone may be a banner, which says nothing of how the others are written. */
static void look_again(Growing *growing, const Counter *counter) {
        size_t length = growing->head->len + growing->pending->len;

        if (growing->laid_bytes >= GROWING_HEAD_BYTES || (growing->laid_bytes > 0 && length < 2 * growing->laid_bytes))
                return;
        g_autoptr(GByteArray) head = head_of(growing);
        opened_lay_out(&growing->layout, growing->name, (Str){ (const char *)head->data, head->len }, counter->reference_us, counter->options);
        growing->laid_bytes = length;
}

/* A log is followed for days: what lay near the present when it was opened does so no more. */
static void lay_out(Growing *growing, const Counter *counter) {
        look_again(growing, counter);
        growing->layout.time.reference_us = counter->reference_us;
}

static void keep_head(Growing *growing, size_t length) {
        if (growing->laid_bytes < GROWING_HEAD_BYTES) {
                g_byte_array_append(growing->head, growing->pending->data, (guint)length);
        } else if (growing->head->len > 0) {
                g_byte_array_unref(growing->head);
                growing->head = g_byte_array_new();
        }
}

static void fill_block(Block *block, const Growing *growing, size_t length, const Carry *before) {
        block_reserve(block, length);
        memcpy(block->buffer, growing->pending->data, length);
        block->len = length;
        block->source = growing->index;
        block->offset = growing->offset;
        block->first_line = growing->n_lines + 1;
        block->n_newlines = newlines_count(block_text(block));
        block->elided_bytes = block->elided_newlines = 0;
        block->carry = *before;
}

/* Counts the first @length bytes that are pending. */
static void count_bytes(Growing *growing, Counter *counter, size_t length, const Carry *before) {
        const SourceRecord *record = ledger_source(counter->ledger, growing->index);
        bool open = growing->pending->data[length - 1] != '\n';
        uint64_t n_events = record->events, n_lines;

        fill_block(counter->block, growing, length, before);
        pipeline_feed_block(counter->feed, counter->ledger, &growing->layout, counter->block);
        n_lines = counter->block->n_newlines + open;
        growing->offset += length;
        growing->n_lines += n_lines;
        counter->lines += n_lines;
        counter->events += record->events - n_events;
        keep_head(growing, length);
        g_byte_array_remove_range(growing->pending, 0, (guint)length);
}

/* Whole lines; what is behind the last newline is still being written. */
static size_t whole_lines(const GByteArray *pending) {
        size_t length = pending->len;

        while (length > 0 && pending->data[length - 1] != '\n')
                length--;
        return length;
}

void growing_count(Growing *growing, Counter *counter, bool all) {
        size_t whole = whole_lines(growing->pending), length;
        Carry before = growing->carry;

        if (growing->pending->len > READER_BLOCK_MAX && whole == 0)
                whole = growing->pending->len;
        if (whole == 0)
                return;
        lay_out(growing, counter);
        length = events_cut((Str){ (const char *)growing->pending->data, whole }, true, &growing->carry, &growing->layout);
        if (length > 0)
                count_bytes(growing, counter, length, &before);
        whole -= length;
        if (whole > 0 && (all || whole > READER_BLOCK_MAX)) {
                before = growing->carry;
                count_bytes(growing, counter, whole, &before);
        }
}

void growing_take(Growing *growing, Counter *counter, const char *bytes, size_t n) {
        g_byte_array_append(growing->pending, (const guint8 *)bytes, (guint)n);
        if (growing->pending->len > READER_BLOCK_MAX)
                growing_count(growing, counter, false);
}

void growing_end(Growing *growing, Counter *counter) {
        growing_count(growing, counter, true);
        if (growing->pending->len > 0) {
                Carry before = growing->carry;
                lay_out(growing, counter);
                count_bytes(growing, counter, growing->pending->len, &before);
        }
}

void growing_go_on(Growing *growing, uint64_t offset, uint64_t n_lines) {
        growing->offset = offset;
        growing->n_lines = n_lines;
        growing->laid_bytes = MIN(growing->laid_bytes, GROWING_AGAIN_BYTES / 2);
        g_byte_array_set_size(growing->head, 0);
}
