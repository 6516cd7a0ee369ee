/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/clocks.h"

#include "episodes.h"

#include <math.h>

#define SECONDS 400

/* What app.log says of a request that front.log has, too. */
typedef enum {
        AT_ONCE,
        FAR_APART,  /* at a distance that varies by seconds */
        TWICE,      /* at once, and again after three seconds */
        IN_MINUTES, /* not of requests at all: both have a job every minute, app.log three seconds later */
} Habit;

static const struct {
        const char *name;
        Habit habit;
        double ahead; /* app.log's clock */
        bool found;
} CASES[] = {
        { "clocks agree", AT_ONCE, 0, false },
        { "a second is nothing", AT_ONCE, 1, false },
        { "ahead", AT_ONCE, 3, true },
        { "ahead by a part of a second more", AT_ONCE, 4.4, true },
        { "behind", AT_ONCE, -17, true },
        { "farther than anybody looks", AT_ONCE, 75, false },
        { "a true delay varies", FAR_APART, 3, false },
        { "two lines at two distances", TWICE, 3, false },
        { "what is regular keeps any distance", IN_MINUTES, 3, false },
};

/* The state of the generator is @state. */
static double random_share(uint32_t *state) {
        *state = *state * 1664525 + 1013904223;
        return (double)((*state >> 8) + 1) / ((1 << 24) + 1);
}

/* Seconds to the next request: they come when they like. */
static double pause_of(uint32_t *state) {
        return -log(random_share(state)) / 2;
}

static void tell(Story *story, const char *source, double second, const char *text, unsigned n) {
        g_autofree char *line = g_strdup_printf("%s %u", text, n);

        story_tell(story, source, second, LEVEL_INFO, NULL, line);
}

static void tell_requests(Story *story, Habit habit, double ahead) {
        uint32_t state = 7;
        unsigned n = 1000;

        for (double second = 100; second < 100 + SECONDS; second += pause_of(&state)) {
                double late = habit == FAR_APART ? 4 * random_share(&state) : 0.02;

                tell(story, "front.log", second, "answered request", ++n);
                tell(story, "app.log", second + late + (habit == TWICE ? 0 : ahead), "order placed by request", n);
                if (habit == TWICE)
                        tell(story, "app.log", second + ahead, "mail sent for request", n);
        }
}

static void tell_minutes(Story *story, double ahead) {
        for (double second = 100; second < 100 + 10 * SECONDS; second += 60) {
                tell(story, "front.log", second, "cleaned up files", (unsigned)second);
                tell(story, "app.log", second + ahead, "wrote figures of minute", (unsigned)second);
        }
}

static GArray *compare(Story *story) {
        g_auto(Episodes) episodes = episodes_of(story);

        return clocks_compare(story_view(story), &episodes.axis, episodes.list);
}

static const char *source_name(Story *story, uint32_t source) {
        return ((const SourceRecord *)story_view(story)->sources->pdata[source])->name;
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GArray) clocks = NULL;

                g_test_message("%s", CASES[i].name);
                if (CASES[i].habit == IN_MINUTES)
                        tell_minutes(&story, CASES[i].ahead);
                else
                        tell_requests(&story, CASES[i].habit, CASES[i].ahead);
                clocks = compare(&story);
                g_assert_cmpuint(clocks->len, ==, CASES[i].found);
                if (CASES[i].found) {
                        /* Of two, the one that is named first is the reference. */
                        const ClockDifference *clock = &g_array_index(clocks, ClockDifference, 0);
                        g_assert_cmpstr(source_name(&story, clock->source), ==, "front.log");
                        g_assert_cmpstr(source_name(&story, clock->reference), ==, "app.log");
                        g_assert_cmpfloat_with_epsilon(clock->seconds, -CASES[i].ahead, 0.3);
                }
        }
}

/* Two agree, the third differs from both: it is the one that is told. */
static void test_majority(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) clocks = NULL;
        const ClockDifference *clock;
        uint32_t state = 3;
        unsigned n = 1000;

        for (double second = 100; second < 100 + SECONDS; second += pause_of(&state)) {
                tell(&story, "app.log", second + 5, "order placed by request", ++n);
                tell(&story, "front.log", second, "answered request", n);
                tell(&story, "stock.log", second, "article taken for request", n);
        }
        clocks = compare(&story);
        g_assert_cmpuint(clocks->len, ==, 1);
        clock = &g_array_index(clocks, ClockDifference, 0);
        g_assert_cmpstr(source_name(&story, clock->source), ==, "app.log");
        g_assert_cmpstr(source_name(&story, clock->reference), ==, "front.log");
        g_assert_cmpfloat_with_epsilon(clock->seconds, 5, 0.3);
}

/* In an incident what waits is late, and always by its patience. */
static void test_incident(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) clocks = NULL;
        uint32_t state = 5;
        unsigned n = 1000;

        for (double second = 0; second < 1000; second += 3 * pause_of(&state))
                tell(&story, state & 256 ? "front.log" : "app.log", second, "page read", ++n);
        for (double second = 400; second < 700; second += pause_of(&state)) {
                story_tell(&story, "front.log", second, LEVEL_ERROR, NULL, "upstream gave no answer");
                story_tell(&story, "app.log", second, LEVEL_ERROR, NULL, "no answer from the stock within three seconds");
                tell(&story, "front.log", second, "tried request", ++n);
                tell(&story, "app.log", second + 3, "gave up request", n);
        }
        clocks = compare(&story);
        g_assert_cmpuint(clocks->len, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/clocks/cases", test_cases);
        g_test_add_func("/clocks/majority", test_majority);
        g_test_add_func("/clocks/incident", test_incident);
        return g_test_run();
}
