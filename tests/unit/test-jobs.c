/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/jobs.h"

#include "episodes.h"

/* A log with jobs, and orders that fail in 600..700. */
typedef struct Line {
        double second;
        const char *text;
} Line;

static const struct {
        const char *name;
        Line lines[8];
        const char *job; /* what began it; NULL: none goes on */
        double seconds;
} JOBS[] = {
        { "not done, by its number",
          { { 100, "export HX-301 started channels=40" },
            { 102, "export HX-301 finished" },
            { 300, "export HX-302 started channels=65" },
            { 303, "export HX-302 finished" },
            { 580, "export HX-303 started channels=all" } },
          "export HX-303 started channels=all",
          120 },
        { "done late, by its words",
          { { 100, "sync with cms started" },
            { 101, "sync done in 1 s" },
            { 300, "sync with cms started" },
            { 301, "sync done in 1 s" },
            { 580, "sync with cms started" },
            { 690, "sync done in 110 s" } },
          "sync with cms started",
          110 },
        { "others are done meanwhile",
          { { 100, "fees[11]: run started" },
            { 102, "fees[11]: run finished" },
            { 300, "fees[12]: run started" },
            { 302, "fees[12]: run finished" },
            { 580, "interest[13]: run started" },
            { 620, "fees[14]: run started" },
            { 622, "fees[14]: run finished" } },
          "interest[13]: run started",
          120 },
        { "requested by a client of another version, and not delivered",
          { { 100, "price list D-20 requested by TeileSync/2.9.4" },
            { 102, "price list D-20 delivered, 26000 rows" },
            { 300, "price list D-11 requested by curl/8.5.0" },
            { 302, "price list D-11 delivered, 26000 rows" },
            { 580, "price list D-20 requested by TeileSync/3.0.1" } },
          "price list D-20 requested by TeileSync/3.0.1",
          120 },
        { "done as ever",
          { { 100, "run 21 started" },
            { 102, "run 21 finished" },
            { 300, "run 22 started" },
            { 302, "run 22 finished" },
            { 598, "run 23 started" },
            { 604, "run 23 finished" } },
          NULL,
          0 },
        { "done by its outcome",
          { { 100, "saving started by pid 81" },
            { 102, "saving terminated with success" },
            { 300, "saving started by pid 82" },
            { 302, "saving terminated with success" },
            { 580, "saving started by pid 83" },
            { 582, "saving terminated with success" } },
          NULL,
          0 },
        { "it failed",
          { { 100, "batch started size=9" },
            { 102, "batch finished ok=9" },
            { 300, "batch started size=7" },
            { 302, "batch finished ok=7" },
            { 598, "batch started size=5" },
            { 601, "batch finished ok=2 failed=3" } },
          NULL,
          0 },
        { "long before",
          { { 20, "run 21 started" }, { 22, "run 21 finished" }, { 50, "run 22 started" }, { 52, "run 22 finished" }, { 200, "run 23 started" } },
          NULL,
          0 },
        { "behind the first error",
          { { 100, "run 21 started" }, { 102, "run 21 finished" }, { 300, "run 22 started" }, { 302, "run 22 finished" }, { 620, "run 23 started" } },
          NULL,
          0 },
        { "no job of its like was ever done",
          { { 100, "checkpoint starting" },
            { 102, "checkpoint complete" },
            { 300, "checkpoint starting" },
            { 302, "checkpoint complete" },
            { 580, "starting database 15.18" } },
          NULL,
          0 },
        { "frozen, and not thawed",
          { { 100, "db-1: guest freeze" },
            { 102, "db-1: thaw after 2 s" },
            { 300, "db-3: guest freeze" },
            { 301, "db-3: thaw after 1 s" },
            { 580, "db-2: guest freeze" },
            { 690, "db-2: cancelled, thaw" } },
          "db-2: guest freeze",
          110 },
        { "a program that started takes the end of no job",
          { { 100, "[main] pool - starting" },
            { 101, "[main] pool - start completed" },
            { 102, "[main] cart started on port 80" },
            { 300, "[main] pool - starting" },
            { 301, "[main] pool - start completed" },
            { 302, "[main] cart 2.8.4 started" },
            { 580, "[main] pool - starting" },
            { 581, "[main] pool - start completed" } },
          NULL,
          0 },
        { "an end is of the job with most of its words",
          { { 100, "load of prices started" },
            { 102, "load of prices done" },
            { 300, "load of rates started" },
            { 302, "load of rates done" },
            { 580, "load of prices started" },
            { 590, "load of rates started" },
            { 592, "load of rates done" },
            { 690, "load of prices done" } },
          "load of prices started",
          110 },
        { "no other to compare with", { { 300, "run 22 started" }, { 302, "run 22 finished" }, { 580, "run 23 started" } }, NULL, 0 },
};

