/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clean.h"

#include <string.h>

#define REPLACED "\xef\xbf\xbd"

typedef struct Case {
        const char *given, *expected;
} Case;

static void check(const Case *cases, size_t n, char *(*clean)(const char *text)) {
        for (size_t i = 0; i < n; i++) {
                g_autofree char *got = clean(cases[i].given);
                g_assert_cmpstr(got, ==, cases[i].expected);
                g_assert_true(g_utf8_validate(got, -1, NULL));
        }
}

#define CHECK(cases, clean) check(cases, G_N_ELEMENTS(cases), clean)

static void test_json(void) {
        static const Case CASES[] = {
                { "{\"a\":\"b\"}", "{\"a\":\"b\"}" },
                { "\"\xc2\x9b"
                  "2J\x7f\"",
                  "\"\\u009b2J\\u007f\"" },
                { "\"\xe2\x80\xaetxt.\xc3\xa9\xf0\x9f\x98\x80\"", "\"\\u202etxt.\xc3\xa9\xf0\x9f\x98\x80\"" },
        };

        CHECK(CASES, clean_json);
}

static void test_line(void) {
        static const Case CASES[] = {
                { "", "" },
                { "plain words", "plain words" },
                { "tab\there\r\nnew", "tab here  new" },
                /* ECMA-48: colours, cursor, titles, links, device control */
                { "\033[31mred\033[0m", "red" },
                { "a\033[2J\033[1;1Hb", "ab" },
                { "\033]0;title\aafter", "after" },
                { "\033]8;;http://evil.example\033\\link\033]8;;\033\\", "link" },
                { "\033P1$qm\033\\after \033_apc\033\\ \033^pm\033\\", "after  " },
                { "\033(0x", "0x" },
                /* Cut off in the middle: nothing is left, and nothing behind the end is read. */
                { "a\033", "a" },
                { "a\033[", "a" },
                { "a\033[31", "a" },
                { "a\033]0;title", "a" },
                { "a\033\xc3\xa9", "a\xc3\xa9" },
                /* C0, DEL and C1 controls; CSI as one character */
                { "bell\a back\b del\x7f", "bell" REPLACED " back" REPLACED " del" REPLACED },
                { "csi\xc2\x9b"
                  "31m",
                  "csi" REPLACED "31m" },
                /* bad UTF-8 */
                { "\xff\xfe", REPLACED REPLACED },
                { "\xc0\xaf", REPLACED REPLACED },
                { "\xed\xa0\x80", REPLACED REPLACED REPLACED },
                /* marks that turn the direction, or are not seen */
                { "\xe2\x80\xae"
                  "abc",
                  REPLACED "abc" },
                { "\xe2\x81\xa6x\xe2\x81\xa9", REPLACED "x" REPLACED },
                { "\xe2\x80\xa8line", REPLACED "line" },
                { "a\xe2\x80\x8b"
                  "b\xef\xbb\xbf",
                  "a" REPLACED "b" REPLACED },
                /* A joiner stays within an emoji or a word of another script, and nowhere else. */
                { "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9" },
                { "a\xe2\x80\x8d"
                  "b",
                  "a" REPLACED "b" },
                { "\xf0\x9f\x91\xa8\xe2\x80\x8d", "\xf0\x9f\x91\xa8" REPLACED },
                { "\xe2\x80\x8d\xe2\x80\x8d", REPLACED REPLACED },
                /* Four marks on a letter are orthography; the fifth grows into the line above. */
                { "z\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85y", "z\xcc\x80\xcc\x81\xcc\x82\xcc\x83y" },
        };

        CHECK(CASES, clean_line);
}

static void test_utf8(void) {
        static const Case CASES[] = {
                { "tab\tnew\n\033[0m", "tab\tnew\n\033[0m" }, /* which JSON escapes */
                { "\xff", REPLACED },
                { "\xe2\x80\xae\xc2\x9b\x7f", REPLACED REPLACED REPLACED },
        };

        CHECK(CASES, clean_utf8);
}

