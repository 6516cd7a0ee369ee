/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Diagnose
 *
 *     ledger -> tracks -> incidents -> causes -> [diagnose] -> report
 *
 * From the sum of everything seen to what is said about it. A pure function of the view and the patterns. Touches a few
 * thousand signals and may think.
 */

#include "diagnose/baseline.h"
#include "model/report.h"

/* Columns of an incident's histogram; background entries. */
#define HISTOGRAM_BUCKETS_MAX 60
#define BACKGROUND_MAX        12

/*
 * Borrows all, as does the report. @baseline: healthy times to compare with; NULL: the quiet part of the
 * log itself. @gap_seconds: what separates incidents; 0 to choose.
 */
Report *diagnose(const LedgerView *view, const Baseline *baseline, const Patterns *patterns, double gap_seconds);
