/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/siblings.h"

#include "story.h"

#define SAID_MAX 4

/* What was said before, by hosts alike, and the line that may say something otherwise. */
static const struct {
        const char *name, *before[SAID_MAX], *line, *expected;
} CASES[] = {
        { "a word", { "charset UTF-8, locale en", "charset UTF-8, locale en" }, "charset US-ASCII, locale en", "charset was UTF-8, is US-ASCII" },
        { "a value", { "pool ready nodes=a,b,c hash=crc", "pool ready nodes=a,b,c hash=crc" }, "pool ready nodes=b,a,c hash=crc", "nodes was a,b,c, is b,a,c" },
        { "numbers aside", { "store up in 1.8 s, mode fast", "store up in 2.25 s, mode fast" }, "store up in 11.4 s, mode safe", "mode was fast, is safe" },
        { "numbers alone", { "store up in 1.8 s", "store up in 2.1 s" }, "store up in 9.9 s", "" },
        { "said before", { "mode of store is fast", "mode of store is fast", "mode of store is safe" }, "mode of store is safe", "" },
        { "one alone", { "mode of store is fast" }, "mode of store is safe", "" },
        { "they do not agree", { "worker for lists is up", "worker for mails is up", "worker for rates is up" }, "worker for bills is up", "" },
        { "other words", { "mode of store is fast", "mode of store is fast" }, "mode of queue seems safe", "" },
        { "more words", { "mode of store is fast", "mode of store is fast" }, "mode of store is fast again", "" },
        { "it begins otherwise", { "alpha joined the pool", "alpha joined the pool" }, "beta joined the pool", "" },
        { "two words", { "ready fast", "ready fast" }, "ready safe", "" },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_autofree char *found = g_strdup("");
                const LedgerView *view;
                const Signal *signal = NULL;
                const Exemplar *line = NULL;
                SiblingWord word;

                g_test_message("%s", CASES[i].name);
                for (size_t j = 0; j < SAID_MAX && CASES[i].before[j]; j++)
                        story_tell(&story, "node.log", 10.0 * (double)(j + 1), LEVEL_INFO, NULL, CASES[i].before[j]);
                story_tell(&story, "node.log", 100, LEVEL_INFO, NULL, CASES[i].line);
                view = story_view(&story);
                for (guint j = 0; j < view->signals->len; j++)
                        for (unsigned k = 0; k < signal_n_exemplars(view->signals->pdata[j]); k++)
                                if (signal_exemplar(view->signals->pdata[j], k)->time_us == (STORY_START + 100) * 1000000) {
                                        signal = view->signals->pdata[j];
                                        line = signal_exemplar(signal, k);
                                }
                if (siblings_differ(signal, line, view, &word)) {
                        g_free(found);
                        found = g_strdup_printf("%.*s was %.*s, is %.*s", (int)word.name.len, word.name.ptr, (int)word.was.len, word.was.ptr, (int)word.now.len,
                                                word.now.ptr);
                        g_assert_cmpint(word.said->time_us, <, line->time_us);
                }
                g_assert_cmpstr(found, ==, CASES[i].expected);
        }
}

/* A line of very many words, or of none, has no siblings. */
static void test_sizes(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GString) same = g_string_new("all"), other = g_string_new("all");
        const LedgerView *view;
        SiblingWord word;

        for (unsigned i = 0; i < SIBLINGS_WORDS_MAX; i++) {
                g_string_append(same, " same");
                g_string_append(other, i == 9 ? " other" : " same");
        }
        story_tell(&story, "node.log", 10, LEVEL_INFO, NULL, same->str);
        story_tell(&story, "node.log", 20, LEVEL_INFO, NULL, same->str);
        story_tell(&story, "node.log", 30, LEVEL_INFO, NULL, " ");
        story_tell(&story, "node.log", 100, LEVEL_INFO, NULL, other->str);
        view = story_view(&story);
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                g_assert_false(siblings_differ(signal, signal_exemplar(signal, 0), view, &word));
        }
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/siblings/cases", test_cases);
        g_test_add_func("/siblings/sizes", test_sizes);
        return g_test_run();
}
