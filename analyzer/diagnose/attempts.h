/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Attempts
 *
 * "calibration refused, attempt 2/5": what a program tries again is no failure before its last attempt.
 */

#include "model/signal.h"

/* Which attempt of how many @text speaks of; false if of none: "attempt=2/5", "try 2 of 5". */
bool attempts_in(Str text, unsigned *n, unsigned *of);

/* All lines of @signal that are known speak of attempts, and none of them is a last one. */
bool attempts_go_on(const Signal *signal);
