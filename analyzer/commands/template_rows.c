/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/template_rows.h"

#include "base/time.h"
#include "report/clean.h"

#include <stdio.h>

#define TEMPLATE_ID "%016" G_GINT64_MODIFIER "x"

#define SPARK_CELLS 10

/* Slots that are told of a template as text, and values of each. */
#define SLOTS_TOLD  4
#define VALUES_TOLD 3

/* --- rows --- */

static void row_free(void *data) {
        TemplateRow *row = data;

        series_clear(&row->series);
        g_free(row);
}

static void row_add(TemplateRow *row, const Signal *signal) {
        row->count += signal->count;
        row->level = MAX(row->level, signal->level);
        series_merge(&row->series, &signal->series);
        for (uint32_t i = 0; i < signal->n_sources; i++) {
                const SourceCount *count = &signal->sources[i];
                if (count->first_us == TIME_NONE)
                        continue;
                row->first_us = row->first_us == TIME_NONE ? count->first_us : MIN(row->first_us, count->first_us);
                row->last_us = MAX(row->last_us, count->last_us);
        }
}

static int compare_rows(const void *a, const void *b) {
        const TemplateRow *one = *(const TemplateRow *const *)a, *two = *(const TemplateRow *const *)b;
        int order;

        if (one->count != two->count)
                return one->count > two->count ? -1 : 1;
        order = strcmp(one->template->text, two->template->text);
        return order ? order : (one->template->key > two->template->key) - (one->template->key < two->template->key);
}

GPtrArray *template_rows(const Templates *templates, const LedgerView *view, Level min_level) {
        g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
        GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                const Template *template = templates_of(templates, signal->key);
                TemplateRow *row;

                if (!template || template->level < min_level)
                        continue;
                row = g_hash_table_lookup(known, template);
                if (!row) {
                        row = g_new0(TemplateRow, 1);
                        row->template = template;
                        row->first_us = row->last_us = TIME_NONE;
                        g_hash_table_insert(known, (void *)template, row);
                        g_ptr_array_add(rows, row);
                }
                row_add(row, signal);
        }
        g_ptr_array_sort(rows, compare_rows);
        return rows;
}

bool template_rows_span(const LedgerView *view, int64_t *first, int64_t *last) {
        if (view->all.n == 0)
                return false;
        *first = view->all.buckets[0].start;
        *last = (int64_t)view->all.buckets[view->all.n - 1].start + series_width(&view->all);
        return true;
}

/* --- text --- */

static const char *write_time(int64_t time_us, char buffer[static TIME_TEXT_BYTES]) {
        return time_us == TIME_NONE ? "" : time_write(time_us, buffer);
}

