/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Growing
 *
 *     bytes of a log, as they come -> [growing] -> feed -> ledger
 *
 * One log that grows: what came of it and is not counted yet, how its lines are written, and where in its file they are. An event is
 * over, and counted, when the next one has begun, or when the caller says that nothing more comes. What waits is bounded by
 * READER_BLOCK_MAX, whatever the length of an event. How lines are written is looked at again each time the file is twice as long, until
 * it has GROWING_HEAD_BYTES: the first line alone may be a banner. Of a file that follows another one, it is as before until it has
 * GROWING_AGAIN_BYTES.
 */

#include "pipeline.h"

#define GROWING_HEAD_BYTES  (16 * 1024)
#define GROWING_AGAIN_BYTES (4 * 1024)

/* Where what is counted goes, and how much it was. */
typedef struct Counter {
        PipelineFeed *feed; /* borrowed, as all below */
        const ScanOptions *options;
        Block *block; /* for the feed; what is in it does not matter */
        Ledger *ledger;
        int64_t reference_us;   /* when what is counted next was written: a time that names no year or no day is near it */
        uint64_t lines, events; /* counted so far, in all ledgers */
} Counter;

typedef struct Growing {
        const char *name;    /* borrowed */
        uint32_t index;      /* in the ledger */
        GByteArray *pending; /* owned; begins with an event */
        uint64_t offset;     /* of its first byte, in its file */
        uint64_t n_lines;    /* before it, in its file */
        Carry carry;
        Layout layout;
        size_t laid_bytes; /* so many of the file's first bytes say what the layout is; 0: it is not known yet */
        GByteArray *head;  /* owned; the first bytes of the file that are counted, until enough of them are laid out */
} Growing;

/* @offset and @n_lines: where in its file the first byte will be. */
void growing_init(Growing *growing, const char *name, uint32_t index, uint64_t offset, uint64_t n_lines);
void growing_clear(Growing *growing);

/* These @n bytes came. */
void growing_take(Growing *growing, Counter *counter, const char *bytes, size_t n);

/* Counts events that are over; with @all also the last, if it is one or more whole lines. */
void growing_count(Growing *growing, Counter *counter, bool all);

/* The file is at its end for good: what is left is counted, newline or not. */
void growing_end(Growing *growing, Counter *counter);

/* What comes next is of another file, whose @offset bytes with @n_lines are known. */
void growing_go_on(Growing *growing, uint64_t offset, uint64_t n_lines);
