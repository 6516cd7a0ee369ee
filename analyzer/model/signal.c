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

static bool has_text(const Exemplar *exemplars, unsigned n, const char *text) {
        for (unsigned i = 0; i < n; i++)
                if (exemplars[i].text == text)
                        return true;
        return false;
}

static void free_text(const Signal *signal, char *text) {
        if (!has_text(signal->first, signal->n_first, text) && !has_text(signal->sample, signal->n_sample, text))
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
