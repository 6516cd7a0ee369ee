/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/rivals.h"

#include "diagnose/diagnose.h"
#include "story.h"

static Story story_of_shop(void) {
        static const char *const FOLLOWS[] = { "pool/exhausted", NULL };
        Story story = story_new();
        Pattern *limit = story_pattern(&story, "db/limit", ROLE_CAUSE, "connections/limit", 0);

        g_free((void *)limit->leads_to);
        limit->leads_to = g_memdup2(FOLLOWS, sizeof(FOLLOWS));
        story_pattern(&story, "pool/exhausted", ROLE_CAUSE, "connections/pool", 1);
        story_pattern(&story, "driver/limit", ROLE_CAUSE, "connections/limit", 0);
        story_pattern(&story, "other/limit", ROLE_CAUSE, "disk/full", 0);
        story_pattern(&story, "http/502", ROLE_SYMPTOM, "http/bad-gateway", 3);
        story_repeat(&story, "app.log", 0, 900, 2, LEVEL_INFO, NULL, "order ", " shipped");
        return story;
}

static Report *report_of(Story *story) {
        return diagnose(story_view(story), NULL, story->patterns, 0);
}

static const Cause *first_cause(const Report *report) {
        return ((const Incident *)report->incidents->pdata[0])->causes->pdata[0];
}

/* The factor that decided, and the sentence for it, for each way to lose. */
static const struct {
        const char *name, *id;
        double from;
        const char *factor, *text;
} CASES[] = {
        { "its kind", "http/502", 600, "nature", "usually an effect" },
        { "its time", "other/limit", 650, "lead", "began 50 s later" },
        { "its own cause", "pool/exhausted", 602, "victim", "follows from db/limit" },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_of_shop();
                g_autoptr(Report) report = NULL;
                const Rival *rival;

                g_test_message("%s", CASES[i].name);
                story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, "db/limit", "too many connections, order ", "");
                story_repeat(&story, "web.log", CASES[i].from, 700, 1, LEVEL_ERROR, CASES[i].id, "order ", " failed");
                report = report_of(&story);
                g_assert_cmpstr(first_cause(report)->id, ==, "db/limit");
                g_assert_cmpuint(first_cause(report)->why_not->len, ==, 1);
                rival = first_cause(report)->why_not->pdata[0];
                g_assert_cmpstr(rival->id, ==, CASES[i].id);
                g_assert_cmpstr(rival->factor, ==, CASES[i].factor);
                g_assert_cmpstr(rival->text, ==, CASES[i].text);
                g_assert_cmpfloat(rival->difference, >, 0);
                g_assert_cmpfloat(rival->score, <, first_cause(report)->score);
                g_assert_cmpuint(rival->why->len, >, 0);
        }
}

/* Not more than two, and one failure in other words is no rival. */
static void test_which(void) {
        g_auto(Story) story = story_of_shop();
        g_autoptr(Report) report = NULL;
        const GPtrArray *rivals;

        story_repeat(&story, "app.log", 600, 700, 1, LEVEL_ERROR, "db/limit", "too many connections, order ", "");
        story_repeat(&story, "app.log", 601, 700, 1, LEVEL_ERROR, "driver/limit", "driver: too many connections, order ", "");
        story_repeat(&story, "app.log", 602, 700, 1, LEVEL_ERROR, "pool/exhausted", "no connection for order ", "");
        story_repeat(&story, "app.log", 640, 700, 1, LEVEL_ERROR, "other/limit", "no space for order ", "");
        story_repeat(&story, "web.log", 600, 700, 1, LEVEL_ERROR, "http/502", "order ", " failed");
        report = report_of(&story);
        rivals = first_cause(report)->why_not;
        g_assert_cmpuint(first_cause(report)->voices->len, ==, 1);
        g_assert_cmpuint(rivals->len, ==, RIVALS_MAX);
        for (guint i = 0; i < rivals->len; i++)
                g_assert_cmpstr(((const Rival *)rivals->pdata[i])->id, !=, "driver/limit");
        for (guint i = 1; i < ((const Incident *)report->incidents->pdata[0])->causes->len; i++)
                g_assert_cmpuint(((const Cause *)((const Incident *)report->incidents->pdata[0])->causes->pdata[i])->why_not->len, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/rivals/cases", test_cases);
        g_test_add_func("/rivals/which", test_which);
        return g_test_run();
}
