/* SPDX-License-Identifier: Apache-2.0 */
#include "match/literals.h"

/*
 * Literals in the order of a sort, with blanks made visible by the bars between them; NULL: none
 * can be found.
 */
typedef struct Case {
        const char *regex;
        const char *literals;
} Case;

static const Case CASES[] = {
        /* plain text */
        { "too many clients", "too many clients" },
        { "FATAL: Sorry", "fatal: sorry" },
        { "abc", NULL },
        { "abcd", "abcd" },
        { "", NULL },
        { "caf\xc3\xa9 shut", "caf\xc3\xa9 shut" },
        { "a]b}c", "a]b}c" },
        /* anchors and assertions are empty */
        { "^abcd$", "abcd" },
        { "\\bpanic\\b: \\Aruntime\\z", "panic: runtime" },
        { "foo(?=bar)baz", "foobaz" },
        { "foo(?!bar)baz", "foobaz" },
        { "(?<=kernel)oops", "oops" },
        { "(?<!a)oops(?<!b)", "oops" },
        { "prefix\\Kmatch", "prefixmatch" },
        { "(?=abcd)", NULL },
        /* what is unknown breaks a literal */
        { "error .* timeout", " timeout" },
        { "connection.refused", "refused" },
        { "HTTP/1.1 502", "1 502" },
        { "status.crashed", "crashed" },
        { "pid \\d+ killed", " killed" },
        { "\\d+", NULL },
        { ".*", NULL },
        { "\\s+abcd\\S+efghi", "efghi" },
        { "\\p{L}abcd\\pLefghi\\P{Lu}", "efghi" },
        { "abcd\\Refghij\\Xk", "efghij" },
        { "a\\x00bcdef", "bcdef" },
        /* quantifiers */
        { "abcde?", "abcd" },
        { "abcde*", "abcd" },
        { "abcd+e", "abcd" },
        { "ab+cdef", "bcdef" },
        { "abc{2}d", "abccd" },
        { "abcd{0}", NULL },
        { "abcde{0}", "abcd" },
        { "(?:abc){2}", "abcabc" },
        { "(?:abc){2,}x", "abcabc" },
        { "(?:ab){20}", "abababababababab" },
        { "(?:abcd)?", NULL },
        { "(?:abcd)*efgh", "efgh" },
        { "(?:abcd)+?efgh", "abcdefgh" },
        { "colou?r is", "color is|colour is" },
        { "abcd*+efghi?+", "efgh" },
        { "a{bcd}", "a{bcd}" },
        { "abcd{,3}", NULL },
        { "abcd{ 3}", NULL },
        { "abcd(?#comment)?efgh", "abcdefgh|abcefgh" },
        { "abcd\\E+x", "abcd" },
        /* classes */
        { "[Cc]onnection", "connection" },
        { "gr[ae]y scale", "gray scale|grey scale" },
        { "abcd[0-9]efghi", "efghi" },
        { "abcd[^x]efghi", "efghi" },
        { "abcd[x-z]", "abcdx|abcdy|abcdz" },
        { "abcd[]x]", "abcd]|abcdx" },
        { "abcd[^]x]efghi", "efghi" },
        { "abcd[[:digit:]x]efghi", "efghi" },
        { "abcd[\\d-]efghi", "efghi" },
        { "abcd[a\\-]", "abcd-|abcda" },
        { "abcd[.]", "abcd." },
        { "abcd[\\b]", "abcd\b" },
        { "abcd[[:digit", NULL },
        { "abcd[\\Qa\\E]", NULL },
        { "abcd[x", NULL },
        /* alternatives */
        { "abcd|efgh", "abcd|efgh" },
        { "abcd|", NULL },
        { "abcd|efg", NULL },
        { "abcd|xabcdx", "abcd" },
        { "(?:dis|re)connected", "connected" },
        { "lost (?:a|b.*c|d) thing", "a thing|c thing|d thing" },
        { "(?:abcd.*|x.*efgh)z", "abcd|efgh" },
        /* groups */
        { "(one) (?:two) (?<a>three)", "one two three" },
        { "(?P<a>one)(?'b'two)(?>three)", "onetwothree" },
        { "(?|abcd|efgh)i", "abcdi|efghi" },
        { "(?i)ABCD", "abcd" },
        { "(?i)abc\xc3\xa9wxyz", "wxyz" },
        { "(?i:abc\xc3\xa9)\xc3\xa9wxyz", "\xc3\xa9wxyz" },
        { "(?-i)abcd(?ms)ef", "abcdef" },
        { "(?^)abcd", "abcd" },
        /* escapes */
        { "a\\.b\\(c\\)", "a.b(c)" },
        { "\\Qa.b*c\\Ed", "a.b*cd" },
        { "\\Qabcde\\E?", "abcd" },
        { "abcde\\Q\\E?", "abcd" },
        { "\\Qabcd", "abcd" },
        { "ab\\x41\\x{42}c", "ababc" },
        { "ab\\tc\\ne", "ab\tc\ne" },
        /* given up */
        { "(?x) abcd # no", NULL },
        { "(?xx:abcd)", NULL },
        { "(?<a>x\\d+)(?P=a)efgh", "efgh" },
        { "(abcd)\\1", NULL },
        { "(?<a>abcd)\\k<a>", NULL },
        { "abcd\\g{1}", NULL },
        { "abcd(?R)?", NULL },
        { "(abcd)(?1)", NULL },
        { "(?(1)abcd|efgh)", NULL },
        { "(?(DEFINE)(abcd))efgh", NULL },
        { "abcd(?C1)efgh", NULL },
        { "(*ACCEPT)abcd", NULL },
        { "(*UTF)abcd", NULL },
        { "abcd\\o{101}", NULL },
        { "abcd\\101", NULL },
        { "abcd\\cA", NULL },
        { "abcd\\N{U+41}", NULL },
        { "abcd\\x{100}", NULL },
        { "abcd\\", NULL },
        { "abcd)", NULL },
        { "(abcd", NULL },
        { "*abcd", NULL },
        { "(?<a", NULL },
        { "(?#abcd", NULL },
        { "((((((((((((((((((((abcd))))))))))))))))))))", NULL },
};

