/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/facets.h"

#include "diagnose/carried.h"
#include "diagnose/durations.h"
#include "diagnose/epochs.h"
#include "diagnose/falls.h"
#include "diagnose/jobs.h"
#include "diagnose/lines.h"
#include "diagnose/measures.h"
#include "diagnose/mechanisms.h"
#include "diagnose/restated.h"
#include "diagnose/settings.h"
#include "diagnose/silence.h"
#include "diagnose/turns.h"

#include <math.h>

static void facet_free(void *data) {
        Facet *facet = data;

        g_free(facet->words);
        g_free(facet);
}

/* Of what is there for the first time; its words, lines and time are left to the caller. */
static Facet *facet_new(FacetKind kind, const Signal *signal) {
        Facet *facet = g_new0(Facet, 1);

        facet->kind = kind;
        facet->track = (Track){ .signal = signal, .source = ALL_SOURCES, .kind = TRACK_NEW, .expected = -1 };
        return facet;
}

/* --- exemplars --- */

static Str line_text(const Exemplar *line) {
        return str_from(line->text);
}

static void add_evidence(Facet *facet, const Exemplar *line) {
        if (facet->n_evidence < FACET_EVIDENCE_MAX)
                facet->evidence[facet->n_evidence++] = line;
}

/* --- a value that carries the rise --- */

static Facet *make_value(const Track *track, const Lines *lines, const Carried *carried) {
        Facet *facet = g_new0(Facet, 1);

        facet->kind = FACET_VALUE;
        facet->track = *track;
        facet->track.kind = TRACK_NEW;
        facet->track.before = 0;
        facet->track.inside = MAX(track->inside * carried->n_lines / carried->n_inside, 1);
        facet->words = g_strdup_printf("%.*s=%.*s", (int)carried->pair.key.len, carried->pair.key.ptr, (int)carried->pair.value.len, carried->pair.value.ptr);
        for (unsigned i = 0; i < lines->n; i++)
                if (lines_is_between(lines->at[i], track->from, track->to) && carried_has(lines->at[i], &carried->pair))
                        add_evidence(facet, lines->at[i]);
        return facet;
}

/* For a signal that was there before: the value that its surge has and the time before had not. */
static Facet *find_value(const Track *track) {
        Carried carried;
        Lines lines;

        lines_of(track->signal, &lines);
        return carried_find(&lines, track->from, track->to, &carried) ? make_value(track, &lines, &carried) : NULL;
}

/* --- what took longer than ever --- */

static double seconds_of(const Exemplar *line) {
        return durations_longest(evidence_fields(line));
}

/* A line of the facet, its first or not, that tells of @seconds before it. */
static void add_line(Facet *facet, const Exemplar *line, double seconds, bool first) {
        Track *track = &facet->track;
        double at = (double)line->time_us / 1e6;

        if (first) {
                track->from = at;
                track->onset_us = line->time_us;
                track->began = at - seconds;
        }
        track->began = MIN(track->began, at - seconds);
        track->to = at;
        track->last_us = line->time_us;
        track->inside++;
        add_evidence(facet, line);
}

/* One of the few lines of @signal speaks of a time that begins and ends about with the episode. */
static bool spans_all(const Signal *signal, const Lines *lines, const Episode *episode) {
        for (unsigned i = 0; i < lines->n && signal->count <= SLOW_RARE_MAX; i++) {
                double at = (double)lines->at[i]->time_us / 1e6;
                if (mechanisms_lasts(&(Track){ .began = at - seconds_of(lines->at[i]), .to = at }, episode, 0))
                        return true;
        }
        return false;
}

/* A gauge may have changed at any time since the line before; what is said less often is none. */
static double since_line_before(const Lines *lines, unsigned i) {
        double since = i > 0 ? (double)(lines->at[i]->time_us - lines->at[i - 1]->time_us) / 1e6 : 0;

        return since <= GAUGE_SECONDS_MAX ? since : 0;
}

/* What is slow where so much was taken before; sorts @seconds, of which the last is then the longest. */
static double slow_bound(double *seconds, unsigned n) {
        double longest, bound;

        if (n == 0)
                return SLOW_SECONDS_MIN;
        qsort(seconds, n, sizeof(*seconds), measure_compare);
        longest = seconds[n - 1];
        bound = SLOW_RATIO_MIN * longest;
        if (n >= SLOW_TYPICAL_MIN)
                bound = MIN(bound, MAX(SLOW_RATIO_LONGEST_MIN * longest, SLOW_RATIO_TYPICAL_MIN * seconds[n / 2]));
        return MAX(SLOW_SECONDS_MIN, bound);
}

