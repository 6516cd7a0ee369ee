/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/bytes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_AVX2 1
#endif

#define D BYTE_DELIMITER
#define H BYTE_HEXADECIMAL
#define Q BYTE_QUOTE
#define V BYTE_VALUE

const uint8_t BYTE_KINDS[256] = {
        [0 ... 32] = D,    ['!'] = D, ['"'] = D | Q, ['#'] = D, ['&'] = D, ['('] = D, [')'] = D, ['*'] = D,         ['+'] = D,         [','] = D, ['/'] = V,
        ['0' ... '9'] = V, [':'] = D, [';'] = D,     ['<'] = D, ['='] = D, ['>'] = D, ['?'] = D, ['['] = D,         ['\\'] = D,        [']'] = D, ['`'] = D | Q,
        ['\''] = Q,        ['{'] = D, ['|'] = D,     ['}'] = D, ['~'] = D, [127] = D, ['-'] = H, ['A' ... 'F'] = H, ['a' ... 'f'] = H,
};

#undef D
#undef H
#undef Q
#undef V

static void map_chunk_portable(const uint8_t *chunk, Bytes *bytes, size_t word) {
        uint64_t delimiter = 0, value = 0, quote = 0;

        for (unsigned i = 0; i < 64; i++) {
                uint8_t kind = BYTE_KINDS[chunk[i]];
                delimiter |= (uint64_t) !!(kind & BYTE_DELIMITER) << i;
                value |= (uint64_t) !!(kind & BYTE_VALUE) << i;
                quote |= (uint64_t) !!(kind & BYTE_QUOTE) << i;
        }
        bytes->delimiter[word] = delimiter;
        bytes->value[word] = value;
        bytes->quote[word] = quote;
}

#ifdef WITH_AVX2

/*
 * BYTE_KINDS by two look-ups of 16 entries: a byte is of a kind when the entry of its low half and that of its high half
 * share a bit. Each bit stands for one row of 16 bytes: 0 for rows 0 and 1, 1 for row 2, 2 for row 3, 3 for row 5, 4 for row 6, 5 for
 * row 7 (delimiters), 6 for the digits, 7 for the slash.
 */
#define ROW(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                                                                                                    \
        _mm256_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)

__attribute__((target("avx2"))) static uint32_t map_half(__m256i text, uint32_t *value, uint32_t *quote) {
        const __m256i low_kinds = ROW(0x53, 0x43, 0x43, 0x43, 0x41, 0x41, 0x43, 0x41, 0x43, 0x43, 0x07, 0x2f, 0x2f, 0x2d, 0x25, (char)0xa5);
        const __m256i high_kinds = ROW(0x01, 0x01, (char)0x82, 0x44, 0, 0x08, 0x10, 0x20, 0, 0, 0, 0, 0, 0, 0, 0);
        const __m256i nibble = _mm256_set1_epi8(0x0f);
        __m256i low = _mm256_shuffle_epi8(low_kinds, _mm256_and_si256(text, nibble));
        __m256i high = _mm256_shuffle_epi8(high_kinds, _mm256_and_si256(_mm256_srli_epi16(text, 4), nibble));
        __m256i kind = _mm256_and_si256(low, high);
        __m256i zero = _mm256_setzero_si256();
        __m256i word = _mm256_cmpeq_epi8(_mm256_and_si256(kind, _mm256_set1_epi8(0x3f)), zero);
        __m256i plain = _mm256_cmpeq_epi8(_mm256_and_si256(kind, _mm256_set1_epi8((char)0xc0)), zero);
        __m256i quotes = _mm256_or_si256(_mm256_cmpeq_epi8(text, _mm256_set1_epi8('"')),
                                         _mm256_or_si256(_mm256_cmpeq_epi8(text, _mm256_set1_epi8('`')), _mm256_cmpeq_epi8(text, _mm256_set1_epi8('\''))));

        *value = ~(uint32_t)_mm256_movemask_epi8(plain);
        *quote = (uint32_t)_mm256_movemask_epi8(quotes);
        return ~(uint32_t)_mm256_movemask_epi8(word);
}

__attribute__((target("avx2"))) static inline void map_chunk_avx2(const uint8_t *chunk, Bytes *bytes, size_t word) {
        uint32_t value[2], quote[2];
        uint64_t low = map_half(_mm256_loadu_si256((const __m256i *)chunk), &value[0], &quote[0]);
        uint64_t high = map_half(_mm256_loadu_si256((const __m256i *)(chunk + 32)), &value[1], &quote[1]);

        bytes->delimiter[word] = low | high << 32;
        bytes->value[word] = value[0] | (uint64_t)value[1] << 32;
        bytes->quote[word] = quote[0] | (uint64_t)quote[1] << 32;
}

__attribute__((target("avx2"))) static void map_avx2(Str text, Bytes *bytes) {
        for (size_t at = 0; at < text.len; at += 64)
                map_chunk_avx2((const uint8_t *)text.ptr + at, bytes, at / 64);
}

#endif

static void map_portable(Str text, Bytes *bytes) {
        for (size_t at = 0; at < text.len; at += 64)
                map_chunk_portable((const uint8_t *)text.ptr + at, bytes, at / 64);
}

/* Behind the end there is nothing but delimiters. */
static void map_end(Str text, Bytes *bytes) {
        size_t rest = text.len % 64;

        if (rest > 0) {
                bytes->delimiter[text.len / 64] |= ~UINT64_C(0) << rest;
                bytes->value[text.len / 64] &= ~(~UINT64_C(0) << rest);
                bytes->quote[text.len / 64] &= ~(~UINT64_C(0) << rest);
        }
}

void bytes_map(Str text, Bytes *bytes) {
#ifdef WITH_AVX2
        if (__builtin_cpu_supports("avx2"))
                map_avx2(text, bytes);
        else
#endif
                map_portable(text, bytes);
        map_end(text, bytes);
}

void bytes_map_portable(Str text, Bytes *bytes) {
        map_portable(text, bytes);
        map_end(text, bytes);
}
