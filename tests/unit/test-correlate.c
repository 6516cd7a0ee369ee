/* SPDX-License-Identifier: Apache-2.0 */
#include "correlate/correlate.h"

#include "story.h"

#define NO_NEGATE                                                                                                                                              \
        { 0 }

/* Terms a, b, c; what is said as "SECOND:TERM[@SOURCE]". */
static const struct {
        const char *name;
        const char *terms; /* of the rule, with a count behind */
        bool ordered;
        double window;
        struct {
                const char *term;
                double window, slide;
                unsigned anchor;
                bool absolute;
        } negate;
        const char *events;
        unsigned n_hits;
} CASES[] = {
        { "a set in any order", "a1 b1", false, 5, NO_NEGATE, "10:b 14:a", 1 },
        { "both ends are within", "a1 b1", false, 5, NO_NEGATE, "10:b 15:a", 1 },
        { "too far apart", "a1 b1", false, 5, NO_NEGATE, "10:b 16:a", 0 },
        { "not in one source", "a1 b1", false, 5, NO_NEGATE, "10:b@x.log 11:a@y.log", 0 },
        { "a sequence", "a1 b1 c1", true, 10, NO_NEGATE, "10:a 11:b 12:c", 1 },
        { "a sequence in the wrong order", "a1 b1 c1", true, 10, NO_NEGATE, "10:c 11:b 12:a", 0 },
        { "at one time, in order of the lines", "a1 b1", true, 10, NO_NEGATE, "10:a 10:b", 1 },
        { "at one time, against it", "a1 b1", true, 10, NO_NEGATE, "10:b 10:a", 0 },
        { "used up", "a1 b1", false, 5, NO_NEGATE, "10:a 11:b 12:a", 1 },
        { "twice", "a1 b1", false, 5, NO_NEGATE, "10:a 11:b 30:a 31:b", 2 },
        { "a count", "a3", false, 5, NO_NEGATE, "10:a 11:a 12:a", 1 },
        { "one too few", "a3", false, 5, NO_NEGATE, "10:a 11:a", 0 },
        { "a count, too slow", "a3", false, 5, NO_NEGATE, "10:a 14:a 18:a", 0 },
        { "negated behind", "a1", false, 0, { "c", 5, 0, 0, true }, "10:a 12:c", 0 },
        { "negated much later", "a1", false, 0, { "c", 5, 0, 0, true }, "10:a 20:c", 1 },
        { "negated before", "a1", false, 0, { "c", 5, -5, 0, true }, "10:a 7:c", 0 },
        { "negated before, not behind", "a1", false, 0, { "c", 5, -5, 0, true }, "10:a 12:c", 1 },
        { "negated by the second term", "a1 b1", true, 10, { "c", 2, 0, 1, true }, "10:a 18:b 19:c", 0 },
        { "negated in another source", "a1", false, 0, { "c", 5, 0, 0, true }, "10:a@x.log 12:c@y.log", 1 },
        { "nothing", "a1 b1", false, 5, NO_NEGATE, "", 0 },
};

static char *term_id(char letter) {
        return g_strdup_printf("%s%c", TERM_PREFIX, letter);
}

static Story story_with_terms(void) {
        Story story = story_new();

        story_pattern(&story, "test/rule", ROLE_CAUSE, "net/refused", 1);
        for (char letter = 'a'; letter <= 'c'; letter++) {
                g_autofree char *id = term_id(letter);
                Pattern *term = pattern_new();
                term->id = term->title = g_string_chunk_insert(story.patterns->strings, id);
                term->category = patterns_category(story.patterns, "net/refused");
                g_ptr_array_add(story.patterns->terms, term);
        }
        return story;
}

static void add_rule(Story *story, size_t i) {
        g_auto(GStrv) terms = g_strsplit(CASES[i].terms, " ", -1);
        Rule *rule = g_new0(Rule, 1);

        rule->id = "test/rule";
        rule->ordered = CASES[i].ordered;
        rule->window_us = (int64_t)(CASES[i].window * 1e6);
        rule->n_terms = g_strv_length(terms);
        rule->terms = g_new0(RuleTerm, rule->n_terms);
        for (size_t j = 0; j < rule->n_terms; j++)
                rule->terms[j] = (RuleTerm){ ((Pattern *)story->patterns->terms->pdata[terms[j][0] - 'a'])->id, (unsigned)atoi(terms[j] + 1) };
        if (CASES[i].negate.term) {
                rule->n_negates = 1;
                rule->negates = g_new0(RuleNegate, 1);
                *rule->negates =
                        (RuleNegate){ ((Pattern *)story->patterns->terms->pdata[*CASES[i].negate.term - 'a'])->id, (int64_t)(CASES[i].negate.window * 1e6),
                                      (int64_t)(CASES[i].negate.slide * 1e6), CASES[i].negate.anchor, CASES[i].negate.absolute };
        }
        g_ptr_array_add(story->patterns->rules, rule);
}

static void tell(Story *story, const char *events) {
        g_auto(GStrv) list = g_strsplit(events, " ", -1);

        for (char **event = list; *event && **event; event++) {
                const char *colon = strchr(*event, ':'), *at = strchr(*event, '@');
                g_autofree char *id = term_id(colon[1]);
                story_tell(story, at ? at + 1 : "app.log", g_ascii_strtod(*event, NULL), LEVEL_ERROR, id, "said");
        }
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_with_terms();
                g_autoptr(GPtrArray) signals = NULL, notes = g_ptr_array_new_with_free_func(g_free);

                g_test_message("%s", CASES[i].name);
                story.ledger = mined_ledger(story.patterns, 0);
                add_rule(&story, i);
                tell(&story, CASES[i].events);
                signals = correlate((LedgerView *)story_view(&story), story.patterns, notes);
                g_assert_cmpuint(signals->len, ==, CASES[i].n_hits > 0);
                g_assert_cmpuint(notes->len, ==, 0);
                if (CASES[i].n_hits > 0) {
                        const Signal *signal = signals->pdata[0];
                        g_assert_cmpstr(signal->pattern_id, ==, "test/rule");
                        g_assert_cmpuint(signal->count, ==, CASES[i].n_hits);
                        g_assert_cmpuint(signal->n_first, >, 0);
                        g_assert_true(g_ptr_array_find(story.view->signals, signal, NULL));
                }
        }
}

/* Of too many sightings a note tells. */
static void test_left_out(void) {
        g_auto(Story) story = story_with_terms();
        g_autoptr(GPtrArray) signals = NULL, notes = g_ptr_array_new_with_free_func(g_free);

        add_rule(&story, 0);
        for (unsigned i = 0; i < 3 * SIGHTINGS_PER_SECOND; i++)
                story_tell(&story, "app.log", 10, LEVEL_ERROR, TERM_PREFIX "a", "said");
        story_tell(&story, "app.log", 11, LEVEL_ERROR, TERM_PREFIX "b", "said");
        signals = correlate((LedgerView *)story_view(&story), story.patterns, notes);
        g_assert_cmpuint(signals->len, ==, 1);
        g_assert_cmpuint(notes->len, ==, 1);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/correlate/cases", test_cases);
        g_test_add_func("/correlate/left-out", test_left_out);
        return g_test_run();
}
