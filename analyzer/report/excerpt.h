/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Excerpt
 *
 *     evidence -> [excerpt] -> text, markdown, html
 *
 * What a line of evidence says, and which part of it matters: the message, the place where the pattern matched, the deepest
 * cause of a stack trace. A long line is shown by its beginning and the part that matters, not by its beginning alone.
 * Lines that say the same are shown once, with all their addresses.
 */

#include "report/wording.h"

typedef struct Excerpt {
        char *text;   /* owned; one clean line */
        size_t pivot; /* byte at which what matters begins; 0 when the beginning does */
} Excerpt;

/* What is to be shown of one or more lines that say the same. */
typedef struct EvidenceRow {
        const char *source;       /* borrowed, as it is */
        char *address;            /* owned; "app.log:12", clean */
        GArray *more;             /* owned; of uint64_t: the lines of the others */
        Excerpt excerpt;          /* owned */
        const Evidence *evidence; /* borrowed; the first of them */
} EvidenceRow;

Excerpt excerpt_of(const Evidence *evidence);
void excerpt_clear(Excerpt *excerpt);

/* At most @columns of it, with what matters. Owned by the caller. */
char *excerpt_fit(const Excerpt *excerpt, size_t columns);

/* Up to @max rows (of EvidenceRow) for the evidence of @cause, in its order; what matters of a line is what is news of it. Owned by the caller. */
GArray *excerpt_rows(const Wording *words, const Cause *cause, unsigned max);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Excerpt, excerpt_clear)
