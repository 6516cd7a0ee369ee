/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Causes
 *
 *     tracks, incidents -> ranking, changes -> [causes] -> report
 *
 * Tells what the ranking found: causes with their reasons, evidence, known effects and the changes before them, and
 * symptoms. Confidence follows written rules, not the score alone.
 */

#include "diagnose/incidents.h"

#define CAUSES_MAX   20
#define SYMPTOMS_MAX 12
#define EVIDENCE_MAX 5
#define EFFECTS_MAX  4

/*
 * Patterns of one category speak of one failure when their surges begin not more than this apart, or a fifth of the incident; so many own lines are
 * kept beside theirs.
 */
#define VOICE_SECONDS 30.0
#define VOICE_SHARE   0.2
#define VOICES_MAX    6
#define OWN_LINES_MIN 3

/* Templates are alike that have this share of their words in common. */
#define ALIKE_SHARE     0.75
#define ALIKE_WORDS_MIN 4
#define ALIKE_WORDS_MAX 40

/* A cause with a surge of at least so many events may be called high, when it is so far ahead of the next; an exception tells where the code fell, not why. */
#define HIGH_EVENTS_MIN 3
#define HIGH_MARGIN     0.06
#define HIGH_NATURE_MIN 0.6

/* Fills causes, symptoms and changes of @incident from what spoke in @episode. */
void causes_rank(Incident *incident, const Episode *episode, const GArray *tracks, const Axis *axis, const LedgerView *view, const Patterns *patterns,
                 const Baseline *baseline);
