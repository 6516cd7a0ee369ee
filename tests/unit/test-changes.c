/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/changes.h"

#include "diagnose/settings.h"
#include "diagnose/triggers.h"
#include "story.h"

#define ONSET 600.0

/* One line at @second before or behind an onset; what is told of it. */
static const struct {
        double second;
        const char *pattern;
        Level level;
        const char *text;
        bool found;
        bool fills; /* what began at the onset fills something up */
} CASES[] = {
        { 590, "test/deploy", LEVEL_INFO, "deployed v7", true },
        { 310, "test/deploy", LEVEL_INFO, "deployed v7", true },
        { 290, "test/deploy", LEVEL_INFO, "deployed v7", false }, /* too early */
        { 650, "test/deploy", LEVEL_INFO, "deployed v7", true },  /* in it: told, no trigger */
        { 750, "test/deploy", LEVEL_INFO, "deployed v7", false }, /* when it is over */
        { 590, "test/refused", LEVEL_ERROR, "refused", false },   /* no change */
        { 590, NULL, LEVEL_INFO, "quota file loaded", true },     /* in words of a change */
        { 400, NULL, LEVEL_INFO, "quota file loaded", false },    /* words count when they are near */
        { 400, NULL, LEVEL_INFO, "quota file loaded", true, true },
        { 290, NULL, LEVEL_INFO, "quota file loaded", false, true },
        { 590, NULL, LEVEL_ERROR, "quota file loaded", false },
        { 590, NULL, LEVEL_ERROR, "fail over faster: timeout 10s -> 1400ms", true }, /* with both values, whatever level its words suggest */
        { 590, NULL, LEVEL_ERROR, "replica a -> b failed", false },
        { 590, NULL, LEVEL_INFO, "order 7 shipped", false },
        { 599.5, NULL, LEVEL_INFO, "schema v3", true },            /* whatever its words, in the second before */
        { 599.5, NULL, LEVEL_INFO, "checkpoint complete", false }, /* which comes every few minutes */
};

static const struct {
        const char *change, *title;
        bool about;
} ABOUT[] = {
        { "max_connections 100 -> 8", "MySQL refuses connections, max_connections is reached", true },
        { "connections limited to 8", "MySQL refuses connections, max_connections is reached", true },
        { "stream PROGRESS consumer=tap action=create", "JetStream has no room left", false },
        { "pool of 5", "The connection pool has no connection left", false }, /* too short a word to say so */
};

/* A change of the limit itself names it. */
static void test_about(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(ABOUT); i++) {
                Exemplar line = { .text = (char *)ABOUT[i].change, .message_len = (uint32_t)strlen(ABOUT[i].change) };
                Change change = { .evidence = { .exemplar = &line } };
                Signal signal = { 0 };

                g_test_message("%s", ABOUT[i].change);
                g_assert_cmpint(changes_is_about(&change, &signal, ABOUT[i].title), ==, ABOUT[i].about);
        }
}

/* Lines of a setting before, in and behind an incident in 600..700 whose errors come all the time; is the change at 590 refuted? */
static const struct {
        const char *name;
        double undone, errors_until;
        bool refuted;
        int64_t age; /* seconds after which the errors come */
} UNDONE[] = {
        { "undone in the middle, and the errors go on", 640, 700, true },
        { "undone in the middle, and they end", 640, 641, false },
        { "undone in the middle, and the last errors are late", 640, 680, false, 30 },
        { "undone in the middle, and the errors go on for longer than they are late", 620, 700, true, 30 },
        { "undone, and who keeps what he looked up goes on for half a minute", 665, 700, false },
        { "undone at the end", 699, 700, false },
        { "undone before they begin", 597, 700, true },
        { "never undone", 0, 700, false },
};

