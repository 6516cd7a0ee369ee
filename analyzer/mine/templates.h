/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Templates
 *
 *     ledger -> [templates] -> reports, diagnose
 *
 * Which shapes of a ledger are one message written with other values: found once, at the end, from all shapes and how often
 * each was written. A function of the view alone, so it does not depend on order, threads or how the input was cut. One
 * configuration for all logs; docs/templates.md says which rule is for which kind of line.
 *
 * Bounded by the ledger's shapes; a few milliseconds for a usual log.
 */

#include "model/signal.h"
#include "model/template.h"

typedef struct Templates Templates;

#define TEMPLATES_MASK "<*>"

/*
 * Several views become one set of templates, for comparison. The views must be as they are until templates_fill() was called. @n_threads: at
 * most so many; 0: one for each core.
 */
Templates *templates_mine(const LedgerView *const *views, unsigned n_views, unsigned n_threads);
void templates_free(Templates *templates);

/* All of them (of Template), by count falling, then by text; borrowed. */
const GPtrArray *templates_all(const Templates *templates);

/* The template of the signal with this key; NULL for a pattern's and for what was evicted. */
const Template *templates_of(const Templates *templates, uint64_t signal_key);

/* Reads the slots of all templates from the rows of their signals. */
void templates_fill(Templates *templates);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Templates, templates_free)
