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

static size_t collect_portable(const GramFilter *filter, const char *bytes, size_t n_steps, GramStep *found) {
        size_t n = 0;

        for (size_t step = 0; step < n_steps; step++, bytes += STEP_BYTES) {
                uint32_t longs = 0, evens = 0, odds = 0;

                for (unsigned lane = 0; lane < STEP_LANES; lane++) {
                        longs |= passes_long(filter, bytes + lane * LONG_STRIDE) << lane;
                        evens |= passes_short(filter, bytes + lane * LONG_STRIDE) << lane;
                        odds |= passes_short(filter, bytes + lane * LONG_STRIDE + SHORT_STRIDE) << lane;
                }
                found[n] = (GramStep){ (uint32_t)step, (uint16_t)longs, (uint16_t)evens, (uint16_t)odds };
                n += (longs | evens | odds) != 0;
        }
        return n;
}

#ifdef WITH_VECTORS

/* The grams at every fourth place are the lanes of the vector that begins there, so that nothing is shuffled. */

/* --- AVX2 --- */

#define AVX2 __attribute__((target("avx2")))

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

AVX2 static size_t collect_avx2(const GramFilter *filter, const char *bytes, size_t n_steps, GramStep *found) {
        size_t n = 0;

        for (size_t step = 0; step < n_steps; step++, bytes += STEP_BYTES) {
                uint32_t longs = half_longs(filter, bytes) | half_longs(filter, bytes + 32) << 8;
                uint32_t evens = half_shorts(filter, bytes) | half_shorts(filter, bytes + 32) << 8;
                uint32_t odds = half_shorts(filter, bytes + SHORT_STRIDE) | half_shorts(filter, bytes + 32 + SHORT_STRIDE) << 8;

                found[n] = (GramStep){ (uint32_t)step, (uint16_t)longs, (uint16_t)evens, (uint16_t)odds };
                n += (longs | evens | odds) != 0;
        }
        return n;
}

/* --- AVX-512 --- */

#define AVX512 __attribute__((target("avx512f")))

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

AVX512 static inline uint32_t longs512(const GramFilter *filter, __m512i low, __m512i high) {
        __m512i hash = _mm512_add_epi32(_mm512_mullo_epi32(low, _mm512_set1_epi32((int)GRAM_SEED_LOW)),
                                        _mm512_mullo_epi32(high, _mm512_set1_epi32((int)GRAM_SEED_HIGH)));
        __m512i mask = _mm512_or_si512(bit512(_mm512_srli_epi32(hash, 13)), bit512(_mm512_srli_epi32(hash, 8)));

        return _mm512_cmpeq_epi32_mask(_mm512_and_si512(look_up512(filter->longs, hash, LONG_WORD_BITS), mask), mask);
}

AVX512 static inline uint32_t shorts512(const GramFilter *filter, __m512i gram) {
        __m512i key = _mm512_or_si512(_mm512_slli_epi32(gram, 8), _mm512_srli_epi32(gram, 30));
        __m512i hash = _mm512_mullo_epi32(key, _mm512_set1_epi32((int)GRAM_SEED_LOW));

        return _mm512_test_epi32_mask(look_up512(filter->shorts, hash, SHORT_WORD_BITS), bit512(_mm512_srli_epi32(gram, 24)));
}

AVX512 static size_t collect_avx512(const GramFilter *filter, const char *bytes, size_t n_steps, GramStep *found) {
        size_t n = 0;

        for (size_t step = 0; step < n_steps; step++, bytes += STEP_BYTES) {
                __m512i even = load_folded512(bytes), odd = load_folded512(bytes + SHORT_STRIDE);
                uint32_t longs = longs512(filter, even, load_folded512(bytes + LONG_STRIDE));
                uint32_t evens = shorts512(filter, even), odds = shorts512(filter, odd);

                found[n] = (GramStep){ (uint32_t)step, (uint16_t)longs, (uint16_t)evens, (uint16_t)odds };
                n += (longs | evens | odds) != 0;
        }
        return n;
}

GramCollect gram_collect(bool vector) {
        if (vector && __builtin_cpu_supports("avx512f"))
                return collect_avx512;
        return vector && __builtin_cpu_supports("avx2") ? collect_avx2 : collect_portable;
}

#else

GramCollect gram_collect(bool vector) {
        (void)vector;
        return collect_portable;
}

#endif
