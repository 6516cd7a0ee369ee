/* SPDX-License-Identifier: Apache-2.0 */
#include "match/gram_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_VECTORS 1
#endif

void gram_filter_add_long(GramFilter *filter, uint64_t gram) {
        uint32_t hash = long_hash(gram);

        filter->longs[hash >> (32 - LONG_WORD_BITS)] |= long_mask(hash);
}

void gram_filter_add_short(GramFilter *filter, uint32_t gram, size_t n_bytes) {
        uint32_t *words = filter->shorts;

        if (n_bytes == SHORT_BYTES)
                words[short_hash(gram) >> (32 - SHORT_WORD_BITS)] |= UINT32_C(1) << (gram >> 24 & 31);
        else
                for (uint32_t high = 0; high < 4; high++)
                        words[short_hash((gram & 0xffffff) | high << 30) >> (32 - SHORT_WORD_BITS)] = UINT32_MAX;
}

/* --- portable --- */

static inline uint32_t passes_long(const GramFilter *filter, const char *text) {
        uint32_t hash = long_hash(long_gram(text)), word = filter->longs[hash >> (32 - LONG_WORD_BITS)];

        return word >> (hash >> 13 & 31) & word >> (hash >> 8 & 31) & 1;
}

static inline uint32_t passes_short(const GramFilter *filter, const char *text) {
        uint32_t gram = short_gram(text);

        return filter->shorts[short_hash(gram) >> (32 - SHORT_WORD_BITS)] >> (gram >> 24 & 31) & 1;
}

static void collect_portable(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places) {
        size_t n_longs = 0, n_shorts = 0;

        for (uint32_t at = 0; at < n_steps * STEP_BYTES; at += SHORT_STRIDE) {
                if (at % LONG_STRIDE == 0) {
                        places->longs[n_longs] = at;
                        n_longs += passes_long(filter, bytes + at);
                }
                places->shorts[n_shorts] = at;
                n_shorts += passes_short(filter, bytes + at);
        }
        places->n_longs = n_longs;
        places->n_shorts = n_shorts;
}

#ifdef WITH_VECTORS

/* The grams at every fourth place are the lanes of the vector that begins there, so that nothing is shuffled. */

/* --- AVX2 --- */

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline __m256i load_folded(const char *bytes) {
        return _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)bytes), _mm256_set1_epi64x((long long)GRAM_FOLD));
}

AVX2 static inline __m256i look_up(const uint32_t *table, __m256i hash, int n_bits) {
        return _mm256_i32gather_epi32((const int *)(const void *)table, _mm256_srli_epi32(hash, 32 - n_bits), 4);
}

/* Bit (@hash & 31) of each word becomes its sign. */
AVX2 static inline __m256i bit_to_sign(__m256i word, __m256i hash) {
        return _mm256_sllv_epi32(word, _mm256_andnot_si256(hash, _mm256_set1_epi32(31)));
}

AVX2 static inline uint32_t signs(__m256i lanes) {
        return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(lanes));
}

AVX2 static inline uint32_t half_longs(const GramFilter *filter, const char *bytes) {
        __m256i hash = _mm256_add_epi32(_mm256_mullo_epi32(load_folded(bytes), _mm256_set1_epi32((int)GRAM_SEED_LOW)),
                                        _mm256_mullo_epi32(load_folded(bytes + 4), _mm256_set1_epi32((int)GRAM_SEED_HIGH)));
        __m256i word = look_up(filter->longs, hash, LONG_WORD_BITS);

        return signs(_mm256_and_si256(bit_to_sign(word, _mm256_srli_epi32(hash, 13)), bit_to_sign(word, _mm256_srli_epi32(hash, 8))));
}

AVX2 static inline uint32_t half_shorts(const GramFilter *filter, const char *bytes) {
        __m256i gram = load_folded(bytes);
        __m256i key = _mm256_or_si256(_mm256_slli_epi32(gram, 8), _mm256_srli_epi32(gram, 30));
        __m256i hash = _mm256_mullo_epi32(key, _mm256_set1_epi32((int)GRAM_SEED_LOW));

        return signs(bit_to_sign(look_up(filter->shorts, hash, SHORT_WORD_BITS), _mm256_srli_epi32(gram, 24)));
}

/* So many places are written without asking whether there are so many: the number is hard to predict. */
#define WRITTEN_AT_ONCE 2

/* Writes @base + LONG_STRIDE * i for each bit i of @lanes and returns their number. */
AVX2 static inline size_t write_places(uint32_t *places, uint32_t lanes, uint32_t base) {
        size_t n = (size_t)__builtin_popcount(lanes), written = 0;

        do {
                for (unsigned i = 0; i < WRITTEN_AT_ONCE; i++, lanes &= lanes - 1)
                        places[written++] = base + LONG_STRIDE * (uint32_t)__builtin_ctz(lanes | UINT32_C(1) << 31);
        } while (__builtin_expect(written < n, 0));
        return n;
}

