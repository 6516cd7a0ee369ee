/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Named values
 *
 * What a line gives names: ttl=5s, "ttl": 5, `parameter "ttl" changed to "5"`, lists in brackets, and, where there is no sign between them, a word with a
 * digit or a slash behind a word ("software 3.2.4").
 */

#include "base/str.h"
#include "model/exemplar.h"

#define NAMED_VALUE_BYTES_MAX 60

typedef struct NamedValue {
        Str name, value; /* views into the text */
        bool by_place;   /* a word with a digit behind a word: "software 3.2.4" */
        bool in_words;   /* "is set to", "changed to", or an equals sign between blanks: what a command or a person says */
} NamedValue;

static inline bool is_name_char(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '_' || c == '.' || c == '-';
}

/* Where the first one may stand in the text of @line. */
size_t named_values_begin(const Exemplar *line);

/* The next one of @text at or behind @at, which moves on; false when there is none. */
bool named_values_next(Str text, size_t *at, NamedValue *found);

/* The value that a line gives to @name; empty if none. */
Str named_values_get(const Exemplar *line, Str name);

/* The value that begins at @at, without its quotes, unless there is nothing between them. */
Str named_values_at(Str text, size_t at);
