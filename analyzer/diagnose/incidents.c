/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/incidents.h"

#include "diagnose/attempts.h"
#include "diagnose/durations.h"
#include "diagnose/hearsay.h"
#include "diagnose/kinds.h"
#include "diagnose/scope.h"

#include <math.h>

void episode_free(void *data) {
        Episode *episode = data;

        g_ptr_array_unref(episode->tracks);
        g_free(episode);
}

int64_t episode_onset_us(const Episode *episode) {
        int64_t onset = INT64_MAX;

        for (guint i = 0; i < episode->tracks->len; i++) {
                const Track *track = episode->tracks->pdata[i];
                if (track->onset_us != TIME_NONE && track->from >= episode->from)
                        onset = MIN(onset, track->onset_us);
        }
        return onset == INT64_MAX ? (int64_t)(episode->from * 1e6) : onset;
}

/* A critical cause needs no numbers. */
static bool is_surge(const Track *track) {
        return track->kind == TRACK_NEW || track->kind == TRACK_RISEN || (track->kind == TRACK_SPARSE && track_is_critical_cause(track));
}

static int compare_starts(const void *a, const void *b) {
        const Track *one = *(const Track *const *)a, *two = *(const Track *const *)b;

        if (one->from != two->from)
                return one->from < two->from ? -1 : 1;
        return one->signal->key < two->signal->key ? -1 : one->signal->key > two->signal->key;
}

/* What was said now and then before: many times as often, and for long, or one who sends what is wrong would be enough. */
static bool has_risen_far(const Track *track, const Axis *axis) {
        double usual = track->rate_outside * axis_traffic_rise(axis, track->from, track->to);

        return track->kind == TRACK_RISEN && track->to - track->from >= LONG_SECONDS_MIN && track->rate_inside >= WARNINGS_RISE_MIN * usual;
}

static bool is_warning(const Track *track) {
        return track->signal->level == LEVEL_WARNING && !track_has_role(track, ROLE_CHANGE) && !track_has_role(track, ROLE_RECOVERY);
}

/* How loud warnings must be: where there are no errors, less is enough. */
typedef enum { WARNINGS_LOUD, WARNINGS_FAINT } Loudness;

static bool is_loud_warning(const Track *track, const Axis *axis, Loudness least) {
        double all = (double)series_between(axis->all, (int64_t)track->from, (int64_t)track->to);

        if (track->kind != TRACK_NEW && !(least == WARNINGS_FAINT && has_risen_far(track, axis)))
                return false;
        return !axis->by_line && is_warning(track) && track->inside >= WARNINGS_EVENTS_MIN && track->to - track->from >= WARNINGS_SECONDS_MIN &&
               track->from - track->source_began >= WARNINGS_HISTORY_MIN &&
               (double)track->inside >= (least == WARNINGS_LOUD ? WARNINGS_SHARE_MIN : WARNINGS_SHARE_FAINT) * all && !scope_is_few_clients(track);
}

/* A few clients whose requests are limited, or all of them for some seconds: that is what a limit is for. */
static bool is_limit_at_work(const Track *track) {
        return g_str_equal(track->pattern->category->id, "http/rate-limit") && (track->to - track->from < LASTING_SECONDS_MIN || scope_is_few_clients(track));
}

/* Data that was refused all the time (a row that exists already), and more of it: more is asked for. Who cannot live with that says so. */
static bool is_refused_as_ever(const Track *track) {
        return kind_is_data(track->pattern) && track->pattern->role == ROLE_SYMPTOM && track->kind == TRACK_RISEN;
}

/* What is as it should be, though it is an error to someone. */
static bool is_at_work(const Track *track) {
        if ((track->pattern && (is_limit_at_work(track) || is_refused_as_ever(track))) || attempts_are_turned_away(track->signal, track->pattern))
                return true;
        return (!track->pattern || track->pattern->role == ROLE_SYMPTOM) && attempts_go_on(track->signal);
}

static bool is_server_answer(const Track *track) {
        static const char *const KINDS[] = { "http/bad-gateway", "http/server-error", NULL };

        return track->signal->status >= 500 || (track->pattern && g_strv_contains(KINDS, track->pattern->category->id));
}

/* A limit at work that refuses as many at that time: what is answered is its answer. */
static bool is_answer_of_limit(const Track *track, const GArray *tracks) {
        for (guint i = 0; i < tracks->len && is_server_answer(track); i++) {
                const Track *other = &g_array_index(tracks, Track, i);

                if (other->pattern && is_limit_at_work(other) &&
                    (double)series_between(&other->signal->series, (int64_t)track->from - 1, (int64_t)track->to + 1) >=
                            LIMITED_SHARE_MIN * (double)track->inside)
                        return true;
        }
        return false;
}