AVX2 static void collect_avx2(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places) {
        uint32_t *longs = places->longs, *shorts = places->shorts;

        for (uint32_t at = 0; at < n_steps * STEP_BYTES; at += STEP_BYTES, bytes += STEP_BYTES) {
                longs += write_places(longs, half_longs(filter, bytes) | half_longs(filter, bytes + 32) << 8, at);
                shorts += write_places(shorts, half_shorts(filter, bytes) | half_shorts(filter, bytes + 32) << 8, at);
                shorts += write_places(shorts, half_shorts(filter, bytes + SHORT_STRIDE) | half_shorts(filter, bytes + 32 + SHORT_STRIDE) << 8,
                                       at + SHORT_STRIDE);
        }
        places->n_longs = (size_t)(longs - places->longs);
        places->n_shorts = (size_t)(shorts - places->shorts);
}

/* --- AVX-512 --- */

#define AVX512 __attribute__((target("avx512f,popcnt")))

AVX512 static inline __m512i load_folded512(const char *bytes) {
        return _mm512_or_si512(_mm512_loadu_si512(bytes), _mm512_set1_epi64((long long)GRAM_FOLD));
}

AVX512 static inline __m512i look_up512(const uint32_t *table, __m512i hash, unsigned n_bits) {
        return _mm512_i32gather_epi32(_mm512_srli_epi32(hash, 32 - n_bits), table, 4);
}

/* Rotation takes the count modulo 32. */
AVX512 static inline __m512i bit512(__m512i hash) {
        return _mm512_rolv_epi32(_mm512_set1_epi32(1), hash);
}

AVX512 static inline __mmask16 longs512(const GramFilter *filter, __m512i low, __m512i high) {
        __m512i hash = _mm512_add_epi32(_mm512_mullo_epi32(low, _mm512_set1_epi32((int)GRAM_SEED_LOW)),
                                        _mm512_mullo_epi32(high, _mm512_set1_epi32((int)GRAM_SEED_HIGH)));
        __m512i mask = _mm512_or_si512(bit512(_mm512_srli_epi32(hash, 13)), bit512(_mm512_srli_epi32(hash, 8)));

        return _mm512_cmpeq_epi32_mask(_mm512_and_si512(look_up512(filter->longs, hash, LONG_WORD_BITS), mask), mask);
}

AVX512 static inline __mmask16 shorts512(const GramFilter *filter, __m512i gram) {
        __m512i key = _mm512_or_si512(_mm512_slli_epi32(gram, 8), _mm512_srli_epi32(gram, 30));
        __m512i hash = _mm512_mullo_epi32(key, _mm512_set1_epi32((int)GRAM_SEED_LOW));

        return _mm512_test_epi32_mask(look_up512(filter->shorts, hash, SHORT_WORD_BITS), bit512(_mm512_srli_epi32(gram, 24)));
}

/* Writes those of @at that are in @lanes, and what comes behind them does not matter; returns their number. */
AVX512 static inline size_t write_places512(uint32_t *places, __mmask16 lanes, __m512i at) {
        _mm512_storeu_si512(places, _mm512_maskz_compress_epi32(lanes, at));
        return (size_t)__builtin_popcount(lanes);
}

AVX512 static void collect_avx512(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places) {
        __m512i at = _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), _mm512_set1_epi32(LONG_STRIDE));
        uint32_t *longs = places->longs, *shorts = places->shorts;

        for (size_t step = 0; step < n_steps; step++, bytes += STEP_BYTES) {
                __m512i even = load_folded512(bytes), odd = load_folded512(bytes + SHORT_STRIDE);

                longs += write_places512(longs, longs512(filter, even, load_folded512(bytes + LONG_STRIDE)), at);
                shorts += write_places512(shorts, shorts512(filter, even), at);
                shorts += write_places512(shorts, shorts512(filter, odd), _mm512_add_epi32(at, _mm512_set1_epi32(SHORT_STRIDE)));
                at = _mm512_add_epi32(at, _mm512_set1_epi32(STEP_BYTES));
        }
        places->n_longs = (size_t)(longs - places->longs);
        places->n_shorts = (size_t)(shorts - places->shorts);
}

GramCollect gram_collect(bool vector) {
        if (vector && __builtin_cpu_supports("avx512f"))
                return collect_avx512;
        if (vector && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"))
                return collect_avx2;
        return collect_portable;
}

#else

GramCollect gram_collect(bool vector) {
        (void)vector;
        return collect_portable;
}

#endif
