/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/cluster.h"
#include "mine/cluster_private.h"

#include <string.h>

#define ROUNDS_MAX 6

/* A template must say so much for a value to be found in it by position, or for another to be absorbed. */
#define SPEAKING_MIN 2
#define ABSORB_WORDS 4

/* So many times more frequent must be what absorbs: where only values and signs are left over, and where words are. */
#define ABSORB_FREQUENT       2
#define ABSORB_FREQUENT_WORDS 8

static uint8_t traits(const Cluster *cluster, uint32_t id) {
        return cluster->traits->data[id];
}

static unsigned n_speaking(const Cluster *cluster, const Sequence *s) {
        unsigned n = 0;

        for (unsigned i = 0; i < s->n; i++)
                n += (traits(cluster, s->words[i]) & WORD_SPEAKS) != 0;
        return n;
}

static bool is_alive(const Sequence *s, uint32_t index) {
        return s->home == index && s->count > 0;
}

/* What is counted where, after some became part of others. */
static void recount(Cluster *cluster) {
        for (guint i = 0; i < cluster->sequences->len; i++)
                cluster_at(cluster, i)->count = 0;
        for (guint i = 0; i < cluster->sequences->len; i++)
                cluster_at(cluster, cluster_home(cluster, i))->count += cluster_at(cluster, i)->own;
}

/* --- places --- */

/*
 * How many sequences are alike but for their word at one place: counts by the hash of the place. Most places stand alone, which a bit
 * for each hash tells; only the others are in the table.
 */
typedef struct Places {
        uint64_t *met, *met_again; /* owned; bits */
        size_t bits_mask;
        size_t n_shared;  /* of the places that were met, those that are no longer alone with their bit */
        uint64_t *keys;   /* owned; 0: free */
        uint32_t *counts; /* owned */
        size_t mask;
} Places;

static size_t power_of_two(size_t at_least) {
        size_t size = 64;

        while (size < at_least)
                size *= 2;
        return size;
}

static void places_init(Places *places, size_t n_words) {
        size_t n_bits = power_of_two(8 * n_words);

        *places = (Places){ .met = g_new0(uint64_t, n_bits / 64), .met_again = g_new0(uint64_t, n_bits / 64), .bits_mask = n_bits - 1 };
}

static void places_clear(Places *places) {
        g_free(places->met);
        g_free(places->met_again);
        g_free(places->keys);
        g_free(places->counts);
}

static void meet(Places *places, uint64_t place) {
        size_t word = (place & places->bits_mask) / 64;
        uint64_t bit = UINT64_C(1) << place % 64;

        if (places->met[word] & bit) {
                places->n_shared += places->met_again[word] & bit ? 1 : 2;
                places->met_again[word] |= bit;
        }
        places->met[word] |= bit;
}

static bool is_shared(const Places *places, uint64_t place) {
        return places->met_again[(place & places->bits_mask) / 64] >> place % 64 & 1;
}

/* When all are met. */
static void begin_counts(Places *places) {
        size_t size = power_of_two(2 * places->n_shared);

        places->keys = g_new0(uint64_t, size);
        places->counts = g_new0(uint32_t, size);
        places->mask = size - 1;
}

static uint32_t *count_of(Places *places, uint64_t place) {
        size_t at = (place ^ place >> 29) & places->mask;

        place |= place == 0;
        while (places->keys[at] != 0 && places->keys[at] != place)
                at = (at + 1) & places->mask;
        places->keys[at] = place;
        return &places->counts[at];
}

static void count(Places *places, uint64_t place) {
        if (is_shared(places, place))
                ++*count_of(places, place);
}

static uint64_t mix(uint64_t hash, uint64_t value) {
        hash = (hash ^ (value + 1)) * UINT64_C(0x9E3779B97F4A7C15);
        return hash ^ hash >> 32;
}

/* --- by position --- */

/* The hash of the sequence without its word at each position. */
static void hash_places(const Sequence *s, uint64_t places[static WORDS_MAX]) {
        uint64_t before = s->n, behind[WORDS_MAX + 1];

        behind[s->n] = 7;
        for (unsigned i = s->n; i-- > 0;)
                behind[i] = mix(behind[i + 1], s->words[i]);
        for (unsigned i = 0; i < s->n; i++) {
                places[i] = mix(mix(before, behind[i + 1]), i);
                before = mix(before, s->words[i]);
        }
}

