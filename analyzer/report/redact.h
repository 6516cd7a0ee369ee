/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Redact
 *
 *     report, events -> [redact] -> text, json, evidence
 *
 * Replaces what must not leave the house by stable pseudonyms: an address is `ip-1` wherever it stands, so that who spoke
 * to whom can still be read. Pseudonyms are numbered for each kind in the order in which the values are met, so the same log
 * gives the same ones. What is looked for is in redact_rules.c; host names, paths and ids of requests stay, for without them
 * nobody can act on a report.
 *
 * Costs some forty searches of each text, so it is for what is printed, not for what is read.
 */

#include "base/str.h"
#include "model/report.h"
#include "model/template.h"

/* Values of one run that get a pseudonym of their own; further ones share `KIND-more`. */
#define REDACT_VALUES_MAX 200000

typedef struct Redactor Redactor;

Redactor *redactor_new(void);
void redactor_free(Redactor *redactor);

/* @text without what must not leave the house. Owned by the caller; a NUL byte in @text stays. */
char *redact_text(Redactor *redactor, Str text);

/*
 * Remembers what the lines of @view hold, for a template or a title may lack the words that make a value a secret. What was
 * learnt is replaced as a word of its own wherever it stands, unless it could be a word of a language.
 */
void redact_learn(Redactor *redactor, const LedgerView *view);

/* A part of a text. */
typedef struct RedactRange {
        size_t from, to;
} RedactRange;

/*
 * The same; besides, the @n_hidden ranges @hidden become an ellipsis, and the @n_places offsets @places are moved to where
 * they are in the answer.
 */
char *redact_line(Redactor *redactor, Str text, const RedactRange *hidden, size_t n_hidden, size_t *places, size_t n_places);

/* What a field called @name says; the name decides, too. Owned by the caller. */
char *redact_field(Redactor *redactor, const char *name, const char *value);

/* A template and the values of its slots, which are read in the place where they stood. They are then borrowed from @redactor. */
void redact_template(Redactor *redactor, Template *template);

/* What was replaced so far, by kind: of Redaction, sorted by kind. Owned by the caller. */
GArray *redactor_list(const Redactor *redactor);

/* "2 addresses (17 times), 1 password (once)"; "nothing". Owned by the caller. */
char *redactions_in_words(const GArray *redactions);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Redactor, redactor_free)
