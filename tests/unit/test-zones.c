/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/zones.h"

#include "story.h"

#define HOUR   3600.0
#define N_ROWS 300
#define START  (24 * HOUR)

static const struct {
        const char *name;
        const char *app_zone, *proxy_zone; /* how each is known: "line", "assumed", "option" */
        double late, length;               /* when app.log begins after proxy.log, and how long it is, in seconds; proxy.log has N_ROWS */
        int minutes;                       /* what is found; 0: nothing */
} CASES[] = {
        { "of Tokyo", "assumed", "line", 9 * HOUR, N_ROWS, 9 * 60 },
        { "of New York, and a little shorter", "assumed", "line", -5 * HOUR + 20, N_ROWS - 30, -5 * 60 },
        { "of Kathmandu", "assumed", "line", 5.75 * HOUR, N_ROWS, 5 * 60 + 45 },
        { "at the same time", "assumed", "line", 0, N_ROWS, 0 },
        { "after the other", "assumed", "line", 400, N_ROWS, 0 },
        { "no whole hours", "assumed", "line", 9 * HOUR + 400, N_ROWS, 0 },
        { "much longer", "assumed", "line", 9 * HOUR, 4 * N_ROWS, 0 },
        { "no zone is so far away", "assumed", "line", 20 * HOUR, N_ROWS, 0 },
        { "the user said it", "option", "line", 9 * HOUR, N_ROWS, 0 },
        { "neither is known", "assumed", "assumed", 9 * HOUR, N_ROWS, 0 },
};

/* N_ROWS lines of @zone. */
static void tell_log(Story *story, const char *name, const char *zone, double from, double length) {
        g_autofree char *says = g_strdup_printf("%.3s tells of order ", name); /* another kind of line for each log */
        SourceRecord *record;

        story->zoned = g_str_equal(zone, "line");
        story_repeat(story, name, from, from + length, length / N_ROWS, LEVEL_INFO, NULL, says, " in time");
        record = ledger_source(story->ledger, story_source(story, name));
        g_free(record->zone_from);
        record->zone_from = g_strdup(zone);
}

static const SourceRecord *source_at(Story *story, uint32_t source) {
        return story_view(story)->sources->pdata[source];
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GArray) fits = NULL;
                const ZoneFit *fit;

                g_test_message("%s", CASES[i].name);
                tell_log(&story, "proxy.log", CASES[i].proxy_zone, START, N_ROWS);
                tell_log(&story, "app.log", CASES[i].app_zone, START + CASES[i].late, CASES[i].length);
                fits = zones_fitting(story_view(&story));
                g_assert_cmpuint(fits->len, ==, CASES[i].minutes != 0);
                if (fits->len == 0)
                        continue;
                fit = &g_array_index(fits, ZoneFit, 0);
                g_assert_cmpint(fit->minutes, ==, CASES[i].minutes);
                g_assert_cmpstr(source_at(&story, fit->source)->name, ==, "app.log");
                g_assert_cmpstr(source_at(&story, fit->reference)->name, ==, "proxy.log");
        }
}

static void check_fit(const GArray *fits, guint i, int minutes, bool alone) {
        const ZoneFit *fit = &g_array_index(fits, ZoneFit, i);

        g_assert_cmpint(fit->minutes, ==, minutes);
        g_assert_cmpint(fit->alone, ==, alone);
}

/* Lines of a library that name their zone say nothing of the others. */
static void test_both(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) fits = NULL;

        tell_log(&story, "proxy.log", "line", START, N_ROWS);
        tell_log(&story, "app.log", "assumed", START + 9 * HOUR, N_ROWS);
        story.zoned = true;
        story_tell(&story, "app.log", START + 50, LEVEL_INFO, NULL, "worker booted");
        fits = zones_fitting(story_view(&story));
        g_assert_cmpuint(fits->len, ==, 1);
        check_fit(fits, 0, 9 * 60, true);
}

/* One that says little is of the zone of another that fits; nobody else may speak at the time that is to be moved. */
static void test_alike(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) fits = NULL;

        tell_log(&story, "proxy.log", "line", START, N_ROWS);
        tell_log(&story, "app.log", "assumed", START + 9 * HOUR, N_ROWS);
        story_tell(&story, "job.log", START + 9 * HOUR + 40, LEVEL_INFO, NULL, "nightly job began");
        g_free(ledger_source(story.ledger, 2)->zone_from);
        ledger_source(story.ledger, 2)->zone_from = g_strdup("assumed");
        fits = zones_fitting(story_view(&story));
        g_assert_cmpuint(fits->len, ==, 2);
        check_fit(fits, 0, 9 * 60, true);
        check_fit(fits, 1, 9 * 60, true);
}

static void test_not_alone(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) fits = NULL;

        tell_log(&story, "proxy.log", "line", START, N_ROWS);
        tell_log(&story, "app.log", "assumed", START + 9 * HOUR, N_ROWS);
        tell_log(&story, "day.log", "assumed", START + 8 * HOUR, 2 * HOUR); /* fits nothing */
        fits = zones_fitting(story_view(&story));
        g_assert_cmpuint(fits->len, ==, 1);
        check_fit(fits, 0, 9 * 60, false);
}

/* What goes with one log as it is needs no other zone to go with a second one. */
static void test_fits_already(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) fits = NULL;

        tell_log(&story, "earlier.log", "line", START, N_ROWS);
        tell_log(&story, "proxy.log", "line", START + 3 * HOUR, N_ROWS);
        tell_log(&story, "app.log", "assumed", START + 2 + 3 * HOUR, N_ROWS);
        fits = zones_fitting(story_view(&story));
        g_assert_cmpuint(fits->len, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/zones/cases", test_cases);
        g_test_add_func("/zones/both", test_both);
        g_test_add_func("/zones/alike", test_alike);
        g_test_add_func("/zones/not-alone", test_not_alone);
        g_test_add_func("/zones/fits-already", test_fits_already);
        return g_test_run();
}
