/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When
 *
 *     --since, --until, --around, --tz -> [when] -> bounds and zones of a scan
 *
 * A time is written as in a log, in the zone of --tz unless it names one; as a time of day, which is the last such time;
 * or relative to now: -2h, -90m. What a streaming reader has not seen cannot be counted from, so it is never relative to the log's end.
 *
 * A zone is a name of the zone database, or an offset: +05:00, UTC+5. It is given for all sources, or as SOURCE=ZONE for those whose path or file
 * name is, or fits, SOURCE.
 */

#include "options.h"
#include "pipeline.h"

/* Sets zones and bounds of @scan. Fails for what is not a time or a zone. */
bool when_read(ScanOptions *scan, const Options *options, GError **error);

/* What came of the bounds of a scan. */
typedef struct Reach {
        uint64_t n_within, n_untimed; /* events that were taken: with a time, and without */
        TimeSpan outside;             /* of those that were left out; TIME_NONE: there are none */
} Reach;

Reach when_reach(Ledger *ledger);

/*
 * Says on standard error that nothing lies within the bounds, in full, and how far the logs reach; and that what has no time was taken in
 * spite of them. Not in the report: ledgers do not know what was asked for, and what is merged must read like one run.
 */
void when_tell(const ScanOptions *scan, const Reach *reach);

/* Frees what when_read() made. */
void when_clear(ScanOptions *scan);
