/* SPDX-License-Identifier: Apache-2.0 */
#include "match/prefilter.h"

#include "match/grams.h"

/* A hit that belongs further back is left to a sort of all. */
#define MOVES_MAX 64

/* What is looked at of a sample: a thousand lines or more, in less time than it takes to build a filter. */
#define SAMPLE_BYTES (128 << 10)

struct Prefilter {
        Grams *grams; /* NULL without literals */
};

static int hit_compare(const void *a, const void *b) {
        const PrefilterHit *x = a, *y = b;

        if (x->end != y->end)
                return x->end < y->end ? -1 : 1;
        return x->literal < y->literal ? -1 : x->literal > y->literal;
}

/* Hits come nearly in order, so that a new one moves a few places at most; see hits_finish(). */
static void hits_add(GArray *hits, PrefilterHit hit) {
        PrefilterHit *items;
        size_t at = hits->len;
        size_t stop = at > MOVES_MAX ? at - MOVES_MAX : 0;

        g_array_append_val(hits, hit);
        items = (PrefilterHit *)hits->data;
        for (; at > stop && hit_compare(&items[at - 1], &hit) > 0; at--)
                items[at] = items[at - 1];
        items[at] = hit;
}

static void hits_finish(GArray *hits) {
        const PrefilterHit *items = (const PrefilterHit *)hits->data;

        for (guint i = 1; i < hits->len; i++) {
                if (hit_compare(&items[i - 1], &items[i]) > 0) {
                        g_array_sort(hits, hit_compare);
                        return;
                }
        }
}

static void hits_found(size_t end, uint32_t literal, void *data) {
        hits_add(data, (PrefilterHit){ end, literal });
}

Prefilter *prefilter_new(const GPtrArray *literals, PrefilterEngine engine) {
        Prefilter *prefilter = g_new0(Prefilter, 1);

        if (literals->len > 0)
                prefilter->grams = grams_new(literals, engine == PREFILTER_AUTO);
        return prefilter;
}

Prefilter *prefilter_fitted(const Prefilter *prefilter, Str sample) {
        Prefilter *fitted = g_new0(Prefilter, 1);

        if (prefilter->grams)
                fitted->grams = grams_fitted(prefilter->grams, str_slice(sample, 0, SAMPLE_BYTES));
        return fitted;
}

void prefilter_free(Prefilter *prefilter) {
        if (!prefilter)
                return;
        g_clear_pointer(&prefilter->grams, grams_free);
        g_free(prefilter);
}

void prefilter_scan(const Prefilter *prefilter, Str text, GArray *hits) {
        g_array_set_size(hits, 0);
        if (prefilter->grams)
                grams_scan(prefilter->grams, text, hits_found, hits);
        hits_finish(hits);
}
