/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/ranking.h"

#include "diagnose/changes.h"
#include "diagnose/forerunners.h"
#include "diagnose/kinds.h"
#include "diagnose/mechanisms.h"
#include "diagnose/natures.h"
#include "diagnose/references.h"
#include "diagnose/settings.h"
#include "diagnose/signs.h"

#include <math.h>

/* What each factor is worth. A negative one is a penalty. */
static const struct {
        const char *name;
        double weight;
} FACTORS[N_FACTORS] = {
        [FACTOR_NATURE] = { "nature", 3.0 }, [FACTOR_NEW] = { "newness", 1.0 },     [FACTOR_LEAD] = { "lead", 2.0 },
        [FACTOR_SPAN] = { "span", 0.3 },     [FACTOR_END] = { "end", 0.1 },         [FACTOR_COUNT] = { "count", 0.15 },
        [FACTOR_SCOPE] = { "scope", 0.0 },   [FACTOR_EFFECTS] = { "effects", 0.5 }, [FACTOR_VICTIM] = { "victim", -1.2 },
};

/* Over before so much of the incident is. */
#define OVER_EARLY_SHARE 0.1

/* Who waits for a lock or a slow answer is heard when his patience ends; what he holds up may be heard before. */
#define PATIENCE_SECONDS 60.0

/* A limit is reached because something fills it: a trouble that began so long before, and is no mere symptom, may be what does. */
#define EXHAUST_SECONDS  3.0
#define EXHAUST_NATURE   0.4
#define FILLED_IN_PART   0.5
#define FILLED_ALL_ALONG 1.0

/* So much of a victim is what has a quiet forerunner, or may be held itself. */
#define FORERUN 0.2

/* Time-outs, resets, answers of 500 and more. */
#define SURFACE_NATURE_MAX 0.1

/* How fast the worth of being early fades. */
#define LEAD_SECONDS         10.0
#define LEAD_SHARE           0.15  /* of the incident's length */
#define LEAD_CHANGE_SECONDS  30.0  /* of a change, backwards from the onset */
#define LEAD_UNDONE_SECONDS  60.0  /* the same of one that was undone when all was over: it may have waited for its occasion */
#define LEAD_FILLING_SECONDS 180.0 /* and where a limit is what is reached first */
#define LEAD_CHANGE_LATE     0.4   /* of one that was made behind the first sign: it may be written late */
#define LEAD_CHANGE_PERHAPS  0.7   /* of one in the second of the first sign, where no such sign is known to stand before it */
#define CHANGE_LATE_SECONDS  0.5

const char *factor_name(Factor factor) {
        return FACTORS[factor].name;
}

double factor_weight(Factor factor) {
        return FACTORS[factor].weight;
}

double episode_length(const Episode *episode) {
        return MAX(episode->to - episode->from, 1);
}

/* --- who takes part --- */

/* A surge of its prelude may end before it begins. */
static bool overlaps(const Track *track, const Episode *episode) {
        double usual = MAX(GAP_SECONDS, 0.1 * episode_length(episode));
        double slack = track->kind == TRACK_SPARSE && track_has_role(track, ROLE_CAUSE) ? MAX(usual, SPARSE_LEAD_SECONDS) : usual;
        bool near = track->to > episode->from - slack || g_ptr_array_find(episode->tracks, track, NULL);

        return near && track->from < episode->to && track->from >= episode->from - MAX(EARLY_SECONDS, 0.5 * episode_length(episode));
}

static bool takes_part(const Track *track, const Episode *episode) {
        if (track_has_role(track, ROLE_CHANGE) || track_has_role(track, ROLE_RECOVERY) || !track_is_bad_news(track))
                return false;
        if (episode->whole)
                return true;
        switch (track->kind) {
        case TRACK_NEW:
        case TRACK_RISEN:
        case TRACK_SPARSE:
                return overlaps(track, episode);
        case TRACK_UNPLACED:
                return track_is_error(track);
        case TRACK_STARTUP:
                return episode->from <= track->to && overlaps(track, episode);
        case TRACK_STEADY:
                break;
        }
        return false;
}

/* Several surges of one signal in one incident are one story. */
static void join(Track *track, const Track *later) {
        if (track->kind != TRACK_NEW)
                track->kind = MIN(track->kind, later->kind);
        track->to = MAX(track->to, later->to);
        track->last_us = MAX(track->last_us, later->last_us);
        track->inside += later->inside;
        track->llr = MAX(track->llr, later->llr);
}

