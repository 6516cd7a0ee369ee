/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Timestamp words
 *
 * The smallest parts of a written time: blanks, runs of digits, names of months and weekdays.
 */

#include "base/str.h"

static inline bool char_is_word(char c) {
        return char_is_alpha(c) || char_is_digit(c);
}

static inline size_t digits_at(Str line, size_t at) {
        size_t end = at;

        while (end < line.len && char_is_digit(line.ptr[end]))
                end++;
        return end - at;
}

static inline size_t letters_at(Str line, size_t at) {
        size_t end = at;

        while (end < line.len && char_is_alpha(line.ptr[end]))
                end++;
        return end - at;
}

/* The length of one blank, which may be a no-break space as newer Java writes it before AM; 0 if
 * there is none. */
size_t timestamp_blank(Str line, size_t at);

/* The month, from 1, whose name stands at @at: three letters of it or more, also with a dot; 0 if
 * there is none. */
int timestamp_month(Str line, size_t at, size_t *length);

/* The length of a weekday's name, or 0. */
size_t timestamp_weekday(Str line, size_t at);
