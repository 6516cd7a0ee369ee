/* SPDX-License-Identifier: Apache-2.0 */
#include "match/grams.h"

#include "match/gram_filter.h"
#include "match/rarity.h"

/* A literal that has a whole long gram however it lies to the stride. */
#define LONG_LITERAL (LONG_BYTES + LONG_STRIDE - 1)

typedef struct Entry {
        uint64_t gram;        /* folded; of a short one its literal's first bytes, at most 8 */
        uint64_t mask;        /* of the bytes of it that count */
        uint32_t literal, at; /* where the gram stands in the literal */
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
        Slot *longs, *shorts; /* each N_SLOTS, and those behind the first of a hash */
        const Str *texts;     /* of the literals, in `strings` */
        guint n_texts;
        GStringChunk *strings; /* NULL: texts and strings are borrowed */
};

static inline uint32_t long_slot(uint64_t gram) {
        return long_hash(gram) >> (32 - SLOT_BITS);
}

/* By three bytes and the high bits of the fourth, as in the filter. */
static inline uint32_t short_slot(uint32_t gram) {
        return short_hash(gram) >> (32 - SLOT_BITS);
}

/* --- choosing --- */

/* A gram of an ordinary line, and one of a sample of the log itself, count for so many of literals. */
#define ORDINARY_WEIGHT 200
#define SAMPLE_WEIGHT   10

/* Of a longer literal only the start is looked at. */
#define LOOKED_AT_MAX 1024

#define CENSUS_BITS 16

/* How often each gram of 4 bytes stands in the literals, and in ordinary lines. */
typedef struct Census {
        uint16_t counts[1u << CENSUS_BITS];
} Census;

static inline uint16_t *census_at(Census *census, const char *text) {
        return &census->counts[(short_gram(text) * GRAM_SEED_LOW) >> (32 - CENSUS_BITS)];
}

static void census_add(Census *census, Str text, unsigned weight) {
        for (size_t i = 0; i + SHORT_BYTES <= text.len; i++) {
                uint16_t *count = census_at(census, text.ptr + i);
                *count = (uint16_t)MIN(*count + weight, G_MAXUINT16);
        }
}

static bool is_long(Str literal) {
        return literal.len >= LONG_LITERAL;
}

/* How often the gram of @bytes at @text is met at most: as often as the rarest of what it holds. */
static unsigned commonness(Census *census, const char *text, size_t bytes) {
        unsigned least = G_MAXUINT16;

        for (size_t i = 0; i + SHORT_BYTES <= bytes; i++)
                least = MIN(least, *census_at(census, text + i));
        return least;
}

