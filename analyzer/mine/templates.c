/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/templates.h"

#include "mine/cluster.h"
#include "mine/preface.h"
#include "mine/slots.h"
#include "mine/words.h"

/* With fewer signals a thread of their own costs more than it saves. */
#define SHARE_MIN 512

/* A word of a row, by its place in the row's text. */
typedef struct PackedWord {
        uint16_t at, len;
        bool value;
} PackedWord;

/* A signal on its way to a template. */
typedef struct Item {
        const Signal *signal; /* borrowed from its view */
        const Signal *like;   /* the first one of its shape, whose row stands for it */
        uint64_t key;         /* of the signal */
        uint32_t sequence;
        char *text;         /* owned; of the row that stands for it: the preface, and the message if `whole`; values masked */
        size_t preface_len; /* of it in `text` */
        bool whole;         /* the row alone tells what is a value, unless others change that */
        PackedWord *words;  /* owned; squeezed; NULL once the cluster has them */
        unsigned n_words;
        Template *template; /* borrowed */
} Item;

struct Templates {
        Cluster *cluster;
        Hosts *hosts;
        GArray *items;      /* of Item, by key of their signals */
        GPtrArray *all;     /* of Template; owned */
        GHashTable *by_key; /* Item + 1 by key of the signal */
};

/* --- text --- */

/* What the row of a signal that stands for it says. */
static Str text_of(const Signal *signal) {
        return signal->n_rows > 0 ? str_from(signal->rows[0].text) : STR("");
}

/* Appends @text with the spans masked that are values. Blanks that only fill columns stay as they are. */
static void append_masked(GString *out, Str text, const Words *words) {
        const char *at = text.ptr;

        for (unsigned i = 0; i < words->n; i++) {
                Str value = words->at[i].text;
                if (!words->at[i].value || value.len == 0)
                        continue;
                g_string_append_len(out, at, value.ptr - at);
                g_string_append(out, TEMPLATES_MASK);
                at = value.ptr + value.len;
        }
        g_string_append_len(out, at, text.ptr + text.len - at);
}

static void append_preface(GString *out, Str text, size_t end) {
        Words words;

        text = str_slice(text, 0, end);
        words_cut(text, &words);
        append_masked(out, text, &words);
}

static void body_words(const Templates *templates, Str text, size_t *begin, Words *words) {
        *begin = preface_end(text, templates->hosts);
        words_cut(str_slice(text, *begin, text.len), words);
        words_squeeze(words);
}

/* What differs between rows of as many words is a value. */
static void agree(const Templates *templates, const Signal *signal, Words *words) {
        for (unsigned i = 1; i < signal->n_rows; i++) {
                size_t begin;
                Words other;

                body_words(templates, str_from(signal->rows[i].text), &begin, &other);
                for (unsigned w = 0; other.n == words->n && w < words->n; w++)
                        words->at[w].value |= other.at[w].value || !str_equal(other.at[w].text, words->at[w].text);
        }
        words_squeeze(words);
}

/* --- reading --- */

static void pack_words(Item *item, Str text, const Words *words) {
        item->n_words = words->n;
        item->words = g_new(PackedWord, words->n);
        for (unsigned i = 0; i < words->n; i++) {
                const Word *word = &words->at[i];
                item->words[i] = (PackedWord){ (uint16_t)(word->text.ptr - text.ptr), (uint16_t)word->text.len, word->value };
        }
}

static void unpack_words(const Item *item, Str text, Words *words) {
        words->n = item->n_words;
        for (unsigned i = 0; i < words->n; i++)
                words->at[i] = (Word){ { text.ptr + item->words[i].at, item->words[i].len }, item->words[i].value };
}

