/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Extent
 *
 * Which bytes of a source were read: what lets parts be put together without a hole and without counting one twice. Bytes
 * are those that the decoder gives. Neighbours are joined, so that a source that was read whole has one extent whatever its parts were.
 */

#include <stdbool.h>
#include <stdint.h>

typedef struct Extent {
        uint64_t from, to;
        bool last; /* behind `to` there is nothing more in the source */
} Extent;

typedef struct Extents {
        Extent *items; /* owned; in order, without overlap */
        uint32_t n;
} Extents;

void extents_clear(Extents *extents);

/* Adds one that overlaps with none. */
void extents_add(Extents *extents, Extent extent);
void extents_merge(Extents *extents, const Extents *other);

/* Whether bytes of one are in the other. Of a source of which nothing is known, all may be. */
bool extents_overlap(const Extents *one, const Extents *other);

/* What is not there of the source, in words; NULL when it is whole or nothing is known. Owned by the caller. */
char *extents_missing(const Extents *extents);
