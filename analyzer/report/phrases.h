/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Phrases
 *
 *     report -> [phrases] -> text, markdown, html
 *
 * The sentences of a report that all its forms share, so that they never say different things. Each is one line of clean
 * UTF-8, owned by the caller; "" when there is nothing to say.
 */

#include "report/wording.h"

/* "4 sources in logs, 26,939 lines, 2026-11-24 04:42:53 to 04:53:10 UTC" */
char *phrase_overview(const Wording *words);

/* Why there is no incident, or nothing to judge from. */
char *phrase_verdict(const Report *report);

/* "began 09:00:03, peak 09:41:00 (812 errors/min), over 11:02:10 UTC" */
char *phrase_times(const Wording *words, const Incident *incident);

/* "lasted 2 h 2 min; 2 errors/min before, 640 during" */
char *phrase_rates(const Incident *incident);

/* How often errors came, over the whole log, as blocks of eight heights; at most @columns. */
char *phrase_histogram(const Incident *incident, size_t columns);

/* "began 09:00:03, 2 s after the first sign; 18,233 events in app.log.gz" */
char *phrase_when(const Wording *words, const Cause *cause, const Incident *incident);

/* "at once: HTTP 502; +9 s: worker exit" */
char *phrase_effects(const Cause *cause);

/* "new (0 before), earliest" */
char *phrase_why(const Cause *cause);

/* "The disk is full (0.61 against 0.95): began 52 s later" */
char *phrase_why_not(const Cause *cause, const Rival *rival);

/* "newness 1.00 x 1.00, lead 0.03 x 2.00" */
char *phrase_factors(const GArray *why);

/* "reason = out of space, path = /var" */
char *phrase_facts(const Cause *cause);

/* "network, DNS (50 patterns); no log was given of the kernel" */
char *phrase_no_sign(const Report *report);

/* How much of the log was understood, and what was assumed. */
char *phrase_coverage(const Wording *words);

/* "app.log is about 3 s ahead of access.log (±1 s): ..."; whose clocks differ. */
char *phrase_clocks(const Wording *words);

/* What could not be read ("app.log.gz: the archive is torn"), as owned strings; owned by the caller. */
GPtrArray *phrase_problems(const Wording *words);

/* "max_connections was 100 before" */
char *phrase_settings(const Change *change);

/* The changes just before a cause (of Change, borrowed), each line once, but those that were @told of another; owned by the caller. */
GPtrArray *phrase_changes(const Cause *cause, const Cause *told);

/* Later surges of the same kind: is an earlier cause of the same list its first? Then it is not told again. */
bool phrase_is_repeat(const GPtrArray *causes, guint index);

/* The events of a cause and its repeats. */
uint64_t phrase_total(const GPtrArray *causes, const Cause *cause);
