/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Trail
 *
 * When a source spoke, and its last line before each pause: for steps of equal width, how many events it wrote and the
 * last of them by its place in the source. The width is a power of two of seconds and doubles when more than
 * TRAIL_STEPS_MAX steps are occupied; so, as with a Series, it depends on the events alone and trails can be merged.
 */

#include "base/str.h"
#include "model/event.h"

/* Some 300 bytes each. There may be fewer of each trail where there are many trails. */
#define TRAIL_STEPS_MAX  64
#define TRAIL_TEXT_BYTES 240

typedef struct Step {
        uint32_t start; /* seconds since 1970, a multiple of the width */
        uint32_t count;
        uint64_t offset, line; /* of its last event */
        int64_t time_us;
        Level level;
        char *text; /* owned; the first line of that event; a NUL byte of the log is a blank */
} Step;

typedef struct Trail {
        Step *steps; /* owned; in order of start */
        uint32_t n;
        uint32_t max;   /* of steps; 0: TRAIL_STEPS_MAX */
        unsigned shift; /* the width is 1 << shift seconds */
} Trail;

void trail_clear(Trail *trail);

/* Adds what was seen within one second; takes over the text of @step. */
void trail_add(Trail *trail, Step step);

/* Adds copies of the steps of @other. */
void trail_merge(Trail *trail, const Trail *other);

/* Keeps to @max steps, which only ever gets smaller. */
void trail_limit(Trail *trail, uint32_t max);

static inline uint32_t trail_width(const Trail *trail) {
        return UINT32_C(1) << trail->shift;
}
