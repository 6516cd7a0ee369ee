/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/baseline.h"

#include <math.h>

/* Added to the counts of the baseline, so that one event more than never is not infinitely more. */
#define SMOOTHING 0.5

typedef struct Known {
        double sum, sum_of_squares; /* of its scaled counts, over the baselines */
        uint64_t count;             /* unscaled */
} Known;

struct Baseline {
        GHashTable *known; /* of Known, by the signals' keys */
        guint n;           /* baselines */
        double scale;      /* events of the log for each event of the baselines */
        double llr_min;
};

static uint64_t count_events(const LedgerView *view) {
        uint64_t n = 0;

        for (guint i = 0; i < view->sources->len; i++)
                n += ((const SourceRecord *)view->sources->pdata[i])->events;
        return n;
}

static Known *known_of(Baseline *baseline, uint64_t key) {
        Known *known = g_hash_table_lookup(baseline->known, &key);

        if (!known) {
                known = g_new0(Known, 1);
                g_hash_table_insert(baseline->known, g_memdup2(&key, sizeof(key)), known);
        }
        return known;
}

static void add_view(Baseline *baseline, const LedgerView *view, uint64_t n_log) {
        uint64_t n = count_events(view);

        if (n == 0)
                return;
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                Known *known = known_of(baseline, signal->key);
                double scaled = (double)signal->count * (double)n_log / (double)n;

                known->sum += scaled;
                known->sum_of_squares += scaled * scaled;
                known->count += signal->count;
        }
}

Baseline *baseline_new(const GPtrArray *views, const LedgerView *judged) {
        Baseline *baseline = g_new0(Baseline, 1);
        uint64_t n_log = count_events(judged), n = 0;

        baseline->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        baseline->n = views->len;
        for (guint i = 0; i < views->len; i++) {
                add_view(baseline, views->pdata[i], n_log);
                n += count_events(views->pdata[i]);
        }
        baseline->scale = n > 0 ? (double)n_log / (double)n : 1;
        /* For one degree of freedom, -ln p is about the log-likelihood ratio itself where p is small. */
        baseline->llr_min = log((double)MAX(judged->signals->len, 1) / BASELINE_FALSE_ALARM);
        return baseline;
}

void baseline_free(Baseline *baseline) {
        g_hash_table_unref(baseline->known);
        g_free(baseline);
}

/* Of @inside events in the log and @outside in the baselines, where a share @share of all is to be expected inside. */
static double likelihood_ratio(double inside, double outside, double share) {
        double total = inside + outside, expected = total * share;

        if (inside <= expected)
                return 0;
        return inside * log(inside / expected) + (outside > 0 ? outside * log(outside / (total - expected)) : 0);
}

Usual baseline_judge(const Baseline *baseline, const Signal *signal, double *expected) {
        const Known *known = g_hash_table_lookup(baseline->known, &signal->key);
        double count = (double)signal->count, mean, variance, share = baseline->scale / (1 + baseline->scale);

        *expected = 0;
        if (!known)
                return USUAL_NEVER_BEFORE;
        mean = known->sum / baseline->n;
        variance = MAX(known->sum_of_squares / baseline->n - mean * mean, 0);
        *expected = mean;
        if (count < BASELINE_RATIO_MIN * (mean + SMOOTHING) || count < mean + 3 * sqrt(variance))
                return USUAL_AS_EXPECTED;
        return likelihood_ratio(count, (double)known->count + SMOOTHING, share) >= baseline->llr_min ? USUAL_MORE : USUAL_AS_EXPECTED;
}
