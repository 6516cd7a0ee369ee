/* SPDX-License-Identifier: Apache-2.0 */
#include "match/fitting.h"

#include <stdatomic.h>

/* A filter is built when so much was scanned by all threads, and again when it has become so many times as much: it takes 2 to 3 ms. */
#define FIT_AT_BYTES (16 << 20)
#define FIT_AGAIN    8

struct Fitting {
        const Prefilter *first; /* borrowed */
        GMutex lock;
        GPtrArray *later; /* of Prefilter, owned; guarded by `lock` */
        _Atomic(const Prefilter *) newest;
        _Atomic uint64_t n_scanned, due; /* bytes */
};

Fitting *fitting_new(const Prefilter *first) {
        Fitting *fitting = g_new0(Fitting, 1);

        g_mutex_init(&fitting->lock);
        fitting->first = first;
        fitting->later = g_ptr_array_new_with_free_func((GDestroyNotify)prefilter_free);
        fitting->newest = first;
        fitting->due = FIT_AT_BYTES;
        return fitting;
}

void fitting_free(Fitting *fitting) {
        if (!fitting)
                return;
        g_mutex_clear(&fitting->lock);
        g_ptr_array_unref(fitting->later);
        g_free(fitting);
}

static void fit(Fitting *fitting, Str sample) {
        Prefilter *filter = prefilter_fitted(fitting->first, sample);

        g_mutex_lock(&fitting->lock);
        g_ptr_array_add(fitting->later, filter);
        g_mutex_unlock(&fitting->lock);
        fitting->newest = filter;
}

const Prefilter *fitting_for(Fitting *fitting, Str block) {
        uint64_t n_scanned = atomic_fetch_add(&fitting->n_scanned, block.len) + block.len, due = fitting->due;

        if (n_scanned >= due && atomic_compare_exchange_strong(&fitting->due, &due, due * FIT_AGAIN))
                fit(fitting, block);
        return fitting->newest;
}
