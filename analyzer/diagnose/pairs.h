/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Pairs
 *
 * The names and values in a log line, whatever it is written in: key=value, "key": "value", and in plain text each word
 * with the word before it ("tenant checkout"). For comparing lines of one signal: which values came up in an incident.
 */

#include "base/str.h"

/* Looked at in one line. */
#define PAIRS_MAX 64

typedef struct Pair {
        Str key, value; /* views into the line; neither is empty */
        bool named;     /* a sign of equality or a colon stands between them */
} Pair;

/* The next word of @text at or behind @at, which moves behind it; empty at the end. */
Str pairs_word(Str text, size_t *at);

/* The next run of @min letters or more, among which an underscore counts, at or behind @at, which moves behind it; empty at the end. */
Str pairs_letters(Str text, size_t *at, size_t min);

/* Writes the pairs of @text in their order and returns their number. */
unsigned pairs_of(Str text, Pair pairs[static PAIRS_MAX]);
