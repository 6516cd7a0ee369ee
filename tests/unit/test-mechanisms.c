/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/mechanisms.h"

#include "diagnose/changes.h"
#include "diagnose/natures.h"
#include "episodes.h"

/*
 * A shop in whose log orders fail in 600..700, and in that of a database, where there is a line of it, sessions; pay.log says "charge N done" all the
 * time, but for @silent_from..@silent_to. Lines of a change, and whether the change that is told of the second is one with which something stops,
 * that was undone, that is of where the trouble is.
 */
typedef struct Line {
        double second;
        const char *source, *text;
} Line;

static const struct {
        const char *name;
        double silent_from, silent_to;
        Line lines[3];
        bool stopped, undone, scoped, other_unit, raised, release;
} CASES[] = {
        { "nothing but a change", 0, 0, { { 300, "pay.log", "settings loaded bank=7" }, { 592, "pay.log", "settings loaded bank=8" } }, false, false, false },
        { "something stops with it",
          592,
          702,
          { { 300, "pay.log", "settings loaded bank=7" }, { 592, "pay.log", "settings loaded bank=8" } },
          true,
          false,
          false },
        { "something stops long before it",
          400,
          702,
          { { 300, "pay.log", "settings loaded bank=7" }, { 592, "pay.log", "settings loaded bank=8" } },
          false,
          false,
          false },
        { "something stops for a while",
          592,
          625,
          { { 300, "pay.log", "settings loaded bank=7" }, { 592, "pay.log", "settings loaded bank=8" } },
          false,
          false,
          false },
        { "another source stops",
          592,
          702,
          { { 300, "ops.log", "settings loaded bank=7" }, { 592, "ops.log", "settings loaded bank=8" } },
          false,
          false,
          false },
        { "undone when it is over",
          0,
          0,
          { { 300, "ops.log", "settings loaded bank=7" }, { 592, "ops.log", "settings loaded bank=8" }, { 701, "ops.log", "settings loaded bank=7" } },
          false,
          true,
          false },
        { "undone long after it is over",
          0,
          0,
          { { 300, "ops.log", "settings loaded bank=7" }, { 592, "ops.log", "settings loaded bank=8" }, { 850, "ops.log", "settings loaded bank=7" } },
          false,
          false,
          false },
        { "undone as late as the errors came",
          0,
          0,
          { { 300, "ops.log", "settings loaded bank=7" }, { 580, "ops.log", "settings loaded bank=8" }, { 680, "ops.log", "settings loaded bank=7" } },
          false,
          true,
          false },
        { "undone late, and the errors came at once",
          0,
          0,
          { { 300, "ops.log", "settings loaded bank=7" }, { 598, "ops.log", "settings loaded bank=8" }, { 680, "ops.log", "settings loaded bank=7" } },
          false,
          false,
          false },
        { "an arrow back",
          0,
          0,
          { { 300, "ops.log", "settings applied" }, { 592, "ops.log", "deploy shop 11 -> 12" }, { 701, "ops.log", "rollback shop 12 -> 11" } },
          false,
          true,
          false },
        { "fixed forward",
          0,
          0,
          { { 300, "ops.log", "settings applied" }, { 592, "ops.log", "deploy shop 11 -> 12" }, { 701, "ops.log", "deploy shop 12 -> 13" } },
          false,
          true,
          false },
        { "another change",
          0,
          0,
          { { 300, "ops.log", "settings applied" }, { 592, "ops.log", "deploy shop 11 -> 12" }, { 701, "ops.log", "deploy desk 3 -> 4" } },
          false,
          false,
          false },
        { "changed again, by its place",
          0,
          0,
          { { 300, "ops.log", "settings applied" }, { 592, "ops.log", "software 3.3.0 rolled out" }, { 701, "ops.log", "software 3.2.4 rolled out" } },
          false,
          true,
          false },
        { "a release, taken back",
          0,
          0,
          { { 300, "ops.log", "software 3.2.4 rolled out" }, { 592, "ops.log", "software 3.3.0 rolled out" }, { 701, "ops.log", "software 3.2.4 rolled out" } },
          false,
          true,
          false,
          false,
          false,
          true },
        { "the next number",
          0,
          0,
          { { 300, "ops.log", "settings 117 applied" }, { 592, "ops.log", "settings 118 applied" }, { 701, "ops.log", "settings 119 applied" } },
          false,
          false,
          false },
        { "taken back in other words",
          0,
          0,
          { { 300, "ops.log", "settings applied" }, { 592, "ops.log", "reader paused for move" }, { 701, "ops.log", "reader resumed" } },
          false,
          true,
          false },
        { "a restart takes nothing back",
          0,
          0,
          { { 300, "ops.log", "settings applied" }, { 592, "ops.log", "reader stopping" }, { 595, "ops.log", "reader starting" } },
          false,
          false,
          false },
        { "taken back elsewhere",
          0,
          0,
          { { 300, "ops.log", "settings applied" }, { 592, "ops.log", "reader paused for move" }, { 701, "pay.log", "reader resumed" } },
          false,
          false,
          false },
        { "of the host with the trouble",
          0,
          0,
          { { 300, "ops.log", "settings loaded host=a ttl=5" }, { 592, "ops.log", "settings loaded host=b ttl=500" } },
          false,
          false,
          true },
        { "a thousand times as much",
          0,
          0,
          { { 300, "ops.log", "settings loaded ttl=50" }, { 540, "ops.log", "settings loaded ttl=50000" } },
          false,
          false,
          false,
          true,
          false },
        { "hours for seconds",
          0,
          0,
          { { 300, "ops.log", "settings loaded ttl=5s" }, { 540, "ops.log", "settings loaded ttl=5h0m0s" } },
          false,
          false,
          false,
          true,
          false },
        { "a larger pool, and connections run out",
          0,
          0,
          { { 300, "search.log", "settings loaded pool=6" }, { 592, "search.log", "settings loaded pool=22" }, { 600.5, "db.log", "too many clients" } },
          false,
          false,
          false,
          false,
          true },
        { "a larger pool, and nothing runs out",
          0,
          0,
          { { 300, "search.log", "settings loaded pool=6" }, { 592, "search.log", "settings loaded pool=22" } },
          false,
          false,
          false,
          false,
          false },
        { "of another host",
          0,
          0,
          { { 300, "ops.log", "settings loaded host=a ttl=5" }, { 592, "ops.log", "settings loaded host=c ttl=500" } },
          false,
          false,
          false },
};