/* Those of @story, which gets the lines of JOBS[i] at @level. */
static GArray *jobs_of(Story *story, size_t i, Level level) {
        g_auto(Episodes) episodes = { 0 };

        story_repeat(story, "shop.log", 0, 900, 1, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(story, "shop.log", 600, 700, 0.5, LEVEL_ERROR, NULL, "order ", " lost");
        for (size_t j = 0; j < G_N_ELEMENTS(JOBS[i].lines) && JOBS[i].lines[j].text; j++)
                story_tell(story, "jobs.log", JOBS[i].lines[j].second, level, NULL, JOBS[i].lines[j].text);
        episodes = episodes_of(story);
        return jobs_find(episodes_only(&episodes), story_view(story));
}

static void test_case(const void *data) {
        size_t i = GPOINTER_TO_SIZE(data);
        g_auto(Story) story = story_new();
        g_autoptr(GArray) jobs = jobs_of(&story, i, LEVEL_INFO);

        g_assert_cmpuint(jobs->len, ==, JOBS[i].job != NULL);
        if (jobs->len > 0) {
                const Job *job = &g_array_index(jobs, Job, 0);
                g_assert_nonnull(strstr(job->began->text, JOBS[i].job));
                g_assert_cmpfloat_with_epsilon(job->to - job->from, JOBS[i].seconds, 1);
                g_assert_cmpfloat(job->longest_before, <=, 3);
        }
}

/* What programs write for their developers begins and ends all the time. */
static void test_chatter(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GArray) jobs = jobs_of(&story, 0, LEVEL_DEBUG);

        g_assert_cmpuint(jobs->len, ==, 0);
}

/* Lines that one pattern knows need not all begin something. */
static void test_of_pattern(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GArray) jobs = NULL;

        story_pattern(&story, "test/start", ROLE_CHANGE, "changes/restart", 0);
        story_repeat(&story, "shop.log", 0, 900, 1, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(&story, "shop.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
        for (unsigned n = 0; n < 3; n++) {
                g_autofree char *start = g_strdup_printf("start worker process %u", 54 + n), *done = g_strdup_printf("worker process %u done", 54 + n);
                story_tell(&story, "edge.log", 100 + 50 * n, LEVEL_INFO, "test/start", start);
                story_tell(&story, "edge.log", 101 + 50 * n, LEVEL_INFO, NULL, done);
        }
        story_tell(&story, "edge.log", 580, LEVEL_INFO, "test/start", "worker got signal 3 from process 20");
        episodes = episodes_of(&story);
        jobs = jobs_find(episodes_only(&episodes), story_view(&story));
        g_assert_cmpuint(jobs->len, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(JOBS); i++) {
                g_autofree char *path = g_strdup_printf("/jobs/%s", JOBS[i].name);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
        }
        g_test_add_func("/jobs/chatter", test_chatter);
        g_test_add_func("/jobs/of-pattern", test_of_pattern);
        return g_test_run();
}
