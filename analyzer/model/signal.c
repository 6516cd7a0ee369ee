/* SPDX-License-Identifier: Apache-2.0 */
#include "model/signal.h"

void exemplar_clear(Exemplar *exemplar) {
        g_clear_pointer(&exemplar->text, g_free);
}

Exemplar exemplar_copy(const Exemplar *exemplar) {
        Exemplar copy = *exemplar;

        copy.text = g_strdup(exemplar->text);
        return copy;
}

Signal *signal_new(uint64_t key, const char *pattern_id) {
        Signal *signal = g_new0(Signal, 1);

        signal->key = key;
        signal->pattern_id = g_strdup(pattern_id);
        return signal;
}

void signal_free(void *data) {
        Signal *signal = data;

        for (unsigned i = 0; i < signal->n_first; i++)
                exemplar_clear(&signal->first[i]);
        for (unsigned i = 0; i < signal->n_sample; i++)
                exemplar_clear(&signal->sample[i]);
        g_free(signal->sample);
        for (unsigned i = 0; i < signal->n_rows; i++)
                g_free(signal->rows[i].text);
        g_free(signal->rows);
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
