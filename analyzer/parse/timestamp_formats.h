/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Timestamp formats
 *
 * The table of the ways to write a time, in the order in which they are tried. A template reads as
 * strptime's, with these differences:
 *
 *     ' '            one to three blanks, also with a comma before, or a no-break space
 *     %Y             four digits; %y two, 1970 to 2069
 *     %m %d %H %I    one or two digits, two where numbers stand side by side
 *     %b             a month's name, short or long, any case
 *     %a             a weekday's name, which may be missing together with the blank after it
 *     %f             a fraction of 1 to 9 digits after '.' or ','; after ':' 3, 6 or 9; or none
 *     %p             AM or PM, also with a blank before
 *     %z             Z, an offset, an abbreviation or a tz name, also with a blank before; or none
 *     %L             the letter of a level (klog)
 *     %s             an epoch in s, ms, us or ns with a fraction
 *     %@             16 hex digits of TAI seconds and 8 of nanoseconds
 */

#include <stddef.h>

/* What a place begins with, after a weekday: how long the run of digits is, or what else. */
typedef enum TimestampStart {
        START_NONE,
        START_FIELD,    /* 1 or 2 digits */
        START_YEAR,     /* 4 */
        START_SIX,      /* 6 */
        START_EIGHT,    /* 8 */
        START_FOURTEEN, /* 14 */
        START_EPOCH,    /* 10, 13, 16 or 19 */
        START_MONTH,    /* a month's name */
        START_LEVEL,    /* klog's letter and 4 digits */
        START_TAI,      /* @ */
} TimestampStart;

typedef enum TimestampRank {
        RANK_NONE,
        RANK_DATE,  /* no time of day */
        RANK_GUESS, /* a time of day, an epoch, no seconds: something better may follow */
        RANK_FULL,
} TimestampRank;

typedef enum TimestampPlace {
        PLACE_ANY,
        PLACE_START, /* where the line begins, or after a key: elsewhere it is probably something
                        else */
} TimestampPlace;

typedef struct TimestampFormat {
        const char *template;
        TimestampStart start;
        TimestampPlace place;
        TimestampRank rank;
} TimestampFormat;

#define TIMESTAMP_FORMAT_EPOCH 0
#define TIMESTAMP_FORMAT_ISO   4

extern const TimestampFormat timestamp_formats[];
extern const size_t timestamp_formats_count;
