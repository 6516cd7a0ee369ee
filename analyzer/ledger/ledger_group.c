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

void ledger_group(Ledger *ledger, LedgerTemplate template_of, void *data) {
        g_autoptr(GPtrArray) signals = ledger_steal_signals(ledger), groups = g_ptr_array_new();

        /* Groups are no more than shapes, and all of them stay. */
        ledger->shapes.max = UINT32_MAX;
        for (guint i = 0; i < signals->len; i++) {
                Signal *signal = signals->pdata[i];
                const Template *template = is_shape(signal) ? template_of(signal, data) : NULL;
                if (template)
                        take_template(signal, template);
                ledger_take_signal(ledger, signal);
        }
        shape_table_list(&ledger->shapes, groups);
        for (guint i = 0; i < groups->len; i++)
                if (((Signal *)groups->pdata[i])->template)
                        write_text(groups->pdata[i]);
}
