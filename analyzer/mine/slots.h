/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Slots
 *
 *     rows of a template's signals -> [slots] -> what varies in it, and how
 *
 * Sums the values that stood at each place of a template. The result does not depend on the order of the rows.
 */

#include "mine/words.h"
#include "model/signal.h"
#include "model/template.h"

/* @n empty slots (of Slot); owned by the caller. */
GPtrArray *slots_new(unsigned n);

/* Adds the values of @words, in order, to the slots; @words has as many values as there are slots. */
void slots_add(GPtrArray *slots, const Words *words, const Row *row, Level level);

/* Once, when all rows are added. */
void slots_finish(GPtrArray *slots);

/* The number that @text begins with, if nothing but a unit follows: "12", "1.5s", "85 %", "-3". Never an infinite one. */
bool slots_number(const char *text, double *number);
