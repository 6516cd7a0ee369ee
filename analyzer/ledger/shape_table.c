/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/shape_table.h"

#define SLOTS_MIN 64

void shape_table_init(ShapeTable *table, uint32_t max) {
        *table = (ShapeTable){ .slots = g_new0(ShapeSlot, SLOTS_MIN), .ranks = g_new(uint64_t, SLOTS_MIN), .max = max, .mask = SLOTS_MIN - 1 };
}

void shape_table_clear(ShapeTable *table) {
        for (uint32_t i = 0; i <= table->mask; i++)
                if (table->slots[i].signal)
                        signal_free(table->slots[i].signal);
        g_free(table->slots);
        g_free(table->ranks);
        *table = (ShapeTable){ 0 };
}

/* --- slots --- */

static void fill_slot(ShapeTable *table, ShapeSlot slot) {
        uint32_t at = (uint32_t)slot.key & table->mask;

        while (table->slots[at].signal)
                at = (at + 1) & table->mask;
        table->slots[at] = slot;
}

static void grow(ShapeTable *table) {
        ShapeTable old = *table;

        table->mask = 2 * old.mask + 1;
        table->slots = g_new0(ShapeSlot, table->mask + 1);
        table->ranks = g_renew(uint64_t, table->ranks, table->mask + 1);
        for (uint32_t i = 0; i <= old.mask; i++)
                if (old.slots[i].signal)
                        fill_slot(table, old.slots[i]);
        g_free(old.slots);
}

/* How far behind its own place the slot @at is filled. */
static uint32_t distance(const ShapeTable *table, uint32_t at) {
        return (at - (uint32_t)table->slots[at].key) & table->mask;
}

/* What stands behind the slot moves up, so that a search never meets a gap. */
static Signal *empty_slot(ShapeTable *table, uint64_t key) {
        uint32_t gap = (uint32_t)key & table->mask;
        Signal *signal;

        while (table->slots[gap].key != key || !table->slots[gap].signal)
                gap = (gap + 1) & table->mask;
        signal = table->slots[gap].signal;
        for (uint32_t at = (gap + 1) & table->mask; table->slots[at].signal; at = (at + 1) & table->mask) {
                if (distance(table, at) < ((at - gap) & table->mask))
                        continue;
                table->slots[gap] = table->slots[at];
                gap = at;
        }
        table->slots[gap] = (ShapeSlot){ 0 };
        return signal;
}

/* --- the heap --- */

static void add_rank(ShapeTable *table, uint64_t rank) {
        uint32_t at = table->n++;

        for (; at > 0 && table->ranks[(at - 1) / 2] < rank; at = (at - 1) / 2)
                table->ranks[at] = table->ranks[(at - 1) / 2];
        table->ranks[at] = rank;
}

/* Puts @rank in the place of the last. */
static void replace_last(ShapeTable *table, uint64_t rank) {
        uint32_t at = 0;

        for (uint32_t child; (child = 2 * at + 1) < table->n; at = child) {
                child += child + 1 < table->n && table->ranks[child + 1] > table->ranks[child];
                if (table->ranks[child] <= rank)
                        break;
                table->ranks[at] = table->ranks[child];
        }
        table->ranks[at] = rank;
}

/* --- both --- */

Signal *shape_table_put(ShapeTable *table, Signal *signal) {
        uint64_t rank = shape_rank(signal->level, signal->key);
        Signal *last = NULL;

        if (shape_table_is_beyond(table, rank))
                return signal;
        if (table->n == table->max) {
                last = empty_slot(table, table->ranks[0] & SHAPE_KEY_MASK);
                replace_last(table, rank);
        } else {
                if (2 * (table->n + 1) > table->mask)
                        grow(table);
                add_rank(table, rank);
        }
        fill_slot(table, (ShapeSlot){ signal->key, signal });
        return last;
}

void shape_table_list(const ShapeTable *table, GPtrArray *signals) {
        for (uint32_t i = 0; i <= table->mask; i++)
                if (table->slots[i].signal)
                        g_ptr_array_add(signals, table->slots[i].signal);
}

void shape_table_forget(ShapeTable *table) {
        memset(table->slots, 0, (table->mask + 1) * sizeof(*table->slots));
        table->n = 0;
}
