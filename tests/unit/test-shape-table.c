/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/shape_table.h"

#include "base/order.h"
#include "scratch.h"

#define N_KEYS 4000

/* Keys that fall into few slots too. */
static uint64_t key_of(unsigned number) {
        return number % 3 == 0 ? (uint64_t)number << 32 | 7 : number * UINT64_C(0x9E3779B97F4A7C15) & SHAPE_KEY_MASK;
}

static Level level_of(unsigned number) {
        return number % 10 == 0 ? LEVEL_ERROR : LEVEL_INFO;
}

static uint64_t rank_of(unsigned number) {
        return shape_rank(level_of(number), key_of(number));
}

static Signal *signal_of(unsigned number) {
        Signal *signal = signal_new(key_of(number), NULL);

        signal->level = level_of(number);
        return signal;
}

static int compare_ranks(const void *a, const void *b) {
        return COMPARE(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* Puts in all in an order of chance, some of them again; then the first @max are there, and no other. */
static void check_what_stays(uint32_t seed, uint32_t max) {
        uint64_t ranks[N_KEYS];
        uint32_t random = seed, n = 0;
        ShapeTable table;

        shape_table_init(&table, max);
        for (unsigned i = 0; i < 2 * N_KEYS; i++) {
                unsigned number = i < N_KEYS ? scratch_random(&random, N_KEYS) : i - N_KEYS;
                Signal *gone;

                if (shape_table_find(&table, key_of(number)))
                        continue;
                gone = shape_table_put(&table, signal_of(number));
                if (gone)
                        signal_free(gone);
                g_assert_true(shape_table_find(&table, key_of(number)) || shape_table_is_beyond(&table, rank_of(number)));
        }
        for (unsigned i = 0; i < N_KEYS; i++)
                ranks[i] = rank_of(i);
        qsort(ranks, N_KEYS, sizeof(*ranks), compare_ranks);
        for (unsigned i = 0; i < N_KEYS; i++) {
                bool is_kept = rank_of(i) <= ranks[MIN(max, N_KEYS) - 1];
                g_assert_true((shape_table_find(&table, key_of(i)) != NULL) == is_kept);
                n += is_kept;
        }
        g_assert_cmpuint(table.n, ==, n);
        shape_table_clear(&table);
}

static void test_what_stays(void) {
        for (uint32_t seed = 1; seed <= 5; seed++) {
                check_what_stays(seed, 1);
                check_what_stays(seed, 100);
                check_what_stays(seed, N_KEYS - 1);
                check_what_stays(seed, 2 * N_KEYS);
        }
}

/* What is taken out belongs to who took it, and there is room again. */
static void test_forget(void) {
        g_autoptr(GPtrArray) signals = g_ptr_array_new_with_free_func(signal_free);
        ShapeTable table;

        shape_table_init(&table, 10);
        for (unsigned i = 1; i <= 10; i++)
                g_assert_null(shape_table_put(&table, signal_of(i)));
        shape_table_list(&table, signals);
        shape_table_forget(&table);
        g_assert_cmpuint(signals->len, ==, 10);
        g_assert_null(shape_table_find(&table, key_of(1)));
        g_assert_null(shape_table_put(&table, signal_of(1)));
        shape_table_clear(&table);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/shape-table/what-stays", test_what_stays);
        g_test_add_func("/shape-table/forget", test_forget);
        return g_test_run();
}
