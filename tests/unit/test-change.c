/* SPDX-License-Identifier: Apache-2.0 */
#include "base/change.h"

#include <glib.h>

static const struct {
        uint64_t before, now;
        double level;
        unsigned n_tests;
        ChangeKind kind;
} CASES[] = {
        { 0, 0, 1, 1, CHANGE_NONE },
        { 0, 1, 1, 1, CHANGE_NONE }, /* one event is chance */
        { 0, 30, 1, 1, CHANGE_NEW },
        { 30, 0, 1, 1, CHANGE_GONE },
        { 10, 60, 1, 1, CHANGE_RISEN },
        { 60, 10, 1, 1, CHANGE_FALLEN },
        { 100, 200, 2, 1, CHANGE_NONE }, /* as much more as everything */
        { 100, 200, 4, 1, CHANGE_FALLEN },
        { 100000, 110000, 1, 1, CHANGE_NONE }, /* certain, and too small to tell */
        { 5, 15, 1, 1, CHANGE_NONE },
        { 10, 28, 1, 1, CHANGE_RISEN },
        { 10, 28, 1, 1000, CHANGE_NONE }, /* among so many tests, chance */
        { UINT32_MAX, UINT32_MAX, 1, 1, CHANGE_NONE },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                CountChange change = change_of(CASES[i].before, CASES[i].now, CASES[i].level, CASES[i].n_tests);

                g_test_message("%zu: %s, chance %g, factor %g", i, change_name(change.kind), change.chance, change.factor);
                g_assert_cmpint(change.kind, ==, CASES[i].kind);
                g_assert_cmpfloat(change.chance, >=, 0);
                g_assert_cmpfloat(change.chance, <=, 1);
        }
}

static void test_words(void) {
        g_autofree char *words = change_words(CHANGE_NEW, 0, 7200, 418, 360), *bare = change_words(CHANGE_GONE, 7, -1, 0, -1);

        g_assert_cmpstr(words, ==, "new: 0 in 2.0 h before, 418 in 6 min");
        g_assert_cmpstr(bare, ==, "gone: 7 before, 0");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/change/cases", test_cases);
        g_test_add_func("/change/words", test_words);
        return g_test_run();
}
