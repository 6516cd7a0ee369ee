/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Render
 *
 *     report -> [render] -> text, brief, json, jsonl, markdown, postmortem, html
 *
 * The forms of a report: their names, the extensions of their files, and who writes them. A new form is one line of the
 * table in render.c.
 */

#include "model/report.h"
#include "report/style.h"

typedef enum {
        FORMAT_TEXT,
        FORMAT_BRIEF,
        FORMAT_JSON,
        FORMAT_JSONL,
        FORMAT_MARKDOWN,
        FORMAT_POSTMORTEM,
        FORMAT_HTML,
        N_FORMATS,
} Format;

/* False when there is no such form. NULL is text. */
bool format_named(const char *name, Format *format);

/*
 * The form that the file @path gets: by its extension, unless @wanted has that extension too; @wanted where there is none. False for one that no
 * form has, unless @wanted was @said for it.
 */
bool format_of_file(const char *path, Format wanted, bool said, Format *format);

/* "text, brief, ..."; owned by the caller. */
char *format_names(void);

/* Is it for people, on a terminal? */
bool format_is_paged(Format format);

/* Does it tell times in the zone of the style beside UTC? */
bool format_is_local(Format format);

/* The whole report; owned by the caller. */
char *render(const Report *report, Format format, const Style *style);
