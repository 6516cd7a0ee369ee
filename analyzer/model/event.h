/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Event
 *
 * One message of a log with all its lines: the line that begins it, and the stack trace or continuation that follows.
 * Everything is a view into the event's block.
 */

#include "base/str.h"

/* What is kept of an event: its first and its last part. The end of a trace names the cause, so it must not be lost. */
#define EVENT_HEAD_BYTES (48 * 1024)
#define EVENT_TAIL_BYTES (16 * 1024)

#define TIME_NONE INT64_MIN

typedef enum {
        LEVEL_NONE,
        LEVEL_TRACE,
        LEVEL_DEBUG,
        LEVEL_INFO,
        LEVEL_NOTICE,
        LEVEL_WARNING,
        LEVEL_ERROR,
        LEVEL_FATAL,
} Level;

#define N_LEVELS (LEVEL_FATAL + 1)

typedef struct Event {
        Str head;    /* from the first byte; the whole event when it is short */
        Str tail;    /* the last part of an event that is longer than EVENT_HEAD_BYTES + EVENT_TAIL_BYTES, else empty */
        Str message; /* what the first line says after time, level and other fields of its header */
        Str detail;  /* what a field such as `error` adds to the message; may be empty */
        Str cause;   /* the line of a stack trace that names the deepest cause; may be empty */
        Str frame;   /* the line of a stack trace that tells where it was raised; may be empty */

        int64_t time_us;             /* or TIME_NONE */
        bool time_dated, time_zoned; /* the line names the day, the zone */
        bool time_inherited;         /* the line itself has none: it is the time of the event before */
        Level level;
        bool level_guessed; /* by the words of the message: no field says it */
        unsigned status;    /* of HTTP, or 0 */
        bool escaped;       /* message and detail are JSON strings, as they stand in the line */
        bool cause_escaped; /* so is the cause */

        uint64_t offset; /* of the first byte in the decoded source */
        uint64_t line;   /* of the first line, from 1 */
        uint64_t n_lines;
        uint64_t n_bytes; /* of the whole event */
        bool cut;         /* bytes between head and tail are not looked at */
} Event;

/* What programs tell their developers: every setting, the time of every call. */
static inline bool level_is_chatter(Level level) {
        return level == LEVEL_TRACE || level == LEVEL_DEBUG;
}

/* "error", ...; "" for LEVEL_NONE. */
const char *level_name(Level level);

/* The level that a word stands for, in any case; LEVEL_NONE when it is none. */
Level level_from_word(Str word);

/* Numeric levels: bunyan and pino count 10..60, syslog and journald 7..0. */
Level level_from_number(unsigned number);
Level level_from_syslog(unsigned severity);
