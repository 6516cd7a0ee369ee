/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include <glib.h>

static const struct {
        const char *text, *needle;
        size_t from, at, at_nocase; /* SIZE_MAX: not found */
} FINDS[] = {
        { "", "", 0, 0, 0 },
        { "", "a", 0, SIZE_MAX, SIZE_MAX },
        { "abc", "", 3, 3, 3 },
        { "abc", "", 4, SIZE_MAX, SIZE_MAX },
        { "abcabc", "bc", 0, 1, 1 },
        { "abcabc", "bc", 2, 4, 4 },
        { "abcabc", "bc", 5, SIZE_MAX, SIZE_MAX },
        { "abc", "abcd", 0, SIZE_MAX, SIZE_MAX },
        { "no Space Left", "space left", 0, SIZE_MAX, 3 },
        { "aaab", "aab", 0, 1, 1 },
        { "\xc3\x84X", "x", 0, SIZE_MAX, 2 },
        { "@[`{", "`", 0, 2, 2 }, /* no letters, though 32 apart from letters */
};

static void test_find(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(FINDS); i++) {
                Str text = str_from(FINDS[i].text), needle = str_from(FINDS[i].needle);

                g_test_message("\"%s\" in \"%s\"", FINDS[i].needle, FINDS[i].text);
                g_assert_cmpuint(str_find(text, needle, FINDS[i].from), ==, FINDS[i].at);
                g_assert_cmpuint(str_find_nocase(text, needle, FINDS[i].from), ==, FINDS[i].at_nocase);
        }
}

static void test_find_begin(void) {
        g_assert_cmpuint(str_find_begin_nocase(STR("JetStream, stream"), STR("stream"), 0), ==, 11);
        g_assert_cmpuint(str_find_begin_nocase(STR("JetStream"), STR("stream"), 0), ==, SIZE_MAX);
        g_assert_cmpuint(str_find_begin_nocase(STR("max_Connections"), STR("connection"), 0), ==, 4);
        g_assert_cmpuint(str_find_begin_nocase(STR("try, try"), STR("try"), 1), ==, 5);
        g_assert_cmpuint(str_find_begin_nocase(STR("retry"), STR("try"), 2), ==, SIZE_MAX);
        g_assert_cmpuint(str_find_begin_nocase(STR(""), STR("try"), 0), ==, SIZE_MAX);
}

static size_t find_slowly(Str text, Str needle, size_t from) {
        for (size_t at = from; at + needle.len <= text.len; at++)
                if (memcmp(text.ptr + at, needle.ptr, needle.len) == 0)
                        return at;
        return SIZE_MAX;
}

/* Texts of all lengths about those that are searched in steps; exactly as long as the memory that they are in. */
static void test_find_everywhere(void) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(5);

        for (unsigned round = 0; round < 20000; round++) {
                Str text = { NULL, (size_t)g_rand_int_range(rand, 1, 70) }, needle = { NULL, (size_t)g_rand_int_range(rand, 1, 6) };
                size_t from = (size_t)g_rand_int_range(rand, 0, (gint32)text.len + 1);
                g_autofree char *bytes = g_malloc(text.len), *wanted = g_malloc(needle.len);

                for (size_t i = 0; i < text.len; i++)
                        bytes[i] = (char)('a' + g_rand_int_range(rand, 0, 3));
                for (size_t i = 0; i < needle.len; i++)
                        wanted[i] = (char)('a' + g_rand_int_range(rand, 0, 3));
                text.ptr = bytes;
                needle.ptr = wanted;
                g_assert_cmpuint(str_find(text, needle, from), ==, find_slowly(text, needle, from));
        }
}

static const struct {
        const char *a, *b;
        int order;
        bool equal_nocase, starts, starts_nocase;
} PAIRS[] = {
        { "", "", 0, true, true, true },           { "a", "", 1, false, true, true },       { "", "a", -1, false, false, false },
        { "abc", "abd", -1, false, false, false }, { "abc", "ab", 1, false, true, true },   { "Abc", "aB", -1, false, false, true },
        { "ABC", "abc", -1, true, false, true },   { "\xff", "a", 1, false, false, false },
};

