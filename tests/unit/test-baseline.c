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

/* What one source says all the time is new in another; the folder does not matter. */
static void test_source(void) {
        g_auto(Story) before = day_with(50, "/old/a.log"), now = day_with(50, "/new/a.log");
        g_autoptr(GPtrArray) views = g_ptr_array_new();
        g_autoptr(Baseline) baseline = NULL;
        const Signal *signal;
        double expected;

        for (unsigned i = 0; i < 5; i++)
                story_tell(&now, "/new/b.log", i, LEVEL_ERROR, NULL, "refused");
        g_ptr_array_add(views, (void *)story_view(&before));
        baseline = baseline_new(views, story_view(&now));
        signal = story_signal(&now, "refused");
        g_assert_cmpint(baseline_judge(baseline, signal, &expected), ==, USUAL_AS_EXPECTED);
        g_assert_cmpuint(signal->n_sources, ==, 2);
        g_assert_cmpint(baseline_judge_source(baseline, signal, story_view(&now)->sources->pdata[0], 50, &expected), ==, USUAL_AS_EXPECTED);
        g_assert_cmpint(baseline_judge_source(baseline, signal, story_view(&now)->sources->pdata[1], 5, &expected), ==, USUAL_NEVER_BEFORE);
        g_assert_cmpint(baseline_judge_source(baseline, signal, story_view(&now)->sources->pdata[1], BASELINE_SOURCE_EVENTS_MIN - 1, &expected), ==,
                        USUAL_AS_EXPECTED);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/baseline/cases", test_cases);
        g_test_add_func("/baseline/source", test_source);
        return g_test_run();
}
