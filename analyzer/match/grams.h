/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Grams
 *
 *     literals, text -> [grams] -> places where one of them may end, each compared -> hits
 *
 * Finds thousands of literals, in any case (ASCII), without an automaton: no step waits for the one before it. The text is looked
 * at through a window of four bytes at every second place; each literal is known by two of its grams, one for either way it may lie to that stride.
 * Those are chosen that are rarest in ordinary lines and in the literals, which are log text and so tell what is common in logs. A gram's hash
 * sets a bit in a filter; only where the filter says so is the text compared. Costs 2 look-ups for 4 bytes.
 */

#include "base/str.h"

#include <glib.h>

#define GRAMS_LITERAL_MIN 4

typedef struct Grams Grams;

/* @literals: lower-case strings without duplicates, of at least GRAMS_LITERAL_MIN bytes; copied. @vector: false for the portable code alone. */
Grams *grams_new(const GPtrArray *literals, bool vector);

/* Finds the same as @grams, whose literals are borrowed, by grams that are rare in @sample, text of the log that is to be searched. */
Grams *grams_fitted(const Grams *grams, Str sample);
void grams_free(Grams *grams);

/* Called with the literal that ends just before byte @end; nearly in rising order of @end. */
typedef void (*GramsFound)(size_t end, uint32_t literal, void *data);
void grams_scan(const Grams *grams, Str text, GramsFound found, void *data);
