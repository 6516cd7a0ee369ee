/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rotation: names as logrotate, newsyslog, log4j, logback, Tomcat, Python and the kubelet write them.
 */

#include "model/rotation.h"

#include <glib.h>

typedef struct Case {
        const char *path, *set;
        RotationKind kind;
        uint64_t date, index;
} Case;

static const Case CASES[] = {
        { "app.log", "app.log", ROTATION_LIVE, 0, 0 },
        { "/var/log/syslog", "/var/log/syslog", ROTATION_LIVE, 0, 0 },
        { "app.log.1", "app.log", ROTATION_NUMBERED, 0, 1 },
        { "/var/log/syslog.12.gz", "/var/log/syslog", ROTATION_NUMBERED, 0, 12 },
        { "messages.0.bz2", "messages", ROTATION_NUMBERED, 0, 0 }, /* newsyslog */
        { "app.log.zst", "app.log", ROTATION_LIVE, 0, 0 },
        { "app.log.old", "app.log", ROTATION_OLD, 0, 0 },
        { "Xorg.0.log.old", "Xorg.0.log", ROTATION_OLD, 0, 0 },
        /* logrotate: dateext, and dateformat -%Y%m%d-%H%M, -%Y-%m-%d, -%Y%m%d%H */
        { "app.log-20240607", "app.log", ROTATION_DATED, 20240607000000, 0 },
        { "app.log-20240607.gz", "app.log", ROTATION_DATED, 20240607000000, 0 },
        { "app.log-20240607-0930.gz", "app.log", ROTATION_DATED, 20240607093000, 0 },
        { "app.log-2024-06-07.xz", "app.log", ROTATION_DATED, 20240607000000, 0 },
        { "app.log-2024060709", "app.log", ROTATION_DATED, 20240607090000, 0 },
        { "app-20240607.log", "app.log", ROTATION_DATED, 20240607000000, 0 }, /* dateext, extension .log */
        { "app-20240607.log.gz", "app.log", ROTATION_DATED, 20240607000000, 0 },
        { "app.log.20240607", "app.log", ROTATION_DATED, 20240607000000, 0 },
        /* Tomcat, log4j, logback, Python */
        { "logs/catalina.2024-06-07.log", "logs/catalina.log", ROTATION_DATED, 20240607000000, 0 },
        { "localhost_access_log.2024-06-07.txt", "localhost_access_log.txt", ROTATION_DATED, 20240607000000, 0 },
        { "app.log.2024-06-07", "app.log", ROTATION_DATED, 20240607000000, 0 },
        { "app.log.2024-06-07-13", "app.log", ROTATION_DATED, 20240607130000, 0 },
        { "app.log.2024-06-07_13-05", "app.log", ROTATION_DATED, 20240607130500, 0 },
        { "app.log.2024-06-07_13-05-59", "app.log", ROTATION_DATED, 20240607130559, 0 },
        { "app.2024-06-07.3.log.gz", "app.log", ROTATION_DATED, 20240607000000, 3 },
        { "app-2024-06-07-12.log.gz", "app.log", ROTATION_DATED, 20240607120000, 0 },
        { "app-2024-06-07-125.log", "app.log", ROTATION_DATED, 20240607000000, 125 },
        { "0.log.20240607-090003.gz", "0.log", ROTATION_DATED, 20240607090003, 0 }, /* kubelet */
        { "support.tar.gz!/var/log/app.log.2.gz", "support.tar.gz!/var/log/app.log", ROTATION_NUMBERED, 0, 2 },
        /* no dates, no numbers of a file */
        { "app.log-20241307", "app.log-20241307", ROTATION_LIVE, 0, 0 },
        { "app.log-19240607", "app.log-19240607", ROTATION_LIVE, 0, 0 },
        { "app.log.12345", "app.log.12345", ROTATION_LIVE, 0, 0 },
        { "worker.1.log", "worker.1.log", ROTATION_LIVE, 0, 0 },
        { "app-1.log", "app-1.log", ROTATION_LIVE, 0, 0 },
        { "20240607", "20240607", ROTATION_LIVE, 0, 0 },
        { "20240607.log", "20240607.log", ROTATION_LIVE, 0, 0 },
        { ".1", ".1", ROTATION_LIVE, 0, 0 },
        { ".gz", ".gz", ROTATION_LIVE, 0, 0 },
        { "", "", ROTATION_LIVE, 0, 0 },
        { "/", "/", ROTATION_LIVE, 0, 0 },
        { "dir.1/app.log", "dir.1/app.log", ROTATION_LIVE, 0, 0 },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                Rotation rotation;

                g_test_message("%s", CASES[i].path);
                rotation_read(&rotation, CASES[i].path);
                g_assert_cmpstr(rotation.set, ==, CASES[i].set);
                g_assert_cmpint(rotation.kind, ==, CASES[i].kind);
                g_assert_cmpuint(rotation.date, ==, CASES[i].date);
                g_assert_cmpuint(rotation.index, ==, CASES[i].index);
                rotation_clear(&rotation);
        }
}

/* Each is older than the one behind it. */
static void test_order(void) {
        static const char *const PATHS[] = {
                "a.log-20240606", "a.log-20240607-0900.gz", "a.log-20240607-1000", "a.log.10.gz", "a.log.9", "a.log.1", "a.log.old", "a.log"
        };
        Rotation older, newer;

        for (size_t i = 1; i < G_N_ELEMENTS(PATHS); i++) {
                rotation_read(&older, PATHS[i - 1]);
                rotation_read(&newer, PATHS[i]);
                g_assert_cmpstr(older.set, ==, newer.set);
                g_assert_cmpint(rotation_compare(&older, &newer), <, 0);
                g_assert_cmpint(rotation_compare(&newer, &older), >, 0);
                g_assert_cmpint(rotation_compare(&newer, &newer), ==, 0);
                rotation_clear(&older);
                rotation_clear(&newer);
        }
}

static void test_date(void) {
        g_assert_cmpint(rotation_date("app.log-20240607-0930.gz"), ==, INT64_C(1717718400000000));
        g_assert_cmpint(rotation_date("app.log-20240230"), ==, 0);
        g_assert_cmpint(rotation_date("app.log.1"), ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        g_test_add_func("/rotation/cases", test_cases);
        g_test_add_func("/rotation/order", test_order);
        g_test_add_func("/rotation/date", test_date);
        return g_test_run();
}
