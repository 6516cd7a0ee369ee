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
        const char *kind;         /* "cause", "symptom", "change"; for people also "possible cause"; static */
        const char *text;         /* its title; borrowed */
        const Evidence *evidence; /* borrowed; NULL when no line was kept */
        unsigned n;               /* of those that were folded into this one, itself included */
        int64_t last_us;          /* the last of them */
        int64_t place_us;         /* for people: where it stands, for a log without fractions of a second does not say when in it */
        bool is_line;             /* a change that no pattern knows: its title is its line's own words */
} Moment;

/* All of them (of Moment); owned by the caller, and borrows from @incident. */
GArray *timeline_moments(const Incident *incident);

/*
 * The same for people: of the causes only the first @n_causes, each cause and symptom once, and changes that say the same
 * one after the other as one. Where a time is of whole seconds, what may have led to it in the same second stands above it.
 */
GArray *timeline_for_people(const Incident *incident, unsigned n_causes);
