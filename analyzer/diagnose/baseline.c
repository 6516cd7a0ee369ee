/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/baseline.h"

#include "base/change.h"
#include "model/rotation.h"

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
        GHashTable *names;    /* of the logs, as name_of() has them */
        bool alone;           /* one log is judged by one log each, whatever their names */
        guint n;              /* baselines */
        double scale;         /* events of the log for each event of the baselines */
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

/* What a log is called wherever it lies, rotated or not: app.log of logs/app.log.2.gz. */
static char *name_of(const SourceRecord *source) {
        Rotation rotation;
        char *name;

        rotation_read(&rotation, source->name);
        name = g_path_get_basename(rotation.set);
        rotation_clear(&rotation);
        return name;
}

static GHashTable *names_of(const LedgerView *view) {
        GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        for (guint i = 0; i < view->sources->len; i++) {
                const SourceRecord *source = view->sources->pdata[i];
                if (source->events > 0)
                        g_hash_table_add(names, name_of(source));
        }
        return names;
}

static guint name_hash(const Baseline *baseline, const SourceRecord *source) {
        g_autofree char *name = baseline->alone ? NULL : name_of(source);

        return name ? g_str_hash(name) : 1;
}

/* The key of a signal in the logs of one name. */
static uint64_t key_in_source(uint64_t key, guint name) {
        return (key ^ name) * UINT64_C(0x9E3779B97F4A7C15);
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
        g_autofree guint *names = g_new(guint, view->sources->len);
        uint64_t n = count_events(view);

        if (n == 0)
                return;
        for (guint i = 0; i < view->sources->len; i++)
                names[i] = name_hash(baseline, view->sources->pdata[i]);
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                double scale = (double)n_log / (double)n;

                add_count(baseline, signal->key, signal->count, scale);
                add_variants(baseline, signal);
                for (uint32_t j = 0; j < signal->n_sources; j++)
                        add_count(baseline, key_in_source(signal->key, names[signal->sources[j].source]), signal->sources[j].count, scale);
        }
}

static void note_names(Baseline *baseline, const GPtrArray *views, const LedgerView *judged) {
        g_autoptr(GHashTable) judged_names = names_of(judged);

        baseline->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        baseline->alone = g_hash_table_size(judged_names) == 1;
        for (guint i = 0; i < views->len; i++) {
                g_autoptr(GHashTable) names = names_of(views->pdata[i]);
                GHashTableIter iter;
                void *name;

                baseline->alone &= g_hash_table_size(names) == 1;
                g_hash_table_iter_init(&iter, names);
                while (g_hash_table_iter_next(&iter, &name, NULL))
                        g_hash_table_add(baseline->names, g_strdup(name));
        }
}

Baseline *baseline_new(const GPtrArray *views, const LedgerView *judged) {
        uint64_t n_log = count_events(judged), n = 0;
        Baseline *baseline;

        for (guint i = 0; i < views->len; i++)
                n += count_events(views->pdata[i]);
        if (n == 0)
                return NULL;
        baseline = g_new0(Baseline, 1);
        baseline->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        baseline->variants = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        baseline->n = views->len;
        note_names(baseline, views, judged);
        for (guint i = 0; i < views->len; i++)
                add_view(baseline, views->pdata[i], n_log);
        baseline->scale = (double)n_log / (double)n;
        /* For one degree of freedom, -ln p is about the log-likelihood ratio itself where p is small. */
        baseline->llr_min = log((double)MAX(judged->signals->len, 1) / BASELINE_FALSE_ALARM);
        return baseline;
}

void baseline_free(Baseline *baseline) {
        g_hash_table_unref(baseline->known);
        g_hash_table_unref(baseline->variants);
        g_hash_table_unref(baseline->names);
        g_free(baseline);
}

bool baseline_knows_source(const Baseline *baseline, const SourceRecord *source) {
        g_autofree char *name = baseline->alone ? NULL : name_of(source);

        return !name || g_hash_table_contains(baseline->names, name);
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
        Usual usual = judge(baseline, key_in_source(signal->key, name_hash(baseline, source)), (double)count, expected);

        if (usual == USUAL_NEVER_BEFORE && !baseline_knows_source(baseline, source))
                return USUAL_AS_EXPECTED;
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
