/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Undone
 *
 *     changes, and the lines that undid them -> [undone] -> changes, mechanisms
 *
 * What it tells of a change that it was undone: which of two alike is meant, whether the trouble went on all the same, or was over with it.
 */

#include "model/report.h"

/* A change that was undone while an incident lasted did not make it when the errors of so long a time, a little later, are still so many of those before. */
#define REFUTED_SECONDS 15.0
#define REFUTED_DELAY   25.0
#define REFUTED_RATE    0.5

/* So far from its end, at most, is a change undone with which the incident ended. */
#define UNDONE_SECONDS 10.0
#define UNDONE_SHARE   0.1

/* What takes longer than that to show, but no longer than this, takes as long to go. */
#define UNDONE_DELAY_MAX 30.0

/* "16mb -> 64mb" undoes one of two changes that did the same to one thing each: the one that it names. @changes: of Change. */
void undone_share(const GPtrArray *changes);

/* It was undone before anything happened, or the errors came as before when it was undone. */
bool undone_in_vain(const Change *change, const Incident *incident, const Series *errors);

/* True when the change was undone when what lasted from second @from to second @to was over, or so long before as its errors are late by @age seconds. */
bool undone_at_end(const Change *change, double from, double to, double age);
