/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"
#include "commands/commands.h"
#include "commands/event_writer.h"
#include "commands/session.h"
#include "commands/when.h"
#include "report/clean.h"

#include <stdio.h>

/* --- events --- */

typedef struct Printer {
        EventWriter *writer;
        Level min_level;
        Reach reach;
} Printer;

static bool print_event(const Source *source, const Layout *layout, const Event *event, const uint32_t *matches, size_t n, void *data) {
        Printer *printer = data;

        printer->reach.n_within += event->time_us != TIME_NONE;
        printer->reach.n_untimed += event->time_us == TIME_NONE;
        return event->level < printer->min_level || event_writer_write(printer->writer, source->name, layout, event, matches, n);
}

static void print_events(Session *session, const Options *options, EventWriter *writer) {
        Printer printer = { .writer = writer, .reach.outside = { TIME_NONE, TIME_NONE } };

        if (options->min_level)
                printer.min_level = level_from_word(str_from(options->min_level));
        session->scan.outside = &printer.reach.outside;
        pipeline_visit(session->sources, session->matcher, &session->scan, print_event, &printer, session->problems);
        session->scan.outside = NULL;
        fflush(stdout);
        when_tell(&session->scan, &printer.reach);
}

/* --- statistics --- */

/* Why the layout of each source was chosen, by the source's number. */
static void note_layout(uint32_t source, const Layout *layout, void *data) {
        GPtrArray *reasons = data;

        if (source >= reasons->len)
                g_ptr_array_set_size(reasons, (gint)source + 1);
        if (layout->forced)
                reasons->pdata[source] = g_strdup("--layout");
        else
                reasons->pdata[source] = g_strdup_printf("%u of the first %u lines%s", layout->n_fitting, layout->n_looked_at,
                                                         layout->enveloped_times ? ", and a time in their envelopes" : "");
}

static void print_pair(const char *name, const char *value) {
        g_autofree char *clean = clean_line(value);

        printf("  %-10s %s\n", name, clean);
}

static void print_zone(const SourceRecord *record) {
        if (record->zone && *record->zone)
                printf("  %-10s %s (%s)\n", "zone", record->zone, record->zone_from);
        if (record->year_from && *record->year_from)
                printf("  %-10s from the %s\n", "year", record->year_from);
        if (record->first_us != TIME_NONE) {
                char first[TIME_TEXT_BYTES], last[TIME_TEXT_BYTES];
                printf("  %-10s %s to %s\n", "span", time_write(record->first_us, first), time_write(record->last_us, last));
        }
}

/* The figures of each line of this table add up to the events. */
static void print_counts(const SourceRecord *record) {
        uint64_t events = record->events;

        printf("  %-10s %" G_GUINT64_FORMAT " in %" G_GUINT64_FORMAT " lines, %" G_GUINT64_FORMAT " bytes\n", "events", (guint64)events, (guint64)record->lines,
               (guint64)record->bytes);
        printf("  %-10s %" G_GUINT64_FORMAT " of their own, %" G_GUINT64_FORMAT " of the event before, %" G_GUINT64_FORMAT " without\n", "times",
               (guint64)(record->with_time - record->inherited_time), (guint64)record->inherited_time, (guint64)(events - record->with_time));
        printf("  %-10s", "levels");
        for (unsigned level = N_LEVELS; level-- > LEVEL_NONE;)
                if (record->by_level[level] > 0)
                        printf(" %" G_GUINT64_FORMAT " %s", (guint64)record->by_level[level], level == LEVEL_NONE ? "without" : level_name(level));
        printf("\n");
}

static void print_record(const SourceRecord *record, const char *why) {
        g_autofree char *name = clean_line(record->name);

        printf("%s\n", name);
        if (record->layout && *record->layout) {
                print_pair("layout", record->layout);
                print_pair("why", why ? why : "");
                print_zone(record);
                print_counts(record);
        }
        if (record->note)
                print_pair("note", record->note);
        for (guint i = 0; i < record->problems->len; i++)
                print_pair("problem", record->problems->pdata[i]);
}

static bool print_statistics(Session *session) {
        g_autoptr(GPtrArray) reasons = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(Ledger) ledger = NULL;
        bool whole = true;
        Reach reach;

        session->scan.note_layout = note_layout;
        session->scan.note_data = reasons;
        ledger = pipeline_scan(session->sources, session->patterns, session->matcher, &session->scan);
        reach = when_reach(ledger);
        when_tell(&session->scan, &reach);
        for (guint i = 0; i < ledger_n_sources(ledger); i++) {
                const SourceRecord *record = ledger_source(ledger, i);

                print_record(record, i < reasons->len ? reasons->pdata[i] : NULL);
                whole &= record->problems->len == 0;
        }
        return whole;
}

/* --- the command --- */

static bool read_format(const Options *options, EventsFormat *format) {
        static const char *const FORMATS[] = { [EVENTS_JSONL] = "jsonl", [EVENTS_TSV] = "tsv", [EVENTS_LOGFMT] = "logfmt" };

        *format = EVENTS_JSONL;
        if (!options->format)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++)
                if (g_str_equal(options->format, FORMATS[i])) {
                        *format = (EventsFormat)i;
                        return true;
                }
        session_complain("--format %s: events are printed as jsonl, tsv or logfmt", options->format);
        return false;
}

int command_events(const Options *options) {
        g_auto(Session) session = { 0 };
        g_autoptr(EventWriter) writer = NULL;
        g_autoptr(GError) error = NULL;
        EventsFormat format;
        bool whole = true;
        int code;

        if (!read_format(options, &format))
                return EXIT_USAGE;
        if (!session_open(&session, options, !options->stats, &error) || !session_find_sources(&session, options, &error) ||
            !(writer = event_writer_new(format, options->fields, session.patterns, session.redactor, &error))) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        if (options->stats)
                whole = print_statistics(&session);
        else
                print_events(&session, options, writer);
        code = session_end_output(EXIT_DONE);
        session_tell_zones(&session);
        session_tell_redactions(&session);
        session_tell_problems(&session);
        return code == EXIT_DONE && (!whole || session.problems->len > 0) ? EXIT_PARTIAL : code;
}
