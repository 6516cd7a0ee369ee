/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Events
 *
 *     blocks -> [events] -> match, mine
 *
 * Cuts a block into events, and tells the reader where a source can be cut into blocks. Both follow the same rules, so
 * that the events of a source are the same however it is cut.
 */

#include "model/block.h"
#include "parse/joiner.h"

typedef struct Events {
        const Layout *layout;  /* borrowed */
        TimestampCache *cache; /* borrowed */
        Str text;
        size_t at;
        uint64_t line; /* newlines before `at` */
        int64_t time_us;
        const Block *block;       /* borrowed; NULL while a cut is searched */
        const Newlines *newlines; /* of the block, borrowed; NULL: not known */

        Event ahead; /* begins at `ahead_at`, its end not yet known */
        size_t ahead_at;
        uint64_t ahead_line;
        LineKind ahead_kind;
        bool has_ahead;
        size_t current_at; /* where the event that is being read begins */
        size_t repeated;   /* bytes before each line of its trace, 0 when there is none such */
        Joiner joiner;     /* of the event that is being read */
} Events;

/* Borrows all; the events are views into the block, which is to come from peel_block() where the layout has envelopes. */
void events_init(Events *events, const Layout *layout, TimestampCache *cache, const Block *block);

/* Returns false at the end of the block. */
bool events_next(Events *events, Event *event);

/* A ReaderCut; @data is the Layout of the source. */
size_t events_cut(Str text, bool search_all, Carry *carry, void *data);
