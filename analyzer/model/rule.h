/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rule
 *
 * When a pattern is seen that no single event shows: its terms, within a window, in an order or not, and what must not be
 * seen around them. It comes from a CRE rule file. Terms are patterns of their own (Patterns.terms), named here by id, so
 * that a rule can be judged over a ledger that other rules filled.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULE_TERMS_MAX 64

typedef struct RuleTerm {
        const char *id; /* owned by the Patterns */
        unsigned count; /* so many hits, 1 at least */
} RuleTerm;

typedef struct RuleNegate {
        const char *id;
        int64_t window_us;
        int64_t slide_us; /* from the anchor; may be negative */
        unsigned anchor;  /* index of the term */
        bool absolute;    /* else the window is longer by the time between the first and the last hit */
} RuleNegate;

typedef struct Rule {
        const char *id; /* of the pattern that it decides about; owned by the Patterns, as are the other texts */
        bool ordered;
        int64_t window_us; /* between the first hit and the last, both included */
        RuleTerm *terms;   /* owned */
        size_t n_terms;
        RuleNegate *negates; /* owned */
        size_t n_negates;
} Rule;

void rule_free(void *rule);
