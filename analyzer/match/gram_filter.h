/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Gram filter
 *
 *     text -> [gram filter] -> the few places where a gram of a literal may stand -> grams
 *
 * Looks at the text through a long window at every fourth byte and a short one at every second, and writes the places of those whose
 * hash is in the filter. Without a branch that depends on the text: on a log no such branch is predictable. With AVX-512, AVX2 or
 * neither, chosen at run time; all give the same.
 *
 * Long grams: one word by the hash, in which a gram sets two bits. With 5,000 literals one foreign gram in a hundred passes.
 * Short grams: one word by the hash of the first three bytes and the two high bits of the fourth, one bit of it by its low bits; a
 * gram of three bytes sets all of them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LONG_BYTES   8
#define LONG_STRIDE  4
#define SHORT_BYTES  4
#define SHORT_STRIDE 2

/* Text is looked at in steps of so many bytes, and so many behind a step are read. */
#define STEP_BYTES 64
#define STEP_SLACK 16

/* So many steps at once: what passes stays in the first cache. */
#define STEPS_MAX 128

#define LONG_WORD_BITS  15
#define SHORT_WORD_BITS 16

#define GRAM_SEED_LOW  UINT32_C(0x9e3779b1)
#define GRAM_SEED_HIGH UINT32_C(0x85ebca6b)

/* Bit 5 folds the case of letters. It folds some other bytes too, which costs a comparison and nothing else. */
#define GRAM_FOLD UINT64_C(0x2020202020202020)

typedef struct GramFilter {
        uint32_t longs[1u << LONG_WORD_BITS];
        uint32_t shorts[1u << SHORT_WORD_BITS];
} GramFilter;

/* As many may be written behind the last place as a vector has lanes. */
#define PLACES_SLACK 16

/* Where grams pass, counted in bytes from where the first step begins. The short ones come in order but for those of one step. */
typedef struct GramPlaces {
        size_t n_longs, n_shorts;
        uint32_t longs[STEPS_MAX * STEP_BYTES / LONG_STRIDE + PLACES_SLACK];
        uint32_t shorts[STEPS_MAX * STEP_BYTES / SHORT_STRIDE + PLACES_SLACK];
} GramPlaces;

/* Replaces @places by those of @n_steps steps, at most STEPS_MAX, from @bytes. */
typedef void (*GramCollect)(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places);

/* The fastest that this CPU has; the portable one if @vector is false. */
GramCollect gram_collect(bool vector);

static inline uint64_t long_gram(const char *text) {
        uint64_t gram;

        memcpy(&gram, text, sizeof(gram));
        return gram | GRAM_FOLD;
}

static inline uint32_t short_gram(const char *text) {
        uint32_t gram;

        memcpy(&gram, text, sizeof(gram));
        return gram | (uint32_t)GRAM_FOLD;
}

/* 32 bits of products, as vector code has them. */
static inline uint32_t long_hash(uint64_t gram) {
        return (uint32_t)gram * GRAM_SEED_LOW + (uint32_t)(gram >> 32) * GRAM_SEED_HIGH;
}

/* Of the first three bytes, and whether the fourth is more like a letter or like a digit. */
static inline uint32_t short_hash(uint32_t gram) {
        return (gram << 8 | gram >> 30) * GRAM_SEED_LOW;
}

/* The bits of its word that a long gram sets. */
static inline uint32_t long_mask(uint32_t hash) {
        return UINT32_C(1) << (hash >> 13 & 31) | UINT32_C(1) << (hash >> 8 & 31);
}

void gram_filter_add_long(GramFilter *filter, uint64_t gram);

/* @n_bytes: SHORT_BYTES, or one less when the last one may be any. */
void gram_filter_add_short(GramFilter *filter, uint32_t gram, size_t n_bytes);
