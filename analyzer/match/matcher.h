/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Matcher
 *
 *     block, events -> [matcher] -> indexes of patterns
 *
 * Tells which patterns match an event. A block is searched once for all literals (prefilter); only an event in which
 * a literal of a pattern stands is looked at with PCRE2, under match, depth and heap limits (match/regex.h); `text` needs no second
 * look. What exceeds a limit counts as no match and is counted.
 *
 * The Matcher is shared by threads; a MatcherScratch belongs to one of them. Both borrow the Patterns. What is found depends on the patterns alone.
 */

#include "base/str.h"
#include "match/prefilter.h"
#include "model/pattern.h"

/* An event matches at most this many patterns; the first in order of loading are kept. */
#define MATCHES_MAX 32

typedef struct Matcher Matcher;
typedef struct MatcherScratch MatcherScratch;

/*
 * Compiles all patterns, to PCRE2's byte code; the JIT follows when a regex is first used. A regex that does not compile,
 * or has no literal for the prefilter, is an error with file:line:column. A regex's own literals go before `literals:`.
 */
Matcher *matcher_new(const Patterns *patterns, PrefilterEngine engine, GError **error);
void matcher_free(Matcher *matcher);

MatcherScratch *matcher_scratch_new(const Matcher *matcher);
void matcher_scratch_free(MatcherScratch *scratch);

/* Searches a block; the views given to matcher_match() until the next call lie in it, in rising order. */
void matcher_scan(MatcherScratch *scratch, Str block);

/*
 * Writes the indexes (of patterns_at(), rising, without duplicates) of the patterns that match an event of the
 * block last scanned and returns their number. An event is its text, and for a very long one its first and its last
 * part: @tail is empty otherwise and never overlaps @head. An `unless` counts in both parts; `^` matches at the start of a line.
 */
size_t matcher_match(MatcherScratch *scratch, Str head, Str tail, uint32_t matches[static MATCHES_MAX]);

/* The same for a text on its own (the cold path: `patterns test`, `patterns match`); scans it as the block. */
size_t matcher_match_text(MatcherScratch *scratch, Str text, uint32_t matches[static MATCHES_MAX]);

/*
 * Calls @found for each named capture that is not empty, in the order of the regex, of the first regex of @pattern that
 * has names and matches @text.
 */
typedef void (*MatcherCapture)(const char *name, Str value, void *data);
void matcher_captures(MatcherScratch *scratch, uint32_t pattern, Str text, MatcherCapture found, void *data);

/* What the first condition of @pattern that matches matched: a view into @head or @tail; empty if none does. */
Str matcher_locate(MatcherScratch *scratch, uint32_t pattern, Str head, Str tail);

/* The condition that made @pattern match, and what it matched; NULL if none does. */
const Condition *matcher_why(MatcherScratch *scratch, uint32_t pattern, Str head, Str tail, Str *place);

/* How often a limit was exceeded. */
uint64_t matcher_n_limited(const MatcherScratch *scratch);

/* Calls @found for each pattern of which a regex exceeded a limit in matcher_match() since the last call: it may have missed an event. */
typedef void (*MatcherLimited)(const Pattern *pattern, void *data);
void matcher_take_limited(MatcherScratch *scratch, MatcherLimited found, void *data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Matcher, matcher_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatcherScratch, matcher_scratch_free)