static int text_compare(const void *a, const void *b) {
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void test_case(const void *data) {
        const Case *expected = data;
        g_autoptr(GPtrArray) literals = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *found = NULL;

        g_test_message("%s", expected->regex);
        if (literals_of_regex(expected->regex, literals)) {
                g_ptr_array_sort(literals, text_compare);
                g_ptr_array_add(literals, NULL);
                found = g_strjoinv("|", (char **)literals->pdata);
        }
        g_assert_cmpstr(found, ==, expected->literals);
}

static char *alternatives(unsigned n, const char *format) {
        GString *regex = g_string_new(NULL);

        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(regex, format, i ? "|" : "", i);
        return g_string_free(regex, FALSE);
}

static void test_most_literals(void) {
        g_autofree char *fits = alternatives(LITERAL_SETS_MAX, "%sfailure%02u");
        g_autofree char *too_many = alternatives(LITERAL_SETS_MAX + 1, "%sfailure%02u");
        g_autoptr(GPtrArray) literals = g_ptr_array_new_with_free_func(g_free);

        g_assert_true(literals_of_regex(fits, literals));
        g_assert_cmpuint(literals->len, ==, LITERAL_SETS_MAX);
        g_assert_false(literals_of_regex(too_many, literals));
}

/* A product that is too large is cut, not multiplied out. */
static void test_large_product(void) {
        g_autoptr(GPtrArray) literals = g_ptr_array_new_with_free_func(g_free);

        g_assert_true(literals_of_regex("start[ab][cd][ef][gh][ij][kl][mn][op][qr][st]", literals));
        g_assert_cmpuint(literals->len, <=, LITERAL_SETS_MAX);
        g_assert_true(g_str_has_prefix(literals->pdata[0], "start"));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *path = g_strdup_printf("/literals/regex/%zu", i);
                g_test_add_data_func(path, &CASES[i], test_case);
        }
        g_test_add_func("/literals/most", test_most_literals);
        g_test_add_func("/literals/product", test_large_product);
        return g_test_run();
}
