/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Facets
 *
 *     tracks, exemplars -> [facets] -> ranking
 *
 * What is special about a signal's events in an incident, read from its exemplars. One value may carry them that was not
 * there before: the same "quota exceeded" that one tenant gets all day is news when another gets it. And lines that are no bad
 * news may tell of something that took far longer than ever before: "committed after 122.5 s".
 */

#include "diagnose/incidents.h"

/* Slow is what took at least so long, and so many times as long as the slowest before. */
#define SLOW_SECONDS_MIN 1.0
#define SLOW_RATIO_MIN   4.0
#define SLOW_BEFORE_MIN  3 /* exemplars that say how long it takes */

/* Of so many before, a few that were slow, as at a start, are not what it takes: it is slow above these times the median and the slowest. */
#define SLOW_TYPICAL_MIN       10
#define SLOW_RATIO_TYPICAL_MIN 8.0
#define SLOW_RATIO_LONGEST_MIN 2.0

/* A measure (name=number) jumps to so many times the highest before, on so many lines, from so many lines that knew it. */
#define JUMP_RATIO_MIN  4.0
#define JUMP_VALUE_MIN  10.0
#define JUMP_LINES_MIN  2
#define JUMP_BEFORE_MIN 5

/* One line suffices, and its number may have no name, when it is so many times as high. */
#define HUGE_RATIO_MIN  20.0
#define HUGE_VALUE_MIN  100.0
#define HUGE_BEFORE_MIN 3

/* A climb may begin so long before the first error, or in this share of the time before it, behind so many lines that knew the measure. */
#define CLIMB_LEAD_SECONDS 300.0
#define CLIMB_LEAD_SHARE   0.5
#define CLIMB_BEFORE_MIN   5

#define FACET_EVIDENCE_MAX 5

/* What lines of no bad news say may be unusual so long before the first error, or this share of the time before it. */
#define CALM_LEAD_SECONDS 60.0
#define CALM_LEAD_SHARE   0.2

/* A line of no bad news is unusual when it was not there before and began at least so long before the first error: with it, it may be its effect. */
#define UNUSUAL_LEAD_MIN   1.0
#define UNUSUAL_EVENTS_MIN 5

/* The same line, where it was there before, is said so many times as often from then on. */
#define BUSIER_RATIO_MIN  4.0
#define BUSIER_EVENTS_MIN 20

/* A gauge is told so often at least. */
#define GAUGE_SECONDS_MAX 60.0

/* What was said in so many lines before has its usual ways to be said. */
#define VARIANT_BEFORE_MIN 20

/* Without history, what took long is told of when so few lines say so and one of them speaks of the whole incident: a job that is new, or rare. */
#define SLOW_RARE_MAX 3

typedef enum { FACET_VALUE, FACET_SLOW, FACET_JUMP, FACET_HUGE, FACET_CLIMB, FACET_TURNED, FACET_EPOCH, FACET_UNUSUAL, FACET_BUSIER, FACET_JOB } FacetKind;

typedef struct Facet {
        FacetKind kind;
        Track track;    /* of its events alone */
        double seconds; /* the longest, of FACET_SLOW; of FACET_JOB, how long it went on */
        bool sampled;   /* of FACET_SLOW: there may be slow lines before, behind the last one kept that is not; it began halfway */
        char *words;    /* owned: "tenant=checkout", "took up to 122.5 s, at most 0.7 s before" */
        const Exemplar *evidence[FACET_EVIDENCE_MAX]; /* borrowed; in order of time */
        unsigned n_evidence;
} Facet;

/* Its track began when the line before was written, for it may have changed at any time since. */
static inline bool facet_is_gauge(const Facet *facet) {
        return facet->kind == FACET_TURNED || facet->kind == FACET_JUMP;
}

/* The facets of what spoke in @episode; of Facet, in order of the signals. What the @baseline (or NULL) has, too, is not unusual. */
GPtrArray *facets_find(const Episode *episode, const GArray *tracks, const LedgerView *view, const Axis *axis, const Baseline *baseline);
