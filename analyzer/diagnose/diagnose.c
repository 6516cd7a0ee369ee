/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/diagnose.h"

#include "diagnose/answers.h"
#include "diagnose/causes.h"
#include "diagnose/clocks.h"
#include "diagnose/origins.h"
#include "diagnose/zones.h"

#include <math.h>

/* So few events, and so soon over, may be a hiccup that healed. */
#define HICCUP_EVENTS_MAX  LASTING_EVENTS_MIN
#define HICCUP_SECONDS_MAX 75.0
#define BLIP_SECONDS_MAX   10.0 /* however many errors */

static int64_t to_us(double seconds) {
        return (int64_t)(seconds * 1e6);
}

/* --- the incident as a whole --- */

static unsigned histogram_width(double span) {
        static const unsigned WIDTHS[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400 };

        for (size_t i = 0; i < G_N_ELEMENTS(WIDTHS); i++)
                if (span / WIDTHS[i] <= HISTOGRAM_BUCKETS_MAX)
                        return WIDTHS[i];
        return (unsigned)ceil(span / HISTOGRAM_BUCKETS_MAX);
}

static void fill_histogram(Incident *incident, const LedgerView *view, const Axis *axis) {
        unsigned width = MAX(histogram_width(axis->end - axis->start), series_width(&view->errors));
        int64_t start = (int64_t)axis->start / width * width;
        guint n = (guint)(((int64_t)axis->end - start + width - 1) / width);

        incident->buckets_start = start * 1000000;
        incident->bucket_seconds = width;
        g_array_set_size(incident->buckets, n);
        for (uint32_t i = 0; i < view->errors.n; i++) {
                guint at = (guint)(((int64_t)view->errors.buckets[i].start - start) / width);
                if (at < n)
                        g_array_index(incident->buckets, uint64_t, at) += view->errors.buckets[i].count;
        }
}

static double per_minute(const Series *errors, double from, double to) {
        return to > from ? (double)series_between(errors, (int64_t)from, (int64_t)to) * 60 / (to - from) : 0;
}

/* The worst minute, or the worst bucket where they are wider. */
static void find_peak(Incident *incident, const Episode *episode, const Series *errors) {
        uint64_t best = 0;
        double width = MAX(series_width(errors), MIN(60, episode->to - episode->from));

        incident->peak_us = to_us(episode->from);
        for (uint32_t i = 0; i < errors->n; i++) {
                double from = errors->buckets[i].start;
                uint64_t count;

                if (from < episode->from || from >= episode->to)
                        continue;
                count = series_between(errors, (int64_t)from, (int64_t)(from + width));
                if (count > best) {
                        best = count;
                        incident->peak_us = to_us(from);
                }
        }
        incident->peak_per_minute = (double)best * 60 / width;
}

static void fill_times(Incident *incident, const Episode *episode, const Axis *axis, const LedgerView *view) {
        double slack = MAX(STARTUP_SECONDS, 0.02 * (axis->end - axis->start));

        incident->ongoing = episode->to >= axis->end - slack;
        incident->from_the_start = episode->whole || episode->from <= axis->start + 1;
        if (axis->by_line) {
                incident->onset_us = incident->peak_us = incident->end_us = TIME_NONE;
                incident->onset_line = (uint64_t)episode->from;
                return;
        }
        incident->onset_us = episode_onset_us(episode);
        incident->age_us = to_us(episode->from - episode->since);
        incident->fills = episode->fills;
        incident->end_us = to_us(episode->to);
        incident->before_per_minute = per_minute(&view->errors, axis->start, episode->from);
        incident->during_per_minute = per_minute(&view->errors, episode->from, episode->to);
        find_peak(incident, episode, &view->errors);
        fill_histogram(incident, view, axis);
}

static Incident *make_incident(const Episode *episode, const GArray *tracks, const Axis *axis, const LedgerView *view, const Patterns *patterns,
                               const Baseline *baseline) {
        Incident *incident = incident_new();

        incident->events = episode->events;
        fill_times(incident, episode, axis, view);
        causes_rank(incident, episode, tracks, axis, view, patterns, baseline);
        return incident;
}

/* --- what was not seen --- */

static bool is_about_failures(const char *group) {
        return !g_str_equal(group, "changes") && !g_str_equal(group, "recovery");
}

typedef struct Group {
        NoSign *no_sign;
        uint64_t steady, spoke;
} Group;

