/* SPDX-License-Identifier: Apache-2.0 */
#include "match/grams.h"

#include "base/hot.h"
#include "match/gram_filter.h"
#include "match/rarity.h"

/* Where a gram stands, so much of the literal around it is compared first. */
#define AROUND_BYTES 8

typedef struct Entry {
        uint64_t around, mask; /* folded, and which of its bytes count */
        uint32_t literal;
        uint16_t at;   /* where the gram stands in the literal */
        uint16_t back; /* and in what is around it */
} Entry;

/*
 * Most grams that pass are those of ordinary words, and no branch on them is predictable. So each hash has its first entry in place,
 * one that equals nothing where there is none, and is next to always the last.
 */
typedef struct Slot {
        Entry entry;
        uint32_t next; /* index of a slot; 0: none */
} Slot;

#define SLOT_BITS 14
#define N_SLOTS   (1u << SLOT_BITS)

struct Grams {
        GramFilter filter;
        GramCollect collect;
        Slot *slots;      /* N_SLOTS, and those behind the first of a hash */
        const Str *texts; /* of the literals, in `strings` */
        guint n_texts;
        GStringChunk *strings; /* NULL: texts and strings are borrowed */
};

/* By three bytes and the high bits of the fourth, as in the filter. */
static inline uint32_t slot_of(uint32_t gram) {
        return gram_hash(gram) >> (32 - SLOT_BITS);
}

/* --- choosing --- */

/* A gram of an ordinary line, and one of a sample of the log itself, count for so many of literals. */
#define ORDINARY_WEIGHT 200
#define SAMPLE_WEIGHT   10

/* Of a longer literal only the start is looked at. */
#define LOOKED_AT_MAX 1024

#define CENSUS_BITS 18

/* How often each gram, or one that the filter takes for it, stands in the literals, and in ordinary lines. */
typedef struct Census {
        uint16_t counts[1u << CENSUS_BITS];
} Census;

static inline uint16_t *census_at(Census *census, uint32_t gram) {
        return &census->counts[(gram_cell(gram) * GRAM_SEED) >> (32 - CENSUS_BITS)];
}

static void census_add(Census *census, Str text, unsigned weight) {
        for (size_t i = 0; i + GRAM_BYTES <= text.len; i++) {
                uint16_t *count = census_at(census, gram_of(text.ptr + i));
                *count = (uint16_t)MIN(*count + weight, G_MAXUINT16);
        }
}

/* How often the gram of @n_bytes at @text is met, or one that the filter takes for it. */
static unsigned count_gram(Census *census, const char *text, size_t n_bytes) {
        unsigned sum = 0;

        if (n_bytes == GRAM_BYTES)
                return *census_at(census, gram_of(text));
        for (uint32_t last = 0x20; last < 0x100; last += last & 0x20 ? 1 : 0x20)
                sum += *census_at(census, (gram_of(text) & 0xffffff) | last << 24);
        return sum;
}

/*
 * Of the grams of @literal at @first and every GRAM_STRIDE behind, the one that is met least often. A short literal has hardly a choice, so
 * its last three bytes count as one, too.
 */
static size_t rarest_place(Census *census, Str literal, size_t first) {
        size_t shortest = literal.len < 2 * GRAM_BYTES ? GRAM_BYTES - 1 : GRAM_BYTES, rarest = first;
        unsigned least = G_MAXUINT;

        for (size_t at = first; at + shortest <= MIN(literal.len, LOOKED_AT_MAX); at += GRAM_STRIDE) {
                unsigned count = count_gram(census, literal.ptr + at, MIN(literal.len - at, GRAM_BYTES));
                if (count < least) {
                        least = count;
                        rarest = at;
                }
        }
        return rarest;
}

/* --- building --- */

typedef struct Staged {
        Entry entry;
        uint32_t slot;
} Staged;

typedef struct Builder {
        Grams *grams;
        Census census;
        GArray *staged; /* of Staged */
} Builder;

static void stage(Builder *builder, const Entry *entry, uint32_t gram) {
        Staged item = { *entry, slot_of(gram) };

        g_array_append_val(builder->staged, item);
}

/* One of three bytes has a slot for each pair of high bits that the fourth may have. */
static void add_gram(Builder *builder, const Entry *entry, uint32_t gram, size_t n_bytes) {
        gram_filter_add(&builder->grams->filter, gram, n_bytes);
        if (n_bytes == GRAM_BYTES)
                stage(builder, entry, gram);
        else
                for (uint32_t high = 0; high < 4; high++)
                        stage(builder, entry, (gram & 0xffffff) | high << 30);
}

/* One gram for each way it may lie to the stride. */
static void add_literal(Builder *builder, uint32_t index, Str literal) {
        for (size_t first = 0; first < GRAM_STRIDE; first++) {
                size_t at = rarest_place(&builder->census, literal, first);
                size_t start = MIN(at, literal.len - MIN(literal.len, AROUND_BYTES)), n = MIN(literal.len - start, AROUND_BYTES);
                char around[AROUND_BYTES + GRAM_BYTES] = { 0 };
                Entry entry = { .literal = index, .at = (uint16_t)at, .back = (uint16_t)(at - start) };

                memcpy(around, literal.ptr + start, n);
                entry.around = gram_text(around);
                entry.mask = ~UINT64_C(0) >> (64 - 8 * n);
                add_gram(builder, &entry, gram_of(around + entry.back), MIN(literal.len - at, GRAM_BYTES));
        }
}

