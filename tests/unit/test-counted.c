/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/counted.h"

#include <glib.h>

/* All that a line counts, as "name=number" with a blank between. */
static const struct {
        const char *line, *counts;
} LINES[] = {
        { "statement C53-049.xml (camt.053.001.08) booked: 48 entries, 0 matched, 48 left for review", "entries=48 matched=0 left=48" },
        { "0 rows exported", "rows=0" },
        { "run 348: 22 invoices past due", "invoices=22" },
        { "sent 0 of 48 reminders", "reminders=0" },
        { "10 of 12", "" },
        { "done after 12 seconds, 64 MB, 3 s, 99 percent", "" },
        { "took 5ms, 3.4 orders, v2 ready, 10:15 start, port=5432 open, id-7 gone", "" },
        { "3 retries=7, 4 x2", "" },
        { "12", "" },
        { "12 ", "" },
        { "", "" },
};

static void test_lines(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                g_autoptr(GString) found = g_string_new(NULL);
                Counted next;

                for (size_t at = 0; counted_next(str_from(LINES[i].line), &at, &next);)
                        g_string_append_printf(found, "%s%.*s=%.*s", found->len ? " " : "", (int)next.name.len, next.name.ptr, (int)next.value.len,
                                               next.value.ptr);
                g_assert_cmpstr(found->str, ==, LINES[i].counts);
        }
}

static void test_get(void) {
        Str text = str_from("booked: 48 entries, 0 Matched");

        g_assert_true(str_equal(counted_get(text, STR("matched")), STR("0")));
        g_assert_cmpuint(counted_get(text, STR("left")).len, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/counted/lines", test_lines);
        g_test_add_func("/counted/get", test_get);
        return g_test_run();
}
