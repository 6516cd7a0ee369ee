/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Zones
 *
 *     ledger -> [zones] -> report
 *
 * Times that name no zone are read as UTC. If they were written in another, all that such a log says stands hours away from what other
 * logs say of the same. Logs of one incident are mostly cut out together: one that names no zone, overlaps with none that does,
 * but would begin and end with one of them if it were of another zone, is of that. Lines that name their zone, of the same log too, are right as they are.
 */

#include "model/remark.h"
#include "model/signal.h"

/* Of ZoneFit, in order of source; owned by the caller. */
GArray *zones_fitting(const LedgerView *view);
