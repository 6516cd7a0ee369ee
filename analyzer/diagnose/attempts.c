/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/attempts.h"

#include "diagnose/kinds.h"
#include "diagnose/lines.h"
#include "diagnose/pairs.h"
#include "model/evidence_line.h"

#include <glib.h>

/* Larger numbers count something else. */
#define ATTEMPTS_MAX 1000

/* Who is at a later one of an unknown number fails. */
#define ATTEMPTS_EARLY_MAX 5

static bool take_number(Str text, size_t *at, unsigned *number) {
        size_t from = *at;

        *number = 0;
        for (; char_is_digit(str_at(text, *at)) && *number < ATTEMPTS_MAX; ++*at)
                *number = *number * 10 + (unsigned)(text.ptr[*at] - '0');
        return *at > from && *number > 0 && *number < ATTEMPTS_MAX;
}

/* Moves *@at behind the next @word that begins at *@at or later; false if there is none. */
static bool next_word(Str text, const char *word, size_t *at) {
        *at = str_find_begin_nocase(text, str_from(word), *at);
        if (*at == SIZE_MAX)
                return false;
        *at += strlen(word);
        return true;
}

static size_t skip_signs(Str text, size_t at) {
        while (str_at(text, at) && strchr(" =:#(\"", text.ptr[at]))
                at++;
        return at;
}

/* Behind a word for it at @at: " 2/5", "=2 of 5", " #2 (of 5"; sets both numbers. */
static bool take_count(Str text, size_t at, unsigned *n, unsigned *of) {
        static const char *const BETWEEN[] = { "/", " / ", " of ", " out of ", " (of " };

        at = skip_signs(text, at);
        if (!take_number(text, &at, n))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(BETWEEN); i++) {
                Str between = str_from(BETWEEN[i]);
                size_t behind = at + between.len;

                if (str_starts(str_slice(text, at, text.len), between) && take_number(text, &behind, of))
                        return *n <= *of;
        }
        return false;
}

bool attempts_in(Str text, unsigned *n, unsigned *of) {
        static const char *const WORDS[] = { "attempt", "try", "retry" };

        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
                for (size_t at = 0; next_word(text, WORDS[i], &at);)
                        if (take_count(text, at, n, of))
                                return true;
        return false;
}

/* "row 25", "line=40", "item #9204747" */
static bool names_row(Str text) {
        static const char *const ROWS[] = { "row", "line", "record", "entry", "item", "feature", "document", "zeile", "satz" };

        for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++)
                for (size_t at = 0; next_word(text, ROWS[i], &at);)
                        if (char_is_digit(str_at(text, skip_signs(text, at))))
                                return true;
        return false;
}

/* "employee 1017: skipped": one of many, known by its number. */
static bool leaves_out(Str text) {
        static const char *const WORDS[] = { "skipped", "skipping", "left out" };

        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
                size_t end = str_find_nocase(text, str_from(WORDS[i]), 0), at = 0;
                Str word, before = { NULL, 0 };

                while (end != SIZE_MAX && (word = pairs_word(text, &at)).len > 0 && (size_t)(word.ptr - text.ptr) < end) {
                        if (before.len > 0 && str_is_number(word) && !str_has_digit(before))
                                return true;
                        before = word;
                }
        }
        return false;
}

bool attempts_leave_row_out(Str text) {
        static const char *const WORDS[] = { "skipped", "skipping", "rejected", "ignored", "left out", "not imported", "discarded", NULL };

        return (str_has_one_of(text, WORDS) && names_row(text)) || leaves_out(text);
}

bool attempts_leave_rows_out(const Signal *signal) {
        unsigned n = 0;

        for (unsigned i = 0; i < signal_n_exemplars(signal); i++)
                n += attempts_leave_row_out(evidence_fields(signal_exemplar(signal, i)));
        return n > 0 && 3 * n >= signal_n_exemplars(signal);
}

