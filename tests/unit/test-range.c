/* SPDX-License-Identifier: Apache-2.0 */
#include "model/range.h"

#include <glib.h>

static void check_round(const char *text) {
        g_autofree char *again = NULL;
        Range range;

        g_assert_true(range_read(text, &range));
        again = range_write(&range);
        g_assert_cmpstr(again, ==, text);
}

static void test_rounds(void) {
        static const char *const TEXTS[] = {
                "0-", "0-4096", "4096-", "4096-8192,line=17", "4096-8192,line=17,time=1772366400000000,at=99:4000,found", "0-,found",
        };

        for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
                check_round(TEXTS[i]);
}

static void test_wrong(void) {
        static const char *const TEXTS[] = {
                "",
                "-",
                "x",
                "-5",
                "5",
                "5-x",
                "5-3",
                "5-9,",
                "5-9,line=0",
                "5-9,line=",
                "5-9,at=1",
                "5-9,at=1:6",
                "5-9,time=-1",
                "5-9,what=1",
                "99999999999999999999999-",
                "5-9 ,found",
                "0-18446744073709551615",
        };
        Range range;

        for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
                if (range_read(TEXTS[i], &range))
                        g_error("\"%s\" is taken for a range", TEXTS[i]);
}

static void test_whole(void) {
        Range range;

        g_assert_true(range_read("0-,found", &range));
        g_assert_true(range_is_whole(&range));
        g_assert_true(range.found);
        g_assert_true(range_read("0-5", &range));
        g_assert_false(range_is_whole(&range));
        g_assert_cmpuint(range.first_line, ==, 1);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/range/what is written is read", test_rounds);
        g_test_add_func("/range/what is none", test_wrong);
        g_test_add_func("/range/the whole", test_whole);
        return g_test_run();
}
