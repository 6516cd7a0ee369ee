/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sightings
 *
 * When and where exactly a term of a rule was seen, for rules that ask for an order. Bounded, and still the same however
 * events are parted and merged: of each second the first SIGHTINGS_PER_SECOND are kept, and of those the first SIGHTINGS_MAX,
 * in order of time, name of the source, offset. What comes without time stands in the second before all.
 * The records are put in order and cut back when there are twice as many as may be, so adding costs little.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SIGHTINGS_PER_SECOND 8
#define SIGHTINGS_MAX        32768

typedef struct Sighting {
        int64_t time_us; /* or TIME_NONE */
        uint64_t offset, line;
        uint32_t source; /* index */
} Sighting;

typedef struct Sightings {
        Sighting *items; /* owned */
        uint32_t n, capacity;
        uint64_t left_out; /* those that the bounds let go */
} Sightings;

/* Orders two sources by their names. */
typedef int (*SightingsSources)(uint32_t a, uint32_t b, const void *data);

void sightings_clear(Sightings *sightings);
Sightings sightings_copy(const Sightings *sightings);
void sightings_add(Sightings *sightings, Sighting sighting, SightingsSources sources, const void *data);

/* Adds those of @other, whose sources have the same indexes. */
void sightings_merge(Sightings *sightings, const Sightings *other, SightingsSources sources, const void *data);

/* Puts them in order and keeps to the bounds. */
void sightings_settle(Sightings *sightings, SightingsSources sources, const void *data);