/* The word behind "user" or "role", without quotes; empty where there is none. */
static Str user_in(Str text) {
        static const char *const WORDS[] = { "user", "role" };

        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
                for (size_t at = 0, end; next_word(text, WORDS[i], &at);) {
                        at = skip_signs(text, at);
                        at += char_is_quote(str_at(text, at));
                        end = at;
                        while (end < text.len && text.ptr[end] != ' ' && text.ptr[end] != '@' && !char_is_quote(text.ptr[end]))
                                end++;
                        if (end > at)
                                return str_slice(text, at, end);
                }
        return str_slice(text, 0, 0);
}

bool attempts_guess_users(const Signal *signal) {
        g_autoptr(GHashTable) users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        Lines lines;

        lines_of(signal, &lines);
        for (unsigned i = 0; i < lines.n; i++) {
                Str user = user_in(str_from(lines.at[i]->text));

                if (user.len == 0)
                        return false;
                g_hash_table_add(users, str_dup(user));
        }
        return g_hash_table_size(users) >= GUESSED_USERS_MIN && g_hash_table_size(users) >= GUESSED_SHARE_MIN * lines.n;
}

/* Which attempt, of a number that is not told: "attempt 1", "\"try\":2". */
static bool number_in(Str text, unsigned *n) {
        static const char *const WORDS[] = { "attempt", "try" };

        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
                for (size_t at = 0; next_word(text, WORDS[i], &at);) {
                        size_t behind = skip_signs(text, at);
                        if (take_number(text, &behind, n))
                                return true;
                }
        return false;
}

/* "attempt 1, again in 4 s": one of the first, and when the next one is. */
static bool is_early_attempt(Str text) {
        static const char *const AGAIN[] = { "again in",        "again at",  "retry in",     "retry at",     "retrying in", "will retry",
                                             "will be retried", "try again", "trying again", "next attempt", "next try",    "put back",
                                             "requeue",         "re-queue",  "backing off",  "retrying",     NULL };
        unsigned n;

        if (!str_has_one_of(text, AGAIN))
                return false;
        return number_in(text, &n) && n <= ATTEMPTS_EARLY_MAX;
}

/* "put at the end of the list": it is its turn again. */
static bool is_put_off(Str text) {
        static const char *const WORDS[] = {
                "to the end of the ", "at the end of the ", "at the end of its ", "to the end of its ", "back of the queue", NULL
        };

        return str_has_one_of(text, WORDS) && (str_find_nocase(text, STR("put "), 0) != SIZE_MAX || str_find_nocase(text, STR("moved "), 0) != SIZE_MAX);
}

static bool is_last_attempt(Str text) {
        unsigned n, of;

        return attempts_in(text, &n, &of) ? n == of : !is_early_attempt(text) && !is_put_off(text);
}

/* Warnings of one attempt and the next, half of them of a first one: who gives up says so in other words. */
static bool are_first_ones(const Signal *signal) {
        unsigned n_lines = signal_n_exemplars(signal), n_first = 0, n, of;

        for (unsigned i = 0; i < n_lines; i++) {
                Str text = evidence_fields(signal_exemplar(signal, i));

                if (attempts_in(text, &n, &of) || !number_in(text, &n) || n > ATTEMPTS_EARLY_MAX)
                        return false;
                n_first += n == 1;
        }
        return signal->level == LEVEL_WARNING && 2 * n_first >= n_lines && n_lines > 0;
}

bool attempts_go_on(const Signal *signal) {
        if (are_first_ones(signal))
                return true;
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++)
                if (is_last_attempt(evidence_fields(signal_exemplar(signal, i))))
                        return false;
        return signal_n_exemplars(signal) > 0;
}

bool attempts_are_turned_away(const Signal *signal, const Pattern *pattern) {
        return attempts_leave_rows_out(signal) || (pattern && kind_is_login(pattern) && attempts_guess_users(signal));
}
