/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Prefilter
 *
 *     block -> [prefilter] -> hits -> matcher
 *
 * Finds all of several thousand literals, in any case (ASCII), in one pass over a block (match/grams.h), and gives them in the
 * order in which they end. Immutable after it is built, and shared by threads.
 */

#include "base/str.h"

#include <glib.h>

/* What of the CPU is used: all that helps, or nothing that some have not, for tests. The hits are the same. */
typedef enum { PREFILTER_AUTO, PREFILTER_PORTABLE } PrefilterEngine;

typedef struct Prefilter Prefilter;

/* A literal that ends just before the byte @end of the block. */
typedef struct PrefilterHit {
        size_t end;
        uint32_t literal;
} PrefilterHit;

/* @literals: lower-case strings without duplicates, of at least LITERAL_MIN bytes; borrowed for the call. May be empty. */
Prefilter *prefilter_new(const GPtrArray *literals, PrefilterEngine engine);

/* One that finds the same, faster in logs like @sample; as long as @prefilter lives. */
Prefilter *prefilter_fitted(const Prefilter *prefilter, Str sample);
void prefilter_free(Prefilter *prefilter);

/* Replaces @hits (of PrefilterHit) with those of @text, sorted by end, then by literal. */
void prefilter_scan(const Prefilter *prefilter, Str text, GArray *hits);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Prefilter, prefilter_free)
