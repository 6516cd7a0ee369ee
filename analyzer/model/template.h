/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Template
 *
 * What several shapes have in common: the words that stay when a message is written again, and, for each place where it varies,
 * what stood there. And which signals are written by it.
 */

#include "model/event.h"

#include <glib.h>

/* Values of a slot that are told, the most frequent first. */
#define SLOT_TOP_MAX 8

/* One value that stood in a slot. */
typedef struct Observation {
        uint32_t second; /* since 1970; 0 without time */
        uint32_t count;  /* events of that second that say the same */
        Level level;
        char *text; /* owned by the template */
} Observation;

typedef struct SlotValue {
        const char *text; /* borrowed from an observation */
        uint64_t count;
} SlotValue;

/*
 * A place of a template where values stand. What is known of it is a sample by second and content (see Row): shares
 * and ranges are those of the sample.
 */
typedef struct Slot {
        char *name;           /* owned; the key or the word before it; "" if there is none */
        GArray *observations; /* owned; of Observation, in order of second, text */
        uint64_t count;       /* of events in the sample */
        uint32_t n_distinct;
        SlotValue top[SLOT_TOP_MAX];
        unsigned n_top;
        uint64_t n_numeric; /* of events whose value is a number, with or without a unit */
        double min, max;    /* of those; 0 without any */
} Slot;

typedef struct Template {
        uint64_t key;     /* of its words */
        char *text;       /* owned; what varies is "<*>" */
        GArray *members;  /* owned; of uint64_t: keys of the signals, rising */
        uint64_t count;   /* of events */
        Level level;      /* the worst of them */
        GPtrArray *slots; /* owned; of Slot, from left to right; NULL until they were asked for */
} Template;
