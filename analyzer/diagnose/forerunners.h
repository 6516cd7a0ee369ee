/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Forerunners
 *
 *     candidates -> [forerunners] -> ranking
 *
 * Trouble that is no error in anybody's words, and began before what makes noise: a line that stops, takes far longer, turns, climbs or tells of far more than
 * ever. What comes behind it is a little of its victim.
 */

#include "diagnose/ranking.h"

/* So long before, at least, it began; and it ended no longer before. */
#define FORERUNNER_LEAD_SECONDS 3.0
#define FORERUNNER_END_SECONDS  5.0

#define FORERUNNER_NATURE_MIN 0.4
#define FORERUNNER_SPAN_MIN   0.5 /* of a silence */

/* An error that nobody describes, an exception, or a number that is another than ever, which came behind such trouble. */
bool forerunners_has(const Ranking *ranking, const Candidate *candidate);