static Story story_of(size_t i) {
        static const char *const HOSTS[] = { "host=a order ", "host=b order ", "host=c order " };
        Story story = story_new();

        story_pattern(&story, "db/full", ROLE_CAUSE, "connections/server-limit", 0);
        for (unsigned host = 0; host < G_N_ELEMENTS(HOSTS); host++)
                story_repeat(&story, "shop.log", host, 900, 3, LEVEL_INFO, NULL, HOSTS[host], " shipped");
        story_repeat(&story, "shop.log", 600, 700, 1, LEVEL_ERROR, NULL, "host=b order ", " lost");
        for (double second = 0; second < 900; second++)
                if (second < CASES[i].silent_from || second >= CASES[i].silent_to) {
                        g_autofree char *text = g_strdup_printf("charge %d done", 1000 + (int)second);
                        story_tell(&story, "pay.log", second, LEVEL_INFO, NULL, text);
                }
        for (unsigned line = 0; line < G_N_ELEMENTS(CASES[i].lines) && CASES[i].lines[line].text; line++)
                if (g_str_equal(CASES[i].lines[line].source, "db.log"))
                        story_repeat(&story, "db.log", CASES[i].lines[line].second, 700, 1, LEVEL_ERROR, "db/full", "session ", " refused");
        for (unsigned line = 0; line < G_N_ELEMENTS(CASES[i].lines) && CASES[i].lines[line].text; line++)
                if (!g_str_equal(CASES[i].lines[line].source, "db.log"))
                        story_tell(&story, CASES[i].lines[line].source, CASES[i].lines[line].second, LEVEL_INFO, NULL, CASES[i].lines[line].text);
        return story;
}

