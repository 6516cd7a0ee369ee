/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memrchr */

#include "parse/multiline.h"

#include "parse/multiline_words.h"

#include <glib.h>

/* --- one line --- */

static size_t skip_digits(Str line, size_t at) {
        while (at < line.len && char_is_digit(line.ptr[at]))
                at++;
        return at;
}

/* AddressSanitizer and its like: ==123==ERROR: */
static bool is_sanitizer(Str line) {
        size_t at;

        if (!str_starts(line, STR("==")))
                return false;
        at = skip_digits(line, 2);
        line = str_slice(line, at, line.len);
        return at > 2 && (str_starts(line, STR("==ERROR:")) || str_starts(line, STR("==WARNING: MemorySanitizer")));
}

/* "/srv/app/server.js:10", "file:///srv/app/a.mjs:3": where Node.js says which line of source threw. */
static bool is_source_line(Str line) {
        static const Str ENDINGS[] = { { ".js:", 4 }, { ".ts:", 4 }, { ".mjs:", 5 }, { ".cjs:", 5 } };
        size_t end = line.len;

        if (line.len < 6 || (*line.ptr != '/' && !str_starts(line, STR("file:///")) && !str_starts(line, STR("node:"))))
                return false;
        while (end > 0 && char_is_digit(line.ptr[end - 1]))
                end--;
        if (end == line.len || memchr(line.ptr, ' ', line.len))
                return false;
        if (*line.ptr == 'n')
                return line.ptr[end - 1] == ':';
        for (size_t i = 0; i < G_N_ELEMENTS(ENDINGS); i++)
                if (end > ENDINGS[i].len && str_equal(str_slice(line, end - ENDINGS[i].len, end), ENDINGS[i]))
                        return true;
        return false;
}

/* "app.rb:3:in `buy': no stock (RuntimeError)", "prog: a.c:12: main: Assertion `x' failed.", "a.c:3:5: runtime error: ..." */
static bool is_crash_within(Str line) {
        Str start = str_slice(line, 0, 512);
        size_t at = str_find(start, STR(":in "), 0);

        if (at != SIZE_MAX && str_find(str_slice(start, 0, at), STR(".rb:"), 0) != SIZE_MAX)
                return str_find(line, STR("Error)"), at) != SIZE_MAX || str_find(line, STR("Exception)"), at) != SIZE_MAX;
        return str_find(start, STR(": runtime error: "), 0) != SIZE_MAX ||
               (str_find(start, STR(": Assertion `"), 0) != SIZE_MAX && line.ptr[line.len - 1] == '.');
}

bool multiline_is_crash(Str line) {
        if (line.len == 0)
                return false;
        if (multiline_words_crash(line) || is_sanitizer(line) || is_source_line(line))
                return true;
        return !char_is_space(*line.ptr) && is_crash_within(line);
}

bool multiline_is_epilogue(Str line) {
        return str_starts(line, STR("Aborted"));
}

bool multiline_is_chain(Str line) {
        return line.len > 0 && multiline_words_chain(line);
}

bool multiline_awaits_exception(Str line) {
        return str_starts(line, STR("Traceback (most recent call last)")) || is_source_line(line);
}

/* A dotted name, alone or before a colon, the last part capitalised; where that ends, or 0. */
static size_t dotted_name(Str line, size_t *last) {
        size_t end = 0;

        *last = 0;
        for (; end < line.len &&
               (char_is_alpha(line.ptr[end]) || char_is_digit(line.ptr[end]) || line.ptr[end] == '_' || line.ptr[end] == '.' || line.ptr[end] == '$');
             end++)
                if (line.ptr[end] == '.' || line.ptr[end] == '$')
                        *last = end + 1;
        if (end < 4 || *last >= end || line.ptr[*last] < 'A' || line.ptr[*last] > 'Z')
                return 0;
        return end == line.len || line.ptr[end] == ':' ? end : 0;
}

bool multiline_names_exception(Str line) {
        size_t last;

        return dotted_name(line, &last) > 0;
}

bool multiline_is_exception(Str line) {
        size_t last, end = dotted_name(line, &last);
        Str name = str_slice(line, 0, end);

        return end > 0 && (str_ends(name, STR("Error")) || str_ends(name, STR("Exception")));
}

/* "main.(*Server).Serve(0xc000, 0x1)", "runtime.gopanic({0x1, 0x2})" */
static bool is_go_call(Str line) {
        const char *open = memchr(line.ptr, '(', line.len);
        size_t before = open ? (size_t)(open - line.ptr) : 0;

        return before > 2 && line.ptr[line.len - 1] == ')' && memchr(line.ptr, '.', before) && !memchr(line.ptr, ' ', before);
}

