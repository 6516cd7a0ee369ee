/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Measures
 *
 * Numbers that a line gives by name ("connections=27", "\"depth\": 212"), compared between a time before and a time of trouble: which of them
 * is far higher than ever. Numbers that only count on (ids, offsets, totals) and numbers that vary widely anyway are no measures.
 */

#include "model/signal.h"

/* Names that are looked at in one kind of line. */
#define MEASURES_MAX 24

/* What varied so much before, as highest to median, has no usual height. */
#define MEASURE_SPREAD_MAX 4.0

/*
 * Numbers without a sign between them and their name are those of things, and measure nothing, where they are at least so large, no two alike, and
 * the highest at most so many times the least.
 */
#define NUMBERING_MIN        1000.0
#define NUMBERING_SPREAD_MAX 1.5

/*
 * Before it climbs, a measure is never higher than so many times its median; then so many lines, each higher than the one before, are higher
 * than ever, up to so many times that.
 */
#define CLIMB_SPREAD_MAX 1.5
#define CLIMB_LINES_MIN  4
#define CLIMB_RATIO_MIN  1.5

/*
 * Whether a number must stand behind its name and a sign, may stand behind any word ("removed 48182 of 48270"), or stands before what it counts ("16
 * fetches open").
 */
typedef enum { MEASURE_NAMED, MEASURE_ANY, MEASURE_COUNTED } MeasureKind;

typedef struct Jump {
        MeasureKind kind;            /* where its numbers stand */
        Str name;                    /* this and the next are views into exemplars */
        Str before_text, after_text; /* the highest of each time as it is written: "49M" */
        double before, after;        /* what they are */
        unsigned n_after;            /* lines of the time after that are at least @ratio times the highest before */
        unsigned first;              /* of a climb: which line of the time after it lasts from */
} Jump;

/*
 * The greatest jump from @before to @after, both in order of time; false when no measure jumps by @ratio. @n_min: lines that must know it before.
 */
bool measures_jump(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, double ratio, unsigned n_min,
                   MeasureKind kind, Jump *jump);

/*
 * The same for a measure, by name or counted, of what happens, and is not asked for from outside, that climbs: of the lines of @after that are higher
 * than all of @before, the first ones rise from one to the next.
 */
bool measures_climb(const Exemplar *const *before, unsigned n_before, const Exemplar *const *after, unsigned n_after, unsigned n_min, Jump *climb);

/* The number that @line gives by @name, with its unit of bytes or percent ("49M", "1.5GiB", "80%"); false when it gives none. */
bool measure_of(const Exemplar *line, Str name, MeasureKind kind, double *value, Str *text);

/* Of two doubles, for qsort(). */
int measure_compare(const void *a, const void *b);

/* What is new where it was never more than 0: evictions are; what goes wrong, what waits and what takes long is counted where it hurts. */
bool measure_tells_what_happens(Str name);

/* What a program uses of its machine moves by itself: it climbs, but does not turn. */
bool measure_is_of_use(Str name);

/* More of it comes from outside. */
bool measure_is_traffic(Str name);
