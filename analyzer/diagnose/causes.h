/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Causes
 *
 *     tracks, incidents -> [causes] -> report
 *
 * Ranks what spoke in an incident by what it can be: the cause, or the victim of one. Each signal is scored on named
 * factors in one table of weights; the report shows them. Volume is a tie-break: the loudest error is usually a victim.
 */

#include "diagnose/incidents.h"

/* What happened up to so many seconds before the onset can have led to it. */
#define CHANGE_LEAD_SECONDS 300.0

/* Clocks and log buffers: an effect may be written so much before its cause. */
#define ORDER_SLACK_SECONDS 2.0

/* A cause that spoke only once or twice counts when it spoke so long before the surge. */
#define SPARSE_LEAD_SECONDS 60.0

#define CAUSES_MAX   20
#define SYMPTOMS_MAX 12
#define CHANGES_MAX  20
#define EVIDENCE_MAX 5
#define EFFECTS_MAX  4

/* Fills causes, symptoms and changes of @incident from what spoke in @episode. */
void causes_rank(Incident *incident, const Episode *episode, const GArray *tracks, const Axis *axis, const LedgerView *view);
