/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/joiner.h"

#include <glib.h>

typedef struct Line {
        LineKind kind;
        const char *text;
        bool continues; /* the event that began before */
} Line;

static const struct {
        const char *name;
        Level level; /* of the event that the first line begins */
        Line lines[5];
} CASES[] = {
        { "a trace behind an error",
          LEVEL_ERROR,
          { { LINE_TIMED, "checkout failed", false },
            { LINE_EXCEPTION, "java.lang.IllegalStateException: no", true },
            { LINE_CONTINUES, "\tat A.b(A.java:1)", true },
            { LINE_TIMED, "next", false } } },
        { "a crash behind another's line", LEVEL_INFO, { { LINE_TIMED, "order shipped", false }, { LINE_CRASH, "panic: broke", false } } },
        { "a crash behind an error", LEVEL_ERROR, { { LINE_TIMED, "it broke", false }, { LINE_CRASH, "panic: broke", true } } },
        { "Python's last line",
          LEVEL_FATAL,
          { { LINE_CRASH, "Traceback (most recent call last):", false },
            { LINE_CONTINUES, "  File \"a.py\", line 3", true },
            { LINE_EXCEPTION, "KeyError: 'id'", true } } },
        { "Python's chain",
          LEVEL_FATAL,
          { { LINE_CRASH, "Traceback (most recent call last):", false },
            { LINE_EXCEPTION, "KeyError: 'id'", true },
            { LINE_CONTINUES, "During handling of the above exception, another exception occurred:", true },
            { LINE_CRASH, "Traceback (most recent call last):", true } } },
        { "a log that stops naming times",
          LEVEL_INFO,
          { { LINE_STRAY, "order shipped", false }, { LINE_CONTINUES, "  to Berlin", true }, { LINE_CONTINUES, "order shipped", false } } },
        { "what the shell says", LEVEL_FATAL, { { LINE_CRASH, "panic: broke", false }, { LINE_CRASH, "Aborted (core dumped)", true } } },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                Event event = { .level = CASES[i].level, .time_us = 1 };
                Joiner joiner;

                g_test_message("%s", CASES[i].name);
                joiner_begin(&joiner, &event, CASES[i].lines[0].kind, str_from(CASES[i].lines[0].text));
                for (unsigned j = 1; j < G_N_ELEMENTS(CASES[i].lines) && CASES[i].lines[j].text; j++)
                        g_assert_cmpint(joiner_continues(&joiner, CASES[i].lines[j].kind, str_from(CASES[i].lines[j].text), 0), ==,
                                        CASES[i].lines[j].continues);
        }
}

/* Behind what is kept of an event only what looks so continues it. */
static void test_full(void) {
        Event event = { .level = LEVEL_INFO, .time_us = 1 };
        size_t kept = EVENT_HEAD_BYTES + EVENT_TAIL_BYTES;
        Joiner joiner;

        joiner_begin(&joiner, &event, LINE_TIMED, STR("threads:"));
        g_assert_true(joiner_continues(&joiner, LINE_CONTINUES, STR("main waits"), kept - 1));
        g_assert_false(joiner_continues(&joiner, LINE_CONTINUES, STR("main waits"), kept));
        g_assert_true(joiner_continues(&joiner, LINE_CONTINUES, STR("\tat A.b(A.java:1)"), kept));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/joiner/cases", test_cases);
        g_test_add_func("/joiner/full", test_full);
        return g_test_run();
}