/* "#0  0x00 in main () at a.c:3", "#1 /srv/shop.php(12): buy()"; "==123==ABORTING" */
static bool is_numbered(Str line) {
        size_t at = skip_digits(line, 1);

        if (*line.ptr == '#')
                return at > 1 && at < line.len && line.ptr[at] == ' ';
        at = skip_digits(line, 2);
        return str_starts(line, STR("==")) && at > 2 && str_starts(str_slice(line, at, line.len), STR("=="));
}

bool multiline_is_continuation(Str line) {
        if (line.len == 0 || char_is_space(*line.ptr))
                return true;
        return multiline_words_continuation(line) || is_numbered(line) || is_go_call(line);
}

bool multiline_is_kernel_body(Str line) {
        line = str_trim(line);
        return line.len == 0 || multiline_words_kernel_body(line);
}

/* --- the cause --- */

static Str nothing_of(Str text) {
        return (Str){ text.ptr, 0 };
}

/* The line of @text at @at, without its newline. */
static Str line_at(Str text, size_t at) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);

        return str_trim(str_slice(text, at, end ? (size_t)(end - text.ptr) : text.len));
}

/* The last occurrence of @needle, as the line from there; empty if there is none. */
static Str last_line_with(Str text, Str needle) {
        size_t last = SIZE_MAX;

        for (size_t at = str_find(text, needle, 0); at != SIZE_MAX; at = str_find(text, needle, at + needle.len))
                last = at;
        return last != SIZE_MAX ? line_at(text, last) : nothing_of(text);
}

/* Frames of an exception group stand behind bars: "  | ValueError: x", "    +---------------- 2 ----------------". */
static Str without_bars(Str line) {
        while (line.len > 0 && (char_is_space(*line.ptr) || *line.ptr == '|'))
                line = str_slice(line, 1, line.len);
        return line;
}

/* The last line of a Python traceback that names an exception; some libraries write more behind it. */
static Str last_exception_line(Str text) {
        bool group = str_find(text, STR("+ Exception Group Traceback"), 0) != SIZE_MAX;
        size_t end = text.len;

        while (end > 0) {
                const char *newline = memrchr(text.ptr, '\n', end - 1);
                size_t start = newline ? (size_t)(newline - text.ptr) + 1 : 0;
                Str line = str_trim(str_slice(text, start, end));

                if (group)
                        line = without_bars(line);
                if (start > 0 && line.len > 0 && (group || line.ptr == text.ptr + start) && multiline_names_exception(line))
                        return line;
                end = start;
        }
        return nothing_of(text);
}

/*
 * PostgreSQL's lines that say more have a header of their own: of "2026-11-26 17:36:39 UTC [77] LOG:  x\n... DETAIL:  y" the second line says y. The
 * statement that failed is no cause.
 */
static Str without_postgres_header(Str line) {
        static const Str PARTS[] = { { "STATEMENT:  ", 12 }, { "HINT:  ", 7 }, { "CONTEXT:  ", 10 }, { "QUERY:  ", 8 }, { "LOCATION:  ", 11 } };
        size_t detail = str_find(line, STR("DETAIL:  "), 0);

        if (detail != SIZE_MAX)
                return str_slice(line, detail, line.len);
        for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
                if (str_find(line, PARTS[i], 0) != SIZE_MAX)
                        return nothing_of(line);
        return line;
}

static size_t indentation(Str text) {
        size_t at = 0;

        while (at < text.len && text.ptr[at] == ' ')
                at++;
        return at;
}

/* The line behind the first one, when it is not indented: "java.lang.X: ...", "TypeError: ..."; below a category all is. */
static Str second_line(Str text) {
        const char *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
        size_t at = newline ? (size_t)(newline - text.ptr) + 1 : text.len, indented = indentation(text);
        Str line;

        if (indented > 0 && indentation(str_slice(text, at, text.len)) == indented && multiline_is_exception(line_at(text, at + indented)))
                at += indented;
        if (at >= text.len || char_is_space(text.ptr[at]))
                return nothing_of(text);
        line = line_at(text, at);
        if (line.len < 3 || *line.ptr == '#' || multiline_is_epilogue(line) || str_starts(line, STR("---")) || multiline_words_continuation(line) ||
            multiline_words_kernel_body(line))
                return nothing_of(text);
        return without_postgres_header(line);
}

