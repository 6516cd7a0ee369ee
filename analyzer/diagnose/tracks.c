/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/tracks.h"

#include "base/change.h"
#include "diagnose/durations.h"
#include "diagnose/hearsay.h"
#include "diagnose/kinds.h"

#include <math.h>

/* --- the axis --- */

static void widen_axis(Axis *axis, const Series *series, bool *any) {
        if (series->n == 0)
                return;
        double start = series->buckets[0].start;
        double end = (double)series->buckets[series->n - 1].start + series_width(series);

        axis->start = *any ? MIN(axis->start, start) : start;
        axis->end = *any ? MAX(axis->end, end) : end;
        *any = true;
}

/* The part of the series between its strays, found at its widest gaps. */
static Series without_strays(const Series *series) {
        Series rest = *series;
        uint64_t allowed = (uint64_t)((double)series_total(series) * STRAY_SHARE), before = 0, after = 0;

        for (uint32_t i = 0; i + 1 < series->n && (before += series->buckets[i].count) <= allowed; i++) {
                double gap = (double)series->buckets[i + 1].start - series->buckets[i].start;
                if (gap > (double)series->buckets[series->n - 1].start - series->buckets[i + 1].start + series_width(series)) {
                        rest.buckets = series->buckets + i + 1;
                        rest.n = series->n - i - 1;
                }
        }
        for (uint32_t i = rest.n; i > 1 && (after += rest.buckets[i - 1].count) <= allowed; i--) {
                double gap = (double)rest.buckets[i - 1].start - rest.buckets[i - 2].start;
                if (gap > (double)rest.buckets[i - 2].start - rest.buckets[0].start + series_width(series))
                        rest.n = i - 1;
        }
        return rest;
}

void axis_of(const LedgerView *view, Axis *axis) {
        bool any = false;

        *axis = (Axis){ .by_line = view->all.n == 0, .all = &view->all, .errors = &view->errors };
        if (!axis->by_line) {
                Series timed = without_strays(&view->all);
                widen_axis(axis, &timed, &any);
                return;
        }
        for (guint i = 0; i < view->signals->len; i++)
                widen_axis(axis, &((const Signal *)view->signals->pdata[i])->by_line, &any);
}

static const Series *series_on(const Signal *signal, const Axis *axis) {
        return axis->by_line ? &signal->by_line : &signal->series;
}

/* --- the surge --- */

typedef struct Surge {
        double from, to, llr;
        uint64_t inside;
} Surge;

/* Buckets that lie within an equal grid of at most TRACK_BUCKETS_MAX cells. */
static uint32_t coarsen(const Series *series, Bucket *cells, double *width) {
        uint32_t n;

        *width = series_width(series);
        for (;;) {
                n = 0;
                for (uint32_t i = 0; i < series->n; i++) {
                        uint32_t start = (uint32_t)(floor(series->buckets[i].start / *width) * *width);
                        if (n > 0 && cells[n - 1].start == start)
                                cells[n - 1].count += series->buckets[i].count;
                        else if (n < TRACK_BUCKETS_MAX)
                                cells[n++] = (Bucket){ start, series->buckets[i].count };
                        else
                                n = TRACK_BUCKETS_MAX + 1;
                        if (n > TRACK_BUCKETS_MAX)
                                break;
                }
                if (n <= TRACK_BUCKETS_MAX)
                        return n;
                *width *= 2;
        }
}

/* A part of the axis in which no surge was found yet. */
typedef struct Segment {
        double from, to;
} Segment;

/* What a search goes through: the parts of the axis that are left, and what is in them. */
typedef struct Rest {
        Segment segments[SURGES_MAX + 1];
        unsigned n;
        double span, total;
} Rest;

/* The best surge that begins and ends within @segment. */
static void search_segment(const Bucket *cells, uint32_t n, double width, const Rest *rest, const Segment *segment, Surge *best) {
        for (uint32_t i = 0; i < n; i++) {
                double inside = 0;
                if (cells[i].start < segment->from)
                        continue;
                for (uint32_t j = i; j < n && cells[j].start < segment->to; j++) {
                        double length = cells[j].start + width - cells[i].start, llr;
                        inside += cells[j].count;
                        llr = change_surplus_llr(inside, rest->total, MIN(length / rest->span, 1));
                        if (llr > best->llr)
                                *best = (Surge){ cells[i].start, cells[j].start + width, llr, (uint64_t)inside };
                }
        }
}

