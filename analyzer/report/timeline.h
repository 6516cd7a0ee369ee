/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Timeline
 *
 *     incident -> [timeline] -> json, markdown, html
 *
 * What happened when: onsets of causes and symptoms, and changes, in one list by time.
 */

#include "model/report.h"

typedef struct Moment {
        int64_t time_us;
        const char *kind;         /* "cause", "symptom", "change"; static */
        const char *text;         /* its title; borrowed */
        const Evidence *evidence; /* borrowed; NULL when no line was kept */
        unsigned n;               /* moments of the same kind and text in the same second, this one included */
} Moment;

/* All of them (of Moment); owned by the caller, and borrows from @incident. */
GArray *timeline_moments(const Incident *incident);

/* Leaves one of those that say the same in the same second, and counts them. */
void timeline_fold(GArray *moments);
