/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Reasons
 *
 *     ranking -> [reasons] -> causes, rivals
 *
 * What a suspect is called, and what speaks for it and against it, factor by factor, in words.
 */

#include "diagnose/ranking.h"

/* The pattern's id, or "template/HASH", "silence/SOURCE"; owned by the caller, as is the title. */
char *reasons_id(const Ranking *ranking, const Candidate *candidate);
char *reasons_title(const Ranking *ranking, const Candidate *candidate);

/* Appends to @list a Why for each factor that has a word or a number to say. */
void reasons_list(const Ranking *ranking, const Candidate *candidate, GArray *list);

/* How the candidate relates to another that explains it or says more of the same events; "" if it does not; owned by the caller. */
char *reasons_relation(const Candidate *candidate);