static Surge find_surge(const Bucket *cells, uint32_t n, double width, const Rest *rest) {
        Surge best = { cells[0].start, cells[n - 1].start + width, 0, (uint64_t)rest->total };

        for (unsigned i = 0; i < rest->n; i++)
                search_segment(cells, n, width, rest, &rest->segments[i], &best);
        return best;
}

static bool is_surge_of(const Surge *surge, const Rest *rest);

/* The surge within a surge that takes up most of the axis, if there is one. */
static Surge refine(const Bucket *cells, uint32_t n, double width, Surge surge, double axis_span) {
        while (surge.to - surge.from > SURGE_SHARE_MAX * axis_span) {
                Rest within = { .segments = { { surge.from, surge.to } }, .n = 1, .span = surge.to - surge.from, .total = (double)surge.inside };
                Surge inner = { 0 };
                Rest rest;

                search_segment(cells, n, width, &within, &within.segments[0], &inner);
                rest = within;
                rest.span -= inner.to - inner.from;
                rest.total -= (double)inner.inside;
                if (inner.llr == 0 || inner.to - inner.from >= surge.to - surge.from || !is_surge_of(&inner, &rest))
                        break;
                surge = inner;
        }
        return surge;
}

/* Takes the surge out of the rest: its segment falls in two. */
static void take_out(Rest *rest, const Surge *surge) {
        for (unsigned i = 0; i < rest->n; i++) {
                Segment *segment = &rest->segments[i];
                if (surge->from < segment->from || surge->from >= segment->to)
                        continue;
                rest->segments[rest->n++] = (Segment){ surge->to, segment->to };
                segment->to = surge->from;
                break;
        }
        rest->span -= surge->to - surge->from;
        rest->total -= (double)surge->inside;
}

/* --- tracks --- */

static bool has_risen(const Track *track) {
        return track->llr >= SURGE_LLR_MIN && track->rate_inside >= SURGE_RATE_MIN * track->rate_outside;
}

static bool is_startup(const Track *track, const Axis *axis) {
        double span = axis->end - axis->start, warm_up = MAX(STARTUP_SECONDS, STARTUP_SHARE * span);

        return track->to <= axis->start + MIN(warm_up, STARTUP_SHARE_MAX * span) && (track->rate_outside == 0 || has_risen(track));
}

static double traffic(const Axis *axis, double from, double to) {
        return (double)series_between(axis->all, (int64_t)from, (int64_t)to) - (double)series_between(axis->errors, (int64_t)from, (int64_t)to);
}

/* A surge that takes in nearly all of the traffic is what this traffic is like: before and behind it there was none. */
static bool is_all_traffic(const Track *track, const Axis *axis) {
        double total = axis->by_line ? 0 : traffic(axis, axis->start, axis->end);

        return total >= TRAFFIC_EVENTS_MIN && total - traffic(axis, track->from, track->to) < TRAFFIC_OUTSIDE_MIN * total;
}

double axis_traffic_rise(const Axis *axis, double from, double to) {
        double length = to - from, rest = axis->end - axis->start - length, inside, outside;

        if (axis->by_line || rest <= 0)
                return 1;
        inside = traffic(axis, from, to);
        outside = traffic(axis, axis->start, axis->end) - inside;
        return outside < TRAFFIC_EVENTS_MIN ? 1 : CLAMP(inside / length / (outside / rest), 1, TRAFFIC_RISE_MAX);
}

/* Twice the traffic brings twice as much of what goes wrong all the time, at other times too: without that it would be no surge. */
static bool follows_traffic(const Track *track, const Axis *axis) {
        double length = track->to - track->from, rest = axis->end - axis->start - length, rise = axis_traffic_rise(axis, track->from, track->to);

        if (rise <= 1 || track->rate_outside * rest < NEW_EXPECTED_MIN)
                return false;
        return change_surplus_llr((double)track->inside, (double)track->inside + track->rate_outside * rest, length * rise / (length * rise + rest)) <
               SURGE_LLR_MIN;
}

