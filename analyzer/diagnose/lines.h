/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Lines
 *
 * The exemplars of a signal as a log has them: each once, in order of time.
 */

#include "model/signal.h"

#define LINES_MAX (EXEMPLAR_FIRST_MAX + EXEMPLAR_SAMPLE_MAX)

typedef struct Lines {
        const Exemplar *at[LINES_MAX]; /* borrowed */
        unsigned n;
} Lines;

/* Those of @signal that have a time. */
void lines_of(const Signal *signal, Lines *lines);

/* True when @line was written from @from to before @to (seconds). */
static inline bool lines_is_between(const Exemplar *line, double from, double to) {
        return line->time_us >= (int64_t)(from * 1e6) && line->time_us < (int64_t)(to * 1e6);
}
