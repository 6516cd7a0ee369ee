/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Peel
 *
 *     block as it was read -> [peel] -> block as the applications wrote it -> events -> match, mine
 *
 * Takes the envelopes (envelopes.h) and colours off all lines of a block, so that what follows sees the log as if there
 * had been none. Pieces of a line that a container runtime split are joined. Where the envelopes say who wrote a line, the
 * lines of a trace are put behind the line that they continue, although others wrote in between. Each line of the new
 * block says where it comes from.
 *
 * Two lines belong together only if at most PEEL_REACH records and PEEL_REACH_BYTES stand between them, so that what is done with a line
 * depends on its neighbourhood alone, and peel_cut() finds places at which a source can be cut without a difference.
 *
 * Costs two copies of the text. A source without envelopes is passed through as it is.
 */

#include "model/block.h"
#include "parse/layout.h"

#define PEEL_REACH       64
#define PEEL_REACH_BYTES (256 * 1024)

typedef struct Peel Peel;

/* For one thread. */
Peel *peel_new(void);
void peel_free(Peel *peel);

/* Whether lines of such a layout are in anything. */
bool peel_is_needed(const Layout *layout);

/* @block itself when nothing is to be taken off, else a block that lives until the next call. */
const Block *peel_block(Peel *peel, const Layout *layout, TimestampCache *cache, const Block *block);

/*
 * Where @text, which begins with an event and holds whole lines, can be cut; 0 if it cannot. What comes behind needs no time of what comes before,
 * unless @search_all.
 */
size_t peel_cut(Str text, bool search_all, const Layout *layout, const Carry *carry);

/*
 * The same where a block is full: 0 only if all of @text is one event. No other one may vanish with the middle of one that is too long, so rather a
 * line is torn from the event that it continues.
 */
size_t peel_cut_full(Str text, const Layout *layout, const Carry *carry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Peel, peel_free)