/* For a signal that is no bad news: the lines of the episode that tell of more seconds than ever before. */
static Facet *find_slow(const Signal *signal, const Lines *lines, const Episode *episode, double since) {
        double before[LINES_MAX], slowest = 0, bound;
        unsigned n_before = 0, n_slow = 0;
        Facet *facet;

        for (unsigned i = 0; i < lines->n; i++) {
                double seconds = seconds_of(lines->at[i]);
                if ((double)lines->at[i]->time_us < since * 1e6) {
                        before[n_before++] = seconds;
                } else if (lines_is_between(lines->at[i], since, episode->to + GAP_SECONDS)) {
                        slowest = MAX(slowest, seconds);
                }
        }
        bound = slow_bound(before, n_before);
        if (slowest < bound || (n_before < SLOW_BEFORE_MIN && !spans_all(signal, lines, episode)))
                return NULL;
        facet = facet_new(FACET_SLOW, signal);
        facet->seconds = slowest;
        for (unsigned i = 0; i < lines->n; i++) {
                double seconds = seconds_of(lines->at[i]);
                if (seconds < bound || !lines_is_between(lines->at[i], since, episode->to + GAP_SECONDS))
                        continue;
                if (n_slow == 0 && since_line_before(lines, i) / 2 > seconds) {
                        facet->sampled = true;
                        seconds = since_line_before(lines, i) / 2;
                }
                add_line(facet, lines->at[i], seconds, n_slow++ == 0);
        }
        facet->words = n_before > 0 ? g_strdup_printf("took up to %.1f s, at most %.1f s before", slowest, before[n_before - 1])
                                    : g_strdup_printf("took %.1f s", slowest);
        return facet;
}

/* --- a measure that jumps --- */

/* The lines from @first to before @end that are so high. */
static Facet *make_jump(const Signal *signal, const Lines *lines, unsigned first, unsigned end, const Jump *jump, FacetKind kind) {
        double bound = kind == FACET_CLIMB ? jump->before : (kind == FACET_HUGE ? HUGE_RATIO_MIN : JUMP_RATIO_MIN) * MAX(jump->before, 1);
        bool turned = kind == FACET_JUMP && jump->before <= 0 && measure_tells_what_happens(jump->name);
        Facet *facet = facet_new(turned ? FACET_TURNED : kind, signal);
        unsigned behind = lines->n;
        double value;
        Str text;

        for (unsigned i = first; i < end; i++) {
                bool is_first = facet->n_evidence == 0;

                if (!measure_of(lines->at[i], jump->name, jump->kind, &value, &text) || value < bound || (kind == FACET_CLIMB && value <= bound))
                        continue;
                add_line(facet, lines->at[i], is_first && kind == FACET_JUMP ? since_line_before(lines, i) : 0, is_first);
                behind = i + 1;
        }
        if (kind == FACET_CLIMB && behind < lines->n) /* until a line says less */
                facet->track.to += since_line_before(lines, behind);
        facet->words = g_strdup_printf("%.*s %s to %.*s, at most %.*s before", (int)jump->name.len, jump->name.ptr, kind == FACET_CLIMB ? "climbs" : "up",
                                       (int)jump->after_text.len, jump->after_text.ptr, (int)jump->before_text.len, jump->before_text.ptr);
        return facet;
}

/* Of lines in the order of time: which are the first at or after FROM, and the first behind those up to TO (seconds). */
static void find_lines_between(const Lines *lines, double from, double to, unsigned *first, unsigned *end) {
        *first = 0;
        while (*first < lines->n && (double)lines->at[*first]->time_us < from * 1e6)
                (*first)++;
        *end = *first;
        while (*end < lines->n && lines_is_between(lines->at[*end], from, to))
                (*end)++;
}

/* Takes over both. */
static Facet *prefer(Facet *facet, Facet *other) {
        if (!facet)
                return other;
        if (other)
                facet_free(other);
        return facet;
}

/* The one that began first, the second where it is not known; takes over both. */
static Facet *earlier(Facet *facet, Facet *other) {
        return facet && other && other->track.began <= facet->track.from ? prefer(other, facet) : prefer(facet, other);
}

