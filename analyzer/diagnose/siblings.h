/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Siblings
 *
 *     a line, ledger -> [siblings] -> changes, settings
 *
 * Lines of one kind that differ in words rather than in numbers are signals of their own: "default charset UTF-8" of all starts before, and "default charset
 * US-ASCII" of one. What a line says otherwise than all its siblings, which agree, is told here.
 */

#include "base/str.h"
#include "model/report.h"

/* So many lines before it agree on what this one says otherwise. */
#define SIBLINGS_LINES_MIN 2

/* Shorter lines have nothing in common by chance, and siblings differ in no more than one of so many words, or in one. */
#define SIBLINGS_WORDS_MIN  3
#define SIBLINGS_WORDS_MAX  48
#define SIBLINGS_WORDS_EACH 4

typedef struct SiblingWord {
        Str name, was, now;   /* views into the two lines; the name is the word before it, or what stands before its sign of equality */
        const Exemplar *said; /* the last of the siblings before the line; borrowed */
} SiblingWord;

/*
 * The first word that @line says otherwise than its siblings in @view did before. False: they do not agree, are too few, or @signal said it before.
 * Numbers count as alike, and the first word is the same.
 */
bool siblings_differ(const Signal *signal, const Exemplar *line, const LedgerView *view, SiblingWord *found);
