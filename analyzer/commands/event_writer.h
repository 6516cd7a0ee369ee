/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Event writer
 *
 *     events -> [event writer] -> jsonl, tsv, logfmt
 *
 * Writes one event to a line, with the columns that the user asked for, in that order. Nothing that came from a log can
 * end a line, a column or a string early.
 */

#include "model/event.h"
#include "model/pattern.h"
#include "parse/layout.h"
#include "report/redact.h"

typedef enum { EVENTS_JSONL, EVENTS_TSV, EVENTS_LOGFMT } EventsFormat;

typedef struct EventWriter EventWriter;

/*
 * @columns is a list such as "time,level,message", NULL for those that are usual. Borrows @patterns and @redactor; without the
 * latter texts are shown as they are. Fails for a column that is none.
 */
EventWriter *event_writer_new(EventsFormat format, const char *columns, const Patterns *patterns, Redactor *redactor, GError **error);
void event_writer_free(EventWriter *writer);

/* Writes to standard output; false when that cannot be written to. */
bool event_writer_write(EventWriter *writer, const char *source, const Layout *layout, const Event *event, const uint32_t *matches, size_t n_matches);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EventWriter, event_writer_free)
