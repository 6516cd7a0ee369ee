/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Fitting
 *
 * The prefilter that fits the logs at hand. It is built anew from a sample of them by the thread that finds it due, and used by all threads from their
 * next block on. Those before it live on, for somebody may be scanning with one; they are few, for each is due after many times as much as the last.
 */

#include "match/prefilter.h"

typedef struct Fitting Fitting;

/* Borrows @first, which is used until it pays to have another one. */
Fitting *fitting_new(const Prefilter *first);
void fitting_free(Fitting *fitting);

/* What @block is to be scanned with; lives as long as @fitting. */
const Prefilter *fitting_for(Fitting *fitting, Str block);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fitting, fitting_free)
