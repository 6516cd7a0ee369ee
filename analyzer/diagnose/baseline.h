/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Baseline
 *
 *     ledgers of healthy times -> [baseline] -> tracks
 *
 * How often each signal is to be expected in a log, judged by other logs: yesterday's, the last build's, a healthy run.
 * Counts are scaled by the number of events, so that a busier day is not an incident; with several baselines a signal's
 * own spread between them counts, so that what varies anyway is not news.
 *
 * What is unusual: a G-test on counts (a Poisson likelihood ratio of the log against the baseline), with a bound that
 * rises with the number of signals that are tested (Bonferroni).
 */

#include "model/signal.h"

/* An unusual signal is at least so many times as frequent as expected. */
#define BASELINE_RATIO_MIN 2.0

/* The probability that anything at all in a healthy log is called unusual; the bound on the likelihood ratio follows from it. */
#define BASELINE_FALSE_ALARM 0.01

/* A signal that others write all the time is new in a source from so many events on. */
#define BASELINE_SOURCE_EVENTS_MIN 3

typedef struct Baseline Baseline;

typedef enum { USUAL_AS_EXPECTED, USUAL_MORE, USUAL_NEVER_BEFORE } Usual;

/* @views: of LedgerView, one for each thing to compare with; borrowed. @judged: the log that will be judged. NULL where none of the views has an event. */
Baseline *baseline_new(const GPtrArray *views, const LedgerView *judged);
void baseline_free(Baseline *baseline);

/*
 * Whether a log of the name of @source is among the baselines: app.log, app.log.1 and app.log-20261123.gz are one name, and where one log is judged
 * by one log each, names do not matter.
 */
bool baseline_knows_source(const Baseline *baseline, const SourceRecord *source);

/* The same as below for its events in @source alone, by the baselines' logs of its name; as expected where there is none. */
Usual baseline_judge_source(const Baseline *baseline, const Signal *signal, const SourceRecord *source, uint64_t count, double *expected);

/* How usual the number of @signal's events is; @expected: how many the baselines let expect. */
Usual baseline_judge(const Baseline *baseline, const Signal *signal, double *expected);

/* Whether @baseline, if there is one (else NULL), has @signal as often. */
bool baseline_is_usual(const Baseline *baseline, const Signal *signal);

/* Whether @baseline, if there is one (else NULL), has the way in which @variant says @signal, or says it in too many ways to tell. */
bool baseline_has_variant(const Baseline *baseline, const Signal *signal, const Variant *variant);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Baseline, baseline_free)
