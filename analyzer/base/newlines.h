/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Newlines
 *
 * Where the lines of a text end. Found all at once, 64 bytes at a time, for how long the next line is no branch can predict.
 */

#include "base/str.h"

#include <stdint.h>

typedef struct Newlines {
        uint32_t *at; /* owned; places in rising order; NULL: none were looked for */
        size_t n, capacity;
} Newlines;

/* Replaces the places by those of @text, which is shorter than 4 GiB. */
void newlines_find(Newlines *newlines, Str text);
void newlines_clear(Newlines *newlines);

uint64_t newlines_count(Str text);
