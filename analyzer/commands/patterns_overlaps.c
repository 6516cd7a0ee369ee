/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"

/*
 * Overlaps: which patterns match the lines that others are made for. That a line says two things is common: a proxy's
 * line tells of the refused connection and of the 502. What is wrong is a pattern that never says anything of its own.
 */

typedef struct Overlaps {
        const Tool *tool;
        guint n;
        unsigned *shared; /* [i * n + j]: lines of i that j matches as well */
        unsigned *lines;  /* of each */
} Overlaps;

static void count_line(Overlaps *o, guint i, const char *line) {
        uint32_t matches[MATCHES_MAX];
        size_t n = matcher_match_text(o->tool->scratch, str_from(line), matches);

        o->lines[i]++;
        n = patterns_n_items(o->tool->patterns, matches, n);
        for (size_t j = 0; j < n; j++)
                o->shared[i * o->n + matches[j]]++;
}

static bool is_related(const Pattern *a, const Pattern *b) {
        return pattern_leads_to(a, b) || pattern_leads_to(b, a);
}

static bool always(const Overlaps *o, guint i, guint j) {
        return o->lines[i] > 0 && o->shared[i * o->n + j] == o->lines[i];
}

/* @i says nothing that @j does not say as well. */
static unsigned lint_pair(const Overlaps *o, guint i, guint j) {
        const Pattern *a = o->tool->patterns->items->pdata[i], *b = o->tool->patterns->items->pdata[j];

        if (!always(o, i, j) || a->role != b->role || is_related(a, b))
                return 0;
        if (always(o, j, i))
                return i < j ? lint_complain(a, "cannot be told from %s: each matches all lines of the other", b->id) : 0;
        if (g_str_equal(a->pack, b->pack) && a->category == b->category)
                return lint_complain(a, "stands in the shadow of %s, which matches all its lines, with the same role and category", b->id);
        return 0;
}

unsigned lint_overlaps(const Tool *tool) {
        guint n_items = tool->patterns->items->len;
        g_autofree unsigned *shared = g_new0(unsigned, (size_t)n_items *n_items + 1);
        g_autofree unsigned *lines = g_new0(unsigned, n_items + 1);
        Overlaps o = { tool, n_items, shared, lines };
        unsigned n = 0;

        for (guint i = 0; i < n_items; i++)
                for (const char *const *line = ((const Pattern *)tool->patterns->items->pdata[i])->tests_match; *line; line++)
                        count_line(&o, i, *line);
        for (guint i = 0; i < n_items; i++)
                for (guint j = 0; j < n_items; j++)
                        if (i != j)
                                n += lint_pair(&o, i, j);
        return n;
}
