/* SPDX-License-Identifier: Apache-2.0 */
#include "match/jq.h"

static const char EVENT[] = "{\"reason\":\"Killing\",\"count\":3,\"half\":0.5,\"no\":null,\"off\":false,\"list\":[1,2,{\"deep\":\"x\"}],"
                            "\"object\":{\"name\":\"web-1\",\"odd key\":7},\"text\":\"a \\\"b\\\" \\u00e4\",\"json\":\"{\\\"in\\\":1}\"}";

static const struct {
        const char *expression;
        bool holds;
} CASES[] = {
        { ".", true },
        { ".reason", true },
        { ".missing", false },
        { ".no", false },
        { ".off", false },
        { ".off == false", true },
        { ".reason == \"Killing\"", true },
        { ".reason == \"killing\"", false },
        { ".reason != \"Killing\"", false },
        { ".count > 2", true },
        { ".count >= 4", false },
        { ".half < 1 and .count > 2", true },
        { ".half > 1 or .count > 2", true },
        { ".half > 1 or .off", false },
        { ".object.name", true },
        { ".object[\"odd key\"] == 7", true },
        { ".object.name.deeper", false }, /* an error: no output */
        { ".object.name.deeper?", false },
        { ".list[0] == 1", true },
        { ".list[-1].deep == \"x\"", true },
        { ".list[9]", false },
        { ".list[] == 2", true }, /* one of its outputs */
        { ".list | length > 3", false },
        { ".list | length == 3", true },
        { ".missing // \"else\"", true },
        { ".missing // .off", false },
        { "select(.count == 3) | .reason", true },
        { "select(.count == 4) | .reason", false },
        { ".reason | test(\"^k.ll\"; \"i\")", true },
        { ".reason | test(\"^k.ll\")", false },
        { ".reason | startswith(\"Kill\")", true },
        { ".reason | endswith(\"ing\")", true },
        { ".reason | contains(\"lli\")", true },
        { ".reason | ascii_downcase == \"killing\"", true },
        { "has(\"reason\")", true },
        { "has(\"missing\") | not", true },
        { ".count | type == \"number\"", true },
        { ".count | tostring == \"3\"", true },
        { ".json | fromjson | .in == 1", true },
        { ".text == \"a \\\"b\\\" \\u00e4\"", true },
        { "empty", false },
        { "null, 1", true },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *reason = NULL;
                g_autoptr(Jq) jq = jq_new(CASES[i].expression, &reason);

                g_test_message("%s: %s", CASES[i].expression, reason ? reason : "");
                g_assert_nonnull(jq);
                g_assert_cmpint(jq_holds(jq, str_from(EVENT)), ==, CASES[i].holds);
                g_assert_false(jq_holds(jq, STR("no JSON")));
                g_assert_false(jq_holds(jq, STR("")));
        }
}

static const char *const REFUSED[] = {
        "",
        ".a |",
        "(.a",
        ".a)",
        ".a ==",
        "reduce .[] as $x (0; . + $x)",
        "def f: 1; f",
        ".a as $x | $x",
        "input",
        ".a | unknown",
        "test(.a)",
        "test(\"(\")",
        "\"open",
        ".[",
        "@base64",
        ".a = 1",
};

static void test_refused(void) {
        g_autoptr(GString) deep = g_string_new(NULL);
        g_autofree char *too_deep = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
                g_autofree char *reason = NULL;

                g_test_message("%s", REFUSED[i]);
                g_assert_null(jq_new(REFUSED[i], &reason));
                g_assert_true(g_str_has_prefix(reason, "jq: "));
        }
        for (unsigned i = 0; i < 100000; i++)
                g_string_append_c(deep, '(');
        g_assert_null(jq_new(deep->str, &too_deep));
}

/* What is nested deeper than allowed is no JSON; what makes more outputs than allowed ends. */
static void test_bounds(void) {
        g_autofree char *reason = NULL, *other = NULL;
        g_autoptr(Jq) any = jq_new(".", &reason), product = jq_new(".[], .[] | select(. == 0)", &other);
        g_autoptr(GString) deep = g_string_new(NULL), wide = g_string_new("[1");

        for (unsigned i = 0; i < 100000; i++)
                g_string_append_c(deep, '[');
        g_assert_false(jq_holds(any, (Str){ deep->str, deep->len }));
        for (unsigned i = 0; i < 2 * JQ_OUTPUTS_MAX; i++)
                g_string_append(wide, ",1");
        g_string_append_c(wide, ']');
        g_assert_false(jq_holds(product, (Str){ wide->str, wide->len }));
}

static const struct {
        const char *expression;
        const char *literals; /* NULL: none */
} LITERALS[] = {
        { ".reason == \"Killing\"", "killing" },
        { ".reason == \"Killing\" or .reason == \"BackOff\"", "killing backoff" },
        { ".reason == \"Killing\" or .count > 2", NULL },
        { ".reason | contains(\"Kill\")", "kill" },
        { ".", NULL },
};

static void test_literals(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(LITERALS); i++) {
                g_autofree char *reason = NULL, *found = NULL;
                g_autoptr(Jq) jq = jq_new(LITERALS[i].expression, &reason);
                g_autoptr(GPtrArray) literals = g_ptr_array_new_with_free_func(g_free);
                bool some = jq_literals(jq, literals);

                g_test_message("%s", LITERALS[i].expression);
                g_assert_cmpint(some, ==, LITERALS[i].literals != NULL);
                g_ptr_array_add(literals, NULL);
                found = g_strjoinv(" ", (char **)literals->pdata);
                if (some)
                        g_assert_cmpstr(found, ==, LITERALS[i].literals);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/jq/cases", test_cases);
        g_test_add_func("/jq/refused", test_refused);
        g_test_add_func("/jq/bounds", test_bounds);
        g_test_add_func("/jq/literals", test_literals);
        return g_test_run();
}
