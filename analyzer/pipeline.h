/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Pipeline
 *
 *     sources -> decode -> reader -> events -> match, mine -> ledger
 *
 * The only file that knows the order of the stages and owns the threads. The calling thread reads and cuts blocks,
 * workers turn them into events and add those to a ledger of their own; at the end the ledgers are merged, which by the
 * merge law gives the same sum whoever did what.
 */

#include "input/inflate.h"
#include "ledger/ledger.h"
#include "match/matcher.h"
#include "model/block.h"
#include "model/event.h"
#include "model/source.h"
#include "parse/layout.h"

/* The zone of a source whose path or file name is, or fits, `source`. */
typedef struct ScanZone {
        char *source, *name; /* owned */
        GTimeZone *zone;     /* owned */
        bool found;          /* such a source was opened; set by the thread that reads */
} ScanZone;

typedef struct ScanOptions {
        unsigned n_workers; /* 0: one for each core; of several the reading thread is one, which reads first */
        size_t block_bytes;
        PrefilterEngine prefilter;
        InflateEngine inflate;
        GTimeZone *zone;            /* of times that name none; NULL: UTC, assumed; borrowed */
        const char *zone_name;      /* as it was given; borrowed */
        GPtrArray *zones;           /* of ScanZone, for some sources; borrowed; may be NULL */
        const char *layout;         /* NULL: what is detected; borrowed */
        const char *host;           /* before the names of the sources, with a colon; NULL: nothing; borrowed */
        int64_t since_us, until_us; /* events outside are not counted; TIME_NONE: no bound */
        TimeSpan *outside;          /* widened by the times of those that pipeline_visit() leaves out; NULL: nobody asks; borrowed */

        /* Called on the reading thread when a source's layout is known; may be NULL. */
        void (*note_layout)(uint32_t source, const Layout *layout, void *data);
        void *note_data;
} ScanOptions;

/*
 * Reads all @sources (of Source) into one ledger. What cannot be read is in the problems of its source. Borrows all; the
 * ledger borrows @patterns.
 */
Ledger *pipeline_scan(const GPtrArray *sources, const Patterns *patterns, const Matcher *matcher, const ScanOptions *options);

/*
 * Called for each event in order; the views die with the call. @source has the name that it has in a report. @patterns: indexes of those that
 * match. False stops.
 */
typedef bool (*PipelineVisit)(const Source *source, const Layout *layout, const Event *event, const uint32_t *matches, size_t n_matches, void *data);

/* Reads all sources in order on the calling thread. Problems are appended to @problems as "SOURCE: what". */
void pipeline_visit(const GPtrArray *sources, const Matcher *matcher, const ScanOptions *options, PipelineVisit visit, void *data, GPtrArray *problems);

/*
 * For logs that grow: what one worker of a scan does, block by block, into ledgers that the caller keeps. Borrows all. A block names its
 * source in the ledger; @layout is how that one's lines are written.
 */
typedef struct PipelineFeed PipelineFeed;

PipelineFeed *pipeline_feed_new(const Patterns *patterns, const Matcher *matcher, const ScanOptions *options);
void pipeline_feed_free(PipelineFeed *feed);

/* A ledger to which the feed may add; must be gone before the feed is. */
Ledger *pipeline_feed_ledger(PipelineFeed *feed, const GPtrArray *names);
void pipeline_feed_block(PipelineFeed *feed, Ledger *ledger, const Layout *layout, const Block *block);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PipelineFeed, pipeline_feed_free)