static void visit_places(const Cluster *cluster, Places *places, void (*visit)(Places *places, uint64_t place)) {
        for (guint index = 0; index < cluster->sequences->len; index++) {
                const Sequence *s = cluster_at(cluster, index);
                uint64_t hashes[WORDS_MAX];

                if (!is_alive(s, index))
                        continue;
                hash_places(s, hashes);
                for (unsigned i = 0; i < s->n; i++)
                        if (traits(cluster, s->words[i]) & WORD_OPEN)
                                visit(places, hashes[i]);
        }
}

/* No two sequences are the same, so each that shares a place has a word of its own there. */
static void count_places(const Cluster *cluster, Places *places) {
        visit_places(cluster, places, meet);
        begin_counts(places);
        visit_places(cluster, places, count);
}

/* So many words make the place @at a value. */
static unsigned words_needed(const Cluster *cluster, const Sequence *s, unsigned at) {
        uint8_t left = at > 0 ? traits(cluster, s->words[at - 1]) : 0;
        uint8_t right = at + 1 < s->n ? traits(cluster, s->words[at + 1]) : 0;

        bool odd = traits(cluster, s->words[at]) & WORD_ODD;

        if (left & WORD_LEADS && odd)
                return CLUSTER_WORDS_NAME;
        /* What begins a message in mixed case is what was done (onReceive, setLimit). */
        if (left & WORD_LEADS || (left & WORD_OPENS && right & WORD_CLOSES) || (odd && at > 0))
                return CLUSTER_WORDS_SLOT;
        return left & WORD_COLON ? CLUSTER_WORDS_COLON : CLUSTER_WORDS_FREE;
}

/* The position with the most words, if they are enough; else -1. */
static int best_place(const Cluster *cluster, const Sequence *s, Places *places) {
        uint64_t hashes[WORDS_MAX];
        uint32_t most = 0;
        int best = -1;

        if (n_speaking(cluster, s) < SPEAKING_MIN)
                return -1;
        hash_places(s, hashes);
        for (unsigned i = 0; i < s->n; i++) {
                uint32_t n;

                if (!(traits(cluster, s->words[i]) & WORD_OPEN) || !is_shared(places, hashes[i]))
                        continue;
                n = *count_of(places, hashes[i]);
                if (n > most && n >= words_needed(cluster, s, i)) {
                        most = n;
                        best = (int)i;
                }
        }
        return best;
}

/* The ids of @s with a value at @place, squeezed. */
static unsigned with_value(const Cluster *cluster, const Sequence *s, unsigned place, uint32_t ids[static WORDS_MAX]) {
        unsigned n = 0;

        for (unsigned i = 0; i < s->n; i++) {
                uint32_t id = i == place ? CLUSTER_VALUE : s->words[i];
                const char *joint = n > 0 ? cluster_word(cluster, ids[n - 1]) : "";

                if (id == CLUSTER_VALUE && n > 0 && ids[n - 1] == CLUSTER_VALUE)
                        continue;
                if (id == CLUSTER_VALUE && n > 1 && ids[n - 2] == CLUSTER_VALUE && *joint && strchr(",:|", *joint) && joint[1] == '\0')
                        n--;
                else
                        ids[n++] = id;
        }
        return n;
}

/* True when something became a value. */
static bool merge_round(Cluster *cluster, size_t n_words) {
        guint n = cluster->sequences->len;
        g_autofree uint32_t *into = g_new(uint32_t, n + 1);
        bool changed = false;
        Places places;

        places_init(&places, n_words);
        count_places(cluster, &places);
        for (guint index = 0; index < n; index++) {
                const Sequence *s = cluster_at(cluster, index);
                int place = is_alive(s, index) ? best_place(cluster, s, &places) : -1;
                uint32_t ids[WORDS_MAX];
                unsigned length = place < 0 ? 0 : with_value(cluster, s, (unsigned)place, ids);

                into[index] = place < 0 ? index : cluster_put(cluster, ids, length);
        }
        for (guint index = 0; index < n; index++) {
                if (into[index] == index)
                        continue;
                cluster_at(cluster, index)->home = into[index];
                changed = true;
        }
        recount(cluster);
        places_clear(&places);
        return changed;
}

