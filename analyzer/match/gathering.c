/* SPDX-License-Identifier: Apache-2.0 */
#include "match/gathering.h"

static void array_free(void *array) {
        g_array_free(array, TRUE);
}

void gathering_init(Gathering *gathering) {
        gathering->texts = g_ptr_array_new_with_free_func(g_free);
        gathering->refs = g_ptr_array_new_with_free_func(array_free);
        gathering->index = g_hash_table_new(g_str_hash, g_str_equal);
}

void gathering_clear(Gathering *gathering) {
        g_hash_table_unref(gathering->index);
        g_ptr_array_unref(gathering->refs);
        g_ptr_array_unref(gathering->texts);
}

static GArray *gathering_refs(Gathering *gathering, const char *text) {
        size_t index = GPOINTER_TO_SIZE(g_hash_table_lookup(gathering->index, text));

        if (index == 0) {
                char *copy = g_strdup(text);

                g_ptr_array_add(gathering->texts, copy);
                g_ptr_array_add(gathering->refs, g_array_new(FALSE, FALSE, sizeof(uint32_t)));
                index = gathering->texts->len;
                g_hash_table_insert(gathering->index, copy, GSIZE_TO_POINTER(index));
        }
        return gathering->refs->pdata[index - 1];
}

void gathering_add(Gathering *gathering, const char *literal, uint32_t test) {
        g_autofree char *text = g_ascii_strdown(literal, -1);
        GArray *refs = gathering_refs(gathering, text);

        /* `literals:` may name one twice in different case. */
        if (refs->len == 0 || g_array_index(refs, uint32_t, refs->len - 1) != test)
                g_array_append_val(refs, test);
}
