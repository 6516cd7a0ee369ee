/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/counted.h"

#include <string.h>

/* Shorter words are units and prepositions. */
#define NAME_BYTES_MIN 4

static bool is_unit(Str word) {
        static const char *const UNITS[] = { "second", "seconds", "secs",  "millis", "msec",  "usec",    "minute", "minutes",
                                             "mins",   "hour",    "hours", "days",   "bytes", "percent", NULL };

        return str_is_one_of(word, UNITS);
}

static bool is_part(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ':' || c == '=' || c == '#';
}

/* Digits alone, between blanks, brackets or a sentence's marks: not a part of a name, a time, a version. */
static Str number_at(Str text, size_t at) {
        size_t end = at;

        if (at > 0 && is_part(text.ptr[at - 1]))
                return (Str){ text.ptr, 0 };
        while (char_is_digit(str_at(text, end)))
                end++;
        return str_at(text, end) == ' ' ? str_slice(text, at, end) : (Str){ text.ptr, 0 };
}

static Str word_at(Str text, size_t at) {
        size_t end = at;

        while (char_is_alpha(str_at(text, end)) || str_at(text, end) == '_')
                end++;
        return char_is_digit(str_at(text, end)) || str_at(text, end) == '=' ? (Str){ text.ptr, 0 } : str_slice(text, at, end);
}

/* "0 of 48 matched": behind the whole of a share whose first number ends at @at; @at where it is none. */
static size_t skip_whole(Str text, size_t at) {
        size_t from = at + strlen(" of "), end = from;

        if (!str_starts(str_slice(text, at, text.len), STR(" of ")))
                return at;
        while (char_is_digit(str_at(text, end)))
                end++;
        return end > from ? end : at;
}

bool counted_next(Str text, size_t *at, Counted *found) {
        for (; *at < text.len; ++*at) {
                found->value = number_at(text, *at);
                if (found->value.len == 0)
                        continue;
                *at = skip_whole(text, *at + found->value.len) + 1;
                found->name = word_at(text, *at);
                if (found->name.len >= NAME_BYTES_MIN && !is_unit(found->name))
                        return true;
                --*at;
        }
        return false;
}

Str counted_get(Str text, Str name) {
        Counted found;

        for (size_t at = 0; counted_next(text, &at, &found);)
                if (str_equal_nocase(found.name, name))
                        return found.value;
        return (Str){ text.ptr, 0 };
}
