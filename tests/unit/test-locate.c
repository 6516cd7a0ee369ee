/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/locate.h"

#include "model/block.h"

static const TimeContext CONTEXT = { NULL, INT64_C(1795435200000000) };

static const struct {
        const char *text; /* one event */
        const char *logger, *file, *line, *thread;
} CASES[] = {
        { "2026-11-23 10:00:00 INFO order shipped", "", "", "", "" },
        { "2026-11-23 10:00:00,001 ERROR [main] com.shop.Cart - cannot save", "com.shop.Cart", "", "", "main" },
        { "E1123 10:00:00.000000       1 leaderelection.go:330] error retrieving lock", "", "leaderelection.go", "330", NULL },
        { "2026-11-23 10:00:00,001 ERROR [main] com.shop.Cart - cannot save\njava.lang.A: no\n\tat java.util.List.get(List.java:7)\n"
          "\tat com.shop.Cart.buy(Cart.java:10)",
          "com.shop.Cart", "Cart.java", "10", "main" },
        { "2026-11-23 10:00:00 ERROR job failed\nTraceback (most recent call last):\n  File \"/srv/shop/job.py\", line 3, in run\n    go()\nKeyError: 'id'", "",
          "/srv/shop/job.py", "3", "" },
};

static void assert_is(Str found, const char *expected) {
        if (expected)
                g_assert_cmpmem(found.ptr, found.len, expected, strlen(expected));
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                size_t length = strlen(CASES[i].text), first = strcspn(CASES[i].text, "\n");
                g_autofree char *text = g_malloc0(length + BLOCK_PADDING + 1);
                Event event = { .time_us = TIME_NONE };
                TimestampCache cache = { 0 };
                Place place = { 0 };
                Layout layout;

                memcpy(text, CASES[i].text, length);
                g_test_message("%s", text);
                layout_detect(&layout, (Str){ text, length }, &CONTEXT);
                g_assert_cmpint(layout_read(&layout, &cache, (Str){ text, first }, &event), ==, LINE_TIMED);
                event.head = (Str){ text, length };
                event.tail = event.cause = (Str){ text + length, 0 };
                locate(&layout, &event, &place);
                assert_is(place.logger, CASES[i].logger);
                assert_is(place.file, CASES[i].file);
                assert_is(place.line, CASES[i].line);
                assert_is(place.thread, CASES[i].thread);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/locate/cases", test_cases);
        return g_test_run();
}
