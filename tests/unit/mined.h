/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Mined
 *
 * Ledgers from messages alone, for tests of what is mined from them.
 */

#include "ledger/ledger.h"
#include "mine/shape.h"
#include "mine/templates.h"
#include "model/pattern.h"

static inline Str mined_locate(const Event *event, uint32_t pattern, void *data) {
        (void)pattern;
        (void)data;
        return (Str){ event->head.ptr, 0 };
}

/* A ledger of @n_sources sources; the caller frees it, and @patterns after it. */
static inline Ledger *mined_ledger(const Patterns *patterns, unsigned n_sources) {
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

        for (unsigned i = 0; i < n_sources; i++)
                g_ptr_array_add(names, g_strdup_printf("source-%u", i));
        return ledger_new(patterns, names, mined_locate, NULL);
}

/* Adds a line that stands at @offset of @source and was written at @second; 0: without time. */
static inline void mined_add(Ledger *ledger, uint32_t source, uint64_t offset, uint32_t second, Level level, Str message) {
        g_autofree char *padded = g_malloc0(message.len + BYTES_PADDING + 1);
        Event event = { .level = level, .offset = offset, .line = offset + 1, .n_lines = 1, .n_bytes = message.len };
        ShapeKey shape;

        memcpy(padded, message.ptr, message.len);
        event.message = event.head = (Str){ padded, message.len };
        event.tail = event.detail = event.cause = (Str){ padded + message.len, 0 };
        event.time_us = second ? second * INT64_C(1000000) : TIME_NONE;
        shape = shape_of(&event);
        ledger_add(ledger, source, &event, &shape, NULL, 0);
        ledger_flush(ledger, source);
}
