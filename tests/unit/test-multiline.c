/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/multiline.h"

#include <glib.h>

static const struct {
        const char *line;
        bool crash, exception, continuation;
} LINES[] = {
        { "", false, false, true },
        { "Order 7 shipped", false, false, false },
        { "panic: runtime error: index out of range", true, false, false },
        { "Traceback (most recent call last):", true, false, false },
        { "Exception in thread \"main\" java.lang.IllegalStateException: no", true, false, false },
        { "fatal error: all goroutines are asleep - deadlock!", true, false, false },
        { "TypeError: x is not a function", false, true, false },
        { "java.sql.SQLException: timeout", false, true, false },
        { "KeyboardInterrupt", false, false, false },
        { "Timeout: 30 s", false, false, false },
        { "\tat com.shop.Cart.buy(Cart.java:10)", false, false, true },
        { "Caused by: java.sql.SQLException: timeout", false, false, true },
        { "#0  0x0000 in main () at a.c:3", false, false, true },
        { "main.(*Server).Serve(0xc000, 0x1)", false, false, true },
        { "goroutine 1 [running]:", false, false, true },
        { "I panic: never", false, false, false },
};

static void test_lines(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                Str line = str_from(LINES[i].line);

                g_test_message("%s", LINES[i].line);
                g_assert_cmpint(multiline_is_crash(line), ==, LINES[i].crash);
                g_assert_cmpint(multiline_is_exception(line), ==, LINES[i].exception);
                g_assert_cmpint(multiline_is_continuation(line), ==, LINES[i].continuation);
        }
}

static const struct {
        const char *text, *cause;
} CAUSES[] = {
        { "one line", "" },
        { "checkout failed\njava.lang.IllegalStateException: no stock\n\tat A.b(A.java:1)", "java.lang.IllegalStateException: no stock" },
        { "failed\njava.lang.A: x\nCaused by: java.lang.B: y\n\tat q\nCaused by: java.lang.C: z\n\t... 12 more", "Caused by: java.lang.C: z" },
        { "failed\nTraceback (most recent call last):\n  File \"a.py\", line 3, in f\nKeyError: 'id'", "KeyError: 'id'" },
        { "failed\nSystem.A: x\n ---> System.B: y\n   at Z", "System.B: y" },
};

static void test_cause(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CAUSES); i++) {
                Str text = str_from(CAUSES[i].text), cause = multiline_cause(text, (Str){ text.ptr + text.len, 0 });
                g_autofree char *found = str_dup(cause);

                g_assert_cmpstr(found, ==, CAUSES[i].cause);
        }
}

/* The end of a long event names the cause. */
static void test_cause_in_tail(void) {
        g_autofree char *found = str_dup(multiline_cause(STR("failed\njava.lang.A: x\n"), STR("\tat q\nCaused by: java.lang.C: z\n\tat r")));

        g_assert_cmpstr(found, ==, "Caused by: java.lang.C: z");
}

static void test_escaped(void) {
        g_autofree char *found = str_dup(multiline_cause_escaped(STR("java.lang.A: x\\n\\tat q\\nCaused by: java.lang.C: z\\n\\tat r")));

        g_assert_cmpstr(found, ==, "Caused by: java.lang.C: z");
        g_assert_cmpuint(multiline_cause_escaped(STR("nothing")).len, ==, 0);
}

/* Of tools that change files: the lines with a sign behind the marks. */
static const struct {
        const char *text, *difference;
} DIFFERENCES[] = {
        { "File changed:\n--- \n+++ \n@@ -4,6 +4,5 @@\n-ttl = 60\n+ttl = 5", "-ttl = 60\n+ttl = 5" },
        { "content:\n    --- /etc/a.conf\n    +++ /etc/a.conf\n    @@ -1 +1 @@\n     pool 4\n    +disallow bind_anon\n", "+disallow bind_anon" },
        { "list:\n- one\n- two", "" },
        { "--- begin ---", "" },
        { "failed\n--- a\n--- b\n-x", "" },
        { "", "" },
};

static void test_difference(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(DIFFERENCES); i++) {
                g_autofree char *found = str_dup(multiline_difference(str_from(DIFFERENCES[i].text)));

                g_assert_cmpstr(found, ==, DIFFERENCES[i].difference);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/multiline/lines", test_lines);
        g_test_add_func("/multiline/cause", test_cause);
        g_test_add_func("/multiline/cause-in-tail", test_cause_in_tail);
        g_test_add_func("/multiline/escaped", test_escaped);
        g_test_add_func("/multiline/difference", test_difference);
        return g_test_run();
}