/* Not there before the surge, though by its rate it should have been. */
static bool is_news(const Track *track, const Axis *axis) {
        return track->before == 0 && track->rate_inside * (track->from - axis->start) >= NEW_EXPECTED_MIN;
}

static TrackKind kind_of(const Track *track, const Axis *axis) {
        if (track->expected >= 0)
                return track->kind;
        if (is_startup(track, axis) && (track->llr >= SURGE_LLR_MIN || track->inside == track->signal->count))
                return TRACK_STARTUP;
        if (is_all_traffic(track, axis) && track->signal->count > SPARSE_EVENTS_MAX)
                return TRACK_STEADY;
        if (has_risen(track) && !follows_traffic(track, axis))
                return is_news(track, axis) ? TRACK_NEW : TRACK_RISEN;
        if (track->signal->count <= SPARSE_EVENTS_MAX || (track->rate_outside == 0 && is_news(track, axis)))
                return TRACK_SPARSE;
        return TRACK_STEADY;
}

/* The earliest exemplar within a bucket of the surge's start tells the exact time. */
static int64_t exact_onset(const Track *track, double width) {
        const Signal *signal = track->signal;
        int64_t from = (int64_t)track->from * 1000000, limit = from + (int64_t)(width * 1e6), best = from;
        bool found = false;

        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *e = signal_exemplar(signal, i);
                if (e->time_us >= from && e->time_us < limit && (!found || e->time_us < best)) {
                        best = e->time_us;
                        found = true;
                }
        }
        return best;
}

/* How long what the lines of the surge speak of had taken when they were written; of several the least. */
static double waited(const Track *track) {
        const Signal *signal = track->signal;
        int64_t from = (int64_t)(track->from * 1e6), to = (int64_t)(track->to * 1e6);
        double least = INFINITY;

        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *e = signal_exemplar(signal, i);
                if (e->time_us >= from && e->time_us < to)
                        least = MIN(least, durations_longest(evidence_fields(e)));
        }
        return isinf(least) ? 0 : least;
}

static int64_t last_time(const Track *track) {
        int64_t last = TIME_NONE, limit = (int64_t)track->to * 1000000;

        for (uint32_t i = 0; i < track->signal->n_sources; i++)
                last = MAX(last, track->signal->sources[i].last_us);
        return MIN(last, limit);
}

/* Describes @surge; @rest is what is left without it. What came before is counted without earlier surges. */
static void measure(Track *track, const Axis *axis, const Surge *surge, const Rest *rest, const Series *series) {
        uint64_t all = series_between(series, (int64_t)axis->start, (int64_t)surge->from);

        track->from = surge->from;
        track->to = surge->to;
        track->llr = surge->llr;
        track->inside = surge->inside;
        for (unsigned i = 0; i < rest->n; i++)
                if (rest->segments[i].from < surge->from)
                        track->before += series_between(series, (int64_t)rest->segments[i].from, (int64_t)MIN(rest->segments[i].to, surge->from));
        track->earlier = all - MIN(all, track->before);
        track->rate_inside = (double)surge->inside / (surge->to - surge->from);
        track->rate_outside = rest->span > 0 ? rest->total / rest->span : 0;
        track->kind = kind_of(track, axis);
        track->onset_us = axis->by_line ? TIME_NONE : exact_onset(track, series_width(series));
        track->last_us = axis->by_line ? TIME_NONE : last_time(track);
        track->began = axis->by_line ? track->from : track->from - waited(track);
}

static bool is_surge_of(const Surge *surge, const Rest *rest) {
        double inside = (double)surge->inside / (surge->to - surge->from);
        double outside = rest->span > 0 ? rest->total / rest->span : 0;

        return surge->llr >= SURGE_LLR_MIN && inside >= SURGE_RATE_MIN * outside;
}