/* The shape of @signal stands in several views when @like has the same: then both are what @like says. */
static void read_item(const Templates *templates, Item *item) {
        GString *masked = g_string_sized_new(ROW_TEXT_BYTES);
        Str text = text_of(item->like);
        size_t begin;
        Words words;

        body_words(templates, text, &begin, &words);
        if (item->like->coarse_key == 0)
                agree(templates, item->like, &words);
        append_preface(masked, text, begin);
        item->preface_len = masked->len;
        if (item->whole)
                append_masked(masked, str_slice(text, begin, text.len), &words);
        item->text = g_memdup2(masked->str, masked->len + 1);
        g_string_free(masked, TRUE);
        pack_words(item, text, &words);
}

/* Some of the items, which one thread reads. */
typedef struct Share {
        const Templates *templates;
        guint from, to;
} Share;

static void *read_share(void *data) {
        const Share *share = data;

        for (guint i = share->from; i < share->to; i++)
                read_item(share->templates, &g_array_index(share->templates->items, Item, i));
        return NULL;
}

/* What takes most of the time depends on one signal alone, so each thread has its share; the last one is this thread's. */
static void read_items(const Templates *templates, unsigned n_threads) {
        guint n = templates->items->len, n_shares = CLAMP(n / SHARE_MIN, 1, n_threads);
        g_autofree GThread **threads = g_new(GThread *, n_shares);
        g_autofree Share *shares = g_new(Share, n_shares);

        for (guint i = 0; i < n_shares; i++) {
                shares[i] = (Share){ templates, (guint)((uint64_t)n * i / n_shares), (guint)((uint64_t)n * (i + 1) / n_shares) };
                if (i + 1 < n_shares)
                        threads[i] = g_thread_new("miner", read_share, &shares[i]);
        }
        read_share(&shares[n_shares - 1]);
        for (guint i = 0; i + 1 < n_shares; i++)
                g_thread_join(threads[i]);
}

static void add_items(Templates *templates) {
        for (guint i = 0; i < templates->items->len; i++) {
                Item *item = &g_array_index(templates->items, Item, i);
                Words words;

                unpack_words(item, text_of(item->like), &words);
                item->sequence = cluster_add(templates->cluster, &words, item->signal->count);
                g_clear_pointer(&item->words, g_free);
        }
}

/* --- grouping --- */

static bool is_mined(const Signal *signal) {
        return signal->pattern_id == NULL && signal->n_rows > 0;
}

static int compare_keys(const void *a, const void *b) {
        const Signal *one = *(const Signal *const *)a, *two = *(const Signal *const *)b;

        if (one->key != two->key)
                return one->key < two->key ? -1 : 1;
        return one->rows[0].lottery < two->rows[0].lottery ? -1 : one->rows[0].lottery > two->rows[0].lottery;
}

/* The signals without pattern of all views, by key. */
static GPtrArray *collect(const LedgerView *const *views, unsigned n_views) {
        GPtrArray *signals = g_ptr_array_new();

        for (unsigned v = 0; v < n_views; v++)
                for (guint i = 0; i < views[v]->signals->len; i++)
                        if (is_mined(views[v]->signals->pdata[i]))
                                g_ptr_array_add(signals, views[v]->signals->pdata[i]);
        g_ptr_array_sort(signals, compare_keys);
        return signals;
}

static uint64_t key_of(const Cluster *cluster, uint32_t sequence) {
        const Sequence *s = cluster_sequence(cluster, sequence);
        uint64_t key = UINT64_C(0xcbf29ce484222325);

        for (unsigned i = 0; i < s->n; i++) {
                for (const char *c = cluster_word(cluster, s->words[i]); *c; c++)
                        key = (key ^ (uint8_t)*c) * UINT64_C(0x100000001b3);
                key = (key ^ 0x1f) * UINT64_C(0x100000001b3);
        }
        key = (key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15);
        return (key ^ key >> 29) & SHAPE_KEY_MASK;
}

static void template_free(void *data) {
        Template *template = data;

        g_free(template->text);
        g_array_unref(template->members);
        g_clear_pointer(&template->slots, g_ptr_array_unref);
        g_free(template);
}

