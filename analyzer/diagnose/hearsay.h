/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Hearsay
 *
 * What the words of a message that no pattern knows suggest of its place between cause and surface: "certificate" and
 * "denied" speak of what broke, "retrying" and "timed out" of waiting for something that did, "not found" and "invalid" of
 * neither: somebody else may have made it so. A weak sign; order and newness weigh more.
 */

#include <stdbool.h>

/* -1 (an effect of something else) .. 1 (a fault of its own); 0 where the words say nothing. */
double hearsay_of(const char *message);

/* True for words of a failure in a line of any level: "exception", "failed", "refused". */
bool hearsay_is_failure(const char *message);

/* True where the words speak of something that is used up: a quota, a limit, a pool. */
bool hearsay_is_limit(const char *message);

/* True for what servers write every few minutes about themselves (checkpoints): measurements, no settings and no changes. */
bool hearsay_is_routine(const char *text);

/* True where one of the first words says by its ending that something is or was done: "collecting orders", "partition detached". */
bool hearsay_tells_of_act(const char *message);

/* How many different words of a message speak of a change that somebody or something made: "loaded", "replaced", "deploy". */
unsigned hearsay_change_words(const char *message);
