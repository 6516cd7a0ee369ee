/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Triggers
 *
 *     a cause, the changes around its incident -> [triggers] -> report
 *
 * Which of the changes made shortly before a cause fit it.
 */

#include "diagnose/incidents.h"

/* At most so many of a cause. */
#define JUST_BEFORE_MAX 3

/*
 * Ties to @cause those of the incident's changes that fit best: near before its onset, in the same words or source, of a
 * kind that can break such a thing, undone when the incident was over. What fits much worse than the best is no trigger, but a change that was also made then.
 */
void triggers_tie(Cause *cause, const Incident *incident);
