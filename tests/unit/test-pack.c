/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "match/pack.h"
#include "match/vocabulary.h"
#include "match/yaml_tree.h"

#define VOCABULARY                                                                                                                                             \
        "groups:\n"                                                                                                                                            \
        "  disk: disk\n"                                                                                                                                       \
        "  http: HTTP errors\n"                                                                                                                                \
        "categories:\n"                                                                                                                                        \
        "  disk/full: {depth: 0, title: disk full, leads_to: [http/slow, http/error]}\n"                                                                       \
        "  http/slow: {depth: 1, title: slow}\n"                                                                                                               \
        "  http/error: {depth: 3, title: HTTP 5xx}\n"

/* A pattern of six lines; with HEAD its first line is line 4. */
#define HEAD                                                                                                                                                   \
        "pack: fs\n"                                                                                                                                           \
        "title: Files\n"                                                                                                                                       \
        "patterns:\n"
#define TOP                                                                                                                                                    \
        "  - id: full\n"                                                                                                                                       \
        "    title: The disk is full\n"
#define KIND                                                                                                                                                   \
        "    category: disk/full\n"                                                                                                                            \
        "    severity: critical\n"                                                                                                                             \
        "    role: change\n"
#define MATCH   "    match: [{text: no space left}]\n"
#define EXPLAIN "    explain: It is full.\n"
#define TESTS   "    tests: {match: [no space left], ignore: [space left]}\n"

typedef struct Bad {
        const char *yaml;
        const char *message; /* how it begins */
} Bad;