void cluster_by_position(Cluster *cluster) {
        size_t n_words = 0;

        for (guint i = 0; i < cluster->sequences->len; i++)
                n_words += cluster_at(cluster, i)->n;
        for (unsigned round = 0; round < ROUNDS_MAX; round++)
                if (!merge_round(cluster, n_words))
                        break;
}

/* --- absorb --- */

/* A sequence to be ranked, with what mostly tells two apart. */
typedef struct Candidate {
        uint64_t count;
        uint64_t begin; /* the first bytes of its first word, for comparing */
        uint32_t index;
} Candidate;

static Candidate candidate_of(const Cluster *cluster, uint32_t index) {
        const Sequence *s = cluster_at(cluster, index);
        const char *text = s->n > 0 ? cluster_word(cluster, s->words[0]) : "";
        uint64_t begin = 0;

        for (unsigned i = 0; i < sizeof(begin); i++)
                begin = begin << 8 | (*text ? (uint8_t)*text++ : 0);
        return (Candidate){ s->count, begin, index };
}

/* By count falling, then by the texts of the words. */
static int compare_ranks(const void *a, const void *b, void *data) {
        const Candidate *first = a, *second = b;
        const Cluster *cluster = data;
        const Sequence *one = cluster_at(cluster, first->index), *two = cluster_at(cluster, second->index);

        if (first->count != second->count)
                return first->count > second->count ? -1 : 1;
        if (first->begin != second->begin)
                return first->begin < second->begin ? -1 : 1;
        for (unsigned i = 0; i < one->n && i < two->n; i++)
                if (one->words[i] != two->words[i])
                        return strcmp(cluster_word(cluster, one->words[i]), cluster_word(cluster, two->words[i]));
        return one->n < two->n ? -1 : one->n > two->n;
}

typedef struct Absorber {
        Cluster *cluster;
        uint64_t left;       /* of CLUSTER_CELLS_MAX */
        GArray *ranked;      /* of Candidate: the sequences that are alive */
        uint32_t *frequency; /* owned; by word: in how many sequences it stands */
        GArray **by_word;    /* owned; of uint32_t: ranks of wide sequences, by their rarest word; NULL: none */
        uint64_t *signs;     /* owned; by rank: a bit for each word, by id */
} Absorber;

static uint64_t sign_of(const Sequence *s) {
        uint64_t sign = 0;

        for (unsigned i = 0; i < s->n; i++)
                if (s->words[i] != CLUSTER_VALUE)
                        sign |= UINT64_C(1) << (s->words[i] * 0x9E3779B1U >> 26);
        return sign;
}

static const Sequence *at_rank(const Absorber *a, uint32_t rank) {
        return cluster_at(a->cluster, g_array_index(a->ranked, Candidate, rank).index);
}

static bool is_wide(const Absorber *a, const Sequence *s) {
        bool value = false;

        for (unsigned i = 0; i < s->n; i++)
                value |= s->words[i] == CLUSTER_VALUE;
        return value && s->n >= ABSORB_WORDS && n_speaking(a->cluster, s) >= SPEAKING_MIN;
}

static uint32_t rarest_word(const Absorber *a, const Sequence *s) {
        uint32_t rarest = CLUSTER_VALUE;

        for (unsigned i = 0; i < s->n; i++)
                if (s->words[i] != CLUSTER_VALUE && (rarest == CLUSTER_VALUE || a->frequency[s->words[i]] < a->frequency[rarest]))
                        rarest = s->words[i];
        return rarest;
}

static void rank_sequences(Absorber *a) {
        for (uint32_t i = 0; i < a->cluster->sequences->len; i++) {
                Candidate candidate;

                if (!is_alive(cluster_at(a->cluster, i), i))
                        continue;
                candidate = candidate_of(a->cluster, i);
                g_array_append_val(a->ranked, candidate);
        }
        if (a->ranked->len > 1)
                g_qsort_with_data(a->ranked->data, (gint)a->ranked->len, sizeof(Candidate), compare_ranks, a->cluster);
}

static void note_wide(Absorber *a, uint32_t rank) {
        const Sequence *s = at_rank(a, rank);
        uint32_t word = is_wide(a, s) ? rarest_word(a, s) : CLUSTER_VALUE;

        if (word == CLUSTER_VALUE)
                return;
        if (!a->by_word[word])
                a->by_word[word] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_array_append_val(a->by_word[word], rank);
}

