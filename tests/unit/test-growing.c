/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/growing.h"

#define HOUR INT64_C(3600000000)
#define DAY  (24 * HOUR)

/* 2024-06-07 09:00:00 UTC. */
#define START (INT64_C(1717750800) * 1000000)

typedef struct Log {
        Patterns *patterns;
        Matcher *matcher;
        ScanOptions options;
        GPtrArray *names;
        Counter counter;
        Growing growing;
} Log;

static void log_init(Log *log, const char *name) {
        *log = (Log){ .patterns = patterns_new(), .names = g_ptr_array_new(), .options = { .since_us = TIME_NONE, .until_us = TIME_NONE } };
        log->matcher = matcher_new(log->patterns, PREFILTER_PORTABLE, NULL);
        g_ptr_array_add(log->names, (void *)name);
        log->counter.feed = pipeline_feed_new(log->patterns, log->matcher, &log->options);
        log->counter.options = &log->options;
        log->counter.block = block_new(BLOCK_BYTES);
        log->counter.ledger = pipeline_feed_ledger(log->counter.feed, log->names);
        growing_init(&log->growing, name, 0, 0, 0);
}

static void log_clear(Log *log) {
        growing_clear(&log->growing);
        ledger_free(log->counter.ledger);
        block_free(log->counter.block);
        pipeline_feed_free(log->counter.feed);
        g_ptr_array_unref(log->names);
        matcher_free(log->matcher);
        patterns_free(log->patterns);
}

/* @text came at @now_us, and nothing more for a while; gives the time of its last event. */
static int64_t last_us(Log *log, const char *text, int64_t now_us) {
        log->counter.reference_us = now_us;
        growing_take(&log->growing, &log->counter, text, strlen(text));
        growing_count(&log->growing, &log->counter, true);
        return ledger_source(log->counter.ledger, 0)->last_us;
}

/* What is written now is of now, however long the log was followed before. */
static void test_without_year(void) {
        Log log;

        log_init(&log, "syslog");
        g_assert_cmpint(last_us(&log, "Jun  7 09:00:00 web app[1]: INFO order came\n", START), ==, START);
        g_assert_cmpint(last_us(&log, "Jun 17 09:00:00 web app[1]: INFO order came\n", START + 10 * DAY), ==, START + 10 * DAY);
        g_assert_cmpint(last_us(&log, "Jun  2 09:00:00 web app[1]: INFO order came\n", START + 360 * DAY), ==, START + 360 * DAY);
        log_clear(&log);
}

static void test_without_date(void) {
        Log log;

        log_init(&log, "app.log");
        for (int hour = 0; hour < 60; hour += 3) {
                g_autofree char *line = g_strdup_printf("%02d:00:00 INFO order came\n", (9 + hour) % 24);
                g_assert_cmpint(last_us(&log, line, START + hour * HOUR), ==, START + hour * HOUR);
        }
        log_clear(&log);
}

static void test_counts(void) {
        Log log;

        log_init(&log, "app.log");
        last_us(&log, "2024-06-07 09:00:00 INFO one\n2024-06-07 09:00:01 ERROR two\n  at frame\n2024-06-07 09:00:02 INFO half", START);
        g_assert_cmpuint(log.counter.events, ==, 2);
        g_assert_cmpuint(log.growing.n_lines, ==, 3);
        last_us(&log, " of it\n", START);
        g_assert_cmpuint(log.counter.events, ==, 3);
        last_us(&log, "2024-06-07 09:00:03 INFO no newline", START);
        growing_end(&log.growing, &log.counter);
        g_assert_cmpuint(log.counter.events, ==, 4);
        g_assert_cmpuint(log.counter.lines, ==, 5);
        growing_go_on(&log.growing, 0, 0);
        last_us(&log, "2024-06-07 09:00:04 INFO of the next file\n", START);
        g_assert_cmpuint(log.growing.n_lines, ==, 1);
        log_clear(&log);
}

/* The first line alone, or that of the next file, says nothing of how the others are written. */
static void test_banner(void) {
        Log log;

        log_init(&log, "app.log");
        g_assert_cmpint(last_us(&log, "Welcome to the shop\n", START), ==, TIME_NONE);
        for (int i = 0; i < 20; i++)
                last_us(&log, "time=2024-06-07T09:00:00Z level=info msg=\"order came\"\n", START);
        g_assert_cmpint(log.growing.layout.kind, ==, LAYOUT_LOGFMT);
        g_assert_cmpint(ledger_source(log.counter.ledger, 0)->last_us, ==, START);
        growing_end(&log.growing, &log.counter);
        growing_go_on(&log.growing, 0, 0);
        last_us(&log, "Welcome to the shop\n", START);
        g_assert_cmpint(log.growing.layout.kind, ==, LAYOUT_LOGFMT);
        log_clear(&log);
}

/* What the user says of a log holds as in an ordinary scan. */
static void test_zone(void) {
        ScanZone zone = { .source = (char *)"app.log", .name = (char *)"Etc/GMT-5", .zone = g_time_zone_new_identifier("Etc/GMT-5") };
        Log log;

        log_init(&log, "/var/log/app.log");
        log.options.zones = g_ptr_array_new();
        g_ptr_array_add(log.options.zones, &zone);
        g_assert_cmpint(last_us(&log, "2024-06-07 14:00:00 INFO order came\n", START), ==, START);
        g_ptr_array_unref(log.options.zones);
        g_time_zone_unref(zone.zone);
        log_clear(&log);
}

static void test_layout(void) {
        Log log;

        log_init(&log, "app.log");
        log.options.layout = "untimed";
        g_assert_cmpint(last_us(&log, "2024-06-07 09:00:00 INFO order came\n", START), ==, TIME_NONE);
        log_clear(&log);
        log_init(&log, "app.log");
        log.options.layout = "%d/%m/%Y %H:%M:%S";
        g_assert_cmpint(last_us(&log, "07/06/2024 09:00:00 INFO order came\n", START), ==, START);
        log_clear(&log);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/growing/without-year", test_without_year);
        g_test_add_func("/growing/without-date", test_without_date);
        g_test_add_func("/growing/counts", test_counts);
        g_test_add_func("/growing/banner", test_banner);
        g_test_add_func("/growing/zone", test_zone);
        g_test_add_func("/growing/layout", test_layout);
        return g_test_run();
}