static Candidate *candidate_of(const Ranking *ranking, const Signal *signal, uint32_t source) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);
                if (candidate->track.signal == signal && candidate->track.source == source)
                        return candidate;
        }
        return NULL;
}

/* Tracks of a signal stand together and in no order of time. */
static void add_track(Ranking *ranking, const Track *track) {
        Candidate *known = candidate_of(ranking, track->signal, track->source);

        if (known && known->facet)
                return;
        if (!known) {
                Candidate candidate = { .kind = track->pattern ? CAUSE_PATTERN : CAUSE_TEMPLATE, .track = *track };
                g_array_append_val(ranking->candidates, candidate);
        } else if (track->from < known->track.from) {
                Track first = *track;
                join(&first, &known->track);
                known->track = first;
        } else {
                join(&known->track, track);
        }
}

static void add_facets(Ranking *ranking, const GPtrArray *facets) {
        for (guint i = 0; i < facets->len; i++) {
                const Facet *facet = facets->pdata[i];
                Candidate candidate = { .kind = facet->track.pattern ? CAUSE_PATTERN : CAUSE_TEMPLATE, .track = facet->track, .facet = facet };
                if (!candidate_of(ranking, facet->track.signal, facet->track.source))
                        g_array_append_val(ranking->candidates, candidate);
        }
}

static double second_of(const Change *change) {
        return (double)change->evidence.time_us / 1e6;
}

/* Likelier to break something, or sets more than @other. */
static bool says_more(const Change *change, const Change *other) {
        return change->weight != other->weight ? change->weight > other->weight : settings_count(change) >= settings_count(other);
}

const Change *ranking_spokesman(const GPtrArray *changes) {
        const Change *best = changes->pdata[0];

        for (guint i = 1; i < changes->len; i++)
                if (says_more(changes->pdata[i], best))
                        best = changes->pdata[i];
        return best;
}

static void add_cluster(Ranking *ranking, const GPtrArray *changes) {
        const Change *change = ranking_spokesman(changes), *last = changes->pdata[changes->len - 1];
        double at = second_of(change);
        Candidate candidate = {
                .kind = CAUSE_CHANGE,
                .changes = changes,
                .track = {
                        .signal = change->signal,
                        .source = ALL_SOURCES,
                        .pattern = change->pattern,
                        .kind = TRACK_SPARSE,
                        .from = at,
                        .to = at,
                        .began = at,
                        .onset_us = change->evidence.time_us,
                        .last_us = last->evidence.time_us,
                        .inside = changes->len,
                        .expected = -1,
                },
        };

        g_array_append_val(ranking->candidates, candidate);
}

static void add_silence(Ranking *ranking, const Silence *silence) {
        Candidate candidate = {
                .kind = CAUSE_SILENCE,
                .silence = silence,
                .track = {
                        .signal = &silence->signal,
                        .source = ALL_SOURCES,
                        .kind = TRACK_NEW,
                        .from = silence->from,
                        .to = silence->to,
                        .began = silence->from,
                        .onset_us = silence_last_heard_us(silence),
                        .last_us = silence->ongoing ? TIME_NONE : (int64_t)(silence->to * 1e6),
                        .expected = -1,
                },
        };

        g_array_append_val(ranking->candidates, candidate);
}

/* --- factors --- */

static double newness_of(const Track *track) {
        switch (track->kind) {
        case TRACK_NEW:
                return 1;
        case TRACK_RISEN:
                return 0.5 * (1 - track->rate_outside / track->rate_inside);
        case TRACK_SPARSE:
                return 0.7;
        default:
                return 0.3;
        }
}

double ranking_exact_begin(const Track *track) {
        double wait = MAX(track->from - track->began, 0), exact = (double)track->onset_us / 1e6;

        return track->onset_us != TIME_NONE && exact >= track->from && exact < track->from + 1 ? exact - wait : track->began;
}

