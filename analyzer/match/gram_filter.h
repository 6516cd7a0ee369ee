/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Gram filter
 *
 *     text -> [gram filter] -> the few places where a gram of a literal may stand -> grams
 *
 * Looks at the text through a window of four bytes at every second byte, and writes the places of those whose hash is in the filter.
 * Without a branch that depends on the text: on a log no such branch is predictable. With AVX-512, AVX2 or neither, chosen at run
 * time; all give the same.
 *
 * A gram is known by one word by the hash of its first three bytes and the two high bits of the fourth, and one bit of that by the low
 * bits of the fourth; one of three bytes sets all of them.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GRAM_BYTES  4
#define GRAM_STRIDE 2

/* Text is looked at in steps of so many bytes, and so many behind a step are read. */
#define STEP_BYTES 64
#define STEP_SLACK 16

/* So many steps at once: what passes stays in the first cache. */
#define STEPS_MAX 128

#define GRAM_WORD_BITS 16

#define GRAM_SEED UINT32_C(0x9e3779b1)

/* Bit 5 folds the case of letters. It folds some other bytes too, which costs a comparison and nothing else. */
#define GRAM_FOLD UINT64_C(0x2020202020202020)

typedef struct GramFilter {
        uint32_t words[1u << GRAM_WORD_BITS];
} GramFilter;

/* As many may be written behind the last place as a vector has lanes. */
#define PLACES_SLACK 16

/* Where grams pass, counted in bytes from where the first step begins; in order but for those of one step. */
typedef struct GramPlaces {
        size_t n;
        uint32_t at[STEPS_MAX * STEP_BYTES / GRAM_STRIDE + PLACES_SLACK];
} GramPlaces;

/* Replaces @places by those of @n_steps steps, at most STEPS_MAX, from @bytes. */
typedef void (*GramCollect)(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places);

/* The fastest that this CPU has; the portable one if @vector is false. */
GramCollect gram_collect(bool vector);

/* 8 bytes of text, folded. */
static inline uint64_t gram_text(const char *text) {
        uint64_t bytes;

        memcpy(&bytes, text, sizeof(bytes));
        return bytes | GRAM_FOLD;
}

static inline uint32_t gram_of(const char *text) {
        uint32_t gram;

        memcpy(&gram, text, sizeof(gram));
        return gram | (uint32_t)GRAM_FOLD;
}

/* 32 bits of a product, as vector code has it: of the first three bytes, and whether the fourth is more like a letter or like a digit. */
static inline uint32_t gram_hash(uint32_t gram) {
        return (gram << 8 | gram >> 30) * GRAM_SEED;
}

/* The bit of the filter that is the gram's: all grams that have it pass with one of them. */
static inline uint32_t gram_cell(uint32_t gram) {
        return gram_hash(gram) >> (32 - GRAM_WORD_BITS) << 5 | (gram >> 24 & 31);
}

/* @n_bytes: GRAM_BYTES, or one less when the last one may be any. */
void gram_filter_add(GramFilter *filter, uint32_t gram, size_t n_bytes);