static const Bad BAD_PACKS[] = {
        /* not YAML */
        { "", "x.yaml:1:1: empty" },
        { "pack: fs\n\ttitle: x\n", "x.yaml:2:1: " },
        { "pack: 'fs\n", "x.yaml:2:1: " },
        { "pack: fs\ntitle: \xff\n", "x.yaml:2:8: " },
        { "pack: [fs\ntitle: x\n", "x.yaml:2:6: " },
        { "pack: fs\n---\npack: fs\n", "x.yaml:2:1: second document" },
        { "pack: &a fs\n", "x.yaml:1:7: anchors" },
        { "pack: *a\n", "x.yaml:1:7: anchors" },
        { "pack: !!str fs\n", "x.yaml:1:7: anchors" },
        { "pack: \"a\\0b\"\n", "x.yaml:1:7: NUL byte" },
        { "[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]\n", "x.yaml:1:25: nested too deep" },
        /* the file */
        { "- fs\n", "x.yaml:1:1: `pack` is a list, expected a map" },
        { "pack: fs\ntitle: x\n", "x.yaml:1:1: pack has no `patterns`" },
        { "pack: fs\ntitle: x\npatterns: []\n", "x.yaml:3:11: `patterns` is empty" },
        { "pack: fs\ntitle: x\npatterns: x\n", "x.yaml:3:11: `patterns` is text, expected a list" },
        { "pack: Fs\ntitle: x\npatterns: []\n", "x.yaml:1:7: `pack` is \"Fs\", expected only a-z" },
        { "pack: fs\npack: fs\n", "x.yaml:2:1: `pack` is here twice" },
        { "pack: fs\ntitel: x\n", "x.yaml:2:1: unknown key \"titel\", did you mean \"title\"?" },
        { "pack: fs\nname: x\n", "x.yaml:2:1: unknown key \"name\", expected one of pack, title, disable, patterns" },
        { "pack: fs\n[a]: x\n", "x.yaml:2:1: `key` is a list, expected text" },
        { "pack: fs\ntitle:\n", "x.yaml:2:7: `title` is empty" },
        /* a pattern */
        { HEAD "  - full\n", "x.yaml:4:5: `pattern` is text, expected a map" },
        { HEAD TOP KIND MATCH TESTS, "x.yaml:4:5: pattern has no `explain`" },
        { HEAD TOP KIND EXPLAIN TESTS, "x.yaml:4:5: pattern has no `match`" },
        { HEAD TOP KIND MATCH EXPLAIN, "x.yaml:4:5: pattern has no `tests`" },
        { HEAD "  - id: is full\n", "x.yaml:4:9: `id` is \"is full\", expected only a-z" },
        { HEAD "  - id: full\n    id: full\n", "x.yaml:5:5: `id` is here twice" },
        { HEAD "  - title: Full.\n", "x.yaml:4:12: `title` ends with a full stop" },
        { HEAD "  - title: \"a\\nb\"\n", "x.yaml:4:12: `title` has several lines" },
        { HEAD "  - title: "
               "0123456789012345678901234567890123456789012345678901234567890123456789012\n",
          "x.yaml:4:12: `title` has 73 characters, expected at most 72" },
        { HEAD "  - title: [a]\n", "x.yaml:4:12: `title` is a list, expected text" },
        { HEAD "  - category: disk/ful\n", "x.yaml:4:15: unknown category \"disk/ful\", did you mean \"disk/full\"?" },
        { HEAD "  - category: tape/full\n", "x.yaml:4:15: unknown category \"tape/full\", expected one of those that `logscan patterns list` shows" },
        { HEAD "  - severity: fatal\n", "x.yaml:4:15: unknown severity \"fatal\", expected info, warning, error, critical" },
        { HEAD "  - role: causes\n", "x.yaml:4:11: unknown role \"causes\", did you mean \"cause\"?" },
        { HEAD "  - leads_to: disk/full\n", "x.yaml:4:15: `leads_to` is text, expected a list" },
        { HEAD "  - checks: []\n", "x.yaml:4:13: `checks` is empty" },
        { HEAD "  - checks: ['']\n", "x.yaml:4:14: `checks` is empty, expected text" },
        { HEAD "  - checks: [{a: b}]\n", "x.yaml:4:14: `checks` is a map, expected text" },
        { HEAD "  - literals: [abcd, abc]\n", "x.yaml:4:22: \"abc\" has 3 bytes, expected at least 4" },
        /* conditions */
        { HEAD "  - match: []\n", "x.yaml:4:12: `match` is empty" },
        { HEAD "  - match: {text: abcd}\n", "x.yaml:4:12: `match` is a map, expected a list" },
        { HEAD "  - match: [abcd]\n", "x.yaml:4:13: `condition` is text, expected a map" },
        { HEAD "  - match:\n      - text: abcd\n        regex: abcd\n", "x.yaml:5:9: condition with both" },
        { HEAD "  - match: [{}]\n", "x.yaml:4:13: condition with neither" },
        { HEAD "  - match: [{text: abc}]\n", "x.yaml:4:20: `text` has 3 bytes, expected at least 4" },
        { HEAD "  - match: [{text: [abcd]}]\n", "x.yaml:4:20: `text` is a list" },
        { HEAD "  - match: [{regexp: abcd}]\n", "x.yaml:4:14: unknown key \"regexp\", did you mean \"regex\"?" },
        { HEAD "  - unless:\n      - text: ''\n", "x.yaml:5:15: `text` is empty" },
        /* tests */
        { HEAD "  - tests: {match: [a]}\n", "x.yaml:4:12: tests has no `ignore`" },
        { HEAD "  - tests: {ignore: [a]}\n", "x.yaml:4:12: tests has no `match`" },
        { HEAD "  - tests: {match: [], ignore: [a]}\n", "x.yaml:4:20: `match` is empty" },
        /* what a role needs */
        { HEAD TOP "    category: disk/full\n    severity: error\n    role: cause\n" MATCH EXPLAIN TESTS,
          "x.yaml:4:5: fs/full has no `leads_to`, expected for a cause" },
        { HEAD TOP "    category: disk/full\n    severity: error\n    role: cause\n"
                   "    leads_to: [http/slow]\n    checks: [df]\n    prevents: [alert]\n"
                   "    references: [df]\n" MATCH EXPLAIN TESTS,
          "x.yaml:4:5: fs/full has no `fixes`, expected for a cause" },
        { HEAD TOP "    category: http/slow\n    severity: error\n    role: symptom\n" MATCH EXPLAIN TESTS,
          "x.yaml:4:5: fs/full has no `leads_to`, expected for a symptom of depth 1 or 2" },
        /* twice in a file */
        { HEAD TOP KIND MATCH EXPLAIN TESTS TOP KIND MATCH EXPLAIN TESTS, "x.yaml:12:9: this `id` is already in the file" },
};