static void test_refuted(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(UNDONE); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GPtrArray) changes = NULL;
                Incident *incident = incident_new();
                const Change *change;

                g_test_message("%s", UNDONE[i].name);
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                story_repeat(&story, "app.log", ONSET, UNDONE[i].errors_until, 1, LEVEL_ERROR, NULL, "order ", " lost");
                story_tell(&story, "ops.log", 300, LEVEL_INFO, NULL, "settings loaded pool=5");
                story_tell(&story, "ops.log", 590, LEVEL_INFO, NULL, "settings loaded pool=50");
                if (UNDONE[i].undone > 0)
                        story_tell(&story, "ops.log", UNDONE[i].undone, LEVEL_INFO, NULL, "settings loaded pool=5");
                incident->onset_us = (STORY_START + (int64_t)ONSET) * 1000000;
                incident->end_us = incident->onset_us + 100 * 1000000;
                incident->age_us = UNDONE[i].age * 1000000;
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                change = changes->pdata[0];
                g_assert_cmpint(change->evidence.time_us, ==, (STORY_START + 590) * 1000000);
                g_assert_cmpint(change->refuted, ==, UNDONE[i].refuted);
                g_assert_cmpint(change->undone.exemplar != NULL, ==, UNDONE[i].undone > 0);
                if (change->undone.exemplar)
                        g_assert_cmpint(change->undone.time_us, ==, change->undone_us);
                incident_free(incident);
        }
}

static Story story_with(size_t i) {
        Story story = story_new();

        story_pattern(&story, "test/deploy", ROLE_CHANGE, "changes/deploy", 0);
        story_pattern(&story, "test/refused", ROLE_CAUSE, "net/refused", 1);
        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
        story_tell(&story, "app.log", CASES[i].second, CASES[i].level, CASES[i].pattern, CASES[i].text);
        return story;
}

static Incident *incident_at_onset(void) {
        Incident *incident = incident_new();

        incident->onset_us = (STORY_START + (int64_t)ONSET) * 1000000;
        incident->end_us = incident->onset_us + 100 * 1000000;
        return incident;
}

static void test_find(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_with(i);
                Incident *incident = incident_at_onset();
                g_autoptr(GPtrArray) changes = NULL;

                incident->fills = CASES[i].fills;
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                g_test_message("%g: %s", CASES[i].second, CASES[i].text);
                g_assert_cmpuint(changes->len, ==, CASES[i].found);
                if (CASES[i].found) {
                        const Change *change = changes->pdata[0];
                        g_assert_cmpint(change->lead_us, ==, (int64_t)((ONSET - CASES[i].second) * 1e6));
                        g_assert_cmpstr(change->evidence.exemplar->text, ==, CASES[i].text);
                }
                incident_free(incident);
        }
}

/* What came behind the cause did not set it off; times may be whole seconds. */
static void test_behind(void) {
        static const struct {
                double second;
                bool tied;
        } TIMES[] = { { ONSET - 10, true }, { ONSET + 1, true }, { ONSET + 2, false } };

        for (size_t i = 0; i < G_N_ELEMENTS(TIMES); i++) {
                g_auto(Story) story = story_new();
                Incident *incident = incident_at_onset();
                Cause *cause = cause_new();

                story_pattern(&story, "test/deploy", ROLE_CHANGE, "changes/deploy", 0);
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                story_tell(&story, "ops.log", TIMES[i].second, LEVEL_INFO, "test/deploy", "deployed v7");
                g_ptr_array_unref(incident->changes);
                incident->changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                cause->onset_us = incident->onset_us;
                triggers_tie(cause, incident);
                g_assert_cmpuint(incident->changes->len, ==, 1);
                g_assert_cmpuint(cause->just_before->len, ==, TIMES[i].tied);
                cause_free(cause);
                incident_free(incident);
        }
}

