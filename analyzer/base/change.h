/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Change
 *
 * Whether something is told more or less often than before, and how that is said: one test and one wording for all who
 * compare two counts.
 */

#include <stdbool.h>
#include <stdint.h>

typedef enum { CHANGE_NONE, CHANGE_NEW, CHANGE_GONE, CHANGE_RISEN, CHANGE_FALLEN } ChangeKind;

/* A change is told when chance gives one among all that are tested less often than this. */
#define CHANGE_CHANCE 0.01

/* And when it is at least by so much, level of traffic divided out: large counts make any difference certain. */
#define CHANGE_FACTOR_MIN 1.5

typedef struct CountChange {
        ChangeKind kind;
        double factor; /* now against what before lets expect, smoothed */
        double g;      /* of the G-test, one degree of freedom */
        double chance; /* that it is none; corrected for the number of tests */
} CountChange;

/*
 * Compares @now events with @before, when @level is how much more was written now than before by what did not change
 * (1: as much). G-test of two counts against the shares that the level gives, 0.5 added to each; corrected for
 * @n_tests by Bonferroni.
 */
CountChange change_of(uint64_t before, uint64_t now, double level, unsigned n_tests);

/*
 * Log-likelihood ratio of @inside of @total events where a share @share of all is to be expected inside (Poisson, after
 * Kulldorff 1997); 0 where they are not more than that.
 */
double change_surplus_llr(double inside, double total, double share);

/* "new", "gone", "risen", "fallen"; "" for none. */
const char *change_name(ChangeKind kind);

/* "new: 0 in 2 h before, 418 in 6 min"; a span below 0 is not known, and left out. Owned by the caller. */
char *change_words(ChangeKind kind, uint64_t before, double before_seconds, uint64_t now, double now_seconds);