static const Bad BAD_VOCABULARIES[] = {
        { "groups: {}\n", "x.yaml:1:1: vocabulary has no `categories`" },
        { "groups: {a: b, a: b}\ncategories: {}\n", "x.yaml:1:16: group \"a\" is here twice" },
        { "groups: {a: b}\ncategories: {a: {depth: 0, title: b}}\n", "x.yaml:2:14: category \"a\", expected group/kind" },
        { "groups: {a: b}\ncategories: {b/c: {depth: 0, title: b}}\n", "x.yaml:2:14: unknown group \"b\"" },
        { "groups: {a: b}\ncategories: {a/c: {depth: 4, title: b}}\n", "x.yaml:2:27: `depth` is \"4\", expected 0 to 3" },
        { "groups: {a: b}\ncategories: {a/c: {depth: 0}}\n", "x.yaml:2:19: category has no `title`" },
        { "groups: {a: b}\ncategories: {a/c: {depth: 0, title: b, c}}\n", "x.yaml:2:40: unknown key \"c\", expected one of depth, title" },
        { "groups: {a: b}\ncategories: {a/c: {depth: 0, title: b}, a/c: {depth: 0, title: b}}\n", "x.yaml:2:41: category \"a/c\" is here twice" },
        { "groups: {a: b}\ncategories: {a/c: {depth: 0, title: b, leads_to: [a/c, a/d]}}\n", "x.yaml:2:14: `leads_to` of a/c names unknown \"a/d\"" },
};

static Patterns *with_vocabulary(void) {
        Patterns *patterns = patterns_new();
        g_autoptr(GError) error = NULL;

        vocabulary_load(patterns, "categories.yaml", STR(VOCABULARY), &error);
        g_assert_no_error(error);
        return patterns;
}

static void assert_begins(const GError *error, const char *message) {
        g_assert_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_PATTERN);
        if (!g_str_has_prefix(error->message, message))
                g_assert_cmpstr(error->message, ==, message);
}

static void test_bad_pack(const void *data) {
        const Bad *bad = data;
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;

        g_assert_false(pack_load(patterns, "x.yaml", str_from(bad->yaml), &error));
        assert_begins(error, bad->message);
        g_assert_cmpuint(patterns->items->len, <=, 1);
}

static void test_bad_vocabulary(const void *data) {
        const Bad *bad = data;
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(GError) error = NULL;

        g_assert_false(vocabulary_load(patterns, "x.yaml", str_from(bad->yaml), &error));
        assert_begins(error, bad->message);
}

static const char FULL_PACK[] = "# a comment\n"
                                "pack: postgresql\n"
                                "title: PostgreSQL\n"
                                "patterns:\n"
                                "  - id: connection-limit\n"
                                "    title: PostgreSQL refuses connections\n"
                                "    category: disk/full\n"
                                "    severity: critical\n"
                                "    role: cause\n"
                                "    match:\n"
                                "      - text: sorry, too many clients already\n"
                                "      - regex: 'slots are reserved for (?<role>[\\w -]+)'\n"
                                "    unless:\n"
                                "      - text: max_client_conn\n"
                                "    literals: [slots]\n"
                                "    leads_to: [http/slow, postgresql/connection-limit]\n"
                                "    explain: >-\n"
                                "      Every process\n"
                                "      is taken.\n"
                                "    checks: [a, b]\n"
                                "    fixes: [c]\n"
                                "    prevents: [d]\n"
                                "    references: [e]\n"
                                "    tests:\n"
                                "      match: ['FATAL:  sorry', f]\n"
                                "      ignore: [g]\n";

static void assert_list(const char *const *list, const char *expected) {
        g_autofree char *words = g_strjoinv("|", (char **)list);

        g_assert_cmpstr(words, ==, expected);
}

static void assert_condition(const Condition *condition, const char *text, bool is_regex, unsigned line, unsigned column) {
        g_assert_cmpstr(condition->text, ==, text);
        g_assert_true((condition->kind == CONDITION_REGEX) == is_regex);
        g_assert_cmpuint(condition->line, ==, line);
        g_assert_cmpuint(condition->column, ==, column);
}

