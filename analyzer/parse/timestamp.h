/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Timestamp
 *
 *     lines -> [timestamp] -> layout -> events
 *
 * Finds and reads the time in a line. Every way to write a time is a row of one table of formats,
 * named by its index. timestamp_find() searches a line of unknown layout; timestamp_at() reads a
 * known format at a known place and is the hot path: nothing is allocated, and with a cache only
 * what changed since the last line is read.
 *
 * Both are pure functions of the bytes, the format and the context, so that a file may be cut
 * anywhere. What a line leaves out comes from the context: a year-less time is the last one that is
 * not after the reference; a time of day gets the reference's date in the same way; a time without
 * zone is in the context's zone. Times outside 1990-2100 are not times.
 */

#include "base/str.h"

#include <glib.h>

#define TIMESTAMP_YEAR_MIN 1990
#define TIMESTAMP_YEAR_MAX 2100

/* A time-less or year-less stamp may be this much later than the reference (clocks that differ, a
 * file still written). */
#define TIMESTAMP_REFERENCE_SLACK_US (INT64_C(2) * 86400 * 1000000)

/* A time of day may be this much later than the reference before it counts as yesterday's. */
#define TIMESTAMP_DAY_SLACK_US (INT64_C(3600) * 1000000)

/* timestamp_find() does not look further into a line. */
#define TIMESTAMP_SEARCH_BYTES 512

typedef struct TimeContext {
        GTimeZone *zone;      /* for times that name none; NULL: UTC; borrowed */
        int64_t reference_us; /* when the source was last written, from the gzip header or the
                                 file's mtime */
} TimeContext;

typedef struct Timestamp {
        int64_t us;        /* microseconds since 1970-01-01T00:00:00Z */
        size_t start, end; /* the bytes of the line that it occupies, without brackets around it */
        unsigned format;   /* row of the table */
        bool zoned;        /* the line names a zone, or it is an epoch */
        bool has_year, has_date;
} Timestamp;

/* What stands in the line but for the fraction; 0 for a part that it leaves out. */
typedef struct TimestampFields {
        int year, month, day, day_of_year;
        int hour, minute, second;
} TimestampFields;

/* From when to when, in local time, a zone's offset is known. */
typedef struct TimestampSpan {
        char zone[40];          /* its name in the line, empty for the context's */
        int64_t from_us, to_us; /* local, the end not in it */
        int64_t offset_us;
} TimestampSpan;

/*
 * Remembers what does not change from line to line: what the bytes before the fraction say, the
 * time that fields and zone stand for, and the zone's offset. One for each thread, zero to begin
 * with.
 */
typedef struct TimestampCache {
        TimeContext context;        /* by value: contexts may follow each other at one address; its zone is
                                borrowed */
        int64_t reference_local_us; /* the reference in the context's zone; 0: not known yet */

        char bytes[48]; /* before the fraction, in @format */
        size_t len;
        unsigned format;
        const char *rest; /* of the format, behind the fraction; static */
        TimestampFields head;
        bool settled; /* nothing but a zone may follow them, and `utc_us` is what they stand for with the zone below */

        TimestampFields fields; /* of the whole stamp */
        unsigned zone_kind;
        int64_t zone_offset_us;
        int64_t utc_us; /* what they stand for; 0: nothing yet */

        TimestampSpan span;
} TimestampCache;

/* The time of a line whose layout is unknown: the first place at which a time can stand and some
 * format fits. False if there is none. */
bool timestamp_find(Str line, const TimeContext *context, Timestamp *found);

/* The time at @at, written as @format says. False if it does not fit there. @cache may be NULL. */
bool timestamp_at(Str line, size_t at, unsigned format, const TimeContext *context, TimestampCache *cache, Timestamp *found);

/* What timestamp_find() finds in a text that should be a time and nothing else, such as a field of JSON; faster with a cache. */
bool timestamp_of_field(Str value, const TimeContext *context, TimestampCache *cache, Timestamp *found);

/* How the format is written, in the manner of strptime; static. */
const char *timestamp_format_name(unsigned format);
unsigned timestamp_n_formats(void);

/* Reads an epoch in s, ms, us or ns, by its size; @text is digits with an optional fraction, as in
 * a JSON field. */
bool timestamp_epoch(Str text, Timestamp *found);

/* A local time of the context's zone, given as if it were UTC, in UTC. At a fold the first of the
 * two; in a gap the time after it. */
int64_t timestamp_to_utc(const TimeContext *context, int64_t local_us);

/* Writes ISO 8601 in UTC with as many digits of fraction as are needed of 0, 3 and 6; returns
 * @buffer. */
char *timestamp_write(int64_t us, char buffer[static 32]);
