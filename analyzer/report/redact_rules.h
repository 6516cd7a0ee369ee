/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rules of redaction
 *
 * The table of what is replaced: a regex, which of its groups is the value, and how to tell a value from a harmless word
 * that looks like one.
 */

#include "base/str.h"

/* True when @value is really one of its kind. */
typedef bool (*RedactCheck)(Str value);

typedef struct RedactRule {
        const char *kind;  /* of the pseudonym: "ip", "mail", ... */
        const char *regex; /* PCRE2; its first group that took part is the value, without groups the whole match */
        RedactCheck check; /* NULL: each match is one; "(?C1)" at the end of the regex asks it of the whole match so far */
} RedactRule;

/* No word of a language and no number: six bytes or more, with digits among letters or signs that words do not have. */
bool redact_is_no_word(Str value);

/*
 * In order of precedence: of two rules that find the same value the earlier one names it. Each rule sees the whole text, and what overlaps is
 * replaced as one, named by the longest. Ends with a kind of NULL.
 */
extern const RedactRule REDACT_RULES[];