/* The surges one after the other, the clearest first; the first one may be none. */
static unsigned find_surges(const Series *series, double axis_span, Rest *rest, Surge surges[static SURGES_MAX]) {
        Bucket cells[TRACK_BUCKETS_MAX] = { 0 };
        double width;
        uint32_t n_cells = coarsen(series, cells, &width);
        unsigned n = 0;

        while (n < SURGES_MAX && rest->total >= 1) {
                Rest before = *rest;
                Surge found = find_surge(cells, n_cells, width, rest);

                /* Nothing stands out of what is left: it is not looked at as a whole, which the earlier surges are part of. */
                if (n > 0 && found.llr == 0)
                        break;
                surges[n] = refine(cells, n_cells, width, found, axis_span);
                take_out(rest, &surges[n]);
                if (is_surge_of(&surges[n], rest)) {
                        n++;
                        continue;
                }
                if (n > 0)
                        *rest = before;
                return MAX(n, 1);
        }
        return n;
}

/* By the baseline; STEADY where it is as usual, and the surges of the others are told without asking whether they are news. */
static TrackKind kind_by_baseline(const Baseline *baseline, const Signal *signal, double *expected) {
        switch (baseline_judge(baseline, signal, expected)) {
        case USUAL_NEVER_BEFORE:
                return TRACK_NEW;
        case USUAL_MORE:
                return TRACK_RISEN;
        case USUAL_AS_EXPECTED:
                break;
        }
        return TRACK_STEADY;
}

/* From the first event to the last. */
static Surge whole_of(const Series *series) {
        return (Surge){ series->buckets[0].start, (double)series->buckets[series->n - 1].start + series_width(series), 0, series_total(series) };
}

static void add_tracks(GArray *tracks, Track track, const Axis *axis, const Baseline *baseline) {
        const Series *series = series_on(track.signal, axis);
        Rest rest = { .segments = { { axis->start, axis->end } }, .n = 1, .span = axis->end - axis->start };
        Surge surges[SURGES_MAX];
        unsigned n;

        track.source = ALL_SOURCES;
        track.expected = -1;
        if (baseline)
                track.kind = kind_by_baseline(baseline, track.signal, &track.expected);
        if (series->n == 0) {
                track.kind = TRACK_UNPLACED;
                track.onset_us = track.last_us = TIME_NONE;
                g_array_append_val(tracks, track);
                return;
        }
        rest.total = (double)series_total(series);
        n = find_surges(series, axis->end - axis->start, &rest, surges);
        if (baseline && !is_surge_of(&surges[0], &rest)) {
                surges[0] = whole_of(series);
                rest = (Rest){ .span = axis->end - axis->start - (surges[0].to - surges[0].from) };
                n = 1;
        }
        for (unsigned i = 0; i < n; i++) {
                Track found = track;

                measure(&found, axis, &surges[i], &rest, series);
                g_array_append_val(tracks, found);
        }
}

bool track_of_calm(const Signal *signal, const Axis *axis, Track *track) {
        g_autoptr(GArray) tracks = g_array_new(FALSE, TRUE, sizeof(Track));

        add_tracks(tracks, (Track){ .signal = signal }, axis, NULL);
        if (tracks->len == 0)
                return false;
        *track = g_array_index(tracks, Track, 0);
        return track->kind == TRACK_NEW || track->kind == TRACK_RISEN;
}

/* What is usual as a whole may be news in one source: the error of one service in another. */
static void add_source_tracks(GArray *tracks, const Signal *signal, const Pattern *pattern, const LedgerView *view, const Baseline *baseline) {
        double expected;

        if (baseline_judge(baseline, signal, &expected) != USUAL_AS_EXPECTED)
                return;
        for (uint32_t i = 0; i < signal->n_sources; i++) {
                const SourceCount *count = &signal->sources[i];
                Track track = { .signal = signal, .pattern = pattern, .source = count->source, .kind = TRACK_RISEN, .inside = count->count };

                if (count->first_us == TIME_NONE ||
                    baseline_judge_source(baseline, signal, view->sources->pdata[count->source], count->count, &track.expected) == USUAL_AS_EXPECTED)
                        continue;
                track.kind = track.expected > 0 ? TRACK_RISEN : TRACK_NEW;
                track.from = track.began = floor((double)count->first_us / 1e6);
                track.to = floor((double)count->last_us / 1e6) + 1;
                track.onset_us = count->first_us;
                track.last_us = count->last_us;
                track.rate_inside = (double)count->count / (track.to - track.from);
                g_array_append_val(tracks, track);
        }
}