/* Many lines at one moment are one thing that happened; @times of them, and a request that was answered with @status. */
static void test_burst(void) {
        static const struct {
                const char *name;
                double step;
                unsigned times, status;
                bool found;
        } BURSTS[] = {
                { "at one moment", 0.02, 30, 0, true },
                { "over a minute", 2, 30, 0, false },
                { "a request", 1, 1, 200, true },
                { "a request that was refused", 1, 1, 404, false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(BURSTS); i++) {
                g_auto(Story) story = story_new();
                Incident *incident = incident_at_onset();
                g_autoptr(GPtrArray) changes = NULL;

                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                for (unsigned n = 0; n < BURSTS[i].times; n++)
                        story_answer(&story, "app.log", 599 - n * BURSTS[i].step, LEVEL_INFO, NULL, BURSTS[i].status, "route removed from table");
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                g_test_message("%s", BURSTS[i].name);
                g_assert_cmpint(changes->len > 0, ==, BURSTS[i].found);
                incident_free(incident);
        }
}

/* A line without words of a change is one when it gives a value that was the same at least twice before, and is not now this and now that. */
static void test_setting(void) {
        static const struct {
                const char *lines[6]; /* at 100, 300, 590, and behind the onset */
                bool found;
        } SETTINGS[] = {
                { { "tiles kept=600 from a.conf", "tiles kept=600 from a.conf", "tiles kept=5000 from a.conf" }, true },
                { { "tiles kept=600 from a.conf", "tiles kept=600 from a.conf", "tiles kept=600 from a.conf" }, false },
                { { "tiles kept=600 from a.conf", "tiles kept=700 from a.conf", "tiles kept=800 from a.conf" }, false }, /* differs each time */
                { { "tiles kept=600 from a.conf", "tiles kept=600 from a.conf", "tiles kept=5000 from a.conf", "tiles kept=600 from a.conf" }, true },
                { { "probe disk=140", "probe disk=140", "probe disk=137", "probe disk=140", "probe disk=58", "probe disk=140" }, false },
                { { NULL, "tiles kept=600 from a.conf", "tiles kept=5000 from a.conf" }, false }, /* once is no rule */
                { { "tiles chunk=10 done", "tiles chunk=10 done", "tiles chunk=20 done" }, true },
                { { "tiles took_ms=6 done", "tiles took_ms=6 done", "tiles took_ms=9 done" }, false }, /* no setting */
        };
        static const double SECONDS[] = { 100, 300, 590, 710, 720, 730 };

        for (size_t i = 0; i < G_N_ELEMENTS(SETTINGS); i++) {
                g_auto(Story) story = story_new();
                Incident *incident = incident_at_onset();
                g_autoptr(GPtrArray) changes = NULL;

                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                for (size_t j = 0; j < G_N_ELEMENTS(SECONDS); j++)
                        if (SETTINGS[i].lines[j])
                                story_tell(&story, "app.log", SECONDS[j], LEVEL_INFO, NULL, SETTINGS[i].lines[j]);
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                g_test_message("%s", SETTINGS[i].lines[2]);
                g_assert_cmpuint(changes->len, ==, SETTINGS[i].found);
                incident_free(incident);
        }
}

/* What a program reads at each of its starts is told in many lines, yet at few moments. */
static void test_start_lines(void) {
        static const double MOMENTS[] = { 100, 300, 500, 590 };
        g_auto(Story) story = story_new();
        Incident *incident = incident_at_onset();
        g_autoptr(GPtrArray) changes = NULL;

        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
        for (size_t i = 0; i < G_N_ELEMENTS(MOMENTS); i++)
                for (unsigned n = 0; n < 8; n++)
                        story_tell(&story, "app.log", MOMENTS[i] + 0.01 * n, LEVEL_INFO, NULL, i == 3 && n == 7 ? "rule read agree=0.03" : "rule read agree=3");
        changes = changes_find(incident, story_view(&story), story.patterns, NULL);
        g_assert_cmpuint(changes->len, ==, 1);
        g_assert_cmpstr(((const Change *)changes->pdata[0])->evidence.exemplar->text, ==, "rule read agree=0.03");
        incident_free(incident);
}

/* A nearer change ties, one far away does not; words that cause and change share bring them together; what was taken back when all was over is the one. */
static void test_tie(bool taken_back, const char *tied) {
        g_auto(Story) story = story_new();
        Incident *incident = incident_at_onset();
        Cause *cause = cause_new();
        const Signal *signal;
        Evidence evidence;

        story_pattern(&story, "test/deploy", ROLE_CHANGE, "changes/deploy", 0);
        story_tell(&story, "a.log", 330, LEVEL_INFO, "test/deploy", "deployed the mailer");
        story_tell(&story, "a.log", 540, LEVEL_INFO, "test/deploy", "rates job enabled");
        story_tell(&story, "b.log", 590, LEVEL_INFO, "test/deploy", "deployed the checkout");
        story_tell(&story, "b.log", 600, LEVEL_ERROR, NULL, "checkout refused");
        if (taken_back)
                story_tell(&story, "a.log", 699, LEVEL_INFO, "test/deploy", "rates job disabled");
        signal = story_signal(&story, "checkout refused");
        evidence = (Evidence){ "b.log", 2, 100, signal->first[0].time_us, LEVEL_ERROR, &signal->first[0] };
        g_array_append_val(cause->evidence, evidence);
        cause->onset_us = incident->onset_us;
        g_ptr_array_unref(incident->changes);
        incident->changes = changes_find(incident, story_view(&story), story.patterns, NULL);
        g_assert_cmpuint(incident->changes->len, ==, taken_back ? 4 : 3);
        triggers_tie(cause, incident);
        g_assert_cmpuint(cause->just_before->len, >=, 1);
        g_assert_cmpstr(((const Change *)cause->just_before->pdata[0])->evidence.exemplar->text, ==, tied);
        cause_free(cause);
        incident_free(incident);
}

static void test_ties(void) {
        test_tie(false, "deployed the checkout");
        test_tie(true, "rates job enabled");
}

/* Of many the nearest to the onset stay. */
static void test_bound(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GPtrArray) changes = NULL;
        Incident *incident = incident_at_onset();

        story_pattern(&story, "test/deploy", ROLE_CHANGE, "changes/deploy", 0);
        for (int i = 0; i < 50; i++) /* at intervals that shrink: what comes by the clock is no change */
                story_tell(&story, "a.log", ONSET - (50 - i) * (50 - i) / 10.0, LEVEL_INFO, "test/deploy", "deployed v");
        changes = changes_find(incident, story_view(&story), story.patterns, NULL);
        g_assert_cmpuint(changes->len, ==, CHANGES_MAX);
        for (guint i = 1; i < changes->len; i++)
                g_assert_cmpint(((const Change *)changes->pdata[i - 1])->lead_us, >=, ((const Change *)changes->pdata[i])->lead_us);
        incident_free(incident);
}