static void test_markdown(void) {
        static const Case CASES[] = {
                { "plain words, 3.5 s (max) - fine!", "plain words, 3.5 s (max) - fine!" },
                { "max_connections", "max_connections" },
                { "_it_ *b* ~~no~~ `x` $y$", "\\_it\\_ \\*b\\* \\~\\~no\\~\\~ \\`x\\` \\$y\\$" },
                { "<script>&lt;", "&lt;script&gt;&amp;lt;" },
                { "[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))" },
                { "![x](http://evil.example)", "!\\[x\\](http&#58;//evil.example)" },
                { "www.evil.example WWW.x", "www&#46;evil.example WWW&#46;x" },
                { "@everyone a@b", "&#64;everyone a&#64;b" },
                { "a | b", "a \\| b" },
                { "# heading", "\\# heading" },
                { "- item", "\\- item" },
                { "+ item", "\\+ item" },
                { "1. one", "1&#46; one" },
                { "1) one", "1\\) one" },
                { "=====", "\\=====" },
                { "> quote", "&gt; quote" },
                { "    code", "code" },
                { "back\\slash", "back\\\\slash" },
                { "two\nlines", "two lines" },
        };

        CHECK(CASES, clean_markdown);
}

static void test_code(void) {
        static const Case CASES[] = {
                { "plain", "`plain`" },     { "", "(empty)" },
                { " \t", "(empty)" },       { "a`b", "``a`b``" },
                { "`a`", "`` `a` ``" },     { "a```b``", "```` a```b`` ````" },
                { "<b>|*\\", "`<b>|*\\`" }, { "two\nlines", "`two lines`" },
        };

        CHECK(CASES, clean_code);
}

static void test_html(void) {
        static const Case CASES[] = {
                { "<b class=\"x\" id='y'>&amp;</b>", "&lt;b class=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;" },
                { "</script>", "&lt;/script&gt;" },
                { "a\nb\033[1m", "a b" },
        };

        CHECK(CASES, clean_html);
}

static void test_ascii(void) {
        static const Case CASES[] = {
                { "plain", "plain" }, { "cut off…", "cut off~" }, { "▁▂▃▄▅▆▇█", "_.:-=+*#" }, { "caf\xc3\xa9", "caf?" }, { "\xe4\xb8\x96", "??" }, /* wide */
                { "e\xcc\x81", "e" }, /* a mark takes no column */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *got = clean_ascii(CASES[i].given);
                g_assert_cmpstr(got, ==, CASES[i].expected);
                g_assert_cmpuint(clean_width(got), ==, clean_width(CASES[i].given));
        }
}

static void test_width(void) {
        static const struct {
                const char *text;
                size_t width;
        } CASES[] = {
                { "", 0 },
                { "abc", 3 },
                { "caf\xc3\xa9", 4 },
                { "cafe\xcc\x81", 4 },
                { "\xe4\xb8\x96\xe7\x95\x8c", 4 },
                { "\xf0\x9f\x98\x80", 2 },
                { "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", 4 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
                g_assert_cmpuint(clean_width(CASES[i].text), ==, CASES[i].width);
}

static void test_fit(void) {
        static const struct {
                const char *text;
                size_t columns;
                const char *expected;
        } CASES[] = {
                { "abcdef", 6, "abcdef" },
                { "abcdef", 5, "abcd…" },
                { "abcdef", 1, "…" },
                { "", 0, "" },
                /* A wide character that does not fit whole is left out. */
                { "\xe4\xb8\x96\xe7\x95\x8c\xe4\xb8\x96", 5, "\xe4\xb8\x96\xe7\x95\x8c…" },
                { "\xe4\xb8\x96\xe7\x95\x8c\xe4\xb8\x96", 4, "\xe4\xb8\x96…" },
                /* Marks stay on their letter. */
                { "e\xcc\x81"
                  "e\xcc\x81"
                  "e\xcc\x81",
                  3,
                  "e\xcc\x81"
                  "e\xcc\x81"
                  "e\xcc\x81" },
                { "e\xcc\x81"
                  "e\xcc\x81"
                  "e\xcc\x81",
                  2, "e\xcc\x81…" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *got = clean_fit(CASES[i].text, CASES[i].columns);
                g_assert_cmpstr(got, ==, CASES[i].expected);
                g_assert_cmpuint(clean_width(got), <=, CASES[i].columns);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/clean/json", test_json);
        g_test_add_func("/clean/line", test_line);
        g_test_add_func("/clean/utf8", test_utf8);
        g_test_add_func("/clean/markdown", test_markdown);
        g_test_add_func("/clean/code", test_code);
        g_test_add_func("/clean/html", test_html);
        g_test_add_func("/clean/ascii", test_ascii);
        g_test_add_func("/clean/width", test_width);
        g_test_add_func("/clean/fit", test_fit);
        return g_test_run();
}
