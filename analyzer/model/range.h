/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Range
 *
 *     logscan parts -> [range] -> logscan --range, --parts
 *
 * A part of a source that begins and ends with an event, and what must be known to read it alone as it is read in one run.
 * As text: "FROM-TO,line=N,time=US,at=RAW:DECODED,found", where all but "FROM-" may be left out.
 */

#include <stdbool.h>
#include <stdint.h>

/* Up to the end of the source, wherever that is. */
#define RANGE_END UINT64_MAX

typedef struct Range {
        uint64_t from, to;     /* bytes of what the decoder gives; `to` may be RANGE_END */
        uint64_t first_line;   /* the number of the line at `from`, from 1 */
        int64_t time_us;       /* the last time named before `from`, where the first event needs it; INT64_MIN: none */
        uint64_t raw, decoded; /* decoding can begin at byte `raw` of the file, which gives byte `decoded` */
        bool found;            /* the source was found in a folder, not named */
} Range;

/* The whole source. */
Range range_whole(bool found);
bool range_is_whole(const Range *range);

/* False for a text that is no range. */
bool range_read(const char *text, Range *range);

/* Owned by the caller. */
char *range_write(const Range *range);
