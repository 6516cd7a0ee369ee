/* SPDX-License-Identifier: Apache-2.0 */
#include "episodes.h"

typedef struct Burst {
        double from, to, step;
        const char *pattern;
} Burst;

static const struct {
        const char *name;
        Burst bursts[3];
        unsigned n_incidents;
        double from, to; /* of the worst */
} CASES[] = {
        { "nothing", { { 0 } }, 0, 0, 0 },
        { "a blip", { { 500, 502, 0.5, NULL } }, 0, 0, 0 },
        { "one", { { 500, 560, 1, NULL } }, 1, 500, 560 },
        { "one, known", { { 500, 560, 1, "test/refused" } }, 1, 500, 560 },
        { "two that overlap", { { 500, 560, 1, NULL }, { 540, 600, 1, "test/refused" } }, 1, 500, 600 },
        { "two within the gap", { { 500, 560, 1, NULL }, { 590, 650, 1, "test/refused" } }, 1, 500, 650 },
        { "two far apart, the second worse", { { 200, 230, 1, NULL }, { 800, 900, 0.5, "test/refused" } }, 2, 800, 900 },
        { "data refused as ever, and more of it", { { 0, 1200, 10, "test/exists" }, { 500, 560, 0.5, "test/exists" } }, 0, 0, 0 },
        { "data refused as never before, and nothing else", { { 500, 560, 0.5, "test/exists" } }, 0, 0, 0 },
        { "data refused as never before, and somebody fails of it", { { 500, 560, 0.5, "test/exists" }, { 505, 560, 1, NULL } }, 1, 500, 560 },
        { "one critical line", { { 700, 701, 1, "test/corrupt" } }, 1, 700, 701 },
        { "always", { { 0, 1200, 5, NULL } }, 0, 0, 0 },
        { "with a noise that began before and goes on", { { 300, 1190, 8, NULL }, { 600, 700, 0.3, "test/refused" } }, 1, 600, 700 },
        { "with a slow beginning", { { 300, 700, 8, NULL }, { 600, 700, 0.3, "test/refused" } }, 1, 300, 700 },
        { "with stragglers as often as before it", { { 0, 560, 60, NULL }, { 600, 700, 0.1, "test/refused" }, { 701, 1190, 60, "test/lost" } }, 1, 600, 701 },
        { "effects that are few among the usual errors", { { 0, 1200, 1, NULL }, { 500, 560, 2.5, "test/lost" } }, 0, 0, 0 },
        { "few and long among the usual errors", { { 0, 1200, 3, "test/lost" }, { 500, 596, 4, NULL } }, 1, 500, 593 },
        { "few and short among the usual errors", { { 0, 1200, 3, "test/lost" }, { 500, 548, 2, NULL } }, 0, 0, 0 },
        { "effects that are many", { { 0, 1200, 1, NULL }, { 500, 560, 0.5, "test/lost" } }, 1, 500, 560 },
};

static Story story_of(const Burst bursts[static 3]) {
        Story story = story_new();

        story_pattern(&story, "test/refused", ROLE_CAUSE, "net/refused", 1);
        story_pattern(&story, "test/lost", ROLE_SYMPTOM, "net/lost", 3);
        story_pattern(&story, "test/exists", ROLE_SYMPTOM, "application/data", 0);
        story_pattern(&story, "test/corrupt", ROLE_CAUSE, "disk/corrupt", 0)->severity = SEVERITY_CRITICAL;
        story_repeat(&story, "app.log", 0, 1200, 2, LEVEL_INFO, NULL, "order ", " shipped");
        for (unsigned i = 0; i < 3 && bursts[i].to > 0; i++)
                story_repeat(&story, "app.log", bursts[i].from, bursts[i].to, bursts[i].step, LEVEL_ERROR, bursts[i].pattern, "failed ", " times");
        return story;
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_of(CASES[i].bursts);
                g_auto(Episodes) episodes = episodes_of(&story);
                const Episode *worst;

                g_test_message("%s", CASES[i].name);
                g_assert_cmpuint(episodes.list->len, ==, CASES[i].n_incidents);
                if (CASES[i].n_incidents == 0)
                        continue;
                worst = episodes.list->pdata[0];
                g_assert_cmpfloat_with_epsilon(worst->from - (double)STORY_START, CASES[i].from, 2);
                g_assert_cmpfloat_with_epsilon(worst->to - (double)STORY_START, CASES[i].to, 2);
                g_assert_false(worst->whole);
        }
}

