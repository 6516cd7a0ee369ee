/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clean.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing that drives a terminal or turns the direction of writing. */
static void check_line(const char *line) {
        g_assert(g_utf8_validate(line, -1, NULL));
        for (const char *at = line; *at; at = g_utf8_next_char(at)) {
                gunichar c = g_utf8_get_char(at);
                g_assert(!g_unichar_iscntrl(c));
                g_assert(!(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0x200e && c != 0x200f && c != 0x61c);
        }
}

/* No reference to what is around: every `<` is gone, and every `&` begins a reference. */
static void check_html(const char *html) {
        check_line(html);
        g_assert(!strpbrk(html, "<>\"'"));
        for (const char *at = html; (at = strchr(at, '&')); at++)
                g_assert(strcspn(at, ";") <= strlen("&quot"));
}

/* The fence is longer than any run of backticks within. */
static void check_code(const char *code) {
        size_t fence = strspn(code, "`"), length = strlen(code);

        check_line(code);
        if (fence == 0)
                return;
        g_assert(length > 2 * fence);
        for (const char *at = code + fence; at < code + length - fence; at++) {
                size_t run = strspn(at, "`");
                g_assert(run != fence || at + run == code + length);
                at += run > 0 ? run - 1 : 0;
        }
}

static void check_fit(const char *line, size_t columns) {
        g_autofree char *fit = clean_fit(line, columns);

        check_line(fit);
        g_assert(clean_width(fit) <= MAX(columns, 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autofree char *text = g_strndup((const char *)data, size);
        g_autofree char *line = clean_line(text), *again = clean_line(line), *utf8 = clean_utf8(text);
        g_autofree char *markdown = clean_markdown(text), *code = clean_code(text), *html = clean_html(text), *ascii = clean_ascii(line);

        check_line(line);
        g_assert(g_str_equal(line, again));
        g_assert(g_utf8_validate(utf8, -1, NULL));
        check_line(markdown);
        g_assert(!strpbrk(markdown, "<>@"));
        check_code(code);
        check_html(html);
        g_assert(g_str_is_ascii(ascii) && clean_width(ascii) == clean_width(line));
        check_fit(line, size % 100);
        return 0;
}