/* Of a change, by how near it is before the first sign, or to when that began of which the first errors say how long it takes. */
static double lead_of_change(const Ranking *ranking, double at, bool undone) {
        const Episode *episode = ranking->episode;
        double late = at - ranking->first_sign, fade = episode->fills ? LEAD_FILLING_SECONDS : undone ? LEAD_UNDONE_SECONDS : LEAD_CHANGE_SECONDS;
        bool is_late = late > CHANGE_LATE_SECONDS && (late >= 1 || ranking->first_known <= at);
        double lead = is_late ? LEAD_CHANGE_LATE : late > CHANGE_LATE_SECONDS ? LEAD_CHANGE_PERHAPS : exp(-MAX(-late, 0) / fade);

        return episode->since < episode->from ? MAX(lead, exp(-fabs(at - episode->since) / LEAD_CHANGE_SECONDS)) : lead;
}

static double lead_of(const Ranking *ranking, const Candidate *candidate) {
        const Episode *episode = ranking->episode;
        double late = ranking_exact_begin(&candidate->track) - (candidate->kind == CAUSE_CHANGE ? ranking->first_sign : episode->from);

        if (candidate->track.kind == TRACK_UNPLACED)
                return 0.4;
        if (candidate->kind == CAUSE_CHANGE && late <= 0 && mechanisms_seen_through(candidate))
                return 1;
        if (candidate->kind == CAUSE_CHANGE)
                return lead_of_change(ranking, ranking_exact_begin(&candidate->track), candidate->undone);
        return exp(-MAX(late, 0) / MAX(LEAD_SECONDS, LEAD_SHARE * episode_length(episode)));
}

double ranking_span(const Track *track, const Episode *episode) {
        double from = MAX(MIN(track->from, track->began), episode->from), to = MIN(track->to, episode->to);

        return track->kind == TRACK_UNPLACED ? 0 : CLAMP((to - from) / episode_length(episode), 0, 1);
}

static double end_of(const Track *track, const Episode *episode) {
        double apart = fabs(track->to - episode->to);

        return track->kind == TRACK_UNPLACED ? 0 : exp(-apart / MAX(GAP_SECONDS, 0.1 * episode_length(episode)));
}

static bool follows(const Track *effect, const Track *cause) {
        double slack = ORDER_SLACK_SECONDS + (cause->pattern && kind_waits(cause->pattern) ? PATIENCE_SECONDS : 0);

        if (effect->kind == TRACK_UNPLACED || cause->kind == TRACK_UNPLACED)
                return true;
        if (effect->pattern && kind_fills_slowly(effect->pattern)) /* that takes its time */
                return effect->from >= cause->began + EXHAUST_SECONDS;
        return effect->from >= cause->began - slack;
}

bool ranking_explains(const Candidate *cause, const Candidate *effect) {
        const Pattern *by = cause->track.pattern, *of = effect->track.pattern;

        return cause != effect && by && of && cause->kind == CAUSE_PATTERN && effect->kind == CAUSE_PATTERN && pattern_leads_to(by, of) &&
               follows(&effect->track, &cause->track);
}

/* What others notice first (refused connections, pools without a free one) brings about what follows only while it lasts. */
static bool is_over_early(const Candidate *candidate, const Episode *episode) {
        return candidate->kind == CAUSE_PATTERN && candidate->track.pattern->category->depth >= 2 && candidate->track.kind != TRACK_UNPLACED &&
               candidate->track.to < episode->from + OVER_EARLY_SHARE * episode_length(episode);
}

static void relate(const Ranking *ranking, Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                candidate->n_effects += ranking_explains(candidate, other) && !is_over_early(candidate, ranking->episode);
                if (ranking_explains(other, candidate) && !ranking_explains(candidate, other) && !candidate->victim_of)
                        candidate->victim_of = &other->track;
        }
}

/* Two patterns that match the very same events: the one that says more about the cause stands for both. */
static bool is_same_events(const Track *one, const Track *two) {
        const Signal *a = one->signal, *b = two->signal;

        return a->count == b->count && a->n_first > 0 && b->n_first > 0 && a->first[0].source == b->first[0].source && a->first[0].offset == b->first[0].offset;
}

static bool says_less(const Ranking *ranking, const Candidate *one, const Candidate *two) {
        double mine = nature_of(one, ranking->episode), other = nature_of(two, ranking->episode);

        return mine != other ? mine < other : one->track.signal->key > two->track.signal->key;
}

