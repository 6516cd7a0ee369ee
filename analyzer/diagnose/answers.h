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

bool answers_as_before(const Episode *episode, const Axis *axis, const LedgerView *view);
