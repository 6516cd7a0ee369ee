/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Layout
 *
 *     first bytes of a source -> [layout] -> how its lines are written
 *
 * Detects, from the head of a source, how its lines begin: where the time stands and how it is written, or that a line
 * is JSON or logfmt. What is detected is locked and tried first on every line; a line that does not fit is looked at as
 * if nothing were known. So what a line means depends on the line and the layout alone, and a source can be cut anywhere.
 */

#include "model/event.h"
#include "parse/envelopes.h"
#include "parse/field_names.h"
#include "parse/timestamp.h"

/* A time that is not at the locked place counts as a line's time when it begins before this byte. */
#define LAYOUT_START_MAX 96

#define LAYOUT_NAME_BYTES 96

typedef enum { LAYOUT_UNTIMED, LAYOUT_TEXT, LAYOUT_JSON, LAYOUT_LOGFMT } LayoutKind;

typedef struct Layout {
        Envelopes envelopes; /* what the lines are in; the rest is about what they are without */
        LayoutKind kind;
        TimeContext time;
        unsigned format; /* of timestamps, LAYOUT_TEXT */

        /* Where the time stands: at byte `start`, or behind the `nth` byte `before`. */
        bool fixed;
        size_t start;
        char before;
        unsigned nth;

        FieldNames names; /* of fields of JSON and logfmt that it has besides the usual ones */

        bool zoned;                      /* its lines name their zone */
        bool has_year;                   /* its lines name their year */
        bool enveloped_times;            /* the envelopes of its lines have times */
        bool forced;                     /* by the user */
        unsigned timed_percent;          /* of the lines looked at; 100 when their envelopes have times */
        unsigned n_looked_at, n_fitting; /* lines of the head, and those that are written as the layout says */
} Layout;

typedef enum {
        LINE_CONTINUES, /* belongs to the event before it */
        LINE_TIMED,     /* begins an event and names its time */
        LINE_UNTIMED,   /* begins an event of a layout without times */
        LINE_CRASH,     /* the words of a crash: begins an event, or continues one that is an error already */
        LINE_REPEATED,  /* a line of a trace behind time, level and logger: continues an event with the same before its message, else begins one */
        LINE_EXCEPTION, /* the name of an exception: the same, but for one within a crash */
        LINE_STRAY,     /* begins an event because the one before it is full: see joiner_continues() */
} LineKind;

void layout_detect(Layout *layout, Str head, const TimeContext *time);

/*
 * Makes what was detected into the layout that the user names: "json", "logfmt", "untimed", "plain" (no envelope), or a
 * format of the table of timestamps such as "%d/%m/%Y %H:%M:%S". False for a name that is none.
 */
bool layout_force(Layout *layout, const char *name, Str head);

/* Whether layout_force() would take it. */
bool layout_is_known(const char *name);

/* What @line, out of its envelopes, is; for one that begins an event, sets time, level, status, message and detail of @event. @line has no newline. */
LineKind layout_read(const Layout *layout, TimestampCache *cache, Str line, Event *event);

/* "text %Y-%m-%d %H:%M:%S", "json", "logfmt", "docker > text without times": from the outside. Returns @buffer. */
const char *layout_name(const Layout *layout, char buffer[static LAYOUT_NAME_BYTES]);
