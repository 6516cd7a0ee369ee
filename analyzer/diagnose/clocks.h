/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Clocks
 *
 *     ledger, incidents -> [clocks] -> report
 *
 * Do the clocks of two sources differ? What a system does comes in several of its logs: the proxy's line and the application's line
 * of the same request. By second their numbers rise and fall together, at no distance, since a healthy request takes no seconds. Where
 * they do so at one other distance, and only there, the clocks differ by it. It is said and never corrected.
 *
 * A true delay must not be taken for it. So only calm lines outside of all incidents are looked at; the distance must stand out from
 * all others, from no distance and from its own neighbours too, as a delay that varies does not; far away it must not come again, as it does
 * for what happens at regular intervals; it must be the same in each part of the log; and sources compared pair by pair must agree.
 */

#include "diagnose/incidents.h"

/* Clocks that are less apart may be late lines; for those that are more apart nobody looks. */
#define CLOCK_SECONDS_MIN 2
#define CLOCK_SECONDS_MAX 60

/* At most so many sources, those with most calm events, and so many seconds from the start of the log. */
#define CLOCK_SOURCES_MAX 8
#define CLOCK_SPAN_MAX    65536

/* Of ClockDifference, in order of source. @episodes: of Episode. */
GArray *clocks_compare(const LedgerView *view, const Axis *axis, const GPtrArray *episodes);
