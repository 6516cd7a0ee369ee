/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Turns
 *
 *     the lines of a signal -> [turns] -> facets
 *
 * A value by name that was always the same and is another: "mode=cached", "mode=direct" before; "evictions=12", never more than 0 before.
 */

#include "diagnose/lines.h"
#include "diagnose/named_values.h"
#include "model/report.h"

/*
 * A value turned when so many lines had another one, all the same, until shortly before the incident, and none, or not that one of several, has it
 * meanwhile.
 */
#define TURNED_BEFORE_MIN 3
#define TURNED_SURE_MIN   8   /* before which a value that other lines have anyway may be missing by chance */
#define STRAY_LINES_MIN   2   /* of one of several, while the others say what they did */
#define TURNED_SHARE_MIN  0.9 /* of them have the usual value */

typedef struct Turn {
        Str name, was, now;    /* views into lines */
        unsigned turned, back; /* the lines in which it is another one, from and before */
} Turn;

/*
 * The first name that the line @first gives a value, and that turned in it or behind it, in lines before @end: behind enough lines that gave it another one.
 * Of a value that other requests of its log had before, which are answered otherwise, these must be more. False if there is none.
 */
bool turns_find(const Signal *signal, const Lines *lines, unsigned first, unsigned end, const LedgerView *view, Turn *turn);
