/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From bytes to events, each row with what the one above has: blocks cut where an event ends; the layout and time of each line; level
 * and header; events with the lines that belong to them. Against a search for newlines.
 */

#include "bench.h"

#include "input/reader.h"
#include "parse/events.h"
#include "parse/header.h"
#include "parse/multiline.h"

static uint64_t find_newlines(void *data) {
        Str text = block_text(&((BenchLog *)data)->block);
        const char *at = text.ptr, *end = text.ptr + text.len;
        uint64_t n = 0;

        while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
                at++;
                n++;
        }
        return n;
}

static uint64_t cut_blocks(void *data) {
        BenchLog *log = data;
        Source source = { .name = (char *)log->path };
        g_autoptr(Decoder) decoder = decoder_open(&source, INFLATE_AUTO, NULL);
        g_autoptr(Reader) reader = reader_new(decoder, BLOCK_BYTES);
        Block block = { 0 };

        while (reader_next(reader, &block, 0, events_cut, &log->layout))
                ;
        block_clear(&block);
        return reader_n_lines(reader);
}

static uint64_t find_times(void *data) {
        BenchLog *log = data;
        const Str *lines = (const Str *)log->lines->data;
        TimestampCache cache = { 0 };
        Timestamp stamp;
        uint64_t sum = 0;

        for (guint i = 0; i < log->lines->len; i++)
                sum += lines[i].len > log->layout.start && timestamp_at(lines[i], log->layout.start, log->layout.format, &log->layout.time, &cache, &stamp);
        return sum;
}

static uint64_t read_lines(void *data) {
        BenchLog *log = data;
        const Str *lines = (const Str *)log->lines->data;
        TimestampCache cache = { 0 };
        uint64_t sum = 0;
        Event event;

        for (guint i = 0; i < log->lines->len; i++)
                sum += layout_read(&log->layout, &cache, lines[i], &event);
        return sum;
}

static uint64_t find_crashes(void *data) {
        BenchLog *log = data;
        const Str *lines = (const Str *)log->lines->data;
        uint64_t sum = 0;

        for (guint i = 0; i < log->lines->len; i++)
                sum += multiline_is_crash(lines[i]) + multiline_is_continuation(lines[i]);
        return sum;
}

static uint64_t cut_events(void *data) {
        BenchLog *log = data;
        TimestampCache cache = { 0 };
        Events events;
        Event event;
        uint64_t sum = 0;

        events_init(&events, &log->layout, &cache, &log->block);
        while (events_next(&events, &event))
                sum += event.level;
        return sum;
}

int main(int argc, char **argv) {
        BenchLog log;
        size_t n;

        bench_log_init(&log, argc, argv);
        n = log.block.len;
        bench_time("lines: newlines (trivial)", n, find_newlines, &log);
        bench_time("lines: read and cut to blocks", n, cut_blocks, &log);
        if (log.layout.kind == LAYOUT_TEXT && log.layout.fixed)
                bench_time("layout: time of each line", n, find_times, &log);
        bench_time("layout: time, level, header", n, read_lines, &log);
        bench_time("multi-line: what a line is", n, find_crashes, &log);
        bench_time("events: all of it", n, cut_events, &log);
        bench_log_clear(&log);
        return 0;
}