/* Marks behind which a cause is named; the last one names the deepest. */
static const struct {
        Str mark;
        size_t skip; /* of the mark, what is not shown */
} MARKS[] = {
        { { "Caused by: ", 11 }, 0 }, { { " ---> ", 6 }, 6 },   { { "\n** (", 5 }, 1 },
        { { "\nSUMMARY: ", 10 }, 1 }, { { "\n#  SIG", 7 }, 1 }, /* HotSpot's fatal error */
};

static Str marked_cause(Str text) {
        for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++) {
                size_t last = SIZE_MAX;

                for (size_t at = str_find(text, MARKS[i].mark, 0); at != SIZE_MAX; at = str_find(text, MARKS[i].mark, at + MARKS[i].mark.len))
                        last = at;
                if (last != SIZE_MAX && line_at(text, last + MARKS[i].skip).len > 0)
                        return line_at(text, last + MARKS[i].skip);
        }
        return nothing_of(text);
}

/* In brackets stands the number of the kind of event. */
Str multiline_category(Str message) {
        size_t at = message.len;

        if (at < 4 || message.ptr[--at] != ']' || !char_is_alpha(*message.ptr) || !char_is_digit(message.ptr[at - 1]))
                return nothing_of(message);
        while (at > 0 && char_is_digit(message.ptr[at - 1]))
                at--;
        if (at < 2 || message.ptr[at - 1] != '[' || str_find(str_slice(message, 0, at), STR(" "), 0) != SIZE_MAX)
                return nothing_of(message);
        return str_slice(message, 0, at - 1);
}

Str multiline_cause(Str head, Str tail) {
        Str end = tail.len > 0 ? tail : head;
        Str cause = marked_cause(end);

        if (cause.len == 0 && tail.len > 0)
                cause = last_line_with(head, STR("Caused by: "));
        if (cause.len > 0)
                return cause;
        if (str_find(head, STR("Traceback (most recent call last)"), 0) != SIZE_MAX)
                return last_exception_line(end);
        if (multiline_awaits_exception(line_at(head, 0)))
                return last_exception_line(head);
        return second_line(head);
}

/* --- in a JSON string --- */

/* The next piece between escaped newlines; false at the end. */
static bool next_escaped_line(Str text, size_t *at, Str *line) {
        size_t end = *at;

        if (*at >= text.len)
                return false;
        while (end + 1 < text.len && !(text.ptr[end] == '\\' && (text.ptr[end + 1] == 'n' || text.ptr[end + 1] == 'r')))
                end += text.ptr[end] == '\\' ? 2 : 1;
        end = end + 1 < text.len ? end : text.len;
        *line = str_trim(str_slice(text, *at, end));
        *at = MIN(end + 2, text.len);
        return true;
}

Str multiline_cause_escaped(Str trace) {
        bool python = str_find(str_slice(trace, 0, 256), STR("Traceback (most recent call last)"), 0) != SIZE_MAX;
        Str line, first = nothing_of(trace), cause = nothing_of(trace);

        for (size_t at = 0; next_escaped_line(trace, &at, &line);) {
                size_t arrow;

                if (first.len == 0)
                        first = line;
                arrow = str_find(line, STR("---> "), 0);
                if (str_starts(line, STR("Caused by: ")) || (python && multiline_names_exception(line)))
                        cause = line;
                else if (arrow != SIZE_MAX)
                        cause = str_slice(line, arrow + 5, line.len);
        }
        if (cause.len > 0 || python)
                return cause;
        return str_find(first, STR(": "), 0) != SIZE_MAX || multiline_names_exception(first) ? first : nothing_of(trace);
}

static bool is_diff_mark(Str line) {
        return str_starts(line, STR("+++")) || str_starts(line, STR("@@ ")) || str_starts(line, STR("---"));
}

Str multiline_difference(Str head) {
        bool marked = false;
        size_t at;

        /* Hardly a trace has a byte of either mark, and most events of several lines are traces. */
        if (head.len == 0 || (!memchr(head.ptr, '+', head.len) && !memchr(head.ptr, '@', head.len)))
                return nothing_of(head);
        at = str_find(head, STR("\n"), 0);
        while (at != SIZE_MAX) {
                Str line;

                at += 1 + indentation(str_slice(head, at + 1, head.len));
                line = line_at(head, at);
                if (is_diff_mark(line))
                        marked |= *line.ptr != '-';
                else if (marked && line.len > 1 && (*line.ptr == '-' || *line.ptr == '+'))
                        return str_trim(str_slice(head, at, head.len));
                at = str_find(head, STR("\n"), at);
        }
        return nothing_of(head);
}
