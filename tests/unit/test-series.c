/* SPDX-License-Identifier: Apache-2.0 */
#include "model/series.h"

#include "scratch.h"

/* Seconds that events fall into: a base, a step, and how many. */
static const struct {
        const char *name;
        uint32_t base, step, n;
        unsigned shift;
} CASES[] = {
        { "none", 0, 0, 0, 0 },
        { "one second", 1717750803, 0, 100, 0 },
        { "as many as there is room for", 1717750803, 1, SERIES_BUCKETS_MAX, 0 },
        { "one more", 1717750848, 1, SERIES_BUCKETS_MAX + 1, 1 },
        { "sparse", 1000, 1000, SERIES_BUCKETS_MAX, 0 },
        { "sparse, too many", 0, 1024, 2 * SERIES_BUCKETS_MAX, 11 },
        { "all of time", 0, UINT32_MAX / 4096, 4096, 23 },
};

static void check_form(const Series *series) {
        g_assert_cmpuint(series->n, <=, SERIES_BUCKETS_MAX);
        for (uint32_t i = 0; i < series->n; i++) {
                g_assert_cmpuint(series->buckets[i].start % series_width(series), ==, 0);
                g_assert_true(i == 0 || series->buckets[i - 1].start < series->buckets[i].start);
        }
}

static void assert_same(const Series *a, const Series *b) {
        g_assert_cmpuint(a->shift, ==, b->shift);
        g_assert_cmpmem(a->buckets, a->n * sizeof(Bucket), b->buckets, b->n * sizeof(Bucket));
}

static void test_width(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                Series series = { 0 };

                g_test_message("%s", CASES[i].name);
                for (uint32_t j = 0; j < CASES[i].n; j++)
                        series_add(&series, CASES[i].base + j * CASES[i].step, 1);
                check_form(&series);
                g_assert_cmpuint(series.shift, ==, CASES[i].shift);
                g_assert_cmpuint(series_total(&series), ==, CASES[i].n);
                series_clear(&series);
        }
}

/* However the events are parted, in whatever order they come. */
static void test_merge_law(void) {
        for (uint32_t seed = 1; seed <= 40; seed++) {
                uint32_t random = seed, spread = 1 + scratch_random(&random, 100000), n = 1 + scratch_random(&random, 3000);
                Series whole = { 0 }, parts[3] = { 0 }, merged = { 0 };

                for (uint32_t i = 0; i < n; i++) {
                        uint32_t second = 1700000000 + scratch_random(&random, spread);
                        series_add(&whole, second, 1);
                        series_add(&parts[scratch_random(&random, 3)], second, 1);
                }
                for (unsigned i = 0, at = scratch_random(&random, 3); i < 3; i++)
                        series_merge(&merged, &parts[(at + i) % 3]);
                check_form(&merged);
                assert_same(&whole, &merged);
                for (unsigned i = 0; i < 3; i++)
                        series_clear(&parts[i]);
                series_clear(&whole);
                series_clear(&merged);
        }
}

static void test_between(void) {
        Series series = { 0 };

        for (uint32_t second = 10; second < 20; second++)
                series_add(&series, second, 2);
        g_assert_cmpuint(series_between(&series, 12, 15), ==, 6);
        g_assert_cmpuint(series_between(&series, 15, 12), ==, 0);
        g_assert_cmpuint(series_between(&series, -5, 11), ==, 2);
        series_clear(&series);
}

static void test_counts_do_not_wrap(void) {
        Series series = { 0 };

        series_add(&series, 7, UINT32_MAX);
        series_add(&series, 7, 5);
        g_assert_cmpuint(series_total(&series), ==, UINT32_MAX);
        series_clear(&series);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/series/width", test_width);
        g_test_add_func("/series/merge-law", test_merge_law);
        g_test_add_func("/series/between", test_between);
        g_test_add_func("/series/counts-do-not-wrap", test_counts_do_not_wrap);
        return g_test_run();
}
