/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Evidence line
 *
 * A line of a log that speaks for something that a report says, with all that is needed to look it up.
 */

#include "model/signal.h"

typedef struct Evidence {
        const char *source; /* borrowed: its name */
        uint64_t line, offset;
        int64_t time_us;
        Level level;
        const Exemplar *exemplar; /* borrowed: text, message and match */
} Evidence;

/* The line of an exemplar. Borrows both. */
Evidence evidence_of(const LedgerView *view, const Exemplar *exemplar);

/* From its message on, with the lines behind it that were kept; borrowed. */
Str evidence_message(const Exemplar *exemplar);

/* What stands before it: its time, level, host, process; borrowed. */
Str evidence_preface(const Exemplar *exemplar);

/* The same as the message, and of a line that is a JSON object all of it: its fields stand in any order. */
Str evidence_fields(const Exemplar *exemplar);

/* Whether both are one event. */
bool evidence_is_same(const Evidence *a, const Evidence *b);