static Group *group_of(GHashTable *groups, GPtrArray *order, const Category *category) {
        Group *group = g_hash_table_lookup(groups, category->group);

        if (group)
                return group;
        group = g_new0(Group, 1);
        group->no_sign = no_sign_new();
        group->no_sign->group = category->group;
        group->no_sign->title = category->group_title;
        g_hash_table_insert(groups, (void *)category->group, group);
        g_ptr_array_add(order, group);
        return group;
}

/* In the order of the vocabulary, whatever packs are loaded. */
static void count_patterns(GHashTable *groups, GPtrArray *order, const Patterns *patterns) {
        for (guint i = 0; i < patterns->categories->len; i++) {
                const Category *category = patterns->categories->pdata[i];
                if (is_about_failures(category->group))
                        group_of(groups, order, category);
        }
        for (guint i = 0; i < patterns->items->len; i++) {
                const Pattern *pattern = patterns->items->pdata[i];
                if (is_about_failures(pattern->category->group))
                        group_of(groups, order, pattern->category)->no_sign->n_patterns++;
        }
}

/* Several groups have one origin; @known is by origin. */
static GArray *sources_of(GHashTable *known, const Origin *origin, const LedgerView *view) {
        GArray *sources = g_hash_table_lookup(known, origin);

        if (!sources) {
                sources = origin_sources(origin, view);
                g_hash_table_insert(known, (void *)origin, sources);
        }
        return g_array_ref(sources);
}

/* What was seen, and whether it could have been seen. */
static void tell_no_sign(NoSign *no_sign, uint64_t n_steady, GHashTable *known, const LedgerView *view) {
        const Origin *origin = origin_of(no_sign->group);
        GString *text = g_string_new(NULL);

        if (n_steady > 0)
                g_string_append_printf(text, "only what was there all the time (%" G_GUINT64_FORMAT " events)", (guint64)n_steady);
        else
                g_string_append(text, "nothing matched");
        if (origin) {
                no_sign->origin = origin_name(origin);
                g_array_unref(no_sign->sources);
                no_sign->sources = sources_of(known, origin, view);
                if (no_sign->sources->len == 0)
                        g_string_append_printf(text, "; no log of %s was given", no_sign->origin);
        }
        no_sign->text = g_string_free(text, FALSE);
}

/* The log of those who would tell first hand has the first cause, though in words of another kind. */
static bool tells_the_cause(const NoSign *no_sign, const Cause *cause, const LedgerView *view) {
        for (guint i = 0; no_sign->origin && i < no_sign->sources->len; i++) {
                const SourceRecord *source = view->sources->pdata[g_array_index(no_sign->sources, uint32_t, i)];
                for (guint j = 0; j < cause->evidence->len; j++)
                        if (g_array_index(cause->evidence, Evidence, j).source == source->name)
                                return true;
        }
        return false;
}

/* The first cause is one of the program that would tell, in another's log. The kernel tells of too many things for that. */
static bool is_of_the_same_program(const NoSign *no_sign, const Cause *cause) {
        const Origin *origin = origin_of(no_sign->group);

        return cause->pattern && origin && origin_has_one_group(origin) && origin_is_named(origin, cause->pattern->pack);
}

/* Something was changed just before: that may have been a setting, whatever its words. */
static bool is_of_changed_settings(const NoSign *no_sign, const Cause *cause) {
        return g_str_equal(no_sign->group, "configuration") && (cause->just_before->len > 0 || cause->kind == CAUSE_CHANGE);
}

/* What cannot be ruled out is not said to be without sign. */
static bool is_in_doubt(const NoSign *no_sign, const Report *report) {
        for (guint i = 0; i < report->incidents->len; i++) {
                const GPtrArray *causes = ((const Incident *)report->incidents->pdata[i])->causes;
                const Cause *first = causes->len > 0 ? causes->pdata[0] : NULL;
                if (first &&
                    (tells_the_cause(no_sign, first, report->ledger) || is_of_the_same_program(no_sign, first) || is_of_changed_settings(no_sign, first)))
                        return true;
        }
        return false;
}

/* Statuses tell of HTTP errors in words of no pattern, too. */
static uint64_t count_statuses(const GArray *tracks) {
        uint64_t n = 0;

        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);
                if (!track->pattern && track->signal->status >= 400 && (track->kind == TRACK_NEW || track->kind == TRACK_RISEN))
                        n += track->inside;
        }
        return n;
}

