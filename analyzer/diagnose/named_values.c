/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/named_values.h"

#include "model/evidence_line.h"

#include <string.h>

static size_t skip_blanks(Str text, size_t at) {
        while (str_at(text, at) == ' ')
                at++;
        return at;
}

/* Behind what stands between a name, which ends at @at, and its value; SIZE_MAX if nothing such does. */
static size_t skip_between(Str text, size_t at, bool quoted, bool *in_words) {
        static const char *const WORDS[] = { " changed to ", " is set to ", " set to ", " is now ", " = " };
        Str rest = str_slice(text, at, text.len);

        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
                if (str_starts(rest, str_from(WORDS[i]))) {
                        *in_words = true;
                        return skip_blanks(text, at + strlen(WORDS[i]));
                }
        *in_words = false;
        if (str_at(text, at) == '=' && str_at(text, at + 1) != '=')
                return at + 1;
        return quoted && str_at(text, at) == ':' ? skip_blanks(text, at + 1) : SIZE_MAX;
}

/* A list in brackets, which it is a part of; empty where it does not end soon. */
static Str list_at(Str text, size_t at) {
        Str list = str_slice(text, at, at + NAMED_VALUE_BYTES_MAX);
        size_t end = str_find(list, STR("]"), 0);

        return str_slice(list, 0, end == SIZE_MAX ? 0 : end + 1);
}

/* Without its quotes, unless there is nothing between them. */
Str named_values_at(Str text, size_t at) {
        bool quoted = char_is_quote(str_at(text, at));
        size_t from = at + quoted, end = from;

        if (str_at(text, at) == '[')
                return list_at(text, at);
        if (quoted && str_at(text, from) == text.ptr[at])
                return str_slice(text, at, from + 1);

        while (end < text.len && (quoted ? text.ptr[end] != text.ptr[at] : !strchr(" \t\n,;)]}{[\"'", text.ptr[end])))
                end++;
        while (!quoted && end > from && text.ptr[end - 1] == '.')
                end--;
        return str_slice(text, from, end);
}

/* A message with names and values of its own: msg="cache loaded ttl=5s" */
static bool is_sentence(Str name, Str value) {
        bool is_message = str_equal_nocase(name, STR("msg")) || str_equal_nocase(name, STR("message"));

        return memchr(value.ptr, ' ', value.len) && (is_message || memchr(value.ptr, '=', value.len));
}

/* A name and a sign between it and its value, at @from; moves @at on. False: no pair, or one whose parts are to be looked at for themselves. */
static bool take_pair(Str text, size_t from, size_t *at, NamedValue *found) {
        bool quoted = from > 0 && char_is_quote(text.ptr[from - 1]) && str_at(text, *at) == text.ptr[from - 1];
        size_t behind = skip_between(text, *at + quoted, quoted, &found->in_words);

        if (behind == SIZE_MAX)
                return false;
        found->by_place = false;
        found->value = named_values_at(text, behind);
        if (is_sentence(found->name, found->value)) {
                *at = (size_t)(found->value.ptr - text.ptr);
                return false;
        }
        if (found->value.len == 0 || found->value.len > NAMED_VALUE_BYTES_MAX)
                return false;
        *at = (size_t)(found->value.ptr - text.ptr) + found->value.len;
        return true;
}

/* "39 merged, 0.1 s": behind a comma and a number. */
static bool is_time_taken(Str text, size_t at) {
        static const char *const UNITS[] = { " s", " ms", " min" };

        for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
                Str unit = str_from(UNITS[i]);
                if (str_starts(str_slice(text, at, text.len), unit) && !is_name_char(str_at(text, at + unit.len)))
                        return true;
        }
        return false;
}

/* A word, no list, with a digit or a slash behind the word that ends at @at, with at most a comma and a blank between them. */
static bool take_next_word(Str text, size_t *at, NamedValue *found) {
        size_t behind = *at + (str_at(text, *at) == ',');

        if (str_at(text, behind) != ' ' || str_at(text, behind + 1) == '[' || str_has_digit(found->name))
                return false;
        found->value = named_values_at(text, behind + 1);
        if (found->value.len == 0 || found->value.len > NAMED_VALUE_BYTES_MAX || memchr(found->value.ptr, '=', found->value.len) ||
            !(str_has_digit(found->value) || memchr(found->value.ptr, '/', found->value.len)))
                return false;
        if (behind > *at && is_time_taken(text, (size_t)(found->value.ptr - text.ptr) + found->value.len))
                return false;
        found->by_place = true;
        found->in_words = false;
        *at = (size_t)(found->value.ptr - text.ptr) + found->value.len;
        return true;
}

/* A sign before a line of a difference ("-ttl = 60") is no part of the name. */
static bool begins_name(Str text, size_t at) {
        bool is_signed = at > 0 && text.ptr[at - 1] == '-' && (at == 1 || text.ptr[at - 2] == ' ');

        return char_is_alpha(text.ptr[at]) && (at == 0 || is_signed || !is_name_char(text.ptr[at - 1]));
}

bool named_values_next(Str text, size_t *at, NamedValue *found) {
        while (*at < text.len) {
                size_t from = *at, end;

                if (!begins_name(text, from)) {
                        ++*at;
                        continue;
                }
                while (*at < text.len && is_name_char(text.ptr[*at]))
                        ++*at;
                end = *at;
                found->name = str_slice(text, from, end);
                if (take_pair(text, from, at, found) || (*at == end && take_next_word(text, at, found)))
                        return true;
        }
        return false;
}

size_t named_values_begin(const Exemplar *line) {
        return (size_t)(evidence_fields(line).ptr - line->text);
}

Str named_values_get(const Exemplar *line, Str name) {
        Str text = str_from(line->text);
        NamedValue found;

        for (size_t at = 0; named_values_next(text, &at, &found);)
                if (str_equal_nocase(found.name, name))
                        return found.value;
        return (Str){ text.ptr, 0 };
}
