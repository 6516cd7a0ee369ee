/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layout.h"

#include "model/block.h"

/* Which layout is detected, and what a line that fits, and one that does not, become. What lines mean is in tests/layouts. */

#define REFERENCE_US (INT64_C(1795435200) * 1000000) /* 2026-11-23T12:00:00Z */

static const TimeContext CONTEXT = { NULL, REFERENCE_US };

static const struct {
        const char *head, *name, *line;
        LineKind kind;
        Level level;
        const char *message;
} CASES[] = {
        { "2026-11-23 10:00:00 INFO a\n2026-11-23 10:00:01 INFO b\n", "text %Y-%m-%d %H:%M:%S", "2026-11-23 10:00:02 ERROR broke", LINE_TIMED, LEVEL_ERROR,
          "broke" },
        { "2026-11-23 10:00:00 INFO a\n2026-11-23 10:00:01 INFO b\n", "text %Y-%m-%d %H:%M:%S", "    at x", LINE_CONTINUES, LEVEL_NONE, NULL },
        { "{\"time\":\"2026-11-23T10:00:00Z\",\"level\":\"info\",\"msg\":\"a\"}\n", "json",
          "{\"time\":\"2026-11-23T10:00:01Z\",\"level\":\"error\",\"msg\":\"broke\"}", LINE_TIMED, LEVEL_ERROR, "broke" },
        { "time=2026-11-23T10:00:00Z level=info msg=a\n", "logfmt", "time=2026-11-23T10:00:01Z level=warn msg=\"it broke\"", LINE_TIMED, LEVEL_WARNING,
          "it broke" },
        { "2026-11-23 10:00:00 a\n2026-11-23 10:00:01 b\n", "text %Y-%m-%d %H:%M:%S", "2026-11-23 10:00:02 rules were read, agreement of critical reruns",
          LINE_TIMED, LEVEL_NONE, "rules were read, agreement of critical reruns" },
        { "2026-11-23 10:00:00 a\n2026-11-23 10:00:01 b\n", "text %Y-%m-%d %H:%M:%S", "2026-11-23 10:00:02 disk usage critical", LINE_TIMED, LEVEL_FATAL,
          "disk usage critical" },
        { "I 2026-11-23 10:00:00 a\nI 2026-11-23 10:00:01 b\n", "text %Y-%m-%d %H:%M:%S", "I 2026-11-23 10:00:02 turnstile: gate C opened", LINE_TIMED,
          LEVEL_INFO, "turnstile: gate C opened" }, /* a letter in a message is no level */
        { "2026-11-23 10:00:00 a\n2026-11-23 10:00:01 b\n", "text %Y-%m-%d %H:%M:%S", "2026-11-23 10:00:02 gate E opened", LINE_TIMED, LEVEL_NONE,
          "gate E opened" },
        { "2026-11-23 10:00:00 17 I a\n2026-11-23 10:00:01 17 I b\n", "text %Y-%m-%d %H:%M:%S", "2026-11-23 10:00:02 17 E broke", LINE_TIMED, LEVEL_ERROR,
          "broke" },
        { "hello\nworld\n", "text without times", "panic: broke", LINE_CRASH, LEVEL_ERROR, "panic: broke" },
        { "hello\nworld\n", "text without times", "more", LINE_UNTIMED, LEVEL_NONE, "more" },
        { "", "text without times", "more", LINE_UNTIMED, LEVEL_NONE, "more" },
};

/* Lines are followed by bytes that may be read. */
static char *padded(const char *text) {
        char *copy = g_malloc0(strlen(text) + BLOCK_PADDING + 1);

        memcpy(copy, text, strlen(text));
        return copy;
}

static void test_detect(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *head = padded(CASES[i].head), *line = padded(CASES[i].line);
                char name[LAYOUT_NAME_BYTES];
                TimestampCache cache = { 0 };
                Layout layout;
                Event event = { 0 };

                layout_detect(&layout, str_from(head), &CONTEXT);
                g_assert_cmpstr(layout_name(&layout, name), ==, CASES[i].name);
                g_assert_cmpint(layout_read(&layout, &cache, str_from(line), &event), ==, CASES[i].kind);
                if (CASES[i].message) {
                        g_assert_cmpint(event.level, ==, CASES[i].level);
                        g_assert_cmpmem(event.message.ptr, event.message.len, CASES[i].message, strlen(CASES[i].message));
                }
        }
}

/*
 * In envelopes that have the times, one banner with a time in 100 lines is no layout; a time in each tenth line is, and so is the banner where there
 * is no envelope.
 */
static void test_stray(void) {
        static const struct {
                bool enveloped;
                unsigned every;
                const char *name;
        } STRAYS[] = {
                { true, 100, "CRI > text without times" },
                { true, 10, "CRI > text %b %d %Y %H:%M:%S" },
                { false, 100, "text %b %d %Y %H:%M:%S" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(STRAYS); i++) {
                GString *head = g_string_new(NULL);
                char name[LAYOUT_NAME_BYTES];
                Layout layout;

                for (unsigned line = 0; line < 100; line++) {
                        if (STRAYS[i].enveloped)
                                g_string_append_printf(head, "2026-11-23T10:00:%02u.000000000Z stderr F ", line % 60);
                        g_string_append(head, line % STRAYS[i].every == 0 ? "6b08 @(#) slapd (Feb  8 2023 01:56:12)\n" : "6b08 conn bind\n");
                }
                layout_detect(&layout, (Str){ head->str, head->len }, &CONTEXT);
                g_assert_cmpstr(layout_name(&layout, name), ==, STRAYS[i].name);
                g_string_free(head, TRUE);
        }
}

static void test_force(void) {
        static const char *const KNOWN[] = { "json", "logfmt", "untimed", "plain", "%d/%m/%Y %H:%M:%S" };
        static const char *const UNKNOWN[] = { "", "Json", "text", "%Y", "%d/%m/%Y %H:%M:%S " };
        Str head = STR("2026-11-23 10:00:00 INFO a\n");
        Layout layout;

        for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++) {
                layout_detect(&layout, head, &CONTEXT);
                g_assert_true(layout_is_known(KNOWN[i]));
                g_assert_true(layout_force(&layout, KNOWN[i], head));
        }
        for (size_t i = 0; i < G_N_ELEMENTS(UNKNOWN); i++) {
                layout_detect(&layout, head, &CONTEXT);
                g_assert_false(layout_is_known(UNKNOWN[i]));
                g_assert_false(layout_force(&layout, UNKNOWN[i], head));
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/layout/detect", test_detect);
        g_test_add_func("/layout/stray", test_stray);
        g_test_add_func("/layout/force", test_force);
        return g_test_run();
}
