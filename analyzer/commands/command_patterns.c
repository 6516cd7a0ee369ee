/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/patterns_tool.h"

#include <stdio.h>

/* --- what the tools share --- */

static bool is_word_in(const Pattern *pattern, const char *word) {
        const char *const texts[] = { pattern->id, pattern->title, pattern->pack_title, pattern->explain, pattern->category->id };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                if (str_find_nocase(str_from(texts[i]), str_from(word), 0) != SIZE_MAX)
                        return true;
        for (size_t i = 0; i < pattern->n_match; i++)
                if (str_find_nocase(str_from(pattern->match[i].text), str_from(word), 0) != SIZE_MAX)
                        return true;
        return false;
}

/* A category, or a group of them. */
static bool is_of_category(const Category *category, const char *wanted) {
        return g_str_equal(category->id, wanted) || g_str_equal(category->group, wanted);
}

bool tool_wants(const Tool *tool, const Pattern *pattern) {
        const Options *o = tool->options;

        if ((o->pack && !g_str_equal(pattern->pack, o->pack)) || (o->category && !is_of_category(pattern->category, o->category)) ||
            (o->role && !g_str_equal(role_name(pattern->role), o->role)) || (o->severity && !g_str_equal(severity_name(pattern->severity), o->severity)))
                return false;
        for (char **word = tool->arguments; *word; word++)
                if (!is_word_in(pattern, *word))
                        return false;
        return true;
}

bool tool_matches(const Tool *tool, guint index, const char *text) {
        uint32_t matches[MATCHES_MAX];
        size_t n = matcher_match_text(tool->scratch, str_from(text), matches);

        for (size_t i = 0; i < n; i++)
                if (matches[i] == index)
                        return true;
        return false;
}

const char *condition_kind_name(ConditionKind kind) {
        return kind == CONDITION_TEXT ? "text" : kind == CONDITION_REGEX ? "regex" : "jq";
}

void tool_add_string(JsonBuilder *builder, const char *name, const char *value) {
        json_builder_set_member_name(builder, name);
        json_builder_add_string_value(builder, value);
}

void tool_print_json(JsonBuilder *builder) {
        g_autoptr(JsonNode) root = json_builder_get_root(builder);
        g_autofree char *text = json_to_string(root, FALSE);

        puts(text);
}

/* --- test --- */

static unsigned test_lines(const Tool *tool, guint index, const char *const *lines, bool wanted, unsigned *n_tests) {
        const Pattern *p = tool->patterns->items->pdata[index];
        unsigned failed = 0;

        for (; *lines; lines++, ++*n_tests) {
                if (tool_matches(tool, index, *lines) == wanted)
                        continue;
                failed++;
                printf("%s:%u: %s %s: %s\n", p->file, p->line, p->id, wanted ? "does not match" : "must not match", *lines);
        }
        return failed;
}

int patterns_test(const Tool *tool) {
        unsigned failed = 0, n_tests = 0;

        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];
                failed += test_lines(tool, i, p->tests_match, true, &n_tests);
                failed += test_lines(tool, i, p->tests_ignore, false, &n_tests);
        }
        printf("%u patterns, %u lines, %u failed\n", tool->patterns->items->len, n_tests, failed);
        return failed ? EXIT_FOUND : EXIT_DONE;
}

/* --- the command --- */

static const struct {
        const char *name;
        int (*run)(const Tool *tool);
        bool takes_packs; /* its arguments are packs, as those of --patterns */
} TOOLS[] = { { "list", patterns_list, false }, { "show", patterns_show, false },   { "graph", patterns_graph, false },  { "test", patterns_test, true },
              { "lint", patterns_lint, true },  { "match", patterns_match, false }, { "export", patterns_export, false } };

/* The packs of --patterns, then those of the arguments. Free the list, not them. */
static GPtrArray *packs_of(const Options *options, bool takes_packs) {
        GPtrArray *packs = g_ptr_array_new();

        for (char **path = options->patterns; path && *path; path++)
                g_ptr_array_add(packs, *path);
        for (char **path = options->paths + 1; takes_packs && *path; path++)
                g_ptr_array_add(packs, *path);
        g_ptr_array_add(packs, NULL);
        return packs;
}

static int run_tool(const Options *given, int (*run)(const Tool *tool), bool takes_packs) {
        g_autoptr(GPtrArray) packs = packs_of(given, takes_packs);
        g_autoptr(GError) error = NULL;
        Options options = *given;
        Tool tool = { .options = &options, .arguments = options.paths + 1 };
        int code = EXIT_USAGE;

        options.patterns = (char **)packs->pdata;
        tool.patterns = session_patterns(&options, &error);
        /* Here is where the packs that are built in are checked. */
        if (tool.patterns)
                tool.patterns->trusting = false;
        tool.matcher = tool.patterns ? matcher_new(tool.patterns, PREFILTER_PORTABLE, &error) : NULL;
        if (tool.matcher) {
                tool.scratch = matcher_scratch_new(tool.matcher);
                code = session_end_output(run(&tool));
        } else {
                session_complain("%s", error->message);
        }
        g_clear_pointer(&tool.scratch, matcher_scratch_free);
        g_clear_pointer(&tool.matcher, matcher_free);
        g_clear_pointer(&tool.patterns, patterns_free);
        return code;
}

int command_patterns(const Options *options) {
        if (options->paths && g_str_equal(options->paths[0], "init"))
                return patterns_init(options, options->paths[1]);
        for (size_t i = 0; options->paths && i < G_N_ELEMENTS(TOOLS); i++)
                if (g_str_equal(options->paths[0], TOOLS[i].name))
                        return run_tool(options, TOOLS[i].run, TOOLS[i].takes_packs);
        session_complain("patterns: say what: list, show ID, match, graph, export ID; init NAME, test or lint");
        return EXIT_USAGE;
}
