/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/field_names.h"

#include <glib.h>

#define CASE_LINES_MAX 5

static const struct {
        const char *name;
        const char *lines[CASE_LINES_MAX];
        const char *time, *level, *status, *message; /* what stands for them; NULL: nothing is learnt */
} CASES[] = {
        { "all of them",
          { "{\"when\":1717750803123,\"sv\":\"note\",\"what\":\"cart.open\",\"id\":\"c17\",\"http\":200}",
            "{\"when\":1717750804123,\"sv\":\"err\",\"what\":\"cart.save\",\"id\":\"c18\",\"http\":503}",
            "{\"when\":1717750805123,\"sv\":\"warn\",\"what\":\"cart.close\",\"id\":\"c19\",\"http\":409}" },
          "when",
          "sv",
          "http",
          "what" },
        { "too few lines",
          { "{\"when\":1717750803123,\"sv\":\"note\",\"what\":\"cart.open\"}", "{\"when\":1717750804123,\"sv\":\"err\",\"what\":\"cart.save\"}" },
          NULL,
          NULL,
          NULL,
          NULL },
        { "usual names are enough",
          { "{\"time\":1717750803123,\"level\":\"info\",\"msg\":\"a\",\"sv\":\"err\",\"what\":\"cart saved\"}",
            "{\"time\":1717750804123,\"level\":\"info\",\"msg\":\"b\",\"sv\":\"err\",\"what\":\"cart opened\"}",
            "{\"time\":1717750805123,\"level\":\"info\",\"msg\":\"c\",\"sv\":\"err\",\"what\":\"cart saved\"}" },
          NULL,
          NULL,
          NULL,
          NULL },
        { "a usual name that means something else",
          { "{\"s\":\"S101\",\"time\":1717750803123,\"grade\":\"info\",\"says\":\"cart opened\"}",
            "{\"s\":\"S102\",\"time\":1717750804123,\"grade\":\"error\",\"says\":\"no stock\"}",
            "{\"s\":\"S103\",\"time\":1717750805123,\"grade\":\"info\",\"says\":\"cart closed\"}" },
          NULL,
          "grade",
          NULL,
          "says" },
        { "numbers are no levels, and a number too large is no status",
          { "{\"ts\":1717750803,\"n\":3,\"ms\":200,\"says\":\"cart opened\"}", "{\"ts\":1717750804,\"n\":4,\"ms\":201,\"says\":\"no stock\"}",
            "{\"ts\":1717750805,\"n\":5,\"ms\":1007,\"says\":\"cart closed\"}" },
          NULL,
          NULL,
          NULL,
          "says" },
        { "numbers are levels where the name says so",
          { "{\"ts\":1717750803,\"prio\":6,\"says\":\"cart opened\"}", "{\"ts\":1717750804,\"prio\":6,\"says\":\"cart closed\"}",
            "{\"ts\":1717750805,\"prio\":3,\"says\":\"no stock\"}" },
          NULL,
          "prio",
          NULL,
          "says" },
        { "priorities of jobs are none",
          { "{\"ts\":1717750803,\"prio\":1,\"says\":\"job taken\"}", "{\"ts\":1717750804,\"prio\":2,\"says\":\"job done\"}",
            "{\"ts\":1717750805,\"prio\":6,\"says\":\"job taken\"}" },
          NULL,
          NULL,
          NULL,
          "says" },
        { "words that are always the same are no message",
          { "{\"ts\":1717750803,\"app\":\"web shop\"}", "{\"ts\":1717750804,\"app\":\"web shop\"}", "{\"ts\":1717750805,\"app\":\"web shop\"}" },
          NULL,
          NULL,
          NULL,
          NULL },
        { "what has blanks says more than a name",
          { "{\"ts\":1717750803,\"unit\":\"main\",\"says\":\"cart opened\"}", "{\"ts\":1717750804,\"unit\":\"lease\",\"says\":\"lease acquired\"}",
            "{\"ts\":1717750805,\"unit\":\"match\",\"says\":\"offer made\"}", "{\"ts\":1717750806,\"unit\":\"stock\",\"says\":\"no stock\"}" },
          NULL,
          NULL,
          NULL,
          "says" },
        { "requests have no message",
          { "{\"ts\":1717750803,\"verb\":\"GET\",\"url\":\"/carts/17\",\"ua\":\"curl/8.1 (Linux)\",\"rc\":200}",
            "{\"ts\":1717750804,\"verb\":\"POST\",\"url\":\"/carts\",\"ua\":\"Mozilla/5.0 (X11)\",\"rc\":502}",
            "{\"ts\":1717750805,\"verb\":\"GET\",\"url\":\"/carts/18\",\"ua\":\"curl/8.1 (Linux)\",\"rc\":404}" },
          NULL,
          NULL,
          "rc",
          NULL },
        { "what stands in other lines, too, may be one",
          { "{\"ts\":1717750803,\"say\":\"req\",\"verb\":\"GET\",\"url\":\"/carts/17\"}",
            "{\"ts\":1717750804,\"say\":\"req\",\"verb\":\"POST\",\"url\":\"/carts\"}",
            "{\"ts\":1717750805,\"say\":\"req\",\"verb\":\"GET\",\"url\":\"/carts/18\"}",
            "{\"ts\":1717750806,\"say\":\"req\",\"verb\":\"GET\",\"url\":\"/carts/19\"}", "{\"ts\":1717750807,\"say\":\"no stock\"}" },
          NULL,
          NULL,
          NULL,
          "say" },
};

