/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Cluster, from within: shared by the sequences (cluster.c) and the two steps (cluster_steps.c).
 */

#include "mine/cluster.h"
#include "mine/word_ids.h"

enum {
        WORD_SPEAKS = 1, /* begins with a letter */
        WORD_OPEN = 2,   /* may turn out to be a value */
        WORD_ODD = 4,    /* no plain word: a name in mixed case, with digits or signs */
        WORD_LEADS = 8,  /* a name is likely behind it */
        WORD_OPENS = 16, /* an opening quote, bracket or "=" */
        WORD_CLOSES = 32,
        WORD_COLON = 64,
};

struct Cluster {
        WordIds *ids;         /* owned; "" is CLUSTER_VALUE */
        GByteArray *traits;   /* owned; by id */
        GPtrArray *sequences; /* owned; of Sequence */
        GHashTable *indexes;  /* index + 1 by Sequence */
};

Sequence *cluster_at(const Cluster *cluster, uint32_t index);

/* The index of the sequence, which is added if it is not there; it counts nothing then. */
uint32_t cluster_put(Cluster *cluster, const uint32_t *words, unsigned n);

/* True when @wide takes all of @narrow; then sets @spans, unless NULL, for each of its words. */
bool cluster_fits(const uint32_t *wide, unsigned n_wide, const uint32_t *narrow, unsigned n_narrow, Span *spans);

void cluster_by_position(Cluster *cluster);
void cluster_absorb(Cluster *cluster);
