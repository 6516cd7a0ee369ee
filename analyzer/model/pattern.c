/* SPDX-License-Identifier: Apache-2.0 */
#include "model/pattern.h"

static const char *const ROLES[] = { "cause", "symptom", "change", "recovery" };
static const char *const SEVERITIES[] = { "info", "warning", "error", "critical" };

const char *role_name(Role role) {
        return ROLES[role];
}

const char *severity_name(Severity severity) {
        return SEVERITIES[severity];
}

static void pattern_free(void *data) {
        Pattern *pattern = data;

        g_free(pattern->match);
        g_free(pattern->unless);
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
        patterns->categories = g_ptr_array_new_with_free_func(g_free);
        patterns->strings = g_string_chunk_new(64 * 1024);
        return patterns;
}

void patterns_free(Patterns *patterns) {
        g_ptr_array_unref(patterns->items);
        g_ptr_array_unref(patterns->categories);
        g_string_chunk_free(patterns->strings);
        g_free(patterns);
}

const Category *patterns_category(const Patterns *patterns, const char *id) {
        for (guint i = 0; i < patterns->categories->len; i++) {
                const Category *category = patterns->categories->pdata[i];
                if (g_str_equal(category->id, id))
                        return category;
        }
        return NULL;
}

const Pattern *patterns_find(const Patterns *patterns, const char *id) {
        for (guint i = 0; i < patterns->items->len; i++) {
                const Pattern *pattern = patterns->items->pdata[i];
                if (g_str_equal(pattern->id, id))
                        return pattern;
        }
        return NULL;
}

bool pattern_named_by(const Pattern *target, const char *entry) {
        return g_str_equal(target->id, entry) || g_str_equal(target->category->id, entry);
}
