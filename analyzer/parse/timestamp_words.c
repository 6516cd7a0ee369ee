/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/timestamp_words.h"

#include <glib.h>

size_t timestamp_blank(Str line, size_t at) {
        char c = str_at(line, at);

        if (char_is_space(c))
                return 1;
        if (c != '\xc2' && c != '\xe2')
                return 0;
        line = str_slice(line, at, line.len);
        return str_starts(line, STR("\xc2\xa0")) ? 2 : str_starts(line, STR("\xe2\x80\xaf")) ? 3 : 0;
}

/* The number, from 1, of the name of which three letters or more stand at @at; 0 if there is none.
 */
static int name_at(Str line, size_t at, const char *const *names, int n_names, size_t *length) {
        /* What months and days of the week begin with: most words do not. */
        static const bool BEGINNINGS[256] = {
                ['a'] = true, ['d'] = true, ['f'] = true, ['j'] = true, ['m'] = true, ['n'] = true, ['o'] = true, ['s'] = true, ['t'] = true, ['w'] = true,
        };
        Str start = str_slice(line, at, at + 3);

        if (start.len < 3 || !BEGINNINGS[(uint8_t)char_lower(*start.ptr)])
                return 0;
        for (int i = 0; i < n_names; i++) {
                if (char_lower(start.ptr[0]) != names[i][0] || char_lower(start.ptr[1]) != names[i][1] || char_lower(start.ptr[2]) != names[i][2])
                        continue;
                *length = letters_at(line, at);
                return str_starts_nocase(str_from(names[i]), (Str){ start.ptr, *length }) ? i + 1 : 0;
        }
        return 0;
}

int timestamp_month(Str line, size_t at, size_t *length) {
        static const char *const names[] = { "january", "february", "march",     "april",   "may",      "june",
                                             "july",    "august",   "september", "october", "november", "december" };
        int month = name_at(line, at, names, G_N_ELEMENTS(names), length);

        if (month > 0 && str_at(line, at + *length) == '.')
                ++*length;
        return month;
}

size_t timestamp_weekday(Str line, size_t at) {
        static const char *const names[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
        size_t length = 0;

        return name_at(line, at, names, G_N_ELEMENTS(names), &length) > 0 ? length : 0;
}
