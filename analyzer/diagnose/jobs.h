/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Jobs
 *
 *     view, an episode -> [jobs] -> facets
 *
 * Jobs say in one line that they begin and in another that they are done ("export HX-308 started", "export HX-308 finished"). Of interest are those that go on
 * while the incident does, though others of the same log were done in a fraction of that. Nobody writes a line for what is not done.
 */

#include "diagnose/incidents.h"

/* Each line of a job must be known: where there are no more than this all of them are kept. */
#define JOB_EVENTS_MAX EXEMPLAR_SAMPLE_MAX

/* A source with more lines that begin or end something tells of no jobs, nor do sources with so many in all: what is not seen to be done may be. */
#define JOB_SOURCE_LINES_MAX 60
#define JOB_LINES_MAX        1000

/* So many were done before it, and it takes so long, so many times as long as the longest of them, and so much of the incident. */
#define JOB_BEFORE_MIN  2
#define JOB_SECONDS_MIN 5.0
#define JOB_RATIO_MIN   4.0
#define JOB_SHARE_MIN   0.25

/* It began so long before the first error, at most. */
#define JOB_LEAD_SECONDS 300.0

typedef struct Job {
        const Signal *signal;         /* borrowed; of the line with which it began */
        const Exemplar *began, *done; /* borrowed; `done` is NULL where the log does not say so */
        double from, to;              /* until it was done, or the episode was over */
        double longest_before;        /* seconds */
} Job;

/* The jobs that began before the first error of @episode, and went on; of Job. */
GArray *jobs_find(const Episode *episode, const LedgerView *view);
