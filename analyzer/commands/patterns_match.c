/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"
#include "match/literals.h"
#include "model/rule.h"
#include "report/clean.h"

#include <stdio.h>
#include <stdlib.h>

/* Why a pattern matches a line. */
typedef struct Reason {
        const Pattern *pattern;
        uint32_t index;
        const Condition *condition; /* NULL: nobody knows */
        char *literal;              /* owned; what the search found first; NULL: every line is looked at */
} Reason;

static const Condition *find_condition(const Tool *tool, uint32_t index, Str line) {
        Str place;

        return matcher_why(tool->scratch, index, line, STR(""), &place);
}

/* The literal of @candidates that stands in @line. */
static char *find_literal(const char *const *candidates, size_t n, Str line) {
        for (size_t i = 0; i < n; i++)
                if (str_find_nocase(line, str_from(candidates[i]), 0) != SIZE_MAX)
                        return g_strdup(candidates[i]);
        return NULL;
}

static char *literal_of(const Pattern *pattern, const Condition *condition, Str line) {
        g_autoptr(GPtrArray) derived = g_ptr_array_new_with_free_func(g_free);

        if (condition->kind == CONDITION_TEXT)
                return g_strdup(condition->text);
        if (condition->kind == CONDITION_REGEX && literals_of_regex(condition->text, derived))
                return find_literal((const char *const *)derived->pdata, derived->len, line);
        return find_literal(pattern->literals, g_strv_length((char **)pattern->literals), line);
}

static Reason reason_of(const Tool *tool, uint32_t index, Str line) {
        Reason reason = { .pattern = patterns_at(tool->patterns, index), .index = index };

        reason.condition = find_condition(tool, index, line);
        if (reason.condition)
                reason.literal = literal_of(reason.pattern, reason.condition, line);
        return reason;
}

/* The rules that ask for a term, as "ID, ID"; owned. */
static char *rules_of(const Tool *tool, const char *term) {
        GString *ids = g_string_new(NULL);

        for (guint i = 0; i < tool->patterns->rules->len; i++) {
                const Rule *rule = tool->patterns->rules->pdata[i];
                bool asks = false;

                for (size_t j = 0; j < rule->n_terms; j++)
                        asks |= g_str_equal(rule->terms[j].id, term);
                for (size_t j = 0; j < rule->n_negates; j++)
                        asks |= g_str_equal(rule->negates[j].id, term);
                if (asks)
                        g_string_append_printf(ids, "%s%s", ids->len ? ", " : "", rule->id);
        }
        return g_string_free(ids, FALSE);
}

static bool is_term(const Tool *tool, uint32_t index) {
        return index >= tool->patterns->items->len;
}

/* --- as JSON --- */

static void add_capture(const char *name, Str value, void *data) {
        g_autofree char *raw = str_dup(value), *text = clean_utf8(raw);

        tool_add_string(data, name, text);
}

static void add_reason(JsonBuilder *b, const Tool *tool, const Reason *reason, Str line) {
        const Pattern *p = reason->pattern;

        json_builder_begin_object(b);
        tool_add_string(b, "id", p->id);
        tool_add_string(b, "category", p->category->id);
        tool_add_string(b, "role", role_name(p->role));
        if (reason->condition) {
                tool_add_string(b, condition_kind_name(reason->condition->kind), reason->condition->text);
                json_builder_set_member_name(b, "line");
                json_builder_add_int_value(b, reason->condition->line);
        }
        if (reason->literal)
                tool_add_string(b, "literal", reason->literal);
        json_builder_set_member_name(b, "captures");
        json_builder_begin_object(b);
        matcher_captures(tool->scratch, reason->index, line, add_capture, b);
        json_builder_end_object(b);
        json_builder_end_object(b);
}

static void match_json(const Tool *tool, unsigned number, Str line, const uint32_t *matches, size_t n) {
        g_autoptr(JsonBuilder) b = json_builder_new();

        json_builder_begin_object(b);
        json_builder_set_member_name(b, "line");
        json_builder_add_int_value(b, number);
        json_builder_set_member_name(b, "matches");
        json_builder_begin_array(b);
        for (size_t i = 0; i < n; i++) {
                Reason reason = reason_of(tool, matches[i], line);
                if (!is_term(tool, matches[i]))
                        add_reason(b, tool, &reason, line);
                g_free(reason.literal);
        }
        json_builder_end_array(b);
        json_builder_end_object(b);
        tool_print_json(b);
}

/* --- in words --- */

static void print_capture(const char *name, Str value, void *data) {
        g_autofree char *raw = str_dup(value), *text = clean_line(raw);
        bool *first = data;

        printf("%s%s = %s", *first ? "   captures " : ", ", name, text);
        *first = false;
}

static void print_reason(const Tool *tool, unsigned number, const Reason *reason, Str line) {
        const Pattern *p = reason->pattern;
        bool first = true;

        if (is_term(tool, reason->index)) {
                g_autofree char *rules = rules_of(tool, p->id);
                printf("%u: a term of %s, which asks for more than one line\n", number, rules);
        } else {
                printf("%u: %s (%s, %s): %s\n", number, p->id, role_name(p->role), p->category->id, p->title);
        }
        if (reason->condition)
                printf("   by %s: %s (%s:%u)\n", condition_kind_name(reason->condition->kind), reason->condition->text, p->file, reason->condition->line);
        if (reason->condition && reason->condition->kind != CONDITION_TEXT)
                printf("   literal %s\n", reason->literal ? reason->literal : "none, every line is looked at");
        matcher_captures(tool->scratch, reason->index, line, print_capture, &first);
        if (!first)
                putchar('\n');
}

static void match_words(const Tool *tool, unsigned number, Str line, const uint32_t *matches, size_t n) {
        for (size_t i = 0; i < n; i++) {
                Reason reason = reason_of(tool, matches[i], line);
                print_reason(tool, number, &reason, line);
                g_free(reason.literal);
        }
        if (n == 0)
                printf("%u: no pattern\n", number);
}

int patterns_match(const Tool *tool) {
        bool json = tool->options->format && g_str_has_prefix(tool->options->format, "json");
        char *buffer = NULL;
        size_t capacity = 0;
        ssize_t length;

        if (tool->arguments[0]) {
                session_complain("patterns match %s: it reads lines from standard input; packs are named by --patterns", tool->arguments[0]);
                return EXIT_USAGE;
        }
        for (unsigned number = 1; (length = getline(&buffer, &capacity, stdin)) >= 0; number++) {
                uint32_t matches[MATCHES_MAX];
                Str line = str_trim((Str){ buffer, (size_t)length });
                size_t n = matcher_match_text(tool->scratch, line, matches);

                (json ? match_json : match_words)(tool, number, line, matches, n);
        }
        free(buffer);
        return EXIT_DONE;
}
