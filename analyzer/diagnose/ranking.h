/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ranking
 *
 *     tracks, an episode, changes -> [ranking] -> causes
 *
 * Scores what spoke in an incident by what it can be: the cause, or the victim of one. Each candidate has named factors,
 * 0..1, weighted by one table; the report shows them. Volume is a tie-break: the loudest error is usually a victim.
 * docs/diagnosis.md says what each factor is worth.
 */

#include "diagnose/facets.h"
#include "diagnose/silence.h"

/* Clocks and log buffers: an effect may be written so much before its cause. */
#define ORDER_SLACK_SECONDS 2.0

/* A cause that spoke only once or twice counts when it spoke so long before the surge. */
#define SPARSE_LEAD_SECONDS 60.0

/* A surge that began so long before the incident, or half the incident's length, is another story. */
#define EARLY_SECONDS 90.0

typedef enum {
        FACTOR_NATURE,  /* how likely a signal of its kind is where it began */
        FACTOR_NEW,     /* was it there before */
        FACTOR_LEAD,    /* how early in the incident */
        FACTOR_SPAN,    /* how much of the incident it spans */
        FACTOR_END,     /* ends together with it */
        FACTOR_COUNT,   /* how loud; a tie-break */
        FACTOR_EFFECTS, /* its known effects follow */
        FACTOR_SCOPE,   /* one value carries it alone; a reason to look there, no reason to rank */
        FACTOR_VICTIM,  /* it is itself a known effect of another, or its echo; a penalty */
        N_FACTORS,
} Factor;

typedef struct Candidate {
        CauseKind kind;
        Track track;              /* of all its surges in the incident */
        const GPtrArray *changes; /* of Change, made together, in order of time; NULL unless the kind is CAUSE_CHANGE; owned by the ranking */
        const Silence *silence;   /* borrowed; NULL unless the kind is CAUSE_SILENCE */
        const Silence *stopped;   /* with the change; borrowed; NULL: nothing */
        const Facet *shifted;     /* what its own log says otherwise from the change on; borrowed; NULL: nothing */
        bool undone;              /* the change was, when all was over */
        bool other_unit;          /* a number is a thousand, 60, ... times what it was, or a part: perhaps meant in another unit */
        bool raised;              /* the change moved a number, and a limit is reached behind it */
        bool holds;               /* the change was made by who is named as the holder of a lock */
        bool scoped;              /* the change is of the host, tenant, ... that alone has the trouble */
        const Facet *facet;       /* borrowed; NULL for all events of a signal alike */
        double value[N_FACTORS];
        double score; /* 0..1 */
        unsigned n_effects;
        double filled;          /* a limit, and a trouble that began before it may have filled it: how likely, 0..1 */
        bool forerun;           /* an error that nobody describes, behind quiet trouble; or what takes long, behind a change that works */
        bool waits;             /* a wait for a lock or the like, and a trouble that began before it may be what it waits for */
        const Track *victim_of; /* borrowed from another candidate */
        const Track *echo_of;   /* says of the same events less; borrowed likewise */
} Candidate;

typedef struct Ranking {
        const Episode *episode;
        const Axis *axis;
        const LedgerView *view;
        GArray *candidates;  /* of Candidate */
        GPtrArray *order;    /* of Candidate, best first; borrowed from `candidates` */
        GPtrArray *clusters; /* of the candidates' lists of changes */
        GPtrArray *stops;    /* of Silence: what stopped with changes */
        uint64_t loudest;
        double first_sign;  /* when the first of what has effects in the episode began, or the episode; to the second */
        double first_known; /* the earliest time of such a sign that is known to less than a second; INFINITY if none is */
} Ranking;

/* What is ranked. */
typedef struct Suspects {
        const GArray *tracks;      /* of Track; those count that take part in the episode */
        const GPtrArray *facets;   /* of Facet; each stands for its whole signal */
        const GPtrArray *changes;  /* of Change, in order of time; those shortly before it */
        const GPtrArray *silences; /* of Silence */
} Suspects;

/* Borrows all. */
Ranking *ranking_new(const Episode *episode, const Suspects *suspects, const Axis *axis, const LedgerView *view);
void ranking_free(Ranking *ranking);

const char *factor_name(Factor factor);
double factor_weight(Factor factor);

/* True when the first is known to bring about the second, and did not come after it. */
bool ranking_explains(const Candidate *cause, const Candidate *effect);

/* The one that stands for changes made together: the most dangerous, of those the last. */
const Change *ranking_spokesman(const GPtrArray *changes);

/* When @track began, exact where the onset is known to more than a second. */
double ranking_exact_begin(const Track *track);

/* How much of the episode @track spans, 0..1. */
double ranking_span(const Track *track, const Episode *episode);

/* Seconds of the episode, at least one. */
double episode_length(const Episode *episode);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ranking, ranking_free)
