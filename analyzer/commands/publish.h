/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Publish
 *
 *     ledger, baselines -> diagnose -> facts -> render
 *
 * The second half of the commands that report: from a ledger to what is printed, and the exit code.
 */

#include "commands/session.h"

/* Prints or writes the report that @options ask for; returns the exit code. */
int publish(Ledger *ledger, Session *session, const Options *options);