static void absorber_init(Absorber *a, Cluster *cluster) {
        *a = (Absorber){ .cluster = cluster, .left = CLUSTER_CELLS_MAX, .ranked = g_array_new(FALSE, FALSE, sizeof(Candidate)) };
        rank_sequences(a);
        a->frequency = g_new0(uint32_t, word_ids_n(cluster->ids));
        a->signs = g_new0(uint64_t, a->ranked->len + 1);
        a->by_word = g_new0(GArray *, word_ids_n(cluster->ids));
        for (uint32_t rank = 0; rank < a->ranked->len; rank++) {
                const Sequence *s = at_rank(a, rank);
                a->signs[rank] = sign_of(s);
                for (unsigned i = 0; i < s->n; i++)
                        a->frequency[s->words[i]]++;
        }
        for (uint32_t rank = 0; rank < a->ranked->len; rank++)
                note_wide(a, rank);
}

static void absorber_clear(Absorber *a) {
        for (uint32_t word = 0; word < word_ids_n(a->cluster->ids); word++)
                g_clear_pointer(&a->by_word[word], g_array_unref);
        g_free(a->by_word);
        g_array_unref(a->ranked);
        g_free(a->frequency);
        g_free(a->signs);
}

/* False when there is not so much left; then nothing is. */
static bool spend(Absorber *a, uint64_t cells) {
        a->left = a->left >= cells ? a->left - cells : 0;
        return a->left > 0;
}

/* Are the words of @wide in @s, in their order? Without that it cannot fit, and of most with the same words that is seen here. */
static bool is_in_order(const Sequence *wide, const Sequence *s) {
        unsigned at = 0;

        for (unsigned i = 0; i < wide->n; i++) {
                if (wide->words[i] == CLUSTER_VALUE)
                        continue;
                while (at < s->n && s->words[at] != wide->words[i])
                        at++;
                if (at++ == s->n)
                        return false;
        }
        return true;
}

/* True when @wide takes @s, for it says the same and is much more frequent. */
static bool takes(Absorber *a, const Sequence *wide, const Sequence *s) {
        Span spans[WORDS_MAX];
        bool words = false;

        if (!spend(a, s->n) || !is_in_order(wide, s) || !spend(a, (uint64_t)(wide->n + 1) * (s->n + 1)) ||
            !cluster_fits(wide->words, wide->n, s->words, s->n, spans))
                return false;
        for (unsigned i = 0; i < wide->n; i++)
                for (unsigned j = spans[i].from; j < spans[i].to && wide->words[i] == CLUSTER_VALUE; j++)
                        words |= (traits(a->cluster, s->words[j]) & WORD_SPEAKS) != 0;
        return wide->count > (words ? ABSORB_FREQUENT_WORDS : ABSORB_FREQUENT) * s->count;
}

/* The most frequent wide sequence that takes the one at @rank, or its own rank. */
static uint32_t find_taker(Absorber *a, uint32_t rank) {
        const Sequence *s = at_rank(a, rank);
        uint32_t best = rank;

        for (unsigned i = 0; i < s->n; i++) {
                const GArray *list = a->by_word[s->words[i]];
                for (guint j = 0; list && j < list->len && spend(a, 1); j++) {
                        uint32_t other = g_array_index(list, uint32_t, j);
                        if (other >= best || g_array_index(a->ranked, Candidate, other).count <= ABSORB_FREQUENT * s->count)
                                break;
                        if (!(a->signs[other] & ~a->signs[rank]) && takes(a, at_rank(a, other), s)) {
                                best = other;
                                break;
                        }
                }
        }
        return best;
}

void cluster_absorb(Cluster *cluster) {
        g_autofree uint32_t *takers = NULL;
        Absorber a;

        absorber_init(&a, cluster);
        takers = g_new(uint32_t, a.ranked->len + 1);
        for (uint32_t rank = 0; rank < a.ranked->len; rank++)
                takers[rank] = find_taker(&a, rank);
        for (uint32_t rank = 0; rank < a.ranked->len; rank++)
                cluster_at(cluster, g_array_index(a.ranked, Candidate, rank).index)->home = g_array_index(a.ranked, Candidate, takers[rank]).index;
        recount(cluster);
        absorber_clear(&a);
}
