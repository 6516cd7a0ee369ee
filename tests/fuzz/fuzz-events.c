/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Cuts the input into events, in one block and in two cut where a reader would: the events must be the same, and account
 * for every line but blank ones before the first.
 */

#include "parse/events.h"
#include "parse/locate.h"
#include "parse/peel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const TimeContext CONTEXT = { NULL, INT64_C(1795435200) * 1000000 };

typedef struct Sum {
        uint64_t events, lines, bytes, hash;
} Sum;

static void add_text(Sum *sum, Str text) {
        for (size_t i = 0; i < text.len; i++)
                sum->hash = (sum->hash ^ (uint8_t)text.ptr[i]) * UINT64_C(0x100000001b3);
}

static void add_block(Sum *sum, const Layout *layout, Str text, uint64_t offset, uint64_t line, const Carry *carry) {
        g_autoptr(Peel) peel = peel_new();
        Block *block = block_new(text.len + 1);
        const Block *peeled;
        TimestampCache cache = { 0 };
        Events events;
        Event event;

        memcpy(block->buffer, text.ptr, text.len);
        block->len = text.len;
        block->offset = offset;
        block->first_line = line;
        block->carry = *carry;
        peeled = peel_block(peel, layout, &cache, block);
        events_init(&events, layout, &cache, peeled);
        while (events_next(&events, &event)) {
                Place place;

                locate(layout, &event, &place);
                sum->events++;
                sum->lines += event.n_lines;
                sum->bytes += event.n_bytes;
                add_text(sum, event.message);
                add_text(sum, event.cause);
                add_text(sum, place.file);
                sum->hash ^= (event.offset + 1) * 31 + event.line * 7 + event.level + (uint64_t)event.time_us;
        }
        block_free(block);
}

static uint64_t count_lines(Str text) {
        uint64_t n = 0;

        for (size_t i = 0; i < text.len; i++)
                n += text.ptr[i] == '\n';
        return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Str text = { (const char *)data, size };
        Carry none = { .time_us = TIME_NONE }, carry = none;
        Sum whole = { 0 }, parts = { 0 };
        Layout layout;
        size_t cut;

        if (size == 0)
                return 0;
        layout_detect(&layout, text, &CONTEXT);
        add_block(&whole, &layout, text, 0, 1, &none);
        g_assert(whole.bytes <= size && whole.lines <= count_lines(text) + 1);
        cut = events_cut(text, true, &carry, &layout);
        g_assert(cut <= size);
        if (cut == 0)
                return 0;
        add_block(&parts, &layout, str_slice(text, 0, cut), 0, 1, &none);
        add_block(&parts, &layout, str_slice(text, cut, size), cut, count_lines(str_slice(text, 0, cut)) + 1, &carry);
        g_assert(parts.events == whole.events && parts.lines == whole.lines && parts.bytes == whole.bytes && parts.hash == whole.hash);
        return 0;
}
