/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/session.h"
#include "report/clean.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Tool {
        const Options *options;
        Patterns *patterns;
        Matcher *matcher;
        MatcherScratch *scratch;
        char **arguments;
} Tool;

/* --- list --- */

static int list(const Tool *tool) {
        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];
                printf("%-36s %-8s %-8s %-28s %s\n", p->id, role_name(p->role), severity_name(p->severity), p->category->id, p->title);
        }
        return EXIT_DONE;
}

/* --- show --- */

static void show_list(const char *label, const char *const *items) {
        for (; *items; items++, label = "")
                printf("%-10s %s\n", label, *items);
}

static void show_conditions(const char *label, const Condition *conditions, size_t n) {
        for (size_t i = 0; i < n; i++)
                printf("%-10s %s: %s\n", i ? "" : label, conditions[i].kind == CONDITION_REGEX ? "regex" : "text", conditions[i].text);
}

static int show(const Tool *tool) {
        for (char **id = tool->arguments; *id; id++) {
                const Pattern *p = patterns_find(tool->patterns, *id);
                if (!p) {
                        session_complain("patterns show %s: no such pattern (see `logscan patterns list`)", *id);
                        return EXIT_USAGE;
                }
                printf("%s: %s\n%-10s %s, %s, %s (%s:%u)\n", p->id, p->title, "is", role_name(p->role), severity_name(p->severity),
                       p->category->id, p->file, p->line);
                show_conditions("match", p->match, p->n_match);
                show_conditions("unless", p->unless, p->n_unless);
                printf("%-10s %s\n", "explain", p->explain);
                show_list("leads to", p->leads_to);
                show_list("check", p->checks);
                show_list("do", p->fixes);
                show_list("prevent", p->prevents);
                show_list("see", p->references);
        }
        return EXIT_DONE;
}

/* --- test --- */

static bool matches_text(const Tool *tool, guint index, const char *text) {
        uint32_t matches[MATCHES_MAX];
        size_t n = matcher_match_text(tool->scratch, str_from(text), matches);

        for (size_t i = 0; i < n; i++)
                if (matches[i] == index)
                        return true;
        return false;
}

static unsigned test_lines(const Tool *tool, guint index, const char *const *lines, bool wanted, unsigned *n_tests) {
        const Pattern *p = tool->patterns->items->pdata[index];
        unsigned failed = 0;

        for (; *lines; lines++, ++*n_tests) {
                if (matches_text(tool, index, *lines) == wanted)
                        continue;
                failed++;
                printf("%s:%u: %s %s: %s\n", p->file, p->line, p->id, wanted ? "does not match" : "must not match", *lines);
        }
        return failed;
}

static int test(const Tool *tool) {
        unsigned failed = 0, n_tests = 0;

        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];
                failed += test_lines(tool, i, p->tests_match, true, &n_tests);
                failed += test_lines(tool, i, p->tests_ignore, false, &n_tests);
        }
        printf("%u patterns, %u lines, %u failed\n", tool->patterns->items->len, n_tests, failed);
        return failed ? EXIT_FOUND : EXIT_DONE;
}

/* --- lint: what is allowed, but no good --- */

static unsigned complain(const Pattern *p, const char *what) {
        printf("%s:%u: %s: %s\n", p->file, p->line, p->id, what);
        return 1;
}

static unsigned lint_pattern(const Pattern *p) {
        unsigned n = 0;

        if (p->role == ROLE_CHANGE && !g_str_equal(p->category->group, "changes"))
                n += complain(p, "a change belongs to a category of changes/");
        if (p->role != ROLE_CHANGE && g_str_equal(p->category->group, "changes"))
                n += complain(p, "changes/ is for patterns of role change");
        if ((p->role == ROLE_RECOVERY) != g_str_equal(p->category->group, "recovery"))
                n += complain(p, "recovery/ is for patterns of role recovery, and they belong there");
        return n;
}

/* The same condition in two patterns: one of them can never be told from the other. */
static unsigned lint_doubles(const Tool *tool) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        unsigned n = 0;

        for (guint i = 0; i < tool->patterns->items->len; i++) {
                Pattern *p = tool->patterns->items->pdata[i];
                for (size_t j = 0; j < p->n_match; j++) {
                        const Pattern *other = g_hash_table_lookup(seen, p->match[j].text);
                        if (other && other != p && p->n_unless == 0 && other->n_unless == 0) {
                                g_autofree char *what = g_strdup_printf("matches the same as %s: %s", other->id, p->match[j].text);
                                n += complain(p, what);
                        }
                        g_hash_table_insert(seen, (void *)p->match[j].text, p);
                }
        }
        return n;
}