/* The words of @text, a row of @item, as the sequence of its template sees them: one for each word of that; @begin: where they begin. */
static bool words_by_template(const Templates *templates, const Item *item, Str text, size_t *begin, Words *words) {
        uint32_t home = cluster_home(templates->cluster, item->sequence);
        const Sequence *s = cluster_sequence(templates->cluster, home);
        Span spans[WORDS_MAX];
        Words own;

        body_words(templates, text, begin, &own);
        if (!cluster_align(templates->cluster, home, &own, spans))
                return false;
        words->n = s->n;
        for (unsigned i = 0; i < s->n; i++) {
                Str from = own.at[spans[i].from].text, to = own.at[spans[i].to - 1].text;
                words->at[i] = (Word){ { from.ptr, (size_t)(to.ptr + to.len - from.ptr) }, s->words[i] == CLUSTER_VALUE };
        }
        return true;
}

/* The message of @item as its template sees it, which is not as its row alone does. */
static void append_message(const Templates *templates, GString *out, const Item *item) {
        const Sequence *s = cluster_sequence(templates->cluster, cluster_home(templates->cluster, item->sequence));
        Str text = text_of(item->signal);
        size_t begin;
        Words words;

        if (words_by_template(templates, item, text, &begin, &words)) {
                append_masked(out, str_slice(text, begin, text.len), &words);
                return;
        }
        g_string_truncate(out, 0);
        for (unsigned i = 0; i < s->n; i++)
                g_string_append_printf(out, "%s%s", i ? " " : "", s->words[i] ? cluster_word(templates->cluster, s->words[i]) : TEMPLATES_MASK);
}

/* The text of a template, from the row of one of its signals; the preface only when all have the same. */
static char *text_from(const Templates *templates, const Item *item, bool same_preface) {
        GString *out;

        if (item->whole && cluster_home(templates->cluster, item->sequence) == item->sequence)
                return g_strdup(item->text + (same_preface ? 0 : item->preface_len));
        out = g_string_new_len(item->text, same_preface ? (gssize)item->preface_len : 0);
        append_message(templates, out, item);
        return g_string_free(out, FALSE);
}

static bool have_same_preface(const Item *one, const Item *other) {
        return str_equal((Str){ one->text, one->preface_len }, (Str){ other->text, other->preface_len });
}

/* --- putting together --- */

typedef struct Home {
        Template *template;
        const Item *best; /* whose row gives the text: the most frequent, then the one with the smallest lottery */
        bool same_preface;
} Home;

static bool stands_before(const Signal *one, const Signal *two) {
        if (one->count != two->count)
                return one->count > two->count;
        return one->rows[0].lottery != two->rows[0].lottery ? one->rows[0].lottery < two->rows[0].lottery : one->key < two->key;
}

static void join(Templates *templates, GHashTable *homes, Item *item) {
        uint32_t sequence = cluster_home(templates->cluster, item->sequence);
        Home *home = g_hash_table_lookup(homes, GUINT_TO_POINTER(sequence + 1));
        Template *template;

        if (!home) {
                home = g_new0(Home, 1);
                home->template = template = g_new0(Template, 1);
                template->key = key_of(templates->cluster, sequence);
                template->members = g_array_new(FALSE, FALSE, sizeof(uint64_t));
                home->same_preface = true;
                home->best = item;
                g_ptr_array_add(templates->all, template);
                g_hash_table_insert(homes, GUINT_TO_POINTER(sequence + 1), home);
        }
        template = item->template = home->template;
        home->same_preface &= have_same_preface(home->best, item);
        if (stands_before(item->signal, home->best->signal))
                home->best = item;
        if (template->members->len == 0 || g_array_index(template->members, uint64_t, template->members->len - 1) != item->signal->key)
                g_array_append_val(template->members, item->signal->key);
        template->count += item->signal->count;
        template->level = MAX(template->level, item->signal->level);
}

