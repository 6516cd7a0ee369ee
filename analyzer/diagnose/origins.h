/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Origins
 *
 *     ledger -> [origins] -> report
 *
 * Some kinds of failure are told of first hand by one kind of program only: a full disk by the kernel, a lock by the database. "No sign
 * of" them says little where no such log was given, and the report then says that. What kind of log a source is, its name tells or the form
 * of its lines; in doubt a log counts as given.
 */

#include "model/report.h"

typedef struct Origin Origin;

/* Who tells of the group of categories first hand; NULL when any program may. */
const Origin *origin_of(const char *group);

/* "a database" */
const char *origin_name(const Origin *origin);

/* Is it a matter of one kind only that it tells first hand? */
bool origin_has_one_group(const Origin *origin);

/* Is PATH (of a log, or the name of a pack) that of such a program? */
bool origin_is_named(const Origin *origin, const char *path);

/* The sources that are its log: of uint32_t, indexes in order; owned by the caller. */
GArray *origin_sources(const Origin *origin, const LedgerView *view);
