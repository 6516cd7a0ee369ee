/* SPDX-License-Identifier: Apache-2.0 */
#include "match/prefilter.h"

#include "config.h"
#include "match/literals.h"

#ifdef HAVE_VECTORSCAN
#include <hs.h>
#endif

/*
 * The portable engine is a filter of grams. Of each literal one gram is chosen; its hash sets a
 * bit. The text is looked at through every window of that width, one multiplication and one bit
 * each, and only a window whose bit is set is compared with the literals of its bucket. Unlike an
 * automaton no step waits for the one before it, which makes it several times faster, and the whole
 * table fits the first-level cache.
 */
#define GRAM_BYTES  LITERAL_MIN
#define HASH_BITS   17
#define BUCKET_BITS 12
/* A hit that belongs further back is left to a sort of all. */
#define MOVES_MAX 64

#define N_HASHES  (1u << HASH_BITS)
#define N_BUCKETS (1u << BUCKET_BITS)

typedef struct Entry {
        Str text;         /* owned by the Prefilter's strings */
        uint32_t literal; /* its index */
        uint32_t at;      /* where the chosen gram stands in it */
        uint32_t gram;    /* folded */
} Entry;

typedef struct Grams {
        uint64_t filter[N_HASHES / 64];
        uint32_t first[N_BUCKETS + 1]; /* the entries of a bucket are first[b] .. first[b + 1] */
        Entry *entries;                /* by bucket */
        GStringChunk *strings;
} Grams;

struct Prefilter {
        Grams *grams; /* NULL with Vectorscan, or without literals */
#ifdef HAVE_VECTORSCAN
        hs_database_t *database;
        hs_scratch_t *scratch; /* the one that others are cloned from */
#endif
};

struct PrefilterScratch {
#ifdef HAVE_VECTORSCAN
        hs_scratch_t *scratch;
#else
        char unused;
#endif
};

static int hit_compare(const void *a, const void *b) {
        const PrefilterHit *x = a, *y = b;

        if (x->end != y->end)
                return x->end < y->end ? -1 : 1;
        return x->literal < y->literal ? -1 : x->literal > y->literal;
}

/*
 * Both engines find hits nearly in order, so that a new one moves a few places at most; see
 * hits_finish().
 */
static void hits_add(GArray *hits, PrefilterHit hit) {
        PrefilterHit *items;
        size_t at = hits->len;
        size_t stop = at > MOVES_MAX ? at - MOVES_MAX : 0;

        g_array_append_val(hits, hit);
        items = (PrefilterHit *)hits->data;
        for (; at > stop && hit_compare(&items[at - 1], &hit) > 0; at--)
                items[at] = items[at - 1];
        items[at] = hit;
}

/* Vectorscan promises no order. */
static void hits_finish(GArray *hits) {
        const PrefilterHit *items = (const PrefilterHit *)hits->data;

        for (guint i = 1; i < hits->len; i++) {
                if (hit_compare(&items[i - 1], &items[i]) > 0) {
                        g_array_sort(hits, hit_compare);
                        return;
                }
        }
}

/*
 * Bit 5 folds the case of letters. It folds some other bytes too, which costs a comparison and
 * nothing else.
 */
static inline uint32_t gram_at(const char *text) {
        uint32_t gram;

        G_STATIC_ASSERT(sizeof(gram) == GRAM_BYTES);
        memcpy(&gram, text, sizeof(gram));
        return gram | 0x20202020u;
}

static inline uint32_t gram_hash(uint32_t gram) {
        return (gram * 0x9e3779b1u) >> (32 - HASH_BITS);
}

static inline uint32_t gram_bucket(uint32_t gram) {
        return gram_hash(gram) >> (HASH_BITS - BUCKET_BITS);
}

/*
 * How often each gram and each byte stands in the literals: they are log text and so tell what is
 * common in logs.
 */
typedef struct Census {
        uint16_t grams[N_HASHES];
        uint32_t bytes[256];
} Census;

static void census_add(Census *census, Str literal) {
        for (size_t i = 0; i < literal.len; i++)
                census->bytes[(unsigned char)literal.ptr[i]]++;
        for (size_t i = 0; i + GRAM_BYTES <= literal.len; i++) {
                uint16_t *count = &census->grams[gram_hash(gram_at(literal.ptr + i))];
                if (*count < G_MAXUINT16)
                        (*count)++;
        }
}

