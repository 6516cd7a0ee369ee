/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ledger, from within: shared by the sums (ledger.c) and the file (ledger_file.c).
 */

#include "ledger/ledger.h"

/* The last event of a second, until its block ends: most seconds have many events. */
typedef struct Latest {
        uint32_t second, count; /* count 0: none */
        uint64_t offset, line;
        int64_t time_us;
        Level level;
        Str text; /* borrowed from the block */
} Latest;

typedef struct Record {
        SourceRecord record;
        Latest latest;
        uint64_t seed; /* of its name, for the lottery of exemplars */
} Record;

/* Shapes that were looked up last, by the low bits of their keys: most events are of few shapes. A power of two. */
#define RECENT_SHAPES 1024

struct Ledger {
        const Patterns *patterns; /* borrowed */
        LedgerDescribe describe;  /* NULL where no events are added */
        LedgerLocate locate;
        void *locate_data;
        GPtrArray *sources;       /* of Record */
        GHashTable *signals;      /* of Signal, by key */
        Signal **by_pattern;      /* borrowed from `signals`; NULL until the pattern is seen */
        Signal *recent[RECENT_SHAPES]; /* borrowed from `signals` */
        uint32_t n_shapes;
        uint64_t n_shape_events; /* kept or evicted */
        Series errors, all;
};

/* A record with empty strings. */
Record *record_new(const char *name);

Signal *signal_new(uint64_t key, const char *pattern_id);
void signal_free(void *signal);

/* The lot of an exemplar: depends on its place alone. */
uint64_t ledger_lottery(const Ledger *ledger, uint32_t source, uint64_t offset);

/* Adds a signal that is not there yet; takes it over. */
void ledger_insert(Ledger *ledger, Signal *signal);
