/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/tracks.h"

#include "story.h"

#define SPAN 1200.0 /* seconds of each story */

/* The calm part of all stories. */
static Story calm_story(void) {
        Story story = story_new();

        story_pattern(&story, "test/refused", ROLE_CAUSE, "net/refused", 1);
        story_pattern(&story, "test/back", ROLE_RECOVERY, "net/refused", 1);
        story_repeat(&story, "app.log", 0, SPAN, 2, LEVEL_INFO, NULL, "order ", " shipped");
        return story;
}

/* When an error is said: every @step seconds, and in @from..@to every @often. */
static const struct {
        const char *name, *pattern;
        double step, from, to, often;
        TrackKind kind;
        double traffic; /* besides the usual orders there is one each so many seconds meanwhile */
} CASES[] = {
        { "steady", NULL, 10, 0, 0, 1, TRACK_STEADY },
        { "steady, known", "test/refused", 10, 0, 0, 1, TRACK_STEADY },
        { "new", NULL, 0, 600, 700, 2, TRACK_NEW },
        { "new, known", "test/refused", 0, 600, 700, 2, TRACK_NEW },
        { "risen", NULL, 30, 600, 700, 1, TRACK_RISEN },
        { "risen as the traffic", NULL, 50, 600, 800, 9, TRACK_STEADY, 1 },
        { "risen more than the traffic", NULL, 50, 600, 800, 3, TRACK_RISEN, 1 },
        { "new, with more traffic", NULL, 0, 600, 800, 10, TRACK_NEW, 1 },
        { "at the start only", NULL, 0, 0, 8, 1, TRACK_STARTUP },
        { "three times", NULL, 0, 600, 750, 60, TRACK_SPARSE },
        { "a few times, and for too long to be a surge", NULL, 0, 700, 1100, 80, TRACK_SPARSE },
        { "a few times all along", NULL, 250, 0, 0, 1, TRACK_STEADY },
        { "to the end", NULL, 0, 900, SPAN, 2, TRACK_NEW },
};

static void test_kinds(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = calm_story();
                g_autoptr(GArray) tracks = NULL;
                const Track *track;
                Axis axis;

                g_test_message("%s", CASES[i].name);
                if (CASES[i].traffic > 0)
                        story_repeat(&story, "app.log", CASES[i].from, CASES[i].to, CASES[i].traffic, LEVEL_INFO, NULL, "order ", " shipped");
                if (CASES[i].step > 0)
                        story_repeat(&story, "app.log", 1, SPAN, CASES[i].step, LEVEL_ERROR, CASES[i].pattern, "refused ", " times");
                story_repeat(&story, "app.log", CASES[i].from, CASES[i].to, CASES[i].often, LEVEL_ERROR, CASES[i].pattern, "refused ", " times");
                axis_of(story_view(&story), &axis);
                g_assert_false(axis.by_line);
                tracks = tracks_of(story_view(&story), story.patterns, &axis, NULL);
                g_assert_cmpuint(tracks->len, ==, 1);
                track = &g_array_index(tracks, Track, 0);
                g_assert_cmpint(track->kind, ==, CASES[i].kind);
                g_assert_true(track_is_bad_news(track) && track_is_error(track));
                g_assert_cmpint(track_has_role(track, ROLE_CAUSE), ==, CASES[i].pattern != NULL);
                if (CASES[i].kind == TRACK_NEW) {
                        g_assert_cmpint(track->onset_us, ==, (STORY_START + (int64_t)CASES[i].from) * 1000000);
                        g_assert_cmpuint(track->before, ==, 0);
                        g_assert_cmpuint(track->inside, ==, (uint64_t)((CASES[i].to - CASES[i].from) / CASES[i].often));
                }
        }
}

/* Orders between 600 and 700 come so many times as often. */
static void test_traffic(void) {
        static const struct { double step, rise; } TRAFFIC[] = { { 0, 1 }, { 2, 2 }, { 0.2, TRAFFIC_RISE_MAX } };

        for (size_t i = 0; i < G_N_ELEMENTS(TRAFFIC); i++) {
                g_auto(Story) story = calm_story();
                Axis axis;

                if (TRAFFIC[i].step > 0)
                        story_repeat(&story, "app.log", 600, 700, TRAFFIC[i].step, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost"); /* is no traffic */
                axis_of(story_view(&story), &axis);
                g_assert_cmpfloat_with_epsilon(axis_traffic_rise(&axis, STORY_START + 600, STORY_START + 700), TRAFFIC[i].rise, 0.05);
        }
}

/* The same failure three times. */
static void test_comes_back(void) {
        g_auto(Story) story = calm_story();
        g_autoptr(GArray) tracks = NULL;
        unsigned n_surges = 0;
        Axis axis;

        for (double from = 200; from < 1100; from += 400)
                story_repeat(&story, "app.log", from, from + 60, 1, LEVEL_ERROR, "test/refused", "refused ", " times");
        axis_of(story_view(&story), &axis);
        tracks = tracks_of(story_view(&story), story.patterns, &axis, NULL);
        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);
                n_surges += track->kind == TRACK_NEW || track->kind == TRACK_RISEN;
                g_assert_cmpfloat(track->to - track->from, <, 70);
                g_assert_cmpuint(track->before, ==, 0);
                g_assert_cmpuint(track->earlier, ==, 60 * (uint64_t)((track->from - STORY_START - 200) / 400 + 0.5));
        }
        g_assert_cmpuint(n_surges, ==, 3);
}

static void test_without_times(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) tracks = NULL;
        const Track *track;
        Axis axis;

        for (unsigned i = 0; i < 1000; i++)
                story_tell(&story, "app.log", -1, i >= 600 && i < 660 ? LEVEL_ERROR : LEVEL_INFO, NULL, i >= 600 && i < 660 ? "refused" : "shipped");
        axis_of(story_view(&story), &axis);
        g_assert_true(axis.by_line);
        tracks = tracks_of(story_view(&story), story.patterns, &axis, NULL);
        g_assert_cmpuint(tracks->len, ==, 1);
        track = &g_array_index(tracks, Track, 0);
        g_assert_cmpint(track->kind, ==, TRACK_NEW);
        g_assert_cmpfloat(track->from, >, 590);
        g_assert_cmpfloat(track->to, <, 670);
        g_assert_cmpint(track->onset_us, ==, TIME_NONE);
}

/* A line of 1970 and one of the next century do not stretch the axis. */
static void test_stray_times(void) {
        g_auto(Story) story = calm_story();
        Axis axis;

        story_tell(&story, "app.log", 4e9 - (double)STORY_START, LEVEL_ERROR, NULL, "the clock jumped");
        axis_of(story_view(&story), &axis);
        g_assert_cmpfloat(axis.end - axis.start, <, SPAN + 10);
}

static void test_nothing(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) tracks = NULL;
        Axis axis;

        story.ledger = mined_ledger(story.patterns, 0);
        axis_of(story_view(&story), &axis);
        tracks = tracks_of(story_view(&story), story.patterns, &axis, NULL);
        g_assert_cmpuint(tracks->len, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/tracks/kinds", test_kinds);
        g_test_add_func("/tracks/comes-back", test_comes_back);
        g_test_add_func("/tracks/without-times", test_without_times);
        g_test_add_func("/tracks/stray-times", test_stray_times);
        g_test_add_func("/tracks/traffic", test_traffic);
        g_test_add_func("/tracks/nothing", test_nothing);
        return g_test_run();
}
