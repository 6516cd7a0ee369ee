/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/event_writer.h"

#include "base/error.h"
#include "base/time.h"
#include "parse/fields.h"
#include "parse/locate.h"
#include "report/clean.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

typedef enum {
        COLUMN_SOURCE,
        COLUMN_LINE,
        COLUMN_LINES,
        COLUMN_OFFSET,
        COLUMN_TIME,
        COLUMN_LEVEL,
        COLUMN_MESSAGE,
        COLUMN_DETAIL,
        COLUMN_CAUSE,
        COLUMN_STATUS,
        COLUMN_LOGGER,
        COLUMN_LOCATION,
        COLUMN_THREAD,
        COLUMN_REQUEST,
        COLUMN_PATTERNS,
        COLUMN_RAW,
        N_COLUMNS,
} Column;

static const struct {
        const char *name;
        bool number;
        bool optional; /* left out where it is empty, unless it was asked for */
} COLUMNS[N_COLUMNS] = {
        [COLUMN_SOURCE] = { "source", false, false },   [COLUMN_LINE] = { "line", true, false },       [COLUMN_LINES] = { "lines", true, false },
        [COLUMN_OFFSET] = { "offset", true, false },    [COLUMN_TIME] = { "time", false, false },      [COLUMN_LEVEL] = { "level", false, false },
        [COLUMN_MESSAGE] = { "message", false, false }, [COLUMN_DETAIL] = { "detail", false, true },   [COLUMN_CAUSE] = { "cause", false, true },
        [COLUMN_STATUS] = { "status", true, true },     [COLUMN_LOGGER] = { "logger", false, true },   [COLUMN_LOCATION] = { "location", false, true },
        [COLUMN_THREAD] = { "thread", false, true },    [COLUMN_REQUEST] = { "request", false, true }, [COLUMN_PATTERNS] = { "patterns", false, false },
        [COLUMN_RAW] = { "raw", false, true },
};

/* All but the last one. */
static const char USUAL[] = "source,line,lines,offset,time,level,message,detail,cause,status,logger,location,thread,request,patterns";
static const char USUAL_TSV[] = "source,line,time,level,message";

struct EventWriter {
        EventsFormat format;
        Column columns[N_COLUMNS];
        size_t n_columns;
        bool chosen;              /* by the user */
        bool locates;             /* some column needs the event's place */
        const Patterns *patterns; /* borrowed */
        Redactor *redactor;       /* borrowed; NULL: texts are shown as they are */
        JsonGenerator *generator; /* owned */
        GString *line;            /* owned */
};

static bool find_column(const char *name, Column *column) {
        for (Column i = 0; i < N_COLUMNS; i++)
                if (g_str_equal(COLUMNS[i].name, name)) {
                        *column = i;
                        return true;
                }
        return false;
}

static bool set_columns(EventWriter *writer, const char *columns, GError **error) {
        g_auto(GStrv) names = g_strsplit(columns, ",", -1);

        for (char **name = names; *name; name++) {
                Column column;

                if (!find_column(g_strstrip(*name), &column)) {
                        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--fields %s: no such field; there are %s,raw", *name, USUAL);
                        return false;
                }
                for (size_t i = 0; i < writer->n_columns; i++)
                        if (writer->columns[i] == column) {
                                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--fields: %s is named twice", *name);
                                return false;
                        }
                writer->columns[writer->n_columns++] = column;
                writer->locates |= column >= COLUMN_LOGGER && column <= COLUMN_REQUEST;
        }
        return true;
}

EventWriter *event_writer_new(EventsFormat format, const char *columns, const Patterns *patterns, Redactor *redactor, GError **error) {
        g_autoptr(EventWriter) writer = g_new0(EventWriter, 1);

        writer->format = format;
        writer->chosen = columns != NULL;
        writer->patterns = patterns;
        writer->redactor = redactor;
        writer->generator = json_generator_new();
        writer->line = g_string_new(NULL);
        if (!set_columns(writer, columns ? columns : format == EVENTS_TSV ? USUAL_TSV : USUAL, error))
                return NULL;
        return g_steal_pointer(&writer);
}

void event_writer_free(EventWriter *writer) {
        g_object_unref(writer->generator);
        g_string_free(writer->line, TRUE);
        g_free(writer);
}

/* --- values --- */

typedef struct EventRow {
        const char *source;
        const Event *event;
        Place place;
        const uint32_t *matches;
        size_t n_matches;
} EventRow;

static char *text_of(const EventWriter *writer, Str text, bool escaped) {
        g_autofree char *copy = NULL;

        if (text.len == 0)
                return NULL;
        copy = escaped ? fields_unescape(text) : str_dup(text);
        for (size_t i = 0; !escaped && i < text.len; i++)
                if (copy[i] == '\0')
                        copy[i] = ' ';
        if (writer->redactor) {
                g_autofree char *shown = redact_text(writer->redactor, str_from(copy));
                return clean_utf8(shown);
        }
        return clean_utf8(copy);
}

static char *number_of(uint64_t number) {
        return g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
}

static char *time_of(int64_t time_us) {
        char buffer[TIME_TEXT_BYTES];

        return time_us == TIME_NONE ? NULL : g_strdup(time_write(time_us, buffer));
}

static char *location_of(const EventWriter *writer, const Place *place) {
        g_autofree char *file = text_of(writer, place->file, place->escaped), *line = text_of(writer, place->line, place->escaped);

        return file && line ? g_strconcat(file, ":", line, NULL) : g_steal_pointer(&file);
}

