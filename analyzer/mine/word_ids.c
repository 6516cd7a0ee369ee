/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/word_ids.h"

#include <glib.h>

#define SLOTS_MIN   1024
#define CHUNK_BYTES 65536

/* Open addressing: a slot holds the id of a word and a part of its hash; most words that are not meant are told by that. */
typedef struct Slot {
        uint32_t hash, id; /* id: WORD_ID_NONE where it is free */
} Slot;

struct WordIds {
        GStringChunk *chunk; /* owns the texts */
        GArray *words;       /* of Str, by id */
        Slot *slots;         /* owned; 1 + mask of them, at least twice as many as words */
        uint32_t mask;
};

static uint32_t hash_of(Str word) {
        uint64_t hash = UINT64_C(0xcbf29ce484222325);

        for (size_t i = 0; i < word.len; i++)
                hash = (hash ^ (uint8_t)word.ptr[i]) * UINT64_C(0x100000001b3);
        return (uint32_t)(hash ^ hash >> 32);
}

static Slot *slots_new(uint32_t n) {
        Slot *slots = g_new(Slot, n);

        memset(slots, 0xff, n * sizeof(Slot));
        return slots;
}

WordIds *word_ids_new(void) {
        WordIds *ids = g_new0(WordIds, 1);

        ids->chunk = g_string_chunk_new(CHUNK_BYTES);
        ids->words = g_array_new(FALSE, FALSE, sizeof(Str));
        ids->slots = slots_new(SLOTS_MIN);
        ids->mask = SLOTS_MIN - 1;
        return ids;
}

void word_ids_free(WordIds *ids) {
        g_string_chunk_free(ids->chunk);
        g_array_unref(ids->words);
        g_free(ids->slots);
        g_free(ids);
}

uint32_t word_ids_n(const WordIds *ids) {
        return ids->words->len;
}

/* The slot of the word, or the free one where it is to be put. */
static uint32_t find_slot(const WordIds *ids, Str word, uint32_t hash) {
        uint32_t at = hash & ids->mask;

        for (; ids->slots[at].id != WORD_ID_NONE; at = (at + 1) & ids->mask)
                if (ids->slots[at].hash == hash && str_equal(g_array_index(ids->words, Str, ids->slots[at].id), word))
                        break;
        return at;
}

static void grow(WordIds *ids) {
        Slot *old = ids->slots;
        uint32_t n = ids->mask + 1;

        ids->mask = 2 * n - 1;
        ids->slots = slots_new(2 * n);
        for (uint32_t i = 0; i < n; i++) {
                uint32_t at = old[i].hash & ids->mask;
                if (old[i].id == WORD_ID_NONE)
                        continue;
                while (ids->slots[at].id != WORD_ID_NONE)
                        at = (at + 1) & ids->mask;
                ids->slots[at] = old[i];
        }
        g_free(old);
}

uint32_t word_ids_find(const WordIds *ids, Str word) {
        return ids->slots[find_slot(ids, word, hash_of(word))].id;
}

uint32_t word_ids_add(WordIds *ids, Str word) {
        uint32_t hash = hash_of(word), at = find_slot(ids, word, hash), id = ids->slots[at].id;
        Str copy;

        if (id != WORD_ID_NONE)
                return id;
        if (2 * (ids->words->len + 1) > ids->mask) {
                grow(ids);
                at = find_slot(ids, word, hash);
        }
        copy = (Str){ g_string_chunk_insert_len(ids->chunk, word.ptr, (gssize)word.len), word.len };
        id = ids->words->len;
        g_array_append_val(ids->words, copy);
        ids->slots[at] = (Slot){ hash, id };
        return id;
}

const char *word_ids_text(const WordIds *ids, uint32_t id) {
        return g_array_index(ids->words, Str, id).ptr;
}
