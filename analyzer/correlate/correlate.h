/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Correlate
 *
 *     ledger view (terms) -> [correlate] -> ledger view (signals) -> diagnose
 *
 * Judges the rules that ask for several events (model/rule.h) and turns what applies into signals like those of patterns.
 * It comes after all ledgers were merged and reads the sightings of the terms in order of time, so that the answer does
 * not depend on threads, blocks or merging. It is a stage between ledger and diagnose for that reason: it needs all of the
 * first and adds to what the second reads.
 *
 * As in preq, whose rules these are: every source is judged for itself; a window includes both its ends; a sighting is
 * used up by the hit that it is part of; equal times are in order. One event may satisfy several terms. Events without
 * time stand at one time, in the order of their lines, as lines do that preq reads from a pipe.
 *
 * Costs one pass over the sightings of a rule's terms, for each term of a sequence.
 */

#include "model/pattern.h"
#include "model/rule.h"
#include "model/signal.h"

/*
 * Adds to @view->signals what the rules of @patterns make of it, and returns those signals, which the caller owns and must
 * keep as long as the view. Appends a note (owned) for every rule of which not all sightings were kept.
 */
GPtrArray *correlate(LedgerView *view, const Patterns *patterns, GPtrArray *notes);