static void assert_lists(const Pattern *pattern) {
        assert_list(pattern->literals, "slots");
        assert_list(pattern->leads_to, "http/slow|postgresql/connection-limit");
        assert_list(pattern->checks, "a|b");
        assert_list(pattern->fixes, "c");
        assert_list(pattern->prevents, "d");
        assert_list(pattern->references, "e");
        assert_list(pattern->tests_match, "FATAL:  sorry|f");
        assert_list(pattern->tests_ignore, "g");
}

static void test_full(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;
        const Pattern *pattern;

        pack_load(patterns, "pg.yaml", str_from(FULL_PACK), &error);
        g_assert_no_error(error);
        pattern = patterns_find(patterns, "postgresql/connection-limit");
        g_assert_nonnull(pattern);
        g_assert_cmpstr(pattern->pack, ==, "postgresql");
        g_assert_cmpstr(pattern->pack_title, ==, "PostgreSQL");
        g_assert_cmpstr(pattern->title, ==, "PostgreSQL refuses connections");
        g_assert_cmpstr(pattern->category->id, ==, "disk/full");
        g_assert_cmpint(pattern->severity, ==, SEVERITY_CRITICAL);
        g_assert_cmpint(pattern->role, ==, ROLE_CAUSE);
        g_assert_cmpstr(pattern->explain, ==, "Every process is taken.");
        g_assert_cmpstr(pattern->file, ==, "pg.yaml");
        g_assert_cmpuint(pattern->line, ==, 5);
        g_assert_cmpuint(pattern->column, ==, 9);
        assert_lists(pattern);
}

static void test_conditions(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;
        const Pattern *pattern;

        pack_load(patterns, "pg.yaml", str_from(FULL_PACK), &error);
        g_assert_no_error(error);
        pattern = patterns->items->pdata[0];
        g_assert_cmpuint(pattern->n_match, ==, 2);
        assert_condition(&pattern->match[0], "sorry, too many clients already", false, 11, 15);
        assert_condition(&pattern->match[1], "slots are reserved for (?<role>[\\w -]+)", true, 12, 16);
        g_assert_cmpuint(pattern->n_unless, ==, 1);
        assert_condition(&pattern->unless[0], "max_client_conn", false, 14, 15);
}

static void test_defaults(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;
        const Pattern *pattern;

        pack_load(patterns, "fs.yaml", STR(HEAD TOP KIND MATCH EXPLAIN TESTS), &error);
        g_assert_no_error(error);
        pattern = patterns->items->pdata[0];
        g_assert_cmpuint(pattern->n_unless, ==, 0);
        assert_list(pattern->literals, "");
        assert_list(pattern->leads_to, "");
        assert_list(pattern->checks, "");
        assert_list(pattern->fixes, "");
        assert_list(pattern->prevents, "");
        assert_list(pattern->references, "");
}

/* A user's pack replaces a pattern in its place; its other patterns come last. */
static void test_replace(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;
        const Pattern *pattern;

        pack_load(patterns, "a.yaml",
                  STR(HEAD TOP KIND MATCH EXPLAIN TESTS "  - id: other\n"
                                                        "    title: Other\n" KIND MATCH EXPLAIN TESTS),
                  &error);
        g_assert_no_error(error);
        pack_load(patterns, "b.yaml", STR(HEAD "  - id: full\n    title: Mine\n" KIND MATCH EXPLAIN TESTS), &error);
        g_assert_no_error(error);
        g_assert_cmpuint(patterns->items->len, ==, 2);
        pattern = patterns->items->pdata[0];
        g_assert_cmpstr(pattern->id, ==, "fs/full");
        g_assert_cmpstr(pattern->title, ==, "Mine");
        g_assert_cmpstr(pattern->file, ==, "b.yaml");
        pattern = patterns->items->pdata[1];
        g_assert_cmpstr(pattern->id, ==, "fs/other");
}

