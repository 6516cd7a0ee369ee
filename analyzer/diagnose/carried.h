/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Carried
 *
 *     exemplars -> [carried] -> facets
 *
 * The value that carries a rise: the same "quota exceeded" that one tenant gets all day is news when another gets it.
 */

#include "diagnose/lines.h"
#include "diagnose/pairs.h"

/* A value carries a rise when at least so many exemplars of it, this share, have it, and none before. */
#define CARRIED_LINES_MIN 3
#define CARRIED_SHARE_MIN 0.3

/* Of exemplars without the value, so many must be there to compare with. */
#define CARRIED_BEFORE_MIN 3

/* A value that nearly every line has another of tells nothing: so many lines for each value at least. */
#define CARRIED_REPEATS_MIN 2.0

typedef struct Carried {
        Pair pair;                  /* views into one of the lines */
        unsigned n_lines, n_inside; /* of the rise that have it, of all of the rise */
} Carried;

/* The value that most of @lines from @from to before @to (seconds) have and none before; false if there is none. */
bool carried_find(const Lines *lines, double from, double to, Carried *found);

/* Whether a line has the value. */
bool carried_has(const Exemplar *line, const Pair *pair);
