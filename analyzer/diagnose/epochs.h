/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Epochs
 *
 *     the lines of a signal -> [epochs] -> facets
 *
 * A time since 1970 in another unit than ever before: "until":1795825767907, in milliseconds, where it was 1795825732, in seconds. Who reads it as
 * before reads the year 58877, or January 1970.
 */

#include "base/str.h"
#include "diagnose/lines.h"

/* From 2015 to 2040; what counts bytes or is an id is seldom between these in one unit before and in another one afterwards. */
#define EPOCH_SECONDS_MIN 1.42e9
#define EPOCH_SECONDS_MAX 2.21e9

/* So many lines knew the unit, and no line another one. */
#define EPOCH_BEFORE_MIN 3

typedef enum { EPOCH_NONE, EPOCH_SECONDS, EPOCH_MILLISECONDS, EPOCH_MICROSECONDS, EPOCH_NANOSECONDS } EpochUnit;

typedef struct EpochTurn {
        Str name; /* view into an exemplar */
        EpochUnit was, now;
} EpochTurn;

/* The first name by which a line at or behind @first and before @end gives a time in a unit that no line before @first gave it. False if there is none. */
bool epochs_find(const Lines *lines, unsigned first, unsigned end, EpochTurn *turn);

/* The unit of the time that @line gives by @name. */
EpochUnit epochs_unit(const Exemplar *line, Str name);

/* "milliseconds" */
const char *epochs_unit_name(EpochUnit unit);
