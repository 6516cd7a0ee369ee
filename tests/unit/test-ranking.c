/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/ranking.h"

#include "diagnose/changes.h"
#include "diagnose/facets.h"
#include "diagnose/reasons.h"
#include "episodes.h"

/* Bursts of patterns and unknown errors in 600..700; the id or text of the one that should be best. */
typedef struct Burst {
        double from, step;
        const char *pattern, *text;
} Burst;

static const struct {
        const char *name;
        Burst bursts[3];
        const char *best;
} CASES[] = {
        { "the only one", { { 600, 2, NULL, "order lost" } }, "order lost" },
        { "a cause before its symptom", { { 610, 0.2, "test/slow", "HTTP 503" }, { 600, 2, "test/refused", "refused" } }, "test/refused" },
        { "a cause before an unknown error", { { 603, 0.2, NULL, "order lost" }, { 600, 2, "test/refused", "refused" } }, "test/refused" },
        { "what leads to the other", { { 600, 1, "test/refused", "refused" }, { 600, 1, "test/disk", "disk full" } }, "test/disk" },
        { "what filled it", { { 580, 2, "test/loop", "core written" }, { 600, 1, "test/disk", "disk full" } }, "test/loop" },
        { "what would fill it, but has only begun", { { 600, 2, "test/loop", "core written" }, { 600, 1, "test/disk", "disk full" } }, "test/disk" },
        { "the first of two of a kind", { { 640, 0.5, NULL, "mail bounced" }, { 600, 1, NULL, "key expired" } }, "key expired" },
};

static void lead_to(Pattern *pattern, const char *id) {
        const char *const ids[] = { id, NULL };

        g_free((void *)pattern->leads_to);
        pattern->leads_to = g_memdup2(ids, sizeof(ids));
}

static Story story_of(const Burst bursts[static 3]) {
        Story story = story_new();

        lead_to(story_pattern(&story, "test/disk", ROLE_CAUSE, "disk/full", 0), "test/refused");
        lead_to(story_pattern(&story, "test/loop", ROLE_CAUSE, "process/loop", 1), "test/disk");
        story_pattern(&story, "test/refused", ROLE_CAUSE, "net/refused", 1);
        story_pattern(&story, "test/slow", ROLE_SYMPTOM, "http/error", CATEGORY_DEPTH_MAX);
        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
        for (unsigned i = 0; i < 3 && bursts[i].text; i++)
                story_repeat(&story, "app.log", bursts[i].from, 700, bursts[i].step, LEVEL_ERROR, bursts[i].pattern, "", bursts[i].text);
        return story;
}

static void check_form(const Ranking *ranking) {
        for (guint i = 0; i < ranking->order->len; i++) {
                const Candidate *candidate = ranking->order->pdata[i];
                g_assert_cmpfloat(candidate->score, >=, 0);
                g_assert_cmpfloat(candidate->score, <=, 1);
                for (unsigned factor = 0; factor < N_FACTORS; factor++) /* as the JSON report promises */
                        g_assert_true(candidate->value[factor] >= -1 && candidate->value[factor] <= 1);
                g_assert_true(i == 0 || ((const Candidate *)ranking->order->pdata[i - 1])->score >= candidate->score);
        }
}

static void test_order(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_of(CASES[i].bursts);
                g_auto(Episodes) episodes = episodes_of(&story);
                g_autoptr(GPtrArray) nothing = g_ptr_array_new();
                g_autoptr(Ranking) ranking =
                        ranking_new(episodes_only(&episodes), &(Suspects){ episodes.tracks, nothing, nothing, nothing }, &episodes.axis, story_view(&story));
                const Candidate *best;

                g_test_message("%s", CASES[i].name);
                g_assert_cmpuint(ranking->order->len, >, 0);
                check_form(ranking);
                best = ranking->order->pdata[0];
                g_assert_true(best->track.signal == story_signal(&story, CASES[i].best));
        }
}