/* A folded gram has no byte without bit 5. */
static bool is_free(const Slot *slot) {
        return slot->entry.mask == ~UINT64_C(0) && slot->entry.around == 0;
}

/* The last one added stands first: who is called puts hits in order. */
static Slot *slots_new(const GArray *staged) {
        const Staged *from = (const Staged *)staged->data;
        Slot *slots = g_new0(Slot, N_SLOTS + staged->len);
        uint32_t n = N_SLOTS;

        for (uint32_t i = 0; i < N_SLOTS; i++)
                slots[i].entry.mask = ~UINT64_C(0);
        for (guint i = 0; i < staged->len; i++) {
                Slot *slot = &slots[from[i].slot];

                if (!is_free(slot)) {
                        slots[n] = *slot;
                        slot->next = n++;
                }
                slot->entry = from[i].entry;
        }
        return slots;
}

static void take_literals(Grams *grams, const GPtrArray *literals) {
        Str *texts = g_new(Str, literals->len);

        grams->strings = g_string_chunk_new(4096);
        for (guint i = 0; i < literals->len; i++) {
                g_assert(strlen(literals->pdata[i]) >= GRAMS_LITERAL_MIN);
                texts[i] = str_from(g_string_chunk_insert(grams->strings, literals->pdata[i]));
        }
        grams->texts = texts;
        grams->n_texts = literals->len;
}

static void build(Grams *grams, Str sample) {
        g_autofree Builder *builder = g_new0(Builder, 1);

        builder->grams = grams;
        builder->staged = g_array_new(FALSE, FALSE, sizeof(Staged));
        census_add(&builder->census, rarity_ordinary_text(), ORDINARY_WEIGHT);
        census_add(&builder->census, sample, SAMPLE_WEIGHT);
        for (guint i = 0; i < grams->n_texts; i++)
                census_add(&builder->census, grams->texts[i], 1);
        for (guint i = 0; i < grams->n_texts; i++)
                add_literal(builder, i, grams->texts[i]);
        grams->slots = slots_new(builder->staged);
        g_array_unref(builder->staged);
}

Grams *grams_new(const GPtrArray *literals, bool vector) {
        Grams *grams = g_new0(Grams, 1);

        grams->collect = gram_collect(vector);
        take_literals(grams, literals);
        build(grams, STR(""));
        return grams;
}

Grams *grams_fitted(const Grams *grams, Str sample) {
        Grams *fitted = g_new0(Grams, 1);

        fitted->collect = grams->collect;
        fitted->texts = grams->texts;
        fitted->n_texts = grams->n_texts;
        build(fitted, sample);
        return fitted;
}

void grams_free(Grams *grams) {
        g_free(grams->slots);
        if (grams->strings) {
                g_free((Str *)grams->texts);
                g_string_chunk_free(grams->strings);
        }
        g_free(grams);
}

/* --- searching --- */

typedef struct Search {
        const Grams *grams;
        Str text;
        GramsFound found;
        void *data;
} Search;

static void compare(const Search *search, const Entry *entry, size_t at) {
        Str literal = search->grams->texts[entry->literal];

        if (entry->at <= at && str_starts_nocase(str_slice(search->text, at - entry->at, search->text.len), literal))
                search->found(at - entry->at + literal.len, entry->literal, search->data);
}

/* @bytes: of the gram, which stands at @at of the text. */
static inline void try_place(const Search *search, const char *bytes, size_t at) {
        const Slot *slots = search->grams->slots, *slot = &slots[slot_of(gram_of(bytes))];

        for (;;) {
                const Entry *entry = &slot->entry;

                if (G_UNLIKELY(((gram_text(bytes - MIN(entry->back, at)) ^ entry->around) & entry->mask) == 0))
                        compare(search, entry, at);
                if (G_LIKELY(slot->next == 0))
                        return;
                slot = &slots[slot->next];
        }
}

/* @n_steps, at most STEPS_MAX, from @bytes, which stand at @at of the text. */
HOT static void try_steps(const Search *search, const char *bytes, size_t n_steps, size_t at) {
        GramPlaces places;

        search->grams->collect(&search->grams->filter, bytes, n_steps, &places);
        for (size_t i = 0; i < places.n; i++)
                try_place(search, bytes + places.at[i], at + places.at[i]);
}

/* What cannot be read beyond is looked at in a copy, with what stands before it. */
static void try_end(const Search *search, size_t at) {
        char bytes[STEP_SLACK + 2 * STEP_BYTES + STEP_SLACK] = { 0 };
        size_t before = MIN(at, STEP_SLACK), left = search->text.len - at;

        memcpy(bytes + STEP_SLACK - before, search->text.ptr + at - before, before + left);
        try_steps(search, bytes + STEP_SLACK, (left + STEP_BYTES - 1) / STEP_BYTES, at);
}

void grams_scan(const Grams *grams, Str text, GramsFound found, void *data) {
        Search search = { grams, text, found, data };
        size_t at = 0;

        while (text.len - at >= STEP_BYTES + STEP_SLACK) {
                size_t n_steps = MIN((text.len - at - STEP_SLACK) / STEP_BYTES, STEPS_MAX);

                try_steps(&search, text.ptr + at, n_steps, at);
                at += n_steps * STEP_BYTES;
        }
        if (at < text.len)
                try_end(&search, at);
}