/* Counts from the begin to the end of the log, the highest cell full. */
static void append_sparkline(GString *out, const Series *series, const LedgerView *view) {
        static const char *const BLOCKS[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
        uint64_t cells[SPARK_CELLS] = { 0 }, most = 1;
        int64_t first, last;

        if (!template_rows_span(view, &first, &last))
                return;
        for (uint32_t i = 0; i < series->n; i++) {
                uint64_t *cell = &cells[MIN((uint64_t)(MAX(series->buckets[i].start - first, 0)) * SPARK_CELLS / (uint64_t)(last - first), SPARK_CELLS - 1)];
                *cell += series->buckets[i].count;
                most = MAX(most, *cell);
        }
        for (unsigned i = 0; i < SPARK_CELLS; i++)
                g_string_append(out, BLOCKS[(cells[i] * 8 + most - 1) / most]);
        g_string_append(out, "  ");
}

/* A slot is worth a word when it varies. A number that is another each time is told by its range, others by their shares. */
static bool append_slot(GString *out, const Slot *slot) {
        if (slot->n_distinct < 2)
                return false;
        if (out->len > 0)
                g_string_append(out, "; ");
        if (*slot->name)
                g_string_append_printf(out, "%s ", slot->name);
        if (slot->n_numeric == slot->count && slot->n_distinct > VALUES_TOLD) {
                g_string_append_printf(out, "%g to %g", slot->min, slot->max);
                return true;
        }
        for (unsigned i = 0; i < MIN(slot->n_top, VALUES_TOLD); i++)
                g_string_append_printf(out, "%s%.60s %.0f %%", i ? ", " : "", slot->top[i].text,
                                       100.0 * (double)slot->top[i].count / (double)MAX(slot->count, 1));
        if (slot->n_distinct > VALUES_TOLD)
                g_string_append(out, ", others");
        return true;
}

static char *words_of_slots(const Template *template) {
        GString *out = g_string_new(NULL);
        unsigned told = 0;

        for (guint i = 0; template->slots && i < template->slots->len && told < SLOTS_TOLD; i++)
                told += append_slot(out, template->slots->pdata[i]);
        return g_string_free(out, FALSE);
}

void template_rows_print_text(const GPtrArray *rows, const LedgerView *view) {
        for (guint i = 0; i < rows->len; i++) {
                const TemplateRow *row = rows->pdata[i];
                g_autofree char *text = clean_line(row->template->text), *slots = words_of_slots(row->template);
                g_autofree char *clean = clean_line(slots);
                g_autoptr(GString) spark = g_string_new(NULL);

                append_sparkline(spark, &row->series, view);
                printf("%10" G_GUINT64_FORMAT "  %-7s  %s%s\n", (guint64)row->count, level_name(row->level), spark->str, text);
                if (*clean)
                        printf("%21s%s\n", "", clean);
        }
}

void template_rows_print_tsv(const GPtrArray *rows) {
        for (guint i = 0; i < rows->len; i++) {
                const TemplateRow *row = rows->pdata[i];
                g_autofree char *text = clean_line(row->template->text);
                char first[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES];

                printf(TEMPLATE_ID "\t%" G_GUINT64_FORMAT "\t%s\t%s\t%s\t%s\n", row->template->key, (guint64)row->count, level_name(row->level),
                       write_time(row->first_us, first), write_time(row->last_us, last), text);
        }
}

/* --- JSON --- */

static void add_string(JsonBuilder *b, const char *name, const char *value) {
        g_autofree char *clean = clean_utf8(value);

        json_builder_set_member_name(b, name);
        json_builder_add_string_value(b, clean);
}

static void add_count(JsonBuilder *b, const char *name, uint64_t value) {
        json_builder_set_member_name(b, name);
        json_builder_add_int_value(b, (gint64)value);
}

static void add_slot(JsonBuilder *b, const Slot *slot) {
        json_builder_begin_object(b);
        add_string(b, "name", slot->name);
        add_count(b, "sampled", slot->count);
        add_count(b, "distinct", slot->n_distinct);
        json_builder_set_member_name(b, "top");
        json_builder_begin_array(b);
        for (unsigned i = 0; i < slot->n_top; i++) {
                json_builder_begin_object(b);
                add_string(b, "value", slot->top[i].text);
                add_count(b, "count", slot->top[i].count);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
        if (slot->n_numeric > 0) {
                json_builder_set_member_name(b, "min");
                json_builder_add_double_value(b, slot->min);
                json_builder_set_member_name(b, "max");
                json_builder_add_double_value(b, slot->max);
        }
        json_builder_end_object(b);
}

static void add_row(JsonBuilder *b, const TemplateRow *row) {
        g_autofree char *id = g_strdup_printf(TEMPLATE_ID, row->template->key);
        char buffer[TIME_TEXT_BYTES];

        json_builder_begin_object(b);
        add_string(b, "id", id);
        add_count(b, "count", row->count);
        add_string(b, "level", level_name(row->level));
        add_string(b, "first", write_time(row->first_us, buffer));
        add_string(b, "last", write_time(row->last_us, buffer));
        add_string(b, "text", row->template->text);
        json_builder_set_member_name(b, "slots");
        json_builder_begin_array(b);
        for (guint i = 0; row->template->slots && i < row->template->slots->len; i++)
                add_slot(b, row->template->slots->pdata[i]);
        json_builder_end_array(b);
        json_builder_end_object(b);
}

char *template_json_text(JsonBuilder *builder) {
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(JsonNode) root = json_builder_get_root(builder);
        g_autofree char *text = NULL;

        json_generator_set_root(generator, root);
        json_generator_set_pretty(generator, TRUE);
        text = json_generator_to_data(generator, NULL);
        return g_strconcat(text, "\n", NULL);
}

char *template_rows_json(const GPtrArray *rows) {
        g_autoptr(JsonBuilder) b = json_builder_new();

        json_builder_begin_array(b);
        for (guint i = 0; i < rows->len; i++)
                add_row(b, rows->pdata[i]);
        json_builder_end_array(b);
        return template_json_text(b);
}
