/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/level.h"

#include <glib.h>

unsigned level_small_number(Str digits) {
        unsigned number = 0;

        if (digits.len == 0 || digits.len > 3)
                return 0;
        for (size_t i = 0; i < digits.len; i++) {
                if (!char_is_digit(digits.ptr[i]))
                        return 0;
                number = number * 10 + (unsigned)(digits.ptr[i] - '0');
        }
        return number;
}

/* In either case; LEVEL_NONE for one that stands for no level. */
static Level level_of_letter(char letter) {
        static const struct {
                char letter;
                Level level;
        } LETTERS[] = { { 'e', LEVEL_ERROR }, { 'w', LEVEL_WARNING }, { 'i', LEVEL_INFO },  { 'd', LEVEL_DEBUG }, { 'f', LEVEL_FATAL },
                        { 'c', LEVEL_FATAL }, { 'n', LEVEL_NOTICE },  { 't', LEVEL_TRACE }, { 'v', LEVEL_TRACE } };

        for (size_t i = 0; i < G_N_ELEMENTS(LETTERS); i++)
                if (LETTERS[i].letter == char_lower(letter))
                        return LETTERS[i].level;
        return LEVEL_NONE;
}

Level level_of_field(Str value) {
        if (value.len > 0 && char_is_digit(*value.ptr))
                return level_from_number(level_small_number(value));
        while (value.len > 1 && char_is_digit(value.ptr[value.len - 1]))
                value.len--; /* D1 to D5 of MongoDB, ERROR2 of OpenTelemetry */
        if (value.len == 1)
                return level_of_letter(*value.ptr);
        if (str_starts(value, STR("SEVERITY_NUMBER_")))
                value = str_slice(value, 16, value.len);
        return level_from_word(value);
}

/* OpenTelemetry, "Logs Data Model": four numbers to a level, from trace to fatal. */
static Level level_of_severity_number(Str value) {
        static const Level LEVELS[] = { LEVEL_TRACE, LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_FATAL };
        unsigned number = level_small_number(value);

        if (number >= 1 && number <= 24)
                return LEVELS[(number - 1) / 4];
        return level_of_field(value);
}

Level level_of_fields(const Fields *fields) {
        Level level = fields->value[FIELD_LEVEL].ptr ? level_of_field(fields->value[FIELD_LEVEL]) : LEVEL_NONE;

        if (level == LEVEL_NONE && fields->value[FIELD_NUMBER].ptr)
                level = level_of_severity_number(fields->value[FIELD_NUMBER]);
        return level;
}
