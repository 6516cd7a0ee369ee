/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memrchr */

#include "parse/repeated.h"

#include "parse/multiline.h"

/* The name of a logger: a word with dots and no blank, as in "neutron.api". */
static size_t logger_length(Str message) {
        size_t end = 0;
        bool dotted = false;

        while (end < message.len && (char_is_alpha(message.ptr[end]) || char_is_digit(message.ptr[end]) || strchr("._-", message.ptr[end]))) {
                dotted |= message.ptr[end] == '.';
                end++;
        }
        return dotted && end < message.len && message.ptr[end] == ' ' ? end : 0;
}

static bool is_of_trace(Str rest) {
        return rest.len == 0 || str_starts(rest, STR("Traceback (most recent call last)")) || str_starts(rest, STR("  File \"")) ||
               str_starts(rest, STR("    ")) || multiline_is_chain(rest) || multiline_names_exception(rest);
}

/* "[instance: 0a1b]": what a logger adds to all that it says of one thing. */
static size_t brackets_length(Str text) {
        size_t close = text.len > 0 && *text.ptr == '[' ? str_find(text, STR("] "), 0) : SIZE_MAX;

        return close == SIZE_MAX ? 0 : close + 2;
}

size_t repeated_prefix(Str line, Str message) {
        size_t length = logger_length(message), before;

        if (length == 0)
                return 0;
        before = (size_t)(message.ptr - line.ptr) + length + 1;
        if (is_of_trace(str_slice(line, before, line.len)))
                return before;
        length = brackets_length(str_slice(line, before, line.len));
        return length > 0 && is_of_trace(str_slice(line, before + length, line.len)) ? before + length : 0;
}

/* The line of @text that ends at @end, which moves before it. */
static Str line_before(Str text, size_t *end) {
        const char *newline = *end > 0 ? memrchr(text.ptr, '\n', *end - 1) : NULL;
        size_t start = newline ? (size_t)(newline - text.ptr) + 1 : 0;
        Str line = str_slice(text, start, *end);

        *end = start;
        return line;
}

Str repeated_cause(Str text, size_t prefix) {
        for (size_t end = text.len; end > 0;) {
                Str rest = str_slice(line_before(text, &end), prefix, SIZE_MAX);

                if (end > 0 && rest.len > 0 && !char_is_space(*rest.ptr) && multiline_names_exception(str_trim(rest)))
                        return str_trim(rest);
        }
        return (Str){ text.ptr, 0 };
}

static bool is_of_package(Str frame, Str package) {
        for (size_t at = package.len ? str_find(frame, package, 0) : SIZE_MAX; at != SIZE_MAX; at = str_find(frame, package, at + 1))
                if (at > 0 && frame.ptr[at - 1] == '/' && at + package.len < frame.len && frame.ptr[at + package.len] == '/')
                        return true;
        return false;
}

static bool is_of_library(Str frame) {
        return str_find(frame, STR("-packages/"), 0) != SIZE_MAX || str_find(frame, STR("/lib/python"), 0) != SIZE_MAX ||
               str_find(frame, STR("<frozen "), 0) != SIZE_MAX;
}

Str repeated_frame(Str text, Str message) {
        Str package = str_slice(message, 0, logger_length(message));
        Str deepest = { text.ptr, 0 }, own = deepest;

        package = str_slice(package, 0, str_find(package, STR("."), 0));
        for (size_t end = text.len; end > 0;) {
                Str line = line_before(text, &end);
                size_t at = str_find(line, STR("  File \""), 0);

                if (at == SIZE_MAX)
                        continue;
                line = str_trim(str_slice(line, at, line.len));
                if (is_of_package(line, package))
                        return line;
                if (deepest.len == 0)
                        deepest = line;
                if (own.len == 0 && !is_of_library(line))
                        own = line;
        }
        return own.len > 0 ? own : deepest;
}
