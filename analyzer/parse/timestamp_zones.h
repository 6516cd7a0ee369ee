/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Timestamp zones
 *
 * Reads the zone that follows a time and turns local time into UTC. Abbreviations stand for the
 * zone that most logs mean by them (CST is America's, IST is India's); one that is not known is not
 * a zone.
 */

#include "base/str.h"
#include "parse/timestamp.h"

typedef struct TimestampZone {
        enum { ZONE_NONE, ZONE_OFFSET, ZONE_NAME } kind;
        int64_t offset_us; /* of ZONE_OFFSET */
        Str name;          /* of ZONE_NAME: a tz name such as Europe/Paris; borrowed from the line */
} TimestampZone;

/* Reads Z, +hh, +hhmm, +hh:mm, UTC, CEST, GMT+1, Europe/Paris, also after a blank. Where they end,
 * or @at if there is no zone. */
size_t timestamp_zone_read(Str line, size_t at, TimestampZone *zone);

/* What to subtract from local time. @cache may be NULL. An unknown tz name becomes ZONE_NONE, which
 * is the context's zone. */
int64_t timestamp_zone_offset(TimestampZone *zone, int64_t local_us, const TimeContext *context, TimestampCache *cache);

/* The context's reference as local time of its zone. */
int64_t timestamp_zone_reference(const TimeContext *context, TimestampCache *cache);
