/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Rarity
 *
 *     a literal -> [rarity] -> how often ordinary logs hold it
 *
 * A regex gives several literals to look for, and a literal several grams to know it by; those are chosen that ordinary logs
 * hardly hold, for each one found has to be looked at. An estimate, by the frequency of bytes in logs, and by a text of ordinary
 * words: it decides about speed and never about what is found.
 */

#include "base/str.h"

/* What is rarer is no longer worth more. */
#define RARITY_MAX 44.0

/* What the words of ordinary lines have, whatever their length. */
#define RARITY_ORDINARY 10.0

/* Minus the binary logarithm of how often @literal, lower-case, stands at a place of a log; at most RARITY_MAX. */
double rarity_of(Str literal);

/* Ordinary lines of ordinary logs: what stands in them is met everywhere. */
Str rarity_ordinary_text(void);
