/* SPDX-License-Identifier: Apache-2.0 */
#include "../unit/mined.h"
#include "mine/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Words are views into the text, in order and not more than are looked at. */
static void check_words(Str line) {
        Words words;
        const char *at = line.ptr;

        words_cut(line, &words);
        for (unsigned round = 0; round < 2; round++) {
                g_assert(words.n <= WORDS_MAX);
                at = line.ptr;
                for (unsigned i = 0; i < words.n; i++) {
                        g_assert(words.at[i].text.ptr >= at);
                        g_assert(words.at[i].value || words.at[i].text.len > 0);
                        at = words.at[i].text.ptr + words.at[i].text.len;
                        g_assert(at <= line.ptr + line.len);
                }
                words_squeeze(&words);
        }
}

/* Each line is an event; every one of them has a template, and all are counted. */
static void check_templates(const LedgerView *view, uint64_t n_lines) {
        g_autoptr(Templates) templates = templates_mine((const LedgerView *[]){ view }, 1, 1);
        uint64_t counted = 0;

        templates_fill(templates);
        for (guint i = 0; i < templates_all(templates)->len; i++) {
                const Template *template = templates_all(templates)->pdata[i];
                g_assert(template->text && template->slots && template->members->len > 0);
                counted += template->count;
        }
        g_assert(counted == n_lines);
        for (guint i = 0; i < view->signals->len; i++)
                g_assert(templates_of(templates, ((const Signal *)view->signals->pdata[i])->key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Str text = { size ? (const char *)data : "", size };
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Ledger) ledger = mined_ledger(patterns, 1);
        g_autoptr(LedgerView) view = NULL;
        uint64_t n_lines = 0;

        for (size_t at = 0; at < text.len;) {
                const char *newline = memchr(text.ptr + at, '\n', text.len - at);
                size_t end = newline ? (size_t)(newline - text.ptr) : text.len;
                Str line = str_slice(text, at, end);

                check_words(line);
                mined_add(ledger, 0, at, (uint32_t)(n_lines % 7), LEVEL_INFO, line);
                n_lines++;
                at = end + 1;
        }
        view = ledger_view(ledger);
        check_templates(view, n_lines);
        return 0;
}