static void load_edge(Patterns *patterns, const char *edge) {
        g_autoptr(GError) error = NULL;
        g_autofree char *yaml = g_strdup_printf(HEAD TOP KIND "    leads_to: [%s]\n" MATCH EXPLAIN TESTS, edge);

        pack_load(patterns, "fs.yaml", str_from(yaml), &error);
        g_assert_no_error(error);
}

static void test_edges(void) {
        static const struct {
                const char *edge, *message;
        } CASES[] = {
                { "http/slow", NULL },
                { "fs/full", NULL },
                { "http/slw", "fs.yaml:4:9: `leads_to` of fs/full names unknown \"http/slw\", did "
                              "you mean \"http/slow\"?" },
                { "nothing", "fs.yaml:4:9: `leads_to` of fs/full names unknown \"nothing\", "
                             "expected a category" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autoptr(Patterns) patterns = with_vocabulary();
                g_autoptr(GError) error = NULL;
                bool ok;

                load_edge(patterns, CASES[i].edge);
                ok = pack_check_edges(patterns, &error);
                g_assert_true(ok == !CASES[i].message);
                if (!ok)
                        assert_begins(error, CASES[i].message);
        }
}

/* What a category leads to, each of its patterns does, and what the pattern names itself. */
static void test_category_edges(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;
        const Pattern *full, *slow;

        pack_load(patterns, "fs.yaml",
                  STR(HEAD TOP KIND MATCH EXPLAIN TESTS "  - id: slow\n"
                                                        "    title: Slow\n"
                                                        "    category: http/slow\n    severity: error\n    role: symptom\n"
                                                        "    leads_to: [http/error]\n" MATCH EXPLAIN TESTS),
                  &error);
        g_assert_no_error(error);
        full = patterns->items->pdata[0];
        slow = patterns->items->pdata[1];
        g_assert_true(pattern_leads_to(full, slow));
        g_assert_false(pattern_leads_to(slow, full));
        g_assert_false(pattern_leads_to(full, full));
}

static void test_vocabulary(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        const Category *category = patterns_category(patterns, "http/error");

        g_assert_cmpuint(patterns->categories->len, ==, 3);
        g_assert_cmpstr(category->group, ==, "http");
        g_assert_cmpstr(category->group_title, ==, "HTTP errors");
        g_assert_cmpstr(category->title, ==, "HTTP 5xx");
        g_assert_cmpuint(category->depth, ==, 3);
}

static void test_too_large(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;
        g_autofree char *yaml = g_strnfill(YAML_BYTES_MAX + 1, '\n');

        g_assert_false(pack_load(patterns, "x.yaml", str_from(yaml), &error));
        assert_begins(error, "x.yaml:1:1: larger than 4 MiB");
}

static void test_too_many(void) {
        g_autoptr(Patterns) patterns = with_vocabulary();
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) yaml = g_string_new("pack: [");

        for (size_t i = 0; i < 500000; i++)
                g_string_append(yaml, "a,");
        g_string_append(yaml, "]\n");
        g_assert_false(pack_load(patterns, "x.yaml", (Str){ yaml->str, yaml->len }, &error));
        assert_begins(error, "x.yaml:1:");
}

static void add_table(const char *name, const Bad *cases, size_t n, GTestDataFunc test) {
        for (size_t i = 0; i < n; i++) {
                g_autofree char *path = g_strdup_printf("/pack/%s/%zu", name, i);
                g_test_add_data_func(path, &cases[i], test);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        add_table("bad", BAD_PACKS, G_N_ELEMENTS(BAD_PACKS), test_bad_pack);
        add_table("bad-vocabulary", BAD_VOCABULARIES, G_N_ELEMENTS(BAD_VOCABULARIES), test_bad_vocabulary);
        g_test_add_func("/pack/full", test_full);
        g_test_add_func("/pack/conditions", test_conditions);
        g_test_add_func("/pack/defaults", test_defaults);
        g_test_add_func("/pack/replace", test_replace);
        g_test_add_func("/pack/edges", test_edges);
        g_test_add_func("/pack/category-edges", test_category_edges);
        g_test_add_func("/pack/vocabulary", test_vocabulary);
        g_test_add_func("/pack/too-large", test_too_large);
        g_test_add_func("/pack/too-many", test_too_many);
        return g_test_run();
}
