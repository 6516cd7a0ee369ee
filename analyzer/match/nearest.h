/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Nearest
 *
 * Which of the names that exist is meant by one that does not: at most NEAREST_EDITS_MAX edits away, the first of the
 * nearest.
 */

#include "base/str.h"

#define NEAREST_EDITS_MAX 2

/* Longer names are not compared. */
#define NEAREST_BYTES_MAX 64

typedef struct Nearest {
        const char *wanted; /* borrowed */
        const char *name;   /* the nearest of the names looked at, borrowed; NULL when none is near */
        unsigned edits;
} Nearest;

void nearest_look(Nearest *nearest, const char *name);

/* "did you mean "x"?", or "expected " and @expected; owned. */
char *nearest_advice(const Nearest *nearest, const char *expected);
