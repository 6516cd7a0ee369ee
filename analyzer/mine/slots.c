/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/slots.h"

#include <math.h>

/* A unit is at most so long. */
#define UNIT_BYTES_MAX 8

static void observation_clear(void *data) {
        g_free(((Observation *)data)->text);
}

static void slot_free(void *data) {
        Slot *slot = data;

        g_free(slot->name);
        g_array_unref(slot->observations);
        g_free(slot);
}

GPtrArray *slots_new(unsigned n) {
        GPtrArray *slots = g_ptr_array_new_with_free_func(slot_free);

        for (unsigned i = 0; i < n; i++) {
                Slot *slot = g_new0(Slot, 1);
                slot->observations = g_array_new(FALSE, FALSE, sizeof(Observation));
                g_array_set_clear_func(slot->observations, observation_clear);
                g_ptr_array_add(slots, slot);
        }
        return slots;
}

/* "key" in `key=<*>`, `"key": <*>` and `key <*>`. */
static char *name_before(const Words *words, unsigned at) {
        for (unsigned i = at; i-- > 0 && at - i <= 4;) {
                if (words->at[i].value)
                        break;
                if (word_speaks(&words->at[i]))
                        return str_dup(words->at[i].text);
        }
        return g_strdup("");
}

/* A text in quotes without them. */
static Str unquoted(Str value) {
        bool quoted = value.len >= 2 && (*value.ptr == '"' || *value.ptr == '\'') && value.ptr[value.len - 1] == *value.ptr;

        return quoted ? str_slice(value, 1, value.len - 1) : value;
}

void slots_add(GPtrArray *slots, const Words *words, const Row *row, Level level) {
        unsigned n = 0;

        for (unsigned i = 0; i < words->n && n < slots->len; i++) {
                Observation o = { row->second, row->count, level, NULL };
                Slot *slot;

                if (!words->at[i].value)
                        continue;
                slot = slots->pdata[n++];
                o.text = str_dup(unquoted(words->at[i].text));
                if (!slot->name)
                        slot->name = name_before(words, i);
                g_array_append_val(slot->observations, o);
        }
}

bool slots_number(const char *text, double *number) {
        char *end;

        *number = g_ascii_strtod(text, &end);
        if (end == text || !isfinite(*number) ||
            !(char_is_digit(*text) || ((*text == '-' || *text == '+' || *text == '.') && (char_is_digit(text[1]) || text[1] == '.'))))
                return false;
        while (*end == ' ')
                end++;
        if (strlen(end) > UNIT_BYTES_MAX)
                return false;
        for (; *end; end++)
                if (!char_is_alpha(*end) && *end != '%' && *end != '/' && (uint8_t)*end < 128)
                        return false;
        return true;
}

static int compare_observations(const void *a, const void *b) {
        const Observation *one = a, *two = b;

        if (one->second != two->second)
                return one->second < two->second ? -1 : 1;
        if (one->level != two->level)
                return one->level < two->level ? -1 : 1;
        return strcmp(one->text, two->text);
}

static int compare_values(const void *a, const void *b) {
        const SlotValue *one = a, *two = b;

        if (one->count != two->count)
                return one->count > two->count ? -1 : 1;
        return strcmp(one->text, two->text);
}

static void count_values(Slot *slot) {
        g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
        g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(SlotValue));

        for (guint i = 0; i < slot->observations->len; i++) {
                const Observation *o = &g_array_index(slot->observations, Observation, i);
                guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, o->text));
                if (at == 0) {
                        SlotValue value = { o->text, 0 };
                        g_array_append_val(values, value);
                        at = values->len;
                        g_hash_table_insert(index, o->text, GUINT_TO_POINTER(at));
                }
                g_array_index(values, SlotValue, at - 1).count += o->count;
        }
        g_array_sort(values, compare_values);
        slot->n_distinct = values->len;
        slot->n_top = MIN(values->len, SLOT_TOP_MAX);
        if (slot->n_top > 0)
                memcpy(slot->top, values->data, slot->n_top * sizeof(SlotValue));
}

static void measure(Slot *slot) {
        for (guint i = 0; i < slot->observations->len; i++) {
                const Observation *o = &g_array_index(slot->observations, Observation, i);
                double number;

                slot->count += o->count;
                if (!slots_number(o->text, &number))
                        continue;
                slot->min = slot->n_numeric == 0 ? number : MIN(slot->min, number);
                slot->max = slot->n_numeric == 0 ? number : MAX(slot->max, number);
                slot->n_numeric += o->count;
        }
}

void slots_finish(GPtrArray *slots) {
        for (guint i = 0; slots && i < slots->len; i++) {
                Slot *slot = slots->pdata[i];

                if (!slot->name)
                        slot->name = g_strdup("");
                g_array_sort(slot->observations, compare_observations);
                count_values(slot);
                measure(slot);
        }
}
