/* SPDX-License-Identifier: Apache-2.0 */

/* Fields of JSON and logfmt lines; that every known name is found is a test of how its table is sorted. */

#include "parse/fields.h"

#include "parse/field_keys.h"

#include <glib.h>

static void test_every_key(void) {
        for (unsigned row = 0; row < field_keys_count(); row++) {
                Str name = field_keys_name(row);
                FieldKind kind;
                unsigned rank;

                g_assert_cmpuint(name.len, ==, strlen(name.ptr));
                if (!field_key_find(name, &kind, &rank))
                        g_error("%s is not found", name.ptr);
                g_assert_cmpuint(rank, <, FIELD_RANK_NESTED);
        }
        g_assert_false(field_key_find(STR(""), &(FieldKind){ 0 }, &(unsigned){ 0 }));
        g_assert_false(field_key_find(STR("a-name-that-is-longer-than-any-that-is-known"), &(FieldKind){ 0 }, &(unsigned){ 0 }));
}

static void check_json(const char *line, FieldKind kind, const char *value) {
        Fields fields;

        g_assert_true(fields_json(str_from(line), NULL, &fields));
        if (!value) {
                g_assert_null(fields.value[kind].ptr);
                return;
        }
        g_autofree char *found = str_dup(fields.value[kind]);
        g_assert_cmpstr(found, ==, value);
}

static void test_json(void) {
        check_json("{\"msg\":\"a\",\"message\":\"b\"}", FIELD_MESSAGE, "b");
        check_json("{\"level\":\"a\",\"level\":\"b\"}", FIELD_LEVEL, "a");
        check_json("{\"jsonPayload\":{\"message\":\"a\"},\"textPayload\":\"b\"}", FIELD_MESSAGE, "b");
        check_json("{\"body\":{\"stringValue\":\"a\"}}", FIELD_MESSAGE, "a");
        check_json("{\"other\":{\"message\":\"a\"},\"x\":1}", FIELD_MESSAGE, NULL);
        check_json("{ \"status\" : 502 , \"x\" : [1, {\"status\": 1}] }", FIELD_STATUS, "502");
        check_json("{\"MESSAGE\":[72,105],\"x\":1}", FIELD_MESSAGE, "[72,105]");
        check_json("{\"msg\":null}", FIELD_MESSAGE, NULL);
        check_json("{\"msg\":null,\"message\":\"a\"}", FIELD_MESSAGE, "a");
        check_json("{\"msg\":\"null\"}", FIELD_MESSAGE, "null");
        check_json("{\"error\": null }", FIELD_ERROR, NULL);
        check_json("{\"body\":{\"stringValue\":null},\"x\":1}", FIELD_MESSAGE, NULL);
}

static void test_not_json(void) {
        static const char *const LINES[] = { "", "{", "{}", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":1", "[1]", "{\"a\":[}", "{\"a\":\"\\" };
        Fields fields;

        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++)
                if (fields_json(str_from(LINES[i]), NULL, &fields))
                        g_error("%s is not an object", LINES[i]);
}

static void test_deep(void) {
        g_autoptr(GString) line = g_string_new("{\"a\":");
        Fields fields;

        for (unsigned i = 0; i < 10000; i++)
                g_string_append(line, "{\"b\":[");
        for (unsigned i = 0; i < 10000; i++)
                g_string_append(line, "]}");
        g_string_append(line, ",\"msg\":\"deep\"}");
        g_assert_true(fields_json((Str){ line->str, line->len }, NULL, &fields));
        g_assert_true(str_equal(fields.value[FIELD_MESSAGE], STR("deep")));
}

static void check_unescape(const char *string, const char *text) {
        g_autofree char *found = fields_unescape(str_from(string));

        g_assert_cmpstr(found, ==, text);
}

static void test_unescape(void) {
        check_unescape("plain", "plain");
        check_unescape("a\\n\\t\\\"\\\\\\/", "a\n\t\"\\/");
        check_unescape("\\u00e9\\ud83d\\ude00", "\xc3\xa9\xf0\x9f\x98\x80");
        check_unescape("\\ud83d x", "\xef\xbf\xbd x");
        check_unescape("\\u0000", "\xef\xbf\xbd");
        check_unescape("\\u\\uzz", "uuzz");
        check_unescape("end\\", "end\\");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/fields/every-key", test_every_key);
        g_test_add_func("/fields/json", test_json);
        g_test_add_func("/fields/not-json", test_not_json);
        g_test_add_func("/fields/deep", test_deep);
        g_test_add_func("/fields/unescape", test_unescape);
        return g_test_run();
}
