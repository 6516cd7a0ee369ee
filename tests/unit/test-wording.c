/* SPDX-License-Identifier: Apache-2.0 */
#include "report/wording.h"

#include <glib.h>

#define SECOND INT64_C(1000000)

static void check(char *words, const char *expected) {
        g_assert_cmpstr(words, ==, expected);
        g_free(words);
}

static void test_numbers(void) {
        check(wording_count(0), "0");
        check(wording_count(999), "999");
        check(wording_count(1000), "1,000");
        check(wording_count(1284113), "1,284,113");
        check(wording_count(UINT64_MAX), "18,446,744,073,709,551,615");
        check(wording_rate(0), "0");
        check(wording_rate(0.04), "0.0");
        check(wording_rate(9.2), "9.2");
        check(wording_rate(9.96), "10");
        check(wording_rate(1594.4), "1,594");
}

static void test_durations(void) {
        check(wording_duration(350000), "350 ms");
        check(wording_duration(45 * SECOND), "45 s");
        check(wording_duration(60 * SECOND), "1 min");
        check(wording_duration(206 * SECOND), "3 min 26 s");
        check(wording_duration(7320 * SECOND), "2 h 2 min");
        check(wording_duration(90000 * SECOND), "1 d 1 h");
}

static void test_lists(void) {
        static const char *const TEXTS[] = { "a", "b", "c" };
        static const char *const LISTS[] = { "", "a", "a and b", "a, b and c" };
        g_autoptr(GPtrArray) texts = g_ptr_array_new();

        for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++) {
                check(wording_list(texts), LISTS[i]);
                if (i < G_N_ELEMENTS(TEXTS))
                        g_ptr_array_add(texts, (void *)TEXTS[i]);
        }
}

static const struct {
        const char *title, *shown;
} TITLES[] = {
        { "order <*> lost", "order … lost" },
        { "<*> open() <*> <*> failed", "open() … failed" },
        { "<*> <*>", "<*> <*>" },
        { "[pool-1] [db] connection lost", "connection lost" },
        { "[only]", "[only]" },
        { "id=<*> gone", "id=… gone" },
};

static void test_titles(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(TITLES); i++)
                check(wording_title(TITLES[i].title), TITLES[i].shown);
}

static const struct {
        const char *title, *facet;
        size_t columns;
        const char *shown;
} CAUSES[] = {
        { "order <*> lost", NULL, 80, "New message: \"order … lost\"" },
        { "order <*> lost", NULL, 20, "New message: \"order…" },
        { "a.b.Pool - lease <*> (rare)", NULL, 80, "New message: \"lease … (rare)\"" },
        { "locker kept for <*> (until in milliseconds, in seconds before)", "until in milliseconds, in seconds before", 80,
          "\"locker kept for …\": until in milliseconds, in seconds before" },
        { "locker kept for <*> (until in milliseconds, in seconds before)", "until in milliseconds, in seconds before", 62,
          "\"locker kept for …\": until in milliseconds, in seconds before" },
        { "locker kept for <*> of a customer (until in milliseconds)", "until in milliseconds", 44, "\"locker kept for … …\": until in milliseconds" },
        { "locker kept for <*> of a customer (until in milliseconds)", "until in milliseconds", 30, "\"locker kept for … of a custo…" },
};

/* Of a message that was there before the news is not cut. */
static void test_causes(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CAUSES); i++)
                check(wording_cause_fit(&(Cause){ .kind = CAUSE_TEMPLATE, .title = (char *)CAUSES[i].title, .facet = (char *)CAUSES[i].facet },
                                        CAUSES[i].columns),
                      CAUSES[i].shown);
}

/* A log in two sources, of one day or more. */
static void test_times_and_sources(void) {
        SourceRecord a = { .name = "/var/log/shop/app.log" }, b = { .name = "/var/log/shop/db/db.log" };
        LedgerView view = { .sources = g_ptr_array_new() };
        Report report = { .ledger = &view, .first_us = 1717750803 * SECOND, .last_us = 1717750903 * SECOND };
        Style style = style_plain();
        Wording words;

        g_ptr_array_add(view.sources, &a);
        g_ptr_array_add(view.sources, &b);
        words = wording_of(&report, &style);
        g_assert_false(words.dated);
        check(wording_clock(&words, 1717750803 * SECOND), "09:00:03");
        check(wording_source(&words, a.name), "app.log");
        check(wording_address(&words, &(Evidence){ .source = b.name, .line = 12 }), "db/db.log:12");
        check(wording_times(&words, 1, 1717750803 * SECOND), "");
        check(wording_times(&words, 4, 1717750803 * SECOND), " (4 times, the last at 09:00:03)");
        g_assert_null(wording_local(&words, 1717750803 * SECOND));
        report.last_us += 86400 * SECOND;
        words = wording_of(&report, &style);
        check(wording_clock(&words, 1717750803 * SECOND), "2024-06-07 09:00:03");
        g_ptr_array_unref(view.sources);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/wording/numbers", test_numbers);
        g_test_add_func("/wording/durations", test_durations);
        g_test_add_func("/wording/lists", test_lists);
        g_test_add_func("/wording/titles", test_titles);
        g_test_add_func("/wording/causes", test_causes);
        g_test_add_func("/wording/times-and-sources", test_times_and_sources);
        return g_test_run();
}
