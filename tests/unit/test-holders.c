/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/holders.h"

#include "story.h"

/* Who waits at 600, and a line with its message behind "LOG:  ", at a second; whether it is one of the holder's. */
static const struct {
        const char *wait, *line;
        int second;
        bool holds;
} CASES[] = {
        { "still waiting for ShareLock. Process holding the lock: 28000. Wait queue: 23809.", "UTC [28000] ada@shop LOG:  update prices", 590, true },
        { "still waiting for ShareLock. Process holding the lock: 28000. Wait queue: 23809.", "UTC [23809] api@shop LOG:  update prices", 590, false },
        { "still waiting for ShareLock. Process holding the lock: 28000. Wait queue: 23809.", "UTC [28000] ada@shop LOG:  update prices", 610, false },
        { "Processes holding the lock: 27000, 28000. Wait queue: 5.", "UTC [28000] LOG:  begin", 590, true },
        { "lock wait on table orders, blocking pid=28000", "pid=28000 LOG:  begin", 590, true },
        { "lock wait on table orders, blocked by pid 28000", "2026-28000 28000 LOG:  begin", 590, false },
        { "Process holding the lock: 28. Wait queue: 23809.", "[28] LOG:  begin", 590, false },
        { "waits for process 28000", "[28000] LOG:  begin", 590, false },
        { "blocked by pid 99999999999999999999", "[28000] LOG:  begin", 590, false },
        { "lock, holding the lock", "[ LOG:  begin", 590, false },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(Holders) holders = NULL;
                size_t message_at = (size_t)(strstr(CASES[i].line, "LOG:  ") - CASES[i].line) + strlen("LOG:  ");
                Exemplar line = { .text = (char *)CASES[i].line,
                                  .time_us = (STORY_START + CASES[i].second) * 1000000,
                                  .message_at = (uint32_t)message_at,
                                  .message_len = (uint32_t)(strlen(CASES[i].line) - message_at) };

                story_pattern(&story, "test/lock", ROLE_CAUSE, "database/lock", 1);
                for (int second = 600; second < 605; second++)
                        story_tell(&story, "db.log", second, LEVEL_INFO, NULL, CASES[i].wait);
                holders = holders_new(story_view(&story));
                g_test_message("%s / %s", CASES[i].wait, CASES[i].line);
                g_assert_cmpint(holders_wrote(holders, &line), ==, CASES[i].holds);
        }
}

int main(int argc, char *argv[]) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/holders/cases", test_cases);
        return g_test_run();
}
