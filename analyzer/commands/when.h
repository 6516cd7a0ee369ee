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
 * A zone is a name of the zone database, or an offset: +05:00, UTC+5. It is given for all sources, or as SOURCE=ZONE for those whose path or file name is, or fits, SOURCE.
 */

#include "options.h"
#include "pipeline.h"

/* Sets zones and bounds of @scan. Fails for what is not a time or a zone. */
bool when_read(ScanOptions *scan, const Options *options, GError **error);

/* Frees what when_read() made. */
void when_clear(ScanOptions *scan);
