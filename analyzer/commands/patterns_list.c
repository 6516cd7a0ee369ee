/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"

#include <stdio.h>

/* --- as JSON --- */

static void add_strings(JsonBuilder *b, const char *name, const char *const *items) {
        json_builder_set_member_name(b, name);
        json_builder_begin_array(b);
        for (; *items; items++)
                json_builder_add_string_value(b, *items);
        json_builder_end_array(b);
}

static void add_conditions(JsonBuilder *b, const char *name, const Condition *conditions, size_t n) {
        json_builder_set_member_name(b, name);
        json_builder_begin_array(b);
        for (size_t i = 0; i < n; i++) {
                json_builder_begin_object(b);
                tool_add_string(b, condition_kind_name(conditions[i].kind), conditions[i].text);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void add_heading(JsonBuilder *b, const Pattern *p) {
        tool_add_string(b, "id", p->id);
        tool_add_string(b, "pack", p->pack);
        tool_add_string(b, "title", p->title);
        tool_add_string(b, "category", p->category->id);
        tool_add_string(b, "role", role_name(p->role));
        tool_add_string(b, "severity", severity_name(p->severity));
        tool_add_string(b, "file", p->file);
        json_builder_set_member_name(b, "line");
        json_builder_add_int_value(b, p->line);
}

static void add_body(JsonBuilder *b, const Pattern *p) {
        add_conditions(b, "match", p->match, p->n_match);
        add_conditions(b, "unless", p->unless, p->n_unless);
        tool_add_string(b, "explain", p->explain);
        add_strings(b, "leads_to", p->leads_to);
        add_strings(b, "checks", p->checks);
        add_strings(b, "fixes", p->fixes);
        add_strings(b, "prevents", p->prevents);
        add_strings(b, "references", p->references);
}

static void print_json(const Pattern *p, bool whole) {
        g_autoptr(JsonBuilder) b = json_builder_new();

        json_builder_begin_object(b);
        add_heading(b, p);
        if (whole)
                add_body(b, p);
        json_builder_end_object(b);
        tool_print_json(b);
}

static bool wants_json(const Tool *tool) {
        return tool->options->format && g_str_has_prefix(tool->options->format, "json");
}

/* --- list --- */

static void print_row(const Pattern *p) {
        printf("%-36s %-8s %-8s %-28s %s\n", p->id, role_name(p->role), severity_name(p->severity), p->category->id, p->title);
}

int patterns_list(const Tool *tool) {
        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];

                if (!tool_wants(tool, p))
                        continue;
                if (wants_json(tool))
                        print_json(p, false);
                else
                        print_row(p);
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
                printf("%-10s %s: %s\n", i ? "" : label, condition_kind_name(conditions[i].kind), conditions[i].text);
}

static void show(const Pattern *p) {
        printf("%s: %s\n%-10s %s, %s, %s (%s:%u)\n", p->id, p->title, "is", role_name(p->role), severity_name(p->severity), p->category->id, p->file, p->line);
        show_conditions("match", p->match, p->n_match);
        show_conditions("unless", p->unless, p->n_unless);
        printf("%-10s %s\n", "explain", p->explain);
        show_list("leads to", p->leads_to);
        show_list("check", p->checks);
        show_list("do", p->fixes);
        show_list("prevent", p->prevents);
        show_list("see", p->references);
}

/* A full id, or a pack for all of its patterns; how many were shown. */
static unsigned show_named(const Tool *tool, const char *name) {
        unsigned n = 0;

        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];

                if (!g_str_equal(p->id, name) && !g_str_equal(p->pack, name))
                        continue;
                if (wants_json(tool))
                        print_json(p, true);
                else
                        show(p);
                n++;
        }
        return n;
}

int patterns_show(const Tool *tool) {
        for (char **name = tool->arguments; *name; name++) {
                if (show_named(tool, *name) > 0)
                        continue;
                session_complain("patterns show %s: no such pattern (see `logscan patterns list`)", *name);
                return EXIT_USAGE;
        }
        return EXIT_DONE;
}
