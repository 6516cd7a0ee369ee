/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * RE2
 *
 *     a condition of a pattern (PCRE2) -> [re2] -> a regex that Go, mtail and Loki understand
 *
 * RE2 has no look-around, no backreferences, no atomic groups. A look-around is dropped, which makes the regex match
 * more; names of groups go, for RE2 wants each once. What means something else without its missing part is refused.
 * Syntax: PCRE2's pcre2syntax(3), Go's regexp/syntax.
 */

#include "model/pattern.h"

/* Owned by the caller; NULL when it cannot be said. Sets @wider when the answer matches more than @condition. */
char *re2_from_condition(const Condition *condition, bool *wider);