bool track_is_bad_news(const Track *track) {
        return track->pattern || track->fails || track->signal->level >= LEVEL_WARNING;
}

static bool fails(const Signal *signal, const Baseline *baseline) {
        double expected;

        return !signal->pattern_id && (signal->level == LEVEL_INFO || signal->level == LEVEL_NOTICE) && signal->n_first > 0 &&
               baseline_judge(baseline, signal, &expected) == USUAL_NEVER_BEFORE && hearsay_is_failure(signal->first[0].text);
}

static double source_began(const Signal *signal, const LedgerView *view, const Axis *axis) {
        double began = axis->end;

        for (uint32_t i = 0; i < signal->n_sources; i++) {
                const SourceRecord *source = view->sources->pdata[signal->sources[i].source];
                began = MIN(began, source->first_us == TIME_NONE ? axis->start : (double)source->first_us / 1e6);
        }
        return began;
}

GArray *tracks_of(const LedgerView *view, const Patterns *patterns, const Axis *axis, const Baseline *baseline) {
        GArray *tracks = g_array_new(FALSE, TRUE, sizeof(Track));

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                Track track = { .signal = signal, .source_began = source_began(signal, view, axis) };

                if (signal->pattern_id)
                        track.pattern = patterns_find(patterns, signal->pattern_id);
                track.fails = baseline && fails(signal, baseline);
                if (!track_is_bad_news(&track))
                        continue;
                add_tracks(tracks, track, axis, baseline);
                if (baseline && !axis->by_line)
                        add_source_tracks(tracks, signal, track.pattern, view, baseline);
        }
        return tracks;
}

bool track_has_role(const Track *track, Role role) {
        return track->pattern && track->pattern->role == role;
}

/* What a program tells at a level of its daily work is no error to it; but the answers that it gave are told at that level, whatever they were. */
static bool is_calm(Level level) {
        return level >= LEVEL_TRACE && level <= LEVEL_NOTICE;
}

/* A request that the server failed to answer. */
static bool is_answer(const Category *category) {
        static const char *const FAILED[] = { "http/server-error", "http/bad-gateway", "http/gateway-timeout", "http/no-backend", NULL };

        return g_strv_contains(FAILED, category->id);
}

/* What a server decided about requests that it does not like: an error to those who sent them, whatever level it writes. */
static bool is_refusal(const Pattern *pattern) {
        return g_str_equal(pattern->category->id, "http/client-error") && pattern->role == ROLE_SYMPTOM && pattern->severity <= SEVERITY_WARNING;
}

bool track_is_error(const Track *track) {
        if (track_has_role(track, ROLE_CHANGE) || track_has_role(track, ROLE_RECOVERY))
                return false;
        if (track->pattern && is_refusal(track->pattern))
                return false;
        if (track->pattern && is_calm(track->signal->level) && !is_answer(track->pattern->category))
                return track->pattern->severity >= SEVERITY_CRITICAL;
        /* Who refuses data decides how bad that is. */
        if (track->pattern && track->signal->level == LEVEL_WARNING && kind_is_data(track->pattern))
                return false;
        return track->fails || track->signal->level >= LEVEL_ERROR || (track->pattern && track->pattern->severity >= SEVERITY_ERROR);
}

bool track_is_critical_cause(const Track *track) {
        static const char *const GROUPS[] = { "memory", "disk", "process", "database", "limits", "connections", "network", "tls", "messaging", NULL };

        return track_has_role(track, ROLE_CAUSE) && track->pattern->severity == SEVERITY_CRITICAL && g_strv_contains(GROUPS, track->pattern->category->group);
}
