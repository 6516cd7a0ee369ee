/* SPDX-License-Identifier: Apache-2.0 */
#include "correlate/correlate.h"

#include "base/order.h"
#include "correlate/rule_signal.h"

/* One rule with the signals of its terms. */
typedef struct Case {
        const Rule *rule;
        const Signal **terms;   /* of each term; none is NULL */
        const Signal **negates; /* of each negation; NULL: never seen */
        GArray *hits;           /* of Hit */
} Case;

/* An event of one source that some of the terms were seen in. */
typedef struct Entry {
        Sighting sighting;
        int64_t at_us;  /* its time, or 0 without one */
        uint64_t terms; /* a bit for each */
} Entry;

static int64_t time_of(const Sighting *sighting) {
        return sighting->time_us == TIME_NONE ? 0 : sighting->time_us;
}

/* --- the events of a source --- */

static int compare_entries(const void *a, const void *b) {
        const Entry *one = a, *two = b;
        int order = COMPARE(one->at_us, two->at_us);

        return order ? order : COMPARE(one->sighting.offset, two->sighting.offset);
}

/* Puts what is one event into one entry. */
static void join_entries(GArray *entries) {
        Entry *items = (Entry *)entries->data;
        guint n = 0;

        for (guint i = 0; i < entries->len; i++) {
                if (n > 0 && compare_entries(&items[n - 1], &items[i]) == 0)
                        items[n - 1].terms |= items[i].terms;
                else
                        items[n++] = items[i];
        }
        g_array_set_size(entries, n);
}

static GArray *entries_of(const Case *c, uint32_t source) {
        GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));

        for (size_t i = 0; i < c->rule->n_terms; i++) {
                const Sightings *of_term = &c->terms[i]->sightings;
                for (uint32_t j = 0; j < of_term->n; j++) {
                        Entry entry = { of_term->items[j], time_of(&of_term->items[j]), UINT64_C(1) << i };
                        if (entry.sighting.source == source)
                                g_array_append_val(entries, entry);
                }
        }
        g_array_sort(entries, compare_entries);
        join_entries(entries);
        return entries;
}

/* --- what must not be seen --- */

static bool is_negated(const RuleNegate *negate, const Signal *seen, const Hit *hit) {
        int64_t from, to;

        if (!seen)
                return false;
        from = time_of(&hit->members[negate->anchor]) + negate->slide_us;
        to = from + negate->window_us + (negate->absolute ? 0 : hit->last_us - hit->first_us);
        for (uint32_t i = 0; i < seen->sightings.n; i++) {
                const Sighting *sighting = &seen->sightings.items[i];
                int64_t at = time_of(sighting);
                if (sighting->source == hit->source && at >= from && at <= to)
                        return true;
        }
        return false;
}

/* Takes over the hit's members. */
static void add_hit(Case *c, Hit hit) {
        for (size_t i = 0; i < c->rule->n_negates; i++) {
                if (is_negated(&c->rule->negates[i], c->negates[i], &hit)) {
                        g_free(hit.members);
                        return;
                }
        }
        g_array_append_val(c->hits, hit);
}

/* --- sets --- */

/* Of each term the entries that no hit has used: indexes, the oldest first. */
typedef struct Waiting {
        GQueue *queues;
        const Entry *entries;
} Waiting;

static const Entry *oldest(const Waiting *waiting, size_t term) {
        return &waiting->entries[GPOINTER_TO_SIZE(g_queue_peek_head(&waiting->queues[term]))];
}

static void drop_older(const Waiting *waiting, size_t n_terms, int64_t than_us) {
        for (size_t i = 0; i < n_terms; i++)
                while (!g_queue_is_empty(&waiting->queues[i]) && oldest(waiting, i)->at_us < than_us)
                        g_queue_pop_head(&waiting->queues[i]);
}

static bool is_complete(const Rule *rule, const Waiting *waiting) {
        for (size_t i = 0; i < rule->n_terms; i++)
                if (g_queue_get_length(&waiting->queues[i]) < rule->terms[i].count)
                        return false;
        return true;
}

