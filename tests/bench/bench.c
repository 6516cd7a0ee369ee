/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include "match/pack_image.h"
#include "model/event.h"
#include "parse/events.h"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

/* The shortest of so many runs counts; more than so many seconds are not spent on one. */
#define RUNS_MAX    15
#define SECONDS_MAX 3.0

/* What is shown to the detection of the layout. */
#define HEAD_BYTES (64 * 1024)

static double now_of(clockid_t clock) {
        struct timespec time;

        clock_gettime(clock, &time);
        return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t ticks(void) {
#if defined(__x86_64__)
        return __rdtsc();
#else
        return (uint64_t)(now_of(CLOCK_MONOTONIC) * 1e9);
#endif
}

/* Cycles (of the time stamp counter) in a second; nanoseconds where there is no such counter. */
static double ticks_per_second(void) {
        uint64_t from = ticks();
        double start = now_of(CLOCK_MONOTONIC), seconds;

        do
                seconds = now_of(CLOCK_MONOTONIC) - start;
        while (seconds < 0.02);
        return (double)(ticks() - from) / seconds;
}

void bench_time(const char *name, size_t bytes, BenchRun run, void *data) {
        double begun = now_of(CLOCK_MONOTONIC), best = 1e9;
        volatile uint64_t sink = 0;

        for (unsigned i = 0; i < RUNS_MAX && (i < 3 || now_of(CLOCK_MONOTONIC) - begun < SECONDS_MAX); i++) {
                double start = now_of(CLOCK_THREAD_CPUTIME_ID);
                sink = sink + run(data);
                best = MIN(best, now_of(CLOCK_THREAD_CPUTIME_ID) - start);
        }
        printf("%-34s %9.0f MB/s %8.3f cycles/byte\n", name, (double)bytes / 1e6 / best, best * ticks_per_second() / (double)bytes);
        fflush(stdout);
}

static void find_lines(BenchLog *log) {
        Str text = block_text(&log->block);
        const char *at = text.ptr, *end = text.ptr + text.len;

        while (at < end) {
                const char *newline = memchr(at, '\n', (size_t)(end - at));
                Str line = { at, (size_t)((newline ? newline : end) - at) };

                g_array_append_val(log->lines, line);
                at = newline ? newline + 1 : end;
        }
}

void bench_log_init(BenchLog *log, int argc, char **argv) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        TimeContext time = { 0 };
        gsize size;

        if (argc != 2) {
                fprintf(stderr, "usage: %s LOG\n", argv[0]);
                exit(2);
        }
        if (!g_file_get_contents(argv[1], &text, &size, &error)) {
                fprintf(stderr, "%s\n", error->message);
                exit(2);
        }
        *log = (BenchLog){ .path = argv[1], .lines = g_array_new(FALSE, FALSE, sizeof(Str)), .events = g_array_new(FALSE, FALSE, sizeof(Event)) };
        block_reserve(&log->block, size);
        memcpy(log->block.buffer, text, size);
        log->block.len = size;
        log->block.first_line = 1;
        log->block.carry.time_us = TIME_NONE;
        layout_detect(&log->layout, str_slice(block_text(&log->block), 0, HEAD_BYTES), &time);
        find_lines(log);
}

void bench_log_clear(BenchLog *log) {
        g_array_unref(log->events);
        g_array_unref(log->lines);
        block_clear(&log->block);
}

void bench_events(BenchLog *log) {
        TimestampCache cache = { 0 };
        Events events;
        Event event;

        events_init(&events, &log->layout, &cache, &log->block);
        while (events_next(&events, &event))
                g_array_append_val(log->events, event);
}

Patterns *bench_patterns(void) {
        g_autoptr(GBytes) image = g_resources_lookup_data("/logscan/packs.image", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        Patterns *patterns = patterns_new();

        g_assert(image);
        pack_image_read(patterns, image, true);
        patterns->trusting = true;
        return patterns;
}
