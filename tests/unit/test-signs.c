/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/signs.h"

#include "diagnose/changes.h"
#include "episodes.h"

/* A shop whose orders fail in 600..700; what another log says at other times, and every @every seconds from 570 to @to. */
static const struct {
        const char *name;
        Level level;
        const char *before, *since; /* @before: NULL: nothing */
        double every, to;
        double sign; /* the first sign */
} SIGNS[] = {
        { "nothing", LEVEL_INFO, NULL, "pages read, depth 4", 10, 570, 600 },
        { "a value turned", LEVEL_INFO, "pages read, mode=1", "pages read, mode=3", 10, 705, 570 },
        { "a number is far higher", LEVEL_INFO, "pages read, waiting=2", "pages read, waiting=61", 10, 705, 570 },
        { "a rush", LEVEL_INFO, "pages read", "pages read", 2, 705, 572 }, /* one at once is usual */
        { "another usual line", LEVEL_INFO, NULL, "pages kept", 2, 705, 600 },
        { "a new warning", LEVEL_WARNING, NULL, "pages kept", 2, 705, 570 },
        { "a new warning, soon over", LEVEL_WARNING, NULL, "pages kept", 2, 640, 600 },
        { "a new warning until just before", LEVEL_WARNING, NULL, "pages kept", 2, 595, 570 },
};

static void test_case(const void *data) {
        size_t i = GPOINTER_TO_SIZE(data);
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GPtrArray) nothing = g_ptr_array_new(), facets = NULL;
        g_autoptr(Ranking) ranking = NULL;

        story_repeat(&story, "shop.log", 0, 900, 1, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(&story, "shop.log", 600, 700, 0.5, LEVEL_ERROR, NULL, "order ", " lost");
        for (double second = 0; SIGNS[i].before && second < 900; second += 30) /* so few that all are kept */
                if (second < 570 || second >= SIGNS[i].to)
                        story_tell(&story, "pages.log", second, SIGNS[i].level, NULL, SIGNS[i].before);
        for (double second = 570; second < SIGNS[i].to; second += SIGNS[i].every)
                story_tell(&story, "pages.log", second, SIGNS[i].level, NULL, SIGNS[i].since);
        episodes = episodes_of(&story);
        facets = facets_find(episodes_only(&episodes), episodes.tracks, story_view(&story), &episodes.axis, NULL);
        ranking = ranking_new(episodes_only(&episodes), &(Suspects){ episodes.tracks, facets, nothing, nothing }, &episodes.axis, story_view(&story));
        g_assert_cmpfloat_with_epsilon(ranking->first_sign, (double)STORY_START + SIGNS[i].sign, 1);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
                g_autofree char *path = g_strdup_printf("/signs/%s", SIGNS[i].name);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
        }
        return g_test_run();
}