static int compare_templates(const void *a, const void *b) {
        const Template *one = *(const Template *const *)a, *two = *(const Template *const *)b;
        int order;

        if (one->count != two->count)
                return one->count > two->count ? -1 : 1;
        order = strcmp(one->text, two->text);
        return order ? order : (one->key > two->key) - (one->key < two->key);
}

static void build(Templates *templates) {
        g_autoptr(GHashTable) homes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        GHashTableIter iter;
        void *value;

        for (guint i = 0; i < templates->items->len; i++) {
                Item *item = &g_array_index(templates->items, Item, i);
                join(templates, homes, item);
                g_hash_table_insert(templates->by_key, &item->key, item);
        }
        g_hash_table_iter_init(&iter, homes);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const Home *home = value;
                home->template->text = text_from(templates, home->best, home->same_preface);
        }
        g_ptr_array_sort(templates->all, compare_templates);
}

Templates *templates_mine(const LedgerView *const *views, unsigned n_views, unsigned n_threads) {
        g_autoptr(GPtrArray) signals = collect(views, n_views);
        Templates *templates = g_new0(Templates, 1);
        const Signal *like = NULL;

        templates->cluster = cluster_new();
        templates->hosts = hosts_new();
        templates->items = g_array_new(FALSE, FALSE, sizeof(Item));
        templates->all = g_ptr_array_new_with_free_func(template_free);
        templates->by_key = g_hash_table_new(g_int64_hash, g_int64_equal);
        for (guint i = 0; i < signals->len; i++) {
                const Signal *signal = signals->pdata[i];
                hosts_note(templates->hosts, text_of(signal), signal->count);
        }
        for (guint i = 0; i < signals->len; i++) {
                const Signal *signal = signals->pdata[i];
                Item item = { .signal = signal, .key = signal->key };
                item.like = like = like && like->key == signal->key ? like : signal;
                item.whole = signal == like && like->coarse_key != 0;
                g_array_append_val(templates->items, item);
        }
        read_items(templates, n_threads ? n_threads : g_get_num_processors());
        add_items(templates);
        cluster_run(templates->cluster);
        build(templates);
        return templates;
}

void templates_free(Templates *templates) {
        for (guint i = 0; i < templates->items->len; i++)
                g_free(g_array_index(templates->items, Item, i).text);
        g_array_unref(templates->items);
        g_hash_table_unref(templates->by_key);
        g_ptr_array_unref(templates->all);
        cluster_free(templates->cluster);
        hosts_free(templates->hosts);
        g_free(templates);
}

const GPtrArray *templates_all(const Templates *templates) {
        return templates->all;
}

const Template *templates_of(const Templates *templates, uint64_t signal_key) {
        const Item *item = g_hash_table_lookup(templates->by_key, &signal_key);

        return item ? item->template : NULL;
}

/* --- slots --- */

static void read_rows(const Templates *templates, const Item *item) {
        for (unsigned i = 0; i < item->signal->n_rows; i++) {
                const Row *row = &item->signal->rows[i];
                size_t begin;
                Words words;

                if (words_by_template(templates, item, str_from(row->text), &begin, &words))
                        slots_add(item->template->slots, &words, row, item->signal->level);
        }
}

void templates_fill(Templates *templates) {
        for (guint i = 0; i < templates->items->len; i++) {
                const Item *item = &g_array_index(templates->items, Item, i);
                const Sequence *s = cluster_sequence(templates->cluster, cluster_home(templates->cluster, item->sequence));
                unsigned n = 0;

                for (unsigned w = 0; w < s->n; w++)
                        n += s->words[w] == CLUSTER_VALUE;
                if (!item->template->slots)
                        item->template->slots = slots_new(n);
                read_rows(templates, item);
        }
        for (guint i = 0; i < templates->all->len; i++)
                slots_finish(((Template *)templates->all->pdata[i])->slots);
}