/* Of the orders that fail in 600..700. */
static Incident *incident_of_orders(void) {
        Incident *incident = incident_new();

        incident->onset_us = (STORY_START + 600) * 1000000;
        incident->end_us = (STORY_START + 700) * 1000000;
        return incident;
}

static const Candidate *change_of(const Ranking *ranking, const char *text) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);
                if (candidate->kind == CAUSE_CHANGE && strstr(ranking_spokesman(candidate->changes)->evidence.exemplar->text, text))
                        return candidate;
        }
        return NULL;
}

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_of(i);
                g_auto(Episodes) episodes = episodes_of(&story);
                g_autoptr(GPtrArray) nothing = g_ptr_array_new(), changes = NULL;
                g_autoptr(Ranking) ranking = NULL;
                Incident *incident = incident_of_orders();
                const Candidate *change;

                g_test_message("%s", CASES[i].name);
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                ranking = ranking_new(episodes_only(&episodes), &(Suspects){ episodes.tracks, nothing, changes, nothing }, &episodes.axis, story_view(&story));
                change = change_of(ranking, CASES[i].lines[1].text);
                g_assert_nonnull(change);
                g_assert_cmpint(change->stopped != NULL, ==, CASES[i].stopped);
                g_assert_cmpint(change->undone, ==, CASES[i].undone);
                g_assert_cmpint(mechanisms_taken_back(change), ==, CASES[i].undone && !CASES[i].release);
                g_assert_cmpint(change->scoped, ==, CASES[i].scoped);
                g_assert_cmpint(change->other_unit, ==, CASES[i].other_unit);
                g_assert_cmpint(change->raised, ==, CASES[i].raised);
                if (CASES[i].stopped || CASES[i].undone || CASES[i].scoped || CASES[i].other_unit || CASES[i].raised)
                        g_assert_true(ranking->order->pdata[0] == change);
                incident_free(incident);
        }
}