/* A source that named a failure and then fell silent says nothing more by its silence; nor does a line in whose place bad news comes. */
static bool is_explained(const Silence *silence, const Candidate *other) {
        double before = silence->from - (double)other->track.onset_us / 1e6;
        double after_max = silence->of ? BEAT_MISSED_MIN / silence->rate : 1;

        if (other->kind != CAUSE_PATTERN && other->kind != CAUSE_TEMPLATE)
                return false;
        for (uint32_t i = 0; i < other->track.signal->n_sources; i++)
                if (other->track.signal->sources[i].source == silence->source)
                        return before >= -after_max && before <= SILENCE_WORDS_SECONDS;
        return false;
}

static void find_words(const Ranking *ranking, Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len && candidate->silence && !candidate->echo_of; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                if (is_explained(candidate->silence, other))
                        candidate->echo_of = &other->track;
        }
}

static void find_echo(const Ranking *ranking, Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len && !candidate->echo_of; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                if (other != candidate && candidate->kind == CAUSE_PATTERN && other->kind == CAUSE_PATTERN &&
                    is_same_events(&candidate->track, &other->track) && says_less(ranking, candidate, other))
                        candidate->echo_of = &other->track;
        }
}

/* A trouble of its own that began clearly before @candidate and went on until it spoke. */
static bool is_earlier_trouble(const Ranking *ranking, const Candidate *other, const Candidate *candidate) {
        const Track *mine = &candidate->track, *theirs = &other->track;

        if (other->kind == CAUSE_CHANGE) /* that of the limit itself is its trigger; what is full is full of something */
                return mechanisms_works(other) && theirs->began <= ranking_exact_begin(mine) - (other->raised ? 0 : EXHAUST_SECONDS) &&
                       (kind_fills_slowly(mine->pattern) || !changes_is_about(ranking_spokesman(other->changes), mine->signal, mine->pattern->title));
        return other != candidate && mine->kind != TRACK_UNPLACED && theirs->kind != TRACK_UNPLACED && theirs->began <= mine->began - EXHAUST_SECONDS &&
               theirs->to >= mine->from - ORDER_SLACK_SECONDS && !(theirs->pattern && kind_is_limit(theirs->pattern)) &&
               nature_of(other, ranking->episode) >= EXHAUST_NATURE;
}

/* What users see is where nothing begins: a change just before it does. */
static bool is_surface_of_change(const Ranking *ranking, const Candidate *candidate) {
        return candidate->kind != CAUSE_CHANGE && candidate->kind != CAUSE_SILENCE && ranking->clusters->len > 0 &&
               nature_of(candidate, ranking->episode) <= SURFACE_NATURE_MAX;
}

static double filled_by(const Ranking *ranking, const Candidate *filler, const Track *limit) {
        const Change *change = filler->kind == CAUSE_CHANGE ? ranking_spokesman(filler->changes) : NULL;

        /* Of a program that runs into connection limits and the like itself: a number that it moved is more than that. */
        if (change && !kind_fills_slowly(limit->pattern) && changes_is_where(change, limit->signal) && !mechanisms_moved(change))
                return FILLED_IN_PART;
        return nature_of(filler, ranking->episode) >= NATURE_WORKING ? FILLED_ALL_ALONG : FILLED_IN_PART;
}

/*
 * What fills up what @candidate says is full, for as long as the incident lasts or for a part of it; 0: nothing, or it is no limit. Locks are held by
 * what takes as long as the incident in one piece: of what takes shorter they may be the reason.
 */
static double filled(const Ranking *ranking, const Candidate *candidate) {
        double most = 0;

        if (candidate->kind != CAUSE_PATTERN || !(kind_is_limit(candidate->track.pattern) || kind_waits(candidate->track.pattern)))
                return 0;
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                bool holds = nature_holds(other, ranking->episode);
                if ((holds || kind_is_limit(candidate->track.pattern)) && is_earlier_trouble(ranking, other, candidate))
                        most = MAX(most, filled_by(ranking, other, &candidate->track));
        }
        return most;
}

static bool is_wait(const Candidate *candidate) {
        return candidate->kind == CAUSE_PATTERN && kind_waits(candidate->track.pattern);
}

static bool waits(const Ranking *ranking, const Candidate *candidate) {
        if (!is_wait(candidate))
                return false;
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                if (other->facet && other->facet->kind == FACET_SLOW && is_earlier_trouble(ranking, other, candidate))
                        return true;
        }
        return false;
}

