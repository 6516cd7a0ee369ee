/* SPDX-License-Identifier: Apache-2.0 */

/* Shapes of messages, and the map of their bytes alone; against a hash of each message, eight bytes at a time. */

#include "bench.h"

#include "mine/shape.h"
#include "model/event.h"

static uint64_t hash_messages(void *data) {
        const GArray *events = ((BenchLog *)data)->events;
        uint64_t sum = 0;

        for (guint i = 0; i < events->len; i++) {
                Str message = g_array_index(events, Event, i).message;
                uint64_t hash = message.len, word;

                for (size_t at = 0; at + 8 <= message.len; at += 8) {
                        memcpy(&word, message.ptr + at, 8);
                        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
                }
                sum += hash;
        }
        return sum;
}

static uint64_t map_messages(void *data) {
        const GArray *events = ((BenchLog *)data)->events;
        uint64_t sum = 0;
        Bytes bytes;

        for (guint i = 0; i < events->len; i++) {
                bytes_map(str_slice(g_array_index(events, Event, i).message, 0, BYTES_MAX), &bytes);
                sum += bytes.delimiter[0];
        }
        return sum;
}

static uint64_t shape_messages(void *data) {
        const GArray *events = ((BenchLog *)data)->events;
        uint64_t sum = 0;

        for (guint i = 0; i < events->len; i++)
                sum += shape_of(&g_array_index(events, Event, i)).key;
        return sum;
}

int main(int argc, char **argv) {
        BenchLog log;
        size_t n;

        bench_log_init(&log, argc, argv);
        bench_events(&log);
        n = log.block.len;
        bench_time("shape: hash of bytes (trivial)", n, hash_messages, &log);
        bench_time("shape: map of bytes", n, map_messages, &log);
        bench_time("shape: all of it", n, shape_messages, &log);
        bench_log_clear(&log);
        return 0;
}