/* Where the grams of @literal begin that are met least often together. */
static size_t rarest_place(Census *census, Str literal, size_t bytes, size_t stride) {
        unsigned least = G_MAXUINT;
        size_t rarest = 0;

        for (size_t at = 0; at + bytes + stride - 1 <= MIN(literal.len, LOOKED_AT_MAX); at++) {
                unsigned sum = 0;
                for (size_t i = 0; i < stride; i++)
                        sum += commonness(census, literal.ptr + at + i, bytes);
                if (sum < least) {
                        least = sum;
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
        GArray *longs, *shorts; /* of Staged */
} Builder;

static void stage(GArray *staged, Entry entry, uint32_t slot) {
        Staged item = { entry, slot };

        g_array_append_val(staged, item);
}

static void add_long(Builder *builder, uint32_t index, Str literal) {
        size_t at = rarest_place(&builder->census, literal, LONG_BYTES, LONG_STRIDE);

        for (size_t i = at; i < at + LONG_STRIDE; i++) {
                uint64_t gram = long_gram(literal.ptr + i);

                gram_filter_add_long(&builder->grams->filter, gram);
                stage(builder->longs, (Entry){ gram, ~UINT64_C(0), index, (uint32_t)i }, long_slot(gram));
        }
}

/* One of three bytes has a slot for each pair of high bits that the fourth may have. */
static void stage_short(Builder *builder, Entry entry, uint32_t gram, size_t n_bytes) {
        gram_filter_add_short(&builder->grams->filter, gram, n_bytes);
        if (n_bytes == SHORT_BYTES)
                stage(builder->shorts, entry, short_slot(gram));
        else
                for (uint32_t high = 0; high < 4; high++)
                        stage(builder->shorts, entry, short_slot((gram & 0xffffff) | high << 30));
}

/* A literal of 4 bytes has one whole gram, and one of its last three bytes and any. */
static void add_short(Builder *builder, uint32_t index, Str literal) {
        size_t at = literal.len > SHORT_BYTES ? rarest_place(&builder->census, literal, SHORT_BYTES, SHORT_STRIDE) : 0;
        char bytes[2 * LONG_LITERAL] = { 0 };
        Entry entry = { .literal = index };

        memcpy(bytes, literal.ptr, literal.len);
        entry.gram = long_gram(bytes);
        entry.mask = literal.len < 8 ? (UINT64_C(1) << 8 * literal.len) - 1 : ~UINT64_C(0);
        for (size_t i = at; i < at + SHORT_STRIDE; i++) {
                entry.at = (uint32_t)i;
                stage_short(builder, entry, short_gram(bytes + i), MIN(literal.len - i, SHORT_BYTES));
        }
}

/* A folded gram has no byte without bit 5. */
static bool is_free(const Slot *slot) {
        return slot->entry.mask == ~UINT64_C(0) && slot->entry.gram == 0;
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
        builder->longs = g_array_new(FALSE, FALSE, sizeof(Staged));
        builder->shorts = g_array_new(FALSE, FALSE, sizeof(Staged));
        census_add(&builder->census, rarity_ordinary_text(), ORDINARY_WEIGHT);
        census_add(&builder->census, sample, SAMPLE_WEIGHT);
        for (guint i = 0; i < grams->n_texts; i++)
                census_add(&builder->census, grams->texts[i], 1);
        for (guint i = 0; i < grams->n_texts; i++) {
                if (is_long(grams->texts[i]))
                        add_long(builder, i, grams->texts[i]);
                else
                        add_short(builder, i, grams->texts[i]);
        }
        grams->longs = slots_new(builder->longs);
        grams->shorts = slots_new(builder->shorts);
        g_array_unref(builder->longs);
        g_array_unref(builder->shorts);
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
        g_free(grams->longs);
        g_free(grams->shorts);
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

static inline void try_long(const Search *search, size_t at, uint64_t gram) {
        const Slot *slots = search->grams->longs, *slot = &slots[long_slot(gram)];

        for (;;) {
                if (slot->entry.gram == gram)
                        compare(search, &slot->entry, at);
                if (slot->next == 0)
                        return;
                slot = &slots[slot->next];
        }
}

/* @bytes: of the gram, which stands at @at of the text. The start of the literal is compared at once, for it is mostly all of it. */
static inline void try_short(const Search *search, const char *bytes, size_t at) {
        const Slot *slots = search->grams->shorts, *slot = &slots[short_slot(short_gram(bytes))];

        for (;;) {
                const Entry *entry = &slot->entry;

                if (G_UNLIKELY(((long_gram(bytes - MIN(entry->at, at)) ^ entry->gram) & entry->mask) == 0))
                        compare(search, entry, at);
                if (G_LIKELY(slot->next == 0))
                        return;
                slot = &slots[slot->next];
        }
}

/* @n_steps, at most STEPS_MAX, from @bytes, which stand at @at of the text. */
static void try_steps(const Search *search, const char *bytes, size_t n_steps, size_t at) {
        GramPlaces places;

        search->grams->collect(&search->grams->filter, bytes, n_steps, &places);
        for (size_t i = 0; i < places.n_longs; i++)
                try_long(search, at + places.longs[i], long_gram(bytes + places.longs[i]));
        for (size_t i = 0; i < places.n_shorts; i++)
                try_short(search, bytes + places.shorts[i], at + places.shorts[i]);
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
