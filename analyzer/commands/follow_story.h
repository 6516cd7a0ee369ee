/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Story
 *
 *     report, again and again -> [story] -> "begins", "cause", "ends"
 *
 * Tells of what changed since the last report: an incident that is new, a cause that became the first or surer, an
 * incident that is over. An incident is known again by its time, for a later report may see its begin a little differently.
 */

#include "model/report.h"

/* An incident is over when nothing of it came for so long. */
#define STORY_QUIET_SECONDS 60

/* Incidents that are remembered; the oldest goes. */
#define STORY_INCIDENTS_MAX 64

typedef struct Story Story;

/* @json: one object a line, else text. What ended before @from_us is not told. */
Story *story_new(bool json, bool quiet, int64_t from_us);
void story_free(Story *story);

/* For machines: what is written from now on is followed. */
void story_begin(const Story *story);

/* Tells what is new in @report. @now_us: the clock. */
void story_tell(Story *story, const Report *report, int64_t now_us);

/* How often an incident was told to be over. */
unsigned story_n_over(const Story *story);

/* The input is at its end: tells what was over before, by the last report and its own times. What still goes on then has no end. */
void story_end(Story *story, int64_t now_us);

/* What was read so far; @what: "status", or "stop" for the last line. */
void story_status(const Story *story, const char *what, uint64_t lines, uint64_t events);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)