static GPtrArray *surges_by_start(const GArray *tracks, const Axis *axis, Loudness least) {
        GPtrArray *surges = g_ptr_array_new();

        for (guint i = 0; i < tracks->len; i++) {
                Track *track = &g_array_index(tracks, Track, i);
                if (((is_surge(track) && track_is_error(track)) || is_loud_warning(track, axis, least)) && !is_at_work(track) &&
                    !is_answer_of_limit(track, tracks))
                        g_ptr_array_add(surges, track);
        }
        g_ptr_array_sort(surges, compare_starts);
        return surges;
}

static Episode *episode_new(const Track *first) {
        Episode *episode = g_new0(Episode, 1);

        episode->from = first->from;
        episode->to = first->to;
        episode->tracks = g_ptr_array_new();
        episode->logins = true;
        return episode;
}

/* A known cause says more than an error that may be anything. */
static double worth_of(const Track *track) {
        return track_has_role(track, ROLE_CAUSE) ? track->pattern->severity == SEVERITY_CRITICAL ? 4 : 2 : 1;
}

static bool hurts(const Track *track) {
        return (track->pattern && !kind_is_data(track->pattern)) || track->signal->status >= 500;
}

static void episode_add(Episode *episode, Track *track) {
        double surplus = (double)track->inside - track->rate_outside * (track->to - track->from);

        episode->strength += MIN(surplus, SIGNAL_EVENTS_MAX) * worth_of(track);
        episode->known |= track->pattern != NULL;
        episode->logins &= track->pattern && kind_is_login(track->pattern);
        episode->hurts |= hurts(track);
        episode->caused |= track_has_role(track, ROLE_CAUSE) && (track->kind != TRACK_RISEN || surplus >= SIGNAL_EVENTS_MAX);
        episode->judged |= track->expected >= 0;
        episode->loud |= !track_is_error(track) || (track->fails && !episode->judged);

        episode->to = MAX(episode->to, track->to);
        episode->events += track->inside;
        episode->weight += log1p(MAX(surplus, 0));
        episode->critical |= track_is_critical_cause(track);
        g_ptr_array_add(episode->tracks, track);
}

/* --- where it begins --- */

/* Those of its surges. */
static double events_between(const Episode *episode, double from, double to) {
        double sum = 0;

        for (guint i = 0; i < episode->tracks->len; i++) {
                const Track *track = episode->tracks->pdata[i];
                sum += (double)series_between(&track->signal->series, (int64_t)MAX(from, track->from), (int64_t)MIN(to, track->to));
        }
        return sum;
}

static double core_end(const Episode *episode, double begin) {
        double end = begin;

        for (guint i = 0; i < episode->tracks->len; i++) {
                const Track *track = episode->tracks->pdata[i];
                if (track->from >= begin)
                        end = MAX(end, track->to);
        }
        return end;
}

/* As often when all is over as before it began: it was going on anyway. */
static bool goes_on(const Track *track, const Axis *axis, double begin, double end) {
        double before = (double)series_between(&track->signal->series, (int64_t)track->from, (int64_t)begin) / MAX(begin - track->from, 1);
        double after = (double)series_between(&track->signal->series, (int64_t)end, (int64_t)axis->end) / MAX(axis->end - end, 1);

        return axis->end - end >= GAP_SECONDS && after >= PRELUDE_GOES_ON * before;
}

/* What began earlier and lasts into the incident may be its slow beginning, and a known cause is one anyway. */
static bool has_forerunner(const Episode *episode, const Axis *axis, double begin) {
        double end = core_end(episode, begin);

        for (guint i = 0; i < episode->tracks->len; i++) {
                const Track *track = episode->tracks->pdata[i];
                bool lasts = track->to >= begin || track_has_role(track, ROLE_CAUSE);

                if (track->from < begin && lasts && !goes_on(track, axis, begin, end))
                        return true;
        }
        return false;
}

/* How much likelier two rates are than one; 0 where the second is no jump. */
static double jump_at(const Episode *episode, const Axis *axis, double begin) {
        double early = begin - episode->from, late = episode->to - begin;
        double n_early = events_between(episode, episode->from, begin), n_late = events_between(episode, begin, episode->to);
        double rate = (n_early + n_late) / (early + late);

        if (early < GAP_SECONDS || late <= 0 || n_early > PRELUDE_SHARE_MAX * (n_early + n_late) || n_late / late < PRELUDE_RISE_MIN * n_early / early ||
            has_forerunner(episode, axis, begin))
                return 0;
        return (n_early > 0 ? n_early * log(n_early / early / rate) : 0) + n_late * log(n_late / late / rate);
}

