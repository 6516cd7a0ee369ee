/* SPDX-License-Identifier: Apache-2.0 */
#include "model/pattern.h"

#include "model/rule.h"

static const char *const ROLES[] = { "cause", "symptom", "change", "recovery" };
static const char *const SEVERITIES[] = { "info", "warning", "error", "critical" };

const char *role_name(Role role) {
        return ROLES[role];
}

const char *severity_name(Severity severity) {
        return SEVERITIES[severity];
}

Category *category_new(void) {
        Category *category = g_new0(Category, 1);

        category->leads_to = g_new0(const char *, 1);
        return category;
}

void category_free(void *data) {
        Category *category = data;

        g_free((void *)category->leads_to);
        g_free(category);
}

Pattern *pattern_new(void) {
        Pattern *pattern = g_new0(Pattern, 1);
        const char *const **lists[] = { &pattern->literals, &pattern->leads_to,   &pattern->checks,      &pattern->fixes,
                                        &pattern->prevents, &pattern->references, &pattern->tests_match, &pattern->tests_ignore };

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                *lists[i] = g_new0(const char *, 1);
        return pattern;
}

static void free_conditions(Condition *conditions, size_t n) {
        for (size_t i = 0; i < n; i++)
                g_free((void *)conditions[i].derived);
        g_free(conditions);
}

void pattern_free(void *data) {
        Pattern *pattern = data;

        free_conditions(pattern->match, pattern->n_match);
        free_conditions(pattern->unless, pattern->n_unless);
        g_free((void *)pattern->literals);
        g_free((void *)pattern->leads_to);
        g_free((void *)pattern->checks);
        g_free((void *)pattern->fixes);
        g_free((void *)pattern->prevents);
        g_free((void *)pattern->references);
        g_free((void *)pattern->tests_match);
        g_free((void *)pattern->tests_ignore);
        g_free(pattern);
}

Patterns *patterns_new(void) {
        Patterns *patterns = g_new0(Patterns, 1);

        patterns->items = g_ptr_array_new_with_free_func(pattern_free);
        patterns->terms = g_ptr_array_new_with_free_func(pattern_free);
        patterns->rules = g_ptr_array_new_with_free_func(rule_free);
        patterns->disabled = g_ptr_array_new();
        patterns->by_id = g_hash_table_new(g_str_hash, g_str_equal);
        patterns->by_category_id = g_hash_table_new(g_str_hash, g_str_equal);
        patterns->warnings = g_ptr_array_new_with_free_func(g_free);
        patterns->categories = g_ptr_array_new_with_free_func(category_free);
        patterns->strings = g_string_chunk_new(64 * 1024);
        return patterns;
}

void patterns_free(Patterns *patterns) {
        g_hash_table_unref(patterns->by_id);
        g_hash_table_unref(patterns->by_category_id);
        g_ptr_array_unref(patterns->rules);
        g_ptr_array_unref(patterns->terms);
        g_ptr_array_unref(patterns->items);
        g_ptr_array_unref(patterns->disabled);
        g_ptr_array_unref(patterns->warnings);
        g_ptr_array_unref(patterns->categories);
        g_string_chunk_free(patterns->strings);
        g_clear_pointer(&patterns->image, g_bytes_unref);
        g_free(patterns);
}

guint patterns_n(const Patterns *patterns) {
        return patterns->items->len + patterns->terms->len;
}

const Pattern *patterns_at(const Patterns *patterns, guint index) {
        guint n_items = patterns->items->len;

        return index < n_items ? patterns->items->pdata[index] : patterns->terms->pdata[index - n_items];
}

size_t patterns_n_items(const Patterns *patterns, const uint32_t *indexes, size_t n) {
        while (n > 0 && indexes[n - 1] >= patterns->items->len)
                n--;
        return n;
}

/* Rules that decide about a pattern. */
static void remove_rules(Patterns *patterns, const char *id) {
        for (guint i = patterns->rules->len; i > 0; i--)
                if (g_str_equal(((const Rule *)patterns->rules->pdata[i - 1])->id, id))
                        g_ptr_array_remove_index(patterns->rules, i - 1);
}

void patterns_put(Patterns *patterns, Pattern *pattern) {
        Pattern *other = g_hash_table_lookup(patterns->by_id, pattern->id);
        guint index;

        g_hash_table_replace(patterns->by_id, (void *)pattern->id, pattern);
        if (!other || !g_ptr_array_find(patterns->items, other, &index)) {
                g_ptr_array_add(patterns->items, pattern);
                return;
        }
        remove_rules(patterns, pattern->id);
        patterns->items->pdata[index] = pattern;
        pattern_free(other);
}

void patterns_add_category(Patterns *patterns, Category *category) {
        g_ptr_array_add(patterns->categories, category);
        g_hash_table_insert(patterns->by_category_id, (void *)category->id, category);
}

bool patterns_remove(Patterns *patterns, const char *id) {
        const Pattern *pattern = patterns_find(patterns, id);

        if (!pattern)
                return false;
        remove_rules(patterns, id);
        g_ptr_array_add(patterns->disabled, (void *)pattern->id);
        g_hash_table_remove(patterns->by_id, id);
        g_ptr_array_remove(patterns->items, (void *)pattern);
        return true;
}

const Category *patterns_category(const Patterns *patterns, const char *id) {
        return g_hash_table_lookup(patterns->by_category_id, id);
}

const Pattern *patterns_find(const Patterns *patterns, const char *id) {
        return g_hash_table_lookup(patterns->by_id, id);
}

static bool names(const char *const *entries, const Pattern *target) {
        for (; *entries; entries++)
                if (pattern_named_by(target, *entries))
                        return true;
        return false;
}

bool pattern_leads_to(const Pattern *cause, const Pattern *effect) {
        return names(cause->leads_to, effect) || names(cause->category->leads_to, effect);
}

bool pattern_named_by(const Pattern *target, const char *entry) {
        return g_str_equal(target->id, entry) || g_str_equal(target->category->id, entry);
}
