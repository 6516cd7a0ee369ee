/* SPDX-License-Identifier: Apache-2.0 */
#include "model/extent.h"

#include <glib.h>

static void add(Extents *extents, uint64_t from, uint64_t to, bool last) {
        extents_add(extents, (Extent){ from, to, last });
}

static bool overlaps(const Extents *extents, uint64_t from, uint64_t to) {
        Extent extent = { from, to, false };

        return extents_overlap(extents, &(Extents){ &extent, 1 });
}

/* Ten parts in each of many orders become one. */
static void test_joins(void) {
        for (guint32 seed = 0; seed < 50; seed++) {
                g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
                Extents extents = { 0 };
                uint64_t order[10];

                for (unsigned i = 0; i < 10; i++)
                        order[i] = i;
                for (unsigned i = 9; i > 0; i--) {
                        unsigned j = (unsigned)g_rand_int_range(rand, 0, (gint32)i + 1);
                        uint64_t swapped = order[i];
                        order[i] = order[j];
                        order[j] = swapped;
                }
                for (unsigned i = 0; i < 10; i++)
                        add(&extents, order[i] * 7, order[i] * 7 + 7, order[i] == 9);
                g_assert_cmpuint(extents.n, ==, 1);
                g_assert_cmpuint(extents.items[0].to, ==, 70);
                g_assert_true(extents.items[0].last);
                g_assert_null(extents_missing(&extents));
                extents_clear(&extents);
        }
}

static void test_overlaps(void) {
        Extents extents = { 0 }, nothing = { 0 };

        add(&extents, 10, 20, false);
        add(&extents, 30, 40, false);
        g_assert_false(overlaps(&extents, 0, 10));
        g_assert_false(overlaps(&extents, 20, 30));
        g_assert_false(overlaps(&extents, 40, 50));
        g_assert_true(overlaps(&extents, 5, 11));
        g_assert_true(overlaps(&extents, 19, 30));
        g_assert_true(overlaps(&extents, 0, 50));
        g_assert_true(overlaps(&extents, 31, 32));
        g_assert_true(extents_overlap(&extents, &nothing));
        extents_clear(&extents);
}

static void test_an_empty_source_is_there_once(void) {
        Extents extents = { 0 };

        add(&extents, 0, 0, true);
        g_assert_null(extents_missing(&extents));
        g_assert_true(overlaps(&extents, 0, 0));
        extents_clear(&extents);
}

static void test_missing(void) {
        Extents extents = { 0 };
        g_autofree char *text = NULL;

        g_assert_null(extents_missing(&extents));
        add(&extents, 10, 20, false);
        add(&extents, 30, 40, false);
        text = extents_missing(&extents);
        g_assert_cmpstr(text, ==, "bytes 0 to 10, bytes 20 to 30, all from byte 40 on");
        extents_clear(&extents);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/extent/parts in any order become one", test_joins);
        g_test_add_func("/extent/what was read is known", test_overlaps);
        g_test_add_func("/extent/an empty source is there once", test_an_empty_source_is_there_once);
        g_test_add_func("/extent/what is missing is said", test_missing);
        return g_test_run();
}