/* Of many lines at one moment of one log a few are told, so that they do not crowd out what was done before. */
static void test_crowd(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GPtrArray) changes = NULL;
        Incident *incident = incident_at_onset();

        story_pattern(&story, "test/deploy", ROLE_CHANGE, "changes/deploy", 0);
        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
        story_tell(&story, "ops.log", 560, LEVEL_INFO, "test/deploy", "deployed the mailer");
        for (int i = 0; i < 30; i++) {
                g_autofree char *text = g_strdup_printf("flag set, %c%c merged into %c%c", 'a' + i % 26, 'c' + i / 26, 'd' + i % 20, 'x' - i % 5);
                story_tell(&story, "dedupe.log", 592, LEVEL_INFO, NULL, text);
        }
        changes = changes_find(incident, story_view(&story), story.patterns, NULL);
        g_assert_cmpuint(changes->len, >=, 1 + RUMOURS_TOGETHER_MAX);
        g_assert_cmpstr(((const Change *)changes->pdata[0])->evidence.exemplar->text, ==, "deployed the mailer");
        incident_free(incident);
}

/* What a run tells that it did is not taken back by the next one's; what a line that speaks of a change gave another value is. */
static void test_run(void) {
        static const struct {
                const char *format;
                bool undone;
        } RUNS[] = { { "run done, merged %d, limit 5", false }, { "list loaded, merged %d, limit 5", true } };

        for (size_t i = 0; i < G_N_ELEMENTS(RUNS); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GPtrArray) changes = NULL;
                Incident *incident = incident_at_onset();
                const Change *change;

                story_pattern(&story, "test/run", ROLE_CHANGE, "changes/job", 0);
                for (int run = 0; run < 6; run++) {
                        g_autofree char *text = g_strdup_printf(RUNS[i].format, run == 4 ? 39 : 0);
                        story_tell(&story, "dedupe.log", (double[]){ 10, 130, 270, 410, 592, 650 }[run], LEVEL_INFO, "test/run", text);
                }
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                change = changes->pdata[changes->len - 2];
                g_test_message("%s", RUNS[i].format);
                g_assert_nonnull(strstr(change->evidence.exemplar->text, "39"));
                g_assert_cmpint(change->undone_us != TIME_NONE, ==, RUNS[i].undone);
                incident_free(incident);
        }
}

