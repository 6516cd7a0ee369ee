/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/falls.h"

#include "diagnose/counted.h"
#include "diagnose/measures.h"
#include "diagnose/settings.h"
#include "model/evidence_line.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

Str falls_value(const Exemplar *line, const Fall *fall) {
        return fall->counted ? counted_get(evidence_fields(line), fall->name) : named_values_get(line, fall->name);
}

/* The number without unit that @line gives @what; negative: none. */
static double amount_in(const Exemplar *line, const Fall *what) {
        Str value = falls_value(line, what);
        char *end;
        double amount;

        if (value.len == 0 || !char_is_digit(*value.ptr))
                return -1;
        amount = g_ascii_strtod(value.ptr, &end);
        return end == value.ptr + value.len ? amount : -1;
}

/*
 * What is next to nothing of @what: so small a share of its median in the lines before @end that give it any; negative where they are too few, or
 * only count on.
 */
static double next_to_nothing(const Lines *lines, unsigned end, const Fall *what) {
        g_autofree double *amounts = g_new(double, end + 1);
        bool counts_on = true;
        unsigned n = 0;

        for (unsigned i = 0; i < end; i++) {
                double amount = amount_in(lines->at[i], what);
                if (amount <= 0)
                        continue;
                counts_on &= n == 0 || amount >= amounts[n - 1];
                amounts[n++] = amount;
        }
        if (n < FALLEN_BEFORE_MIN || (counts_on && amounts[0] < amounts[n - 1]))
                return -1;
        qsort(amounts, n, sizeof(*amounts), measure_compare);
        return amounts[n / 2] / FALLEN_RATIO_MIN;
}

/* How many lines from @at on, before @end, give @what an amount from @low to @high. */
static unsigned count_run(const Lines *lines, unsigned at, unsigned end, const Fall *what, double low, double high) {
        unsigned n = 0;

        for (; at + n < end; n++) {
                double amount = amount_in(lines->at[at + n], what);
                if (amount < low || amount > high)
                        break;
        }
        return n;
}

static bool falls(const Lines *lines, unsigned first, unsigned at_onset, unsigned end, Fall *fall) {
        double bound = next_to_nothing(lines, at_onset, fall);
        unsigned longest = 0, n_more = 0;

        for (fall->back = 0; bound >= 0 && fall->back < end;) {
                unsigned n = count_run(lines, fall->back, end, fall, bound * (1 + DBL_EPSILON), INFINITY), n_less;

                fall->fallen = fall->back + n;
                n_more += n;
                n_less = count_run(lines, fall->fallen, end, fall, 0, bound);
                fall->back = fall->fallen + n_less;
                if (n + n_less == 0)
                        return false;
                if (n_less > 0 && fall->back > at_onset)
                        return fall->fallen >= first && n_more >= FALLEN_BEFORE_MIN && n_less >= MAX(FALLEN_LINES_MIN, FALLEN_LONGER_MIN * longest);
                longest = n_more > 0 ? MAX(longest, n_less) : 0;
        }
        return false;
}

bool falls_find(const Lines *lines, unsigned first, unsigned at_onset, unsigned end, Fall *fall) {
        Str text = evidence_fields(lines->at[first]);
        NamedValue named;
        Counted counted;

        for (size_t at = 0; named_values_next(text, &at, &named);) {
                *fall = (Fall){ .name = named.name };
                if (!named.by_place && measure_tells_what_happens(named.name) && falls(lines, first, at_onset, end, fall))
                        return true;
        }
        for (size_t at = 0; counted_next(text, &at, &counted);) {
                *fall = (Fall){ .name = counted.name, .counted = true };
                if (measure_tells_what_happens(counted.name) && falls(lines, first, at_onset, end, fall))
                        return true;
        }
        return false;
}
