/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Joiner
 *
 *     kinds of lines -> [joiner] -> which of them belong to one event
 *
 * What must be known of an event that is being read to tell whether the next line belongs to it: whether it is an error
 * that a crash's words may continue, and whether a traceback's last line is still to come.
 */

#include "parse/layout.h"

typedef struct Joiner {
        bool takes_crash; /* the application's own error line: a trace behind it is its own */
        bool is_crash;    /* began with the words of a crash */
        bool chained;     /* "During handling of the above exception, ..." */
        bool awaits;      /* the line that names the exception, as Python and Node.js write it behind the frames */
        bool is_stray;    /* began with a line that names no time */
} Joiner;

/* An event begins with @line, of @kind. */
void joiner_begin(Joiner *joiner, const Event *event, LineKind kind, Str line);

/*
 * Whether @line, of @kind, continues the event, of which there are @size bytes; if so, it is taken note of. A log that stops naming times would become
 * one event: what is behind all that is kept of one continues it only if it looks so, and is a LINE_STRAY else.
 */
bool joiner_continues(Joiner *joiner, LineKind kind, Str line, size_t size);
