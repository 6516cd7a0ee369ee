/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shape table
 *
 *     events -> shapes -> [shape table]
 *
 * The signals of shapes, by key; at most so many of them, those that are first by (level at least warning, key). When it is full, each
 * one that comes before the last takes its place.
 *
 * Each event without pattern is looked up here: open addressing, for keys are hashes. The last one is found by a heap. What such
 * a table holds depends on what was put in alone, not on the order.
 */

#include "model/signal.h"

typedef struct ShapeSlot {
        uint64_t key;
        Signal *signal; /* owned; NULL: free */
} ShapeSlot;

typedef struct ShapeTable {
        ShapeSlot *slots; /* owned */
        uint64_t *ranks;  /* owned; of all that are here: a heap with the last of them in front */
        uint32_t n, max;
        uint32_t mask; /* there are 1 + mask slots, a power of two, at least twice as many as signals */
} ShapeTable;

void shape_table_init(ShapeTable *table, uint32_t max);
void shape_table_clear(ShapeTable *table);

/* Lower ranks are kept. Of a shape, all events have one level. */
static inline uint64_t shape_rank(Level level, uint64_t key) {
        return level >= LEVEL_WARNING ? key : key | ~SHAPE_KEY_MASK;
}

/* True when so many come before it that it is not here and never will be. */
static inline bool shape_table_is_beyond(const ShapeTable *table, uint64_t rank) {
        return table->n == table->max && rank > table->ranks[0];
}

/* NULL when it is not here. */
static inline Signal *shape_table_find(const ShapeTable *table, uint64_t key) {
        uint32_t at = (uint32_t)key & table->mask;

        while (table->slots[at].signal && table->slots[at].key != key)
                at = (at + 1) & table->mask;
        return table->slots[at].signal;
}

/*
 * Takes over @signal, which is not here yet. Returns the one that is not kept, which is the caller's then; it may be @signal.
 * NULL: there was room.
 */
Signal *shape_table_put(ShapeTable *table, Signal *signal);

/* Appends all signals, in no order. */
void shape_table_list(const ShapeTable *table, GPtrArray *signals);

/* Takes all signals out; they are the caller's then. */
void shape_table_forget(ShapeTable *table);
