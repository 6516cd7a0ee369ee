/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/zones.h"

#include "base/order.h"

/* In seconds. All zones are whole quarters of an hour away from UTC, at most so much. */
#define STEP     (15 * 60)
#define STEP_MAX (14 * 60 * 60 / STEP)

/* By how much begin and end may differ in all: a tenth of the shorter log, at least and at most so many seconds. */
#define APART_MIN 120
#define APART_MAX (5 * 60)

/* In percent: so many of the first and of the last events do not count, for single lines may be of another zone than the rest. */
#define STRAY_PERCENT 2

/* With more sources nobody looks. */
#define SOURCES_MAX 64

/* When a source speaks, in seconds; `n` is 0 for one that is not compared. */
typedef struct Stay {
        int64_t from, to;
        uint64_t n;
} Stay;

static int compare_buckets(const void *a, const void *b) {
        return COMPARE(((const Bucket *)a)->start, ((const Bucket *)b)->start);
}

/* From the first bucket of @buckets behind the strays to the last before those. */
static Stay stay_of(const GArray *buckets, uint64_t n) {
        uint64_t strays = n * STRAY_PERCENT / 100, seen = 0;
        Stay stay = { 0, 0, n };

        for (guint i = 0; i < buckets->len; i++) {
                const Bucket *bucket = &g_array_index(buckets, Bucket, i);

                if (seen <= strays)
                        stay.from = bucket->start;
                if (seen + strays < n)
                        stay.to = bucket->start;
                seen += bucket->count;
        }
        return stay;
}

/* By the signals that are of @source alone. */
static Stay find_stay(const LedgerView *view, uint32_t source) {
        g_autoptr(GArray) buckets = g_array_new(FALSE, FALSE, sizeof(Bucket));
        uint64_t n = 0;

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (signal->n_sources == 1 && signal->sources[0].source == source && signal->series.n > 0) {
                        g_array_append_vals(buckets, signal->series.buckets, signal->series.n);
                        n += series_total(&signal->series);
                }
        }
        g_array_sort(buckets, compare_buckets);
        return stay_of(buckets, n);
}

static bool overlap(const Stay *a, const Stay *b) {
        return a->from <= b->to && b->from <= a->to;
}

/* How far begin and end of @a, @steps earlier, are from those of @b. */
static int64_t apart(const Stay *a, const Stay *b, int64_t steps) {
        return ABS(a->from - steps * STEP - b->from) + ABS(a->to - steps * STEP - b->to);
}

static int64_t may_be_apart(const Stay *a, const Stay *b) {
        return CLAMP(MIN(a->to - a->from, b->to - b->from) / 10, APART_MIN, APART_MAX);
}

/* How many steps later than @b the log @a stands. */
static int64_t steps_between(const Stay *a, const Stay *b) {
        int64_t twice = (a->from - b->from) + (a->to - b->to);

        return (twice + (twice < 0 ? -STEP : STEP)) / (2 * STEP);
}

/* The zone in which @source fits one of @others best; false if none does, or if it does as it is. */
static bool find_fit(const Stay *stays, guint n, uint32_t source, const bool *others, ZoneFit *fit) {
        const Stay *own = &stays[source];
        int64_t least = INT64_MAX;

        for (guint i = 0; i < n; i++) {
                const Stay *other = &stays[i];
                int64_t steps, far;

                if (!others[i] || other->n == 0)
                        continue;
                if (apart(own, other, 0) <= may_be_apart(own, other))
                        return false;
                steps = steps_between(own, other);
                far = apart(own, other, steps);
                if (overlap(own, other) || far > may_be_apart(own, other) || ABS(steps) > STEP_MAX || far >= least)
                        continue;
                least = far;
                *fit = (ZoneFit){ source, i, (int)steps * STEP / 60 };
        }
        return least < INT64_MAX;
}

static bool zone_is(const LedgerView *view, guint source, const char *from) {
        return g_str_equal(((const SourceRecord *)view->sources->pdata[source])->zone_from, from);
}

GArray *zones_fitting(const LedgerView *view) {
        GArray *fits = g_array_new(FALSE, FALSE, sizeof(ZoneFit));
        guint n = view->sources->len, n_zoned = 0;
        g_autofree Stay *stays = g_new0(Stay, n + 1);
        g_autofree bool *zoned = g_new0(bool, n + 1);

        for (guint i = 0; i < n; i++)
                n_zoned += zoned[i] = zone_is(view, i, "line");
        if (n_zoned == 0 || n_zoned == n || n > SOURCES_MAX)
                return fits;
        for (guint i = 0; i < n; i++)
                stays[i] = find_stay(view, i);
        for (guint i = 0; i < n; i++) {
                ZoneFit fit;
                if (zone_is(view, i, "assumed") && stays[i].n > 0 && find_fit(stays, n, i, zoned, &fit))
                        g_array_append_val(fits, fit);
        }
        return fits;
}