static char *name_for(const FieldNames *names, FieldKind kind) {
        for (unsigned i = 0; i < names->n; i++)
                if (names->at[i].kind == kind)
                        return g_strndup(names->at[i].text, names->at[i].len);
        return NULL;
}

static void check_name(const FieldNames *names, FieldKind kind, const char *expected) {
        g_autofree char *name = name_for(names, kind);

        g_assert_cmpstr(name, ==, expected);
}

static void survey(const char *const *lines, unsigned n, FieldNames *names) {
        TimeContext time = { .reference_us = INT64_C(1717750900000000) };
        g_autoptr(FieldSurvey) survey = field_survey_new(&time);

        for (unsigned i = 0; i < n && lines[i]; i++) {
                Fields fields;
                g_assert_true(fields_json(str_from(lines[i]), NULL, &fields));
                field_survey_add(survey, str_from(lines[i]), &fields);
        }
        field_survey_finish(survey, names);
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                FieldNames names;

                g_test_message("%s", CASES[i].name);
                survey(CASES[i].lines, CASE_LINES_MAX, &names);
                check_name(&names, FIELD_TIME, CASES[i].time);
                check_name(&names, FIELD_LEVEL, CASES[i].level);
                check_name(&names, FIELD_STATUS, CASES[i].status);
                check_name(&names, FIELD_MESSAGE, CASES[i].message);
        }
}

/* What was learnt is found in the next line, and wins. */
static void test_read(void) {
        FieldNames names;
        Fields fields;

        survey(CASES[3].lines, CASE_LINES_MAX, &names);
        g_assert_true(fields_json(STR("{\"s\":\"E\",\"says\":\"gone\",\"grade\":\"warn\"}"), &names, &fields));
        g_assert_true(str_equal(fields.value[FIELD_LEVEL], STR("warn")));
        g_assert_true(str_equal(fields.value[FIELD_MESSAGE], STR("gone")));
}

/* More names and longer ones than are told apart. */
static void test_bounds(void) {
        g_autoptr(GString) line = g_string_new("{");
        const char *lines[CASE_LINES_MAX];
        FieldNames names;

        for (unsigned i = 0; i < 500; i++)
                g_string_append_printf(line, "\"%s%u\":\"error\",", i % 2 ? "n" : "a_name_that_is_longer_than_is_looked_at_", i);
        g_string_append(line, "\"last\":1}");
        for (unsigned i = 0; i < CASE_LINES_MAX; i++)
                lines[i] = line->str;
        survey(lines, CASE_LINES_MAX, &names);
        check_name(&names, FIELD_LEVEL, "n1");
        g_assert_cmpuint(names.n, ==, 1);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/field-names/cases", test_cases);
        g_test_add_func("/field-names/read", test_read);
        g_test_add_func("/field-names/bounds", test_bounds);
        return g_test_run();
}
