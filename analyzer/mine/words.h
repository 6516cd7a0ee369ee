/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Words
 *
 *     rows of a shape -> [words] -> clusters of shapes
 *
 * A message as a sequence of words, punctuation and values, for templates. It knows more kinds of values than the hot
 * path's shape: dates in words, URLs, addresses with a port, host names, numbers with their unit; and what follows from
 * the form of a message: in `key=value` and "key": value what stands behind the key is a value, whatever it is and even if it is
 * nothing; several values in a row, or as a list, are one value. A pure function of the text; one pass for each step.
 */

#include "base/str.h"

/* What is looked at of a message. */
#define WORDS_MAX 120

typedef struct Word {
        Str text; /* a view into the message; of a value with all that was taken into it */
        bool value;
} Word;

typedef struct Words {
        Word at[WORDS_MAX + 8];
        unsigned n;
} Words;

/* Cuts @text into words and finds the values. */
void words_cut(Str text, Words *words);

/* Makes one value of values in a row, of lists, and of what stands behind a key. */
void words_squeeze(Words *words);

static inline bool word_is(const Word *word, char c) {
        return !word->value && word->text.len == 1 && *word->text.ptr == c;
}

/* A word of letters, which says something; no value, no punctuation. */
static inline bool word_speaks(const Word *word) {
        return !word->value && char_is_alpha(*word->text.ptr);
}

/* The end of the value that begins at @at, if one of several words does, else @at: a date, a URL, an address, ... */
size_t value_end(Str text, size_t at);
