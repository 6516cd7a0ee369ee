/* SPDX-License-Identifier: Apache-2.0 */
#include "report/excerpt.h"

#include "report/clean.h"

/* < and > mark the message, { and } what the pattern matched. */
static const struct {
        const char *line;
        const char *text;   /* of the excerpt */
        const char *matter; /* what begins at its pivot */
} CASES[] = {
        { "09:00 ERROR <order lost>", "order lost", "order lost" },
        { "09:00 ERROR <order    lost>", "order lost", "order lost" },
        { "09:00 ERROR <[main] [db] order lost>", "order lost", "order lost" },
        { "09:00 <7#8: *9 upstream timed out>", "upstream timed out", "upstream timed out" },
        { "09:00 ERROR <order lost>\nKeyError: 'id'", "order lost … KeyError: 'id'", "KeyError: 'id'" },
        { "09:00 ERROR <KeyError: 'id'>\nKeyError: 'id'", "KeyError: 'id'", "KeyError: 'id'" },
        { "<request 7 of shop failed: {too many clients}>", "request 7 of shop failed: too many clients", "failed: too many clients" },
        { "a line \x1b[31mwith\x01 colours", NULL, NULL },
};

/* Owned by the caller, as is its text. */
static Exemplar exemplar_of(const char *line) {
        Exemplar exemplar = { .time_us = 0 };
        GString *text = g_string_new(NULL);

        for (const char *at = line; *at; at++) {
                uint32_t here = (uint32_t)text->len;
                if (*at == '<')
                        exemplar.message_at = here;
                else if (*at == '>')
                        exemplar.message_len = here - exemplar.message_at;
                else if (*at == '{')
                        exemplar.match_at = here;
                else if (*at == '}')
                        exemplar.match_len = here - exemplar.match_at;
                else
                        g_string_append_c(text, *at);
        }
        exemplar.text = g_string_free(text, FALSE);
        return exemplar;
}

/* The braces of JSON would mark a match. */
static void test_lists(void) {
        char text[] = "{\"msg\":\"ring\",\"lat\":[9.965,10.032],\"by\":[\"jd\"],\"rings\":[[1,2],[3]],\"of\":{\"a\":1},\"n\":6}";
        Exemplar exemplar = { .text = text, .message_at = 8, .message_len = 4 };
        Evidence evidence = { .exemplar = &exemplar };
        g_auto(Excerpt) excerpt = excerpt_of(&evidence);

        g_assert_cmpstr(excerpt.text, ==, "ring lat=[9.965,10.032] by=[\"jd\"] n=6");
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                Exemplar exemplar = exemplar_of(CASES[i].line);
                g_auto(Excerpt) excerpt = excerpt_of(&(Evidence){ .source = "a.log", .exemplar = &exemplar });

                g_test_message("%s", CASES[i].line);
                for (const char *at = excerpt.text; *at; at++)
                        g_assert_true((unsigned char)*at >= ' ');
                if (CASES[i].text) {
                        g_assert_cmpstr(excerpt.text, ==, CASES[i].text);
                        g_assert_cmpstr(excerpt.text + excerpt.pivot, ==, CASES[i].matter);
                }
                g_free(exemplar.text);
        }
}

/* Whatever the width, it is kept to, and what matters is seen where there is room. */
static void test_fit(void) {
        g_autofree char *text = g_strnfill(300, 'x');
        g_autofree char *line = g_strdup_printf("<%s {too many clients} %s>", text, text);
        Exemplar exemplar = exemplar_of(line);
        g_auto(Excerpt) excerpt = excerpt_of(&(Evidence){ .source = "a.log", .exemplar = &exemplar });

        for (size_t columns = 30; columns < 200; columns += 7) {
                g_autofree char *fit = excerpt_fit(&excerpt, columns);
                g_assert_cmpuint(clean_width(fit), <=, columns);
                g_assert_true(columns < 40 || strstr(fit, "too many clients"));
        }
        g_free(exemplar.text);
}

