/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Mechanisms
 *
 *     candidates -> [mechanisms] -> ranking
 *
 * What makes more of a change than that it was made shortly before: its own log no longer says what it said all the time, or says other numbers, it was undone
 * when all was over, a number that it moved is followed by a limit that is reached, it looks like a mistaken unit, or it was made to the one host,
 * tenant, ... that alone has the trouble.
 */

#include "diagnose/ranking.h"

/* What lasts as long as an incident has so much in common with it, of the time that either of them takes. */
#define LASTS_SHARE 0.8

/* A line of whatever log that was said at least so often (seconds), and ends so near to a change, ends with it. */
#define ENDS_BEAT_MAX  1.0
#define ENDS_APART_MAX 1.5

/* What a log says otherwise began so shortly before or behind the change: it may be told late. */
#define SHIFTED_EARLY_SECONDS 3.0
#define SHIFTED_LATE_SECONDS  15.0

/* What a log says as never before began so long before the first error: it is no effect of it. */
#define SAID_LEAD_SECONDS 5.0

/* A setting was moved by so much, and a limit is reached so soon behind it: more is asked for than before. */
#define MOVED_RATIO    1.5
#define RAISED_SECONDS 30.0

/* Of the likeliest troubles so many are asked where they are. */
#define SCOPES_MAX 3

/* Whether it lasts as long as the incident, where its begin and end are known to @slack seconds: what is told in beats, to one. */
bool mechanisms_lasts(const Track *track, const Episode *episode, double slack);

/* Sets `stopped`, `shifted`, `undone`, `raised` and `other_unit` of the changes among the candidates. */
void mechanisms_find(Ranking *ranking);

/* Sets `scoped`; @order: the candidates, the likeliest first. */
void mechanisms_find_scoped(Ranking *ranking, const GPtrArray *order);

/* Of what a pattern knows: a change before it is about the same. */
bool mechanisms_has_trigger(const Ranking *ranking, const Track *track);

/* It moved a number by half or more. */
bool mechanisms_moved(const Change *change);

/* It is seen at work: something stopped or takes longer with it, it was undone when all was over, or a limit is reached behind it. */
static inline bool mechanisms_works(const Candidate *change) {
        return change->stopped || change->shifted || change->undone || change->raised;
}

/*
 * It was undone when all was over, and is no release: one of those is taken back by whoever has no better idea; who gives a setting its old value, or resumes
 * what was paused, knows why.
 */
bool mechanisms_taken_back(const Candidate *change);

/* That, or where it was made or what it set speaks against it. */
static inline bool mechanisms_shows(const Candidate *change) {
        return mechanisms_works(change) || change->scoped || change->other_unit;
}

/* How it works is seen, and why it took so long does not matter. */
static inline bool mechanisms_seen_through(const Candidate *change) {
        return change->stopped || change->shifted || change->raised || change->scoped || change->other_unit || mechanisms_taken_back(change);
}