/* Where what goes on from then until the first error may begin. */
static double long_before(const Episode *episode, const Axis *axis) {
        return episode->from - MIN(CLIMB_LEAD_SECONDS, CLIMB_LEAD_SHARE * (episode->from - axis->start));
}

/* The number of this kind that is very many times as high in some of the lines from @first to before @end as ever. */
static Facet *find_huge(const Signal *signal, const Lines *lines, unsigned first, unsigned end, MeasureKind kind) {
        Jump jump;

        if (!measures_jump(lines->at, first, lines->at + first, end - first, HUGE_RATIO_MIN, HUGE_BEFORE_MIN, kind, &jump) || jump.after < HUGE_VALUE_MIN)
                return NULL;
        /* A number by name may be that of a request, or of how long one took. */
        if (kind == MEASURE_NAMED && (jump.before <= 0 || !measure_tells_what_happens(jump.name) || measure_is_traffic(jump.name)))
                return NULL;
        return make_jump(signal, lines, first, end, &jump, FACET_HUGE);
}

/* For a signal that is no bad news: the number by name that is far higher in the episode than ever. */
static Facet *find_jump(const Signal *signal, const Lines *lines, const Episode *episode, double since) {
        unsigned first, end;
        Jump jump;

        find_lines_between(lines, since, episode->to + GAP_SECONDS, &first, &end);
        if (measures_jump(lines->at, first, lines->at + first, end - first, JUMP_RATIO_MIN, JUMP_BEFORE_MIN, MEASURE_NAMED, &jump) &&
            jump.n_after >= JUMP_LINES_MIN && jump.after >= JUMP_VALUE_MIN)
                return make_jump(signal, lines, first, end, &jump, FACET_JUMP);
        return earlier(find_huge(signal, lines, first, end, MEASURE_COUNTED), find_huge(signal, lines, first, end, MEASURE_ANY));
}

/* For a signal that is no bad news: the number by name that is very many times as high as ever, from long before the first error on or later. */
static Facet *find_huge_by_name(const Signal *signal, const Lines *lines, const Episode *episode, double since, const Axis *axis) {
        unsigned first, end;
        Facet *facet;

        find_lines_between(lines, long_before(episode, axis), episode->to + GAP_SECONDS, &first, &end);
        facet = find_huge(signal, lines, first, end, MEASURE_NAMED);
        if (facet)
                return facet;
        find_lines_between(lines, since, episode->to + GAP_SECONDS, &first, &end);
        return find_huge(signal, lines, first, end, MEASURE_NAMED);
}

/* For a signal that is no bad news: "8 sessions open", 0 in all lines before: what is held or piles up from before the first error on. */
static Facet *find_piled(const Signal *signal, const Lines *lines, const Episode *episode, double since) {
        unsigned first, end;
        Facet *facet;
        Jump jump;

        find_lines_between(lines, since, episode->to + GAP_SECONDS, &first, &end);
        if (!measures_jump(lines->at, first, lines->at + first, end - first, JUMP_RATIO_MIN, JUMP_BEFORE_MIN, MEASURE_COUNTED, &jump) || jump.before > 0 ||
            jump.n_after < JUMP_LINES_MIN || jump.after < JUMP_VALUE_MIN || measure_is_traffic(jump.name))
                return NULL;
        facet = make_jump(signal, lines, first, end, &jump, FACET_JUMP);
        if (facet->track.from > episode->from)
                g_clear_pointer(&facet, facet_free);
        return facet;
}

/* For a signal that is no bad news: the number by name that began to climb before the first error. */
static Facet *find_climb(const Signal *signal, const Lines *lines, const Episode *episode, const Axis *axis) {
        unsigned first, end;
        Facet *facet;
        Jump climb;

        if (signal->status > 0) /* the numbers of a request tell what became of it */
                return NULL;
        find_lines_between(lines, long_before(episode, axis), episode->to, &first, &end);
        if (!measures_climb(lines->at, first, lines->at + first, end - first, CLIMB_BEFORE_MIN, &climb))
                return NULL;
        facet = make_jump(signal, lines, first + climb.first, end, &climb, FACET_CLIMB);
        if (facet->track.from > episode->from - UNUSUAL_LEAD_MIN)
                g_clear_pointer(&facet, facet_free);
        return facet;
}

/* --- a value that turns --- */

