/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rule signal
 *
 *     hits of a rule -> [rule signal] -> signal
 *
 * What a rule's hits are for the second half of the program: a signal that counts hits where it would count events, with
 * the lines of its terms as exemplars.
 */

#include "model/rule.h"
#include "model/signal.h"

/* One time that a rule applied. */
typedef struct Hit {
        uint32_t source;
        Sighting *members; /* owned; the first sighting of each term, in the order of the terms */
        int64_t first_us, last_us;
} Hit;

/* @terms: the signals of the rule's terms, in their order. @hits: at least one, in order of source and time. The caller owns the answer. */
Signal *rule_signal(const Rule *rule, const Signal *const *terms, const GArray *hits);
