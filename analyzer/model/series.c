/* SPDX-License-Identifier: Apache-2.0 */
#include "model/series.h"

#include "base/hot.h"

#include <string.h>

void series_clear(Series *series) {
        g_free(series->buckets);
        *series = (Series){ 0 };
}

Series series_copy(const Series *series) {
        Series copy = *series;

        copy.buckets = g_memdup2(series->buckets, series->capacity * sizeof(Bucket));
        return copy;
}

/* The first bucket that does not begin before @start. */
static uint32_t lower_bound(const Series *series, uint32_t start) {
        uint32_t low = 0, high = series->n;

        while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                if (series->buckets[middle].start < start)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static uint32_t sum_counts(uint32_t a, uint32_t b) {
        return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

static void widen(Series *series) {
        uint32_t kept = 0;

        series->shift++;
        for (uint32_t i = 0; i < series->n; i++) {
                Bucket bucket = series->buckets[i];
                bucket.start = bucket.start >> series->shift << series->shift;
                if (kept > 0 && series->buckets[kept - 1].start == bucket.start)
                        series->buckets[kept - 1].count = sum_counts(series->buckets[kept - 1].count, bucket.count);
                else
                        series->buckets[kept++] = bucket;
        }
        series->n = kept;
}

static void insert_bucket(Series *series, uint32_t at, Bucket bucket) {
        if (series->n == series->capacity) {
                series->capacity = series->capacity ? series->capacity * 2 : 4;
                series->buckets = g_renew(Bucket, series->buckets, series->capacity);
        }
        memmove(series->buckets + at + 1, series->buckets + at, (series->n - at) * sizeof(Bucket));
        series->buckets[at] = bucket;
        series->n++;
        while (series->n > SERIES_BUCKETS_MAX)
                widen(series);
}

HOT void series_add(Series *series, uint32_t second, uint32_t count) {
        uint32_t start = second >> series->shift << series->shift, at = series->n;

        /* Logs are mostly in order: the last bucket is the one. */
        if (at > 0 && series->buckets[at - 1].start >= start)
                at = series->buckets[at - 1].start == start ? at - 1 : lower_bound(series, start);
        if (at < series->n && series->buckets[at].start == start)
                series->buckets[at].count = sum_counts(series->buckets[at].count, count);
        else
                insert_bucket(series, at, (Bucket){ start, count });
}

void series_merge(Series *series, const Series *other) {
        while (series->shift < other->shift)
                widen(series);
        for (uint32_t i = 0; i < other->n; i++)
                series_add(series, other->buckets[i].start, other->buckets[i].count);
}

uint64_t series_between(const Series *series, int64_t from, int64_t to) {
        uint64_t sum = 0;

        for (uint32_t i = 0; i < series->n; i++)
                if (series->buckets[i].start >= from && series->buckets[i].start < to)
                        sum += series->buckets[i].count;
        return sum;
}

uint64_t series_total(const Series *series) {
        return series_between(series, 0, INT64_MAX);
}

void series_move(Series *series, int64_t from, int64_t to, int64_t by) {
        Series moved = { .shift = series->shift };

        for (uint32_t i = 0; i < series->n; i++) {
                int64_t start = series->buckets[i].start;
                bool moves = start + series_width(series) > from && start < to;
                series_add(&moved, (uint32_t)CLAMP(start + (moves ? by : 0), 0, UINT32_MAX), series->buckets[i].count);
        }
        series_clear(series);
        *series = moved;
}
