/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Ledger
 *
 *     events, matches, shapes -> [ledger] -> incidents -> causes -> report
 *
 * The mergeable sum of everything seen; the joint between the half that touches every byte and the half that thinks.
 * The merge law: for any way to part the events, adding the parts to ledgers and merging those in any order gives the
 * same view. That holds because every member is a sum, a minimum, a maximum, or the k smallest by an order that
 * depends on the events alone.
 *
 * Bounded: of the shapes without pattern, the LEDGER_SHAPES_MAX first by (level at least warning, hash) are kept. A
 * shape that is kept in the end was kept all the time, so its numbers are whole. The events of the others are counted by
 * their coarse shapes, of which the LEDGER_COARSE_MAX first by the same order are kept; what is in none is counted as
 * evicted. The more shapes, the fewer exemplars and rows of each; the more sources, the shorter the trail of each.
 */

#include "model/pattern.h"
#include "model/signal.h"

#define LEDGER_SHAPES_MAX 16384
#define LEDGER_COARSE_MAX 2048

typedef struct Ledger Ledger;

/* What a pattern matched in an event: a view into its head or tail, empty if nobody knows. */
typedef Str (*LedgerLocate)(const Event *event, uint32_t pattern, void *data);

/*
 * @names: of all sources, which events name by index. Borrows @patterns and @data; copies the names. @locate is called for
 * the few events that are kept as exemplars; a ledger to which no events are added may do without.
 */
Ledger *ledger_new(const Patterns *patterns, const GPtrArray *names, LedgerLocate locate, void *data);
void ledger_free(Ledger *ledger);

/* Adds a source whose name is new, and returns its index. Ledgers to be merged may number their sources differently. */
uint32_t ledger_add_source(Ledger *ledger, const char *name);

/* The same, or the index of the one that is there: a source may be read part by part. */
uint32_t ledger_take_source(Ledger *ledger, const char *name);

/* The record of a source, to be filled in by who reads it. */
SourceRecord *ledger_source(Ledger *ledger, uint32_t source);
uint32_t ledger_n_sources(const Ledger *ledger);

/* Counts an event under the patterns that match it (indexes into the patterns), or else under its shape, which may be NULL if some match. */
void ledger_add(Ledger *ledger, uint32_t source, const Event *event, const ShapeKey *shape, const uint32_t *matches, size_t n_matches);

/* Notes an event of @source that is not to be counted, at @time_us, because nobody asked for that time. */
void ledger_leave_out(Ledger *ledger, uint32_t source, int64_t time_us);

/* Notes that something of @source may not have been counted, in words that do not depend on how often: said twice they are told once. */
void ledger_complain(Ledger *ledger, uint32_t source, const char *problem);

/* To be called before a block of @source goes away from which events were added, and before a view: puts in what was told last. */
void ledger_flush(Ledger *ledger, uint32_t source);

/* Adds @other, which is left as it is. Sources of the same name and host become one. */
void ledger_merge(Ledger *ledger, const Ledger *other);

/* The name of a source of which bytes would be counted twice if @other were merged, borrowed from it; NULL: there is none. */
const char *ledger_overlap(Ledger *ledger, const Ledger *other);

/* Notes where the sources that have no host are from; "": their names mean the same everywhere. */
void ledger_set_host(Ledger *ledger, const char *host);

/* Names the sources HOST:NAME if they are not all of one host. */
void ledger_name_hosts(Ledger *ledger);

/* Adds @other, which is freed: takes less memory. */
void ledger_take(Ledger *ledger, Ledger *other);

/* What is known, in the one order that does not depend on how it was summed. Valid until the ledger changes. */
LedgerView *ledger_view(Ledger *ledger);
void ledger_view_free(LedgerView *view);

/* The template of a shape's signal, NULL if it has none; borrowed from @data. */
typedef const Template *(*LedgerTemplate)(const Signal *signal, void *data);

/*
 * Makes one signal of all shapes of one template, level and HTTP status, and that its text. The templates must outlive the
 * ledger's views. Views from before are no longer valid; nothing is to be added or merged afterwards.
 */
void ledger_group(Ledger *ledger, LedgerTemplate template_of, void *data);

/* Events of @source that were read at a wrong time: those from @from_us to before @to_us belong @by_us later. What others say then is moved alike. */
typedef struct LedgerMove {
        uint32_t source; /* its index, as in the last view */
        int64_t from_us, to_us, by_us;
} LedgerMove;

/* Views from before are no longer valid; nothing is to be added or merged afterwards. */
void ledger_move(Ledger *ledger, const LedgerMove *move);

/* Stands for what is counted as what: patterns under the same name may look for something else. Looks at all of them, so ask once. */
uint64_t ledger_fingerprint(const Patterns *patterns);

/*
 * A ledger as a file: GVariant, compressed, versioned, with a SHA-256 over its content (ledger_file.c). One that another version
 * or with other patterns was made cannot be added to ours, so it is an error, as is one that is torn, hostile or none at all.
 * @fingerprint: of @patterns.
 */
bool ledger_save(const Ledger *ledger, const char *path, GError **error);
Ledger *ledger_load(const Patterns *patterns, uint64_t fingerprint, const char *path, GError **error);

/* The same, of bytes; @name is for the error. */
Ledger *ledger_read(const Patterns *patterns, uint64_t fingerprint, const void *data, size_t size, const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerView, ledger_view_free)