static uint64_t gram_commonness(const Census *census, const char *gram) {
        uint64_t commonness = (uint64_t)census->grams[gram_hash(gram_at(gram))] << 32;

        for (size_t i = 0; i < GRAM_BYTES; i++)
                commonness += MIN(census->bytes[(unsigned char)gram[i]], G_MAXUINT32 / 8);
        return commonness;
}

static uint32_t rarest_gram(const Census *census, Str literal) {
        uint64_t least = G_MAXUINT64;
        uint32_t rarest = 0;

        for (size_t i = 0; i + GRAM_BYTES <= literal.len; i++) {
                uint64_t commonness = gram_commonness(census, literal.ptr + i);
                if (commonness < least) {
                        least = commonness;
                        rarest = (uint32_t)i;
                }
        }
        return rarest;
}

static int entry_compare(const void *a, const void *b) {
        const Entry *x = a, *y = b;

        uint32_t in_x = gram_bucket(x->gram), in_y = gram_bucket(y->gram);

        if (in_x != in_y)
                return in_x < in_y ? -1 : 1;
        return x->literal < y->literal ? -1 : x->literal > y->literal;
}

static void grams_index(Grams *grams, size_t n) {
        qsort(grams->entries, n, sizeof(Entry), entry_compare);
        for (size_t i = 0; i < n; i++) {
                uint32_t hash = gram_hash(grams->entries[i].gram);
                grams->filter[hash / 64] |= UINT64_C(1) << (hash % 64);
                grams->first[gram_bucket(grams->entries[i].gram) + 1]++;
        }
        for (size_t i = 0; i < N_BUCKETS; i++)
                grams->first[i + 1] += grams->first[i];
}

static Grams *grams_new(const GPtrArray *literals) {
        Grams *grams = g_new0(Grams, 1);
        g_autofree Census *census = g_new0(Census, 1);

        grams->entries = g_new0(Entry, literals->len);
        grams->strings = g_string_chunk_new(4096);
        for (guint i = 0; i < literals->len; i++) {
                g_assert(strlen(literals->pdata[i]) >= GRAM_BYTES);
                grams->entries[i].literal = i;
                grams->entries[i].text =
                        str_from(g_string_chunk_insert(grams->strings, literals->pdata[i]));
                census_add(census, grams->entries[i].text);
        }
        for (guint i = 0; i < literals->len; i++) {
                Entry *entry = &grams->entries[i];
                entry->at = rarest_gram(census, entry->text);
                entry->gram = gram_at(entry->text.ptr + entry->at);
        }
        grams_index(grams, literals->len);
        return grams;
}

static void grams_free(Grams *grams) {
        g_free(grams->entries);
        g_string_chunk_free(grams->strings);
        g_free(grams);
}

static void grams_verify(const Grams *grams, Str text, size_t at, uint32_t gram, GArray *hits) {
        uint32_t bucket = gram_bucket(gram);

        for (uint32_t i = grams->first[bucket]; i < grams->first[bucket + 1]; i++) {
                const Entry *entry = &grams->entries[i];
                if (entry->gram != gram || entry->at > at)
                        continue;
                if (str_starts_nocase(str_slice(text, at - entry->at, text.len), entry->text))
                        hits_add(hits,
                                 (PrefilterHit){at - entry->at + entry->text.len, entry->literal});
        }
}

static void grams_scan(const Grams *grams, Str text, GArray *hits) {
        for (size_t at = 0; at + GRAM_BYTES <= text.len; at++) {
                uint32_t gram = gram_at(text.ptr + at);
                uint32_t hash = gram_hash(gram);
                if (G_UNLIKELY(grams->filter[hash / 64] >> (hash % 64) & 1))
                        grams_verify(grams, text, at, gram, hits);
        }
}

#ifdef HAVE_VECTORSCAN

