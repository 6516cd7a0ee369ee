/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/facets.h"

#include "episodes.h"
#include "mine/templates.h"

#include <math.h>

/* A warning that is there all the time, of tenants that take turns; in 600..700 @tenant has it, too. */
static const struct {
        const char *name, *tenant;
        const char *words; /* NULL: no facet of a value */
} CASES[] = {
        { "one that was not there before", "checkout7", "tenant=checkout7" },
        { "one that always was", "mail3", NULL },
};

static void test_value(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const char *found = NULL;

                for (unsigned second = 0; second < 1000; second += 4)
                        story_tell(&story, "app.log", second, LEVEL_WARNING, NULL,
                                   second % 8 ? "quota exceeded tenant=mail3" : "quota exceeded tenant=search5");
                for (unsigned second = 600; second < 700; second++) {
                        g_autofree char *text = g_strdup_printf("quota exceeded tenant=%s", CASES[i].tenant);
                        story_tell(&story, "app.log", second, LEVEL_WARNING, NULL, text);
                }
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
                episodes = episodes_of(&story);
                facets = facets_find(episodes_only(&episodes), episodes.tracks, story_view(&story), &episodes.axis, NULL);
                g_test_message("%s", CASES[i].name);
                for (guint j = 0; j < facets->len; j++) {
                        const Facet *facet = facets->pdata[j];
                        g_assert_cmpuint(facet->n_evidence, >, 0);
                        g_assert_cmpuint(facet->n_evidence, <=, FACET_EVIDENCE_MAX);
                        if (facet->kind == FACET_VALUE)
                                found = facet->words;
                }
                g_assert_cmpstr(found, ==, CASES[i].words);
        }
}

