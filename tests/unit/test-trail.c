/* SPDX-License-Identifier: Apache-2.0 */
#include "model/trail.h"

#include "scratch.h"

/* Event @i of a source stands at offset 10 * i. */
static void add(Trail *trail, uint32_t i, uint32_t second) {
        trail_add(trail, (Step){ second, 1, 10 * (uint64_t)i, i + 1, second * INT64_C(1000000), LEVEL_INFO, g_strdup_printf("line %u", i + 1) });
}

static void assert_same(const Trail *a, const Trail *b) {
        g_assert_cmpuint(a->shift, ==, b->shift);
        g_assert_cmpuint(a->n, ==, b->n);
        for (uint32_t i = 0; i < a->n; i++) {
                const Step *one = &a->steps[i], *two = &b->steps[i];
                g_assert_cmpuint(one->start, ==, two->start);
                g_assert_cmpuint(one->count, ==, two->count);
                g_assert_cmpuint(one->offset, ==, two->offset);
                g_assert_cmpint(one->time_us, ==, two->time_us);
                g_assert_cmpstr(one->text, ==, two->text);
        }
}

/* Of each step the event that stands last in the source, whatever its time. */
static void test_last_line(void) {
        Trail trail = { 0 };

        add(&trail, 1, 100);
        add(&trail, 3, 100);
        add(&trail, 2, 100);
        add(&trail, 0, 90);
        g_assert_cmpuint(trail.n, ==, 2);
        g_assert_cmpuint(trail.steps[0].start, ==, 90);
        g_assert_cmpuint(trail.steps[1].count, ==, 3);
        g_assert_cmpstr(trail.steps[1].text, ==, "line 4");
        g_assert_cmpuint(trail.steps[1].line, ==, 4);
        trail_clear(&trail);
}

static void test_bound(void) {
        Trail trail = { 0 };
        uint32_t n = 0;

        for (uint32_t i = 0; i < 10 * TRAIL_STEPS_MAX; i++) {
                add(&trail, i, 1700000000 + 3 * i);
                g_assert_cmpuint(trail.n, <=, TRAIL_STEPS_MAX);
        }
        for (uint32_t i = 0; i < trail.n; i++) {
                g_assert_cmpuint(trail.steps[i].start % trail_width(&trail), ==, 0);
                n += trail.steps[i].count;
        }
        g_assert_cmpuint(n, ==, 10 * TRAIL_STEPS_MAX);
        g_assert_cmpstr(trail.steps[trail.n - 1].text, ==, "line 640");
        trail_clear(&trail);
}

static void test_merge_law(void) {
        for (uint32_t seed = 1; seed <= 40; seed++) {
                uint32_t random = seed, spread = 1 + scratch_random(&random, 5000), n = 1 + scratch_random(&random, 400);
                Trail whole = { 0 }, parts[3] = { 0 }, merged = { 0 };

                for (uint32_t i = 0; i < n; i++) {
                        uint32_t second = 1700000000 + scratch_random(&random, spread);
                        add(&whole, i, second);
                        add(&parts[scratch_random(&random, 3)], i, second);
                }
                for (unsigned i = 0, at = scratch_random(&random, 3); i < 3; i++)
                        trail_merge(&merged, &parts[(at + i) % 3]);
                assert_same(&whole, &merged);
                for (unsigned i = 0; i < 3; i++)
                        trail_clear(&parts[i]);
                trail_clear(&whole);
                trail_clear(&merged);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/trail/last-line", test_last_line);
        g_test_add_func("/trail/bound", test_bound);
        g_test_add_func("/trail/merge-law", test_merge_law);
        return g_test_run();
}
