/* SPDX-License-Identifier: Apache-2.0 */
#include "match/gram_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_VECTORS 1
#endif

void gram_filter_add(GramFilter *filter, uint32_t gram, size_t n_bytes) {
        if (n_bytes == GRAM_BYTES)
                filter->words[gram_hash(gram) >> (32 - GRAM_WORD_BITS)] |= UINT32_C(1) << (gram >> 24 & 31);
        else
                for (uint32_t high = 0; high < 4; high++)
                        filter->words[gram_hash((gram & 0xffffff) | high << 30) >> (32 - GRAM_WORD_BITS)] = UINT32_MAX;
}

/* --- portable --- */

static inline uint32_t passes(const GramFilter *filter, const char *text) {
        uint32_t gram = gram_of(text);

        return filter->words[gram_hash(gram) >> (32 - GRAM_WORD_BITS)] >> (gram >> 24 & 31) & 1;
}

static void collect_portable(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places) {
        size_t n = 0;

        for (uint32_t at = 0; at < n_steps * STEP_BYTES; at += GRAM_STRIDE) {
                places->at[n] = at;
                n += passes(filter, bytes + at);
        }
        places->n = n;
}

#ifdef WITH_VECTORS

/* The grams at every fourth place are the lanes of the vector that begins there, so that nothing is shuffled. */
#define LANE_BYTES 4

/* --- AVX2 --- */

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline __m256i load_folded(const char *bytes) {
        return _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)bytes), _mm256_set1_epi64x((long long)GRAM_FOLD));
}

/* Bit (@hash & 31) of each word becomes its sign. */
AVX2 static inline __m256i bit_to_sign(__m256i word, __m256i hash) {
        return _mm256_sllv_epi32(word, _mm256_andnot_si256(hash, _mm256_set1_epi32(31)));
}

AVX2 static inline uint32_t signs(__m256i lanes) {
        return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(lanes));
}

AVX2 static inline uint32_t half_step(const GramFilter *filter, const char *bytes) {
        __m256i gram = load_folded(bytes);
        __m256i key = _mm256_or_si256(_mm256_slli_epi32(gram, 8), _mm256_srli_epi32(gram, 30));
        __m256i hash = _mm256_mullo_epi32(key, _mm256_set1_epi32((int)GRAM_SEED));
        __m256i words = _mm256_i32gather_epi32((const int *)(const void *)filter->words, _mm256_srli_epi32(hash, 32 - GRAM_WORD_BITS), 4);

        return signs(bit_to_sign(words, _mm256_srli_epi32(gram, 24)));
}

/* So many places are written without asking whether there are so many: the number is hard to predict. */
#define WRITTEN_AT_ONCE 2

/* Writes @base + LANE_BYTES * i for each bit i of @lanes and returns their number. */
AVX2 static inline size_t write_places(uint32_t *places, uint32_t lanes, uint32_t base) {
        size_t n = (size_t)__builtin_popcount(lanes), written = 0;

        do {
                for (unsigned i = 0; i < WRITTEN_AT_ONCE; i++, lanes &= lanes - 1)
                        places[written++] = base + LANE_BYTES * (uint32_t)__builtin_ctz(lanes | UINT32_C(1) << 31);
        } while (__builtin_expect(written < n, 0));
        return n;
}

AVX2 static void collect_avx2(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places) {
        uint32_t *next = places->at;

        for (uint32_t at = 0; at < n_steps * STEP_BYTES; at += STEP_BYTES, bytes += STEP_BYTES)
                for (unsigned odd = 0; odd < LANE_BYTES; odd += GRAM_STRIDE)
                        next += write_places(next, half_step(filter, bytes + odd) | half_step(filter, bytes + 32 + odd) << 8, at + odd);
        places->n = (size_t)(next - places->at);
}

/* --- AVX-512 --- */

#define AVX512 __attribute__((target("avx512f,popcnt")))

AVX512 static inline __m512i load_folded512(const char *bytes) {
        return _mm512_or_si512(_mm512_loadu_si512(bytes), _mm512_set1_epi64((long long)GRAM_FOLD));
}

/* Rotation takes the count modulo 32. */
AVX512 static inline __m512i bit512(__m512i hash) {
        return _mm512_rolv_epi32(_mm512_set1_epi32(1), hash);
}

AVX512 static inline __mmask16 step512(const GramFilter *filter, const char *bytes) {
        __m512i gram = load_folded512(bytes);
        __m512i key = _mm512_or_si512(_mm512_slli_epi32(gram, 8), _mm512_srli_epi32(gram, 30));
        __m512i hash = _mm512_mullo_epi32(key, _mm512_set1_epi32((int)GRAM_SEED));
        __m512i words = _mm512_i32gather_epi32(_mm512_srli_epi32(hash, 32 - GRAM_WORD_BITS), filter->words, 4);

        return _mm512_test_epi32_mask(words, bit512(_mm512_srli_epi32(gram, 24)));
}

/* Writes those of @at that are in @lanes, and what comes behind them does not matter; returns their number. */
AVX512 static inline size_t write_places512(uint32_t *places, __mmask16 lanes, __m512i at) {
        _mm512_storeu_si512(places, _mm512_maskz_compress_epi32(lanes, at));
        return (size_t)__builtin_popcount(lanes);
}

AVX512 static void collect_avx512(const GramFilter *filter, const char *bytes, size_t n_steps, GramPlaces *places) {
        __m512i at = _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), _mm512_set1_epi32(LANE_BYTES));
        uint32_t *next = places->at;

        for (size_t step = 0; step < n_steps; step++, bytes += STEP_BYTES) {
                next += write_places512(next, step512(filter, bytes), at);
                next += write_places512(next, step512(filter, bytes + GRAM_STRIDE), _mm512_add_epi32(at, _mm512_set1_epi32(GRAM_STRIDE)));
                at = _mm512_add_epi32(at, _mm512_set1_epi32(STEP_BYTES));
        }
        places->n = (size_t)(next - places->at);
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
