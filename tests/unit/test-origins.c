/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/origins.h"

#include "story.h"

/* One source with one line; is it a log of who tells of the group? */
static const struct {
        const char *group, *source, *line;
        bool is_its;
} CASES[] = {
        { "database", "logs/postgresql-14.log.gz", "x", true },
        { "database", "mariadb-error.log", "x", true },
        { "database", "db-1.log", "x", true },
        { "database", "debug.log", "x", false },
        { "database", "mysql/app.log", "order 17 placed", false },
        { "database", "-", "2026-11-26 12:32:38 UTC [71] LOG:  checkpoint starting: time", true },
        { "database", "app.log", "FATAL:  sorry, too many clients already", false },
        { "cache", "redis-live.log", "x", true },
        { "messaging", "rabbit@host.log", "x", true },
        { "http", "nginx-access.log.gz", "x", true },
        { "http", "app.log", "order 17 placed", false },
        { "disk", "kern.log", "x", true },
        { "memory", "all.log", "Nov 26 12:00:00 host kernel: Out of memory: Killed process 17", true },
        { "network", "app.log", "the kernel is fine", false },
        { "time", "chrony.log", "x", true },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GArray) sources = NULL;

                g_test_message("%s, %s: %s", CASES[i].group, CASES[i].source, CASES[i].line);
                story_tell(&story, CASES[i].source, 0, LEVEL_INFO, NULL, CASES[i].line);
                sources = origin_sources(origin_of(CASES[i].group), story_view(&story));
                g_assert_cmpuint(sources->len, ==, CASES[i].is_its);
        }
}

/* Any program tells of its own exceptions, of names that it cannot resolve and of who refuses it. */
static void test_anybody(void) {
        g_assert_null(origin_of("application"));
        g_assert_null(origin_of("dns"));
        g_assert_null(origin_of("connections"));
        g_assert_cmpstr(origin_name(origin_of("memory")), ==, "the kernel");
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/origins/cases", test_cases);
        g_test_add_func("/origins/anybody", test_anybody);
        return g_test_run();
}
