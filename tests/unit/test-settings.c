/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/settings.h"

#include "diagnose/changes.h"
#include "episodes.h"

/* Two lines before an incident, the second a change; what its settings are. */
static const struct {
        const char *name, *source, *earlier, *change, *expected;
        bool at_once; /* both in one second, as some logs tell */
} CASES[] = {
        { "the same kind", "db.log", "quota file loaded, checkout=40 mobile=50", "quota file loaded, checkout=4 mobile=50", "checkout was 40" },
        { "nothing differs", "db.log", "quota file loaded, checkout=4", "quota file loaded, checkout=4", "" },
        { "another source", "web.log", "quota file loaded, checkout=40", "quota file loaded, checkout=4", "" },
        { "another host", "db.log", "quota file loaded, host=a checkout=40", "quota file loaded, host=b checkout=4", "" },
        { "one host of two", "db.log", "loaded, host=b checkout=40", "loaded, host=b checkout=4", "checkout was 40" },
        { "in a message in quotes", "db.log", "lvl=info msg=\"config loaded ttl=5s\"", "lvl=info msg=\"config loaded ttl=5h\"", "ttl was 5s" },
        { "nothing any more", "db.log", "subscribed, events=\"xE\"", "subscribed, events=\"\"", "events was xE" },
        { "by its place", "db.log", "start, 3 days in open periods", "start, 126 days in open periods", "start was 3" },
        { "a number that is another in every line", "db.log", "job 4711 deployed in 3 s", "job 4712 deployed in 4 s", "" },
        { "of two values of one name the first", "db.log", "built with gcc 12 for Debian 11 by Debian 12", "built with gcc 12 for Debian 11 by Debian 13", "" },
        { "both values in one line", "db.log", "role kept", "role db: max_connections 100 -> 8", "max_connections was 100" },
        { "in quotes", "db.log", "role kept", "File_line[hub]/LimitNOFILE changed '4096' to '128'", "LimitNOFILE was 4096" },
        { "a switch", "db.log", "role kept", "flag checkout.gift: off => on", "checkout.gift was off" },
        { "states are no values", "db.log", "role kept", "order 7 moved: paid -> shipped", "" },
        { "a word in a line of configuration", "db.log", "role kept", "fx-fetch.conf: source mirror -> direct", "source was mirror" },
        { "what passes", "db.log", "quota file loaded, pid=17 took_ms=3", "quota file loaded, pid=18 took_ms=4", "" },
        { "in words, from anywhere", "web.log", "starting with max_connections=100 port=5432", "parameter \"max_connections\" changed to \"20\"",
          "max_connections was 100" },
        { "of another thing", "db.log", "K: rules read, agree=3", "NA: rules read, agree=2", "" },
        { "of the same thing", "db.log", "NA: rules read, agree=3", "NA: rules read, agree=2", "agree was 3" },
        { "a line of a difference", "db.log", "p=7 | -default_time_zone = +00:00", "p=7 | +default_time_zone = +09:00", "default_time_zone was +00:00" },
        { "a line of a difference, at once", "db.log", "p=7 | -default_time_zone = +00:00", "p=7 | +default_time_zone = +09:00", "default_time_zone was +00:00",
          true },
        { "a word as any other", "web.log", "lamp = on", "lamp = off", "" },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_auto(Story) story = story_new();
                g_autoptr(GPtrArray) changes = NULL;
                g_autoptr(GString) found = g_string_new(NULL);
                Incident *incident = incident_new();
                const Change *change;

                g_test_message("%s", CASES[i].name);
                story_pattern(&story, "db/set", ROLE_CHANGE, "changes/configuration", 0);
                story_tell(&story, CASES[i].source, CASES[i].at_once ? 590 : 400, LEVEL_INFO, g_str_equal(CASES[i].source, "db.log") ? "db/set" : NULL,
                           CASES[i].earlier);
                story_tell(&story, "db.log", 590, LEVEL_INFO, "db/set", CASES[i].change);
                incident->onset_us = (STORY_START + 600) * 1000000;
                incident->end_us = (STORY_START + 700) * 1000000;
                changes = changes_find(incident, story_view(&story), story.patterns, NULL);
                change = changes->pdata[changes->len - 1];
                for (guint j = 0; j < change->settings->len; j++) {
                        const Setting *setting = &g_array_index(change->settings, Setting, j);
                        g_string_append_printf(found, "%s%s was %s", j ? ", " : "", setting->name, setting->was);
                        g_assert_cmpstr(setting->said.source, ==, CASES[i].source);
                }
                g_assert_cmpstr(found->str, ==, CASES[i].expected);
                incident_free(incident);
        }
}

/* What a line says of both values. */
static const struct {
        const char *text, *moved;
} MOVED[] = {
        { "backend be timeout server 10s -> 1400ms", "server 10s 1400ms" },
        { "pool db.size: 60->10", "db.size 60 10" },
        { "LimitNOFILE '4096' => '128'", "LimitNOFILE 4096 128" },
        { "node->next at 0x10", "" },
        { "File changed:\n-max_len = 65536\n-heap = 32\n+max_len = 1024\n+heap = 32", "max_len 65536 1024" },
        { "updated:\n-    proxy_read_timeout 30s;\n+    proxy_read_timeout 3s;", "proxy_read_timeout 30s 3s" },
        { "updated:\n-  \"ttl\": \"60\",\n+  \"ttl\": \"5\",", "ttl 60 5" },
        { "updated:\n-ttl: 60\n+pool: 5", "" },
        { "updated:\n-\n+\n--\n-=\n+=", "" },
        { "moved from here to there", "" },
        { "worker.toml: mode batch -> stream", "mode batch stream" },
        { "order 7 moved: paid -> shipped", "" },
        { "dns: _wallet._tcp w-1.in:29561 -> w-2.in:29562 (INFRA-7)", "_wallet._tcp w-1.in:29561 w-2.in:29562" },
        { "dns: pay https://a.in/v2 -> https://b.in/v2", "pay https://a.in/v2 https://b.in/v2" },
        { "move a: -> b:", "" },
};

static void test_moved(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(MOVED); i++) {
                g_autofree char *found = NULL;
                Str name, was, now;

                if (settings_moved(str_from(MOVED[i].text), &name, &was, &now))
                        found = g_strdup_printf("%.*s %.*s %.*s", (int)name.len, name.ptr, (int)was.len, was.ptr, (int)now.len, now.ptr);
                g_test_message("%s", MOVED[i].text);
                g_assert_cmpstr(found ? found : "", ==, MOVED[i].moved);
        }
}

/* By its form, or by what it is called. */
static void test_version(void) {
        g_assert_true(settings_is_version(STR("image"), STR("shop")));
        g_assert_true(settings_is_version(STR("release"), STR("2418")));
        g_assert_true(settings_is_version(STR("software"), STR("3.2.0")));
        g_assert_false(settings_is_version(STR("pool"), STR("2418")));
        g_assert_false(settings_is_version(STR("ttl"), STR("0.5")));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/settings/cases", test_cases);
        g_test_add_func("/settings/moved", test_moved);
        g_test_add_func("/settings/version", test_version);
        return g_test_run();
}