static void fill_no_sign(Report *report, const GArray *tracks, const Patterns *patterns) {
        g_autoptr(GHashTable) groups = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        g_autoptr(GHashTable) known = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
        g_autoptr(GPtrArray) order = g_ptr_array_new();

        count_patterns(groups, order, patterns);
        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);
                Group *group;

                if (!track->pattern || !is_about_failures(track->pattern->category->group))
                        continue;
                group = group_of(groups, order, track->pattern->category);
                if (track->kind == TRACK_STEADY || track->kind == TRACK_STARTUP)
                        group->steady += track->signal->count;
                else
                        group->spoke += track->signal->count;
        }
        for (guint i = 0; i < order->len; i++) {
                Group *group = order->pdata[i];
                NoSign *no_sign = group->no_sign;

                if (g_str_equal(no_sign->group, "http"))
                        group->spoke += count_statuses(tracks);
                tell_no_sign(no_sign, group->steady, known, report->ledger);
                if (group->spoke > 0 || no_sign->n_patterns == 0 || is_in_doubt(no_sign, report))
                        no_sign_free(no_sign);
                else
                        g_ptr_array_add(report->no_sign_of, no_sign);
        }
}

/* --- background --- */

static int compare_background(const void *a, const void *b) {
        const Background *one = *(const Background *const *)a, *two = *(const Background *const *)b;

        if (one->count != two->count)
                return one->count > two->count ? -1 : 1;
        return strcmp(one->id, two->id);
}

static bool is_in_episode(const GPtrArray *episodes, const Pattern *pattern) {
        for (guint i = 0; i < episodes->len; i++) {
                const Episode *episode = episodes->pdata[i];
                for (guint j = 0; j < episode->tracks->len; j++)
                        if (((const Track *)episode->tracks->pdata[j])->pattern == pattern)
                                return true;
        }
        return false;
}

/* A known failure that no incident tells of is told here, however rare. */
static bool is_background(const Track *track, const GPtrArray *episodes) {
        if (track_has_role(track, ROLE_CHANGE) || track_has_role(track, ROLE_RECOVERY))
                return false;
        if (track->kind == TRACK_STEADY || track->kind == TRACK_STARTUP)
                return true;
        return track->pattern && !is_in_episode(episodes, track->pattern);
}

static const char *background_text(const Track *track) {
        return track->kind == TRACK_STEADY ? "steady" : track->kind == TRACK_STARTUP ? "only at the start" : "rare";
}

static bool is_listed(const Report *report, const char *id) {
        for (guint i = 0; i < report->background->len; i++)
                if (g_str_equal(((const Background *)report->background->pdata[i])->id, id))
                        return true;
        return false;
}

/* What an incident tells of is no background, though it came at other times, too. */
static bool is_told(const Report *report, const char *id) {
        for (guint i = 0; i < report->incidents->len; i++) {
                const Incident *incident = report->incidents->pdata[i];
                for (guint j = 0; j < incident->causes->len + incident->symptoms->len; j++) {
                        const Cause *cause = j < incident->causes->len ? incident->causes->pdata[j] : incident->symptoms->pdata[j - incident->causes->len];
                        if (g_str_equal(cause->id, id))
                                return true;
                }
        }
        return false;
}

static char *id_of(const Track *track) {
        return track->pattern ? g_strdup(track->pattern->id) : g_strdup_printf("template/%016" G_GINT64_MODIFIER "x", track->signal->key);
}

static void fill_background(Report *report, const GArray *tracks, const GPtrArray *episodes) {
        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);
                g_autofree char *id = is_background(track, episodes) ? id_of(track) : NULL;
                Background *background;

                if (!id || is_told(report, id) || is_listed(report, id)) /* the surges of one signal are one line */
                        continue;
                background = g_new0(Background, 1);
                background->id = g_steal_pointer(&id);
                background->title = g_strdup(track->pattern ? track->pattern->title : track->signal->shape);
                background->count = track->signal->count;
                background->text = g_strdup(background_text(track));
                g_ptr_array_add(report->background, background);
        }
        g_ptr_array_sort(report->background, compare_background);
        if (report->background->len > BACKGROUND_MAX)
                g_ptr_array_set_size(report->background, BACKGROUND_MAX);
}

/* --- the report --- */

