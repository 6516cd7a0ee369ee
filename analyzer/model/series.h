/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Series
 *
 * How often something happened, by time: the occupied buckets only, in rising order. All buckets of a series have the same
 * width, a power of two of seconds; it doubles when more than SERIES_BUCKETS_MAX are occupied. Since a part of the events never
 * occupies more buckets than all of them, the width depends on the events alone: adding and merging in any order gives the same series.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* 8 bytes each: at most 4 KiB a series. */
#define SERIES_BUCKETS_MAX 512

typedef struct Bucket {
        uint32_t start; /* seconds since 1970, a multiple of the width; enough until 2106 */
        uint32_t count;
} Bucket;

typedef struct Series {
        Bucket *buckets; /* owned */
        uint32_t n, capacity;
        unsigned shift; /* the width is 1 << shift seconds */
} Series;

void series_clear(Series *series);
Series series_copy(const Series *series);

/* Seconds of a time in microseconds, for a bucket. */
static inline uint32_t series_second(int64_t time_us) {
        return time_us <= 0 ? 0 : (uint32_t)(time_us / 1000000);
}

void series_add(Series *series, uint32_t second, uint32_t count);
void series_merge(Series *series, const Series *other);

/* What lies in the seconds @from..@to, @to excluded, comes @by seconds later. */
void series_move(Series *series, int64_t from, int64_t to, int64_t by);

static inline uint32_t series_width(const Series *series) {
        return UINT32_C(1) << series->shift;
}

/* The events whose bucket begins in @from..@to, @to excluded. */
uint64_t series_between(const Series *series, int64_t from, int64_t to);
uint64_t series_total(const Series *series);
