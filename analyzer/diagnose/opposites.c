/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/opposites.h"

#include "diagnose/pairs.h"
#include "model/event.h"

#include <glib.h>

static const char *const OPPOSITES[][2] = {
        { "on", "off" },
        { "true", "false" },
        { "up", "down" },
        { "enable", "disable" },
        { "enabled", "disabled" },
        { "enabling", "disabling" },
        { "active", "inactive" },
        { "active", "passive" },
        { "pause", "resume" },
        { "paused", "resumed" },
        { "pausing", "resuming" },
        { "suspended", "resumed" },
        { "start", "stop" },
        { "started", "stopped" },
        { "starting", "stopping" },
        { "open", "closed" },
        { "opened", "closed" },
        { "attached", "detached" },
        { "joined", "left" },
        { "entered", "left" },
        { "entering", "leaving" },
        { "begin", "end" },
        { "begins", "ends" },
        { "added", "removed" },
        { "adding", "removing" },
        { "raised", "lowered" },
        { "primary", "standby" },
        { "primary", "replica" },
        { "leader", "follower" },
        { "read-only", "read-write" },
        { "readonly", "readwrite" },
        { "frozen", "thawed" },
        { "allowed", "denied" },
        { "granted", "revoked" },
        { "promoted", "demoted" },
        { "grant", "revoke" },
        { "set", "reset" },
        { "allow", "deny" },
        { "add", "remove" },
        { "attach", "detach" },
        { "raise", "lower" },
        { "apply", "revert" },
        { "applied", "reverted" },
};

/* Shorter words are of any text. */
#define WORD_BYTES_MIN 3

/* Pairs of words that are looked at in one text. */
#define STATES_MAX 48

/* "cordoned", "uncordoned" */
static bool is_negation(Str word, Str of) {
        static const char *const PREFIXES[] = { "un", "de", "dis", "non-", "no-" };

        for (size_t i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
                Str prefix = str_from(PREFIXES[i]);
                if (str_starts_nocase(word, prefix) && str_equal_nocase(str_slice(word, prefix.len, word.len), of))
                        return of.len > prefix.len;
        }
        return false;
}

static bool are_opposites(Str one, Str other) {
        Level level = level_from_word(one), other_level = level_from_word(other);

        if (level != LEVEL_NONE && other_level != LEVEL_NONE && level != other_level)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(OPPOSITES); i++)
                for (unsigned side = 0; side < 2; side++)
                        if (str_equal_nocase(one, str_from(OPPOSITES[i][side])) && str_equal_nocase(other, str_from(OPPOSITES[i][!side])))
                                return true;
        return is_negation(one, other) || is_negation(other, one);
}

static bool begin_alike(Str one, Str other) {
        size_t at = 0, other_at = 0;
        Str word = pairs_word(one, &at);

        return word.len > 0 && str_equal(word, pairs_word(other, &other_at));
}

/* What is said of a word by the one before or behind it, or behind its hyphen: "triggers-off", "triggers on", "disable triggers". */
typedef struct State {
        Str of, is;
        bool before; /* `is` stands before `of` */
} State;

static Str last_part(Str word, Str *rest) {
        size_t at = word.len;

        while (at > 0 && word.ptr[at - 1] != '-')
                at--;
        *rest = str_slice(word, 0, at > 0 ? at - 1 : 0);
        return str_slice(word, at, word.len);
}

/* Who is stopped and started again, once or more, is not put back to what it was. */
static bool is_of_restart(Str word) {
        return str_starts_nocase(word, STR("start")) || str_starts_nocase(word, STR("stop"));
}

static void add_state(State *states, unsigned *n, Str of, Str is, bool before) {
        if (of.len >= WORD_BYTES_MIN && is.len > 1 && !str_has_digit(is) && !is_of_restart(is) && *n < STATES_MAX)
                states[(*n)++] = (State){ of, is, before };
}

static unsigned states_of(Str text, State states[static STATES_MAX]) {
        size_t at = 0;
        unsigned n = 0;
        Str before = pairs_word(text, &at), word, rest;

        for (word = before; word.len > 0; before = word, word = pairs_word(text, &at)) {
                Str last = last_part(word, &rest);

                if (word.ptr != before.ptr) {
                        add_state(states, &n, before, word, false);
                        add_state(states, &n, word, before, true);
                }
                add_state(states, &n, rest, last, false);
        }
        return n;
}

static bool has_word(Str text, Str word) {
        Str found;

        for (size_t at = 0; (found = pairs_word(text, &at)).len > 0;)
                if (str_equal_nocase(found, word))
                        return true;
        return false;
}

static unsigned count_shared(Str one, Str other) {
        unsigned n = 0;
        Str word;

        for (size_t at = 0; (word = pairs_word(one, &at)).len > 0;)
                n += word.len >= WORD_BYTES_MIN && has_word(other, word);
        return n;
}

static bool are_states_opposite(Str one, Str other) {
        State states[STATES_MAX], other_states[STATES_MAX];
        unsigned n = states_of(one, states), n_other = states_of(other, other_states);

        for (unsigned i = 0; i < n; i++)
                for (unsigned j = 0; j < n_other; j++)
                        if (states[i].before == other_states[j].before && str_equal_nocase(states[i].of, other_states[j].of) &&
                            are_opposites(states[i].is, other_states[j].is))
                                return count_shared(one, other) - has_word(other, states[i].of) * has_word(one, states[i].of) >= OPPOSITES_SHARED_MIN;
        return false;
}

static bool begins_alike(Str one, Str other) {
        size_t at = 0, other_at = 0;
        unsigned same = 0;

        for (;;) {
                Str word = pairs_word(one, &at), other_word = pairs_word(other, &other_at);

                if (word.len == 0 || other_word.len == 0)
                        return false;
                if (str_equal(word, other_word))
                        same++;
                else if (!str_has_digit(word) || !str_has_digit(other_word))
                        return are_opposites(word, other_word) && (same > 0 || begin_alike(str_slice(one, at, one.len), str_slice(other, other_at, other.len)));
        }
}

bool opposites_told(Str one, Str other) {
        return begins_alike(one, other) || are_states_opposite(one, other);
}
