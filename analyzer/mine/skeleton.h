/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Skeleton
 *
 *     message -> tokens -> [skeleton] -> shape
 *
 * What stays of a message that is written again with other values, as bytes to be hashed: each word with a blank behind it, and one
 * NUL for any number of values in a row. It holds no other byte below the blank, so that parts can be told apart by such.
 *
 * It is written 64 bytes at a time with AVX-512 where the CPU has its byte permutations, else word by word; both write the same.
 */

#include "mine/tokens.h"

/* Texts that a skeleton is made of: message, detail, cause. */
#define SKELETON_PARTS_MAX 3

/* So many bytes behind what was written are written and read, too. */
#define SKELETON_SLACK 64

typedef struct Skeleton {
        size_t n_bytes;
        unsigned n_tokens; /* values in a row as one */
        char bytes[SKELETON_PARTS_MAX * (TOKENS_BYTES_MAX + 2) + SKELETON_SLACK];
} Skeleton;

static inline void skeleton_init(Skeleton *skeleton) {
        skeleton->n_bytes = 0;
        skeleton->n_tokens = 0;
}

/* A byte between two texts. */
static inline void skeleton_separate(Skeleton *skeleton, char separator) {
        skeleton->bytes[skeleton->n_bytes++] = separator;
}

/* Adds @text, behind which BYTES_PADDING bytes must be readable. */
void skeleton_add(Skeleton *skeleton, Str text);

/* The same without AVX-512, for comparison. */
void skeleton_add_portable(Skeleton *skeleton, Str text);
