/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Answers
 *
 *     view, an episode -> [answers] -> verdict
 *
 * Whether who asks is answered during an episode as at other times, by the logs that give each request its HTTP status. Where that is so,
 * what fails may be made good by something else: a second try, another server, a copy.
 */

#include "diagnose/incidents.h"

/* Fewer requests, inside and outside of the episode, say nothing. */
#define ANSWERS_INSIDE_MIN  20
#define ANSWERS_OUTSIDE_MIN 100

/* As before: so many answers of 500 and more among all, of 400 and more this many times as many, and a little, and so much of the usual traffic. */
#define ANSWERS_FAILED_MAX  0.005
#define ANSWERS_REFUSED_MAX 1.5
#define ANSWERS_REFUSED_ADD 0.01
#define ANSWERS_RATE_MIN    0.5

/*
 * Refusals are an incident of their own, where there is no other, when they have risen to so many, for so long, and are this share of all answers meanwhile:
 * somebody whose request was in order is refused now. What scanners get (400, 404, 405) does not count, nor a limit (429), which is there to refuse.
 */
#define REFUSED_EVENTS_MIN  60
#define REFUSED_SECONDS_MIN 30.0
#define REFUSED_SHARE_MIN   0.1

/* Adds the tracks of such refusals to @tracks; false if there are none. */
bool answers_add_refused(GArray *tracks, const Axis *axis, const LedgerView *view);

bool answers_as_before(const Episode *episode, const Axis *axis, const LedgerView *view);
