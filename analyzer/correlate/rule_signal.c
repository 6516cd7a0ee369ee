/* SPDX-License-Identifier: Apache-2.0 */
#include "correlate/rule_signal.h"

#include "model/pattern.h"

/* The exemplar that a sighting is the place of; NULL when none was kept. */
static const Exemplar *find_exemplar(const Signal *term, const Sighting *sighting) {
        for (unsigned i = 0; i < signal_n_exemplars(term); i++) {
                const Exemplar *exemplar = signal_exemplar(term, i);
                if (exemplar->source == sighting->source && exemplar->offset == sighting->offset)
                        return exemplar;
        }
        return NULL;
}

static bool has_exemplar(const Signal *signal, const Exemplar *exemplar) {
        for (unsigned i = 0; i < signal->n_first; i++)
                if (signal->first[i].source == exemplar->source && signal->first[i].offset == exemplar->offset)
                        return true;
        return false;
}

static void show(Signal *signal, const Exemplar *exemplar) {
        if (!exemplar || signal->n_first == EXEMPLAR_FIRST_MAX || has_exemplar(signal, exemplar))
                return;
        signal->first[signal->n_first++] = exemplar_copy(exemplar);
}

static const Signal *rarest_of(const Signal *const *terms, size_t n) {
        const Signal *rarest = terms[0];

        for (size_t i = 1; i < n; i++)
                if (terms[i]->count < rarest->count)
                        rarest = terms[i];
        return rarest;
}

/* The lines that made the first hits; where none was kept, one of the term that is seen least. */
static void show_hits(Signal *signal, const Rule *rule, const Signal *const *terms, const GArray *hits) {
        for (guint i = 0; i < hits->len; i++)
                for (size_t j = 0; j < rule->n_terms; j++)
                        show(signal, find_exemplar(terms[j], &g_array_index(hits, Hit, i).members[j]));
        if (signal->n_first == 0)
                show(signal, &rarest_of(terms, rule->n_terms)->first[0]);
        signal_reserve_sample(signal, signal->n_first);
        for (unsigned i = 0; i < signal->n_first; i++)
                signal->sample[signal->n_sample++] = signal->first[i];
}

static SourceCount *count_of(Signal *signal, uint32_t source) {
        if (signal->n_sources == 0 || signal->sources[signal->n_sources - 1].source != source) {
                signal->sources = g_renew(SourceCount, signal->sources, signal->n_sources + 1);
                signal->sources[signal->n_sources++] = (SourceCount){ source, 0, TIME_NONE, TIME_NONE };
        }
        return &signal->sources[signal->n_sources - 1];
}

static void count_hit(Signal *signal, const Hit *hit) {
        SourceCount *of_source = count_of(signal, hit->source);
        const Sighting *first = &hit->members[0];

        signal->count++;
        of_source->count++;
        if (first->time_us == TIME_NONE) {
                signal->n_untimed++;
                series_add(&signal->by_line, (uint32_t)MIN(first->line, UINT32_MAX), 1);
                return;
        }
        series_add(&signal->series, series_second(hit->first_us), 1);
        if (of_source->first_us == TIME_NONE || hit->first_us < of_source->first_us)
                of_source->first_us = hit->first_us;
        if (of_source->last_us == TIME_NONE || hit->last_us > of_source->last_us)
                of_source->last_us = hit->last_us;
}

static uint64_t key_of(const char *id) {
        uint64_t key = UINT64_C(0x9e3779b97f4a7c15);

        for (; *id; id++)
                key = (key ^ (uint8_t)*id) * UINT64_C(0x100000001b3);
        return key | UINT64_C(1) << 63;
}

Signal *rule_signal(const Rule *rule, const Signal *const *terms, const GArray *hits) {
        Signal *signal = signal_new(key_of(rule->id), rule->id);

        for (size_t i = 0; i < rule->n_terms; i++)
                signal->level = MAX(signal->level, terms[i]->level);
        for (guint i = 0; i < hits->len; i++)
                count_hit(signal, &g_array_index(hits, Hit, i));
        show_hits(signal, rule, terms, hits);
        return signal;
}
