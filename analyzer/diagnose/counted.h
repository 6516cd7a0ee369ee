/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Counted
 *
 * Numbers that stand before what they count: "booked: 48 entries, 0 matched, 48 left for review" gives entries=48, matched=0, left=48. A time, a size or a
 * share counts nothing ("after 12 s", "64 MB"); "3 of 4 sent" gives sent=3.
 */

#include "base/str.h"

#include <stdbool.h>

typedef struct Counted {
        Str name, value; /* views into the text */
} Counted;

/* The next one of @text at or behind @at, which moves behind it; false when there is none. */
bool counted_next(Str text, size_t *at, Counted *found);

/* The number that @text gives the word @name; empty if none. */
Str counted_get(Str text, Str name);
