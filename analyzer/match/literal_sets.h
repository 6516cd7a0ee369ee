/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Literal sets
 *
 *     parts of a regex -> [literal sets] -> the best set to look for
 *
 * Each part of a regex is described by what every text that it matches has: where it can only be one of a few strings,
 * these (exact); else strings one of which it begins with, ends with, and holds. Parts in a row, alternatives and
 * repetitions are then put together. Strings are lower-cased by who makes them. A set has at most LITERAL_SETS_MAX
 * strings; what would be more is described less exactly.
 */

#include "base/str.h"
#include "match/literals.h"

typedef struct LiteralSet {
        size_t n;
        size_t shortest, longest;
        int score;   /* how good they are to look for; 0 when one is too short */
        Str items[]; /* distinct */
} LiteralSet;

/* False when another item stands within this one, so that looking for that is enough. */
bool literal_set_needs(const LiteralSet *set, size_t index);

typedef struct LiteralPart {
        bool exact;              /* head holds all that it can be; tail is the same */
        const LiteralSet *head;  /* it begins with one of these; may hold the empty string */
        const LiteralSet *tail;  /* it ends with one of these */
        const LiteralSet *holds; /* it holds one of these, each of LITERAL_MIN bytes or more; or NULL */
} LiteralPart;

/* Owns all sets and strings of one regex. */
typedef struct LiteralParts {
        GPtrArray *owned;
        LiteralPart empty; /* matches nothing but the empty string */
        LiteralPart any;   /* matches we do not know what */
} LiteralParts;

void literal_parts_init(LiteralParts *parts);
void literal_parts_clear(LiteralParts *parts);

/* Hands over memory of GLib's allocator; returns it. */
void *literal_keep(LiteralParts *parts, void *owned);

/* The set of one string, which the parts own or which outlives them. */
const LiteralSet *literal_set_of(LiteralParts *parts, Str only);

LiteralPart part_exact(const LiteralSet *set);
LiteralPart part_then(LiteralParts *parts, LiteralPart a, LiteralPart b);
LiteralPart part_or(LiteralParts *parts, LiteralPart a, LiteralPart b);

/* @max: SIZE_MAX when there is none. */
LiteralPart part_repeat(LiteralParts *parts, LiteralPart part, size_t min, size_t max);

/* The best set to look for, one of whose strings stands in every match; NULL when there is none. */
const LiteralSet *part_holds(LiteralPart part);
