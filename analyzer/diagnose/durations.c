/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/durations.h"

#include <glib.h>

typedef struct Unit {
        Str name;
        double seconds;
} Unit;

static const Unit UNITS[] = {
        { { "ms", 2 }, 0.001 },   { { "msec", 4 }, 0.001 }, { { "milliseconds", 12 }, 0.001 }, { { "s", 1 }, 1 },    { { "sec", 3 }, 1 },
        { { "secs", 4 }, 1 },     { { "second", 6 }, 1 },   { { "seconds", 7 }, 1 },           { { "min", 3 }, 60 }, { { "minute", 6 }, 60 },
        { { "minutes", 7 }, 60 },
};

/* Ends of the name of a field. */
static const Unit SUFFIXES[] = {
        { { "_ms", 3 }, 0.001 }, { { "_msec", 5 }, 0.001 }, { { "_millis", 7 }, 0.001 }, { { "Ms", 2 }, 0.001 },   { { "Millis", 6 }, 0.001 },
        { { "_s", 2 }, 1 },      { { "_sec", 4 }, 1 },      { { "_secs", 5 }, 1 },       { { "_seconds", 8 }, 1 },
};

/* Words before a number that say that it lies ahead or comes again and again. */
static const Str NOT_BEHIND[] = { { "every", 5 }, { "per", 3 }, { "each", 4 }, { "next", 4 }, { "interval", 8 } };

/* Parts of names of what grows while nothing happens: no work took so long. */
static const Str OF_IDLE[] = { { "idle", 4 }, { "age", 3 }, { "since", 5 }, { "uptime", 6 }, { "last", 4 }, { "lag", 3 }, { "stale", 5 } };

/* "in 5 s" lies behind ("done in 5 s"), unless one of these begins a word before it ("retrying in 5 s"). */
static const Str AHEAD[] = { { "retry", 5 },   { "retries", 7 },  { "again", 5 },   { "reconnect", 9 }, { "will ", 5 }, { "restart", 7 },
                             { "backoff", 7 }, { "back off", 8 }, { "backing", 7 }, { "wait", 4 },      { "sleep", 5 }, { "expir", 5 },
                             { "next", 4 },    { "attempt", 7 },  { "try", 3 },     { "schedul", 7 },   { "shut", 4 },  { "due ", 4 },
                             { "start", 5 },   { "pause", 5 },    { "within", 6 },  { "reset", 5 } };

static bool is_word(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '_';
}

/* The number at @at; moves @at behind it. */
static double read_number(Str text, size_t *at) {
        double value = 0, place = 1;
        bool fraction = false;

        for (; *at < text.len; ++*at) {
                char c = text.ptr[*at];
                if (c == '.' && !fraction && *at + 1 < text.len && char_is_digit(text.ptr[*at + 1])) {
                        fraction = true;
                        continue;
                }
                if (!char_is_digit(c))
                        break;
                value = value * 10 + (c - '0');
                place *= fraction ? 10 : 1;
        }
        return value / place;
}

static Str word_at(Str text, size_t at) {
        size_t end = at;

        while (end < text.len && is_word(text.ptr[end]))
                end++;
        return str_slice(text, at, end);
}

/* The word that ends before @at, behind blanks, quotes, colons and equal signs. */
static Str word_before(Str text, size_t at) {
        size_t end = at, start;

        while (end > 0 && strchr(" \"'=:", text.ptr[end - 1]))
                end--;
        start = end;
        while (start > 0 && is_word(text.ptr[start - 1]))
                start--;
        return str_slice(text, start, end);
}

static double unit_behind(Str text, size_t at, bool ages) {
        Str unit, after;

        if (at < text.len && text.ptr[at] == ' ')
                at++;
        unit = word_at(text, at);
        for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
                if (!str_equal_nocase(unit, UNITS[i].name))
                        continue;
                after = word_at(text, at + unit.len + 1);
                return !ages && str_equal(after, STR("ago")) ? 0 : UNITS[i].seconds;
        }
        return 0;
}

static double unit_of_field(Str name) {
        if (str_equal(name, STR("ms")))
                return 0.001;
        for (size_t i = 0; i < G_N_ELEMENTS(SUFFIXES); i++) {
                Str suffix = SUFFIXES[i].name;
                if (name.len > suffix.len && str_equal(str_slice(name, name.len - suffix.len, name.len), suffix))
                        return SUFFIXES[i].seconds;
        }
        return 0;
}

/* One of the words that @name is made of: "idle_s", "last_seen_ms". */
static bool speaks_of_idleness(Str name) {
        for (size_t from = 0; from < name.len;) {
                size_t to = from;
                while (to < name.len && name.ptr[to] != '_')
                        to++;
                for (size_t i = 0; i < G_N_ELEMENTS(OF_IDLE); i++)
                        if (str_equal_nocase(str_slice(name, from, to), OF_IDLE[i]))
                                return true;
                from = to + 1;
        }
        return false;
}

static bool lies_behind(Str word, bool ages) {
        for (size_t i = 0; i < G_N_ELEMENTS(NOT_BEHIND); i++)
                if (str_equal_nocase(word, NOT_BEHIND[i]))
                        return false;
        return ages || !speaks_of_idleness(word);
}

/* Of @before, which ends before "in". */
static bool speaks_of_later(Str before) {
        for (size_t i = 0; i < G_N_ELEMENTS(AHEAD); i++) {
                size_t at = str_find_nocase(before, AHEAD[i], 0);
                if (at != SIZE_MAX && (at == 0 || !is_word(before.ptr[at - 1])))
                        return true;
        }
        return false;
}

/* The number at @at of @text is no time that has gone by. */
static bool lies_ahead(Str text, size_t at, bool ages) {
        Str word = word_before(text, at);

        return str_equal_nocase(word, STR("in")) ? speaks_of_later(str_slice(text, 0, (size_t)(word.ptr - text.ptr))) : !lies_behind(word, ages);
}

static double longest_of(Str text, bool ages) {
        double longest = 0;
        size_t at = 0;

        while (at < text.len) {
                size_t start = at;
                double value, seconds;

                if (!char_is_digit(text.ptr[at]) || (at > 0 && (is_word(text.ptr[at - 1]) || text.ptr[at - 1] == '.'))) {
                        at++;
                        continue;
                }
                value = read_number(text, &at);
                seconds = unit_behind(text, at, ages);
                if (seconds > 0 && lies_ahead(text, start, ages))
                        continue;
                if (seconds == 0 && lies_behind(word_before(text, start), ages))
                        seconds = unit_of_field(word_before(text, start));
                if (value * seconds <= DURATION_SECONDS_MAX)
                        longest = MAX(longest, value * seconds);
        }
        return longest;
}

double durations_longest(Str text) {
        return longest_of(text, false);
}

double durations_since(Str text) {
        return longest_of(text, true);
}
