/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rivals
 *
 *     ranking -> [rivals] -> causes
 *
 * "Why not X?": the suspects that came next after the first cause, and the one factor that decided most between the two.
 */

#include "diagnose/ranking.h"

#define RIVALS_MAX 2

/* Fills in who lost against @cause, which tells of @winner. @standing: of Candidate, best first, without those that are told of with another. */
void rivals_find(const Ranking *ranking, const GPtrArray *standing, const Candidate *winner, Cause *cause);
