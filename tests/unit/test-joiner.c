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
        { "a trace behind an error", LEVEL_ERROR,
          { { LINE_TIMED, "checkout failed", false }, { LINE_EXCEPTION, "java.lang.IllegalStateException: no", true }, { LINE_CONTINUES, "\tat A.b(A.java:1)", true },
            { LINE_TIMED, "next", false } } },
        { "a crash behind another's line", LEVEL_INFO, { { LINE_TIMED, "order shipped", false }, { LINE_CRASH, "panic: broke", false } } },
        { "a crash behind an error", LEVEL_ERROR, { { LINE_TIMED, "it broke", false }, { LINE_CRASH, "panic: broke", true } } },
        { "Python's last line", LEVEL_FATAL,
          { { LINE_CRASH, "Traceback (most recent call last):", false }, { LINE_CONTINUES, "  File \"a.py\", line 3", true },
            { LINE_EXCEPTION, "KeyError: 'id'", true } } },
        { "Python's chain", LEVEL_FATAL,
          { { LINE_CRASH, "Traceback (most recent call last):", false }, { LINE_EXCEPTION, "KeyError: 'id'", true },
            { LINE_CONTINUES, "During handling of the above exception, another exception occurred:", true },
            { LINE_CRASH, "Traceback (most recent call last):", true } } },
        { "what the shell says", LEVEL_FATAL, { { LINE_CRASH, "panic: broke", false }, { LINE_CRASH, "Aborted (core dumped)", true } } },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                Event event = { .level = CASES[i].level, .time_us = 1 };
                Joiner joiner;

                g_test_message("%s", CASES[i].name);
                joiner_begin(&joiner, &event, CASES[i].lines[0].kind, str_from(CASES[i].lines[0].text));
                for (unsigned j = 1; j < G_N_ELEMENTS(CASES[i].lines) && CASES[i].lines[j].text; j++)
                        g_assert_cmpint(joiner_continues(&joiner, CASES[i].lines[j].kind, str_from(CASES[i].lines[j].text)), ==, CASES[i].lines[j].continues);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/joiner/cases", test_cases);
        return g_test_run();
}
