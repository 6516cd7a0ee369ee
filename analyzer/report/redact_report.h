/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Redaction of a report
 *
 *     diagnose -> report -> [redact_report] -> text, json, ...
 *
 * Walks a report and replaces every text that comes from a log, so that the writers need not know. What the report
 * borrowed from the ledger (lines, names of sources) is replaced by copies; the ledger stays as it is.
 */

#include "report/redact.h"

typedef struct RedactedReport RedactedReport;

/*
 * Redacts @report in its own order. It then borrows from the answer, which must outlive it, and has the list of what was
 * replaced. Borrows @redactor.
 */
RedactedReport *redact_report(Redactor *redactor, Report *report);
void redacted_report_free(RedactedReport *redacted);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RedactedReport, redacted_report_free)
