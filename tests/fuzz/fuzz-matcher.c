/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The matcher on texts that nobody meant: the first line is the text's regex, the rest the block. Whatever they are, both
 * engines of the prefilter find the same, and what is located lies in the event.
 */

#include "match/matcher.h"

#define EVENT_BYTES 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Patterns *patterns_with(const char *regex) {
        static Category category = { "application/exception", "application", "code", "code", 0 };
        static const char *const TEXTS[] = { "error", "connection refused", "no space left" };
        Patterns *patterns = patterns_new();

        for (size_t i = 0; i <= G_N_ELEMENTS(TEXTS); i++) {
                Pattern *pattern = pattern_new();
                bool is_regex = i == G_N_ELEMENTS(TEXTS);

                pattern->id = is_regex ? "fuzz/regex" : TEXTS[i];
                pattern->file = "fuzz.yaml";
                pattern->category = &category;
                pattern->unfiltered = is_regex;
                pattern->n_match = 1;
                pattern->match = g_new0(Condition, 1);
                pattern->match[0].text = g_string_chunk_insert(patterns->strings, is_regex ? regex : TEXTS[i]);
                pattern->match[0].kind = is_regex ? CONDITION_REGEX : CONDITION_TEXT;
                patterns_put(patterns, pattern);
        }
        return patterns;
}

static void check_place(Str place, Str event) {
        g_assert_true(place.ptr >= event.ptr && place.ptr + place.len <= event.ptr + event.len);
}

/* Cuts the block into events of equal length, as a reader might. */
static void match_block(MatcherScratch *scratch, Str block, GArray *found) {
        matcher_scan(scratch, block);
        for (size_t at = 0; at < block.len; at += EVENT_BYTES) {
                Str event = str_slice(block, at, at + EVENT_BYTES);
                uint32_t matches[MATCHES_MAX];
                size_t n = matcher_match(scratch, event, STR(""), matches);

                for (size_t i = 0; i < n; i++) {
                        g_assert_true(i == 0 || matches[i] > matches[i - 1]);
                        check_place(matcher_locate(scratch, matches[i], event, STR("")), event);
                }
                g_array_append_vals(found, matches, (guint)n);
        }
}

static bool run(const Patterns *patterns, PrefilterEngine engine, Str block, GArray *found) {
        g_autoptr(Matcher) matcher = matcher_new(patterns, engine, NULL);
        MatcherScratch *scratch;

        if (!matcher)
                return false;
        scratch = matcher_scratch_new(matcher);
        match_block(scratch, block, found);
        matcher_scratch_free(scratch);
        return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Str all = { (const char *)data, size };
        size_t newline = size ? str_find(all, STR("\n"), 0) : SIZE_MAX;
        g_autofree char *regex = str_dup(str_slice(all, 0, newline == SIZE_MAX ? size : newline));
        Str block = newline == SIZE_MAX ? STR("") : str_slice(all, newline + 1, size);
        g_autoptr(Patterns) patterns = patterns_with(*regex ? regex : "x");
        g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(uint32_t)), other = g_array_new(FALSE, FALSE, sizeof(uint32_t));

        if (!run(patterns, PREFILTER_PORTABLE, block, one))
                return 0;
        g_assert_true(run(patterns, PREFILTER_AUTO, block, other));
        g_assert_cmpmem(one->data, one->len * sizeof(uint32_t), other->data, other->len * sizeof(uint32_t));
        return 0;
}
