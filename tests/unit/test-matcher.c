/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "match/matcher.h"

/* Patterns by hand: "/regex/" is a regex, all else text. */
typedef struct Rule {
        const char *id;
        const char *match[4];
        const char *unless[3];
        const char *literals[3];
} Rule;

static const Rule RULES[] = {
        { "p/text", { "Too Many Clients" }, { NULL }, { NULL } },
        { "p/regex", { "/port (?<port>\\d+) refused/" }, { NULL }, { NULL } },
        { "p/any", { "first way", "/second \\w+ way/" }, { NULL }, { NULL } },
        { "p/unless-text", { "disk full" }, { "only a drill", "/drill \\d+/" }, { NULL } },
        { "p/start", { "/^panic: /" }, { NULL }, { NULL } },
        { "p/end", { "/core dumped$/" }, { NULL }, { NULL } },
        { "p/one-line", { "/begin.*finish/" }, { NULL }, { NULL } },
        { "p/given", { "/\\b[45]\\d\\d\\b.*upst/" }, { NULL }, { NULL } },
        { "p/literals", { "/\\d\\d[a-z]\\d\\d/" }, { NULL }, { "11X11", "22y22" } },
        { "p/bytes", { "/caf. closed|caf.. closed/" }, { NULL }, { NULL } },
        { "p/case", { "/CamelCase/", "/(?i)snakecase/" }, { NULL }, { NULL } },
};

typedef struct Case {
        const char *head, *tail;
        const char *ids[4];
} Case;

static const Case CASES[] = {
        { "", "", { NULL } },
        { "nothing", "", { NULL } },
        { "FATAL: sorry, too many clients already", "", { "p/text" } },
        { "TOO MANY CLIENTS, TOO MANY CLIENTS", "", { "p/text" } },
        { "port 5432 refused", "", { "p/regex" } },
        { "port x refused", "", { NULL } },
        { "Port 5432 refused", "", { NULL } },
        { "the first way", "", { "p/any" } },
        { "the second good way and the first way", "", { "p/any" } },
        { "disk full", "", { "p/unless-text" } },
        { "disk full: Only A Drill", "", { NULL } },
        { "disk full: drill 7", "", { NULL } },
        { "disk full", "drill 7", { NULL } },
        { "drill 7", "disk full", { NULL } },
        { "panic: x", "", { "p/start" } },
        { "no panic: x", "", { NULL } },
        { "line\npanic: x", "", { "p/start" } },
        { "line\r\npanic: x\r", "", { "p/start" } },
        { "core dumped", "", { "p/end" } },
        { "core dumped\r", "", { "p/end" } },
        { "core dumped\r\nmore", "", { "p/end" } },
        { "core dumped x", "", { NULL } },
        { "begin and finish", "", { "p/one-line" } },
        { "begin and\nfinish", "", { NULL } },
        { "begin and\rfinish", "", { NULL } },
        { "11x11", "", { "p/literals" } },
        { "22Y22", "", { NULL } },
        { "33x33", "", { NULL } },
        { "caf\xe9 closed", "", { "p/bytes" } },
        { "caf\xc3\xa9 closed", "", { "p/bytes" } },
        { "CamelCase", "", { "p/case" } },
        { "camelcase SNAKECASE", "", { "p/case" } },
        { "camelcase", "", { NULL } },
        /* several patterns, in order of loading */
        { "core dumped, disk full, first way, too many clients", "", { "p/text", "p/any", "p/unless-text" } },
        /* head and tail */
        { "x", "too many clients", { "p/text" } },
        { "x", "port 1 refused", { "p/regex" } },
        { "port x refused", "port 1 refused", { "p/regex" } },
        { "port 1", " refused", { NULL } },
        { "too many", " clients", { NULL } },
        { "too many clients", "disk full", { "p/text", "p/unless-text" } },
};

static const char *const *list_of(const char *const *texts, size_t n) {
        const char **list = g_new0(const char *, n + 1);

        for (size_t i = 0; i < n && texts[i]; i++)
                list[i] = texts[i];
        return list;
}

static Condition *conditions_of(Patterns *patterns, const char *const *texts, size_t *n) {
        Condition *conditions = g_new0(Condition, 4);

        for (*n = 0; texts[*n]; (*n)++) {
                Str text = str_from(texts[*n]);
                bool is_regex = text.ptr[0] == '/';

                if (is_regex)
                        text = str_slice(text, 1, text.len - 1);
                conditions[*n] = (Condition){ g_string_chunk_insert_len(patterns->strings, text.ptr, (gssize)text.len),
                                              is_regex ? CONDITION_REGEX : CONDITION_TEXT, 7, 9 };
        }
        return conditions;
}

static void add_rule(Patterns *patterns, const Rule *rule) {
        Pattern *pattern = g_new0(Pattern, 1);

        pattern->id = rule->id;
        pattern->file = "x.yaml";
        pattern->match = conditions_of(patterns, rule->match, &pattern->n_match);
        pattern->unless = conditions_of(patterns, rule->unless, &pattern->n_unless);
        pattern->literals = list_of(rule->literals, G_N_ELEMENTS(rule->literals));
        g_ptr_array_add(patterns->items, pattern);
}

