/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/lines.h"

static int compare_lines(const void *a, const void *b) {
        const Exemplar *one = *(const Exemplar *const *)a, *two = *(const Exemplar *const *)b;

        if (one->time_us != two->time_us)
                return one->time_us < two->time_us ? -1 : 1;
        if (one->source != two->source)
                return one->source < two->source ? -1 : 1;
        return one->offset < two->offset ? -1 : one->offset > two->offset;
}

void lines_of(const Signal *signal, Lines *lines) {
        unsigned n = 0;

        lines->n = 0;
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *e = signal_exemplar(signal, i);
                if (e->time_us != TIME_NONE)
                        lines->at[lines->n++] = e;
        }
        qsort(lines->at, lines->n, sizeof(lines->at[0]), compare_lines);
        for (unsigned i = 0; i < lines->n; i++)
                if (n == 0 || compare_lines(&lines->at[i], &lines->at[n - 1]) != 0)
                        lines->at[n++] = lines->at[i];
        lines->n = n;
}