/* Finds the facets of @story and of orders that ship until they are lost in 600..700. The last of @kind, owned by @facets; NULL: none. */
static const Facet *find_among_orders(Story *story, FacetKind kind, Episodes *episodes, GPtrArray **facets) {
        const Facet *found = NULL;

        story_repeat(story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
        *episodes = episodes_of(story);
        *facets = facets_find(episodes_only(episodes), episodes->tracks, story_view(story), &episodes->axis, NULL);
        for (guint i = 0; i < (*facets)->len; i++)
                if (((const Facet *)(*facets)->pdata[i])->kind == kind)
                        found = (*facets)->pdata[i];
        return found;
}

/* What took long is told where it never did before, though nobody calls it an error. */
static void test_slow(void) {
        g_auto(Story) story = story_new();
        g_auto(Episodes) episodes = { 0 };
        g_autoptr(GPtrArray) facets = NULL;
        const Facet *slow;

        for (unsigned i = 0; i < 20; i++)
                story_tell(&story, "db.log", 30 * i, LEVEL_INFO, NULL, "run committed after 0.5 s");
        story_tell(&story, "db.log", 640, LEVEL_INFO, NULL, "run committed after 122.5 s");
        slow = find_among_orders(&story, FACET_SLOW, &episodes, &facets);
        g_assert_nonnull(slow);
        g_assert_cmpstr(slow->words, ==, "took up to 122.5 s, at most 0.5 s before");
        g_assert_cmpstr(slow->evidence[0]->text, ==, "run committed after 122.5 s");
}

/* A start that was slow does not hide it, unless it was nearly as slow. */
static void test_slow_after_slow_start(void) {
        static const struct {
                const char *at_start;
                bool found;
        } STARTS[] = { { "run committed after 6.5 s", true }, { "run committed after 9.5 s", false } };

        for (size_t c = 0; c < G_N_ELEMENTS(STARTS); c++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;

                for (unsigned i = 0; i < 20; i++)
                        story_tell(&story, "db.log", 30 * i, LEVEL_INFO, NULL, i < 3 ? STARTS[c].at_start : "run committed after 0.5 s");
                story_tell(&story, "db.log", 640, LEVEL_INFO, NULL, "run committed after 15.7 s");
                g_assert_cmpint(find_among_orders(&story, FACET_SLOW, &episodes, &facets) != NULL, ==, STARTS[c].found);
        }
}

/* A time in another unit than ever is told with both units; bytes that grow are no time. */
static void test_epoch(void) {
        static const struct {
                const char *before, *after, *words;
        } TIMES[] = {
                { "locker kept until=1795825732", "locker kept until=1795825767907", "until in milliseconds, in seconds before" },
                { "locker kept until=1795825732000", "locker kept until=1795825767", "until in seconds, in milliseconds before" },
                { "locker kept until=1795825732", "locker kept until=1795825767", NULL },
                { "store used=1795825732", "store used=17958257320000", NULL },
        };

        for (size_t t = 0; t < G_N_ELEMENTS(TIMES); t++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const Facet *epoch;

                for (unsigned i = 0; i < 25; i++)
                        story_tell(&story, "lockers.log", 25 * i, LEVEL_INFO, NULL, i < 22 ? TIMES[t].before : TIMES[t].after);
                epoch = find_among_orders(&story, FACET_EPOCH, &episodes, &facets);
                g_assert_cmpstr(epoch ? epoch->words : NULL, ==, TIMES[t].words);
                if (epoch)
                        g_assert_cmpstr(epoch->evidence[0]->text, ==, TIMES[t].after);
        }
}

/* Lines of a job at level INFO; what is told of it with the errors in 600..700. */
static const struct {
        const char *name;
        struct {
                double second;
                const char *text;
        } lines[6];
        FacetKind kind;
        const char *words; /* NULL: nothing is */
} JOBS[] = {
        { "twenty times as much as ever",
          { { 100, "removed 8 of 4000 sessions" },
            { 220, "removed 19 of 4000 sessions" },
            { 340, "removed 11 of 4000 sessions" },
            { 595, "removed 3900 of 4000 sessions" } },
          FACET_HUGE,
          "removed up to 3900, at most 19 before" },
        { "somewhat more",
          { { 100, "removed 8 of 4000" }, { 220, "removed 19 of 4000" }, { 340, "removed 11 of 4000" }, { 595, "removed 190 of 4000" } },
          FACET_HUGE,
          NULL },
        { "without history", { { 595, "removed 3900 of 4000 sessions" } }, FACET_HUGE, NULL },
        { "a counter", { { 100, "sent 8 mails" }, { 220, "sent 9 mails" }, { 340, "sent 10 mails" }, { 595, "sent 9000 mails" } }, FACET_HUGE, NULL },
        { "what is counted",
          { { 100, "round 1: 17 tickets to score" },
            { 220, "round 2: 21 tickets to score" },
            { 340, "round 3: 16 tickets to score" },
            { 595, "round 1: 4111 tickets to score" } },
          FACET_HUGE,
          "tickets up to 4111, at most 21 before" },
        { "before it took long",
          { { 100, "17 tickets done in 0.1 s" },
            { 220, "21 tickets done in 0.2 s" },
            { 340, "16 tickets done in 0.1 s" },
            { 595, "4111 tickets done in 0.2 s" },
            { 690, "206 tickets done in 60 s" } },
          FACET_HUGE,
          "tickets up to 4111, at most 21 before" },
        { "long before it was more",
          { { 100, "17 tickets done in 0.1 s" },
            { 220, "21 tickets done in 0.2 s" },
            { 340, "16 tickets done in 0.1 s" },
            { 690, "4111 tickets done in 95 s" } },
          FACET_SLOW,
          "took up to 95.0 s, at most 0.2 s before" },
        { "the number of a thing",
          { { 100, "reply on ticket 3950 sent" },
            { 220, "reply on ticket 3954 sent" },
            { 340, "reply on ticket 3951 sent" },
            { 595, "reply on ticket 900043 sent" } },
          FACET_HUGE,
          NULL },
        { "a rare job that takes the whole time", { { 702, "dump 4 done in 107 s" } }, FACET_SLOW, "took 107.0 s" },
        { "one that takes a part of it", { { 640, "dump 4 done in 30 s" } }, FACET_SLOW, NULL },
        { "a value that turns and comes back",
          { { 100, "refreshed, upstreams=4" },
            { 250, "refreshed, upstreams=4" },
            { 400, "refreshed, upstreams=4" },
            { 599, "refreshed, upstreams=1" },
            { 650, "refreshed, upstreams=1" },
            { 699, "refreshed, upstreams=4" } },
          FACET_TURNED,
          "upstreams 1, 4 before" },
        { "a value that is another each time",
          { { 100, "refreshed, upstreams=4" }, { 250, "refreshed, upstreams=3" }, { 400, "refreshed, upstreams=4" }, { 599, "refreshed, upstreams=1" } },
          FACET_TURNED,
          NULL },
        { "one that ended before", { { 580, "dump 4 done in 107 s" } }, FACET_SLOW, NULL },
};

static void test_jobs(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(JOBS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const Facet *found;

                for (size_t j = 0; j < G_N_ELEMENTS(JOBS[i].lines) && JOBS[i].lines[j].text; j++)
                        story_tell(&story, "job.log", JOBS[i].lines[j].second, LEVEL_INFO, NULL, JOBS[i].lines[j].text);
                g_test_message("%s", JOBS[i].name);
                found = find_among_orders(&story, JOBS[i].kind, &episodes, &facets);
                g_assert_cmpstr(found ? found->words : NULL, ==, JOBS[i].words);
        }
}

/* A gauge that is told each 10 s and climbs from 520 on, long before the first error, or not. */
static void test_climb(void) {
        static const struct {
                const char *name, *format;
                double from, step;
                const char *words; /* NULL: no climb is told */
        } GAUGES[] = {
                { "a leak", "worker rss=%.0fM", 520, 9, "rss climbs to 1" }, /* the begin of it: which line is kept of many is a matter of lots */
                { "what is counted", "round done, %.0f fetches open", 520, 9, "fetches climbs to 1" },
                { "one that stays", "worker rss=%.0fM", 2000, 9, NULL },
                { "one that climbs with the errors", "worker rss=%.0fM", 605, 9, NULL },
                { "a little", "worker rss=%.0fM", 520, 0.5, NULL },
                { "a queue, which is a victim", "worker queue=%.0f", 520, 9, NULL },
                { "traffic, which comes from outside", "worker requests=%.0f", 520, 9, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(GAUGES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const Facet *found;

                for (unsigned second = 5; second <= 655; second += 10) {
                        double blip = second == 405 ? 4 : 0; /* once higher than ever */
                        double value = 50 + blip + second / 10 % 2 + (second >= GAUGES[i].from ? GAUGES[i].step * (second - GAUGES[i].from + 10) / 10 : 0);
                        char text[64];
                        g_snprintf(text, sizeof(text), GAUGES[i].format, floor(value));
                        story_tell(&story, "watch.log", second, LEVEL_INFO, NULL, text);
                }
                g_test_message("%s", GAUGES[i].name);
                found = find_among_orders(&story, FACET_CLIMB, &episodes, &facets);
                g_assert_true(found ? GAUGES[i].words && g_str_has_prefix(found->words, GAUGES[i].words) : !GAUGES[i].words);
                if (found)
                        g_assert_cmpfloat(found->track.from, >=, STORY_START + GAUGES[i].from);
        }
}

/* A gauge that says 0 each 10 s and more from 600 on: what happens then for the first time, or what it hurts. */
static void test_zero(void) {
        static const struct {
                const char *name;
                FacetKind kind;
        } GAUGES[] = { { "evicted", FACET_TURNED }, { "failed", FACET_JUMP }, { "bad", FACET_JUMP }, { "queue_length", FACET_JUMP } };

        for (size_t i = 0; i < G_N_ELEMENTS(GAUGES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;

                for (unsigned second = 9; second < 1000; second += 10) {
                        g_autofree char *text = g_strdup_printf("store clients=8 %s=%u", GAUGES[i].name, second < 590 || second > 700 ? 0 : second * 7);
                        story_tell(&story, "store.log", second, LEVEL_INFO, NULL, text);
                }
                g_test_message("%s", GAUGES[i].name);
                g_assert_nonnull(find_among_orders(&story, GAUGES[i].kind, &episodes, &facets));
        }
}

/* A gauge each 10 s that says other numbers from @from on, before or with the first error at 600. */
static void test_more(void) {
        static const struct {
                const char *name, *format;
                unsigned from, before, after; /* the numbers before and from then on */
                const char *words;            /* NULL: nothing is told */
        } GAUGES[] = {
                { "held, nothing before", "round done, %u sessions open", 550, 0, 12, "sessions up to 12, at most 0 before" },
                { "held with the errors", "round done, %u sessions open", 610, 0, 12, NULL },
                { "very many times as much, long before", "door=d3 in=%u", 520, 4, 244, "in up to 244, at most 4 before" },
                { "ten times as much, long before", "door=d3 in=%u", 520, 24, 244, NULL },
                { "what takes longer", "door=d3 ms=%u", 520, 4, 244, NULL },
                { "traffic", "door=d3 requests=%u", 520, 4, 244, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(GAUGES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const Facet *found;

                for (unsigned second = 5; second <= 700; second += 10) {
                        unsigned value = second < GAUGES[i].from ? GAUGES[i].before - (GAUGES[i].before > 0 && second % 20 == 5) : GAUGES[i].after;
                        char text[64];
                        g_snprintf(text, sizeof(text), GAUGES[i].format, value);
                        story_tell(&story, "watch.log", second, LEVEL_INFO, NULL, text);
                }
                g_test_message("%s", GAUGES[i].name);
                found = find_among_orders(&story, GAUGES[i].before ? FACET_HUGE : FACET_TURNED, &episodes, &facets);
                g_assert_cmpstr(found ? found->words : NULL, ==, GAUGES[i].words);
        }
}

/* A gauge that is told each 20 s from 7 on; what is told of it with the errors in 600..700. */
static void test_turned(void) {
        static const struct {
                const char *name, *calm, *odd, *then; /* in ordinary times; once at 307; from 607 on */
                const char *words;                    /* NULL: no turn is told */
        } GAUGES[] = {
                { "another once, long ago", "consumers=2", "consumers=1", "consumers=3", "consumers 3, 2 before" },
                { "as it was once, long ago", "consumers=2", "consumers=3", "consumers=3", NULL },
                { "what is not counted any more", "released=1%u", "released=2", "released=0", "released 0, 14 before" },
                { "what was not counted once before", "released=1%u", "released=0", "released=0", "released 0, 14 before" },
                { "next to nothing", "rate=16%u", "rate=161", "rate=0.006", "rate 0.006, 164 before" },
                { "a number before its name", "4%u matched, 2 left", "40 matched, 2 left", "0 matched, 45 left", "matched 0, 44 before" },
                { "one that is nothing beside one that jumped", "held=2 released=1%u", "held=2 released=2", "held=60 released=0", "released 0, 14 before" },
                { "a tenth", "rate=16%u", "rate=161", "rate=16.1", NULL },
                { "another unit", "pause=1%ums", "pause=12ms", "pause=1s", NULL },
                { "less, which is good", "errors=1%u", "errors=2", "errors=0", NULL },
                { "failures, which are a symptom", "errors=0", "errors=0", "errors=9", NULL },
                { "a date", "day=2026-12-01", "day=2026-12-01", "day=2026-12-02", NULL },
                { "a part of all", "busy=1/40", "busy=1/40", "busy=40/40", "busy 40/40, 1/40 before" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(GAUGES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const Facet *found;

                for (unsigned second = 7; second < 700; second += 20) {
                        const char *values = second == 307 ? GAUGES[i].odd : second < 600 ? GAUGES[i].calm : GAUGES[i].then;
                        g_autofree char *number = g_strdup_printf("%u", second / 20 % 7 + 3);
                        const char *varied = strchr(values, '%');
                        g_autofree char *text =
                                g_strdup_printf("queue %.*s%s%s", (int)strcspn(values, "%"), values, varied ? number : "", varied ? varied + strlen("%u") : "");
                        story_tell(&story, "watch.log", second, LEVEL_INFO, NULL, text);
                }
                g_test_message("%s", GAUGES[i].name);
                found = find_among_orders(&story, FACET_TURNED, &episodes, &facets);
                g_assert_cmpstr(found ? found->words : NULL, ==, GAUGES[i].words);
                if (found) { /* it may have turned since the line before */
                        g_assert_cmpfloat(found->track.from, ==, STORY_START + 607);
                        g_assert_cmpfloat(found->track.began, ==, STORY_START + 587);
                }
        }
}

/* A monitor's line each 20 s, which has other words from 590 on. */
static void test_restated(void) {
        static const struct {
                const char *name, *then;
                const char *words; /* NULL: no turn is told */
        } LINES[] = {
                { "with a part more", "slots: feed active=f kept=9; feed_v2 active=t kept=1", "active=f, never before" },
                { "a remark", "slots: feed active=t kept=5 (high)", "never before in these words" },
                { "of something else", "volumes: data used=9 of 40", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const Facet *found;

                for (unsigned second = 10; second < 700; second += 20)
                        story_tell(&story, "watch.log", second, LEVEL_INFO, NULL, second < 590 ? "slots: feed active=t kept=5" : LINES[i].then);
                g_test_message("%s", LINES[i].name);
                found = find_among_orders(&story, FACET_TURNED, &episodes, &facets);
                g_assert_cmpstr(found ? found->words : NULL, ==, LINES[i].words);
                if (found) { /* it may have turned since the last line in the words of before */
                        g_assert_cmpfloat(found->track.from, ==, STORY_START + 590);
                        g_assert_cmpfloat(found->track.began, ==, STORY_START + 570);
                }
        }
}

/* One of two turns while the other says what it did. */
static void test_stray(void) {
        static const struct {
                const char *name;
                bool wanders;      /* the other value is another each time */
                bool long_ago;     /* or was said once before */
                const char *words; /* NULL: no turn is told */
        } STRAYS[] = {
                { "until it is over", false, false, "tier 5, 2 before" },
                { "others", true, false, NULL },
                { "as once long ago", false, true, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(STRAYS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                const Facet *found;

                for (unsigned second = 7; second < 800; second += 10) {
                        unsigned host = second / 10 % 2;
                        bool stray = host == 0 && ((second >= 587 && second < 700) || (STRAYS[i].long_ago && second == 207));
                        unsigned other = STRAYS[i].wanders ? 5 + second / 20 % 3 : 5;
                        g_autofree char *text = g_strdup_printf("engine %u loaded, tier=%u", host, stray ? other : 2);
                        story_tell(&story, "engine.log", second, LEVEL_INFO, NULL, text);
                }
                g_test_message("%s", STRAYS[i].name);
                found = find_among_orders(&story, FACET_TURNED, &episodes, &facets);
                g_assert_cmpstr(found ? found->words : NULL, ==, STRAYS[i].words);
        }
}

static const Template *template_of(const Signal *signal, void *templates) {
        return templates_of(templates, signal->key);
}

/* A usual line that is said in few ways, and from @from on in another one, too; the errors are in 600..700. */
static void test_variant(void) {
        static const struct {
                const char *name, *other;
                double from;
                const char *words; /* NULL: nothing is told */
        } VARIANTS[] = {
                { "shortly before", "mode=service", 580, "mode=service, never before" },
                { "one that was there", "mode=idle", 580, NULL },
                { "long before", "mode=service", 300, NULL },
                { "with the errors", "mode=service", 610, NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(VARIANTS); i++) {
                g_auto(Story) story = story_new();
                g_auto(Episodes) episodes = { 0 };
                g_autoptr(GPtrArray) facets = NULL;
                g_autoptr(LedgerView) view = NULL;
                g_autoptr(Templates) templates = NULL;
                const Facet *found = NULL;

                for (unsigned second = 1; second < 700; second += 3) {
                        bool other = second > VARIANTS[i].from && second % 2;
                        g_autofree char *text = g_strdup_printf("unit %u reports state zone=north %s", second,
                                                                other        ? VARIANTS[i].other
                                                                : second % 5 ? "mode=drive"
                                                                             : "mode=idle");
                        story_tell(&story, "unit.log", second, LEVEL_INFO, NULL, text);
                }
                story_repeat(&story, "app.log", 0, 1000, 2, LEVEL_INFO, NULL, "order ", " shipped");
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, NULL, "order ", " lost");
                view = ledger_view(story.ledger);
                templates = templates_mine((const LedgerView *[]){ view }, 1, 1);
                ledger_group(story.ledger, template_of, templates);
                episodes = episodes_of(&story);
                facets = facets_find(episodes_only(&episodes), episodes.tracks, story_view(&story), &episodes.axis, NULL);
                for (guint j = 0; j < facets->len; j++)
                        if (((const Facet *)facets->pdata[j])->kind == FACET_UNUSUAL)
                                found = facets->pdata[j];
                g_test_message("%s", VARIANTS[i].name);
                g_assert_cmpstr(found ? found->words : NULL, ==, VARIANTS[i].words);
                if (found)
                        g_assert_nonnull(strstr(found->evidence[0]->text, VARIANTS[i].other));
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/facets/value", test_value);
        g_test_add_func("/facets/slow", test_slow);
        g_test_add_func("/facets/epoch", test_epoch);
        g_test_add_func("/facets/slow-after-slow-start", test_slow_after_slow_start);
        g_test_add_func("/facets/jobs", test_jobs);
        g_test_add_func("/facets/zero", test_zero);
        g_test_add_func("/facets/more", test_more);
        g_test_add_func("/facets/climb", test_climb);
        g_test_add_func("/facets/turned", test_turned);
        g_test_add_func("/facets/restated", test_restated);
        g_test_add_func("/facets/stray", test_stray);
        g_test_add_func("/facets/variant", test_variant);
        return g_test_run();
}
