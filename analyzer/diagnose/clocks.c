/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/clocks.h"

#include <float.h>
#include <math.h>

/* Traffic rises and falls in minutes; what is compared is how it differs from its mean over so many seconds to each side. */
#define SMOOTH_SECONDS 15

/* So near to an incident nothing is calm. */
#define AROUND_SECONDS 5

/* Seconds with calm events: so many a source needs to be compared, and no more are looked at. */
#define BUSY_SECONDS_MIN 40
#define BUSY_SECONDS_MAX 4096

/* How far the best distance must stand out: as a correlation, in deviations of all others, and what the next best may have of it. */
#define CORRELATION_MIN 0.3
#define STRENGTH_MIN    7.0
#define NEXT_SHARE_MAX  0.4

/* So far away it must not come again. */
#define AGAIN_SECONDS_MAX 4000

/* In so many parts of the log, each with as many busy seconds, the distance must be the same. */
#define PARTS 4

/* What is found is as exact as times in whole seconds are. */
#define UNCERTAINTY_SECONDS 1.0

#define LAGS (2 * CLOCK_SECONDS_MAX + 1)

/* What a source does, by second of the axis. */
typedef struct Pulse {
        uint32_t source;
        uint64_t n_events;
        GArray *busy; /* of guint: the seconds with events, in order */
        float *beat;  /* the square root of the number of events, which evens out bursts */
        float *rest;  /* the same without its mean around; 0 where nothing is known */
        double *sums; /* of `rest`, before each second; one more than there are seconds */
        double power; /* the sum of the squares of `rest` */
} Pulse;

typedef struct Comparison {
        const LedgerView *view;
        double start;   /* the first second */
        guint n;        /* seconds */
        bool *quiet;    /* those outside of incidents; owned */
        guint *n_quiet; /* how many of them before each second; one more than there are seconds; owned */
        GArray *pulses; /* of Pulse; owned */
} Comparison;

static void pulse_clear(void *data) {
        Pulse *pulse = data;

        g_clear_pointer(&pulse->busy, g_array_unref);
        g_free(pulse->beat);
        g_free(pulse->rest);
        g_free(pulse->sums);
}

/* --- the pulse of a source --- */

static void find_quiet(Comparison *c, const GPtrArray *episodes) {
        c->quiet = g_new(bool, c->n);
        for (guint i = 0; i < c->n; i++)
                c->quiet[i] = true;
        for (guint i = 0; i < episodes->len; i++) {
                const Episode *episode = episodes->pdata[i];
                double from = MAX(episode->from - AROUND_SECONDS - c->start, 0), to = MIN(episode->to + AROUND_SECONDS - c->start, c->n);
                for (guint second = (guint)from; second < to; second++)
                        c->quiet[second] = false;
        }
        c->n_quiet = g_new0(guint, c->n + 1);
        for (guint i = 0; i < c->n; i++)
                c->n_quiet[i + 1] = c->n_quiet[i] + c->quiet[i];
}

/* No bad news, of one source alone, and known to the second. */
static bool is_calm(const Signal *signal) {
        return !signal->pattern_id && signal->level < LEVEL_WARNING && signal->status < 500 && signal->n_sources == 1 && signal->series.shift == 0;
}

static int compare_sizes(const void *a, const void *b) {
        const Pulse *one = a, *two = b;

        if (one->n_events != two->n_events)
                return one->n_events > two->n_events ? -1 : 1;
        return one->source < two->source ? -1 : 1;
}

/* Chooses who is compared. */
static void find_sources(Comparison *c) {
        c->pulses = g_array_new(FALSE, TRUE, sizeof(Pulse));
        g_array_set_size(c->pulses, c->view->sources->len);
        for (guint i = 0; i < c->view->sources->len; i++)
                g_array_index(c->pulses, Pulse, i).source = i;
        for (guint i = 0; i < c->view->signals->len; i++) {
                const Signal *signal = c->view->signals->pdata[i];
                if (is_calm(signal))
                        g_array_index(c->pulses, Pulse, signal->sources[0].source).n_events += signal->count;
        }
        g_array_sort(c->pulses, compare_sizes);
        if (c->pulses->len > CLOCK_SOURCES_MAX)
                g_array_set_size(c->pulses, CLOCK_SOURCES_MAX);
        g_array_set_clear_func(c->pulses, pulse_clear);
}