static void test_compare(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(PAIRS); i++) {
                Str a = str_from(PAIRS[i].a), b = str_from(PAIRS[i].b);
                int order = str_compare(a, b);

                g_test_message("\"%s\", \"%s\"", PAIRS[i].a, PAIRS[i].b);
                g_assert_cmpint((order > 0) - (order < 0), ==, PAIRS[i].order);
                g_assert_cmpint(str_equal(a, b), ==, PAIRS[i].order == 0);
                g_assert_cmpint(str_equal_nocase(a, b), ==, PAIRS[i].equal_nocase);
                g_assert_cmpint(str_starts(a, b), ==, PAIRS[i].starts);
                g_assert_cmpint(str_starts_nocase(a, b), ==, PAIRS[i].starts_nocase);
        }
}

static void test_slice_and_trim(void) {
        Str text = STR(" \t word \r\n");

        g_assert_true(str_equal(str_trim(text), STR("word")));
        g_assert_cmpuint(str_trim(STR(" \t\r\n")).len, ==, 0);
        g_assert_true(str_equal(str_slice(text, 3, 7), STR("word")));
        g_assert_cmpuint(str_slice(text, 5, 3).len, ==, 0);
        g_assert_cmpuint(str_slice(text, 100, 200).len, ==, 0);
        g_assert_true(str_slice(text, 100, 200).ptr == text.ptr + text.len);
}

static void test_ends(void) {
        g_assert_true(str_ends(STR("CRON[7]:"), STR("]:")));
        g_assert_true(str_ends(STR("ab"), STR("ab")));
        g_assert_false(str_ends(STR("b"), STR("ab")));
        g_assert_false(str_ends(STR("readING"), STR("ing")));
        g_assert_true(str_ends_nocase(STR("readING"), STR("ing")));
        g_assert_false(str_ends_nocase(STR("ng"), STR("ing")));
}

static void test_dup(void) {
        g_autofree char *copy = str_dup((Str){ "a\0b!", 3 });

        g_assert_cmpmem(copy, 4, "a\0b", 4);
}

/* The quoted text is marked by < and >, which stand for quotes. A text may begin within an object. */
static const struct {
        const char *text;
        bool is_key;
} KEYS[] = {
        { "{<key>:1}", true },  { "{ <key>: 1}", true }, { "{\"a\":1,<key>:2}", true }, { "{\"a\":<key>:1}", false },
        { "[<key>,1]", false }, { "<key>:1", true },     { "{<key>", false },
};

static void test_is_key(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++) {
                g_autofree char *text = g_strdelimit(g_strdup(KEYS[i].text), "<>", '"');
                size_t open = strcspn(KEYS[i].text, "<"), close = strcspn(KEYS[i].text, ">");

                g_test_message("%s", KEYS[i].text);
                g_assert_cmpint(str_is_key(str_from(text), open, close), ==, KEYS[i].is_key);
        }
}

static void test_lists(void) {
        static const char *const WORDS[] = { "rev", "build", NULL }, *const NONE[] = { NULL };

        g_assert_true(str_is_one_of(STR("Build"), WORDS));
        g_assert_false(str_is_one_of(STR("builds"), WORDS));
        g_assert_false(str_is_one_of(STR(""), WORDS));
        g_assert_false(str_is_one_of(STR("rev"), NONE));
        g_assert_true(str_has_one_of(STR("a REVision"), WORDS));
        g_assert_false(str_has_one_of(STR("re"), WORDS));
        g_assert_false(str_has_one_of(STR("rev"), NONE));
}

static void test_number(void) {
        g_assert_true(str_is_number(STR("0318")));
        g_assert_false(str_is_number(STR("3.1")));
        g_assert_false(str_is_number(STR("r318")));
        g_assert_false(str_is_number(STR("")));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/str/find-begin", test_find_begin);
        g_test_add_func("/str/find", test_find);
        g_test_add_func("/str/find-everywhere", test_find_everywhere);
        g_test_add_func("/str/compare", test_compare);
        g_test_add_func("/str/slice-and-trim", test_slice_and_trim);
        g_test_add_func("/str/ends", test_ends);
        g_test_add_func("/str/dup", test_dup);
        g_test_add_func("/str/is-key", test_is_key);
        g_test_add_func("/str/lists", test_lists);
        g_test_add_func("/str/number", test_number);
        return g_test_run();
}