/* Answers that were never given before are a sign: the change before them is nearer than the one before the first error. */
static void test_sign(void) {
        static const struct {
                const char *name;
                unsigned status, from, to; /* of the answers */
                double first;              /* when the change that ranks first was made; another one was made 2 s before the answers */
        } SIGNS[] = {
                { "refused answers", 405, 582, 700, 580 },           { "good ones", 201, 582, 700, 598 },
                { "refused until just before", 405, 582, 595, 580 }, { "refused, and long over", 405, 550, 570, 598 },
                { "a few refused just before", 405, 590, 595, 598 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) nothing = g_ptr_array_new(), changes = NULL, facets = NULL;
                g_autoptr(Ranking) ranking = NULL;
                Incident *incident = incident_new();
                double first = 0;

                story_pattern(&story, "test/deploy", ROLE_CHANGE, "changes/deploy", 0);
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
                for (unsigned second = SIGNS[i].from; second < SIGNS[i].to; second++)
                        story_answer(&story, "web.log", second, LEVEL_INFO, NULL, SIGNS[i].status, "GET");
                story_tell(&story, "ops.log", SIGNS[i].from - 2, LEVEL_INFO, "test/deploy", "proxy deployed");
                story_tell(&story, "ops.log", 598, LEVEL_INFO, "test/deploy", "shop deployed");
                incident->onset_us = (STORY_START + 600) * INT64_C(1000000);
                incident->end_us = (STORY_START + 700) * INT64_C(1000000);
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                episodes = episodes_of(&story);
                facets = facets_find(episodes_only(&episodes), episodes.tracks, story_view(&story), &episodes.axis, NULL);
                ranking = ranking_new(episodes_only(&episodes), &(Suspects){ episodes.tracks, facets, changes, nothing }, &episodes.axis, story_view(&story));
                for (guint j = ranking->order->len; j > 0; j--) {
                        const Candidate *candidate = ranking->order->pdata[j - 1];
                        first = candidate->kind == CAUSE_CHANGE ? candidate->track.from - STORY_START : first;
                }
                g_test_message("%s", SIGNS[i].name);
                g_assert_cmpfloat(first, ==, SIGNS[i].first);
                incident_free(incident);
        }
}

/* Of @story, whose one episode and what is other about its calm lines are left to the caller, who keeps them as long as it. */
static Ranking *rank(Story *story, Episodes *episodes, GPtrArray **facets, GPtrArray *nothing) {
        *episodes = episodes_of(story);
        *facets = facets_find(episodes_only(episodes), episodes->tracks, story_view(story), &episodes->axis, NULL);
        return ranking_new(episodes_only(episodes), &(Suspects){ episodes->tracks, *facets, nothing, nothing }, &episodes->axis, story_view(story));
}

/* A change in the second of the first error: behind it, before it, or not known, where the errors have whole seconds. */
static void test_same_second(void) {
        static const struct { double error, least, most; } SECONDS[] = { { 600.2, 0, 0.5 }, { 600, 0.6, 0.8 }, { 600.9, 0.6, 1 } };

        for (size_t i = 0; i < G_N_ELEMENTS(SECONDS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) nothing = g_ptr_array_new(), changes = NULL;
                g_autoptr(Ranking) ranking = NULL;
                Incident *incident = incident_new();
                unsigned n = 0;

                story_pattern(&story, "test/set", ROLE_CHANGE, "changes/configuration", 0);
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
                for (double second = SECONDS[i].error; second < 700; second++)
                        story_tell(&story, "web.log", second, LEVEL_ERROR, NULL, "upload lost");
                story_tell(&story, "push.log", 600.7, LEVEL_INFO, "test/set", "balance by number of connections");
                episodes = episodes_of(&story);
                incident->onset_us = (STORY_START + 600) * 1000000;
                incident->end_us = (STORY_START + 700) * 1000000;
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                ranking = ranking_new(episodes_only(&episodes), &(Suspects){ episodes.tracks, nothing, changes, nothing }, &episodes.axis, story_view(&story));
                g_test_message("%.1f", SECONDS[i].error);
                for (guint j = 0; j < ranking->candidates->len; j++) {
                        const Candidate *candidate = &g_array_index(ranking->candidates, Candidate, j);
                        if (candidate->kind != CAUSE_CHANGE)
                                continue;
                        g_assert_cmpfloat(candidate->value[FACTOR_LEAD], >=, SECONDS[i].least);
                        g_assert_cmpfloat(candidate->value[FACTOR_LEAD], <=, SECONDS[i].most);
                        n++;
                }
                g_assert_cmpuint(n, ==, 1);
                incident_free(incident);
        }
}

/* What climbs from before a limit is reached until the end holds it. */
static void test_climb(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GPtrArray) nothing = g_ptr_array_new(), facets = NULL;
        g_autoptr(Ranking) ranking = NULL;
        const Candidate *best;

        story_pattern(&story, "test/full", ROLE_CAUSE, "connections/server-limit", 0);
        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
        for (unsigned second = 5; second < 900; second += 15) {
                unsigned n = second < 545 || second >= 705 ? second / 15 % 2 : 3 * (1 + (second - 545) / 15);
                g_autofree char *text = g_strdup_printf("round done, %u fetches open", n);

                story_tell(&story, "fetch.log", second, LEVEL_INFO, NULL, text);
        }
        story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, "test/full", "too many ", " clients");
        ranking = rank(&story, &episodes, &facets, nothing);
        check_form(ranking);
        best = ranking->order->pdata[0];
        g_assert_true(best->facet && best->facet->kind == FACET_CLIMB);
}

