/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/epochs.h"

#include "diagnose/named_values.h"

#define EPOCH_BYTES_MAX 19

static EpochUnit unit_of(Str value) {
        double number = 0;

        if (value.len == 0 || value.len > EPOCH_BYTES_MAX)
                return EPOCH_NONE;
        for (size_t i = 0; i < value.len; i++) {
                if (!char_is_digit(value.ptr[i]))
                        return EPOCH_NONE;
                number = number * 10 + (value.ptr[i] - '0');
        }
        for (EpochUnit unit = EPOCH_SECONDS; unit <= EPOCH_NANOSECONDS; unit++, number /= 1000)
                if (number >= EPOCH_SECONDS_MIN && number < EPOCH_SECONDS_MAX)
                        return unit;
        return EPOCH_NONE;
}

EpochUnit epochs_unit(const Exemplar *line, Str name) {
        return unit_of(named_values_get(line, name));
}

/* The one unit of all that @n lines say; EPOCH_NONE where they say another one, or are too few. */
static EpochUnit usual_unit(const Lines *lines, unsigned n, Str name) {
        EpochUnit usual = EPOCH_NONE;
        unsigned known = 0;

        for (unsigned i = 0; i < n; i++) {
                EpochUnit unit = epochs_unit(lines->at[i], name);

                if (unit == EPOCH_NONE)
                        continue;
                if (known++ > 0 && unit != usual)
                        return EPOCH_NONE;
                usual = unit;
        }
        return known >= EPOCH_BEFORE_MIN ? usual : EPOCH_NONE;
}

static bool find_in_line(const Lines *lines, unsigned first, const Exemplar *line, EpochTurn *turn) {
        NamedValue found;

        for (size_t at = named_values_begin(line); named_values_next(str_from(line->text), &at, &found);) {
                EpochUnit now = found.by_place ? EPOCH_NONE : unit_of(found.value), was;

                if (now == EPOCH_NONE)
                        continue;
                was = usual_unit(lines, first, found.name);
                *turn = (EpochTurn){ found.name, was, now };
                if (was != EPOCH_NONE && was != now)
                        return true;
        }
        return false;
}

bool epochs_find(const Lines *lines, unsigned first, unsigned end, EpochTurn *turn) {
        for (unsigned i = first; i < end && first >= EPOCH_BEFORE_MIN; i++)
                if (find_in_line(lines, first, lines->at[i], turn))
                        return true;
        return false;
}

const char *epochs_unit_name(EpochUnit unit) {
        static const char *const NAMES[] = { "nothing", "seconds", "milliseconds", "microseconds", "nanoseconds" };

        return NAMES[unit];
}