/* A log that is nothing but trouble has no quiet part. */
static void test_whole(void) {
        static const struct {
                unsigned n_errors, n_others;
                bool whole;
        } WHOLES[] = { { 3, 5, true }, { 2, 0, false }, { 100, 600, false }, { 100, 100, true } };

        for (size_t i = 0; i < G_N_ELEMENTS(WHOLES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                Episode *whole;

                story_repeat(&story, "app.log", 0, WHOLES[i].n_errors, 1, LEVEL_ERROR, NULL, "failed ", " times");
                story_repeat(&story, "app.log", 0, WHOLES[i].n_others, 1, LEVEL_INFO, NULL, "order ", " shipped");
                episodes = episodes_of(&story);
                whole = incidents_whole(episodes.tracks, &episodes.axis, WHOLES[i].n_errors, WHOLES[i].n_errors + WHOLES[i].n_others);
                g_assert_cmpint(whole != NULL, ==, WHOLES[i].whole);
                if (whole) {
                        g_assert_true(whole->whole);
                        episode_free(whole);
                }
        }
}

/* What the first errors say of how it came to them: that a limit is reached, and since when what they speak of goes on. */
static void test_first(void) {
        static const struct {
                const char *pattern, *text;
                bool fills;
                double since;
        } FIRST[] = {
                { NULL, "order refused", false, 600 },
                { NULL, "price list out of date (150 s)", false, 450 },
                { NULL, "queue age 25 s exceeds its limit", false, 575 },
                { NULL, "no answer after 2 s", false, 600 }, /* too short to matter */
                { "test/full", "no space left", true, 600 },
                { "test/refused", "connection refused", false, 600 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(FIRST); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };

                g_test_message("%s", FIRST[i].text);
                story_pattern(&story, "test/full", ROLE_CAUSE, "disk/full", 0);
                story_pattern(&story, "test/refused", ROLE_CAUSE, "net/refused", 1);
                story_repeat(&story, "app.log", 0, 1200, 2, LEVEL_INFO, NULL, "order ", " shipped");
                for (double second = 600; second < 700; second++)
                        story_tell(&story, "app.log", second, LEVEL_ERROR, FIRST[i].pattern, FIRST[i].text);
                episodes = episodes_of(&story);
                g_assert_cmpint(episodes_only(&episodes)->fills, ==, FIRST[i].fills);
                g_assert_cmpfloat_with_epsilon(episodes_only(&episodes)->since - (double)STORY_START, FIRST[i].since, 1e-6);
        }
}

static void test_logins(void) {
        for (unsigned others = 0; others < 2; others++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };

                story_pattern(&story, "test/login", ROLE_CAUSE, "authentication/credentials", 0);
                story_repeat(&story, "app.log", 0, 1200, 1, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 660, 1, LEVEL_ERROR, "test/login", "sign-in refused, number ", "");
                if (others)
                        story_repeat(&story, "app.log", 600, 660, 1, LEVEL_ERROR, NULL, "order ", " lost");
                episodes = episodes_of(&story);
                g_assert_cmpint(episodes_only(&episodes)->logins, ==, !others);
        }
}

/* New warnings that last into the errors say since when it hurts; not where something fills up, which warns, too. */
static void test_warned_since(void) {
        static const struct {
                const char *pattern; /* of the errors */
                double from, to, step, since;
        } SINCE[] = {
                { NULL, 540, 700, 2, 540 },        { NULL, 540, 590, 2, 600 }, /* over before */
                { NULL, 540, 700, 12, 600 },                                   /* few */
                { NULL, 30, 700, 2, 600 },                                     /* as long as there is this log */
                { "test/full", 540, 700, 2, 600 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(SINCE); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };

                story_pattern(&story, "test/full", ROLE_CAUSE, "disk/full", 0);
                story_repeat(&story, "app.log", 0, 1200, 0.1, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", SINCE[i].from, SINCE[i].to, SINCE[i].step, LEVEL_WARNING, NULL, "no bay free for car ", "");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, SINCE[i].pattern, "order ", " lost");
                episodes = episodes_of(&story);
                g_test_message("%zu", i);
                g_assert_cmpfloat_with_epsilon(episodes_only(&episodes)->since - (double)STORY_START, SINCE[i].since, 2);
        }
}

/* Warnings of many clients: new ones, and ones that were there before and come much oftener; the fainter ones only where nothing else is wrong. */
static void test_warnings(void) {
        static const struct {
                double usual, step, to; /* seconds from one to the next at all times, 0: none, and from the 600th to @to */
                bool fails;             /* there are errors at another time */
                unsigned n_incidents;
                const char *words; /* "slot expired for guest N" where NULL */
        } WARNINGS[] = {
                { 0, 0.5, 660, false, 1 },
                { 0, 0.5, 660, true, 2 },
                { 0, 0.5, 620, false, 0 }, /* too short */
                { 0, 1.5, 720, false, 1 }, /* faint */
                { 0, 1.5, 720, true, 1 },  /* faint beside errors */
                { 0, 10, 1190, false, 0 }, /* too few of all */
                { 4, 0.1, 700, false, 1 }, /* much oftener */
                { 4, 0.1, 700, true, 1 },
                { 4, 0.1, 660, false, 0 },                                   /* much oftener, and soon over */
                { 4, 0.5, 700, false, 0 },                                   /* oftener */
                { 0, 0.5, 660, false, 0, "not sent, attempt 1, again in " }, /* what is tried again */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(WARNINGS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };

                story_repeat(&story, "app.log", 0, 1200, 0.1, LEVEL_INFO, NULL, "order ", " shipped");
                if (WARNINGS[i].usual > 0)
                        story_repeat(&story, "app.log", 0, 1200, WARNINGS[i].usual, LEVEL_WARNING, NULL, "slot expired for guest ", "");
                story_repeat(&story, "app.log", 600, WARNINGS[i].to, WARNINGS[i].step, LEVEL_WARNING, NULL,
                             WARNINGS[i].words ? WARNINGS[i].words : "slot expired for guest ", "");
                if (WARNINGS[i].fails)
                        story_repeat(&story, "app.log", 100, 160, 0.5, LEVEL_ERROR, NULL, "failed ", " times");
                episodes = episodes_of(&story);
                g_test_message("%zu", i);
                g_assert_cmpuint(episodes.list->len, ==, WARNINGS[i].n_incidents);
        }
}

/* A limit is there for the few who ask too much; where many run into it, it is one. */
static void test_few_clients(void) {
        static const char *const FORMS[] = { "203.0.113.%u - - GET /stock 429", "over its limit client=grab%u" };

        for (unsigned i = 0; i < 12; i++) {
                unsigned n_clients = 1 + i % 6;
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };

                story_pattern(&story, "test/limit", ROLE_SYMPTOM, "http/rate-limit", 2);
                story_repeat(&story, "app.log", 0, 1200, 2, LEVEL_INFO, NULL, "order ", " shipped");
                for (unsigned second = 600; second < 680; second++) {
                        g_autofree char *text = g_strdup_printf(FORMS[i / 6], second % n_clients);
                        story_tell(&story, "access.log", second, LEVEL_ERROR, "test/limit", i % 2 && second % 7 == 0 ? "served, status=429" : text);
                }
                episodes = episodes_of(&story);
                g_test_message("%u", n_clients);
                g_assert_cmpuint(episodes.list->len, ==, n_clients > 3);
        }
}

