/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Publish
 *
 *     ledger, baselines -> diagnose -> facts -> render
 *
 * The second half of the commands that report: from a ledger to what is printed, and the exit code.
 */

#include "commands/session.h"
#include "mine/templates.h"
#include "report/redact_report.h"

/* What the second half makes of a ledger; @report borrows from the others. */
typedef struct Diagnosis {
        GPtrArray *baselines; /* of Ledger */
        Templates *templates;
        GPtrArray *baseline_views;
        LedgerView *view;
        GPtrArray *correlated, *notes;
        Report *report;
        RedactedReport *redacted; /* NULL until publish_redact() */
} Diagnosis;

/* What --window says separates incidents, in seconds; 0: nothing; below 0, with @error, when it is no duration. */
double publish_gap(const Options *options, GError **error);

/* Groups the shapes of @ledger, which is not added to any more. Does not redact. */
Diagnosis *publish_diagnose(Ledger *ledger, Session *session, const Options *options, GError **error);
void diagnosis_free(Diagnosis *diagnosis);

/* What --redact asks for. */
void publish_redact(Diagnosis *diagnosis, const Session *session);

/* Has @report a cause of the confidence that --fail-on names? */
bool publish_is_found(const Report *report, const char *fail_on);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Diagnosis, diagnosis_free)

/*
 * False when what @options say of the report is wrong (--format, --window, extensions of --output): to be asked before the work, for publish() finds
 * it only at the end.
 */
bool publish_check(const Options *options, GError **error);

/* Is any form asked for that tells times in the zone of --tz beside UTC? */
bool publish_tells_zone(const Options *options);

/* Nobody wants more than the ledger that was saved. */
bool publish_is_idle(const Options *options);

/* Says what could not be read; returns the exit code. */
int publish_nothing(Ledger *ledger, Session *session);

/* Prints or writes the report that @options ask for; returns the exit code. */
int publish(Ledger *ledger, Session *session, const Options *options);
