/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_private.h"

static uint64_t group_key(const Template *template, const Signal *signal) {
        uint64_t key = template->key ^ ((uint64_t)signal->level << 32 | signal->status) * UINT64_C(0x9E3779B97F4A7C15);

        key = (key ^ key >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
        return (key ^ key >> 32) & SHAPE_KEY_MASK;
}

static void take_template(Signal *signal, const Template *template) {
        signal->key = group_key(template, signal);
        signal->coarse_key = template->key;
        signal->template = template;
}

static void write_text(Signal *group) {
        g_free(group->shape);
        if (group->status > 0)
                group->shape = g_strdup_printf("%s (HTTP %u)", group->template->text, group->status);
        else
                group->shape = g_strdup(group->template->text);
}

/* --- variants --- */

typedef struct Variants {
        uint64_t key; /* of the group */
        unsigned n;   /* all of them; kept are none when there are more than there is room for */
        Variant at[VARIANTS_MAX];
} Variants;

static void variants_free(void *data) {
        Variants *variants = data;

        for (unsigned i = 0; variants->n <= VARIANTS_MAX && i < variants->n; i++)
                g_free(variants->at[i].line.text);
        g_free(variants);
}

static Variant variant_of(const Signal *shape, uint64_t key) {
        Variant variant = { .key = key, .count = shape->count, .first_us = TIME_NONE, .last_us = TIME_NONE, .line = exemplar_copy(&shape->first[0]) };

        for (uint32_t i = 0; i < shape->n_sources; i++)
                widen_span(&variant.first_us, &variant.last_us, shape->sources[i].first_us, shape->sources[i].last_us);
        return variant;
}

/* @key: that of @shape before it was one of a group. */
static void note_variant(GHashTable *by_group, const Signal *shape, uint64_t key) {
        Variants *variants = g_hash_table_lookup(by_group, &shape->key);

        if (shape->n_first == 0)
                return;
        if (!variants) {
                variants = g_new0(Variants, 1);
                variants->key = shape->key;
                g_hash_table_insert(by_group, &variants->key, variants);
        }
        if (variants->n < VARIANTS_MAX)
                variants->at[variants->n] = variant_of(shape, key);
        else if (variants->n == VARIANTS_MAX)
                for (unsigned i = 0; i < VARIANTS_MAX; i++)
                        g_free(variants->at[i].line.text);
        variants->n++;
}

static int compare_variants(const void *a, const void *b) {
        const Variant *one = a, *two = b;

        return one->first_us != two->first_us ? COMPARE(one->first_us, two->first_us) : COMPARE(one->key, two->key);
}

static void take_variants(Signal *group, GHashTable *by_group) {
        Variants *variants = g_hash_table_lookup(by_group, &group->key);

        if (!variants || variants->n < 2 || variants->n > VARIANTS_MAX)
                return;
        group->n_variants = variants->n;
        group->variants = g_memdup2(variants->at, variants->n * sizeof(Variant));
        variants->n = 0;
        qsort(group->variants, group->n_variants, sizeof(Variant), compare_variants);
}

void ledger_group(Ledger *ledger, LedgerTemplate template_of, void *data) {
        g_autoptr(GPtrArray) signals = ledger_steal_signals(ledger), groups = g_ptr_array_new();
        g_autoptr(GHashTable) variants = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, variants_free);

        /* Groups are no more than shapes, and all of them stay. */
        ledger->shapes.max = UINT32_MAX;
        for (guint i = 0; i < signals->len; i++) {
                Signal *signal = signals->pdata[i];
                const Template *template = is_shape(signal) ? template_of(signal, data) : NULL;
                uint64_t key = signal->key;

                if (template) {
                        take_template(signal, template);
                        note_variant(variants, signal, key);
                }
                ledger_take_signal(ledger, signal);
        }
        shape_table_list(&ledger->shapes, groups);
        for (guint i = 0; i < groups->len; i++)
                if (((Signal *)groups->pdata[i])->template) {
                        write_text(groups->pdata[i]);
                        take_variants(groups->pdata[i], variants);
                }
}
