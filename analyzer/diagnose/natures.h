/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Natures
 *
 *     a candidate -> [natures] -> ranking
 *
 * How likely a suspect of its kind is where it began, before anything is known of what follows it: a full disk breaks things, a time-out is
 * what others notice.
 */

#include "diagnose/ranking.h"

/* Of a change that is seen at work, and of what takes as long as the incident. */
#define NATURE_WORKING 0.8

/* 0..1 */
double nature_of(const Candidate *candidate, const Episode *episode);

/* True for what took so long in one piece that it may hold up others all along: many short waits one after the other hold nothing. */
bool nature_holds(const Candidate *candidate, const Episode *episode);
