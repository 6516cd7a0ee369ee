/* SPDX-License-Identifier: Apache-2.0 */
#include "model/sightings.h"

#include "model/event.h"
#include "scratch.h"

/* Names of sources in reverse: 2 comes before 0. */
static int by_name(uint32_t a, uint32_t b, const void *data) {
        (void)data;
        return (a < b) - (a > b);
}

static void add(Sightings *sightings, int64_t time_us, uint32_t source, uint64_t offset) {
        sightings_add(sightings, (Sighting){ time_us, offset, offset + 1, source }, by_name, NULL);
}

static void test_order(void) {
        static const Sighting ORDER[] = { { TIME_NONE, 5, 6, 1 }, { TIME_NONE, 0, 1, 0 }, { 7, 9, 10, 2 }, { 7, 1, 2, 0 }, { 8, 0, 1, 0 } };
        static const unsigned ADDED[] = { 3, 1, 4, 0, 2 };
        Sightings sightings = { 0 };

        for (size_t i = 0; i < G_N_ELEMENTS(ADDED); i++)
                add(&sightings, ORDER[ADDED[i]].time_us, ORDER[ADDED[i]].source, ORDER[ADDED[i]].offset);
        sightings_settle(&sightings, by_name, NULL);
        g_assert_cmpuint(sightings.n, ==, G_N_ELEMENTS(ORDER));
        for (size_t i = 0; i < G_N_ELEMENTS(ORDER); i++) {
                g_assert_cmpint(sightings.items[i].time_us, ==, ORDER[i].time_us);
                g_assert_cmpuint(sightings.items[i].source, ==, ORDER[i].source);
                g_assert_cmpuint(sightings.items[i].offset, ==, ORDER[i].offset);
        }
        sightings_clear(&sightings);
}

static void test_of_a_second(void) {
        Sightings sightings = { 0 };

        for (unsigned i = 0; i < 100; i++)
                add(&sightings, 5000000 + 7 * (100 - i), 0, i);
        sightings_settle(&sightings, by_name, NULL);
        g_assert_cmpuint(sightings.n, ==, SIGHTINGS_PER_SECOND);
        g_assert_cmpuint(sightings.left_out, ==, 100 - SIGHTINGS_PER_SECOND);
        g_assert_cmpint(sightings.items[0].time_us, ==, 5000007);
        sightings_clear(&sightings);
}

static void test_bound(void) {
        uint32_t n = 3 * SIGHTINGS_MAX;
        Sightings sightings = { 0 };

        for (uint32_t i = 0; i < n; i++)
                add(&sightings, (int64_t)(n - i) * 1000000, 0, i);
        g_assert_cmpuint(sightings.capacity, <=, 2 * SIGHTINGS_MAX);
        sightings_settle(&sightings, by_name, NULL);
        g_assert_cmpuint(sightings.n, ==, SIGHTINGS_MAX);
        g_assert_cmpuint(sightings.left_out, ==, n - SIGHTINGS_MAX);
        g_assert_cmpint(sightings.items[0].time_us, ==, 1000000);
        sightings_clear(&sightings);
}

static void assert_same(const Sightings *a, const Sightings *b) {
        g_assert_cmpuint(a->left_out, ==, b->left_out);
        g_assert_cmpuint(a->n, ==, b->n);
        for (uint32_t i = 0; i < a->n; i++) {
                g_assert_cmpint(a->items[i].time_us, ==, b->items[i].time_us);
                g_assert_cmpuint(a->items[i].offset, ==, b->items[i].offset);
                g_assert_cmpuint(a->items[i].source, ==, b->items[i].source);
        }
}

/* Few seconds with many, so that the bound of a second lets go; parts settled at odd times. */
static void test_merge_law(void) {
        for (uint32_t seed = 1; seed <= 30; seed++) {
                uint32_t random = seed, spread = 1 + scratch_random(&random, 40), n = 1 + scratch_random(&random, 500);
                Sightings whole = { 0 }, parts[3] = { 0 }, merged = { 0 };

                for (uint32_t i = 0; i < n; i++) {
                        int64_t time_us = scratch_random(&random, 9) == 0 ? TIME_NONE : scratch_random(&random, spread * 1000000);
                        uint32_t source = scratch_random(&random, 3), part = scratch_random(&random, 3);
                        add(&whole, time_us, source, i);
                        add(&parts[part], time_us, source, i);
                        if (scratch_random(&random, 100) == 0)
                                sightings_settle(&parts[part], by_name, NULL);
                }
                for (unsigned i = 0, at = scratch_random(&random, 3); i < 3; i++)
                        sightings_merge(&merged, &parts[(at + i) % 3], by_name, NULL);
                sightings_settle(&whole, by_name, NULL);
                sightings_settle(&merged, by_name, NULL);
                assert_same(&whole, &merged);
                for (unsigned i = 0; i < 3; i++)
                        sightings_clear(&parts[i]);
                sightings_clear(&whole);
                sightings_clear(&merged);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/sightings/order", test_order);
        g_test_add_func("/sightings/of-a-second", test_of_a_second);
        g_test_add_func("/sightings/bound", test_bound);
        g_test_add_func("/sightings/merge-law", test_merge_law);
        return g_test_run();
}