/* "chunk=10", 20, 30: what counts up is no setting, whatever the words. */
static void test_count(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GPtrArray) changes = NULL;
        Incident *incident = incident_at_onset();

        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
        for (int chunk = 1; chunk <= 6; chunk++) {
                g_autofree char *text = g_strdup_printf("backfill progress chunk=%d", 10 * chunk);
                story_tell(&story, "job.log", ONSET - 25 + 10 * chunk, LEVEL_INFO, NULL, text);
        }
        changes = changes_find(incident, story_view(&story), story.patterns, NULL);
        for (guint i = 0; i < changes->len; i++)
                g_assert_cmpuint(((const Change *)changes->pdata[i])->settings->len, ==, 0);
        incident_free(incident);
}

/* What a program says at its start counts, whatever its words, where a value is another than at the start before. */
static void test_start(void) {
        static const char *const STORES[] = { "store redis://db/1", "store redis://db/0" };

        for (size_t i = 0; i < G_N_ELEMENTS(STORES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GPtrArray) changes = NULL;
                Incident *incident = incident_at_onset();

                story_pattern(&story, "test/start", ROLE_CHANGE, "changes/restart", 0);
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                story_tell(&story, "node.log", 100, LEVEL_INFO, "test/start", "listening");
                story_tell(&story, "node.log", 100, LEVEL_INFO, NULL, "node 3, store redis://db/0");
                story_tell(&story, "node.log", 590, LEVEL_INFO, "test/start", "listening");
                story_tell(&story, "node.log", 591, LEVEL_INFO, NULL, i == 0 ? "node 3, store redis://db/1" : "node 3, store redis://db/0");
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                g_test_message("%s", STORES[i]);
                g_assert_cmpuint(changes->len, ==, i == 0 ? 2 : 1);
                incident_free(incident);
        }
}

/* So it does where a word is another than at all starts before; where nobody starts, it is one line of many. */
static void test_start_words(void) {
        for (int starts = 0; starts <= 1; starts++) {
                g_auto(Story) story = story_new();
                g_autoptr(GPtrArray) changes = NULL;
                Incident *incident = incident_at_onset();

                story_pattern(&story, "test/start", ROLE_CHANGE, "changes/restart", 0);
                story_repeat(&story, "node.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                story_tell(&story, "node.log", 100, LEVEL_INFO, "test/start", "listening");
                story_tell(&story, "node.log", 100, LEVEL_INFO, NULL, "pool ready nodes=a,b,c");
                story_tell(&story, "node.log", 300, LEVEL_INFO, "test/start", "listening");
                story_tell(&story, "node.log", 300, LEVEL_INFO, NULL, "pool ready nodes=a,b,c");
                if (starts)
                        story_tell(&story, "node.log", 590, LEVEL_INFO, "test/start", "listening");
                story_tell(&story, "node.log", 591, LEVEL_INFO, NULL, "pool ready nodes=b,a,c");
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                g_assert_cmpuint(changes->len, ==, starts ? 3 : 1);
                if (starts) {
                        const Change *change = changes->pdata[2];
                        g_assert_cmpuint(settings_count(change), ==, 1);
                        g_assert_cmpstr(g_array_index(change->settings, Setting, 0).was, ==, "a,b,c");
                }
                incident_free(incident);
        }
}

/* In the log of somebody who acts a line tells a change, whatever its words but those of failures; not where much is said, nor when it was said before. */
static void test_act(void) {
        static const struct {
                const char *name;
                const char *before, *line;
                unsigned every; /* seconds between other lines of its log */
                guint n;
        } LINES[] = {
                { "an act", "plan 7 of desk 3", "canary booking on app-4, 25 percent", 100, 1 },
                { "as before", "canary booking on app-4, 25 percent", "canary booking on app-4, 25 percent", 100, 0 },
                { "where much is said", "plan 7 of desk 3", "canary booking on app-4, 25 percent", 10, 0 },
                { "what went wrong", "plan 7 of desk 3", "assertion results: FAILURE_SSH", 100, 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GPtrArray) changes = NULL;
                Incident *incident = incident_at_onset();

                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                story_repeat(&story, "ops.log", 0, 1000, LINES[i].every, LEVEL_INFO, NULL, "probe ", " answered");
                story_tell(&story, "ops.log", 200, LEVEL_INFO, NULL, LINES[i].before);
                story_tell(&story, "ops.log", ONSET - 8, LEVEL_INFO, NULL, LINES[i].line);
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                g_test_message("%s", LINES[i].name);
                g_assert_cmpuint(changes->len, ==, LINES[i].n);
                incident_free(incident);
        }
}

static void test_regular(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GPtrArray) changes = NULL;
        Incident *incident = incident_at_onset();

        story_pattern(&story, "test/load", ROLE_CHANGE, "changes/configuration", 0);
        story_repeat(&story, "a.log", ONSET - 250, ONSET, 8, LEVEL_INFO, "test/load", "rates refreshed", "");
        changes = changes_find(incident, story_view(&story), story.patterns, NULL);
        g_assert_cmpuint(changes->len, ==, 0);
        incident_free(incident);
}