static Facet *make_turned(const Signal *signal, const Lines *lines, unsigned first, unsigned end, Str name, Str was, Str now) {
        Facet *facet = facet_new(FACET_TURNED, signal);

        for (unsigned i = first; i < end; i++) {
                if (str_equal(named_values_get(lines->at[i], name), was))
                        continue;
                add_line(facet, lines->at[i], i == first ? since_line_before(lines, i) : 0, i == first);
        }
        if (end < lines->n) /* until it is said to be another one again */
                facet->track.to = (double)lines->at[end]->time_us / 1e6;
        facet->words = g_strdup_printf("%.*s %.*s, %.*s before", (int)name.len, name.ptr, (int)now.len, now.ptr, (int)was.len, was.ptr);
        return facet;
}

/* For a signal that is no bad news: what was counted or measured all the time, and is next to nothing now. */
static Facet *find_fallen(const Signal *signal, const Lines *lines, const Episode *episode, const Axis *axis) {
        unsigned first, end, at_onset;
        Fall fall;

        find_lines_between(lines, episode->from, episode->to + GAP_SECONDS, &at_onset, &end);
        find_lines_between(lines, long_before(episode, axis), episode->to + GAP_SECONDS, &first, &end);
        if (end == first || !falls_find(lines, first, at_onset, end, &fall))
                return NULL;
        return make_turned(signal, lines, fall.fallen, fall.back, fall.name, falls_value(lines->at[fall.fallen - 1], &fall),
                           falls_value(lines->at[fall.fallen], &fall));
}

/* For a signal that is no bad news: a value that nearly all its lines gave by name, and none has from shortly before the first error on. */
static Facet *find_turned(const Signal *signal, const Lines *lines, const Episode *episode, double since, const LedgerView *view) {
        unsigned first, end;
        Turn turn;

        find_lines_between(lines, since, episode->to, &first, &end);
        if (!turns_find(signal, lines, first, end, view, &turn))
                return NULL;
        return make_turned(signal, lines, turn.turned, turn.back, turn.name, turn.was, turn.now);
}

/* For a signal that is no bad news: a time that it gives in another unit than ever from well before the first error on. */
static Facet *find_epoch(const Signal *signal, const Lines *lines, const Episode *episode, const Axis *axis) {
        unsigned first, end;
        EpochTurn turn;
        Facet *facet;

        find_lines_between(lines, long_before(episode, axis), episode->to, &first, &end);
        if (!epochs_find(lines, first, end, &turn))
                return NULL;
        facet = facet_new(FACET_EPOCH, signal);
        for (unsigned i = first; i < end; i++) {
                if (epochs_unit(lines->at[i], turn.name) != turn.now)
                        continue;
                add_line(facet, lines->at[i], 0, facet->n_evidence == 0);
        }
        facet->words = g_strdup_printf("%.*s in %s, in %s before", (int)turn.name.len, turn.name.ptr, epochs_unit_name(turn.now), epochs_unit_name(turn.was));
        return facet;
}

/* --- what is there for the first time --- */

/* How many times as often as before, or as at other times, it is said in its surge; infinite where it never was before. */
static double rise_of(const Track *track, const Axis *axis) {
        double before = (double)(track->before + track->earlier) / MAX(track->from - axis->start, 1);

        return before > 0 ? track->rate_inside / MAX(before, track->rate_outside) : INFINITY;
}

/* For a signal that is no bad news: its surge, if it began shortly before the incident. */
static Facet *find_unusual(const Signal *signal, const Lines *lines, const Episode *episode, double since, const Axis *axis) {
        Facet *facet;
        Track track;
        double rise;

        if (signal->count < UNUSUAL_EVENTS_MIN || !track_of_calm(signal, axis, &track) || track.from < since || track.from > episode->from - UNUSUAL_LEAD_MIN)
                return NULL;
        rise = rise_of(&track, axis);
        if (isfinite(rise) && (rise < BUSIER_RATIO_MIN || track.inside < BUSIER_EVENTS_MIN))
                return NULL;
        facet = g_new0(Facet, 1);
        facet->kind = isfinite(rise) ? FACET_BUSIER : FACET_UNUSUAL;
        facet->track = track;
        facet->words = isfinite(rise) ? g_strdup_printf("%.0f times as often as before", rise) : g_strdup("never before");
        for (unsigned i = 0; i < lines->n; i++)
                if (lines_is_between(lines->at[i], track.from, track.to))
                        add_evidence(facet, lines->at[i]);
        return facet;
}