/* What a limit that is at work answers is no outage; where more is answered so than it refused, it is. */
static void test_answers_of_limit(void) {
        for (unsigned each = 1; each <= 2; each++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };

                story_pattern(&story, "test/limit", ROLE_SYMPTOM, "http/rate-limit", 2);
                story_pattern(&story, "test/unavailable", ROLE_SYMPTOM, "http/bad-gateway", 3);
                story_repeat(&story, "app.log", 0, 1200, 2, LEVEL_INFO, NULL, "order ", " shipped");
                for (unsigned second = 600; second < 624; second++) {
                        for (unsigned i = 0; i < 2; i++)
                                story_tell(&story, "error.log", second, LEVEL_ERROR, "test/limit", "limiting requests of 192.0.2.251");
                        for (unsigned i = 0; i < 2 * each; i++)
                                story_answer(&story, "access.log", second, LEVEL_ERROR, "test/unavailable", 503, "192.0.2.251 GET /setup.php 503");
                }
                episodes = episodes_of(&story);
                g_assert_cmpuint(episodes.list->len, ==, each - 1);
        }
}

/* What is tried again and not given up is no incident, whether a pattern knows the symptom or not; a cause that a pattern knows is one. */
static void test_attempts(void) {
        static const struct {
                const char *pattern, *text;
                guint n;
        } ATTEMPTS[] = {
                { NULL, "scan refused, attempt 1 of 6", 0 },
                { "test/unavailable", "scanner answered 503, attempt 1 of 6", 0 },
                { "test/unavailable", "scanner answered 503, attempt 6 of 6", 1 },
                { "test/full", "no space left, attempt 1 of 6", 1 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(ATTEMPTS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };

                story_pattern(&story, "test/unavailable", ROLE_SYMPTOM, "http/bad-gateway", 3);
                story_pattern(&story, "test/full", ROLE_CAUSE, "disk/full", 0);
                story_repeat(&story, "app.log", 0, 1200, 2, LEVEL_INFO, NULL, "order ", " shipped");
                for (double second = 600; second < 680; second++)
                        story_tell(&story, "app.log", second, LEVEL_ERROR, ATTEMPTS[i].pattern, ATTEMPTS[i].text);
                episodes = episodes_of(&story);
                g_test_message("%s", ATTEMPTS[i].text);
                g_assert_cmpuint(episodes.list->len, ==, ATTEMPTS[i].n);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/incidents/cases", test_cases);
        g_test_add_func("/incidents/whole", test_whole);
        g_test_add_func("/incidents/first", test_first);
        g_test_add_func("/incidents/logins", test_logins);
        g_test_add_func("/incidents/warned-since", test_warned_since);
        g_test_add_func("/incidents/warnings", test_warnings);
        g_test_add_func("/incidents/few-clients", test_few_clients);
        g_test_add_func("/incidents/answers-of-limit", test_answers_of_limit);
        g_test_add_func("/incidents/attempts", test_attempts);
        return g_test_run();
}
