/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bytes
 *
 * What the bytes of a message are to the tokenizer of shapes, as bit maps: bit i of word i / 64 speaks of byte i. Made
 * 64 bytes at a time with AVX2 where the CPU has it, else by a table; both give the same maps.
 */

#include "base/str.h"

/* So many bytes behind a text that is mapped must be readable; what they are does not matter. */
#define BYTES_PADDING 64

/* The longest text that is mapped. */
#define BYTES_MAX   1024
#define BYTES_WORDS (BYTES_MAX / 64)

/* What a byte is: no more than these. */
enum {
        BYTE_DELIMITER = 1,   /* blanks, control bytes, most punctuation */
        BYTE_VALUE = 2,       /* digits and slashes: what holds one is a value, not a word */
        BYTE_QUOTE = 4,       /* ", ` and ', which is no delimiter */
        BYTE_HEXADECIMAL = 8, /* letters a to f and -: a word of at least HEXADECIMAL_MIN of them may be an id */
};

#define HEXADECIMAL_MIN 8

extern const uint8_t BYTE_KINDS[256];

/* The maps of three of the kinds. */
typedef struct Bytes {
        uint64_t delimiter[BYTES_WORDS]; /* behind the end too */
        uint64_t value[BYTES_WORDS];
        uint64_t quote[BYTES_WORDS];
} Bytes;

/* Maps @text, of at most BYTES_MAX bytes. */
void bytes_map(Str text, Bytes *bytes);

/* The same without AVX2, for comparison. */
void bytes_map_portable(Str text, Bytes *bytes);

/* The first bit that is set in @map at or after @from, or @limit. */
static inline size_t bytes_next(const uint64_t *map, size_t from, size_t limit) {
        for (; from < limit; from = (from | 63) + 1) {
                uint64_t word = map[from / 64] >> (from % 64);
                if (word) {
                        size_t at = from + (size_t)__builtin_ctzll(word);
                        return at < limit ? at : limit;
                }
        }
        return limit;
}

/* The first bit that is not set. */
static inline size_t bytes_next_clear(const uint64_t *map, size_t from, size_t limit) {
        for (; from < limit; from = (from | 63) + 1) {
                uint64_t word = ~map[from / 64] >> (from % 64);
                if (word) {
                        size_t at = from + (size_t)__builtin_ctzll(word);
                        return at < limit ? at : limit;
                }
        }
        return limit;
}
