/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Markdown
 *
 *     report -> [markdown] -> CommonMark with tables, for tickets, chats and wikis
 *
 * Two documents: the report, and the draft of a postmortem, in which what logs cannot show is a visible placeholder.
 * No text of a log means anything but itself in them.
 */

#include "report/wording.h"

/* Owned by the caller. */
char *markdown_report(const Report *report, const Style *style);

/* Owned by the caller. */
char *postmortem_report(const Report *report, const Style *style);

/* --- pieces of both --- */

/* @text with every character escaped that means something. */
void markdown_text(GString *out, const char *text);

/* @text as a code span; not for tables. */
void markdown_code(GString *out, const char *text);

/* "- **label** text"; nothing for an empty text. */
void markdown_item(GString *out, const char *label, const char *text);

/* " (max_connections was 100 before)"; nothing where no line says so. */
void markdown_settings(GString *out, const Change *change);

/* An item for each suspect that lost against @cause. */
void markdown_why_not(GString *out, const Cause *cause);

/* "- `app.log:12` `what it says`" for each of up to @max rows. */
void markdown_evidence(GString *out, const Wording *words, const Cause *cause, unsigned max);

/* What happened when, as a table, with the local time where the style has a zone. */
void markdown_timeline(GString *out, const Wording *words, const Incident *incident);

/* What was read, as a table. */
void markdown_inputs(GString *out, const Wording *words);
