/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Cluster
 *
 *     words of all shapes -> [cluster] -> templates
 *
 * Finds which sequences of words are one template, from all of them and their counts at once, so that no order of lines
 * matters. Two steps:
 *
 *   by position  a word is a value where many sequences differ in it alone: for what no form tells (names of users, of
 *                hosts, of methods). How many it takes depends on the place: few words are states (started, stopped).
 *   absorb       a sequence is taken into one that is at least twice as frequent, when all its words occur in it in order
 *                and what is left over fits into its values: for one odd line that would stand alone.
 *
 * Costs a few passes over all words; the sequences are as many as a ledger keeps shapes. To absorb is to lay pairs of sequences over each other,
 * which of hostile ones (the same words in ever other orders) are many: it ends when CLUSTER_CELLS_MAX are spent, the most frequent sequences
 * first; those that are left stay templates of their own. What is spent depends on the words and counts alone.
 */

#include "mine/words.h"

#include <glib.h>

/* A word that stands for values. */
#define CLUSTER_VALUE 0

/* So many words of a sequence that is absorbed may stand for one value. */
#define CLUSTER_GAP 10

/*
 * Cells of all pairs that are laid over each other: a word of one against a word of the other; a pair that is passed over is one, too. Of the logs
 * that we have the worst needs a quarter of a million.
 */
#define CLUSTER_CELLS_MAX (UINT64_C(1) << 28)

/*
 * A place by position: words that it takes where a name stands behind "for", "user" and the like; where a value is likely
 * (behind those, in quotes or brackets, a name); behind a colon; and elsewhere.
 */
#define CLUSTER_WORDS_NAME  2
#define CLUSTER_WORDS_SLOT  3
#define CLUSTER_WORDS_COLON 4
#define CLUSTER_WORDS_FREE  8

typedef struct Cluster Cluster;

typedef struct Sequence {
        uint32_t *words; /* owned; ids */
        unsigned n;
        uint64_t own;   /* events */
        uint64_t count; /* events, with those of the sequences that are merged into it */
        uint32_t home;  /* index of the sequence that it became part of; its own if none */
} Sequence;

Cluster *cluster_new(void);
void cluster_free(Cluster *cluster);

/* Adds what was said @count times; returns the index of its sequence. @words are squeezed. */
uint32_t cluster_add(Cluster *cluster, const Words *words, uint64_t count);

/* Once, when all are added. */
void cluster_run(Cluster *cluster);

/* The sequence that @index became part of. */
uint32_t cluster_home(const Cluster *cluster, uint32_t index);
const Sequence *cluster_sequence(const Cluster *cluster, uint32_t index);

/* The text of a word; "" for CLUSTER_VALUE. */
const char *cluster_word(const Cluster *cluster, uint32_t id);

/* A span of words. */
typedef struct Span {
        unsigned from, to;
} Span;

/*
 * Lays @words over the sequence @index: for each of its words, in @spans, which of @words stand there. False if they do
 * not fit. Each value takes as few as can be.
 */
bool cluster_align(const Cluster *cluster, uint32_t index, const Words *words, Span spans[static WORDS_MAX]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cluster, cluster_free)
