/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Literals
 *
 *     Patterns -> [literals] -> prefilter
 *
 * Derives from a PCRE2 regex the literals of which at least one stands in every text that it matches. They are
 * lower-cased: the prefilter has no case. Parses only as much of the syntax as it needs; what it does not know breaks
 * the literal there, so that the answer is always right and at worst not found.
 */

#include "base/str.h"

#include <glib.h>

/* The shortest literal that the prefilter takes, and the most for one regex. */
#define LITERAL_MIN      4
#define LITERAL_SETS_MAX 64

/* Appends the literals (owned strings) to @literals and returns true, or returns false when some way to match has none of LITERAL_MIN bytes. */
bool literals_of_regex(const char *regex, GPtrArray *literals);
