/* SPDX-License-Identifier: Apache-2.0 */
#include "model/signal.h"

Signal *signal_new(uint64_t key, const char *pattern_id) {
        Signal *signal = g_new0(Signal, 1);

        signal->key = key;
        signal->pattern_id = g_strdup(pattern_id);
        signal->first_bound = INT64_MAX;
        signal->sample_bound = signal->row_bound = UINT64_MAX;
        return signal;
}

/* One that is among the first and in the sample has one text in both. */
static void copy_exemplars(Signal *copy, const Signal *signal) {
        for (unsigned i = 0; i < signal->n_first; i++)
                copy->first[i] = exemplar_copy(&signal->first[i]);
        copy->sample = g_new(Exemplar, signal->n_sample);
        copy->sample_capacity = signal->n_sample;
        for (unsigned i = 0, f; i < signal->n_sample; i++) {
                for (f = 0; f < signal->n_first && signal->first[f].text != signal->sample[i].text; f++)
                        ;
                copy->sample[i] = signal->sample[i];
                copy->sample[i].text = f < signal->n_first ? copy->first[f].text : g_strdup(signal->sample[i].text);
        }
}

static void copy_rows(Signal *copy, const Signal *signal) {
        copy->rows = g_new(Row, signal_row_capacity(signal->n_rows));
        for (unsigned i = 0; i < signal->n_rows; i++) {
                copy->rows[i] = signal->rows[i];
                copy->rows[i].text = g_strdup(signal->rows[i].text);
        }
}

Signal *signal_copy(const Signal *signal) {
        Signal *copy = g_memdup2(signal, sizeof(Signal));

        copy->pattern_id = g_strdup(signal->pattern_id);
        copy->series = series_copy(&signal->series);
        copy->by_line = series_copy(&signal->by_line);
        copy->sightings = sightings_copy(&signal->sightings);
        copy->sources = g_memdup2(signal->sources, signal->n_sources * sizeof(SourceCount));
        copy_exemplars(copy, signal);
        copy_rows(copy, signal);
        return copy;
}

static bool has_text(const Signal *signal, const char *text) {
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++)
                if (signal_exemplar(signal, i)->text == text)
                        return true;
        return false;
}

static void free_text(const Signal *signal, char *text) {
        if (!has_text(signal, text))
                g_free(text);
}

void signal_drop_first(Signal *signal) {
        free_text(signal, signal->first[--signal->n_first].text);
}

void signal_drop_sample(Signal *signal) {
        free_text(signal, signal->sample[--signal->n_sample].text);
}

void signal_free(void *data) {
        Signal *signal = data;

        while (signal->n_first > 0)
                signal_drop_first(signal);
        while (signal->n_sample > 0)
                signal_drop_sample(signal);
        g_free(signal->sample);
        for (unsigned i = 0; i < signal->n_rows; i++)
                g_free(signal->rows[i].text);
        g_free(signal->rows);
        for (unsigned i = 0; i < signal->n_variants; i++)
                g_free(signal->variants[i].line.text);
        g_free(signal->variants);
        sightings_clear(&signal->sightings);
        series_clear(&signal->series);
        series_clear(&signal->by_line);
        g_free(signal->sources);
        g_free(signal->pattern_id);
        g_free(signal->shape);
        g_free(signal);
}

void signal_reserve_sample(Signal *signal, unsigned n) {
        if (n <= signal->sample_capacity)
                return;
        signal->sample_capacity = MAX(n, 2 * signal->sample_capacity);
        signal->sample = g_renew(Exemplar, signal->sample, signal->sample_capacity);
}
