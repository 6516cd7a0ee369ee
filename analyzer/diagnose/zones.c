/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/zones.h"

#define SECOND_US INT64_C(1000000)

/* All zones are whole quarters of an hour away from UTC, at least and at most so many. */
#define STEP_US  (15 * 60 * SECOND_US)
#define STEP_MIN (60 * 60 * SECOND_US / STEP_US)
#define STEP_MAX (14 * 60 * 60 * SECOND_US / STEP_US)

/* By how much begin and end may differ in all: a tenth of the shorter log, at least and at most so much. */
#define APART_MIN_US (120 * SECOND_US)
#define APART_MAX_US (5 * 60 * SECOND_US)

/* With more sources nobody looks. */
#define SOURCES_MAX 64

/* What each source says at times of a known zone, and at times that were read as UTC because nobody names theirs. */
typedef struct Spans {
        TimeSpan *known, *open; /* each of `n`; owned */
        guint n;
} Spans;

static const TimeSpan NOTHING = { TIME_NONE, TIME_NONE };

static bool is_there(const TimeSpan *span) {
        return span->first_us != TIME_NONE;
}

static bool overlap(const TimeSpan *a, const TimeSpan *b) {
        return is_there(a) && is_there(b) && a->first_us <= b->last_us && b->first_us <= a->last_us;
}

static TimeSpan earlier(const TimeSpan *span, int64_t steps) {
        return (TimeSpan){ span->first_us - steps * STEP_US, span->last_us - steps * STEP_US };
}

/* How far begin and end of the two are from each other. */
static int64_t apart(const TimeSpan *a, const TimeSpan *b) {
        return ABS(a->first_us - b->first_us) + ABS(a->last_us - b->last_us);
}

static bool go_together(const TimeSpan *a, const TimeSpan *b) {
        int64_t shorter = MIN(a->last_us - a->first_us, b->last_us - b->first_us);

        return apart(a, b) <= CLAMP(shorter / 10, APART_MIN_US, APART_MAX_US);
}

/* How many steps later than @b the log @a stands. */
static int64_t steps_between(const TimeSpan *a, const TimeSpan *b) {
        int64_t twice = (a->first_us - b->first_us) + (a->last_us - b->last_us);

        return (twice + (twice < 0 ? -STEP_US : STEP_US)) / (2 * STEP_US);
}

static bool stands_apart(const TimeSpan *open, const Spans *spans) {
        for (guint i = 0; i < spans->n; i++)
                if (overlap(open, &spans->known[i]))
                        return false;
        return true;
}

static ZoneFit fit_of(uint32_t source, uint32_t reference, int64_t steps, const TimeSpan *open) {
        return (ZoneFit){ .source = source,
                          .reference = reference,
                          .minutes = (int)(steps * STEP_US / SECOND_US / 60),
                          .from_us = open->first_us,
                          .to_us = open->last_us + 1 };
}

/* The zone in which @source goes together with another best; false if there is none, or if it stands among the others as it is. */
static bool find_fit(const Spans *spans, uint32_t source, ZoneFit *fit) {
        const TimeSpan *open = &spans->open[source];
        int64_t least = INT64_MAX;

        if (!is_there(open) || !stands_apart(open, spans))
                return false;
        for (guint i = 0; i < spans->n; i++) {
                const TimeSpan *other = &spans->known[i];
                int64_t steps = is_there(other) ? steps_between(open, other) : 0;
                TimeSpan moved = earlier(open, steps);

                if (ABS(steps) < STEP_MIN || ABS(steps) > STEP_MAX || !go_together(&moved, other) || apart(&moved, other) >= least)
                        continue;
                least = apart(&moved, other);
                *fit = fit_of(source, i, steps, open);
        }
        return least < INT64_MAX;
}

/* What says little need not begin and end with others: where it stands apart from all, but within the reference of @fit in that zone, it is of that. */
static bool find_alike(const Spans *spans, uint32_t source, const ZoneFit *fit, ZoneFit *found) {
        const TimeSpan *open = &spans->open[source], *reference = &spans->known[fit->reference];
        int64_t steps = fit->minutes * 60 * SECOND_US / STEP_US;
        TimeSpan moved = earlier(open, steps);

        if (!is_there(open) || !stands_apart(open, spans) || moved.first_us < reference->first_us - APART_MIN_US ||
            moved.last_us > reference->last_us + APART_MIN_US)
                return false;
        *found = fit_of(source, fit->reference, steps, open);
        return true;
}

static const ZoneFit *fit_for(const GArray *fits, uint32_t source) {
        for (guint i = 0; i < fits->len; i++)
                if (g_array_index(fits, ZoneFit, i).source == source)
                        return &g_array_index(fits, ZoneFit, i);
        return NULL;
}

/* Sources of the same zone may speak at the same time. */
static bool is_alone(const ZoneFit *fit, const GArray *fits, const Spans *spans) {
        for (guint i = 0; i < spans->n; i++) {
                const ZoneFit *other = fit_for(fits, i);
                if (overlap(&spans->open[fit->source], &spans->open[i]) && (!other || other->minutes != fit->minutes))
                        return false;
        }
        return true;
}

static int compare_fits(const void *a, const void *b) {
        const ZoneFit *one = a, *two = b;

        return one->source < two->source ? -1 : one->source > two->source;
}

static void find_fits(const Spans *spans, GArray *fits) {
        guint n_sure;

        for (guint i = 0; i < spans->n; i++) {
                ZoneFit fit;
                if (find_fit(spans, i, &fit))
                        g_array_append_val(fits, fit);
        }
        n_sure = fits->len;
        for (guint i = 0; n_sure > 0 && i < spans->n; i++) {
                ZoneFit fit;
                if (!fit_for(fits, i) && find_alike(spans, i, &g_array_index(fits, ZoneFit, 0), &fit))
                        g_array_append_val(fits, fit);
        }
        g_array_sort(fits, compare_fits);
        for (guint i = 0; i < fits->len; i++)
                g_array_index(fits, ZoneFit, i).alone = is_alone(&g_array_index(fits, ZoneFit, i), fits, spans);
}

GArray *zones_fitting(const LedgerView *view) {
        GArray *fits = g_array_new(FALSE, FALSE, sizeof(ZoneFit));
        guint n = view->sources->len;
        g_autofree TimeSpan *known = g_new(TimeSpan, n + 1), *open = g_new(TimeSpan, n + 1);
        Spans spans = { known, open, n };

        for (guint i = 0; i < n; i++) {
                const SourceRecord *source = view->sources->pdata[i];
                bool told = g_str_equal(source->zone_from, "option") || g_str_equal(source->zone_from, "fitted");

                known[i] = told ? (TimeSpan){ source->first_us, source->last_us } : source->zoned;
                open[i] = told ? NOTHING : source->unzoned;
        }
        if (n <= SOURCES_MAX)
                find_fits(&spans, fits);
        return fits;
}