static Patterns *patterns_of(const Rule *rules, size_t n) {
        Patterns *patterns = patterns_new();

        for (size_t i = 0; i < n; i++)
                add_rule(patterns, &rules[i]);
        return patterns;
}

static Matcher *matcher_of(const Patterns *patterns, PrefilterEngine engine) {
        g_autoptr(GError) error = NULL;
        Matcher *matcher = matcher_new(patterns, engine, &error);

        g_assert_no_error(error);
        return matcher;
}

static const char *id_of(const Patterns *patterns, uint32_t index) {
        return ((const Pattern *)patterns->items->pdata[index])->id;
}

static char *ids_of(const Patterns *patterns, const uint32_t *matches, size_t n) {
        GString *ids = g_string_new(NULL);

        for (size_t i = 0; i < n; i++)
                g_string_append_printf(ids, "%s%s", i ? " " : "", id_of(patterns, matches[i]));
        return g_string_free(ids, FALSE);
}

static void assert_matches(MatcherScratch *scratch, const Patterns *patterns, Str head, Str tail, const char *expected) {
        uint32_t matches[MATCHES_MAX];
        size_t n = matcher_match(scratch, head, tail, matches);
        g_autofree char *ids = ids_of(patterns, matches, n);

        g_assert_cmpstr(ids, ==, expected);
}

/* The block holds head, a cut part that must not count, and tail. */
static void check_case(const Case *expected, const Patterns *patterns, MatcherScratch *scratch) {
        g_autofree char *ids = g_strjoinv(" ", (char **)expected->ids);
        g_autofree char *block = g_strconcat(expected->head, "<too many clients>", expected->tail, NULL);
        Str all = str_from(block), head = str_slice(all, 0, strlen(expected->head));
        Str tail = str_slice(all, all.len - strlen(expected->tail), all.len);

        matcher_scan(scratch, all);
        assert_matches(scratch, patterns, head, tail, ids);
}

static void test_case(const void *data) {
        static const PrefilterEngine ENGINES[] = { PREFILTER_AUTO, PREFILTER_PORTABLE };
        g_autoptr(Patterns) patterns = patterns_of(RULES, G_N_ELEMENTS(RULES));

        for (size_t i = 0; i < G_N_ELEMENTS(ENGINES); i++) {
                g_autoptr(Matcher) matcher = matcher_of(patterns, ENGINES[i]);
                g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);

                check_case(data, patterns, scratch);
        }
}

/*
 * Each event of a block gets its own matches, and a literal across the border of two belongs to
 * neither.
 */
static void test_events(void) {
        static const struct {
                const char *text, *ids;
        } EVENTS[] = {
                { "too many clients", "p/text" },
                { "nothing", "" },
                { "port 1 refused and disk full", "p/regex p/unless-text" },
                { "disk", "" },
                { " full", "" },
                { "", "" },
                { "disk full\nonly a drill", "" },
                { "core dumped", "p/end" },
        };
        g_autoptr(Patterns) patterns = patterns_of(RULES, G_N_ELEMENTS(RULES));
        g_autoptr(Matcher) matcher = matcher_of(patterns, PREFILTER_AUTO);
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);
        g_autoptr(GString) block = g_string_new(NULL);
        size_t at = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(EVENTS); i++)
                g_string_append(block, EVENTS[i].text);
        matcher_scan(scratch, (Str){ block->str, block->len });
        for (size_t i = 0; i < G_N_ELEMENTS(EVENTS); i++) {
                size_t length = strlen(EVENTS[i].text);

                assert_matches(scratch, patterns, (Str){ block->str + at, length }, STR(""), EVENTS[i].ids);
                at += length;
        }
}

static void note_capture(const char *name, Str value, void *data) {
        g_string_append_printf(data, "%s=%.*s ", name, (int)value.len, value.ptr);
}

static void test_captures(void) {
        static const Rule ONE[] = {
                { "p/captures", { "no names here", "/(?<b>\\w+)-(?<a>\\w+)(?<empty>)(?<unset>!)? failed/", "/(?<a>\\d+) failed/" }, { NULL }, { NULL } },
        };
        static const struct {
                const char *text, *captures;
        } TEXTS[] = {
                { "x-y failed", "b=x a=y " },
                { "no names here: 12 failed", "a=12 " },
                { "no names here", "" },
                { "", "" },
        };
        g_autoptr(Patterns) patterns = patterns_of(ONE, 1);
        g_autoptr(Matcher) matcher = matcher_of(patterns, PREFILTER_AUTO);
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);

        for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
                g_autoptr(GString) found = g_string_new(NULL);

                matcher_captures(scratch, 0, str_from(TEXTS[i].text), note_capture, found);
                g_assert_cmpstr(found->str, ==, TEXTS[i].captures);
        }
}

static void append_id(const Pattern *pattern, void *data) {
        g_string_append_printf(data, "%s ", pattern->id);
}

