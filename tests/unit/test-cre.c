/* SPDX-License-Identifier: Apache-2.0 */
#include "match/cre.h"

#include "match/pack.h"
#include "match/vocabulary.h"
#include "model/rule.h"

#define VOCABULARY                                                                                                                                             \
        "groups: {application: code, database: database}\n"                                                                                                    \
        "categories: {application/exception: {depth: 0, title: code}, database/other: {depth: 1, title: database}}\n"
#define RULE(rule) "rules:\n  - cre: {id: CRE-2030-0001, title: Two, severity: 1, mitigation: do it}\n    rule: " rule "\n"

static bool load(Patterns *patterns, const char *yaml, GError **error) {
        g_assert_true(vocabulary_load(patterns, "categories.yaml", STR(VOCABULARY), NULL));
        return pack_load(patterns, "x.yaml", str_from(yaml), error);
}

static const struct {
        const char *yaml;
        size_t n_terms; /* of the rule; 0: a pattern of its own */
        bool ordered;
        int64_t window_us;
} GOOD[] = {
        { RULE("{set: {match: [{value: boom}]}}"), 0, false, 0 },
        { RULE("{set: {match: [{regex: 'b[ou]+m'}]}}"), 0, false, 0 },
        { RULE("{set: {match: [{jq: '.a == 1'}]}}"), 0, false, 0 },
        { RULE("{set: {window: 5s, match: [{value: a}, {value: b}]}}"), 2, false, 5000000 },
        { RULE("{sequence: {window: 1m30s, order: [{value: a}, {value: b}, {value: c}]}}"), 3, true, 90000000 },
        { RULE("{set: {window: 1h, match: [{value: a, count: 3}]}}"), 1, false, 3600000000 },
        { RULE("{set: {match: [{value: a}], negate: [{value: b, window: 5s}]}}"), 1, false, 0 },
};

static void test_good(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(GOOD); i++) {
                g_autoptr(Patterns) patterns = patterns_new();
                g_autoptr(GError) error = NULL;
                const Pattern *pattern;

                g_test_message("%s", GOOD[i].yaml);
                g_assert_true(load(patterns, GOOD[i].yaml, &error));
                g_assert_no_error(error);
                g_assert_cmpuint(patterns->warnings->len, ==, 0);
                pattern = patterns_find(patterns, "cre/cre-2030-0001");
                g_assert_nonnull(pattern);
                g_assert_cmpint(pattern->role, ==, ROLE_CAUSE);
                g_assert_cmpstr(pattern->title, ==, "Two");
                g_assert_cmpuint(patterns->rules->len, ==, GOOD[i].n_terms > 0);
                g_assert_cmpint(pattern->n_match > 0, ==, GOOD[i].n_terms == 0);
                if (GOOD[i].n_terms > 0) {
                        const Rule *rule = patterns->rules->pdata[0];
                        g_assert_cmpuint(rule->n_terms, ==, GOOD[i].n_terms);
                        g_assert_cmpint(rule->ordered, ==, GOOD[i].ordered);
                        g_assert_cmpint(rule->window_us, ==, GOOD[i].window_us);
                        for (size_t j = 0; j < rule->n_terms; j++)
                                g_assert_true(g_str_has_prefix(rule->terms[j].id, TERM_PREFIX));
                }
        }
}

/* What cannot run warns with its place, and the rules behind it load. */
static const char *const BAD[] = {
        "{set: {match: [{regex: '(a+'}]}}",
        "{set: {match: [{jq: '.a | reduce'}]}}",
        "{sequence: {order: [{value: a}, {value: b}]}}", /* no window */
        "{set: {window: 5, match: [{value: a}, {value: b}]}}",
        "{set: {window: 5s, match: [{promql: {expr: up}}, {value: a}]}}",
        "{set: {window: 9999999999h, match: [{value: a}, {value: b}]}}",
        "{set: {window: 5s, match: [{value: a}, {value: b}], negate: [{value: c, anchor: 64}]}}",
        "{}",
};

static void test_bad(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++) {
                g_autofree char *yaml = g_strdup_printf(
                        "rules:\n  - cre: {id: CRE-1}\n    rule: %s\n  - cre: {id: CRE-2}\n    rule: {set: {match: [{value: boom}]}}\n", BAD[i]);
                g_autoptr(Patterns) patterns = patterns_new();
                g_autoptr(GError) error = NULL;

                g_test_message("%s", BAD[i]);
                g_assert_true(load(patterns, yaml, &error));
                g_assert_no_error(error);
                g_assert_cmpuint(patterns->warnings->len, >, 0);
                g_assert_true(g_str_has_prefix(patterns->warnings->pdata[0], "x.yaml:"));
                g_assert_nonnull(patterns_find(patterns, "cre/cre-2"));
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/cre/good", test_good);
        g_test_add_func("/cre/bad", test_bad);
        return g_test_run();
}