static hs_error_t database_compile(const GPtrArray *literals, hs_database_t **database) {
        g_autofree unsigned *flags = g_new(unsigned, literals->len);
        g_autofree unsigned *ids = g_new(unsigned, literals->len);
        g_autofree size_t *lengths = g_new(size_t, literals->len);
        hs_compile_error_t *problem = NULL;
        hs_error_t code;

        for (guint i = 0; i < literals->len; i++) {
                flags[i] = HS_FLAG_CASELESS;
                ids[i] = i;
                lengths[i] = strlen(literals->pdata[i]);
        }
        code = hs_compile_lit_multi((const char *const *)literals->pdata, flags, ids, lengths,
                                    literals->len, HS_MODE_BLOCK, NULL, database, &problem);
        hs_free_compile_error(problem);
        return code;
}

/*
 * False when this CPU or these literals are not for Vectorscan; the portable engine takes
 * everything.
 */
static bool vectorscan_init(Prefilter *prefilter, const GPtrArray *literals) {
        if (hs_valid_platform() != HS_SUCCESS)
                return false;
        if (database_compile(literals, &prefilter->database) != HS_SUCCESS)
                return false;
        if (hs_alloc_scratch(prefilter->database, &prefilter->scratch) == HS_SUCCESS)
                return true;
        hs_free_database(prefilter->database);
        prefilter->database = NULL;
        return false;
}

static int vectorscan_hit(unsigned id, unsigned long long from, unsigned long long to,
                          unsigned flags, void *data) {
        (void)from;
        (void)flags;
        hits_add(data, (PrefilterHit){(size_t)to, id});
        return 0;
}

static bool vectorscan_scan(const Prefilter *prefilter, PrefilterScratch *scratch, Str text,
                            GArray *hits) {
        hs_error_t code;

        if (!prefilter->database)
                return false;
        g_assert(text.len <= G_MAXUINT);
        code = hs_scan(prefilter->database, text.len ? text.ptr : "", (unsigned)text.len, 0,
                       scratch->scratch, vectorscan_hit, hits);
        g_assert(code == HS_SUCCESS);
        return true;
}

#else

static bool vectorscan_init(Prefilter *prefilter, const GPtrArray *literals) {
        (void)prefilter;
        (void)literals;
        return false;
}

static bool vectorscan_scan(const Prefilter *prefilter, PrefilterScratch *scratch, Str text,
                            GArray *hits) {
        (void)prefilter;
        (void)scratch;
        (void)text;
        (void)hits;
        return false;
}

#endif

Prefilter *prefilter_new(const GPtrArray *literals, PrefilterEngine engine) {
        Prefilter *prefilter = g_new0(Prefilter, 1);

        if (literals->len == 0)
                return prefilter;
        if (engine == PREFILTER_AUTO && vectorscan_init(prefilter, literals))
                return prefilter;
        prefilter->grams = grams_new(literals);
        return prefilter;
}

void prefilter_free(Prefilter *prefilter) {
        if (!prefilter)
                return;
        g_clear_pointer(&prefilter->grams, grams_free);
#ifdef HAVE_VECTORSCAN
        hs_free_scratch(prefilter->scratch);
        hs_free_database(prefilter->database);
#endif
        g_free(prefilter);
}

const char *prefilter_engine(const Prefilter *prefilter) {
        return prefilter->grams ? "portable" : "vectorscan";
}

PrefilterScratch *prefilter_scratch_new(const Prefilter *prefilter) {
        PrefilterScratch *scratch = g_new0(PrefilterScratch, 1);

#ifdef HAVE_VECTORSCAN
        if (prefilter->scratch) {
                hs_error_t code = hs_clone_scratch(prefilter->scratch, &scratch->scratch);
                g_assert(code == HS_SUCCESS);
        }
#else
        (void)prefilter;
#endif
        return scratch;
}

void prefilter_scratch_free(PrefilterScratch *scratch) {
        if (!scratch)
                return;
#ifdef HAVE_VECTORSCAN
        hs_free_scratch(scratch->scratch);
#endif
        g_free(scratch);
}

void prefilter_scan(const Prefilter *prefilter, PrefilterScratch *scratch, Str text, GArray *hits) {
        g_array_set_size(hits, 0);
        if (!vectorscan_scan(prefilter, scratch, text, hits) && prefilter->grams)
                grams_scan(prefilter->grams, text, hits);
        hits_finish(hits);
}
