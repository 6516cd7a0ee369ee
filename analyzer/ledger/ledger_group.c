/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_private.h"

static uint64_t group_key(const Template *template, const Signal *signal) {
        uint64_t key = template->key ^ ((uint64_t)signal->level << 32 | signal->status) * UINT64_C(0x9E3779B97F4A7C15);

        key = (key ^ key >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
        return (key ^ key >> 32) & SHAPE_KEY_MASK;
}

static Signal *group_new(const Template *template, const Signal *like) {
        Signal *group = signal_new(group_key(template, like), NULL);

        group->level = like->level;
        group->status = like->status;
        group->coarse_key = template->key;
        group->template = template;
        return group;
}

static void append_status(Signal *group) {
        if (group->status > 0)
                group->shape = g_strdup_printf("%s (HTTP %u)", group->template->text, group->status);
        else
                group->shape = g_strdup(group->template->text);
}

static GHashTable *form_groups(Ledger *ledger, LedgerTemplate template_of, void *data) {
        GHashTable *groups = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, signal_free);
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const Signal *signal = value;
                const Template *template = is_shape(signal) ? template_of(signal, data) : NULL;
                Signal *group;
                uint64_t key;

                if (!template)
                        continue;
                key = group_key(template, signal);
                group = g_hash_table_lookup(groups, &key);
                if (!group) {
                        group = group_new(template, signal);
                        g_hash_table_insert(groups, &group->key, group);
                }
                signal_merge(ledger, group, signal, NULL);
                g_hash_table_iter_remove(&iter);
        }
        return groups;
}

void ledger_group(Ledger *ledger, LedgerTemplate template_of, void *data) {
        g_autoptr(GHashTable) groups = form_groups(ledger, template_of, data);
        GHashTableIter iter;
        void *value;

        memset(ledger->recent, 0, sizeof(ledger->recent));
        g_hash_table_iter_init(&iter, groups);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                Signal *group = value;

                g_clear_pointer(&group->shape, g_free);
                append_status(group);
                g_hash_table_iter_steal(&iter);
                g_hash_table_insert(ledger->signals, &group->key, group);
        }
}
