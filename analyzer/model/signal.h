/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Signal
 *
 * Everything that a ledger knows of one kind of event: of the events that a pattern matched, or of those without a
 * pattern that share a shape. And what it knows of a source.
 */

#include "model/exemplar.h"
#include "model/extent.h"
#include "model/series.h"
#include "model/sightings.h"
#include "model/template.h"
#include "model/trail.h"

/* Keys of shapes leave the highest bit to those of patterns. */
#define SHAPE_KEY_MASK (~UINT64_C(0) >> 1)

/* What the hot path computes of an event without pattern. */
typedef struct ShapeKey {
        uint64_t key;     /* of its words, with all values masked, its level and status */
        uint64_t content; /* of its words and values */
        uint64_t coarse;  /* of its first word and the number of its words: for where there are too many shapes */
} ShapeKey;

/* Where a signal speaks. */
typedef struct SourceCount {
        uint32_t source;
        uint64_t count;
        int64_t first_us, last_us; /* TIME_NONE while none has a time */
} SourceCount;

/* What each event touches stands first. */
typedef struct Signal {
        uint64_t count;
        uint64_t n_untimed;   /* of them, without time */
        Level level;          /* the worst of its events */
        unsigned status;      /* HTTP, or 0; of a shape */
        Series series;        /* by time */
        SourceCount *sources; /* owned; in order of source */
        uint32_t n_sources, last_source;
        int64_t first_bound; /* what is later, and has a larger lot than these two, is only counted; the largest number while there is room */
        uint64_t sample_bound, row_bound;

        uint64_t key;
        char *pattern_id;    /* owned; NULL: a shape; of a term with TERM_PREFIX */
        char *shape;         /* owned; the text of its template; NULL before ledger_group() and for patterns */
        Series by_line;      /* by line number, of the events without time */
        Sightings sightings; /* of a term of a rule: which events they were */

        Exemplar first[EXEMPLAR_FIRST_MAX]; /* in order of time, source, offset */
        unsigned n_first, n_sample, sample_capacity;
        Exemplar *sample; /* owned; in order of lottery */

        Row *rows; /* owned; of a shape; in order of lottery, second, text */
        unsigned n_rows;
        uint64_t coarse_key; /* of a shape: what it is counted under if it must go; 0 for one that stands for those that went */
        Variant *variants;   /* owned; of a template with at most VARIANTS_MAX, in order of time; NULL before ledger_group() */
        unsigned n_variants;
        const Template *template; /* borrowed; of the shapes that became this signal; NULL before ledger_group() and for patterns */
} Signal;

/* An empty one; copies @pattern_id, NULL for a shape. */
Signal *signal_new(uint64_t key, const char *pattern_id);

/* Of one that is not of templates. */
Signal *signal_copy(const Signal *signal);
void signal_free(void *signal);

/* All its exemplars: the first ones, then the sample, which may hold them again. */
static inline unsigned signal_n_exemplars(const Signal *signal) {
        return signal->n_first + signal->n_sample;
}

static inline const Exemplar *signal_exemplar(const Signal *signal, unsigned i) {
        return i < signal->n_first ? &signal->first[i] : &signal->sample[i - signal->n_first];
}

/* There is room for so many rows when there are @n. */
static inline unsigned signal_row_capacity(unsigned n) {
        return n <= 1 ? n : 1U << g_bit_storage(n - 1);
}

/* Makes room for @n exemplars in the sample. */
void signal_reserve_sample(Signal *signal, unsigned n);

void signal_drop_first(Signal *signal);  /* the last of the first ones */
void signal_drop_sample(Signal *signal); /* the last of the sample */

/* From the first to the last of some events; TIME_NONE where there are none. */
typedef struct TimeSpan {
        int64_t first_us, last_us;
} TimeSpan;

/* Makes @first to @last reach from @from to @to, too; a TIME_NONE adds nothing. */
static inline void widen_span(int64_t *first, int64_t *last, int64_t from, int64_t to) {
        if (from == TIME_NONE)
                return;
        if (*first == TIME_NONE || from < *first)
                *first = from;
        if (*last == TIME_NONE || to > *last)
                *last = to;
}

/* A problem means that something could not be read. */
typedef struct SourceRecord {
        char *name;          /* owned */
        char *host;          /* owned; where the ledger was made; "" while that does not matter */
        char *compression;   /* owned */
        char *layout;        /* owned; "" when nothing was read */
        char *zone;          /* owned; of its lines or the one assumed */
        char *zone_from;     /* owned; "line", "option", "assumed" */
        char *year_from;     /* owned; "line", "gzip header", "file name", "file time", "clock" */
        char *note;          /* owned or NULL */
        GPtrArray *problems; /* owned; of owned strings */

        uint64_t bytes, lines, events;
        uint64_t with_time, inherited_time, with_level, matched, cut;
        uint64_t by_level[N_LEVELS];
        int64_t first_us, last_us; /* TIME_NONE when nothing has a time */
        TimeSpan zoned, unzoned;   /* of the events that name their time with its zone, and without */
        uint64_t left_out;         /* events that --since or --until left out; they count nowhere else */
        TimeSpan outside;          /* of them */
        Trail trail;               /* of its events with a time */
        Extents extents;           /* that were read; none where nobody noted them */
} SourceRecord;

/* The ledger as the second half of the program sees it: complete, sorted, no longer changing. Everything is borrowed from it. */
typedef struct LedgerView {
        GPtrArray *sources; /* of SourceRecord, by name; owned */
        GPtrArray *signals; /* of Signal, by key; owned */
        GPtrArray *terms;   /* of Signal, by key: terms of rules, which are no signals of their own; owned */
        uint64_t evicted;   /* events of shapes that the bounded tables let go */
        uint64_t coarse;    /* events that are known by their coarse shape only */
        Series errors;      /* all events of LEVEL_ERROR and above; borrowed */
        Series all;         /* all events with a time; borrowed */
} LedgerView;
