/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Shape
 *
 *     events -> [shape] -> ledger
 *
 * The shape of a message is what stays the same when it is written again: its words, with numbers, hexadecimal, ids,
 * addresses, paths and quoted values masked. The hot path needs only its hash; the text is made once for a report. A pure function
 * of the message: one pass, no state. Tokens that are values are masked; masks in a row count as one.
 */

#include "mine/tokens.h"
#include "model/signal.h"

#include <glib.h>

/* What is looked at of a message. */
#define SHAPE_BYTES_MAX TOKENS_BYTES_MAX

#define SHAPE_MASK "<*>"

/*
 * The keys of an event's shape: of message, detail and cause, with level and HTTP status. Behind each, BYTES_PADDING bytes must
 * be readable, as they are in a block.
 */
ShapeKey shape_of(const Event *event);

/* The shape of a message in words, for tests and people: what varies is SHAPE_MASK. Owned by the caller. */
char *shape_text(Str message);