/* Lines that say the same but for numbers are one row. */
static void test_rows(void) {
        static const char *const LINES[] = { "<order 17 lost>", "<order 18 lost>", "<key expired>", "<order 99 lost>" };
        SourceRecord source = { .name = "a.log" };
        LedgerView view = { .sources = g_ptr_array_new() };
        Report report = { .ledger = &view, .first_us = TIME_NONE };
        Style style = style_plain();
        Wording words;
        Exemplar exemplars[G_N_ELEMENTS(LINES)];
        g_autoptr(GArray) evidence = g_array_new(FALSE, TRUE, sizeof(Evidence)), rows = NULL, one = NULL;
        Cause cause = { .evidence = evidence };

        g_ptr_array_add(view.sources, &source);
        words = wording_of(&report, &style);
        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                Evidence of_line = { .source = "a.log", .line = i + 1, .exemplar = &exemplars[i] };
                exemplars[i] = exemplar_of(LINES[i]);
                g_array_append_val(evidence, of_line);
        }
        rows = excerpt_rows(&words, &cause, 5);
        g_assert_cmpuint(rows->len, ==, 2);
        g_assert_cmpstr(g_array_index(rows, EvidenceRow, 0).address, ==, "a.log:1");
        g_assert_cmpuint(g_array_index(rows, EvidenceRow, 0).more->len, ==, 2);
        g_assert_cmpstr(g_array_index(rows, EvidenceRow, 1).excerpt.text, ==, "key expired");
        one = excerpt_rows(&words, &cause, 1);
        g_assert_cmpuint(one->len, ==, 1);
        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++)
                g_free(exemplars[i].text);
        g_ptr_array_unref(view.sources);
}

/* What is news of a line that was there before is shown, wherever it stands in it. */
static void test_news(void) {
        static const struct {
                const char *line, *news, *shown;
        } NEWS[] = {
                { "<statement C53-049.xml of the bank booked: 48 entries, 0 matched, 48 left for review by somebody>", "matched 0, 38 before",
                  "statement C53-049.xml of… 0 matched, 48 left for review by somebody" },
                { "<statement C53-049.xml of the bank booked, all it has to say is hold=7 released=0 and that is it>", "released 0, 14 before",
                  "statement C53-049.xml of the bank booked… released=0 and that is it" },
                { "<statement C53-049.xml of the bank booked, unmatched and overmatched, and whatever else there is to say>", "matched 0, 38 before",
                  "statement C53-049.xml of the bank booked, unmatched and overmatche…" },
        };
        SourceRecord source = { .name = "a.log" };
        LedgerView view = { .sources = g_ptr_array_new() };
        Report report = { .ledger = &view, .first_us = TIME_NONE };
        Style style = style_plain();
        Wording words;

        g_ptr_array_add(view.sources, &source);
        words = wording_of(&report, &style);
        for (size_t i = 0; i < G_N_ELEMENTS(NEWS); i++) {
                g_autoptr(GArray) evidence = g_array_new(FALSE, TRUE, sizeof(Evidence)), rows = NULL;
                Exemplar exemplar = exemplar_of(NEWS[i].line);
                Evidence of_line = { .source = "a.log", .line = 1, .exemplar = &exemplar };
                g_autofree char *fit = NULL;

                g_array_append_val(evidence, of_line);
                rows = excerpt_rows(&words, &(Cause){ .evidence = evidence, .facet = (char *)NEWS[i].news }, 1);
                fit = excerpt_fit(&g_array_index(rows, EvidenceRow, 0).excerpt, 67);
                g_assert_cmpstr(fit, ==, NEWS[i].shown);
                g_free(exemplar.text);
        }
        g_ptr_array_unref(view.sources);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/excerpt/cases", test_cases);
        g_test_add_func("/excerpt/lists", test_lists);
        g_test_add_func("/excerpt/fit", test_fit);
        g_test_add_func("/excerpt/rows", test_rows);
        g_test_add_func("/excerpt/news", test_news);
        return g_test_run();
}
