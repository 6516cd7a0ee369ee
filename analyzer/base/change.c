/* SPDX-License-Identifier: Apache-2.0 */
#include "base/change.h"

#include "base/time.h"

#include <glib.h>
#include <math.h>

#define SMOOTHING 0.5

static double surprise(double count, double expected) {
        return count * log(count / expected);
}

double change_surplus_llr(double inside, double total, double share) {
        double expected = total * share, outside = total - inside;

        if (inside <= expected || share >= 1)
                return 0;
        return surprise(inside, expected) + (outside > 0 ? surprise(outside, total - expected) : 0);
}

CountChange change_of(uint64_t before, uint64_t now, double level, unsigned n_tests) {
        double a = (double)before + SMOOTHING, b = (double)now + SMOOTHING * level;
        double all = a + b, expected_a = all / (1 + level), expected_b = all * level / (1 + level);
        CountChange change = { .factor = b / (a * level) };

        change.g = MAX(2 * (surprise(a, expected_a) + surprise(b, expected_b)), 0);
        change.chance = MIN(erfc(sqrt(change.g / 2)) * MAX(n_tests, 1), 1);
        if (change.chance >= CHANGE_CHANCE || MAX(change.factor, 1 / change.factor) < CHANGE_FACTOR_MIN)
                return change;
        if (change.factor > 1)
                change.kind = before == 0 ? CHANGE_NEW : CHANGE_RISEN;
        else
                change.kind = now == 0 ? CHANGE_GONE : CHANGE_FALLEN;
        return change;
}

const char *change_name(ChangeKind kind) {
        static const char *const NAMES[] = {
                [CHANGE_NONE] = "", [CHANGE_NEW] = "new", [CHANGE_GONE] = "gone", [CHANGE_RISEN] = "risen", [CHANGE_FALLEN] = "fallen",
        };

        return NAMES[kind];
}

static char *in_span(double seconds) {
        char buffer[TIME_TEXT_BYTES];

        return seconds < 0 ? g_strdup("") : g_strdup_printf(" in %s", time_write_span((int64_t)(seconds * 1e6), buffer));
}

char *change_words(ChangeKind kind, uint64_t before, double before_seconds, uint64_t now, double now_seconds) {
        g_autofree char *then = in_span(before_seconds), *span = in_span(now_seconds);

        return g_strdup_printf("%s: %" G_GUINT64_FORMAT "%s before, %" G_GUINT64_FORMAT "%s", change_name(kind), (guint64)before, then, (guint64)now, span);
}
