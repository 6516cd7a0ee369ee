/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/turns.h"

#include "diagnose/measures.h"
#include "diagnose/settings.h"

#include <string.h>

/* All lines from @first to before @end give @name the same value, or, where one of several turned, still what it @was; the number of the former, or 0. */
static unsigned same_value(const Lines *lines, unsigned first, unsigned end, Str name, Str was, Str *value) {
        unsigned n = 0;

        for (unsigned i = first; i < end; i++) {
                Str found = named_values_get(lines->at[i], name);
                if (str_equal(found, was))
                        continue;
                if (found.len == 0 || (n > 0 && !str_equal(found, *value)))
                        return 0;
                *value = found;
                n++;
        }
        return n == end - first || n >= STRAY_LINES_MIN ? n : 0;
}

/* The value that nearly all lines before @end give @name; empty if there is none. */
static Str usual_value(const Lines *lines, unsigned end, Str name) {
        Str usual = { NULL, 0 };
        unsigned lead = 0, n = 0, n_usual = 0;

        for (unsigned i = 0; i < end; i++) { /* the majority, by Boyer and Moore */
                Str value = named_values_get(lines->at[i], name);
                if (value.len == 0)
                        continue;
                usual = lead == 0 ? value : usual;
                lead = str_equal(value, usual) ? lead + 1 : lead - 1;
                n++;
        }
        for (unsigned i = 0; i < end && n > 0; i++) {
                Str value = named_values_get(lines->at[i], name);
                n_usual += value.len > 0 && str_equal(value, usual);
        }
        return n > 0 && n_usual >= TURNED_SHARE_MIN * n ? usual : (Str){ NULL, 0 };
}

static bool was_said(const Lines *lines, unsigned end, Str name, Str value) {
        for (unsigned i = 0; i < end; i++) {
                Str before = named_values_get(lines->at[i], name);
                if (before.len > 0 && str_equal(before, value))
                        return true;
        }
        return false;
}

/* Other requests, which are answered otherwise, had the value before @line: it is theirs, too. */
static bool is_usual_elsewhere(const Signal *signal, const Exemplar *line, Str name, Str value, const LedgerView *view) {
        for (guint i = 0; i < view->signals->len && signal->status > 0; i++) {
                const Signal *other = view->signals->pdata[i];
                if (other == signal || other->status == 0 || other->sources[0].source != line->source)
                        continue;
                for (unsigned j = 0; j < signal_n_exemplars(other); j++) {
                        const Exemplar *said = signal_exemplar(other, j);
                        if (said->time_us < line->time_us && str_equal(named_values_get(said, name), value))
                                return true;
                }
        }
        return false;
}

/* "2026-12-01", "14:05": it moves on by itself; not "3/40". */
static bool is_date(Str value) {
        unsigned n = 0;

        for (size_t i = 0; i < value.len; i++) {
                if (!char_is_digit(value.ptr[i]) && !strchr("-/:", value.ptr[i]))
                        return false;
                n += value.ptr[i] == ':' ? 2 : !char_is_digit(value.ptr[i]);
        }
        return n > 1 && char_is_digit(*value.ptr);
}

/* Of a setting or a state: no number that varies or moves on by itself. */
static bool may_turn(Str name, Str was) {
        if (was.len == 0 || is_date(was))
                return false;
        return !char_is_digit(*was.ptr) || (measure_tells_what_happens(name) && !measure_is_of_use(name));
}

/* @turn: name and the value before are known. */
static bool is_turned(const Signal *signal, const Lines *lines, unsigned first, unsigned end, const LedgerView *view, Turn *turn) {
        turn->turned = first;
        turn->back = end;
        while (turn->turned < end && str_equal(named_values_get(lines->at[turn->turned], turn->name), turn->was))
                turn->turned++;
        while (turn->back > turn->turned && str_equal(named_values_get(lines->at[turn->back - 1], turn->name), turn->was))
                turn->back--;
        if (turn->turned == turn->back || same_value(lines, turn->turned, turn->back, turn->name, turn->was, &turn->now) == 0)
                return false;
        return !settings_is_version(turn->name, turn->now) && !was_said(lines, first, turn->name, turn->now) &&
               (first >= TURNED_SURE_MIN || !is_usual_elsewhere(signal, lines->at[turn->turned], turn->name, turn->now, view));
}

bool turns_find(const Signal *signal, const Lines *lines, unsigned first, unsigned end, const LedgerView *view, Turn *turn) {
        NamedValue found;

        if (first < TURNED_BEFORE_MIN || end == first)
                return false;
        for (size_t at = named_values_begin(lines->at[first]); named_values_next(str_from(lines->at[first]->text), &at, &found);) {
                if (found.by_place || !settings_may_be(&found))
                        continue;
                *turn = (Turn){ .name = found.name, .was = usual_value(lines, first, found.name) };
                if (may_turn(found.name, turn->was) && is_turned(signal, lines, first, end, view, turn))
                        return true;
        }
        return false;
}
