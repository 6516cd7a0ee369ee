/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/measures.h"

#include "diagnose/pairs.h"

#include <math.h>
#include <stdlib.h>

static bool number_of(Str text, double *value) {
        char buffer[32];
        char *end;

        if (text.len == 0 || text.len >= sizeof(buffer) || !char_is_digit(*text.ptr))
                return false;
        memcpy(buffer, text.ptr, text.len);
        buffer[text.len] = '\0';
        *value = g_ascii_strtod(buffer, &end);
        return *end == '\0' && isfinite(*value);
}

bool measure_of(const Exemplar *line, Str name, MeasureKind kind, double *value) {
        Pair pairs[PAIRS_MAX];
        unsigned n = pairs_of(str_from(line->text), pairs);

        for (unsigned i = 0; i < n; i++)
                if ((pairs[i].named || kind == MEASURE_ANY) && str_equal(pairs[i].key, name))
                        return number_of(pairs[i].value, value);
        return false;
}

static int compare_numbers(const void *a, const void *b) {
        double one = *(const double *)a, two = *(const double *)b;

        return (one > two) - (one < two);
}

/* The numbers of @name, in order of the lines. */
static unsigned numbers_of(const Exemplar *const *lines, unsigned n, Str name, MeasureKind kind, double *numbers) {
        unsigned found = 0;

        for (unsigned i = 0; i < n; i++)
                found += measure_of(lines[i], name, kind, &numbers[found]);
        return found;
}

/* A number that never falls counts something. */
static bool only_rises(const double *numbers, unsigned n) {
        for (unsigned i = 1; i < n; i++)
                if (numbers[i] < numbers[i - 1])
                        return false;
        return n < 2 || numbers[n - 1] > numbers[0];
}

static bool has_height(double *numbers, unsigned n) {
        if (only_rises(numbers, n))
                return false;
        qsort(numbers, n, sizeof(*numbers), compare_numbers);
        return numbers[n - 1] <= MEASURE_SPREAD_MAX * MAX(numbers[n / 2], 1);
}

static bool find_jump(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, double ratio, unsigned n_min,
                      MeasureKind kind, Jump *jump) {
        g_autofree double *numbers = g_new(double, MAX(n_before, n_after) + 1);
        unsigned n = numbers_of(before, n_before, jump->name, kind, numbers);

        if (n < n_min || !has_height(numbers, n))
                return false;
        jump->before = numbers[n - 1];
        jump->after = 0;
        jump->n_after = 0;
        n = numbers_of(after, n_after, jump->name, kind, numbers);
        for (unsigned i = 0; i < n; i++) {
                jump->after = MAX(jump->after, numbers[i]);
                jump->n_after += numbers[i] >= ratio * MAX(jump->before, 1);
        }
        return jump->n_after > 0;
}

bool measures_jump(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, double ratio, unsigned n_min,
                   MeasureKind kind, Jump *jump) {
        Pair pairs[PAIRS_MAX];
        unsigned n_pairs, looked_at = 0;
        bool any = false;
        double ignored;

        if (n_before < n_min || n_after == 0)
                return false;
        n_pairs = pairs_of(str_from(after[n_after - 1]->text), pairs);
        for (unsigned i = 0; i < n_pairs && looked_at < MEASURES_MAX; i++) {
                Jump found = { .name = pairs[i].key };

                if ((!pairs[i].named && kind == MEASURE_NAMED) || !number_of(pairs[i].value, &ignored))
                        continue;
                looked_at++;
                if (find_jump(before, n_before, after, n_after, ratio, n_min, kind, &found) &&
                    (!any || found.after / MAX(found.before, 1) > jump->after / MAX(jump->before, 1))) {
                        *jump = found;
                        any = true;
                }
        }
        return any;
}
