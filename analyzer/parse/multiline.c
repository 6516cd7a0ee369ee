/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memrchr */

#include "parse/multiline.h"

#include <glib.h>

static const Str CRASHES[] = {
        { "panic: ", 7 },
        { "fatal error: ", 13 },
        { "FATAL ERROR: ", 13 },
        { "Traceback (most recent call last)", 33 },
        { "Exception in thread ", 20 },
        { "Exception: ", 11 },
        { "Unhandled exception", 19 },
        { "Uncaught ", 9 },
        { "Unhandled rejection", 19 },
        { "thread '", 8 },
        { "terminate called ", 17 },
        { "Segmentation fault", 18 },
        { "*** stack smashing", 18 },
        { "*** buffer overflow", 19 },
        { "*** Error in ", 13 },
        { "double free or corruption", 25 },
        { "free(): ", 8 },
        { "malloc(): ", 10 },
        { "malloc_consolidate(): ", 22 },
        { "corrupted size vs", 17 },
        { "munmap_chunk(): ", 16 },
        { "# A fatal error has been detected", 33 },
        { "#  A fatal error has been detected", 34 },
        { "PHP Fatal error: ", 17 },
        { "java.lang.OutOfMemoryError", 26 },
        { "Terminating due to java.lang.OutOfMemoryError", 45 },
        { "runtime: out of memory", 22 },
        { "WARNING: DATA RACE", 18 },
        { "Killed", 6 },
        { "Aborted", 7 },
};

static const Str CHAINS[] = {
        { "During handling of the above exception", 38 },
        { "The above exception was the direct cause", 40 },
};

static const Str CONTINUATIONS[] = {
        { "Caused by:", 10 }, { "Suppressed:", 11 }, { "...", 3 }, { "}", 1 }, { ")", 1 }, { "]", 1 },
};

static bool starts_with_any(Str line, const Str *prefixes, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (*line.ptr == *prefixes[i].ptr && str_starts(line, prefixes[i]))
                        return true;
        return false;
}

/* AddressSanitizer and its like: ==123==ERROR: */
static bool is_sanitizer(Str line) {
        size_t at = 2;

        if (!str_starts(line, STR("==")))
                return false;
        while (at < line.len && char_is_digit(line.ptr[at]))
                at++;
        return at > 2 && str_starts(str_slice(line, at, line.len), STR("==ERROR:"));
}

bool multiline_is_crash(Str line) {
        return line.len > 0 && (starts_with_any(line, CRASHES, G_N_ELEMENTS(CRASHES)) || is_sanitizer(line));
}

bool multiline_is_chain(Str line) {
        return line.len > 0 && starts_with_any(line, CHAINS, G_N_ELEMENTS(CHAINS));
}

bool multiline_is_continuation(Str line) {
        return line.len == 0 || char_is_space(*line.ptr) || *line.ptr == '\r' ||
               starts_with_any(line, CONTINUATIONS, G_N_ELEMENTS(CONTINUATIONS)) || multiline_is_chain(line);
}

static Str line_at(Str text, size_t at) {
        const char *end = memchr(text.ptr + at, '\n', text.len - at);

        return str_trim(str_slice(text, at, end ? (size_t)(end - text.ptr) : text.len));
}

/* The last occurrence of @needle, as the line from there; empty if there is none. */
static Str last_line_with(Str text, Str needle) {
        Str found = { text.ptr, 0 };

        for (size_t at = str_find(text, needle, 0); at != SIZE_MAX; at = str_find(text, needle, at + needle.len))
                found = line_at(text, at);
        return found;
}

/* "psycopg2.OperationalError: ...", "KeyError": a dotted name, alone or before a colon, the last part capitalised. */
static bool is_exception_line(Str line) {
        size_t end = 0, last = 0;

        for (; end < line.len && (char_is_alpha(line.ptr[end]) || char_is_digit(line.ptr[end]) || line.ptr[end] == '_' ||
                                  line.ptr[end] == '.');
             end++)
                if (line.ptr[end] == '.')
                        last = end + 1;
        if (end < 4 || last >= end || line.ptr[last] < 'A' || line.ptr[last] > 'Z')
                return false;
        return end == line.len || line.ptr[end] == ':';
}

/* The last line of a Python traceback that names an exception; some libraries write more behind it. */
static Str last_exception_line(Str text) {
        size_t end = text.len;

        while (end > 0) {
                const char *newline = memrchr(text.ptr, '\n', end - 1);
                size_t start = newline ? (size_t)(newline - text.ptr) + 1 : 0;
                Str line = str_trim(str_slice(text, start, end));

                if (start > 0 && line.len > 0 && line.ptr == text.ptr + start && is_exception_line(line))
                        return line;
                end = start;
        }
        return (Str){ text.ptr, 0 };
}

/* The line behind the first one, when it is not indented: "java.lang.X: ...", "TypeError: ...". */
static Str second_line(Str text) {
        const char *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
        size_t at = newline ? (size_t)(newline - text.ptr) + 1 : text.len;

        if (at >= text.len || char_is_space(text.ptr[at]))
                return (Str){ text.ptr, 0 };
        return line_at(text, at);
}

Str multiline_cause(Str head, Str tail) {
        Str end = tail.len > 0 ? tail : head;
        Str cause = last_line_with(end, STR("Caused by: "));

        if (cause.len == 0 && tail.len > 0)
                cause = last_line_with(head, STR("Caused by: "));
        if (cause.len > 0)
                return cause;
        if (str_find(head, STR("Traceback (most recent call last)"), 0) != SIZE_MAX)
                return last_exception_line(end);
        return second_line(head);
}
