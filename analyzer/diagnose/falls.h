/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Falls
 *
 *     the lines of a signal -> [falls] -> facets
 *
 * What was counted or measured all the time, and is next to nothing: "released=0", never 0 before; "0 matched", 38 before; "EUR/JPY=0.0061", 163 before.
 */

#include "base/str.h"
#include "diagnose/lines.h"

/* What was counted or measured in so many lines and is next to nothing in as many as this. */
#define FALLEN_BEFORE_MIN 6
#define FALLEN_LINES_MIN  2
#define FALLEN_RATIO_MIN  20.0 /* of which it was so many times as much, in the median */
#define FALLEN_LONGER_MIN 3    /* times as many lines as it was ever so little before */

typedef struct Fall {
        Str name;              /* view into a line */
        bool counted;          /* its number stands before it: "0 matched"; else behind it: "released=0" */
        unsigned fallen, back; /* the lines in which it is next to nothing, from and before */
} Fall;

/*
 * The first name that the line @first gives a number, and that is next to nothing from at or behind @first until at or behind @at_onset, the first line of
 * the incident, in lines before @end: behind enough in which it was more, and in far more of them than ever since it began to be counted. False if there is
 * none. Behind them it may be more again.
 */
bool falls_find(const Lines *lines, unsigned first, unsigned at_onset, unsigned end, Fall *fall);

/* What @line gives the name of @fall; empty if nothing. */
Str falls_value(const Exemplar *line, const Fall *fall);
