/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Signs
 *
 *     candidates -> [signs] -> ranking
 *
 * The first sign of an incident, before its first error: a change behind it came too late.
 */

#include "diagnose/ranking.h"

/* A sign of trouble before the first error: so many, for so much of the incident; or so many that were over at most GAP_SECONDS before it. */
#define SIGN_EVENTS_MIN       20
#define SIGN_SPAN_MIN         0.9
#define FORERUNNER_EVENTS_MIN 10

/* What is said more often than before has begun when more of it was said in so many seconds than ever. */
#define BURST_SECONDS 10

/* Sets `first_sign`; needs what speaks in the episode. */
void signs_find_first(Ranking *ranking);

/* The same where what slowly gets worse, until others fail of it, begins before they do; needs the effects of each candidate. */
void signs_find_first_of_effect(Ranking *ranking);