static Hit take_hit(const Rule *rule, const Waiting *waiting, const Entry *last) {
        Hit hit = { last->sighting.source, g_new(Sighting, rule->n_terms), last->at_us, last->at_us };

        for (size_t i = 0; i < rule->n_terms; i++) {
                hit.members[i] = oldest(waiting, i)->sighting;
                hit.first_us = MIN(hit.first_us, oldest(waiting, i)->at_us);
                for (unsigned j = 0; j < rule->terms[i].count; j++)
                        g_queue_pop_head(&waiting->queues[i]);
        }
        return hit;
}

static void judge_set(Case *c, const GArray *entries) {
        const Rule *rule = c->rule;
        g_autofree GQueue *queues = g_new0(GQueue, rule->n_terms);
        Waiting waiting = { queues, (const Entry *)entries->data };

        for (guint i = 0; i < entries->len; i++) {
                const Entry *entry = &waiting.entries[i];

                for (size_t j = 0; j < rule->n_terms; j++)
                        if (entry->terms >> j & 1)
                                g_queue_push_tail(&queues[j], GSIZE_TO_POINTER((gsize)i));
                drop_older(&waiting, rule->n_terms, entry->at_us - rule->window_us);
                if (is_complete(rule, &waiting))
                        add_hit(c, take_hit(rule, &waiting, entry));
        }
        for (size_t j = 0; j < rule->n_terms; j++)
                g_queue_clear(&queues[j]);
}

/* --- sequences --- */

/*
 * A sequence with its counts spelled out: A, B x 2 is A B B. For each of its places the chain of sightings that got as far
 * and began last: it stays within the window when any does.
 */
typedef struct Chain {
        bool live;
        int64_t start_us;
        Sighting *members; /* owned; the first of each term */
} Chain;

typedef struct Sequence {
        const Rule *rule;
        size_t n;     /* places */
        size_t *term; /* owned; of each place */
        Chain *chains;
} Sequence;

static void sequence_init(Sequence *sequence, const Rule *rule) {
        size_t place = 0;

        *sequence = (Sequence){ .rule = rule };
        for (size_t i = 0; i < rule->n_terms; i++)
                sequence->n += rule->terms[i].count;
        sequence->term = g_new(size_t, sequence->n);
        sequence->chains = g_new0(Chain, sequence->n);
        for (size_t i = 0; i < rule->n_terms; i++)
                for (unsigned j = 0; j < rule->terms[i].count; j++)
                        sequence->term[place++] = i;
        for (size_t i = 0; i < sequence->n; i++)
                sequence->chains[i].members = g_new0(Sighting, rule->n_terms);
}

static void sequence_clear(Sequence *sequence) {
        for (size_t i = 0; i < sequence->n; i++)
                g_free(sequence->chains[i].members);
        g_free(sequence->chains);
        g_free(sequence->term);
}

/* The chain of the place before, with @entry. */
static void extend(Sequence *sequence, size_t place, const Entry *entry) {
        Chain *chain = &sequence->chains[place];
        const Chain *before = place > 0 ? &sequence->chains[place - 1] : NULL;
        size_t term = sequence->term[place];

        if (!before)
                chain->start_us = entry->at_us;
        else if (!before->live || entry->at_us - before->start_us > sequence->rule->window_us)
                return;
        else
                chain->start_us = before->start_us;
        if (before)
                memcpy(chain->members, before->members, sequence->rule->n_terms * sizeof(Sighting));
        if (!before || sequence->term[place - 1] != term)
                chain->members[term] = entry->sighting;
        chain->live = true;
}

static void judge_sequence(Case *c, const GArray *entries) {
        Sequence sequence;

        sequence_init(&sequence, c->rule);
        for (guint i = 0; i < entries->len; i++) {
                const Entry *entry = &g_array_index(entries, Entry, i);
                Chain *whole = &sequence.chains[sequence.n - 1];

                /* From the end, so that an event takes one place only. */
                for (size_t place = sequence.n; place > 0; place--)
                        if (entry->terms >> sequence.term[place - 1] & 1)
                                extend(&sequence, place - 1, entry);
                if (!whole->live)
                        continue;
                add_hit(c, (Hit){ entry->sighting.source, g_memdup2(whole->members, c->rule->n_terms * sizeof(Sighting)), whole->start_us, entry->at_us });
                for (size_t place = 0; place < sequence.n; place++)
                        sequence.chains[place].live = false;
        }
        sequence_clear(&sequence);
}

