/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Restated
 *
 *     signals -> [restated] -> silence, facets
 *
 * A regular line may stop because its program says the same in other words from then on: "slots: feed active=t" becomes "slots: feed active=f; feed_v2
 * active=t", "81% used, 11 MB left" gets a "(over 90%)". That is no silence, but what it says has turned.
 */

#include "model/signal.h"

/* A line restates another one that begins with the same word and of which it has so many words, and this share of them. */
#define RESTATED_WORDS_MIN 2
#define RESTATED_SHARE_MIN 0.8

/* It is heard after so many beats of the other at the latest, and tells of a turn when it is said so often. */
#define RESTATED_BEATS_MAX  2.0
#define RESTATED_EVENTS_MIN 3

/*
 * The line that says what @was, of one source, no longer says from @stopped on (seconds): the first to speak in that source within @wait seconds, and
 * not before. Borrowed from @view; NULL: there is none.
 */
const Signal *restated_by(const Signal *was, double stopped, double wait, const LedgerView *view);