/* The first surge of those before @begin that follow each other within a gap. */
static double first_of_chain(const Episode *episode, double begin) {
        for (guint i = episode->tracks->len; i > 0; i--) {
                const Track *track = episode->tracks->pdata[i - 1];
                if (track->from < begin && track->from >= begin - GAP_SECONDS)
                        begin = track->from;
        }
        return begin;
}

/* Surges stand in order of their begin. What a baseline calls news is news, however few. */
static void settle_beginning(Episode *episode, const Axis *axis) {
        double best = 0, begin = episode->from;

        if (axis->by_line || episode->judged)
                return;
        for (guint i = 0; i < episode->tracks->len; i++) {
                const Track *track = episode->tracks->pdata[i];
                double jump = jump_at(episode, axis, track->from);
                if (jump > best) {
                        best = jump;
                        begin = track->from;
                }
        }
        if (best > 0) {
                episode->from = first_of_chain(episode, begin);
                episode->to = core_end(episode, episode->from);
        }
}

/* --- and where it ends --- */

/* What goes on as often as before all began does not make it last: it is over when hardly any of its errors are left, and errors come no oftener than then. */
static void settle_end(Episode *episode, const Axis *axis, const Series *errors) {
        double usual = (double)series_between(errors, (int64_t)axis->start, (int64_t)episode->from) / MAX(episode->from - axis->start, 1);
        double all = events_between(episode, episode->from, episode->to), step = MAX(floor((episode->to - episode->from) / END_STEPS), 1), end = episode->to;

        if (axis->by_line || episode->judged || episode->from - axis->start < GAP_SECONDS)
                return;
        for (double at = end - step; at > episode->from && events_between(episode, at, episode->to) <= STRAGGLERS_SHARE_MAX * all; at -= step)
                if ((double)series_between(errors, (int64_t)at, (int64_t)episode->to) <= STRAGGLERS_RISE_MAX * usual * (episode->to - at))
                        end = at;
        if (episode->to - end >= GAP_SECONDS)
                episode->to = end;
}

static bool speaks_first(const Track *track, const Episode *episode) {
        return track->from <= episode->from + FIRST_SECONDS && track->to >= episode->from;
}

/* The first lines of @track in the episode say that something goes on since then. */
static double told_since(const Track *track, const Episode *episode) {
        double since = episode->from;

        for (unsigned i = 0; i < signal_n_exemplars(track->signal); i++) {
                const Exemplar *line = signal_exemplar(track->signal, i);
                double at = (double)line->time_us / 1e6, age;

                if (line->time_us == TIME_NONE || at < episode->from || at > episode->from + FIRST_SECONDS)
                        continue;
                age = durations_since(evidence_fields(line));
                if (age >= AGE_SECONDS_MIN)
                        since = MIN(since, at - age);
        }
        return since;
}

static bool is_limit(const Track *track) {
        return track->pattern ? kind_is_limit(track->pattern) : track->signal->n_first > 0 && hearsay_is_limit(track->signal->first[0].text);
}

/* Since when there are warnings that were never there before and last into the episode: those who are told so are harmed already. */
static double warned_since(const Episode *episode, const GArray *tracks) {
        double since = episode->from;

        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);

                if (track->kind == TRACK_NEW && is_warning(track) && track->inside >= SINCE_WARNINGS_MIN && track->from < episode->from &&
                    track->to >= episode->from && track->from - track->source_began >= WARNINGS_HISTORY_MIN && !scope_is_few_clients(track))
                        since = MIN(since, track->from);
        }
        return since;
}

/* What its first errors say of how it came to them. */
static void listen_to_first(Episode *episode, const GArray *tracks, const Axis *axis) {
        episode->since = episode->from;
        for (guint i = 0; i < episode->tracks->len; i++) {
                const Track *track = episode->tracks->pdata[i];

                if (!speaks_first(track, episode))
                        continue;
                episode->fills |= track_has_role(track, ROLE_CAUSE) && kind_fills_slowly(track->pattern);
                episode->limited |= is_limit(track);
                if (!axis->by_line)
                        episode->since = MIN(episode->since, told_since(track, episode));
        }
        if (!axis->by_line && !episode->fills && !episode->judged)
                episode->since = MIN(episode->since, warned_since(episode, tracks));
}

