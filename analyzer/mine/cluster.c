/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/cluster.h"

#include "mine/cluster_private.h"

#include <string.h>

/* --- words --- */

/* Behind these a name is likely. */
static bool comes_before_value(Str word) {
        static const char *const WORDS[] = { "user",   "for",   "from",   "to",      "by",        "of",   "at",     "on",      "in",
                                             "host",   "name",  "id",     "file",    "path",      "node", "device", "service", "package",
                                             "module", "named", "called", "process", "interface", "key",  NULL };

        return str_is_one_of(word, WORDS);
}

/* "started", "Started", "STARTED": all others are names rather than words. */
static bool is_plain(Str word) {
        size_t upper = 0, lower = 0;

        for (size_t i = 0; i < word.len; i++) {
                char c = word.ptr[i];
                if (!char_is_alpha(c))
                        return false;
                upper += c <= 'Z';
                lower += c > 'Z';
        }
        return upper == 0 || lower == 0 || (upper == 1 && *word.ptr <= 'Z');
}

static uint8_t traits_of(Str word) {
        char c = *word.ptr;
        uint8_t traits = 0;

        if (char_is_alpha(c) || (uint8_t)c > 127)
                traits |= WORD_OPEN | (char_is_alpha(c) ? WORD_SPEAKS : 0);
        if (!is_plain(word))
                traits |= WORD_ODD;
        if (comes_before_value(word))
                traits |= WORD_LEADS;
        if (word.len == 1 && strchr("\"'[(=", c))
                traits |= WORD_OPENS;
        if (word.len == 1 && strchr("\"'])", c))
                traits |= WORD_CLOSES;
        if (word.len == 1 && c == ':')
                traits |= WORD_COLON;
        return traits;
}

static uint32_t intern(Cluster *cluster, const Word *word) {
        uint32_t id = word->value ? CLUSTER_VALUE : word_ids_add(cluster->ids, word->text);

        if (id == cluster->traits->len) {
                uint8_t traits = traits_of(word->text);
                g_byte_array_append(cluster->traits, &traits, 1);
        }
        return id;
}

const char *cluster_word(const Cluster *cluster, uint32_t id) {
        return word_ids_text(cluster->ids, id);
}

/* --- sequences --- */

static guint sequence_hash(const void *data) {
        const Sequence *s = data;
        guint hash = 2166136261U;

        for (unsigned i = 0; i < s->n; i++)
                hash = (hash ^ s->words[i]) * 16777619U;
        return hash ^ hash >> 15;
}

static gboolean sequence_equal(const void *a, const void *b) {
        const Sequence *one = a, *two = b;

        return one->n == two->n && memcmp(one->words, two->words, one->n * sizeof(*one->words)) == 0;
}

static void sequence_free(void *data) {
        g_free(((Sequence *)data)->words);
        g_free(data);
}

Cluster *cluster_new(void) {
        Cluster *cluster = g_new0(Cluster, 1);
        uint8_t none = 0;

        cluster->ids = word_ids_new();
        cluster->traits = g_byte_array_new();
        cluster->sequences = g_ptr_array_new_with_free_func(sequence_free);
        cluster->indexes = g_hash_table_new(sequence_hash, sequence_equal);
        word_ids_add(cluster->ids, STR(""));
        g_byte_array_append(cluster->traits, &none, 1);
        return cluster;
}

void cluster_free(Cluster *cluster) {
        g_hash_table_unref(cluster->indexes);
        g_ptr_array_unref(cluster->sequences);
        word_ids_free(cluster->ids);
        g_byte_array_unref(cluster->traits);
        g_free(cluster);
}

Sequence *cluster_at(const Cluster *cluster, uint32_t index) {
        return cluster->sequences->pdata[index];
}

uint32_t cluster_put(Cluster *cluster, const uint32_t *words, unsigned n) {
        Sequence probe = { .words = (uint32_t *)words, .n = n }, *sequence;
        gpointer known = g_hash_table_lookup(cluster->indexes, &probe);

        if (known)
                return GPOINTER_TO_UINT(known) - 1;
        sequence = g_new0(Sequence, 1);
        sequence->words = g_memdup2(words, MAX(n, 1) * sizeof(*words));
        sequence->n = n;
        sequence->home = cluster->sequences->len;
        g_ptr_array_add(cluster->sequences, sequence);
        g_hash_table_insert(cluster->indexes, sequence, GUINT_TO_POINTER(sequence->home + 1));
        return sequence->home;
}

uint32_t cluster_add(Cluster *cluster, const Words *words, uint64_t count) {
        uint32_t ids[WORDS_MAX + 1];
        uint32_t index;

        for (unsigned i = 0; i < words->n; i++)
                ids[i] = intern(cluster, &words->at[i]);
        index = cluster_put(cluster, ids, words->n);
        cluster_at(cluster, index)->own += count;
        cluster_at(cluster, index)->count += count;
        return index;
}

uint32_t cluster_home(const Cluster *cluster, uint32_t index) {
        while (cluster_at(cluster, index)->home != index)
                index = cluster_at(cluster, index)->home;
        return index;
}

const Sequence *cluster_sequence(const Cluster *cluster, uint32_t index) {
        return cluster_at(cluster, index);
}

void cluster_run(Cluster *cluster) {
        cluster_by_position(cluster);
        cluster_absorb(cluster);
}

/* --- alignment --- */

/* Each word stands for itself, which is also what the search below would find. */
static bool is_same(const uint32_t *wide, unsigned n_wide, const uint32_t *narrow, unsigned n_narrow, Span *spans) {
        if (n_wide != n_narrow || memcmp(wide, narrow, n_wide * sizeof(*wide)) != 0)
                return false;
        for (unsigned i = 0; spans && i < n_wide; i++)
                spans[i] = (Span){ i, i + 1 };
        return true;
}

bool cluster_fits(const uint32_t *wide, unsigned n_wide, const uint32_t *narrow, unsigned n_narrow, Span *spans) {
        /* can[i][j]: wide from i on takes narrow from j on. */
        bool can[WORDS_MAX + 1][WORDS_MAX + 1];
        unsigned at = 0;

        if (is_same(wide, n_wide, narrow, n_narrow, spans))
                return true;
        memset(can[n_wide], 0, sizeof(can[n_wide]));
        can[n_wide][n_narrow] = true;
        for (unsigned i = n_wide; i-- > 0;) {
                for (unsigned j = 0; j <= n_narrow; j++) {
                        can[i][j] = false;
                        if (wide[i] != CLUSTER_VALUE)
                                can[i][j] = j < n_narrow && narrow[j] == wide[i] && can[i + 1][j + 1];
                        else
                                for (unsigned k = 1; k <= CLUSTER_GAP && j + k <= n_narrow && !can[i][j]; k++)
                                        can[i][j] = can[i + 1][j + k];
                }
        }
        for (unsigned i = 0; can[0][0] && spans && i < n_wide; i++) {
                spans[i].from = at++;
                while (!can[i + 1][at])
                        at++;
                spans[i].to = at;
        }
        return can[0][0];
}

bool cluster_align(const Cluster *cluster, uint32_t index, const Words *words, Span spans[static WORDS_MAX]) {
        const Sequence *wide = cluster_at(cluster, index);
        uint32_t ids[WORDS_MAX + 1];

        for (unsigned i = 0; i < words->n; i++)
                ids[i] = words->at[i].value ? CLUSTER_VALUE : word_ids_find(cluster->ids, words->at[i].text);
        return cluster_fits(wide->words, wide->n, ids, words->n, spans);
}
