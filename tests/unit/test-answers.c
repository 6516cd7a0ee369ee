/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/answers.h"

#include "episodes.h"

/*
 * A worker fails in 600..700. A web server answers one request each second with 200 (from 600 to 700 every @step), of which the shares of @refused
 * and @failed of a hundred are answered otherwise while that lasts.
 */
static const struct {
        const char *name;
        double step;
        unsigned refused, failed; /* of a hundred in the episode */
        bool as_before;
} CASES[] = {
        { "nothing is answered otherwise", 1, 4, 0, true },
        { "more than before", 0.5, 4, 0, true },
        { "many are refused", 1, 30, 0, false },
        { "some fail", 1, 4, 3, false },
        { "hardly anybody asks", 5, 4, 0, false },
};

static unsigned status_of(size_t i, double second, unsigned n) {
        bool inside = second >= 600 && second < 700;

        if (inside && n % 100 < CASES[i].failed)
                return 500;
        return n % 100 < (inside ? CASES[i].failed + CASES[i].refused : 4) ? 404 : 200;
}

static void test_case(const void *data) {
        size_t i = GPOINTER_TO_SIZE(data);
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        unsigned n = 0;

        for (double second = 0; second < 900; second += second >= 600 && second < 700 ? CASES[i].step : 1)
                story_answer(&story, "access.log", second, LEVEL_INFO, NULL, status_of(i, second, n++), "GET");
        story_repeat(&story, "worker.log", 600, 700, 1, LEVEL_ERROR, NULL, "job ", " lost");
        episodes = episodes_of(&story);
        g_assert_cmpint(answers_as_before(episodes_only(&episodes), &episodes.axis, story_view(&story)), ==, CASES[i].as_before);
}

static void test_no_web_server(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };

        story_repeat(&story, "worker.log", 0, 900, 1, LEVEL_INFO, NULL, "job ", " done");
        story_repeat(&story, "worker.log", 600, 700, 1, LEVEL_ERROR, NULL, "job ", " lost");
        episodes = episodes_of(&story);
        g_assert_false(answers_as_before(episodes_only(&episodes), &episodes.axis, story_view(&story)));
}

/* A web server answers all the time, and in 600..700 a share of its answers with a status, by which alone something can be known to be wrong. */
static const struct {
        const char *name;
        unsigned status, percent;
        double to; /* second */
        bool added;
        const char *told; /* by a program, of each that is refused; or NULL */
        bool warned;      /* and that is enough */
} REFUSED[] = {
        { "many are refused", 409, 60, 720, true },
        { "of many customers", 422, 60, 720, true, "order refused, customer=%u", true },
        { "of one customer", 422, 60, 720, false, "order refused, customer=8" },
        { "few are", 409, 5, 720, false },
        { "for some seconds", 409, 90, 610, false },
        { "what is not there", 404, 60, 720, false },
        { "a limit", 429, 60, 720, false },
};

static void test_refused(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) found = NULL;
                unsigned n = 0;

                story_repeat(&story, "app.log", 0, 900, 20, LEVEL_ERROR, NULL, "cart ", " is empty"); /* as ever */
                for (double second = 0; second < 900; second++, n++) {
                        bool refused = second >= 600 && second < REFUSED[i].to ? n % 100 < REFUSED[i].percent : n % 50 == 0;
                        if (refused && REFUSED[i].told) {
                                g_autofree char *text = g_strdup_printf(REFUSED[i].told, n);
                                story_tell(&story, "orders.log", second, LEVEL_WARNING, NULL, text);
                        }
                        story_answer(&story, "access.log", second, LEVEL_INFO, NULL, refused ? REFUSED[i].status : 200, "GET");
                }
                episodes = episodes_of(&story);
                g_test_message("%s", REFUSED[i].name);
                g_assert_cmpuint(episodes.list->len, ==, REFUSED[i].warned);
                g_assert_cmpint(answers_add_refused(episodes.tracks, &episodes.axis, story_view(&story)), ==, REFUSED[i].added);
                found = incidents_find(episodes.tracks, &episodes.axis, &story_view(&story)->errors, 0);
                g_assert_cmpuint(found->len, ==, REFUSED[i].added);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *path = g_strdup_printf("/answers/%s", CASES[i].name);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
        }
        g_test_add_func("/answers/no web server", test_no_web_server);
        g_test_add_func("/answers/refused", test_refused);
        return g_test_run();
}