/* A regex that explodes is stopped, counted, and counts as no match; the others go on. */
static void test_limits(void) {
        static const Rule TWO[] = {
                { "p/explodes", { "/start(?:a+)+(?:a+)+(?:a+)+z/" }, { NULL }, { NULL } },
                { "p/plain", { "start" }, { NULL }, { NULL } },
        };
        g_autoptr(Patterns) patterns = patterns_of(TWO, 2);
        g_autoptr(Matcher) matcher = matcher_of(patterns, PREFILTER_AUTO);
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);
        g_autofree char *as = g_strnfill(2000, 'a');
        g_autofree char *text = g_strconcat("start", as, "_ z", NULL);
        g_autoptr(GString) told = g_string_new(NULL);
        uint32_t matches[MATCHES_MAX];

        g_assert_cmpuint(matcher_n_limited(scratch), ==, 0);
        g_assert_cmpuint(matcher_match_text(scratch, str_from(text), matches), ==, 1);
        g_assert_cmpuint(matches[0], ==, 1);
        g_assert_cmpuint(matcher_n_limited(scratch), ==, 1);
        matcher_match_text(scratch, str_from(text), matches);
        matcher_take_limited(scratch, append_id, told);
        g_assert_cmpstr(told->str, ==, "p/explodes ");
        matcher_take_limited(scratch, append_id, told);
        g_assert_cmpstr(told->str, ==, "p/explodes ");
}

/* MATCHES_MAX patterns are kept, the first ones. */
static void test_most(void) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(GString) text = g_string_new(NULL);
        uint32_t matches[MATCHES_MAX];

        for (unsigned i = 0; i < MATCHES_MAX + 5; i++) {
                g_autofree char *failure = g_strdup_printf("failure %02u", i);
                Rule rule = { "p/x", { failure }, { NULL }, { NULL } };

                add_rule(patterns, &rule);
                g_string_prepend(text, failure);
        }
        g_autoptr(Matcher) matcher = matcher_of(patterns, PREFILTER_AUTO);
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);

        g_assert_cmpuint(matcher_match_text(scratch, (Str){ text->str, text->len }, matches), ==, MATCHES_MAX);
        for (unsigned i = 0; i < MATCHES_MAX; i++)
                g_assert_cmpuint(matches[i], ==, i);
}

static void test_none(void) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Matcher) matcher = matcher_of(patterns, PREFILTER_AUTO);
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);
        uint32_t matches[MATCHES_MAX];

        g_assert_cmpuint(matcher_match_text(scratch, STR("anything"), matches), ==, 0);
}

static void test_errors(void) {
        static const struct {
                Rule rule;
                const char *message;
        } BAD[] = {
                { { "p/a", { "/abcd(/" }, { NULL }, { NULL } }, "x.yaml:7:9: p/a: the regex is wrong at its byte 6: missing closing parenthesis" },
                { { "p/b", { "abcd" }, { "/[z-a]/" }, { NULL } }, "x.yaml:7:9: p/b: the regex is wrong at its byte 4: range out of order" },
                { { "p/c", { "/(*UTF)abcd/" }, { NULL }, { NULL } }, "x.yaml:7:9: p/c: the regex is wrong at its byte 7: " },
                { { "p/d", { "/\\d+/" }, { NULL }, { NULL } }, "x.yaml:7:9: p/d: no literal of 4 bytes" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++) {
                g_autoptr(Patterns) patterns = patterns_of(&BAD[i].rule, 1);
                g_autoptr(GError) error = NULL;

                g_assert_null(matcher_new(patterns, PREFILTER_PORTABLE, &error));
                g_assert_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_PATTERN);
                if (!g_str_has_prefix(error->message, BAD[i].message))
                        g_assert_cmpstr(error->message, ==, BAD[i].message);
        }
}

#define THREADS 4

static void *match_many(void *data) {
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(data);
        uint32_t matches[MATCHES_MAX];
        size_t n = 0;

        for (size_t i = 0; i < 1000; i++)
                n += matcher_match_text(scratch, STR("port 1 refused\npanic: x"), matches);
        return GSIZE_TO_POINTER(n);
}

/* The threads share the matcher, and with it the first use of a regex. */
static void test_threads(void) {
        g_autoptr(Patterns) patterns = patterns_of(RULES, G_N_ELEMENTS(RULES));
        g_autoptr(Matcher) matcher = matcher_of(patterns, PREFILTER_AUTO);
        GThread *threads[THREADS];

        for (size_t i = 0; i < THREADS; i++)
                threads[i] = g_thread_new("match", match_many, matcher);
        for (size_t i = 0; i < THREADS; i++)
                g_assert_cmpuint(GPOINTER_TO_SIZE(g_thread_join(threads[i])), ==, 2000);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *path = g_strdup_printf("/matcher/case/%zu", i);
                g_test_add_data_func(path, &CASES[i], test_case);
        }
        g_test_add_func("/matcher/events", test_events);
        g_test_add_func("/matcher/captures", test_captures);
        g_test_add_func("/matcher/limits", test_limits);
        g_test_add_func("/matcher/most", test_most);
        g_test_add_func("/matcher/none", test_none);
        g_test_add_func("/matcher/errors", test_errors);
        g_test_add_func("/matcher/threads", test_threads);
        return g_test_run();
}
