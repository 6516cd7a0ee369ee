/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JSON
 *
 *     report -> [json] -> logscan-report/1
 *
 * Writes a report by the schema in docs/logscan-report-1.schema.json: as one document, or as one object a line. A new field
 * is one line in the function of its object, which serves both. No wall-clock time, no host name: the same log gives the same bytes.
 */

#include "model/report.h"

#define REPORT_SCHEMA "logscan-report/1"

/* The whole document, with a newline at its end. Owned by the caller. */
char *json_report(const Report *report, const char *version);

/*
 * The same for pipes: one object a line. The first is of the type "report"; then for each incident the "incident" itself and its
 * "cause", "symptom" and "change" lines, which name it; then "no_sign", "background", "input" and "coverage". Apart from "type" and
 * "incident" their fields are those of the document. Owned by the caller.
 */
char *json_lines(const Report *report, const char *version);
