/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Opposites
 *
 * Words that undo each other: paused and resumed, enabled and disabled, cordoned and uncordoned, or two levels of a log ("log level debug",
 * "log level info"). What a line with the one did, a line with the other took back.
 */

#include "base/str.h"

/*
 * True when both texts say the same, numbers aside, up to a word in which they are opposites; behind it they may differ. And when they say opposites of the
 * same word beside it, whatever else they say ("triggers-off ok (orders)", "follow-up: triggers on (orders)"), if they have OPPOSITES_SHARED_MIN
 * words more in common.
 */
bool opposites_told(Str one, Str other);

#define OPPOSITES_SHARED_MIN 2
