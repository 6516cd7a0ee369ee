/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Durations
 *
 * How long something took that a message speaks of. Slow calls are logged at their end: "committed after 122.5 s" tells
 * of what began two minutes before, so that a victim's time-out may stand before its culprit's line.
 */

#include "base/str.h"

/* What is longer says nothing of the moment at which an incident began. */
#define DURATION_SECONDS_MAX 900.0

/*
 * The longest duration in seconds that @text names with its unit: "5.1 s", "3000ms", "took_ms=250", "\"elapsed_s\": 3".
 * Not what lies ahead or is a rate ("retrying in 5 s", "every 10 s", "expired 60 s ago"). 0 where there is none.
 */
double durations_longest(Str text);

/*
 * The same with what says how old something is ("25 s old", "queue age 40 s", "last seen 90 s ago", "stale for 3 min"): who alarms by age does so when
 * it is high, and what made it old began so long before.
 */
double durations_since(Str text);