/* Of two that took as long as the incident the one that began first holds the other, and whoever waits for the table. */
static void test_holders(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GPtrArray) nothing = g_ptr_array_new(), facets = NULL;
        g_autoptr(Ranking) ranking = NULL;
        const Candidate *best;

        story_pattern(&story, "test/table-lock", ROLE_CAUSE, "database/schema-lock", 0);
        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(&story, "app.log", 610, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
        for (unsigned second = 100; second < 600; second += 100) {
                story_tell(&story, "export.log", second, LEVEL_INFO, NULL, "export finished in 1.2 s");
                story_tell(&story, "signup.log", second + 1, LEVEL_INFO, NULL, "tenant ready after 0.4 s");
        }
        story_tell(&story, "db.log", 606, LEVEL_INFO, "test/table-lock", "still waiting for the table");
        story_tell(&story, "db.log", 608, LEVEL_INFO, "test/table-lock", "still waiting for the table");
        story_tell(&story, "export.log", 700, LEVEL_INFO, NULL, "export finished in 103 s");
        story_tell(&story, "signup.log", 700, LEVEL_INFO, NULL, "tenant ready after 95 s");
        ranking = rank(&story, &episodes, &facets, nothing);
        best = ranking->order->pdata[0];
        g_assert_true(best->facet && best->facet->kind == FACET_SLOW);
        g_assert_true(g_str_has_prefix(best->facet->evidence[0]->text, "export"));
}

/* An exception says where; what was told once to be far more than ever, before it, may say why. */
static void test_exception(void) {
        for (unsigned huge = 0; huge < 2; huge++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) nothing = g_ptr_array_new(), facets = NULL;
                g_autoptr(Ranking) ranking = NULL;
                const Candidate *best;

                story_pattern(&story, "test/exception", ROLE_CAUSE, "application/exception", 0);
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, "test/exception", "order ", " failed: NullPointerException");
                for (unsigned second = 12; second < 700; second += 20) {
                        g_autofree char *text = g_strdup_printf("import done, rows=560 delisted=%u", second == 592 && huge ? 225 : second % 3);
                        story_tell(&story, "import.log", second, LEVEL_INFO, NULL, text);
                }
                ranking = rank(&story, &episodes, &facets, nothing);
                best = ranking->order->pdata[0];
                g_assert_nonnull(best->track.pattern);
                g_assert_cmpint(best->forerun, ==, huge);
        }
}

/* Of two numbers that are others than ever, both from before the first error on, the one that was first is the likelier cause. */
static void test_gauges(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GPtrArray) nothing = g_ptr_array_new(), facets = NULL;
        g_autoptr(Ranking) ranking = NULL;
        const Candidate *best;

        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(&story, "app.log", 640, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
        for (unsigned second = 5; second < 700; second += 10) {
                story_tell(&story, "couriers.log", second, LEVEL_INFO, NULL, second < 625 ? "assignments assigned=55" : "assignments assigned=0");
                story_tell(&story, "bridge.log", second + 1, LEVEL_INFO, NULL, second < 600 ? "positions received=92" : "positions received=0");
        }
        ranking = rank(&story, &episodes, &facets, nothing);
        best = ranking->order->pdata[0];
        g_assert_nonnull(best->facet);
        g_assert_cmpstr(best->facet->words, ==, "received 0, 92 before");
}

static void test_factors(void) {
        for (Factor factor = 0; factor < N_FACTORS; factor++) {
                g_assert_true(*factor_name(factor) != '\0');
        }
}

/* A facet is titled by the template, or, of what a pattern knows otherwise, by its line. */
static void test_title(void) {
        static const struct {
                const char *shape, *title;
        } TITLES[] = { { "run <*> started", "run <*> started (not done)" }, { "", "run 7 started (not done)" }, { NULL, "run 7 started (not done)" } };
        Exemplar line = { .text = (char *)"run 7 started", .message_len = strlen("run 7 started") };
        Facet facet = { .words = (char *)"not done", .evidence = { &line }, .n_evidence = 1 };

        for (size_t i = 0; i < G_N_ELEMENTS(TITLES); i++) {
                Signal signal = { .shape = (char *)TITLES[i].shape };
                Candidate candidate = { .kind = CAUSE_TEMPLATE, .track = { .signal = &signal }, .facet = &facet };
                g_autofree char *title = reasons_title(NULL, &candidate);

                g_assert_cmpstr(title, ==, TITLES[i].title);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ranking/order", test_order);
        g_test_add_func("/ranking/sign", test_sign);
        g_test_add_func("/ranking/same-second", test_same_second);
        g_test_add_func("/ranking/climb", test_climb);
        g_test_add_func("/ranking/holders", test_holders);
        g_test_add_func("/ranking/exception", test_exception);
        g_test_add_func("/ranking/gauges", test_gauges);
        g_test_add_func("/ranking/factors", test_factors);
        g_test_add_func("/ranking/title", test_title);
        return g_test_run();
}
