/* SPDX-License-Identifier: Apache-2.0 */
#include "base/newlines.h"

#include <glib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_VECTORS 1
#endif

#define STEP_BYTES 64

/* Bytes that are counted in 8 bits at a time: wide vector code, which counting in 64 bits prevents. */
#define COUNT_BYTES 128

uint64_t newlines_count(Str text) {
        const char *bytes = text.ptr;
        size_t n = text.len;
        uint64_t count = 0;

        for (; n >= COUNT_BYTES; bytes += COUNT_BYTES, n -= COUNT_BYTES) {
                uint8_t part = 0;
                for (size_t i = 0; i < COUNT_BYTES; i++)
                        part = (uint8_t)(part + (bytes[i] == '\n'));
                count += part;
        }
        for (size_t i = 0; i < n; i++)
                count += bytes[i] == '\n';
        return count;
}

/* Makes room for those of one more step, and what is written behind them. */
static void make_room(Newlines *newlines) {
        if (newlines->n + STEP_BYTES + 2 <= newlines->capacity)
                return;
        newlines->capacity = MAX(2 * newlines->capacity, 16 * 1024);
        newlines->at = g_renew(uint32_t, newlines->at, newlines->capacity);
}

static void find_from(Newlines *newlines, Str text, size_t at) {
        while (at < text.len) {
                const char *found = memchr(text.ptr + at, '\n', text.len - at);

                if (!found)
                        return;
                at = (size_t)(found - text.ptr);
                make_room(newlines);
                newlines->at[newlines->n++] = (uint32_t)at++;
        }
}

#ifdef WITH_VECTORS

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline uint64_t half_mask(const char *bytes) {
        __m256i equal = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)bytes), _mm256_set1_epi8('\n'));

        return (uint32_t)_mm256_movemask_epi8(equal);
}

/* Two are written in any case: whether a step has none, one or two is as hard to predict as the length of a line. Returns where it stopped. */
AVX2 static size_t find_steps(Newlines *newlines, Str text) {
        size_t at = 0;

        for (; at + STEP_BYTES <= text.len; at += STEP_BYTES) {
                uint64_t mask = half_mask(text.ptr + at) | half_mask(text.ptr + at + 32) << 32;
                size_t n = (size_t)__builtin_popcountll(mask);
                uint32_t *places;

                make_room(newlines);
                places = newlines->at + newlines->n;
                for (size_t i = 0; i < 2; i++, mask &= mask - 1)
                        places[i] = (uint32_t)(at + (size_t)_tzcnt_u64(mask));
                for (size_t i = 2; __builtin_expect(i < n, 0); i++, mask &= mask - 1)
                        places[i] = (uint32_t)(at + (size_t)_tzcnt_u64(mask));
                newlines->n += n;
        }
        return at;
}

static bool has_vectors(void) {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
}

#else

static size_t find_steps(Newlines *newlines, Str text) {
        (void)newlines;
        (void)text;
        return 0;
}

static bool has_vectors(void) {
        return false;
}

#endif

void newlines_find(Newlines *newlines, Str text) {
        newlines->n = 0;
        make_room(newlines);
        find_from(newlines, text, has_vectors() ? find_steps(newlines, text) : 0);
}

void newlines_clear(Newlines *newlines) {
        g_clear_pointer(&newlines->at, g_free);
        newlines->n = newlines->capacity = 0;
}
