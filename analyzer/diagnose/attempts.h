/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Attempts
 *
 * "calibration refused, attempt 2/5": what a program tries again is no failure before its last attempt. "row 25 skipped", "employee 1017: skipped":
 * nor is what a batch leaves out, one by one.
 */

#include "model/pattern.h"
#include "model/signal.h"

/* Which attempt of how many @text speaks of; false if of none: "attempt=2/5", "try 2 of 5". */
bool attempts_in(Str text, unsigned *n, unsigned *of);

/* "row 25 skipped: no title", "line=40 rejected" */
bool attempts_leave_row_out(Str text);

/* A third of the lines of @signal that are known speak of such rows; the others may be the database's, which says of the same rows what is wrong with them. */
bool attempts_leave_rows_out(const Signal *signal);

/* All lines of @signal that are known speak of attempts, and none of them is a last one, or, of an unknown number, a late one. */
bool attempts_go_on(const Signal *signal);

/*
 * Refused users of whom so many are named, and in this share of the lines another one, are guessed: `role "admin" does not exist`, `Access denied for
 * user 'root'`.
 */
#define GUESSED_USERS_MIN 3
#define GUESSED_SHARE_MIN 0.5

/* Somebody tries one user after the other, by the lines of @signal that are known, all of which refuse one. */
bool attempts_guess_users(const Signal *signal);

/* What was tried, and rightly refused: rows that are left out, or users that are guessed, where @pattern (or NULL) is of logins. */
bool attempts_are_turned_away(const Signal *signal, const Pattern *pattern);
