/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clean.h"

#include <string.h>

#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER     0x200d

/* Bidirectional controls turn what a reader sees around; DEL and C1 controls drive terminals. */
static bool is_hostile(gunichar c) {
        return (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
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

char *clean_json(const char *json) {
        GString *clean = g_string_sized_new(strlen(json));

        for (const char *at = json; *at; at = g_utf8_next_char(at)) {
                gunichar c = g_utf8_get_char(at);

                if (is_hostile(c))
                        g_string_append_printf(clean, "\\u%04x", c);
                else
                        g_string_append_unichar(clean, c);
        }
        return g_string_free(clean, FALSE);
}

/* A string of ECMA-48: up to BEL or ESC \, or to the end. */
static const char *skip_string(const char *at) {
        while (*at && *at != '\a' && *at != '\x1b')
                at++;
        return *at == '\x1b' && at[1] == '\\' ? at + 2 : *at == '\a' ? at + 1 : at;
}

/* ECMA-48: ESC [ parameters intermediates final; ESC ] and its like ... BEL or ESC \. Returns the place behind the sequence. */
static const char *skip_escape(const char *at) {
        at++;
        if (*at == '[') {
                for (at++; *at >= 0x20 && *at <= 0x3f; at++)
                        ;
                return *at >= 0x40 ? at + 1 : at;
        }
        if (*at && strchr("]PX^_", *at))
                return skip_string(at + 1);
        return *at >= 0x20 && *at < 0x7f ? at + 1 : at;
}

/* Marks that turn the direction of writing, and others that are not seen. */
static bool is_formatting(gunichar c) {
        return g_unichar_type(c) == G_UNICODE_FORMAT || c == 0x2028 || c == 0x2029;
}

static bool is_mark(gunichar c) {
        return g_unichar_ismark(c);
}

/* Between letters of Persian or Hindi, or the parts of an emoji, a joiner is orthography; elsewhere it hides something. */
static bool is_joining(gunichar before, gunichar c, const char *next) {
        return (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER) && before >= 0x300 && g_utf8_get_char(next) >= 0x300 && !is_formatting(before) &&
               !is_formatting(g_utf8_get_char(next));
}

char *clean_line(const char *text) {
        g_autofree char *valid = clean_utf8(text);
        GString *clean = g_string_sized_new(strlen(valid));
        unsigned n_marks = 0;
        gunichar before = 0;

        for (const char *at = valid; *at;) {
                gunichar c = g_utf8_get_char(at);

                if (c == 0x1b) {
                        at = skip_escape(at);
                        continue;
                }
                at = g_utf8_next_char(at);
                n_marks = is_mark(c) ? n_marks + 1 : 0;
                if (n_marks > CLEAN_MARKS_MAX)
                        continue;
                if (c == '\n' || c == '\t' || c == '\r')
                        g_string_append_c(clean, ' ');
                else if (g_unichar_iscntrl(c) || (is_formatting(c) && !is_joining(before, c, at)))
                        g_string_append_unichar(clean, 0xfffd);
                else
                        g_string_append_unichar(clean, c);
                before = c;
        }
        return g_string_free(clean, FALSE);
}

/* "1." or "1)" at the beginning of a line begins a list. */
static bool ends_list_number(const char *line, const char *at) {
        return at > line && strspn(line, "0123456789") == (size_t)(at - line) && (at[1] == ' ' || at[1] == '\0');
}

/* What the character at @at of @line must be written as, so that it begins nothing in CommonMark or GitHub's dialect; NULL: as it is. */
static const char *markdown_of(const char *line, const char *at) {
        bool in_word = at > line && g_ascii_isalnum(at[-1]) && g_ascii_isalnum(at[1]);

        switch (*at) {
        case '<':
                return "&lt;";
        case '>':
                return "&gt;";
        case '&':
                return "&amp;";
        case '@': /* calls nobody */
                return "&#64;";
        case ':': /* no address becomes a link by itself */
                return at[1] == '/' ? "&#58;" : NULL;
        case '.': /* nor does www. */
                return (at - line >= 3 && g_ascii_strncasecmp(at - 3, "www", 3) == 0) || ends_list_number(line, at) ? "&#46;" : NULL;
        case ')':
                return ends_list_number(line, at) ? "\\)" : NULL;
        case '_':
                return in_word ? NULL : "\\_";
        case '-':
                return at == line ? "\\-" : NULL;
        case '+':
                return at == line ? "\\+" : NULL;
        case '=':
                return at == line ? "\\=" : NULL;
        default:
                return NULL;
        }
}

char *clean_markdown(const char *text) {
        g_autofree char *raw = clean_line(text);
        char *line = g_strstrip(raw);
        GString *clean = g_string_sized_new(strlen(line) + 16);

        for (const char *at = line; *at; at++) {
                const char *written = markdown_of(line, at);

                if (written)
                        g_string_append(clean, written);
                else if (strchr("\\`*[]#|~^$", *at))
                        g_string_append_printf(clean, "\\%c", *at);
                else
                        g_string_append_c(clean, *at);
        }
        return g_string_free(clean, FALSE);
}

/* The longest run of backticks. */
static size_t longest_fence(const char *text) {
        size_t longest = 0;

        for (; *text; text++) {
                size_t run = strspn(text, "`");
                longest = MAX(longest, run);
                text += run > 0 ? run - 1 : 0;
        }
        return longest;
}

char *clean_code(const char *text) {
        g_autofree char *raw = clean_line(text);
        char *line = g_strstrip(raw);
        g_autofree char *fence = g_strnfill(longest_fence(line) + 1, '`');
        bool needs_room = *line == '`' || g_str_has_suffix(line, "`");
        const char *room = needs_room ? " " : "";
        GString *clean = g_string_new(fence);

        g_string_append_printf(clean, "%s%s%s%s", room, line, room, fence);
        if (*line == '\0')
                g_string_assign(clean, "(empty)");
        return g_string_free(clean, FALSE);
}

char *clean_html(const char *text) {
        g_autofree char *line = clean_line(text);
        GString *clean = g_string_sized_new(strlen(line) + 16);

        for (const char *at = line; *at; at++) {
                const char *reference = *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : *at == '&' ? "&amp;" : *at == '"' ? "&quot;" : *at == '\'' ? "&#39;" : NULL;
                if (reference)
                        g_string_append(clean, reference);
                else
                        g_string_append_c(clean, *at);
        }
        return g_string_free(clean, FALSE);
}

static size_t width_of(gunichar c) {
        return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

/* What the report itself writes beyond ASCII; for the rest a question mark. */
static char ascii_of(gunichar c) {
        static const struct {
                gunichar c;
                char ascii;
        } KNOWN[] = { { 0x2026, '~' }, { 0x2581, '_' }, { 0x2582, '.' }, { 0x2583, ':' }, { 0x2584, '-' },
                      { 0x2585, '=' }, { 0x2586, '+' }, { 0x2587, '*' }, { 0x2588, '#' }, { 0xa0, ' ' } };

        for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
                if (KNOWN[i].c == c)
                        return KNOWN[i].ascii;
        return '?';
}

char *clean_ascii(const char *text) {
        GString *ascii = g_string_sized_new(strlen(text));

        for (; *text; text = g_utf8_next_char(text)) {
                gunichar c = g_utf8_get_char(text);
                if (c < 0x80)
                        g_string_append_c(ascii, (char)c);
                for (size_t i = 0; c >= 0x80 && i < width_of(c); i++)
                        g_string_append_c(ascii, ascii_of(c));
        }
        return g_string_free(ascii, FALSE);
}

size_t clean_width(const char *text) {
        size_t width = 0;

        for (; *text; text = g_utf8_next_char(text))
                width += width_of(g_utf8_get_char(text));
        return width;
}

size_t clean_prefix(const char *text, size_t columns) {
        const char *at = text;
        size_t width = 0;

        for (; *at; at = g_utf8_next_char(at)) {
                width += width_of(g_utf8_get_char(at));
                if (width > columns)
                        break;
        }
        return (size_t)(at - text);
}

char *clean_fit(const char *text, size_t columns) {
        if (text[clean_prefix(text, columns)] == '\0')
                return g_strdup(text);
        return g_strdup_printf("%.*s…", (int)clean_prefix(text, columns > 0 ? columns - 1 : 0), text);
}