/* What was changed stands beside the line that says so; what each reload says does not tell it. */
static void test_details(void) {
        g_auto(Story) story = story_new();
        g_autoptr(GPtrArray) changes = NULL;
        Incident *incident = incident_at_onset();

        story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
        story_repeat(&story, "edge.log", 1, 1000, 10, LEVEL_INFO, NULL, "probe ", " answered");
        story_repeat(&story, "other.log", 1, 1000, 10, LEVEL_INFO, NULL, "probe ", " answered");
        story_tell(&story, "edge.log", 300, LEVEL_INFO, NULL, "edge reloaded");
        story_tell(&story, "edge.log", 300, LEVEL_INFO, NULL, "two workers");
        story_tell(&story, "edge.log", 585, LEVEL_INFO, NULL, "+ cache any 10m");
        story_tell(&story, "edge.log", 585, LEVEL_INFO, NULL, "two workers");
        story_tell(&story, "edge.log", 585.4, LEVEL_INFO, NULL, "edge reloaded");
        story_tell(&story, "other.log", 585.4, LEVEL_INFO, NULL, "three kings");
        changes = changes_find(incident, story_view(&story), story.patterns, NULL);
        g_assert_cmpuint(changes->len, ==, 2);
        g_assert_cmpstr(((const Change *)changes->pdata[0])->evidence.exemplar->text, ==, "+ cache any 10m");
        g_assert_cmpstr(((const Change *)changes->pdata[1])->evidence.exemplar->text, ==, "edge reloaded");
        incident_free(incident);
}

/* Who tells of nginx's reload, and nginx that reloads. */
static void test_related(void) {
        static const struct {
                const char *line;
                bool related;
        } LINES[] = { { "confpush rev=41c6e2 nginx -t ok, reload", true }, { "confpush rev=41c6e2 haproxy check ok, reload", false } };

        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GPtrArray) changes = NULL;
                Incident *incident = incident_at_onset();

                story_pattern(&story, "nginx/told", ROLE_CHANGE, "changes/reload", 0);
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " taken");
                story_tell(&story, "edge.log", ONSET - 5, LEVEL_INFO, NULL, LINES[i].line);
                story_tell(&story, "error.log", ONSET - 5, LEVEL_INFO, "nginx/told", "signal 1 (SIGHUP) received");
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                g_assert_cmpuint(changes->len, ==, 2);
                g_assert_cmpint(changes_are_related(changes->pdata[0], changes->pdata[1]), ==, LINES[i].related);
                g_assert_cmpint(changes_are_related(changes->pdata[1], changes->pdata[0]), ==, LINES[i].related);
                incident_free(incident);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/changes/about", test_about);
        g_test_add_func("/changes/refuted", test_refuted);
        g_test_add_func("/changes/setting", test_setting);
        g_test_add_func("/changes/start-lines", test_start_lines);
        g_test_add_func("/changes/find", test_find);
        g_test_add_func("/changes/behind", test_behind);
        g_test_add_func("/changes/burst", test_burst);
        g_test_add_func("/changes/tie", test_ties);
        g_test_add_func("/changes/bound", test_bound);
        g_test_add_func("/changes/start", test_start);
        g_test_add_func("/changes/crowd", test_crowd);
        g_test_add_func("/changes/run", test_run);
        g_test_add_func("/changes/start-words", test_start_words);
        g_test_add_func("/changes/count", test_count);
        g_test_add_func("/changes/act", test_act);
        g_test_add_func("/changes/regular", test_regular);
        g_test_add_func("/changes/details", test_details);
        g_test_add_func("/changes/related", test_related);
        return g_test_run();
}
