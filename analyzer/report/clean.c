/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clean.h"

#include <string.h>

/* Bidirectional controls turn what a reader sees around; DEL and C1 controls drive terminals. */
static bool is_hostile(gunichar c) {
        return (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
               (c >= 0x2066 && c <= 0x2069);
}

char *clean_utf8(const char *text) {
        g_autofree char *valid = g_utf8_make_valid(text, -1);
        GString *clean = g_string_sized_new(strlen(valid));

        for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
                gunichar c = g_utf8_get_char(at);
                g_string_append_unichar(clean, is_hostile(c) ? 0xfffd : c);
        }
        return g_string_free(clean, FALSE);
}

/* ECMA-48: ESC [ parameters intermediates final; ESC ] ... BEL or ESC \. Returns the place behind the sequence. */
static const char *skip_escape(const char *at) {
        at++;
        if (*at == '[') {
                for (at++; *at >= 0x20 && *at <= 0x3f; at++)
                        ;
                return *at >= 0x40 ? at + 1 : at;
        }
        if (*at == ']') {
                while (*at && *at != '\a' && *at != '\x1b')
                        at++;
                return *at == '\x1b' && at[1] == '\\' ? at + 2 : *at ? at + 1 : at;
        }
        return *at ? at + 1 : at;
}

/* Marks that turn the direction of writing, and others that are not seen. */
static bool is_formatting(gunichar c) {
        return g_unichar_type(c) == G_UNICODE_FORMAT || c == 0x2028 || c == 0x2029;
}

char *clean_line(const char *text) {
        g_autofree char *valid = clean_utf8(text);
        GString *clean = g_string_sized_new(strlen(valid));

        for (const char *at = valid; *at;) {
                gunichar c = g_utf8_get_char(at);

                if (c == 0x1b) {
                        at = skip_escape(at);
                        continue;
                }
                if (c == '\n' || c == '\t' || c == '\r')
                        g_string_append_c(clean, ' ');
                else if (g_unichar_iscntrl(c) || is_formatting(c))
                        g_string_append_unichar(clean, 0xfffd);
                else
                        g_string_append_unichar(clean, c);
                at = g_utf8_next_char(at);
        }
        return g_string_free(clean, FALSE);
}

static size_t width_of(gunichar c) {
        return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

size_t clean_width(const char *text) {
        size_t width = 0;

        for (; *text; text = g_utf8_next_char(text))
                width += width_of(g_utf8_get_char(text));
        return width;
}

char *clean_fit(const char *text, size_t columns) {
        const char *at = text;
        size_t width = 0;

        if (clean_width(text) <= columns)
                return g_strdup(text);
        for (; *at; at = g_utf8_next_char(at)) {
                size_t w = width_of(g_utf8_get_char(at));
                if (width + w + 1 > columns)
                        break;
                width += w;
        }
        return g_strdup_printf("%.*s…", (int)(at - text), text);
}