/* --- what is said in other words --- */

/* The first value by name that @line has and @usual has not; else nothing but that it is new. */
static char *new_words(const Exemplar *line, const Exemplar *usual) {
        NamedValue found;

        for (size_t at = named_values_begin(line); named_values_next(line_text(line), &at, &found);) {
                Str before = named_values_get(usual, found.name);
                if (!found.by_place && settings_may_be(&found) && before.len > 0 && !str_equal(before, found.value))
                        return g_strdup_printf("%.*s=%.*s, never before", (int)found.name.len, found.name.ptr, (int)found.value.len, found.value.ptr);
        }
        return g_strdup("never before in these words");
}

/* For a signal that is no bad news and that is always said in a few ways: another way, if it came up shortly before the incident. */
static Facet *find_variant(const Signal *signal, const Episode *episode, double since, const Baseline *baseline) {
        const Variant *usual = NULL, *found = NULL;
        uint64_t before = 0;
        Facet *facet;

        for (unsigned i = 0; i < signal->n_variants; i++) {
                const Variant *variant = &signal->variants[i];
                double from = (double)variant->first_us / 1e6;

                if (variant->first_us == TIME_NONE)
                        continue;
                if (from < since) {
                        usual = usual && usual->count >= variant->count ? usual : variant;
                        before += variant->count;
                } else if (!found && from <= episode->from - UNUSUAL_LEAD_MIN && variant->count >= UNUSUAL_EVENTS_MIN &&
                           !baseline_has_variant(baseline, signal, variant)) {
                        found = variant;
                }
        }
        if (!found || before < VARIANT_BEFORE_MIN)
                return NULL;
        facet = facet_new(FACET_UNUSUAL, signal);
        facet->track.inside = found->count;
        facet->track.onset_us = found->first_us;
        facet->track.last_us = found->last_us;
        facet->track.from = facet->track.began = (double)found->first_us / 1e6;
        facet->track.to = (double)found->last_us / 1e6;
        facet->words = new_words(&found->line, &usual->line);
        add_evidence(facet, &found->line);
        return facet;
}

/* For a signal that is no bad news, and regular until before the first error: the line that says it in other words from then on, at least until that error. */
static Facet *find_restated(const Signal *was, const Episode *episode, const LedgerView *view, const Axis *axis) {
        const Signal *now;
        Facet *facet;
        Pause pause;
        Lines lines;

        if (was->n_sources != 1 || !silence_find_pause(was, long_before(episode, axis), episode->from, axis, &pause))
                return NULL;
        now = restated_by(was, pause.from, RESTATED_BEATS_MAX * pause.beat, view);
        if (!now || now->level >= LEVEL_WARNING || now->count < RESTATED_EVENTS_MIN ||
            (double)now->sources[0].last_us / 1e6 < episode->from - RESTATED_BEATS_MAX * pause.beat)
                return NULL;
        lines_of(now, &lines);
        facet = facet_new(FACET_TURNED, now);
        for (unsigned i = 0; i < lines.n; i++)
                add_line(facet, lines.at[i], 0, i == 0);
        facet->track.began = pause.from;
        facet->track.to = pause.to_the_end ? (double)now->sources[0].last_us / 1e6 : pause.to;
        facet->words = new_words(lines.at[0], &was->first[0]);
        return facet;
}

/* --- jobs that go on --- */

static Facet *make_job(const Job *job) {
        Facet *facet = facet_new(FACET_JOB, job->signal);

        facet->seconds = job->to - job->from;
        add_line(facet, job->began, 0, true);
        if (job->done)
                add_evidence(facet, job->done);
        facet->track.to = job->to;
        facet->track.last_us = job->done ? job->done->time_us : TIME_NONE;
        facet->words = g_strdup_printf("%s %.0f s, others before at most %.1f s", job->done ? "took" : "not done after", facet->seconds, job->longest_before);
        return facet;
}

static void add_jobs(GPtrArray *facets, const Episode *episode, const LedgerView *view) {
        g_autoptr(GArray) jobs = jobs_find(episode, view);

        for (guint i = 0; i < jobs->len; i++)
                g_ptr_array_add(facets, make_job(&g_array_index(jobs, Job, i)));
}

/* --- all --- */

