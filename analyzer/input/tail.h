/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tail
 *
 *     a file that grows, and its successors -> [tail] -> bytes in the order in which they were written
 *
 * Follows a name through rotation. Renamed and created anew: the old file is read to its end, then files that took the name
 * for a moment and were renamed, too, then the one that has it now. Copied and truncated: what was not read before is
 * read from the copy, which is known by the bytes before that place. Polls; nothing is watched, so it works on any file system.
 * A journal is followed as its lines of text (input/journal.h); it rotates by itself.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Tail Tail;

typedef enum {
        TAIL_BYTES,   /* some were read */
        TAIL_NOTHING, /* there is nothing new now */
        TAIL_ROTATED, /* what comes next is another file, from its begin; one that was away and is back, from where it was left */
} TailStatus;

/* Of a journal, so many entries are what came before. */
#define TAIL_JOURNAL_ENTRIES 20000

/* Begins with the last @context bytes of the file. */
Tail *tail_open(const char *path, uint64_t context, GError **error);
void tail_free(Tail *tail);

/* Reads at most @size bytes and tells how many in @n. */
TailStatus tail_read(Tail *tail, char *buffer, size_t size, size_t *n);

/* The offset of the next byte in its file. */
uint64_t tail_offset(const Tail *tail);

/* When the file was written last, in microseconds; of a journal, whose entries say it, the clock. */
int64_t tail_written_us(const Tail *tail);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tail, tail_free)