static uint64_t count_events(const LedgerView *view, Level min_level) {
        uint64_t n = 0;

        for (guint i = 0; i < view->sources->len; i++)
                for (unsigned level = min_level; level < N_LEVELS; level++)
                        n += ((const SourceRecord *)view->sources->pdata[i])->by_level[level];
        return n;
}

static void fill_span(Report *report, const LedgerView *view) {
        report->first_us = report->last_us = TIME_NONE;
        for (guint i = 0; i < view->sources->len; i++) {
                const SourceRecord *source = view->sources->pdata[i];
                if (source->first_us == TIME_NONE)
                        continue;
                if (report->first_us == TIME_NONE || source->first_us < report->first_us)
                        report->first_us = source->first_us;
                report->last_us = MAX(report->last_us, source->last_us);
        }
}

/* Few events that were soon over, or many that were over at once. What goes on at the end of the log may be a beginning. */
static bool is_hiccup(const Episode *episode, const Incident *incident) {
        double length = episode->to - episode->from;

        return !incident->ongoing && (length < BLIP_SECONDS_MAX || (episode->events < HICCUP_EVENTS_MAX && length < HICCUP_SECONDS_MAX));
}

/*
 * What is known to hurt is there, nobody is answered otherwise, and nothing is sure, or it is of logins alone; nothing in it is known to hurt, and
 * nothing is likely; or it is a hiccup, and nothing is sure or nobody is answered otherwise.
 */
static bool is_doubtful(const Episode *episode, const Incident *incident) {
        const Cause *first = incident->causes->len > 0 ? incident->causes->pdata[0] : NULL;

        if (!first)
                return false;
        if (is_hiccup(episode, incident))
                return first->confidence != CONFIDENCE_HIGH || incident->answered;
        if (episode->hurts && incident->answered)
                return first->confidence != CONFIDENCE_HIGH || episode->logins;
        return first->confidence == CONFIDENCE_LOW && !episode->hurts;
}

/* Errors without a quiet part may be the usual noise of this log, unless a pattern knows a cause among them. */
static Verdict verdict_of(const GPtrArray *episodes, const GPtrArray *incidents, uint64_t n_events) {
        if (n_events == 0)
                return VERDICT_INCONCLUSIVE;
        if (episodes->len == 0)
                return VERDICT_NO_INCIDENT;
        const Episode *worst = episodes->pdata[0];
        if (worst->judged && !worst->critical && worst->strength < BASELINE_STRENGTH_SURE)
                return VERDICT_INCONCLUSIVE;
        if (worst->critical)
                return VERDICT_INCIDENT;
        return worst->whole || is_doubtful(worst, incidents->pdata[0]) ? VERDICT_INCONCLUSIVE : VERDICT_INCIDENT;
}

Report *diagnose(const LedgerView *view, const Baseline *baseline, const Patterns *patterns, double gap_seconds) {
        Report *report = report_new();
        g_autoptr(GPtrArray) episodes = NULL;
        g_autoptr(GArray) tracks = NULL;
        uint64_t n_events = count_events(view, LEVEL_NONE);
        Episode *whole;
        Axis axis;

        axis_of(view, &axis);
        tracks = tracks_of(view, patterns, &axis, baseline);
        answers_add_refused(tracks, &axis, view);
        episodes = incidents_find(tracks, &axis, &view->errors, gap_seconds);
        whole = episodes->len == 0 && !baseline ? incidents_whole(tracks, &axis, count_events(view, LEVEL_ERROR), n_events) : NULL;
        if (whole)
                g_ptr_array_add(episodes, whole);
        report->by_line = axis.by_line;
        report->ledger = view;
        fill_span(report, view);
        for (guint i = 0; i < episodes->len; i++) {
                Incident *incident = make_incident(episodes->pdata[i], tracks, &axis, view, patterns, baseline);
                incident->id = i + 1;
                incident->answered = answers_as_before(episodes->pdata[i], &axis, view);
                g_ptr_array_add(report->incidents, incident);
        }
        g_array_unref(report->clocks);
        report->clocks = clocks_compare(view, &axis, episodes);
        g_array_unref(report->zones);
        report->zones = zones_fitting(view);
        report->verdict = verdict_of(episodes, report->incidents, n_events);
        if (n_events > 0)
                fill_no_sign(report, tracks, patterns);
        fill_background(report, tracks, episodes);
        return report;
}