static void count_signal(const Comparison *c, const Signal *signal, float *counts) {
        for (uint32_t i = 0; i < signal->series.n; i++) {
                double at = signal->series.buckets[i].start - c->start;
                if (at >= 0 && at < c->n && c->quiet[(guint)at])
                        counts[(guint)at] += (float)signal->series.buckets[i].count;
        }
}

/* Takes away the mean around, from the first busy second to the last. */
static void find_rest(const Comparison *c, Pulse *pulse) {
        guint first = g_array_index(pulse->busy, guint, 0), end = g_array_index(pulse->busy, guint, pulse->busy->len - 1) + 1;
        const float *beat = pulse->beat;
        double sum = 0, known = 0;

        for (guint i = first; i < end + SMOOTH_SECONDS; i++) {
                guint middle = i - SMOOTH_SECONDS, gone = middle - SMOOTH_SECONDS - 1;

                if (i < end && c->quiet[i]) {
                        sum += beat[i];
                        known++;
                }
                if (i > first + 2 * SMOOTH_SECONDS && c->quiet[gone]) {
                        sum -= beat[gone];
                        known--;
                }
                if (i >= first + SMOOTH_SECONDS && c->quiet[middle]) {
                        pulse->rest[middle] = (float)(beat[middle] - sum / known);
                        pulse->power += (double)pulse->rest[middle] * pulse->rest[middle];
                }
        }
        for (guint i = 0; i < c->n; i++)
                pulse->sums[i + 1] = pulse->sums[i] + pulse->rest[i];
}

static void find_pulse(const Comparison *c, Pulse *pulse) {
        pulse->busy = g_array_new(FALSE, FALSE, sizeof(guint));
        pulse->beat = g_new0(float, c->n);
        pulse->rest = g_new0(float, c->n);
        pulse->sums = g_new0(double, c->n + 1);
        for (guint i = 0; i < c->view->signals->len; i++) {
                const Signal *signal = c->view->signals->pdata[i];
                if (is_calm(signal) && signal->sources[0].source == pulse->source)
                        count_signal(c, signal, pulse->beat);
        }
        for (guint i = 0; i < c->n && pulse->busy->len < BUSY_SECONDS_MAX; i++)
                if (pulse->beat[i] > 0) {
                        pulse->beat[i] = sqrtf(pulse->beat[i]);
                        g_array_append_val(pulse->busy, i);
                }
        if (pulse->busy->len >= BUSY_SECONDS_MIN)
                find_rest(c, pulse);
}

/* --- two sources --- */

/* Two pulses, the second @seconds later than the first; indexes of the pulses. */
typedef struct Match {
        guint a, b;
        double seconds;
} Match;

static double rest_between(const Comparison *c, const Pulse *pulse, gint64 from, gint64 to) {
        return pulse->sums[CLAMP(to, 0, c->n)] - pulse->sums[CLAMP(from, 0, c->n)];
}

/*
 * How much two pulses go together when the second is @lag seconds late, over the time of the busy seconds @from..@to of the first: the
 * sum of products of the first, without its mean, and the rest of the second. The seconds between the busy ones have part in the mean alone.
 */
static double together(const Comparison *c, const Pulse *a, const Pulse *b, guint from, guint to, gint64 lag) {
        guint first = g_array_index(a->busy, guint, from), end = g_array_index(a->busy, guint, to - 1) + 1;
        double sum = 0, beats = 0;

        for (guint i = from; i < to; i++) {
                guint second = g_array_index(a->busy, guint, i);
                gint64 at = second + lag;
                if (at >= 0 && at < c->n)
                        sum += (double)a->beat[second] * b->rest[at];
                beats += a->beat[second];
        }
        return sum - beats / (c->n_quiet[end] - c->n_quiet[first]) * rest_between(c, b, first + lag, end + lag);
}