static int lint(const Tool *tool) {
        unsigned n = lint_doubles(tool);

        for (guint i = 0; i < tool->patterns->items->len; i++)
                n += lint_pattern(tool->patterns->items->pdata[i]);
        printf("%u patterns, %u complaint%s\n", tool->patterns->items->len, n, n == 1 ? "" : "s");
        return n ? EXIT_FOUND : EXIT_DONE;
}

/* --- match --- */

static void add_match(JsonBuilder *b, const Pattern *p) {
        json_builder_begin_object(b);
        json_builder_set_member_name(b, "id");
        json_builder_add_string_value(b, p->id);
        json_builder_set_member_name(b, "category");
        json_builder_add_string_value(b, p->category->id);
        json_builder_set_member_name(b, "role");
        json_builder_add_string_value(b, role_name(p->role));
        json_builder_end_object(b);
}

static void match_json(const Tool *tool, unsigned number, const uint32_t *matches, size_t n) {
        g_autoptr(JsonBuilder) b = json_builder_new();
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *text = NULL;

        json_builder_begin_object(b);
        json_builder_set_member_name(b, "line");
        json_builder_add_int_value(b, number);
        json_builder_set_member_name(b, "matches");
        json_builder_begin_array(b);
        for (size_t i = 0; i < n; i++)
                add_match(b, tool->patterns->items->pdata[matches[i]]);
        json_builder_end_array(b);
        json_builder_end_object(b);
        root = json_builder_get_root(b);
        json_generator_set_root(generator, root);
        text = json_generator_to_data(generator, NULL);
        puts(text);
}

static void match_words(const Tool *tool, unsigned number, const uint32_t *matches, size_t n) {
        for (size_t i = 0; i < n; i++) {
                const Pattern *p = tool->patterns->items->pdata[matches[i]];
                printf("%u: %s (%s, %s): %s\n", number, p->id, role_name(p->role), p->category->id, p->title);
        }
        if (n == 0)
                printf("%u: no pattern\n", number);
}

static int match(const Tool *tool) {
        bool json = tool->options->format && g_str_equal(tool->options->format, "jsonl");
        char *line = NULL;
        size_t capacity = 0;
        ssize_t length;

        for (unsigned number = 1; (length = getline(&line, &capacity, stdin)) >= 0; number++) {
                uint32_t matches[MATCHES_MAX];
                size_t n = matcher_match_text(tool->scratch, str_trim((Str){ line, (size_t)length }), matches);
                (json ? match_json : match_words)(tool, number, matches, n);
        }
        free(line);
        return EXIT_DONE;
}

/* --- the command --- */

static const struct {
        const char *name;
        int (*run)(const Tool *tool);
} TOOLS[] = { { "list", list }, { "show", show }, { "test", test }, { "lint", lint }, { "match", match } };

static int run_tool(const Options *options, int (*run)(const Tool *tool)) {
        Tool tool = { .options = options, .arguments = options->paths + 1 };
        g_autoptr(GError) error = NULL;
        int code = EXIT_USAGE;

        tool.patterns = session_patterns(options, &error);
        tool.matcher = tool.patterns ? matcher_new(tool.patterns, options->portable ? PREFILTER_PORTABLE : PREFILTER_AUTO, &error) : NULL;
        if (tool.matcher) {
                tool.scratch = matcher_scratch_new(tool.matcher);
                code = run(&tool);
                fflush(stdout);
        } else {
                session_complain("%s", error->message);
        }
        g_clear_pointer(&tool.scratch, matcher_scratch_free);
        g_clear_pointer(&tool.matcher, matcher_free);
        g_clear_pointer(&tool.patterns, patterns_free);
        return code;
}

int command_patterns(const Options *options) {
        for (size_t i = 0; options->paths && i < G_N_ELEMENTS(TOOLS); i++)
                if (g_str_equal(options->paths[0], TOOLS[i].name))
                        return run_tool(options, TOOLS[i].run);
        session_complain("patterns: say what: list, show ID, test, lint or match");
        return EXIT_USAGE;
}
