/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/zones.h"

#include "base/order.h"

/* In seconds. All zones are whole quarters of an hour away from UTC, at least and at most so many. */
#define STEP     (15 * 60)
#define STEP_MIN (60 * 60 / STEP)
#define STEP_MAX (14 * 60 * 60 / STEP)

/* By how much begin and end may differ in all: a tenth of the shorter log, at least and at most so many seconds. */
#define APART_MIN 120
#define APART_MAX (5 * 60)

/* In percent: so many of the first and of the last events do not count, for single lines may be of another zone than the rest. */
#define STRAY_PERCENT 5

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

static void add_events(GArray *buckets, int64_t time_us, uint64_t count) {
        Bucket bucket = { series_second(time_us), (uint32_t)MIN(count, UINT32_MAX) };

        g_array_append_val(buckets, bucket);
}

/* Of a signal that other sources have, too, only the first and the last event are known; half of all are counted there and half here. */
static void add_signal(GArray *buckets, const Signal *signal, uint32_t source) {
        for (uint32_t i = 0; i < signal->n_sources; i++) {
                const SourceCount *count = &signal->sources[i];

                if (count->source != source || count->first_us == TIME_NONE)
                        continue;
                if (signal->n_sources == 1) {
                        g_array_append_vals(buckets, signal->series.buckets, signal->series.n);
                } else {
                        add_events(buckets, count->first_us, count->count - count->count / 2);
                        add_events(buckets, count->last_us, count->count / 2);
                }
        }
}

static Stay find_stay(const LedgerView *view, uint32_t source) {
        g_autoptr(GArray) buckets = g_array_new(FALSE, FALSE, sizeof(Bucket));
        uint64_t n = 0;

        for (guint i = 0; i < view->signals->len; i++)
                add_signal(buckets, view->signals->pdata[i], source);
        for (guint i = 0; i < buckets->len; i++)
                n += g_array_index(buckets, Bucket, i).count;
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
                if (overlap(own, other) || far > may_be_apart(own, other) || ABS(steps) < STEP_MIN || ABS(steps) > STEP_MAX || far >= least)
                        continue;
                least = far;
                *fit = (ZoneFit){ source, i, (int)steps * STEP / 60 };
        }
        return least < INT64_MAX;
}

static bool stands_apart(const Stay *own, const Stay *stays, guint n, const bool *others) {
        for (guint i = 0; i < n; i++)
                if (others[i] && stays[i].n > 0 && overlap(own, &stays[i]))
                        return false;
        return true;
}

/* What says little need not begin and end with others: where it stands apart from all, but within the reference of @fit in that zone, it is of that. */
static bool find_alike(const Stay *stays, guint n, uint32_t source, const bool *others, const ZoneFit *fit, ZoneFit *found) {
        const Stay *reference = &stays[fit->reference];
        int64_t from = stays[source].from - fit->minutes * 60, to = stays[source].to - fit->minutes * 60;

        if (!stands_apart(&stays[source], stays, n, others) || from < reference->from - APART_MIN || to > reference->to + APART_MIN)
                return false;
        *found = (ZoneFit){ source, fit->reference, fit->minutes };
        return true;
}

static int compare_fits(const void *a, const void *b) {
        return COMPARE(((const ZoneFit *)a)->source, ((const ZoneFit *)b)->source);
}

static bool zone_is(const LedgerView *view, guint source, const char *from) {
        return g_str_equal(((const SourceRecord *)view->sources->pdata[source])->zone_from, from);
}

GArray *zones_fitting(const LedgerView *view) {
        GArray *fits = g_array_new(FALSE, FALSE, sizeof(ZoneFit));
        guint n = view->sources->len, n_zoned = 0;
        g_autofree Stay *stays = g_new0(Stay, n + 1);
        g_autofree bool *zoned = g_new0(bool, n + 1), *open = g_new0(bool, n + 1);

        for (guint i = 0; i < n; i++)
                n_zoned += zoned[i] = zone_is(view, i, "line");
        if (n_zoned == 0 || n_zoned == n || n > SOURCES_MAX)
                return fits;
        for (guint i = 0; i < n; i++)
                stays[i] = find_stay(view, i);
        for (guint i = 0; i < n; i++) {
                ZoneFit fit;
                open[i] = zone_is(view, i, "assumed") && stays[i].n > 0;
                if (open[i] && find_fit(stays, n, i, zoned, &fit)) {
                        g_array_append_val(fits, fit);
                        open[i] = false;
                }
        }
        for (guint i = 0, n_sure = fits->len; n_sure > 0 && i < n; i++) {
                ZoneFit fit;
                if (open[i] && find_alike(stays, n, i, zoned, &g_array_index(fits, ZoneFit, 0), &fit))
                        g_array_append_val(fits, fit);
        }
        g_array_sort(fits, compare_fits);
        return fits;
}
