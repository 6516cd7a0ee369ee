/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/measures.h"

#include "diagnose/counted.h"
#include "diagnose/pairs.h"
#include "diagnose/settings.h"
#include "model/evidence_line.h"

#include <math.h>
#include <stdlib.h>

/* What stands behind a number of bytes or a percentage multiplies it; 0 for any other word. */
static double unit_of(const char *unit) {
        static const char PREFIXES[] = "KMGT";
        double factor = 1;
        const char *prefix;

        if (*unit == '\0' || g_str_equal(unit, "%"))
                return 1;
        prefix = strchr(PREFIXES, g_ascii_toupper(*unit));
        for (const char *at = PREFIXES; prefix && at <= prefix; at++)
                factor *= 1024;
        unit += prefix != NULL;
        unit += prefix && *unit == 'i';
        unit += *unit == 'B';
        return *unit == '\0' ? factor : 0;
}

static bool number_of(Str text, double *value) {
        char buffer[32];
        char *end;
        double unit;

        if (text.len == 0 || text.len >= sizeof(buffer) || !char_is_digit(*text.ptr))
                return false;
        memcpy(buffer, text.ptr, text.len);
        buffer[text.len] = '\0';
        *value = g_ascii_strtod(buffer, &end);
        unit = unit_of(end);
        *value *= unit;
        return unit > 0 && isfinite(*value);
}

bool measure_of(const Exemplar *line, Str name, MeasureKind kind, double *value, Str *text) {
        Pair pairs[PAIRS_MAX];
        unsigned n;

        if (kind == MEASURE_COUNTED) {
                *text = counted_get(evidence_fields(line), name);
                return number_of(*text, value);
        }
        n = pairs_of(str_from(line->text), pairs);
        for (unsigned i = 0; i < n; i++)
                if ((pairs[i].named || kind == MEASURE_ANY) && str_equal(pairs[i].key, name)) {
                        *text = pairs[i].value;
                        return number_of(pairs[i].value, value);
                }
        return false;
}

bool measure_tells_what_happens(Str name) {
        static const char *const OF_HARM[] = { "fail",  "err",  "reject", "refus",     "denied",  "abort", "cancel",  "timeout", "timed",  "retr",
                                               "lost",  "drop", "late",   "slow",      "wait",    "queue", "pending", "backlog", "behind", "lag",
                                               "stale", "bad",  "declin", "unhealthy", "invalid", "5xx",   "50",      NULL };

        return !str_has_one_of(name, OF_HARM) && settings_may_be(&(NamedValue){ .name = name });
}

bool measure_is_traffic(Str name) {
        static const char *const OF_TRAFFIC[] = { "request", "visit", "rps", "qps", NULL };

        return str_has_one_of(name, OF_TRAFFIC);
}

bool measure_is_of_use(Str name) {
        static const char *const OF_USE[] = { "heap", "rss", "mem", "cpu", "load", "gc", NULL };

        return str_has_one_of(name, OF_USE);
}

int measure_compare(const void *a, const void *b) {
        double one = *(const double *)a, two = *(const double *)b;

        return (one > two) - (one < two);
}

/* The numbers of @name, in order of the lines, and the text of the highest. */
static unsigned numbers_of(const Exemplar *const *lines, unsigned n, Str name, MeasureKind kind, double *numbers, Str *highest) {
        unsigned found = 0;
        double most = -INFINITY;
        Str text;

        for (unsigned i = 0; i < n; i++) {
                if (!measure_of(lines[i], name, kind, &numbers[found], &text))
                        continue;
                if (numbers[found] > most) {
                        most = numbers[found];
                        *highest = text;
                }
                found++;
        }
        return found;
}

/* A number that never falls counts something. */
static bool only_rises(const double *numbers, unsigned n) {
        for (unsigned i = 1; i < n; i++)
                if (numbers[i] < numbers[i - 1])
                        return false;
        return n < 2 || numbers[n - 1] > numbers[0];
}

static bool has_height(double *numbers, unsigned n, double spread) {
        if (only_rises(numbers, n))
                return false;
        qsort(numbers, n, sizeof(*numbers), measure_compare);
        return numbers[n - 1] <= spread * MAX(numbers[n / 2], 1);
}

/* Each another, all large and near each other: the numbers of tickets, orders, runs. */
static bool is_numbering(const double *sorted, unsigned n) {
        for (unsigned i = 1; i < n; i++)
                if (sorted[i] == sorted[i - 1])
                        return false;
        return n > 1 && sorted[0] >= NUMBERING_MIN && sorted[n - 1] <= NUMBERING_SPREAD_MAX * sorted[0];
}

/* The highest of the lines before, for which that is a usual height; false where it is none. @numbers has room for them. */
static bool find_height(const Exemplar *const *before, unsigned n_before, unsigned n_min, double spread, double *numbers, Jump *jump) {
        unsigned n = numbers_of(before, n_before, jump->name, jump->kind, numbers, &jump->before_text);

        if (n < n_min || !has_height(numbers, n, spread) || (jump->kind != MEASURE_NAMED && is_numbering(numbers, n)))
                return false;
        jump->before = numbers[n - 1];
        return true;
}