/* What took as long as the incident may be held itself: by a change that is seen to work, or by another that began clearly before it. */
static bool may_be_held(const Ranking *ranking, const Candidate *candidate) {
        if (!nature_holds(candidate, ranking->episode))
                return false;
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                if (other->kind == CAUSE_CHANGE && mechanisms_works(other) && other->track.began <= candidate->track.began + ORDER_SLACK_SECONDS)
                        return true;
                if (nature_holds(other, ranking->episode) && other->track.began <= candidate->track.began - EXHAUST_SECONDS)
                        return true;
        }
        return false;
}

/* Who waits for a lock names its holder, and what he did is known. */
static bool waits_for_known(const Ranking *ranking, const Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len && is_wait(candidate); i++)
                if (g_array_index(ranking->candidates, Candidate, i).holds)
                        return true;
        return false;
}

static double victimhood(const Ranking *ranking, const Candidate *candidate) {
        if (waits_for_known(ranking, candidate) || candidate->victim_of || candidate->echo_of || is_surface_of_change(ranking, candidate))
                return 1;
        return MAX(candidate->filled, candidate->forerun ? FORERUN : 0);
}

/* A change is thought to bring about all that follows. */
static double effects_of(const Candidate *candidate) {
        return candidate->kind == CAUSE_CHANGE ? 1 : MIN(candidate->n_effects / 2.0, 1);
}

static void score(const Ranking *ranking, Candidate *candidate) {
        const Track *track = &candidate->track;
        double sum = 0, best = 0;

        candidate->filled = filled(ranking, candidate);
        candidate->waits = waits(ranking, candidate);
        candidate->forerun = forerunners_has(ranking, candidate) || may_be_held(ranking, candidate);
        candidate->value[FACTOR_NATURE] = nature_of(candidate, ranking->episode);
        candidate->value[FACTOR_NEW] = newness_of(track);
        candidate->value[FACTOR_LEAD] = lead_of(ranking, candidate);
        candidate->value[FACTOR_SPAN] = ranking_span(track, ranking->episode);
        candidate->value[FACTOR_END] = end_of(track, ranking->episode);
        candidate->value[FACTOR_COUNT] = log1p((double)track->inside) / log1p((double)ranking->loudest);
        candidate->value[FACTOR_EFFECTS] = effects_of(candidate);
        candidate->value[FACTOR_VICTIM] = victimhood(ranking, candidate);
        for (unsigned i = 0; i < N_FACTORS; i++) {
                sum += candidate->value[i] * FACTORS[i].weight;
                best += MAX(FACTORS[i].weight, 0);
        }
        candidate->score = CLAMP(sum / best, 0, 1);
}

static int compare_candidates(const void *a, const void *b) {
        const Candidate *one = *(const Candidate *const *)a, *two = *(const Candidate *const *)b;

        if (one->score != two->score)
                return one->score > two->score ? -1 : 1;
        if (one->track.from != two->track.from) /* of two changes the later one is nearer to what they are suspected of */
                return (one->track.from < two->track.from) != (one->kind == CAUSE_CHANGE && two->kind == CAUSE_CHANGE) ? -1 : 1;
        return one->track.signal->key < two->track.signal->key ? -1 : one->track.signal->key > two->track.signal->key;
}

/* --- the ranking --- */

static double together_seconds(const Change *one, const Change *other) {
        if (one->holds && other->holds)
                return TOGETHER_RELEASE_SECONDS;
        if (references_shared(evidence_message(one->evidence.exemplar), evidence_message(other->evidence.exemplar)))
                return TOGETHER_RELEASE_SECONDS;
        return one->pattern && one->pattern == other->pattern ? TOGETHER_ALIKE_SECONDS : TOGETHER_SECONDS;
}

static bool belongs_to(const GPtrArray *cluster, const Change *change) {
        double apart = second_of(change) - second_of(cluster->pdata[cluster->len - 1]);

        for (guint i = 0; i < cluster->len; i++) {
                const Change *other = cluster->pdata[i];
                if (apart <= together_seconds(other, change) && other->spared == change->spared && changes_are_related(other, change))
                        return true;
        }
        return false;
}

static int compare_seconds(const void *a, const void *b) {
        double one = second_of(*(const Change *const *)a), two = second_of(*(const Change *const *)b);

        return (one > two) - (one < two);
}

