/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"
#include "input/sources.h"
#include "report/clean.h"

#include <stdio.h>

/* Of each pattern so many lines are printed; the others are counted. */
#define LINES_SHOWN 3

typedef struct Checkup {
        const Tool *tool;
        uint64_t *counts; /* for each pattern */
        uint64_t n_events, n_fired;
} Checkup;

static void print_line(const Pattern *p, const Source *source, const Event *event) {
        size_t newline = str_find(event->head, STR("\n"), 0);
        g_autofree char *raw = str_dup(str_trim(str_slice(event->head, 0, newline)));
        g_autofree char *line = clean_line(raw), *name = clean_line(source->name);

        printf("%s:%" G_GUINT64_FORMAT ": %s (%s, %s): %s\n", name, event->line, p->id, role_name(p->role), severity_name(p->severity), line);
}

/* A change or a recovery is no sign of illness. */
static bool is_alarm(const Pattern *p) {
        return p->role == ROLE_CAUSE || p->role == ROLE_SYMPTOM;
}

static bool look(const Source *source, const Layout *layout, const Event *event, const uint32_t *matches, size_t n_matches, void *data) {
        Checkup *checkup = data;
        size_t n = patterns_n_items(checkup->tool->patterns, matches, n_matches);

        (void)layout;
        checkup->n_events++;
        for (size_t i = 0; i < n; i++) {
                const Pattern *p = patterns_at(checkup->tool->patterns, matches[i]);

                if (!is_alarm(p))
                        continue;
                checkup->n_fired++;
                if (checkup->counts[matches[i]]++ < LINES_SHOWN)
                        print_line(p, source, event);
        }
        return true;
}

static void print_rest(const Checkup *checkup) {
        for (guint i = 0; i < checkup->tool->patterns->items->len; i++)
                if (checkup->counts[i] > LINES_SHOWN)
                        printf("%s: %" G_GUINT64_FORMAT " more\n", patterns_at(checkup->tool->patterns, i)->id, checkup->counts[i] - LINES_SHOWN);
}

int64_t lint_healthy(const Tool *tool, const char *path) {
        const char *const paths[] = { path, NULL };
        const Options *options = tool->options;
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GPtrArray) sources = sources_find(paths, problems);
        g_autofree char *name = NULL;
        g_autofree uint64_t *counts = g_new0(uint64_t, patterns_n(tool->patterns) + 1);
        Checkup checkup = { .tool = tool, .counts = counts };
        ScanOptions scan = { .block_bytes = (size_t)options->block_bytes, .since_us = TIME_NONE, .until_us = TIME_NONE };

        scan.inflate = options->portable ? INFLATE_ZLIB : INFLATE_AUTO;
        pipeline_visit(sources, tool->matcher, &scan, look, &checkup, problems);
        print_rest(&checkup);
        name = clean_line(path);
        if (sources->len > 0)
                printf("%s: %" G_GUINT64_FORMAT " events, %" G_GUINT64_FORMAT " on which a pattern fires\n", name, checkup.n_events, checkup.n_fired);
        for (guint i = 0; i < problems->len; i++)
                session_complain("%s", (char *)problems->pdata[i]);
        return sources->len > 0 ? (int64_t)checkup.n_fired : -1;
}
