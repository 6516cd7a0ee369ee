/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"

#include <stdio.h>

/* --- printing --- */

static const char *color_of(Role role) {
        static const char *const COLORS[] = { "#f4c7c3", "#fce8b2", "#c6dafc", "#b7e1cd" };

        return COLORS[role];
}

/* Of a title, for a label between quotes; owned. */
static char *label_of(const char *title) {
        GString *label = g_string_new(title);

        g_string_replace(label, "\\", "\\\\", 0);
        g_string_replace(label, "\"", "'", 0);
        return g_string_free(label, FALSE);
}

/* What Mermaid takes for the name of a node; owned. */
static char *node_of(const char *id) {
        return g_strdelimit(g_strdup(id), "/-.", '_');
}

static void dot_node(const char *id, const char *title, const char *shape, const char *color) {
        g_autofree char *label = label_of(title);

        printf("  \"%s\" [label=\"%s\\n%s\", shape=%s, style=filled, fillcolor=\"%s\"];\n", id, id, label, shape, color);
}

static void mermaid_node(const char *id, const char *title, bool is_category, Role role) {
        g_autofree char *label = label_of(title), *node = node_of(id);

        if (is_category)
                printf("  %s([\"%s\"])\n", node, label);
        else
                printf("  %s[\"%s\"]:::%s\n", node, label, role_name(role));
}

static void print_edge(bool mermaid, const char *from, const char *to) {
        g_autofree char *a = node_of(from), *b = node_of(to);

        if (mermaid)
                printf("  %s --> %s\n", a, b);
        else
                printf("  \"%s\" -> \"%s\";\n", from, to);
}

static void print_begin(bool mermaid) {
        if (!mermaid) {
                puts("digraph patterns {\n  rankdir=LR;");
                return;
        }
        puts("flowchart LR");
        for (unsigned role = ROLE_CAUSE; role <= ROLE_RECOVERY; role++)
                printf("  classDef %s fill:%s\n", role_name((Role)role), color_of((Role)role));
}

/* A node for each end of an edge, once, in the order in which they come. */
static void print_node(const Tool *tool, bool mermaid, GHashTable *printed, const char *id) {
        const Pattern *pattern = patterns_find(tool->patterns, id);
        const Category *category = pattern ? NULL : patterns_category(tool->patterns, id);

        if ((!pattern && !category) || !g_hash_table_add(printed, (void *)id))
                return;
        if (mermaid)
                mermaid_node(id, pattern ? pattern->title : category->title, !pattern, pattern ? pattern->role : ROLE_CAUSE);
        else
                dot_node(id, pattern ? pattern->title : category->title, pattern ? "box" : "ellipse", pattern ? color_of(pattern->role) : "#eeeeee");
}

int patterns_graph(const Tool *tool) {
        g_autoptr(GHashTable) printed = g_hash_table_new(g_str_hash, g_str_equal);
        bool mermaid = tool->options->format && g_str_equal(tool->options->format, "mermaid");

        if (tool->options->format && !mermaid && !g_str_equal(tool->options->format, "dot")) {
                session_complain("--format %s: a graph is printed as dot or mermaid", tool->options->format);
                return EXIT_USAGE;
        }
        print_begin(mermaid);
        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];

                if (!tool_wants(tool, p))
                        continue;
                print_node(tool, mermaid, printed, p->id);
                for (size_t j = 0; p->leads_to[j]; j++) {
                        print_node(tool, mermaid, printed, p->leads_to[j]);
                        print_edge(mermaid, p->id, p->leads_to[j]);
                }
        }
        if (!mermaid)
                puts("}");
        return EXIT_DONE;
}

/* --- checking --- */

static unsigned lint_dead_ends(const Tool *tool, const Pattern *p) {
        const GPtrArray *items = tool->patterns->items;
        bool any = !p->leads_to[0];

        for (guint i = 0; !any && i < items->len; i++)
                any = items->pdata[i] != p && pattern_leads_to(p, items->pdata[i]);
        return any ? 0 : lint_complain(p, "leads to nothing: no pattern is of what `leads_to` names");
}