/*
 * Adds @change to those that are related to it and were made together with it: one cluster from now on, if there were several ("rule added" beside
 * what the directory says in its own words of the rule, and of its database); else to a new one.
 */
static void add_to_cluster(Ranking *ranking, Change *change) {
        GPtrArray *home = NULL;

        for (guint i = 0; i < ranking->clusters->len; i++) {
                GPtrArray *cluster = ranking->clusters->pdata[i];

                if (!belongs_to(cluster, change))
                        continue;
                if (!home) {
                        home = cluster;
                        continue;
                }
                for (guint j = 0; j < cluster->len; j++)
                        g_ptr_array_add(home, cluster->pdata[j]);
                g_ptr_array_remove_index(ranking->clusters, i--);
        }
        if (!home) {
                home = g_ptr_array_new();
                g_ptr_array_add(ranking->clusters, home);
        }
        g_ptr_array_add(home, change);
        g_ptr_array_sort(home, compare_seconds);
}

/* @changes in order of time; those shortly before the onset that were made together are one candidate. */
static void add_changes(Ranking *ranking, const GPtrArray *changes) {
        const Episode *episode = ranking->episode;
        double reach = episode->fills ? CHANGE_LEAD_SECONDS : RUMOUR_LEAD_SECONDS + episode->from - MIN(episode->since, ranking->first_sign);

        for (guint i = 0; i < changes->len; i++) {
                double lead = ranking->episode->from - second_of(changes->pdata[i]);
                if (lead < -ORDER_SLACK_SECONDS || lead > reach)
                        continue;
                add_to_cluster(ranking, changes->pdata[i]);
        }
        for (guint i = 0; i < ranking->clusters->len; i++)
                add_cluster(ranking, ranking->clusters->pdata[i]);
}

static void free_list(void *list) {
        g_ptr_array_unref(list);
}

Ranking *ranking_new(const Episode *episode, const Suspects *suspects, const Axis *axis, const LedgerView *view) {
        Ranking *ranking = g_new0(Ranking, 1);
        g_autoptr(GPtrArray) order = g_ptr_array_new();

        *ranking = (Ranking){ .episode = episode, .axis = axis, .view = view, .candidates = g_array_new(FALSE, TRUE, sizeof(Candidate)), .loudest = 1 };
        ranking->clusters = g_ptr_array_new_with_free_func(free_list);
        ranking->stops = g_ptr_array_new_with_free_func(g_free);
        add_facets(ranking, suspects->facets);
        for (guint i = 0; i < suspects->tracks->len; i++) {
                const Track *track = &g_array_index(suspects->tracks, Track, i);
                if (takes_part(track, episode))
                        add_track(ranking, track);
        }
        signs_find_first(ranking);
        add_changes(ranking, suspects->changes);
        for (guint i = 0; i < suspects->silences->len; i++)
                add_silence(ranking, suspects->silences->pdata[i]);
        mechanisms_find(ranking);
        for (guint i = 0; i < ranking->candidates->len; i++)
                ranking->loudest = MAX(ranking->loudest, g_array_index(ranking->candidates, Candidate, i).track.inside);
        for (guint i = 0; i < ranking->candidates->len; i++) {
                Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);
                relate(ranking, candidate);
                find_echo(ranking, candidate);
                find_words(ranking, candidate);
        }
        signs_find_first_of_effect(ranking);
        for (guint i = 0; i < ranking->candidates->len; i++) {
                score(ranking, &g_array_index(ranking->candidates, Candidate, i));
                g_ptr_array_add(order, &g_array_index(ranking->candidates, Candidate, i));
        }
        g_ptr_array_sort(order, compare_candidates);
        mechanisms_find_scoped(ranking, order);
        for (guint i = 0; i < ranking->candidates->len; i++)
                if (g_array_index(ranking->candidates, Candidate, i).scoped)
                        score(ranking, &g_array_index(ranking->candidates, Candidate, i));
        g_ptr_array_sort(order, compare_candidates);
        ranking->order = g_steal_pointer(&order);
        return ranking;
}

void ranking_free(Ranking *ranking) {
        g_array_unref(ranking->candidates);
        g_ptr_array_unref(ranking->order);
        g_ptr_array_unref(ranking->clusters);
        g_ptr_array_unref(ranking->stops);
        g_free(ranking);
}
