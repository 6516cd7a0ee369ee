/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/attempts.h"

#include "story.h"

static const struct {
        const char *text;
        unsigned n, of; /* 0: none */
} CASES[] = {
        { "calibration write refused: probe busy house=h2 attempt=1/5", 1, 5 },
        { "delivery failed (try 2 of 3)", 2, 3 },
        { "Retry #3 / 10 in 5 s", 3, 10 },
        { "attempt 5 out of 5 failed", 5, 5 },
        { "attempts: 2 (of 4)", 0, 0 }, /* how many there were */
        { "attempt 2", 0, 0 },
        { "country 2/5", 0, 0 },
        { "attempt 7/5", 0, 0 },
        { "attempt 0/5", 0, 0 },
        { "attempt 99999999999999999999/5", 0, 0 },
        { "", 0, 0 },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                unsigned n = 0, of = 0;

                g_test_message("%s", CASES[i].text);
                g_assert_cmpint(attempts_in(str_from(CASES[i].text), &n, &of), ==, CASES[i].n > 0);
                if (CASES[i].n > 0) {
                        g_assert_cmpuint(n, ==, CASES[i].n);
                        g_assert_cmpuint(of, ==, CASES[i].of);
                }
        }
}

/* What is tried again is no failure yet. */
static void test_early(void) {
        static const struct {
                const char *text;
                bool goes_on;
        } LINES[] = {
                { "webhook answered 503, attempt 1, again in 4 s", true },
                { "delivery failed (attempt 3), will retry", true },
                { "{\"attempt\":1,\"status\":503,\"msg\":\"bank did not take the batch, will try again\"}", true },
                { "mail 88009 put back, attempt 1: server returned 503", true },
                { "bureau failed, retrying cid=7 attempt=1 err=\"HTTP 503\"", true },
                { "letter 20029: shop answered 429, put at the end of the list", true },
                { "letter 20029: shop answered 429, moved to the end of the queue", true },
                { "letter 20029: no more paper at the end of the roll", false },
                { "bureau failed, retrying cid=7 attempt=9 err=\"HTTP 503\"", false },
                { "webhook answered 503, attempt 9, again in 32 s", false },
                { "webhook answered 503, attempt 2", false },
                { "webhook answered 503, again in 4 s", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                g_auto(Story) story = story_new();

                for (unsigned n = 0; n < 5; n++)
                        story_tell(&story, "app.log", 600 + n, LEVEL_WARNING, NULL, LINES[i].text);
                g_test_message("%s", LINES[i].text);
                g_assert_cmpint(attempts_go_on(story_view(&story)->signals->pdata[0]), ==, LINES[i].goes_on);
        }
}

/* Refusals of the users of a list, one by one. */
static void test_users(void) {
        static const struct {
                const char *format;
                const char *users[6];
                bool guessed;
        } LISTS[] = {
                { "FATAL:  role \"%s\" does not exist", { "admin", "root", "sa" }, true },
                { "Access denied for user '%s'@'localhost' (using password: YES)", { "root", "mysql", "root", "backup", "test" }, true },
                { "Failed password for invalid user %s from 203.0.113.9", { "oracle", "ubuntu", "git" }, true },
                { "Access denied for user '%s'@'localhost' (using password: YES)", { "shop", "shop", "shop", "shop", "shop" }, false },
                { "Access denied for user '%s'@'localhost' (using password: YES)", { "shop", "mail" }, false },
                { "login refused: %s", { "root", "admin", "sa" }, false }, /* who knows of what */
        };

        for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++) {
                g_auto(Story) story = story_new();

                story_pattern(&story, "test/login", ROLE_CAUSE, "authentication/credentials", 0);
                for (unsigned n = 0; LISTS[i].users[n]; n++) {
                        g_autofree char *text = g_strdup_printf(LISTS[i].format, LISTS[i].users[n]);
                        story_tell(&story, "db.log", 600 + 3 * n, LEVEL_ERROR, "test/login", text);
                }
                g_test_message("%s %s", LISTS[i].format, LISTS[i].users[1]);
                g_assert_cmpint(attempts_guess_users(story_view(&story)->signals->pdata[0]), ==, LISTS[i].guessed);
        }
}

static void check_signal(unsigned last, bool goes_on) {
        g_auto(Story) story = story_new();

        for (unsigned i = 0; i < 6; i++) {
                g_autofree char *text = g_strdup_printf("write refused, attempt %u/5", 1 + i % last);
                story_tell(&story, "app.log", 10 + i, LEVEL_ERROR, NULL, text);
        }
        g_assert_cmpint(attempts_go_on(story_signal(&story, "write refused")), ==, goes_on);
}

static void test_signal(void) {
        check_signal(3, true);
        check_signal(5, false);
}

/* What a batch leaves out names the row. */
static void test_rows(void) {
        static const struct {
                const char *text;
                bool left_out;
        } ROWS[] = {
                { "row 25 skipped: date/time field value out of range", true },
                { "line=40 rejected: (1406, \"Data too long for column 'title' at row 1\")", true },
                { "feed.agency item #9204747 ignored, no headline", true },
                { "entry 62: does not match format '%Y-%m-%d', skipped", true },
                { "run R-1193 employee 1017: skipped, no bank account on file", true },
                { "cron job skipped", false },
                { "skipped 12 rows", false },
                { "row 25 stored", false },
                { "order rejected, no room", false },
                { "tomorrow 25 orders rejected", false },
                { "", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
                g_test_message("%s", ROWS[i].text);
                g_assert_cmpint(attempts_leave_row_out(str_from(ROWS[i].text)), ==, ROWS[i].left_out);
        }
}

/* Warnings of a first attempt and the next go on, if as many are first ones; errors do not, nor those who are at a late one. */
static void test_first_ones(void) {
        static const struct {
                unsigned every; /* so many lines one is a first attempt */
                unsigned then;  /* what the others are */
                Level level;
                bool goes_on;
        } TRIES[] = { { 2, 2, LEVEL_WARNING, true }, { 3, 2, LEVEL_WARNING, false }, { 2, 2, LEVEL_ERROR, false }, { 2, 9, LEVEL_WARNING, false } };

        for (size_t i = 0; i < G_N_ELEMENTS(TRIES); i++) {
                g_auto(Story) story = story_new();

                for (unsigned n = 0; n < 6; n++) {
                        g_autofree char *text = g_strdup_printf("{\"msg\":\"ranking failed\",\"try\":%u}", n % TRIES[i].every ? TRIES[i].then : 1);
                        story_tell(&story, "app.log", 600 + n, TRIES[i].level, NULL, text);
                }
                g_assert_cmpint(attempts_go_on(story_view(&story)->signals->pdata[0]), ==, TRIES[i].goes_on);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/attempts/cases", test_cases);
        g_test_add_func("/attempts/early", test_early);
        g_test_add_func("/attempts/users", test_users);
        g_test_add_func("/attempts/signal", test_signal);
        g_test_add_func("/attempts/rows", test_rows);
        g_test_add_func("/attempts/first-ones", test_first_ones);
        return g_test_run();
}
