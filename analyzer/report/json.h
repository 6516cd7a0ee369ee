/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JSON
 *
 *     report -> [json] -> logscan-report/1
 *
 * Writes a report by the schema in docs/logscan-report-1.schema.json. No wall-clock time, no host name: the same log
 * gives the same bytes.
 */

#include "model/report.h"

#define REPORT_SCHEMA "logscan-report/1"

/* The whole document, with a newline at its end. Owned by the caller. */
char *json_report(const Report *report, const char *version);
