/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "commands/commands.h"
#include "commands/session.h"
#include "mine/shape.h"
#include "report/clean.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

/* A template's id: the key of its shape. */
#define TEMPLATE_ID "%016" G_GINT64_MODIFIER "x"

static int compare_counts(const void *a, const void *b) {
        const Signal *one = *(const Signal *const *)a, *two = *(const Signal *const *)b;

        if (one->count != two->count)
                return one->count > two->count ? -1 : 1;
        return one->key < two->key ? -1 : one->key > two->key;
}

static void span_of(const Signal *signal, int64_t *first, int64_t *last) {
        *first = *last = TIME_NONE;
        for (uint32_t i = 0; i < signal->n_sources; i++) {
                const SourceCount *count = &signal->sources[i];
                if (count->first_us == TIME_NONE)
                        continue;
                *first = *first == TIME_NONE ? count->first_us : MIN(*first, count->first_us);
                *last = MAX(*last, count->last_us);
        }
}

static const char *write_time(int64_t time_us, char buffer[static TIME_TEXT_BYTES]) {
        return time_us == TIME_NONE ? "" : time_write(time_us, buffer);
}

static void print_row(const Signal *signal, bool tsv) {
        char first_text[TIME_TEXT_BYTES], last_text[TIME_TEXT_BYTES];
        g_autofree char *text = clean_line(signal->shape);
        int64_t first, last;

        span_of(signal, &first, &last);
        if (tsv)
                printf(TEMPLATE_ID "\t%" G_GUINT64_FORMAT "\t%s\t%s\t%s\t%s\n", signal->key, (guint64)signal->count,
                       level_name(signal->level), write_time(first, first_text), write_time(last, last_text), text);
        else
                printf("%10" G_GUINT64_FORMAT "  %-7s  %s\n", (guint64)signal->count, level_name(signal->level), text);
}

static void add_row(JsonBuilder *b, const Signal *signal) {
        g_autofree char *id = g_strdup_printf(TEMPLATE_ID, signal->key), *text = clean_utf8(signal->shape);
        char buffer[TIME_TEXT_BYTES];
        int64_t first, last;

        span_of(signal, &first, &last);
        json_builder_begin_object(b);
        json_builder_set_member_name(b, "id");
        json_builder_add_string_value(b, id);
        json_builder_set_member_name(b, "count");
        json_builder_add_int_value(b, (gint64)signal->count);
        json_builder_set_member_name(b, "level");
        json_builder_add_string_value(b, level_name(signal->level));
        json_builder_set_member_name(b, "first");
        json_builder_add_string_value(b, write_time(first, buffer));
        json_builder_set_member_name(b, "last");
        json_builder_add_string_value(b, write_time(last, buffer));
        json_builder_set_member_name(b, "text");
        json_builder_add_string_value(b, text);
        json_builder_end_object(b);
}

static bool print_json(const GPtrArray *signals, GError **error) {
        g_autoptr(JsonBuilder) b = json_builder_new();
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *text = NULL, *whole = NULL;

        json_builder_begin_array(b);
        for (guint i = 0; i < signals->len; i++)
                add_row(b, signals->pdata[i]);
        json_builder_end_array(b);
        root = json_builder_get_root(b);
        json_generator_set_root(generator, root);
        json_generator_set_pretty(generator, TRUE);
        text = json_generator_to_data(generator, NULL);
        whole = g_strconcat(text, "\n", NULL);
        return session_print(whole, error);
}

static bool print_table(const LedgerView *view, const Options *options, Level min_level, GError **error) {
        g_autoptr(GPtrArray) signals = g_ptr_array_new();

        for (guint i = 0; i < view->signals->len; i++)
                if (((Signal *)view->signals->pdata[i])->level >= min_level)
                        g_ptr_array_add(signals, view->signals->pdata[i]);
        g_ptr_array_sort(signals, compare_counts);
        if (options->format && g_str_equal(options->format, "json"))
                return print_json(signals, error);
        for (guint i = 0; i < signals->len; i++)
                print_row(signals->pdata[i], options->format && g_str_equal(options->format, "tsv"));
        if (view->evicted > 0)
                session_complain("%" G_GUINT64_FORMAT " events in too many kinds to keep", (guint64)view->evicted);
        return true;
}

/* SOURCE, LINE, TEMPLATE for every line of the event. */
static bool print_assignment(const Source *source, const Layout *layout, const Event *event, const uint32_t *matches, size_t n_matches,
                             void *data) {
        uint64_t key = shape_of(event).key;

        (void)layout;
        (void)matches;
        (void)n_matches;
        (void)data;
        for (uint64_t i = 0; i < event->n_lines; i++)
                if (printf("%s\t%" G_GUINT64_FORMAT "\t" TEMPLATE_ID "\n", source->name, (guint64)(event->line + i), key) < 0)
                        return false;
        return true;
}

int command_templates(const Options *options) {
        static const char *const FORMATS[] = { "text", "tsv", "json", NULL };
        g_auto(Session) session = { 0 };
        g_autoptr(GError) error = NULL;
        Level min_level = options->min_level ? level_from_word(str_from(options->min_level)) : LEVEL_NONE;

        if (options->format && !g_strv_contains(FORMATS, options->format)) {
                session_complain("--format %s: templates are printed as text, tsv or json", options->format);
                return EXIT_USAGE;
        }
        if (!session_open(&session, options, false, &error) || !session_find_sources(&session, options, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        if (options->assign) {
                pipeline_visit(session.sources, session.matcher, &session.scan, print_assignment, NULL, session.problems);
        } else {
                g_autoptr(Ledger) ledger = pipeline_scan(session.sources, session.patterns, session.matcher, &session.scan);
                g_autoptr(LedgerView) view = ledger_view(ledger);
                print_table(view, options, min_level, &error);
        }
        fflush(stdout);
        for (guint i = 0; i < session.problems->len; i++)
                session_complain("%s", (char *)session.problems->pdata[i]);
        return session.problems->len > 0 ? EXIT_PARTIAL : EXIT_DONE;
}
