/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Prefilter
 *
 *     block -> [prefilter] -> hits -> matcher
 *
 * Finds all of several hundred literals, in any case (ASCII), in one pass over a block. With Vectorscan where it is
 * there and the CPU has what it needs, else with a filter of hashed grams: both report the same hits in the same
 * order. Immutable after it is built and shared by threads; a PrefilterScratch belongs to one thread.
 */

#include "base/str.h"

#include <glib.h>

/*
 * AUTO is Vectorscan where it can be. With 2,500 literals it scans 0.93 GB/s, the portable engine 0.74 GB/s, but it takes
 * 40 ms to compile them and the portable engine 1 ms: it pays from about 150 MB for each thread.
 */
typedef enum { PREFILTER_AUTO, PREFILTER_PORTABLE } PrefilterEngine;

typedef struct Prefilter Prefilter;
typedef struct PrefilterScratch PrefilterScratch;

/* A literal that ends just before the byte @end of the block. */
typedef struct PrefilterHit {
        size_t end;
        uint32_t literal;
} PrefilterHit;

/* @literals: lower-case strings without duplicates, of at least LITERAL_MIN bytes; borrowed for the call. May be empty. */
Prefilter *prefilter_new(const GPtrArray *literals, PrefilterEngine engine);
void prefilter_free(Prefilter *prefilter);

/* The engine in use: "vectorscan" or "portable"; static. */
const char *prefilter_engine(const Prefilter *prefilter);

PrefilterScratch *prefilter_scratch_new(const Prefilter *prefilter);
void prefilter_scratch_free(PrefilterScratch *scratch);

/* Replaces @hits (of PrefilterHit) with those of @text, sorted by end, then by literal. */
void prefilter_scan(const Prefilter *prefilter, PrefilterScratch *scratch, Str text, GArray *hits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Prefilter, prefilter_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PrefilterScratch, prefilter_scratch_free)
