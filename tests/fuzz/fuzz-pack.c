/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "match/pack.h"
#include "match/vocabulary.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define VOCABULARY                                                                                                                                             \
        "groups: {disk: disk}\n"                                                                                                                               \
        "categories:\n"                                                                                                                                        \
        "  disk/full: {depth: 0, title: disk full}\n"                                                                                                          \
        "  disk/slow: {depth: 1, title: disk slow}\n"

/* Every error has a place, and what was loaded is whole. */
static void check(const Patterns *patterns, const GError *error) {
        g_assert(!error || g_str_has_prefix(error->message, "fuzz.yaml:"));
        for (guint i = 0; i < patterns->items->len; i++) {
                const Pattern *pattern = patterns->items->pdata[i];

                g_assert(pattern->id && pattern->title && pattern->category && pattern->explain);
                g_assert(pattern->unfiltered || (pattern->n_match > 0 && pattern->tests_match[0]));
                g_assert(patterns_find(patterns, pattern->id) == pattern);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Str yaml = { (const char *)data, size };
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Patterns) vocabulary = patterns_new();
        g_autoptr(GError) error = NULL, edge_error = NULL, vocabulary_error = NULL;
        bool ok;

        vocabulary_load(patterns, "categories.yaml", STR(VOCABULARY), NULL);
        ok = pack_load(patterns, "fuzz.yaml", yaml, &error);
        g_assert(ok == !error);
        check(patterns, error);
        ok = pack_check_edges(patterns, &edge_error);
        g_assert(ok == !edge_error);
        ok = vocabulary_load(vocabulary, "fuzz.yaml", yaml, &vocabulary_error);
        g_assert(ok == !vocabulary_error);
        check(vocabulary, vocabulary_error);
        return 0;
}