/* Something that only follows from other things, and nothing is known to lead to it. */
static unsigned lint_orphan(const Tool *tool, const Pattern *p) {
        const GPtrArray *items = tool->patterns->items;

        if (p->role != ROLE_SYMPTOM)
                return 0;
        for (guint i = 0; i < items->len; i++)
                if (items->pdata[i] != p && pattern_leads_to(items->pdata[i], p))
                        return 0;
        return lint_complain(p, "orphan: a symptom that no pattern leads to");
}

/* Causes that name each other by id; a category is no promise about each of its patterns. */
static bool names(const Pattern *from, const Pattern *to) {
        return to->role == ROLE_CAUSE && g_strv_contains(from->leads_to, to->id);
}

typedef struct Walk {
        const GPtrArray *items;
        uint8_t *state; /* for each: not seen, on the way, done */
        guint *next;    /* where to go on among its targets */
        GArray *way;    /* of guint */
} Walk;

enum { NOT_SEEN, ON_THE_WAY, DONE };

static unsigned complain_cycle(const Walk *walk, guint back_to) {
        g_autoptr(GString) text = g_string_new(NULL);
        guint start = walk->way->len;

        while (g_array_index(walk->way, guint, start - 1) != back_to)
                start--;
        for (guint i = start - 1; i < walk->way->len; i++)
                g_string_append_printf(text, "%s -> ", ((const Pattern *)walk->items->pdata[g_array_index(walk->way, guint, i)])->id);
        g_string_append(text, ((const Pattern *)walk->items->pdata[back_to])->id);
        return lint_complain(walk->items->pdata[back_to], "a cycle among causes: %s", text->str);
}

/* One step: to a target of the last on the way, or back. */
static unsigned walk_on(Walk *walk) {
        guint at = g_array_index(walk->way, guint, walk->way->len - 1);
        const Pattern *from = walk->items->pdata[at];

        for (guint to = walk->next[at]; to < walk->items->len; to++) {
                if (to == at || !names(from, walk->items->pdata[to]) || walk->state[to] == DONE)
                        continue;
                walk->next[at] = to + 1;
                if (walk->state[to] == ON_THE_WAY)
                        return complain_cycle(walk, to);
                walk->state[to] = ON_THE_WAY;
                g_array_append_val(walk->way, to);
                return 0;
        }
        walk->state[at] = DONE;
        g_array_set_size(walk->way, walk->way->len - 1);
        return 0;
}

static unsigned lint_cycles(const Tool *tool) {
        guint n_items = tool->patterns->items->len;
        g_autofree uint8_t *state = g_new0(uint8_t, n_items + 1);
        g_autofree guint *next = g_new0(guint, n_items + 1);
        g_autoptr(GArray) way = g_array_new(FALSE, FALSE, sizeof(guint));
        Walk walk = { tool->patterns->items, state, next, way };
        unsigned n = 0;

        for (guint i = 0; i < n_items; i++) {
                if (state[i] != NOT_SEEN || ((const Pattern *)walk.items->pdata[i])->role != ROLE_CAUSE)
                        continue;
                state[i] = ON_THE_WAY;
                g_array_append_val(way, i);
                while (way->len > 0)
                        n += walk_on(&walk);
        }
        return n;
}

unsigned lint_graph(const Tool *tool) {
        unsigned n = lint_cycles(tool);

        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];
                if (g_strv_contains(p->leads_to, p->id))
                        n += lint_complain(p, "leads to itself");
        }
        /* A pack alone says nothing about what is in the others. */
        if (tool->options->no_builtin_patterns)
                return n;
        for (guint i = 0; i < tool->patterns->items->len; i++) {
                n += lint_dead_ends(tool, tool->patterns->items->pdata[i]);
                n += lint_orphan(tool, tool->patterns->items->pdata[i]);
        }
        return n;
}