static bool find_jump(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, double ratio, unsigned n_min,
                      Jump *jump) {
        g_autofree double *numbers = g_new(double, MAX(n_before, n_after) + 1);
        unsigned n;

        if (!find_height(before, n_before, n_min, MEASURE_SPREAD_MAX, numbers, jump))
                return false;
        n = numbers_of(after, n_after, jump->name, jump->kind, numbers, &jump->after_text);
        for (unsigned i = 0; i < n; i++) {
                jump->after = MAX(jump->after, numbers[i]);
                jump->n_after += numbers[i] >= ratio * MAX(jump->before, 1);
        }
        return jump->n_after > 0;
}

static bool find_climb(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, unsigned n_min, Jump *climb) {
        g_autofree double *numbers = g_new(double, MAX(n_before, n_after) + 1);
        double last = 0;
        unsigned n;

        if (!find_height(before, n_before, n_min, CLIMB_SPREAD_MAX, numbers, climb))
                return false;
        n = numbers_of(after, n_after, climb->name, climb->kind, numbers, &climb->after_text);
        for (unsigned i = 0; i < n; i++) {
                if (numbers[i] <= climb->before)
                        continue;
                if (climb->n_after < CLIMB_LINES_MIN && numbers[i] <= last)
                        return false;
                last = numbers[i];
                climb->after = MAX(climb->after, last);
                climb->n_after++;
        }
        return climb->n_after >= CLIMB_LINES_MIN && climb->after >= CLIMB_RATIO_MIN * MAX(climb->before, 1);
}

/* How many times the highest before. */
static double ratio_of(const Jump *jump) {
        return jump->after / MAX(jump->before, 1);
}

/* Of @lines the one behind the last that is not higher than ever before, of those before the highest. */
static unsigned start_of_climb(const Exemplar *const *lines, unsigned n, const Jump *climb) {
        unsigned start = 0, low = 0;
        double value;
        Str text;

        for (unsigned i = 0; i < n; i++) {
                if (!measure_of(lines[i], climb->name, climb->kind, &value, &text))
                        continue;
                if (value <= climb->before)
                        low = i + 1;
                else if (value >= climb->after)
                        start = low;
        }
        return start;
}

static unsigned counted_names_in(const Exemplar *line, Str names[static MEASURES_MAX]) {
        unsigned n = 0;
        Counted counted;

        for (size_t at = 0; n < MEASURES_MAX && counted_next(evidence_fields(line), &at, &counted);)
                names[n++] = counted.name;
        return n;
}

/* The names of the numbers of @line. */
static unsigned names_in(const Exemplar *line, MeasureKind kind, Str names[static MEASURES_MAX]) {
        Pair pairs[PAIRS_MAX];
        unsigned n_pairs, n = 0;
        double ignored;

        if (kind == MEASURE_COUNTED)
                return counted_names_in(line, names);
        n_pairs = pairs_of(str_from(line->text), pairs);
        for (unsigned i = 0; i < n_pairs && n < MEASURES_MAX; i++)
                if ((pairs[i].named || kind == MEASURE_ANY) && number_of(pairs[i].value, &ignored))
                        names[n++] = pairs[i].key;
        return n;
}

/* The greatest climb of the measures of this kind, if it is greater than that of @climb. */
static void find_greatest(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, unsigned n_min, MeasureKind kind,
                          Jump *climb) {
        Str names[MEASURES_MAX];
        unsigned n = names_in(after[n_after - 1], kind, names);

        for (unsigned i = 0; i < n; i++) {
                Jump found = { .kind = kind, .name = names[i] };

                if (measure_tells_what_happens(names[i]) && !measure_is_traffic(names[i]) && find_climb(before, n_before, after, n_after, n_min, &found) &&
                    (climb->n_after == 0 || ratio_of(&found) > ratio_of(climb)))
                        *climb = found;
        }
}

bool measures_climb(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, unsigned n_min, Jump *climb) {
        *climb = (Jump){ 0 };
        if (n_before < n_min || n_after < CLIMB_LINES_MIN)
                return false;
        find_greatest(before, n_before, after, n_after, n_min, MEASURE_NAMED, climb);
        find_greatest(before, n_before, after, n_after, n_min, MEASURE_COUNTED, climb);
        if (climb->n_after == 0)
                return false;
        climb->first = start_of_climb(after, n_after, climb);
        return true;
}

bool measures_jump(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, double ratio, unsigned n_min,
                   MeasureKind kind, Jump *jump) {
        Str names[MEASURES_MAX];
        bool any = false;
        unsigned n;

        if (n_before < n_min || n_after == 0)
                return false;
        n = names_in(after[n_after - 1], kind, names);
        for (unsigned i = 0; i < n; i++) {
                Jump found = { .kind = kind, .name = names[i] };

                if (find_jump(before, n_before, after, n_after, ratio, n_min, &found) && (!any || ratio_of(&found) > ratio_of(jump))) {
                        *jump = found;
                        any = true;
                }
        }
        return any;
}
