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
};

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

bool opposites_told(Str one, Str other) {
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