/* A shop whose orders fail in 600..700, and a change at 592. */
static Story story_with_change(void) {
        Story story = story_new();

        story_repeat(&story, "shop.log", 0, 900, 1, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(&story, "shop.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
        story_tell(&story, "ops.log", 300, LEVEL_INFO, NULL, "settings loaded bank=7");
        story_tell(&story, "ops.log", 592, LEVEL_INFO, NULL, "settings loaded bank=8");
        return story;
}

/* Whether the change of @story is seen to shift its own log, or to stop a line of it. */
static void judge_change(Story *story, bool *shifted, bool *stopped) {
        g_auto(Episodes) episodes = episodes_of(story);
        g_autoptr(GPtrArray) changes = NULL, facets = NULL, silences = NULL;
        g_autoptr(Ranking) ranking = NULL;
        Incident *incident = incident_of_orders();
        const Candidate *change;

        changes = changes_find(incident, story_view(story), story->patterns, NULL);
        facets = facets_find(episodes_only(&episodes), episodes.tracks, story_view(story), &episodes.axis, NULL);
        silences = silences_find(episodes_only(&episodes), story_view(story), &episodes.axis);
        ranking = ranking_new(episodes_only(&episodes), &(Suspects){ episodes.tracks, facets, changes, silences }, &episodes.axis, story_view(story));
        change = change_of(ranking, "bank=8");
        g_assert_nonnull(change);
        *shifted = change->shifted != NULL;
        *stopped = change->stopped != NULL;
        incident_free(incident);
}

/* What the log of the change says from @from to @to, and how often, in seconds; @before: how often until then, 0 for never. */
static void test_own_words(void) {
        static const struct {
                const char *name, *source;
                double from, to, every, before;
                bool shifted;
        } WORDS[] = {
                { "as never before, until all is over", "ops.log", 593, 702, 5, 0, true },
                { "far more often, until all is over", "ops.log", 593, 702, 2, 40, true },
                { "a little more often", "ops.log", 593, 702, 2, 4, false },
                { "as never before, for good", "ops.log", 593, 900, 5, 0, false },
                { "with the first error", "ops.log", 599, 702, 5, 0, false },
                { "in another log", "api.log", 593, 702, 5, 0, false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
                g_auto(Story) story = story_with_change();
                bool shifted, stopped;

                if (WORDS[i].before > 0)
                        story_repeat(&story, WORDS[i].source, 3, WORDS[i].from, WORDS[i].before, LEVEL_INFO, NULL, "posting ", " kept");
                story_repeat(&story, WORDS[i].source, WORDS[i].from, WORDS[i].to, WORDS[i].every, LEVEL_INFO, NULL, "posting ", " kept");
                judge_change(&story, &shifted, &stopped);
                g_test_message("%s", WORDS[i].name);
                g_assert_cmpint(shifted, ==, WORDS[i].shifted);
                g_assert_false(stopped);
        }
}

/* Ranks the changes of @story, in which orders fail in 600..700, and nothing else that is quiet. The ranking borrows the rest. */
static Ranking *rank_changes(Story *story, Episodes *episodes, GPtrArray **changes) {
        g_autoptr(GPtrArray) nothing = g_ptr_array_new();
        Incident *incident = incident_of_orders();
        Ranking *ranking;

        story_repeat(story, "shop.log", 0, 900, 1, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(story, "shop.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
        *episodes = episodes_of(story);
        *changes = changes_find(incident, story_view(story), story->patterns, NULL);
        ranking = ranking_new(episodes_only(episodes), &(Suspects){ episodes->tracks, nothing, *changes, nothing }, &episodes->axis, story_view(story));
        incident_free(incident);
        return ranking;
}

/* The steps of one release are one change; those of two are two. */
static void test_release(void) {
        static const struct {
                const char *first, *second;
                guint n;
        } STEPS[] = {
                { "deploy shop 4.1.2: app1 done", "deploy shop 4.1.2: app2 done", 1 },
                { "deploy shop 4.1.2: app1 done", "deploy shop 4.1.3: app2 done", 2 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(STEPS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) changes = NULL;
                g_autoptr(Ranking) ranking = NULL;

                story_tell(&story, "ops.log", 560, LEVEL_INFO, NULL, STEPS[i].first);
                story_tell(&story, "ops.log", 590, LEVEL_INFO, NULL, STEPS[i].second);
                ranking = rank_changes(&story, &episodes, &changes);
                g_test_message("%s", STEPS[i].second);
                g_assert_cmpuint(changes->len, ==, 2);
                g_assert_cmpuint(ranking->clusters->len, ==, STEPS[i].n);
        }
}

/* What tells of one change in the words of two that have none in common makes one of them. */
static void test_between(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GPtrArray) changes = NULL;
        g_autoptr(Ranking) ranking = NULL;

        story_tell(&story, "ops.log", 590, LEVEL_INFO, NULL, "directory: olcAccess rule updated");
        story_tell(&story, "slapd.log", 590.1, LEVEL_INFO, NULL, "MOD backend removed");
        story_tell(&story, "slapd.log", 590.2, LEVEL_INFO, NULL, "MOD olcAccess replaced");
        ranking = rank_changes(&story, &episodes, &changes);
        g_assert_cmpuint(changes->len, ==, 3);
        g_assert_cmpuint(ranking->clusters->len, ==, 1);
        g_assert_cmpuint(((const GPtrArray *)ranking->clusters->pdata[0])->len, ==, 3);
}

/* A change at 592; what its own log, or another, says from then on while orders fail in 600..700. */
static void test_own_log(void) {
        static const struct {
                const char *name, *source;  /* of the lines */
                double slow_from, stops_at; /* 0: never */
                bool shifted, stopped;
                const char *of; /* "rates" where NULL */
        } LOGS[] = {
                { "its own log gets slow", "ops.log", 593, 0, true, false },
                { "another gets slow", "api.log", 593, 0, false, false },
                { "it gets slow long before", "ops.log", 530, 0, false, false },
                { "a regular line of its own log stops", "ops.log", 0, 592, false, true },
                { "one of another log stops", "api.log", 0, 592, false, false },
                { "one of another log that the change names stops", "api.log", 0, 592, false, true, "settings" },
                { "nothing", "ops.log", 0, 0, false, false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(LOGS); i++) {
                g_auto(Story) story = story_with_change();
                bool shifted, stopped;

                for (double second = 3; second<900; second += LOGS[i].slow_from> 0 ? 20 : 10) { /* so few that nearly all are kept */
                        bool slow = LOGS[i].slow_from > 0 && second >= LOGS[i].slow_from && second < 710;
                        g_autofree char *text = g_strdup_printf("%s read in %s s", LOGS[i].of ? LOGS[i].of : "rates", slow ? "2.5" : "0.2");
                        if (LOGS[i].stops_at == 0 || second < LOGS[i].stops_at || second >= 705)
                                story_tell(&story, LOGS[i].source, second, LEVEL_INFO, NULL, text);
                }
                judge_change(&story, &shifted, &stopped);
                g_test_message("%s", LOGS[i].name);
                g_assert_cmpint(shifted, ==, LOGS[i].shifted);
                g_assert_cmpint(stopped, ==, LOGS[i].stopped);
        }
}

/* Another value just before the first error says more than one long before, and more than another version. */
static void test_sets(void) {
        static const struct {
                double second;
                const char *was, *now;
                bool sets;
        } SETS[] = {
                { 599, "settings loaded bank=7", "settings loaded bank=8", true },
                { 590, "settings loaded bank=7", "settings loaded bank=8", false },
                { 599, "settings loaded bank=7", "settings loaded bank=7", false },
                { 599, "settings loaded release=1.4.2", "settings loaded release=1.4.3", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(SETS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) changes = NULL;
                g_autoptr(Ranking) ranking = NULL;

                story_tell(&story, "ops.log", 300, LEVEL_INFO, NULL, SETS[i].was);
                story_tell(&story, "ops.log", SETS[i].second, LEVEL_INFO, NULL, SETS[i].now);
                ranking = rank_changes(&story, &episodes, &changes);
                g_test_message("%g: %s", SETS[i].second, SETS[i].now);
                g_assert_cmpint(nature_of(change_of(ranking, SETS[i].now), episodes_only(&episodes)) > 0.7, ==, SETS[i].sets);
        }
}

static void test_lasts(void) {
        static const struct {
                double began, to;
                bool lasts;
        } TRACKS[] = { { 600, 700, true }, { 590, 705, true }, { 600, 650, false }, { 400, 700, false }, { 700, 800, false } };

        for (size_t i = 0; i < G_N_ELEMENTS(TRACKS); i++)
                g_assert_cmpint(mechanisms_lasts(&(Track){ .began = TRACKS[i].began, .to = TRACKS[i].to }, &(Episode){ .from = 600, .to = 700 }, 0), ==,
                                TRACKS[i].lasts);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/mechanisms/cases", test_cases);
        g_test_add_func("/mechanisms/own-log", test_own_log);
        g_test_add_func("/mechanisms/own-words", test_own_words);
        g_test_add_func("/mechanisms/release", test_release);
        g_test_add_func("/mechanisms/between", test_between);
        g_test_add_func("/mechanisms/sets", test_sets);
        g_test_add_func("/mechanisms/lasts", test_lasts);
        return g_test_run();
}
