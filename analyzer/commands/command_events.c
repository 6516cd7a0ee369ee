/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "commands/commands.h"
#include "commands/session.h"
#include "parse/fields.h"
#include "report/clean.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

typedef struct Printer {
        const Session *session;
        Level min_level;
        bool tsv;
        JsonGenerator *generator;
} Printer;

static char *text_of(Str text, bool escaped) {
        g_autofree char *copy = escaped ? fields_unescape(text) : str_dup(text);

        for (size_t i = 0; !escaped && i < text.len; i++)
                if (copy[i] == '\0')
                        copy[i] = ' ';
        return clean_utf8(copy);
}

static void add_patterns(JsonBuilder *b, const Printer *printer, const uint32_t *matches, size_t n) {
        json_builder_set_member_name(b, "patterns");
        json_builder_begin_array(b);
        for (size_t i = 0; i < n; i++)
                json_builder_add_string_value(b, ((const Pattern *)printer->session->patterns->items->pdata[matches[i]])->id);
        json_builder_end_array(b);
}

static void add_string(JsonBuilder *b, const char *name, const char *value) {
        json_builder_set_member_name(b, name);
        if (value)
                json_builder_add_string_value(b, value);
        else
                json_builder_add_null_value(b);
}

static void add_number(JsonBuilder *b, const char *name, uint64_t value) {
        json_builder_set_member_name(b, name);
        json_builder_add_int_value(b, (gint64)value);
}

static bool print_json(const Printer *printer, const char *source, const char *time, const Event *event, const uint32_t *matches,
                       size_t n) {
        g_autoptr(JsonBuilder) b = json_builder_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *message = text_of(event->message, event->escaped), *cause = text_of(event->cause, false), *line = NULL;

        json_builder_begin_object(b);
        add_string(b, "source", source);
        add_number(b, "line", event->line);
        add_number(b, "lines", event->n_lines);
        add_number(b, "offset", event->offset);
        add_string(b, "time", time);
        add_string(b, "level", level_name(event->level));
        add_string(b, "message", message);
        if (*cause)
                add_string(b, "cause", cause);
        if (event->status)
                add_number(b, "status", event->status);
        add_patterns(b, printer, matches, n);
        json_builder_end_object(b);
        root = json_builder_get_root(b);
        json_generator_set_root(printer->generator, root);
        line = json_generator_to_data(printer->generator, NULL);
        return puts(line) >= 0;
}

/* Tabs and newlines within a value are blanks, so that a row is a line. */
static bool print_tsv(const char *source, const char *time, const Event *event) {
        g_autofree char *message = text_of(event->message, event->escaped), *clean = clean_line(message), *clean_source = clean_line(source);

        return printf("%s\t%" G_GUINT64_FORMAT "\t%s\t%s\t%s\n", clean_source, (guint64)event->line, time ? time : "",
                      level_name(event->level), clean) >= 0;
}

static bool print_event(const Source *source, const Event *event, const uint32_t *matches, size_t n_matches, void *data) {
        const Printer *printer = data;
        char buffer[TIME_TEXT_BYTES];
        const char *time = event->time_us == TIME_NONE ? NULL : time_write(event->time_us, buffer);
        g_autofree char *name = clean_utf8(source->name);

        if (event->level < printer->min_level)
                return true;
        return printer->tsv ? print_tsv(name, time, event) : print_json(printer, name, time, event, matches, patterns_n_items(printer->session->patterns, matches, n_matches));
}

int command_events(const Options *options) {
        bool tsv = options->format && g_str_equal(options->format, "tsv");
        g_auto(Session) session = { 0 };
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(GError) error = NULL;
        Printer printer = { .tsv = tsv, .generator = generator };

        if (options->format && !tsv && !g_str_equal(options->format, "jsonl")) {
                session_complain("--format %s: events are printed as jsonl or tsv", options->format);
                return EXIT_USAGE;
        }
        if (options->min_level)
                printer.min_level = level_from_word(str_from(options->min_level));
        if (!session_open(&session, options, true, &error) || !session_find_sources(&session, options, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        printer.session = &session;
        pipeline_visit(session.sources, session.matcher, &session.scan, print_event, &printer, session.problems);
        fflush(stdout);
        for (guint i = 0; i < session.problems->len; i++)
                session_complain("%s", (char *)session.problems->pdata[i]);
        return session.problems->len > 0 ? EXIT_PARTIAL : EXIT_DONE;
}
