/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Newlines: against one look at each byte, with lines of every length and in texts of every length around a step.
 */

#include "base/newlines.h"

#include <glib.h>

/* None, many and few newlines in a hundred bytes. */
static const unsigned PERCENTS[] = { 0, 1, 5, 40, 100 };

static void check(const char *bytes, size_t n) {
        Newlines newlines = { 0 };
        Str text = { bytes, n };
        size_t found = 0;

        newlines_find(&newlines, text);
        g_assert_nonnull(newlines.at);
        for (size_t i = 0; i < n; i++) {
                if (bytes[i] != '\n')
                        continue;
                g_assert_cmpuint(found, <, newlines.n);
                g_assert_cmpuint(newlines.at[found++], ==, i);
        }
        g_assert_cmpuint(newlines.n, ==, found);
        g_assert_cmpuint(newlines_count(text), ==, found);
        newlines_clear(&newlines);
}

static void test_lengths(void) {
        for (size_t p = 0; p < G_N_ELEMENTS(PERCENTS); p++) {
                for (size_t n = 0; n < 300; n++) {
                        g_autofree char *bytes = g_malloc(n + 1);

                        for (size_t i = 0; i < n; i++)
                                bytes[i] = (unsigned)g_test_rand_int_range(0, 100) < PERCENTS[p] ? '\n' : (char)g_test_rand_int_range(11, 256);
                        check(bytes, n);
                }
        }
}

/* More than there is room for at first, and then fewer. */
static void test_reuse(void) {
        g_autofree char *bytes = g_malloc(100000);
        Newlines newlines = { 0 };

        memset(bytes, '\n', 100000);
        newlines_find(&newlines, (Str){ bytes, 100000 });
        g_assert_cmpuint(newlines.n, ==, 100000);
        g_assert_cmpuint(newlines.at[99999], ==, 99999);
        newlines_find(&newlines, STR("a\nb\nc"));
        g_assert_cmpuint(newlines.n, ==, 2);
        g_assert_cmpuint(newlines.at[1], ==, 3);
        newlines_clear(&newlines);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/newlines/lengths", test_lengths);
        g_test_add_func("/newlines/reuse", test_reuse);
        return g_test_run();
}
