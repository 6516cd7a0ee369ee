/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/baseline.h"

#include "base/change.h"

#include <math.h>
#include <string.h>

/* Added to the counts of the baseline, so that one event more than never is not infinitely more. */
#define SMOOTHING 0.5

typedef struct Known {
        double sum, sum_of_squares; /* of its scaled counts, over the baselines */
        uint64_t count;             /* unscaled */
} Known;

struct Baseline {
        GHashTable *known;    /* of Known, by the signals' keys */
        GHashTable *variants; /* the keys of the signals whose variants are all kept, and of these */
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

/* The key of a signal in the sources of one file name. */
static uint64_t key_in_source(uint64_t key, const SourceRecord *source) {
        const char *slash = strrchr(source->name, '/');

        return (key ^ g_str_hash(slash ? slash + 1 : source->name)) * UINT64_C(0x9E3779B97F4A7C15);
}

static void add_count(Baseline *baseline, uint64_t key, uint64_t count, double scale) {
        Known *known = known_of(baseline, key);
        double scaled = (double)count * scale;

        known->sum += scaled;
        known->sum_of_squares += scaled * scaled;
        known->count += count;
}

static void add_key(GHashTable *keys, uint64_t key) {
        g_hash_table_add(keys, g_memdup2(&key, sizeof(key)));
}

static void add_variants(Baseline *baseline, const Signal *signal) {
        if (signal->n_variants > 0)
                add_key(baseline->variants, signal->key);
        for (unsigned i = 0; i < signal->n_variants; i++)
                add_key(baseline->variants, signal->variants[i].key);
}

static void add_view(Baseline *baseline, const LedgerView *view, uint64_t n_log) {
        uint64_t n = count_events(view);

        if (n == 0)
                return;
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                double scale = (double)n_log / (double)n;

                add_count(baseline, signal->key, signal->count, scale);
                add_variants(baseline, signal);
                for (uint32_t j = 0; j < signal->n_sources; j++)
                        add_count(baseline, key_in_source(signal->key, view->sources->pdata[signal->sources[j].source]), signal->sources[j].count, scale);
        }
}

Baseline *baseline_new(const GPtrArray *views, const LedgerView *judged) {
        Baseline *baseline = g_new0(Baseline, 1);
        uint64_t n_log = count_events(judged), n = 0;

        baseline->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        baseline->variants = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
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
        g_hash_table_unref(baseline->variants);
        g_free(baseline);
}

static Usual judge(const Baseline *baseline, uint64_t key, double count, double *expected) {
        const Known *known = g_hash_table_lookup(baseline->known, &key);
        double mean, variance, share = baseline->scale / (1 + baseline->scale);

        *expected = 0;
        if (!known)
                return USUAL_NEVER_BEFORE;
        mean = known->sum / baseline->n;
        variance = MAX(known->sum_of_squares / baseline->n - mean * mean, 0);
        *expected = mean;
        if (count < BASELINE_RATIO_MIN * (mean + SMOOTHING) || count < mean + 3 * sqrt(variance))
                return USUAL_AS_EXPECTED;
        return change_surplus_llr(count, count + (double)known->count + SMOOTHING, share) >= baseline->llr_min ? USUAL_MORE : USUAL_AS_EXPECTED;
}

Usual baseline_judge(const Baseline *baseline, const Signal *signal, double *expected) {
        return judge(baseline, signal->key, (double)signal->count, expected);
}

Usual baseline_judge_source(const Baseline *baseline, const Signal *signal, const SourceRecord *source, uint64_t count, double *expected) {
        Usual usual = judge(baseline, key_in_source(signal->key, source), (double)count, expected);

        return usual == USUAL_NEVER_BEFORE && count < BASELINE_SOURCE_EVENTS_MIN ? USUAL_AS_EXPECTED : usual;
}

bool baseline_is_usual(const Baseline *baseline, const Signal *signal) {
        double expected;

        return baseline && baseline_judge(baseline, signal, &expected) == USUAL_AS_EXPECTED;
}

bool baseline_has_variant(const Baseline *baseline, const Signal *signal, const Variant *variant) {
        if (!baseline || !g_hash_table_contains(baseline->known, &signal->key))
                return false;
        return !g_hash_table_contains(baseline->variants, &signal->key) || g_hash_table_contains(baseline->variants, &variant->key);
}