static bool is_of(const Track *track, const Episode *episode) {
        return track->kind == TRACK_RISEN && track->from < episode->to && track->to > episode->from && track_is_bad_news(track) &&
               !track_has_role(track, ROLE_CHANGE) && !track_has_role(track, ROLE_RECOVERY);
}

static bool is_of_source(FacetKind kind) {
        return kind == FACET_UNUSUAL || kind == FACET_BUSIER;
}

/* Of unusual lines that a source begins to write together the first speaks for all. */
static bool is_one_more(const GPtrArray *facets, const Facet *facet) {
        for (guint i = 0; i < facets->len; i++) {
                const Facet *known = facets->pdata[i];
                if (known->kind == facet->kind && is_of_source(known->kind) && known->track.signal->sources[0].source == facet->track.signal->sources[0].source)
                        return true;
        }
        return false;
}

static bool spoke_in(const Signal *signal, const Episode *episode, double since) {
        return series_between(&signal->series, (int64_t)since, (int64_t)(episode->to + GAP_SECONDS)) > 0;
}

/* The facet of a signal that is no bad news, by the first of these ways that finds one; NULL if it has none. */
static Facet *find_calm(const Signal *signal, const Episode *episode, double since, const LedgerView *view, const Axis *axis, const Baseline *baseline) {
        Facet *facet;
        Lines lines;

        lines_of(signal, &lines);
        facet = find_epoch(signal, &lines, episode, axis);
        facet = facet ? facet : find_slow(signal, &lines, episode, since);
        if (!facet || facet->track.began > episode->from)
                facet = earlier(find_jump(signal, &lines, episode, since), facet);
        if (!facet || facet->kind == FACET_JUMP)
                facet = prefer(find_climb(signal, &lines, episode, axis), facet);
        if (!facet || facet->kind == FACET_JUMP)
                facet = prefer(earlier(find_fallen(signal, &lines, episode, axis), find_piled(signal, &lines, episode, since)), facet);
        if (!facet || facet->kind == FACET_JUMP)
                facet = prefer(find_turned(signal, &lines, episode, since, view), facet);
        if (!facet || facet->kind == FACET_JUMP)
                facet = prefer(find_huge_by_name(signal, &lines, episode, since, axis), facet);
        facet = facet ? facet : find_variant(signal, episode, since, baseline);
        return facet || baseline_is_usual(baseline, signal) ? facet : find_unusual(signal, &lines, episode, since, axis);
}

static bool is_calm(const Signal *signal) {
        return !signal->pattern_id && signal->level < LEVEL_WARNING;
}

/* Returns the signals that they are of, and what these stand for: all is said of them. */
static GHashTable *add_restated(GPtrArray *facets, const Episode *episode, const LedgerView *view, const Axis *axis) {
        GHashTable *signals = g_hash_table_new(NULL, NULL);

        for (guint i = 0; i < view->signals->len; i++) {
                Signal *signal = view->signals->pdata[i];
                Facet *facet = is_calm(signal) ? find_restated(signal, episode, view, axis) : NULL;

                if (!facet)
                        continue;
                g_ptr_array_add(facets, facet);
                g_hash_table_add(signals, signal);
                g_hash_table_add(signals, (Signal *)facet->track.signal);
        }
        return signals;
}

GPtrArray *facets_find(const Episode *episode, const GArray *tracks, const LedgerView *view, const Axis *axis, const Baseline *baseline) {
        g_autoptr(GHashTable) restated = NULL;
        GPtrArray *facets = g_ptr_array_new_with_free_func(facet_free);
        double since = episode->since - MIN(CALM_LEAD_SECONDS, CALM_LEAD_SHARE * (episode->since - axis->start));

        if (axis->by_line || episode->whole)
                return facets;
        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);
                Facet *facet = is_of(track, episode) ? find_value(track) : NULL;
                if (facet)
                        g_ptr_array_add(facets, facet);
        }
        add_jobs(facets, episode, view);
        restated = add_restated(facets, episode, view, axis);
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                Facet *facet = NULL;

                if (is_calm(signal) && !g_hash_table_contains(restated, signal) && spoke_in(signal, episode, since))
                        facet = find_calm(signal, episode, since, view, axis, baseline);
                if (facet && is_one_more(facets, facet))
                        g_clear_pointer(&facet, facet_free);
                if (facet)
                        g_ptr_array_add(facets, facet);
        }
        return facets;
}