/* For all lags; returns the best of them. */
static int score_lags(const Comparison *c, const Pulse *a, const Pulse *b, guint from, guint to, double score[static LAGS]) {
        int best = 0;

        for (int i = 0; i < LAGS; i++) {
                score[i] = together(c, a, b, from, to, i - CLOCK_SECONDS_MAX);
                if (score[i] > score[best])
                        best = i;
        }
        return best;
}

static double score_at(const double *score, int i) {
        return i >= 0 && i < LAGS ? MAX(score[i], 0) : 0;
}

/* Clocks differ by parts of seconds, too: the better neighbour of the best belongs to it. */
static int partner_of(const double *score, int best) {
        return score_at(score, best - 1) > score_at(score, best + 1) ? best - 1 : best + 1;
}

/* Does the best lag stand out from all that are not its partner? */
static bool stands_out(const double *score, int best) {
        double sum = 0, squares = 0, n = 0, mean;

        for (int i = 0; i < LAGS; i++) {
                if (i == best || i == partner_of(score, best))
                        continue;
                if (score[i] > NEXT_SHARE_MAX * score[best])
                        return false;
                sum += score[i];
                squares += score[i] * score[i];
                n++;
        }
        mean = sum / n;
        return score[best] - mean >= STRENGTH_MIN * sqrt(MAX(squares / n - mean * mean, 0));
}

static bool is_same_in_parts(const Comparison *c, const Pulse *a, const Pulse *b, int best) {
        for (guint part = 0; part < PARTS; part++) {
                double score[LAGS];
                if (ABS(score_lags(c, a, b, a->busy->len * part / PARTS, a->busy->len * (part + 1) / PARTS, score) - best) > 1)
                        return false;
        }
        return true;
}

static bool comes_again(const Comparison *c, const Pulse *a, const Pulse *b, double best) {
        for (gint64 lag = CLOCK_SECONDS_MAX; lag < MIN(c->n / 2, AGAIN_SECONDS_MAX); lag++)
                if (MAX(together(c, a, b, 0, a->busy->len, lag), together(c, a, b, 0, a->busy->len, -lag)) > NEXT_SHARE_MAX * best)
                        return true;
        return false;
}

static bool find_match(const Comparison *c, Match *match) {
        const Pulse *a = &g_array_index(c->pulses, Pulse, match->a), *b = &g_array_index(c->pulses, Pulse, match->b);
        double score[LAGS], correlation;
        int best, partner;

        if (a->busy->len < BUSY_SECONDS_MIN || b->busy->len < BUSY_SECONDS_MIN)
                return false;
        best = score_lags(c, a, b, 0, a->busy->len, score);
        partner = partner_of(score, best);
        correlation = score[best] / sqrt(MAX(a->power * b->power, DBL_MIN));
        match->seconds = best - CLOCK_SECONDS_MAX + (partner - best) * score_at(score, partner) / (score_at(score, partner) + score_at(score, best));
        return correlation >= CORRELATION_MIN && stands_out(score, best) && is_same_in_parts(c, a, b, best) &&
               (ABS(best - CLOCK_SECONDS_MAX) < CLOCK_SECONDS_MIN || !comes_again(c, a, b, score[best]));
}

static GArray *find_matches(const Comparison *c) {
        GArray *matches = g_array_new(FALSE, FALSE, sizeof(Match));

        for (guint i = 0; i < c->pulses->len; i++)
                for (guint j = i + 1; j < c->pulses->len; j++) {
                        Match match = { i, j, 0 };
                        if (find_match(c, &match))
                                g_array_append_val(matches, match);
                }
        return matches;
}

/* --- all of them --- */

