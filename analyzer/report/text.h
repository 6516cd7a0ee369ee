/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Text
 *
 *     report -> [text] -> a terminal or a pipe
 *
 * The report for a tired human: the cause within the first ten lines, every claim with an address. Nothing in it
 * depends on the machine or the hour, but for the time that the run took, which is for terminals; without colour it is plain
 * enough for a mail.
 */

#include "report/typeset.h"

/* Owned by the caller. */
char *text_report(const Report *report, const Style *style);

/* Three lines for a chat: what, since when and where, what next. Owned by the caller. */
char *text_brief(const Report *report, const Style *style);

/* An incident with its causes: part of text_report. */
void text_incident(Typeset *typeset, const Incident *incident);
