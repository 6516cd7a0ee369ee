/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Holders
 *
 *     ledger -> [holders] -> changes
 *
 * Who waits for a lock may be told who has it: "Process holding the lock: 28000", "blocking pid 28000". What the process of that number said before is
 * what it did with the lock.
 */

#include "model/report.h"

typedef struct Holders Holders;

/* The processes that any event of @view names so. */
Holders *holders_new(const LedgerView *view);
void holders_free(Holders *holders);

/* True for a line that such a process, whose number stands before its message ("[28000]", "pid=28000"), wrote before it was named. */
bool holders_wrote(const Holders *holders, const Exemplar *line);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Holders, holders_free)