/* Where the clocks of a group of sources that are tied by matches stand, against that of the first one of the group. */
typedef struct Group {
        bool member[CLOCK_SOURCES_MAX];
        double ahead[CLOCK_SOURCES_MAX];
        bool agrees;
} Group;

/* One step along a match, in either direction; true when it brought in a source. */
static bool follow(Group *group, const Match *match) {
        bool a = group->member[match->a], b = group->member[match->b];

        if (a && b)
                group->agrees &= fabs(group->ahead[match->b] - group->ahead[match->a] - match->seconds) <= UNCERTAINTY_SECONDS;
        if (a == b)
                return false;
        if (a)
                group->ahead[match->b] = group->ahead[match->a] + match->seconds;
        else
                group->ahead[match->a] = group->ahead[match->b] - match->seconds;
        group->member[match->a] = group->member[match->b] = true;
        return true;
}

static Group group_of(const GArray *matches, guint first) {
        Group group = { .agrees = true };
        bool grows = true;

        group.member[first] = true;
        while (grows) {
                grows = false;
                for (guint i = 0; i < matches->len; i++)
                        grows |= follow(&group, &g_array_index(matches, Match, i));
        }
        return group;
}

/* The clock that most others share; of several, the one of the source that is named first. */
static guint reference_of(const Comparison *c, const Group *group) {
        guint best = 0, n_best = 0;

        for (guint i = 0; i < c->pulses->len; i++) {
                guint n = 0;
                for (guint j = 0; j < c->pulses->len; j++)
                        n += group->member[i] && group->member[j] && fabs(group->ahead[i] - group->ahead[j]) <= UNCERTAINTY_SECONDS;
                if (n > n_best || (n > 0 && n == n_best && g_array_index(c->pulses, Pulse, i).source < g_array_index(c->pulses, Pulse, best).source)) {
                        best = i;
                        n_best = n;
                }
        }
        return best;
}

static void add_differences(const Comparison *c, const Group *group, GArray *differences) {
        guint reference = reference_of(c, group);

        for (guint i = 0; i < c->pulses->len; i++) {
                ClockDifference difference = {
                        .source = g_array_index(c->pulses, Pulse, i).source,
                        .reference = g_array_index(c->pulses, Pulse, reference).source,
                        .seconds = group->ahead[i] - group->ahead[reference],
                        .uncertainty = UNCERTAINTY_SECONDS,
                };
                if (group->member[i] && fabs(round(difference.seconds)) >= CLOCK_SECONDS_MIN)
                        g_array_append_val(differences, difference);
        }
}

static int compare_differences(const void *a, const void *b) {
        const ClockDifference *one = a, *two = b;

        return (one->source > two->source) - (one->source < two->source);
}

GArray *clocks_compare(const LedgerView *view, const Axis *axis, const GPtrArray *episodes) {
        Comparison c = { .view = view, .start = floor(axis->start), .n = (guint)CLAMP(axis->end - floor(axis->start), 1, CLOCK_SPAN_MAX) };
        GArray *differences = g_array_new(FALSE, FALSE, sizeof(ClockDifference));
        bool told[CLOCK_SOURCES_MAX] = { false };
        g_autoptr(GArray) matches = NULL;

        if (axis->by_line || view->sources->len < 2)
                return differences;
        find_quiet(&c, episodes);
        find_sources(&c);
        for (guint i = 0; i < c.pulses->len; i++)
                find_pulse(&c, &g_array_index(c.pulses, Pulse, i));
        matches = find_matches(&c);
        for (guint i = 0; i < c.pulses->len; i++) {
                Group group;
                if (told[i])
                        continue;
                group = group_of(matches, i);
                for (guint j = 0; j < CLOCK_SOURCES_MAX; j++)
                        told[j] |= group.member[j];
                if (group.agrees)
                        add_differences(&c, &group, differences);
        }
        g_array_sort(differences, compare_differences);
        g_array_unref(c.pulses);
        g_free(c.quiet);
        g_free(c.n_quiet);
        return differences;
}