static char *pattern_ids(const EventWriter *writer, const EventRow *row) {
        GString *ids = g_string_new(NULL);

        for (size_t i = 0; i < row->n_matches; i++)
                g_string_append_printf(ids, "%s%s", i ? "," : "", ((const Pattern *)writer->patterns->items->pdata[row->matches[i]])->id);
        return g_string_free(ids, FALSE);
}

/* Owned by the caller; NULL where the event has none. */
static char *value_of(const EventWriter *writer, const EventRow *row, Column column) {
        const Event *event = row->event;

        switch (column) {
        case COLUMN_SOURCE:
                return text_of(writer, str_from(row->source), false);
        case COLUMN_LINE:
                return number_of(event->line);
        case COLUMN_LINES:
                return number_of(event->n_lines);
        case COLUMN_OFFSET:
                return number_of(event->offset);
        case COLUMN_TIME:
                return time_of(event->time_us);
        case COLUMN_LEVEL:
                return g_strdup(level_name(event->level));
        case COLUMN_MESSAGE:
                return event->message.len ? text_of(writer, event->message, event->escaped) : g_strdup("");
        case COLUMN_DETAIL:
                return text_of(writer, event->detail, event->escaped);
        case COLUMN_CAUSE:
                return text_of(writer, event->cause, event->cause_escaped);
        case COLUMN_STATUS:
                return event->status ? number_of(event->status) : NULL;
        case COLUMN_LOGGER:
                return text_of(writer, row->place.logger, row->place.escaped);
        case COLUMN_LOCATION:
                return location_of(writer, &row->place);
        case COLUMN_THREAD:
                return text_of(writer, row->place.thread, row->place.escaped);
        case COLUMN_REQUEST:
                return text_of(writer, row->place.request, row->place.escaped);
        case COLUMN_PATTERNS:
                return pattern_ids(writer, row);
        case COLUMN_RAW:
                return text_of(writer, event->head, false);
        case N_COLUMNS:
                break;
        }
        return NULL;
}

/* --- formats --- */

static void add_patterns(JsonBuilder *b, const char *ids) {
        g_auto(GStrv) names = g_strsplit(ids, ",", -1);

        json_builder_begin_array(b);
        for (char **name = names; *name; name++)
                json_builder_add_string_value(b, *name);
        json_builder_end_array(b);
}

static void write_json(EventWriter *writer, const EventRow *row) {
        g_autoptr(JsonBuilder) b = json_builder_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *text = NULL;

        json_builder_begin_object(b);
        for (size_t i = 0; i < writer->n_columns; i++) {
                Column column = writer->columns[i];
                g_autofree char *value = value_of(writer, row, column);

                if (!value && COLUMNS[column].optional && !writer->chosen)
                        continue;
                json_builder_set_member_name(b, COLUMNS[column].name);
                if (!value)
                        json_builder_add_null_value(b);
                else if (column == COLUMN_PATTERNS)
                        add_patterns(b, value);
                else if (COLUMNS[column].number)
                        json_builder_add_int_value(b, g_ascii_strtoll(value, NULL, 10));
                else
                        json_builder_add_string_value(b, value);
        }
        json_builder_end_object(b);
        root = json_builder_get_root(b);
        json_generator_set_root(writer->generator, root);
        text = json_generator_to_data(writer->generator, NULL);
        g_string_append(writer->line, text);
}

/* Tabs and newlines within a value are blanks, so that a row is a line. */
static void write_tsv(EventWriter *writer, const EventRow *row) {
        for (size_t i = 0; i < writer->n_columns; i++) {
                g_autofree char *value = value_of(writer, row, writer->columns[i]), *clean = clean_line(value ? value : "");

                if (i > 0)
                        g_string_append_c(writer->line, '\t');
                g_string_append(writer->line, clean);
        }
}

static bool is_bare(const char *value) {
        return *value && !strpbrk(value, " \"=\\\t\n\r") && g_utf8_validate(value, -1, NULL);
}

static void write_logfmt(EventWriter *writer, const EventRow *row) {
        for (size_t i = 0; i < writer->n_columns; i++) {
                Column column = writer->columns[i];
                g_autofree char *value = value_of(writer, row, column), *clean = NULL;

                if ((!value || !*value) && !writer->chosen)
                        continue;
                g_string_append_printf(writer->line, "%s%s=", writer->line->len ? " " : "", COLUMNS[column].name);
                clean = clean_line(value ? value : "");
                if (is_bare(clean) || !value) {
                        g_string_append(writer->line, clean);
                        continue;
                }
                g_string_append_c(writer->line, '"');
                for (const char *c = clean; *c; c++) {
                        if (*c == '"' || *c == '\\')
                                g_string_append_c(writer->line, '\\');
                        g_string_append_c(writer->line, *c);
                }
                g_string_append_c(writer->line, '"');
        }
}

bool event_writer_write(EventWriter *writer, const char *source, const Layout *layout, const Event *event, const uint32_t *matches, size_t n_matches) {
        EventRow row = { .source = source, .event = event, .matches = matches, .n_matches = patterns_n_items(writer->patterns, matches, n_matches) };

        if (writer->locates)
                locate(layout, event, &row.place);
        g_string_set_size(writer->line, 0);
        if (writer->format == EVENTS_JSONL)
                write_json(writer, &row);
        else if (writer->format == EVENTS_TSV)
                write_tsv(writer, &row);
        else
                write_logfmt(writer, &row);
        return puts(writer->line->str) >= 0;
}