/* All errors, inside against outside, less what more traffic brings; a clean log before makes any error a rise. */
static double rise_of(const Episode *episode, const Axis *axis, const Series *errors) {
        double length = episode->to - episode->from, rest = axis->end - axis->start - length;
        double inside = (double)series_between(errors, (int64_t)episode->from, (int64_t)episode->to);
        double outside = (double)series_total(errors) - inside;

        if (axis->by_line || rest <= 0 || outside <= 0)
                return UNKNOWN_RISE_MIN;
        return (inside / length) / (outside / rest) / axis_traffic_rise(axis, episode->from, episode->to);
}

/* Input that is refused, and nothing else goes wrong: somebody tries what can be sent. */
static bool is_refused_input(const Episode *episode) {
        for (guint i = 0; i < episode->tracks->len; i++) {
                const Track *track = episode->tracks->pdata[i];
                if (!track->pattern || !kind_is_data(track->pattern))
                        return false;
        }
        return true;
}

static bool is_incident(const Episode *episode, const Axis *axis, const Series *errors) {
        bool lasts;

        if (episode->critical)
                return true;
        if (episode->judged)
                return episode->strength >= BASELINE_STRENGTH_MIN;
        if (episode->strength < INCIDENT_STRENGTH_MIN || episode->to - episode->from < INCIDENT_SECONDS_MIN || is_refused_input(episode))
                return false;
        if (episode->caused || episode->loud)
                return true;
        lasts = episode->events >= (episode->to - episode->from >= LONG_SECONDS_MIN ? LONG_EVENTS_MIN : LASTING_EVENTS_MIN) &&
                episode->to - episode->from >= LASTING_SECONDS_MIN;
        return rise_of(episode, axis, errors) >= (episode->known || lasts ? LASTING_RISE_MIN : UNKNOWN_RISE_MIN);
}

static int compare_weights(const void *a, const void *b) {
        const Episode *one = *(const Episode *const *)a, *two = *(const Episode *const *)b;

        if (one->weight != two->weight)
                return one->weight > two->weight ? -1 : 1;
        return one->from < two->from ? -1 : one->from > two->from;
}

static GPtrArray *find_episodes(const GArray *tracks, const Axis *axis, const Series *errors, double gap, Loudness least) {
        g_autoptr(GPtrArray) surges = surges_by_start(tracks, axis, least);
        GPtrArray *episodes = g_ptr_array_new_with_free_func(episode_free);
        Episode *open = NULL;

        for (guint i = 0; i < surges->len; i++) {
                Track *track = surges->pdata[i];
                if (!open || track->from > open->to + gap) {
                        open = episode_new(track);
                        g_ptr_array_add(episodes, open);
                }
                episode_add(open, track);
        }
        for (guint i = episodes->len; i > 0; i--) {
                Episode *episode = episodes->pdata[i - 1];

                settle_beginning(episode, axis);
                settle_end(episode, axis, errors);
                listen_to_first(episode, tracks, axis);
                if (!is_incident(episode, axis, errors))
                        g_ptr_array_remove_index(episodes, i - 1);
        }
        g_ptr_array_sort(episodes, compare_weights);
        if (episodes->len > INCIDENTS_MAX)
                g_ptr_array_set_size(episodes, INCIDENTS_MAX);
        return episodes;
}

GPtrArray *incidents_find(const GArray *tracks, const Axis *axis, const Series *errors, double gap) {
        GPtrArray *episodes;

        if (gap <= 0)
                gap = MAX(axis->by_line ? 0 : GAP_SECONDS, GAP_SHARE * (axis->end - axis->start));
        episodes = find_episodes(tracks, axis, errors, gap, WARNINGS_LOUD);
        if (episodes->len > 0)
                return episodes;
        g_ptr_array_unref(episodes);
        return find_episodes(tracks, axis, errors, gap, WARNINGS_FAINT);
}

Episode *incidents_whole(const GArray *tracks, const Axis *axis, uint64_t n_errors, uint64_t n_events) {
        Episode *episode = g_new0(Episode, 1);

        *episode = (Episode){ .from = axis->start, .to = axis->end, .since = axis->start, .whole = true, .tracks = g_ptr_array_new() };
        for (guint i = 0; i < tracks->len; i++) {
                Track *track = &g_array_index(tracks, Track, i);
                if (track_is_error(track))
                        episode_add(episode, track);
        }
        if (episode->critical || (n_errors >= WHOLE_ERRORS_MIN && (double)n_errors >= WHOLE_SHARE_MIN * (double)n_events))
                return episode;
        episode_free(episode);
        return NULL;
}
