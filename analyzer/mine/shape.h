/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shape
 *
 *     events -> [shape] -> ledger
 *
 * The shape of a message is what stays the same when it is written again: its words, with numbers, hexadecimal, ids,
 * addresses, paths and quoted values masked. The hot path needs only its hash; the text is made once for a report. A pure function
 * of the message: one pass, no state.
 *
 * A token is what stands between blanks and punctuation. One that holds a digit or a slash
 * is masked, and so is a quoted value; masks in a row count as one.
 */

#include "mine/bytes.h"
#include "model/signal.h"

#include <glib.h>

/* What is looked at of a message: it bounds the cost of a very long line. */
#define SHAPE_BYTES_MAX  BYTES_MAX
#define SHAPE_TOKENS_MAX 96

#define SHAPE_MASK "<*>"

/*
 * The keys of an event's shape: of message, detail and cause, with level and HTTP status. Behind each, BYTES_PADDING bytes must
 * be readable, as they are in a block.
 */
ShapeKey shape_of(const Event *event);

/* The shape of a message in words, for tests and people: what varies is SHAPE_MASK. Owned by the caller. */
char *shape_text(Str message);