/* --- rules --- */

static const Signal *find_term(GHashTable *terms, const char *id) {
        return g_hash_table_lookup(terms, id);
}

/* False when a term was never seen. */
static bool case_init(Case *c, const Rule *rule, GHashTable *terms) {
        *c = (Case){ .rule = rule };
        for (size_t i = 0; i < rule->n_terms; i++)
                if (!find_term(terms, rule->terms[i].id))
                        return false;
        c->terms = g_new0(const Signal *, rule->n_terms);
        c->negates = g_new0(const Signal *, rule->n_negates + 1);
        c->hits = g_array_new(FALSE, FALSE, sizeof(Hit));
        for (size_t i = 0; i < rule->n_terms; i++)
                c->terms[i] = find_term(terms, rule->terms[i].id);
        for (size_t i = 0; i < rule->n_negates; i++)
                c->negates[i] = find_term(terms, rule->negates[i].id);
        return true;
}

static void case_clear(Case *c) {
        for (guint i = 0; i < c->hits->len; i++)
                g_free(g_array_index(c->hits, Hit, i).members);
        g_array_free(c->hits, TRUE);
        g_free(c->terms);
        g_free(c->negates);
}

static bool is_in_source(const Signal *term, uint32_t source) {
        for (uint32_t i = 0; i < term->n_sources; i++)
                if (term->sources[i].source == source)
                        return true;
        return false;
}

static bool may_apply(const Case *c, uint32_t source) {
        for (size_t i = 0; i < c->rule->n_terms; i++)
                if (!is_in_source(c->terms[i], source))
                        return false;
        return true;
}

static void judge(Case *c, const LedgerView *view) {
        for (uint32_t source = 0; source < view->sources->len; source++) {
                g_autoptr(GArray) entries = NULL;

                if (!may_apply(c, source))
                        continue;
                entries = entries_of(c, source);
                if (c->rule->ordered)
                        judge_sequence(c, entries);
                else
                        judge_set(c, entries);
        }
}

static bool is_cut(const Case *c) {
        for (size_t i = 0; i < c->rule->n_terms; i++)
                if (c->terms[i]->sightings.left_out > 0)
                        return true;
        for (size_t i = 0; i < c->rule->n_negates; i++)
                if (c->negates[i] && c->negates[i]->sightings.left_out > 0)
                        return true;
        return false;
}

static void note_cut(GPtrArray *notes, const Rule *rule) {
        g_ptr_array_add(notes, g_strdup_printf("%s: a term of it was seen more often than is kept for rules (%d in a second, %d in all); "
                                               "it was judged by the first of them",
                                               rule->id, SIGHTINGS_PER_SECOND, SIGHTINGS_MAX));
}

static int compare_keys(const void *a, const void *b) {
        return COMPARE((*(const Signal *const *)a)->key, (*(const Signal *const *)b)->key);
}

GPtrArray *correlate(LedgerView *view, const Patterns *patterns, GPtrArray *notes) {
        g_autoptr(GHashTable) terms = g_hash_table_new(g_str_hash, g_str_equal);
        GPtrArray *signals = g_ptr_array_new_with_free_func(signal_free);

        for (guint i = 0; i < view->terms->len; i++)
                g_hash_table_insert(terms, ((Signal *)view->terms->pdata[i])->pattern_id, view->terms->pdata[i]);
        for (guint i = 0; i < patterns->rules->len; i++) {
                Case c;

                if (!case_init(&c, patterns->rules->pdata[i], terms))
                        continue;
                judge(&c, view);
                if (is_cut(&c))
                        note_cut(notes, c.rule);
                if (c.hits->len > 0)
                        g_ptr_array_add(signals, rule_signal(c.rule, c.terms, c.hits));
                case_clear(&c);
        }
        for (guint i = 0; i < signals->len; i++)
                g_ptr_array_add(view->signals, signals->pdata[i]);
        g_ptr_array_sort(view->signals, compare_keys);
        return signals;
}
