/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ledger, from within: shared by the sums (ledger.c) and the file (ledger_file.c).
 */

#include "base/order.h"
#include "ledger/ledger.h"
#include "ledger/shape_table.h"

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
        char *identity; /* owned; what tells sources apart: "host:name", or the name alone where there is no host */
        uint64_t seed;  /* of its name, for the lottery of exemplars */
} Record;

/*
 * What is kept of a shape: less where there are more of them, so that all together take bounded memory. The merge law
 * holds, for a part of the events never has more shapes than all.
 */
typedef struct Room {
        unsigned first, sample, rows;
} Room;

struct Ledger {
        const Patterns *patterns; /* borrowed */
        LedgerLocate locate;      /* NULL where no events are added */
        void *locate_data;
        GPtrArray *sources;      /* of Record */
        GHashTable *by_identity; /* index by identity, of the first `n_indexed`; NULL until it is needed */
        uint32_t n_indexed;
        GHashTable *known;       /* of Signal, by key: those of patterns */
        Signal **by_pattern;     /* borrowed from `known`; NULL until an event is added */
        ShapeTable shapes;       /* of the others */
        ShapeTable coarse;       /* what the shapes that did not stay are counted under */
        Room room;               /* of each shape, by their number */
        GPtrArray *spent;        /* of Signal: some of those that were added to others, see spend() */
        uint64_t n_shape_events; /* kept or evicted */
        Series errors, all;
};

static inline const Record *record_at(const Ledger *ledger, uint32_t source) {
        return ledger->sources->pdata[source];
}

static inline bool is_shape(const Signal *signal) {
        return signal->pattern_id == NULL;
}

static inline bool is_coarse(const Signal *signal) {
        return is_shape(signal) && signal->coarse_key == 0;
}

void record_free(void *record);

/* FNV-1a. */
uint64_t ledger_hash(const char *text);

static inline uint64_t ledger_key_of_pattern(const char *id) {
        return ledger_hash(id) | ~SHAPE_KEY_MASK;
}

/* --- sources: ledger_sources.c --- */

uint32_t ledger_add_source_of(Ledger *ledger, const char *name, const char *host);

/* For each source of @other, which is added, its index here; sources that are new are added. */
uint32_t *ledger_merge_sources(Ledger *ledger, const Ledger *other);

/* Puts the sources in order of their identities and returns for each old index the new one. */
uint32_t *ledger_sort_sources(Ledger *ledger);

/* --- signals: ledger_signal.c --- */

/* A copy of the first line of @text, for people. Owned by the caller. */
char *signal_line_copy(Str text);

/* The lot of an exemplar: depends on its place alone. */
static inline uint64_t ledger_lottery(const Ledger *ledger, uint32_t source, uint64_t offset) {
        uint64_t x = (record_at(ledger, source)->seed ^ offset) * UINT64_C(0x9E3779B97F4A7C15);

        x = (x ^ x >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
        return x ^ x >> 32;
}

/* All signals, in no order; of a ledger that is to be freed, the caller takes them over. */
GPtrArray *ledger_signals(const Ledger *ledger);
GPtrArray *ledger_steal_signals(Ledger *ledger);

/*
 * Adds a signal that is not there yet; takes it over. Of a shape, no more is kept than there is room for; and what comes last goes if
 * there are too many, which may be @signal.
 */
void ledger_insert(Ledger *ledger, Signal *signal);

/* The signal here of the kind and key of @theirs, NULL if there is none. */
Signal *ledger_find_like(const Ledger *ledger, const Signal *theirs);

/* Adds @signal, which names sources as they are numbered here, to the one with its key, or puts it in; takes it over. */
void ledger_take_signal(Ledger *ledger, Signal *signal);

/* Counts an event that @pattern (an index) matched; UINT32_MAX for a shape. */
void signal_add(const Ledger *ledger, Signal *signal, uint32_t source, const Event *event, uint32_t pattern);

/* Notes which event of a term of a rule it was, after signal_add(). */
void signal_sight(const Ledger *ledger, Signal *signal, uint32_t source, const Event *event);

/* Adds @other to @signal, which takes over much of it; it is only good to be freed then. */
void signal_take(const Ledger *ledger, Signal *signal, Signal *other);

void signal_trim(const Room *room, Signal *signal);

/* Puts the first exemplars in order, after their times have changed. */
void signal_sort_first(const Ledger *ledger, Signal *signal);

/* Puts the sightings in order, by the names of the sources as they are numbered now. */
void signal_settle(const Ledger *ledger, Signal *signal);

/* The source i becomes the source rank[i]; then sorts them. */
void signal_renumber(Signal *signal, const uint32_t *rank);
