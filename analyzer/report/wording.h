/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Wording
 *
 *     report -> [wording] -> text, markdown, html
 *
 * The small words of a report that all its forms share: numbers, times, names, titles. What is returned is one line of clean
 * UTF-8 (report/clean.h) and owned by the caller, unless a comment says more. Each form escapes it in its own way.
 */

#include "model/report.h"
#include "report/style.h"

typedef struct Wording {
        const Report *report; /* borrowed */
        const Style *style;   /* borrowed */
        size_t folder;        /* bytes of the folder that all sources share; said once, at the top */
        bool dated;           /* the log spans more than a day, so that the hour alone does not say when */
} Wording;

Wording wording_of(const Report *report, const Style *style);

/* "1,284,113" */
char *wording_count(uint64_t number);

/* "9.2", "1,594" */
char *wording_rate(double per_minute);

/* "a", "a and b", "a, b and c" */
char *wording_list(const GPtrArray *texts);

/* "UTC, assumed", "+09:00, fitted", "+02:00": the zone of @source, and that it is a guess where neither its lines nor the user name it. */
char *wording_zone(const SourceRecord *source);

/* "+09:00", "-03:30": minutes east of UTC. */
char *wording_offset(int minutes);

/* "09:00:03", with the date where the log spans several days; UTC. */
char *wording_clock(const Wording *words, int64_t time_us);

/* "2026-11-23 09:00:03"; UTC. */
char *wording_date(int64_t time_us);

/* "2026-11-23 10:00:03", in the zone of the style, or NULL when there is none. */
char *wording_local(const Wording *words, int64_t time_us);

/* "3 min 26 s", "2 h 2 min": two figures, for a summary. */
char *wording_duration(int64_t span_us);

/* The name of a source without the folder that all share, as it is: not clean. Borrowed. */
const char *wording_raw_source(const Wording *words, const char *source);
char *wording_source(const Wording *words, const char *source);

/* "app.log.gz:120342" */
char *wording_address(const Wording *words, const Evidence *evidence);

/* A pattern's title or a template in which what varies is an ellipsis. */
char *wording_title(const char *title);

/* The title of a cause; a template is quoted, and what is news of its lines stands behind it. */
char *wording_cause_title(const Cause *cause);

/* The same in at most @columns: of a template the message is cut, not what is news of it. */
char *wording_cause_fit(const Cause *cause, size_t columns);
char *wording_rival_title(const Rival *rival);

/* "" or " (4 times, the last at 04:50:24)"; for a timeline. */
char *wording_times(const Wording *words, unsigned n, int64_t last_us);

/* Behind "[logger] [thread] ": what is said, not who says it. Borrowed. */
const char *wording_skip_groups(const char *message);
