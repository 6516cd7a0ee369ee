/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/pairs.h"

#include <glib.h>

static const struct {
        const char *text;
        const char *pairs; /* "key=value key=value" */
} CASES[] = {
        { "", "" },
        { "word", "" },
        { "tenant checkout", "tenant=checkout" },
        { "tenant=checkout", "tenant=checkout" },
        { "\"tenant\": \"checkout\"", "tenant=checkout" },
        { "connection to db:5432 refused.", "connection=to to=db:5432 db:5432=refused" },
        { "took: 30 ms", "took=30" }, /* a number is no key */
        { "a b", "" },                /* nor is a letter */
        { "caf\xc3\xa9 au lait", "caf\xc3\xa9=au au=lait" },
        { "id=7f-3a/x@y, user=", "id=7f-3a/x@y" },
        { "((((", "" },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                Pair pairs[PAIRS_MAX];
                g_autoptr(GString) found = g_string_new(NULL);
                unsigned n = pairs_of(str_from(CASES[i].text), pairs);

                for (unsigned j = 0; j < n; j++)
                        g_string_append_printf(found, "%s%.*s=%.*s", j > 0 ? " " : "", (int)pairs[j].key.len, pairs[j].key.ptr, (int)pairs[j].value.len,
                                               pairs[j].value.ptr);
                g_assert_cmpstr(found->str, ==, CASES[i].pairs);
        }
}

static void test_bound(void) {
        g_autoptr(GString) text = g_string_new(NULL);
        Pair pairs[PAIRS_MAX];

        for (unsigned i = 0; i < 3 * PAIRS_MAX; i++)
                g_string_append_printf(text, "key%u=value ", i);
        g_assert_cmpuint(pairs_of((Str){ text->str, text->len }, pairs), ==, PAIRS_MAX);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pairs/cases", test_cases);
        g_test_add_func("/pairs/bound", test_bound);
        return g_test_run();
}
