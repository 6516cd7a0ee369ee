/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/signs.h"

#include "diagnose/changes.h"
#include "diagnose/hearsay.h"

#include <math.h>

/* What nobody calls an error is slow, turned, or said far more often from before the first error on, until all is over. */
static bool is_quiet_sign(const Candidate *candidate, const Episode *episode) {
        double slack = MAX(GAP_SECONDS, 0.1 * episode_length(episode));

        return candidate->facet && candidate->facet->kind != FACET_VALUE && candidate->facet->kind != FACET_UNUSUAL && candidate->facet->kind != FACET_JOB &&
               candidate->track.from <= episode->from - UNUSUAL_LEAD_MIN && fabs(candidate->track.to - episode->to) <= slack;
}

/* It came to its end just before the first error: those who were told so did not come again, or something worse came over it. */
static bool is_forerunner(const Track *track, const Episode *episode) {
        return track->to <= episode->from + COINCIDENCE_SECONDS && track->to >= episode->from - GAP_SECONDS && track->inside >= FORERUNNER_EVENTS_MIN;
}

/*
 * Warnings, and answers that users got, that were never there before and go on for as long as the incident are a sign of it, before any error; not
 * "retrying". What is full says so itself.
 */
static bool is_loud_sign(const Candidate *candidate, const Episode *episode) {
        const Track *track = &candidate->track;
        const Signal *signal = track->signal;

        return !episode->fills && (candidate->kind == CAUSE_PATTERN || candidate->kind == CAUSE_TEMPLATE) && track->kind == TRACK_NEW &&
               (signal->level >= LEVEL_WARNING || signal->status >= 400) &&
               ((track->inside >= SIGN_EVENTS_MIN && ranking_span(track, episode) >= SIGN_SPAN_MIN) || is_forerunner(track, episode)) &&
               (track->pattern || signal->n_first == 0 || hearsay_of(signal->first[0].text) >= 0);
}

/* The most that was ever said in BURST_SECONDS before @end. */
static uint64_t usual_burst(const Series *series, double end) {
        uint64_t most = 0, sum = 0;

        for (uint32_t i = 0, first = 0; i < series->n && series->buckets[i].start < end; i++) {
                sum += series->buckets[i].count;
                for (; series->buckets[i].start - series->buckets[first].start >= BURST_SECONDS; first++)
                        sum -= series->buckets[first].count;
                most = MAX(most, sum);
        }
        return most;
}

/* What is said more often than before has begun when more of it was said than ever at once. */
static double begin_of_sign(const Candidate *candidate) {
        const Track *track = &candidate->track;
        const Series *series = &track->signal->series;
        uint64_t usual, sum = 0;

        if (candidate->facet && candidate->facet->kind == FACET_BUSIER) {
                usual = usual_burst(series, track->from);
                for (uint32_t i = 0; i < series->n && series->buckets[i].start < track->from + BURST_SECONDS; i++) {
                        sum += series->buckets[i].start >= (uint32_t)track->from ? series->buckets[i].count : 0;
                        if (sum > usual)
                                return MAX(track->from, series->buckets[i].start);
                }
        }
        return track->from;
}

/* To less than a second; INFINITY where that is not known: the log has whole seconds, or its first lines were not kept. */
static double known_begin(const Track *track) {
        return track->onset_us == TIME_NONE || track->onset_us % 1000000 == 0 ? INFINITY : (double)track->onset_us / 1e6;
}

void signs_find_first(Ranking *ranking) {
        const Episode *episode = ranking->episode;

        ranking->first_sign = episode->from;
        ranking->first_known = INFINITY;
        for (guint i = 0; i < episode->tracks->len; i++)
                ranking->first_known = MIN(ranking->first_known, known_begin(episode->tracks->pdata[i]));
        for (guint i = 0; i < ranking->candidates->len && !episode->whole; i++) {
                const Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);
                if (is_quiet_sign(candidate, episode) || is_loud_sign(candidate, episode)) {
                        ranking->first_sign = MIN(ranking->first_sign, begin_of_sign(candidate));
                        ranking->first_known = MIN(ranking->first_known, known_begin(&candidate->track));
                }
        }
}

void signs_find_first_of_effect(Ranking *ranking) {
        for (guint i = 0; i < ranking->candidates->len && !ranking->episode->whole; i++) {
                const Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);
                bool surges = candidate->track.kind == TRACK_NEW || candidate->track.kind == TRACK_RISEN;

                if (candidate->n_effects > 0 && surges)
                        ranking->first_sign = MIN(ranking->first_sign, ranking_exact_begin(&candidate->track));
        }
}
