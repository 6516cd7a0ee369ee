/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ledger, from within: the rows of a shape's signal, those with the smallest lots.
 */

#include "model/signal.h"

/* The lot of a row: depends on its second and content alone. */
static inline uint64_t row_lottery(uint64_t content, uint32_t second) {
        uint64_t x = (content ^ second * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);

        x = (x ^ x >> 31) * UINT64_C(0x94D049BB133111EB);
        return x ^ x >> 29;
}

/* Keeps the event as a row with this lot, unless @max rows come before it. */
void rows_keep(Signal *signal, const Event *event, uint64_t lottery, unsigned max);

/* The same for an event whose shape has the content @content. */
static inline void rows_note(Signal *signal, const Event *event, uint64_t content, unsigned max) {
        uint64_t lottery = row_lottery(content, event->time_us == TIME_NONE ? 0 : series_second(event->time_us));

        if (lottery <= signal->row_bound)
                rows_keep(signal, event, lottery, max);
}

/* Takes over the row's text. */
void rows_add(Signal *signal, Row *row, unsigned max);
/* Those of @other that are kept are no longer its own: they have no text there. */
void rows_take(Signal *signal, Signal *other, unsigned max);
void rows_trim(Signal *signal, unsigned max);
