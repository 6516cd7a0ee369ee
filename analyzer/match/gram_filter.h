/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Gram filter
 *
 *     text -> [gram filter] -> the few places where a gram of a literal may stand -> grams
 *
 * Looks at the text through a long window at every fourth byte and a short one at every second, and tells those whose hash is
 * in the filter. Without a branch that depends on the text: on a log no such branch is predictable. With AVX-512, AVX2 or
 * neither, chosen at run time; all give the same. Costs on a plain log 0.7 cycles for a byte with AVX-512, 1.3 with AVX2.
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
#define STEP_LANES (STEP_BYTES / LONG_STRIDE)

#define LONG_WORD_BITS  14
#define SHORT_WORD_BITS 14

#define GRAM_SEED_LOW  UINT32_C(0x9e3779b1)
#define GRAM_SEED_HIGH UINT32_C(0x85ebca6b)

/* Bit 5 folds the case of letters. It folds some other bytes too, which costs a comparison and nothing else. */
#define GRAM_FOLD UINT64_C(0x2020202020202020)

typedef struct GramFilter {
        uint32_t longs[1u << LONG_WORD_BITS];
        uint32_t shorts[1u << SHORT_WORD_BITS];
} GramFilter;

/* A step in which something passed: one bit for each lane of LONG_STRIDE bytes. */
typedef struct GramStep {
        uint32_t step;
        uint16_t longs, evens, odds; /* short grams at the start of a lane, and SHORT_STRIDE behind it */
} GramStep;

/* Writes those of @n_steps steps from @bytes in which something passes, in order, and returns their number. */
typedef size_t (*GramCollect)(const GramFilter *filter, const char *bytes, size_t n_steps, GramStep *found);

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
