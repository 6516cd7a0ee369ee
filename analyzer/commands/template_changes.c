/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/template_rows.h"

#include "report/clean.h"

#include <math.h>

/* A template has a say in the level of traffic when both inputs have it so often. */
#define LEVEL_COUNT_MIN 5

/* What is told of a chance: finer steps say nothing. */
#define CHANCE_STEPS 1e6

typedef struct Ratio {
        double log_ratio, weight;
} Ratio;

static int compare_ratios(const void *a, const void *b) {
        const Ratio *one = a, *two = b;

        return (one->log_ratio > two->log_ratio) - (one->log_ratio < two->log_ratio);
}

/*
 * How much more was written now by what did not change: the median of the templates' ratios, each weighted by the root
 * of its smaller count. A flood of one template moves a median little, where it would move a sum.
 */
static double level_of(const GArray *changes) {
        g_autoptr(GArray) ratios = g_array_new(FALSE, FALSE, sizeof(Ratio));
        double sum = 0, half = 0, before = 1, now = 1;

        for (guint i = 0; i < changes->len; i++) {
                const TemplateChange *c = &g_array_index(changes, TemplateChange, i);
                Ratio ratio = { log((double)MAX(c->now, 1) / (double)MAX(c->before, 1)), sqrt((double)MIN(c->now, c->before)) };

                before += (double)c->before;
                now += (double)c->now;
                if (c->before < LEVEL_COUNT_MIN || c->now < LEVEL_COUNT_MIN)
                        continue;
                sum += ratio.weight;
                g_array_append_val(ratios, ratio);
        }
        g_array_sort(ratios, compare_ratios);
        for (guint i = 0; i < ratios->len; i++) {
                half += g_array_index(ratios, Ratio, i).weight;
                if (half >= sum / 2)
                        return exp(g_array_index(ratios, Ratio, i).log_ratio);
        }
        return now / before;
}

static void add_rows(GArray *changes, GHashTable *index, const GPtrArray *rows, bool is_now) {
        for (guint i = 0; i < rows->len; i++) {
                const TemplateRow *row = rows->pdata[i];
                guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, row->template));
                TemplateChange *change;

                if (at == 0) {
                        TemplateChange fresh = { .template = row->template };
                        g_array_append_val(changes, fresh);
                        at = changes->len;
                        g_hash_table_insert(index, (void *)row->template, GUINT_TO_POINTER(at));
                }
                change = &g_array_index(changes, TemplateChange, at - 1);
                *(is_now ? &change->now : &change->before) += row->count;
        }
}

static int compare_changes(const void *a, const void *b) {
        const TemplateChange *one = a, *two = b;
        int order;

        if (one->change.g != two->change.g)
                return one->change.g > two->change.g ? -1 : 1;
        order = strcmp(one->template->text, two->template->text);
        return order ? order : (one->template->key > two->template->key) - (one->template->key < two->template->key);
}

static bool is_told(TemplateChange *c, Level min_level) {
        if (c->template->level < min_level)
                return false;
        if (c->change.kind == CHANGE_NONE && c->template->level >= LEVEL_WARNING && (c->before == 0 || c->now == 0))
                c->change.kind = c->before == 0 ? CHANGE_NEW : CHANGE_GONE;
        return c->change.kind != CHANGE_NONE;
}

GArray *template_changes(const GPtrArray *before, const GPtrArray *now, Level min_level) {
        g_autoptr(GHashTable) index = g_hash_table_new(NULL, NULL);
        GArray *changes = g_array_new(FALSE, FALSE, sizeof(TemplateChange));
        double level;
        guint n_told = 0, n_tests;

        add_rows(changes, index, before, false);
        add_rows(changes, index, now, true);
        level = level_of(changes);
        n_tests = changes->len;
        for (guint i = 0; i < changes->len; i++) {
                TemplateChange *c = &g_array_index(changes, TemplateChange, i);
                c->change = change_of(c->before, c->now, level, n_tests);
                if (is_told(c, min_level))
                        g_array_index(changes, TemplateChange, n_told++) = *c;
        }
        g_array_set_size(changes, n_told);
        g_array_sort(changes, compare_changes);
        return changes;
}

/* --- words --- */

static double seconds_of(const LedgerView *view) {
        int64_t first, last;

        return template_rows_span(view, &first, &last) ? (double)(last - first) : -1;
}

static void add_change(JsonBuilder *b, const TemplateChange *c, const char *what) {
        g_autofree char *id = g_strdup_printf("%016" G_GINT64_MODIFIER "x", c->template->key), *text = clean_utf8(c->template->text);

        json_builder_begin_object(b);
        json_builder_set_member_name(b, "id");
        json_builder_add_string_value(b, id);
        json_builder_set_member_name(b, "change");
        json_builder_add_string_value(b, change_name(c->change.kind));
        json_builder_set_member_name(b, "level");
        json_builder_add_string_value(b, level_name(c->template->level));
        json_builder_set_member_name(b, "before");
        json_builder_add_int_value(b, (gint64)c->before);
        json_builder_set_member_name(b, "now");
        json_builder_add_int_value(b, (gint64)c->now);
        json_builder_set_member_name(b, "chance");
        json_builder_add_double_value(b, round(c->change.chance * CHANCE_STEPS) / CHANCE_STEPS);
        json_builder_set_member_name(b, "what");
        json_builder_add_string_value(b, what);
        json_builder_set_member_name(b, "text");
        json_builder_add_string_value(b, text);
        json_builder_end_object(b);
}

static void append_change(GString *out, const TemplateChange *c, const char *what, bool tsv) {
        g_autofree char *text = clean_line(c->template->text);

        if (tsv)
                g_string_append_printf(out, "%016" G_GINT64_MODIFIER "x\t%s\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%s\t%s\n", c->template->key,
                                       change_name(c->change.kind), (guint64)c->before, (guint64)c->now, level_name(c->template->level), text);
        else
                g_string_append_printf(out, "%s\n    %s%s%s\n", what, level_name(c->template->level), c->template->level ? "  " : "", text);
}

char *template_changes_write(const GArray *changes, const LedgerView *before, const LedgerView *now, ChangesFormat format) {
        double then_seconds = seconds_of(before), now_seconds = seconds_of(now);
        g_autoptr(JsonBuilder) b = json_builder_new();
        g_autoptr(GString) out = g_string_new(NULL);

        json_builder_begin_array(b);
        for (guint i = 0; i < changes->len; i++) {
                const TemplateChange *c = &g_array_index(changes, TemplateChange, i);
                g_autofree char *what = change_words(c->change.kind, c->before, then_seconds, c->now, now_seconds);

                if (format == CHANGES_JSON)
                        add_change(b, c, what);
                else
                        append_change(out, c, what, format == CHANGES_TSV);
        }
        json_builder_end_array(b);
        if (format == CHANGES_JSON)
                return template_json_text(b);
        if (changes->len == 0 && format == CHANGES_TEXT)
                g_string_append(out, "nothing new, nothing gone, nothing changed\n");
        return g_string_free(g_steal_pointer(&out), FALSE);
}
