/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * TemplateRows
 *
 * What `logscan templates` prints: each template with where and when it was written, as text, TSV or JSON; and how the
 * templates of two inputs differ.
 */

#include "base/change.h"
#include "mine/templates.h"

#include <json-glib/json-glib.h>

/* One template in one view. */
typedef struct TemplateRow {
        const Template *template; /* borrowed */
        uint64_t count;           /* in this view */
        Level level;
        int64_t first_us, last_us; /* TIME_NONE while none has a time */
        Series series;
} TemplateRow;

/* The templates that @view has (of TemplateRow), at least of @min_level, in the order of templates_all(). Owned by the caller. */
GPtrArray *template_rows(const Templates *templates, const LedgerView *view, Level min_level);

/* The first and last second of the events of @view in @first and @last; false if none has a time. */
bool template_rows_span(const LedgerView *view, int64_t *first, int64_t *last);

void template_rows_print_text(const GPtrArray *rows, const LedgerView *view);
void template_rows_print_tsv(const GPtrArray *rows);
char *template_rows_json(const GPtrArray *rows);

/* One template in two views. */
typedef struct TemplateChange {
        const Template *template; /* borrowed */
        CountChange change;
        uint64_t before, now;
} TemplateChange;

/*
 * What is new, gone, risen or fallen from @before to @now (of TemplateChange), the surest first. Templates of warnings
 * and errors that are new or gone are told even where chance may be the reason. Owned by the caller.
 */
GArray *template_changes(const GPtrArray *before, const GPtrArray *now, Level min_level);

typedef enum { CHANGES_TEXT, CHANGES_TSV, CHANGES_JSON } ChangesFormat;

/* The changes as text; the spans of both inputs are told with the counts. Owned by the caller. */
char *template_changes_write(const GArray *changes, const LedgerView *before, const LedgerView *now, ChangesFormat format);

/* A document of json-glib as text. Owned by the caller. */
char *template_json_text(JsonBuilder *builder);
