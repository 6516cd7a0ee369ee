/* SPDX-License-Identifier: Apache-2.0 */

/* CRE rule files: whatever the file says, rules load or a warning or an error names a place, and what loads compiles. */

#include "match/matcher.h"
#include "match/pack.h"
#include "match/vocabulary.h"

#define VOCABULARY "groups: {application: code}\ncategories: {application/exception: {depth: 0, title: code}}\n"

/* Lines that make terms run. */
static const char *const LINES[] = {
        "{\"reason\":\"Killing\",\"count\":3,\"object\":{\"name\":\"web\"},\"list\":[1,2]}",
        "2026-03-01 10:00:00 ERROR first half of it",
        "[[[[[[[[[[[[[[[[[[[[",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void match_lines(const Patterns *patterns) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Matcher) matcher = matcher_new(patterns, PREFILTER_PORTABLE, &error);
        MatcherScratch *scratch;

        g_assert_no_error(error);
        scratch = matcher_scratch_new(matcher);
        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                uint32_t matches[MATCHES_MAX];
                size_t n = matcher_match_text(scratch, str_from(LINES[i]), matches);

                for (size_t j = 0; j < n; j++)
                        g_assert_cmpuint(matches[j], <, patterns_n(patterns));
        }
        matcher_scratch_free(scratch);
}

static bool is_of_rules(const Patterns *patterns) {
        for (guint i = 0; i < patterns->items->len; i++)
                if (!((const Pattern *)patterns->items->pdata[i])->unfiltered)
                        return false;
        return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(GError) error = NULL;

        vocabulary_load(patterns, "categories.yaml", STR(VOCABULARY), NULL);
        if (!pack_load(patterns, "fuzz.yaml", (Str){ (const char *)data, size }, &error))
                g_assert_true(g_str_has_prefix(error->message, "fuzz.yaml:"));
        for (guint i = 0; i < patterns->warnings->len; i++)
                g_assert_true(g_str_has_prefix(patterns->warnings->pdata[i], "fuzz.yaml:"));
        /* An ordinary pack may hold a regex that does not compile; of a rule file that is a warning. */
        if (!error && is_of_rules(patterns))
                match_lines(patterns);
        return 0;
}
