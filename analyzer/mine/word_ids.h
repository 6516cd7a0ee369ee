/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Word ids
 *
 * Numbers for words, in the order in which they are met: what is the same word has the same number. All words of all shapes
 * are looked up here, so it is done without copying them.
 */

#include "base/str.h"

typedef struct WordIds WordIds;

/* No word has this id. */
#define WORD_ID_NONE UINT32_MAX

WordIds *word_ids_new(void);
void word_ids_free(WordIds *ids);

uint32_t word_ids_n(const WordIds *ids);

/* WORD_ID_NONE when it was never added. */
uint32_t word_ids_find(const WordIds *ids, Str word);

/* The id of @word, which is copied if it is new. */
uint32_t word_ids_add(WordIds *ids, Str word);

/* The text of the word with @id; borrowed. */
const char *word_ids_text(const WordIds *ids, uint32_t id);
