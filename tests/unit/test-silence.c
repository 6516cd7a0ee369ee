/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/silence.h"

#include "episodes.h"
#include "scratch.h"

/* worker.log speaks every @step seconds until @stops, and again from @again on; app.log has errors in 600..700. */
static const struct {
        const char *name;
        double step, stops, again;
        bool found, ongoing;
} CASES[] = {
        { "stops before the incident", 2, 595, 1e9, true, true },
        { "stops and goes on", 2, 590, 700, true, false },
        { "never stops", 2, 1e9, 0, false, false },
        { "is slow but regular", 60, 600, 1e9, true, true },
        { "stops much earlier", 2, 300, 1e9, false, false },
        { "stops when all is over", 2, 690, 1e9, false, false },
        { "a short pause", 2, 600, 604, false, false },
        { "had hardly begun", 2, 20, 1e9, false, false },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) silences = NULL;

                g_test_message("%s", CASES[i].name);
                story_repeat(&story, "app.log", 0, 900, 2, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
                story_repeat(&story, "worker.log", 0, MIN(CASES[i].stops, 900), CASES[i].step, LEVEL_INFO, NULL, "job ", " done");
                story_repeat(&story, "worker.log", CASES[i].again, CASES[i].again > 0 ? 900 : 0, CASES[i].step, LEVEL_INFO, NULL, "job ", " done");
                episodes = episodes_of(&story);
                silences = silences_find(episodes_only(&episodes), story_view(&story), &episodes.axis);
                g_assert_cmpuint(silences->len, ==, CASES[i].found);
                if (CASES[i].found) {
                        const Silence *silence = silences->pdata[0];
                        g_assert_cmpstr(((const SourceRecord *)story_view(&story)->sources->pdata[silence->source])->name, ==, "worker.log");
                        g_assert_cmpint(silence->ongoing, ==, CASES[i].ongoing);
                        g_assert_cmpfloat_with_epsilon(silence->from - (double)STORY_START, CASES[i].stops, MAX(4, CASES[i].step) + 0.1);
                        g_assert_true(g_str_has_suffix(silence->lines[0].text, " done"));
                }
        }
}

/* A regular line of a log that goes on stops, or is said in other words. */
static void test_restated(void) {
        static const struct {
                const char *then;
                unsigned found;
        } LINES[] = { { NULL, 1 }, { "volumes checked, one of them slow", 0 }, { "mail sent to the owner of the volumes", 1 } };

        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) silences = NULL;

                story_repeat(&story, "app.log", 0, 900, 2, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
                for (unsigned second = 5; second < 900; second += 20) {
                        const char *text = second < 580 ? "volumes checked" : LINES[i].then;
                        story_tell(&story, "watch.log", second, LEVEL_INFO, NULL, "watch is alive and well");
                        if (text)
                                story_tell(&story, "watch.log", second, LEVEL_INFO, NULL, text);
                }
                episodes = episodes_of(&story);
                silences = silences_find(episodes_only(&episodes), story_view(&story), &episodes.axis);
                g_assert_cmpuint(silences->len, ==, LINES[i].found);
        }
}

/* A line that comes now and then, and often, in a log that goes on. */
static void test_frequent(void) {
        static const struct {
                const char *name;
                double stops;
                bool found;
        } FREQUENT[] = {
                { "stops well before the first error", 570, true },
                { "stops with the errors, which may be why", 598, false },
                { "never stops", 1000, false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(FREQUENT); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) silences = NULL;
                uint32_t state = 7;

                g_test_message("%s", FREQUENT[i].name);
                story_repeat(&story, "app.log", 0, 900, 2, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
                for (unsigned second = 0; second < MIN(FREQUENT[i].stops, 900); second++)
                        if (scratch_random(&state, 3) > 0)
                                story_tell(&story, "app.log", second, LEVEL_INFO, NULL, "hold released");
                episodes = episodes_of(&story);
                silences = silences_find(episodes_only(&episodes), story_view(&story), &episodes.axis);
                g_assert_cmpuint(silences->len, ==, FREQUENT[i].found);
                if (FREQUENT[i].found) {
                        const Silence *silence = silences->pdata[0];
                        g_assert_cmpstr(silence->lines[0].text, ==, "hold released");
                        g_assert_cmpfloat_with_epsilon(silence->from - (double)STORY_START, FREQUENT[i].stops, 6);
                        g_assert_true(silence_is_ahead(silence, (double)STORY_START + 600));
                }
        }
}

/* Several lines in each beat: they are frequent, too, but it is one silence. */
static void test_bursts(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GPtrArray) silences = NULL;

        story_repeat(&story, "app.log", 0, 900, 2, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
        for (unsigned second = 5; second < 560; second += 15)
                for (unsigned line = 0; line < 12; line++)
                        story_tell(&story, "app.log", second, LEVEL_INFO, NULL, "pass renewed");
        episodes = episodes_of(&story);
        silences = silences_find(episodes_only(&episodes), story_view(&story), &episodes.axis);
        g_assert_cmpuint(silences->len, ==, 1);
        g_assert_cmpfloat_with_epsilon(((const Silence *)silences->pdata[0])->rate, 1.0 / 15, 0.01);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/silence/cases", test_cases);
        g_test_add_func("/silence/restated", test_restated);
        g_test_add_func("/silence/frequent", test_frequent);
        g_test_add_func("/silence/bursts", test_bursts);
        return g_test_run();
}
