/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/baseline.h"

#include "story.h"

/* A log of 1000 other events and @n times "refused". */
static Story day_with(unsigned n, const char *source) {
        Story story = story_new();

        story_repeat(&story, source, 0, 1000, 1, LEVEL_INFO, NULL, "order ", " shipped");
        for (unsigned i = 0; i < n; i++)
                story_tell(&story, source, 10 * i, LEVEL_ERROR, NULL, "refused");
        return story;
}

static const struct {
        unsigned before, other_before, now; /* other_before: of a second baseline; UINT_MAX: there is none */
        Usual usual;
} CASES[] = {
        { 0, UINT_MAX, 1, USUAL_NEVER_BEFORE },
        { 10, UINT_MAX, 10, USUAL_AS_EXPECTED },
        { 10, UINT_MAX, 18, USUAL_AS_EXPECTED },
        { 10, UINT_MAX, 80, USUAL_MORE },
        { 80, UINT_MAX, 10, USUAL_AS_EXPECTED },
        { 1, UINT_MAX, 3, USUAL_AS_EXPECTED }, /* chance */
        { 10, 60, 80, USUAL_AS_EXPECTED },     /* what varies anyway is no news */
        { 10, 12, 80, USUAL_MORE },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                bool two = CASES[i].other_before != UINT_MAX;
                g_auto(Story) now = day_with(CASES[i].now, "app.log"), before = day_with(CASES[i].before, "app.log");
                g_auto(Story) other = day_with(two ? CASES[i].other_before : 0, "app.log");
                g_autoptr(GPtrArray) views = g_ptr_array_new();
                g_autoptr(Baseline) baseline = NULL;
                double expected;

                g_test_message("%u before, %u now", CASES[i].before, CASES[i].now);
                g_ptr_array_add(views, (void *)story_view(&before));
                if (two)
                        g_ptr_array_add(views, (void *)story_view(&other));
                baseline = baseline_new(views, story_view(&now));
                g_assert_cmpint(baseline_judge(baseline, story_signal(&now, "refused"), &expected), ==, CASES[i].usual);
                if (!two)
                        g_assert_cmpfloat(expected, <=, 2 * CASES[i].before);
        }
}

/* What one source says all the time is new in another that the baseline has; neither folder nor rotation matter. */
static void test_source(void) {
        g_auto(Story) before = day_with(50, "/old/a.log.2.gz"), now = day_with(50, "/new/a.log");
        g_autoptr(GPtrArray) views = g_ptr_array_new();
        g_autoptr(Baseline) baseline = NULL;
        const Signal *signal;
        double expected;

        story_repeat(&before, "/old/b.log-20261123", 0, 10, 1, LEVEL_INFO, NULL, "order ", " shipped");
        for (unsigned i = 0; i < 5; i++) {
                story_tell(&now, "/new/b.log", i, LEVEL_ERROR, NULL, "refused");
                story_tell(&now, "/new/c.log", i, LEVEL_ERROR, NULL, "refused");
        }
        g_ptr_array_add(views, (void *)story_view(&before));
        baseline = baseline_new(views, story_view(&now));
        signal = story_signal(&now, "refused");
        g_assert_cmpint(baseline_judge(baseline, signal, &expected), ==, USUAL_AS_EXPECTED);
        g_assert_cmpuint(signal->n_sources, ==, 3);
        g_assert_cmpint(baseline_judge_source(baseline, signal, story_view(&now)->sources->pdata[0], 50, &expected), ==, USUAL_AS_EXPECTED);
        g_assert_cmpint(baseline_judge_source(baseline, signal, story_view(&now)->sources->pdata[1], 5, &expected), ==, USUAL_NEVER_BEFORE);
        g_assert_cmpint(baseline_judge_source(baseline, signal, story_view(&now)->sources->pdata[1], BASELINE_SOURCE_EVENTS_MIN - 1, &expected), ==,
                        USUAL_AS_EXPECTED);
        g_assert_false(baseline_knows_source(baseline, story_view(&now)->sources->pdata[2]));
        g_assert_cmpint(baseline_judge_source(baseline, signal, story_view(&now)->sources->pdata[2], 5, &expected), ==, USUAL_AS_EXPECTED);
}

/* One log is judged by one log, whatever it is called. */
static void test_alone(void) {
        g_auto(Story) before = day_with(50, "monday.log"), now = day_with(50, "app.log");
        g_autoptr(GPtrArray) views = g_ptr_array_new();
        g_autoptr(Baseline) baseline = NULL;
        double expected;

        g_ptr_array_add(views, (void *)story_view(&before));
        baseline = baseline_new(views, story_view(&now));
        g_assert_true(baseline_knows_source(baseline, story_view(&now)->sources->pdata[0]));
        g_assert_cmpint(baseline_judge_source(baseline, story_signal(&now, "refused"), story_view(&now)->sources->pdata[0], 50, &expected), ==,
                        USUAL_AS_EXPECTED);
        g_assert_cmpfloat(expected, ==, 50);
}

static const Template *template_of(const Signal *signal, void *templates) {
        return templates_of(templates, signal->key);
}

/* Grouped by the templates of all. */
static void group(Story *const stories[], unsigned n) {
        const LedgerView *views[3];
        g_autoptr(Templates) templates = NULL;

        for (unsigned i = 0; i < n; i++)
                views[i] = ledger_view(stories[i]->ledger);
        templates = templates_mine(views, n, 1);
        for (unsigned i = 0; i < n; i++) {
                ledger_group(stories[i]->ledger, template_of, templates);
                ledger_view_free((LedgerView *)views[i]);
        }
}

static const char *const MODES[] = { "drive", "idle", "service", "park", "wash", "load", "tow", "charge", "lift", "rest" };

static Story modes_until(unsigned n) {
        Story story = story_new();

        for (unsigned i = 0; i < 40 * n; i++) {
                g_autofree char *text = g_strdup_printf("unit %u reports state zone=north mode=%s", i, MODES[i % n]);
                story_tell(&story, "unit.log", i, LEVEL_INFO, NULL, text);
        }
        return story;
}

/* A way of saying something that the baseline has, has not, or cannot tell. */
static void test_variant(void) {
        static const struct {
                const char *name;
                unsigned before;
                bool has;
        } VARIANTS[] = {
                { "has all three", 3, true },
                { "has two of three", 2, false },
                { "more than are kept", VARIANTS_MAX + 1, true },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(VARIANTS); i++) {
                g_auto(Story) before = modes_until(VARIANTS[i].before), now = modes_until(3);
                g_autoptr(GPtrArray) views = g_ptr_array_new();
                g_autoptr(Baseline) baseline = NULL;
                const Signal *signal;

                group((Story *const[]){ &before, &now }, 2);
                g_ptr_array_add(views, (void *)story_view(&before));
                baseline = baseline_new(views, story_view(&now));
                g_assert_cmpuint(story_view(&now)->signals->len, ==, 1);
                signal = story_view(&now)->signals->pdata[0];
                g_assert_cmpuint(signal->n_variants, ==, 3);
                g_test_message("%s", VARIANTS[i].name);
                g_assert_true(baseline_has_variant(baseline, signal, &signal->variants[0]));
                g_assert_true(baseline_has_variant(baseline, signal, &signal->variants[2]) == VARIANTS[i].has);
                g_assert_false(baseline_has_variant(NULL, signal, &signal->variants[0]));
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/baseline/cases", test_cases);
        g_test_add_func("/baseline/source", test_source);
        g_test_add_func("/baseline/alone", test_alone);
        g_test_add_func("/baseline/variant", test_variant);
        return g_test_run();
}
