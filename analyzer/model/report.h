/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Report
 *
 *     ledger -> diagnose -> [report] -> text, json
 *
 * What is said about a log: incidents with their ranked causes, what was seen besides, what was not seen, and how much
 * of the input was understood. Times are microseconds, or TIME_NONE where a log has none. All strings and arrays are
 * owned by the report unless a comment says borrowed; borrowed ones live in the ledger or the patterns.
 */

#include "model/evidence_line.h"
#include "model/pattern.h"
#include "model/remark.h"
#include "model/signal.h"

typedef enum { VERDICT_NO_INCIDENT, VERDICT_INCONCLUSIVE, VERDICT_INCIDENT } Verdict;

typedef enum { CAUSE_PATTERN, CAUSE_TEMPLATE, CAUSE_CHANGE, CAUSE_SILENCE } CauseKind;

typedef enum { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH } Confidence;

/* A reason: one factor of the score, its value (0..1 or -1..0, before its weight) and in words. */
typedef struct Why {
        const char *factor; /* static */
        double value, weight;
        char *text; /* "" when it is not worth a word */
} Why;

/* A suspect that lost against the first cause, and what decided. */
typedef struct Rival {
        char *id, *title, *facet; /* as those of a cause */
        CauseKind kind;
        double score, difference; /* between the two, after its weight: of the factor */
        const char *factor;       /* static; that speaks most for the first cause and against this one */
        char *text;               /* the same in words */
        GArray *why;              /* of Why; what its own score rests on */
} Rival;

typedef struct Fact {
        char *name, *value;
        uint64_t count; /* of the exemplars that say so */
} Fact;

/* The same failure in the words of another program: the server's, the driver's, the proxy's. */
typedef struct Voice {
        const char *id, *title; /* borrowed from its pattern */
        uint64_t count;
} Voice;

/* Something that follows from a cause. */
typedef struct Effect {
        const char *id, *title; /* borrowed from its Cause */
        int64_t delay_us;       /* after the cause's onset */
} Effect;

typedef struct Cause {
        unsigned rank; /* from 1 */
        char *id;      /* the pattern's, or "template/HASH" */
        CauseKind kind;
        Role role;
        char *title;
        char *facet; /* what is news of lines that may have been there before, the end of the title: "took up to 122.5 s, at most 0.5 s before"; NULL */
        const char *category;   /* borrowed; "" for a template */
        const Pattern *pattern; /* borrowed; NULL for a template */
        const Signal *signal;   /* borrowed; of a template that stands for all of its events; else NULL */
        Confidence confidence;
        double score; /* 0..1 */
        int64_t onset_us, last_us;
        uint64_t count;         /* of its events in the incident */
        uint64_t count_before;  /* and before its onset */
        GArray *sources;        /* of SourceCount */
        GArray *why;            /* of Why */
        GPtrArray *why_not;     /* of Rival, the best first; of the first cause of an incident */
        GArray *evidence;       /* of Evidence */
        GArray *facts;          /* of Fact */
        GArray *effects;        /* of Effect */
        GArray *voices;         /* of Voice; their counts are not part of `count` */
        GPtrArray *just_before; /* of Change, borrowed from the incident */
} Cause;

/* What a change set, and what it was before by an earlier line. */
typedef struct Setting {
        char *name, *value, *was;
        Evidence said; /* the earlier line */
} Setting;

/* A deploy, reload, restart, ... around an onset. */
typedef struct Change {
        char *id, *title;       /* the pattern's, or those of the line's template */
        const char *category;   /* borrowed, as all pointers below; "" without pattern */
        const Pattern *pattern; /* NULL for a line whose words alone speak of a change */
        const Signal *signal;
        Evidence evidence, undone;   /* its line, and the one that undid it: without exemplar where none did */
        int64_t lead_us;             /* before the onset; negative: after it */
        double weight;               /* how likely such a change breaks something, 0..1 */
        GArray *settings;            /* of Setting; those whose value before is known and another */
        bool refuted, holds, spared; /* undone in vain; said to hold a lock that others wait for; not undone, while the same of something else was */
        int64_t undone_us; /* when a later line undid it: the old value again, or "B -> A" behind "A -> B", or yet another value; TIME_NONE: none did */
} Change;

typedef struct Incident {
        unsigned id; /* from 1, worst first */
        int64_t onset_us, peak_us, end_us;
        int64_t age_us;      /* so long, what its first errors speak of had gone on by then ("queue age 25 s"); 0 where they do not say */
        bool fills;          /* a full disk, a used up memory or the like comes first: what fills it up may have begun long before */
        uint64_t onset_line; /* where a log without times has its onset, else 0 */
        bool ongoing;        /* at the end of the log */
        bool from_the_start; /* the log begins in the middle of it */
        bool answered;       /* who asks is answered as at other times */
        uint64_t events;     /* that the incident adds to what was there before */
        double before_per_minute, during_per_minute, peak_per_minute; /* error events */
        GPtrArray *causes;                                            /* of Cause, best first */
        GPtrArray *symptoms;                                          /* of Cause, by count */
        GPtrArray *changes;                                           /* of Change, by time */
        GPtrArray *lines; /* whatever owns exemplars that evidence borrows and the ledger does not hold; may be NULL */
        int64_t buckets_start;
        unsigned bucket_seconds;
        GArray *buckets; /* of uint64_t: error events of the whole log, empty buckets too */
} Incident;

typedef struct Report {
        Verdict verdict;
        bool by_line; /* the log has no times: its axis is the number of the line */
        int64_t first_us, last_us;
        GPtrArray *incidents;     /* of Incident, worst first */
        GPtrArray *no_sign_of;    /* of NoSign */
        GPtrArray *background;    /* of Background, by count */
        GArray *clocks, *zones;   /* of ClockDifference, of ZoneFit; in order of source */
        GArray *redactions;       /* of Redaction, by kind; NULL: nothing was to be replaced */
        const LedgerView *ledger; /* borrowed: inputs and coverage */
} Report;

const char *verdict_name(Verdict verdict);
const char *confidence_name(Confidence confidence);
const char *cause_kind_name(CauseKind kind);
Rival *rival_new(void);
void rival_free(void *rival);
Cause *cause_new(void);
void cause_free(void *cause);
Incident *incident_new(void);
void incident_free(void *incident);
Change *change_new(void);
void change_free(void *change);
Report *report_new(void);
void report_free(Report *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)
