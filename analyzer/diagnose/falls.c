/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/falls.h"

#include "diagnose/measures.h"
#include "diagnose/settings.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* The number without unit that @line gives @name; negative: none. */
static double amount_in(const Exemplar *line, Str name) {
        Str value = named_values_get(line, name);
        char *end;
        double amount;

        if (value.len == 0 || !char_is_digit(*value.ptr))
                return -1;
        amount = g_ascii_strtod(value.ptr, &end);
        return end == value.ptr + value.len ? amount : -1;
}

/* What is next to nothing of @name: so small a share of its median in the lines before @end that give it any; negative where they are too few, or only count on. */
static double next_to_nothing(const Lines *lines, unsigned end, Str name) {
        g_autofree double *amounts = g_new(double, end + 1);
        bool counts_on = true;
        unsigned n = 0;

        for (unsigned i = 0; i < end; i++) {
                double amount = amount_in(lines->at[i], name);
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

/* How many lines from @at on, before @end, give @name an amount from @low to @high. */
static unsigned count_run(const Lines *lines, unsigned at, unsigned end, Str name, double low, double high) {
        unsigned n = 0;

        for (; at + n < end; n++) {
                double amount = amount_in(lines->at[at + n], name);
                if (amount < low || amount > high)
                        break;
        }
        return n;
}

bool falls_find(const Lines *lines, unsigned first, unsigned at_onset, unsigned end, Str name, unsigned *fallen, unsigned *back) {
        double bound = next_to_nothing(lines, at_onset, name);
        unsigned longest = 0, n_more = 0;

        for (*back = 0; bound >= 0 && *back < end;) {
                unsigned n = count_run(lines, *back, end, name, bound * (1 + DBL_EPSILON), INFINITY), n_less;

                *fallen = *back + n;
                n_more += n;
                n_less = count_run(lines, *fallen, end, name, 0, bound);
                *back = *fallen + n_less;
                if (n + n_less == 0)
                        return false;
                if (n_less > 0 && *back > at_onset)
                        return *fallen >= first && n_more >= FALLEN_BEFORE_MIN && n_less >= MAX(FALLEN_LINES_MIN, FALLEN_LONGER_MIN * longest);
                longest = n_more > 0 ? MAX(longest, n_less) : 0;
        }
        return false;
}
