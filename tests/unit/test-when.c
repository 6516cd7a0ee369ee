/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/when.h"

#include "base/error.h"

#define SECOND INT64_C(1000000)

static const struct {
        const char *since, *until, *around, *tz;
        int64_t since_us, until_us; /* TIME_NONE: no bound */
} GOOD[] = {
        { NULL, NULL, NULL, NULL, TIME_NONE, TIME_NONE },
        { "2024-06-07T09:00:03Z", NULL, NULL, NULL, 1717750803 * SECOND, TIME_NONE },
        { "2024-06-07 09:00:03", NULL, NULL, NULL, 1717750803 * SECOND, TIME_NONE },
        { "2024-06-07 11:00:03", NULL, NULL, "Europe/Paris", 1717750803 * SECOND, TIME_NONE },
        { "2024-06-07 14:00:03", NULL, NULL, "+05:00", 1717750803 * SECOND, TIME_NONE },
        { "2024-06-07 14:00:03", NULL, NULL, "UTC+5", 1717750803 * SECOND, TIME_NONE },
        { "2024-06-07 14:30:03", NULL, NULL, "utc+05:30", 1717750803 * SECOND, TIME_NONE },
        { "2024-06-07 06:00:03", NULL, NULL, "GMT-3", 1717750803 * SECOND, TIME_NONE },
        { "2024-06-07 04:00:03", NULL, NULL, "Etc/GMT+5", 1717750803 * SECOND, TIME_NONE }, /* a name of the zone database, with its sign */
        { "2024-06-07T09:00:03Z", "2024-06-07T09:00:04Z", NULL, "Europe/Paris", 1717750803 * SECOND, 1717750804 * SECOND },
        { NULL, NULL, "2024-06-07T09:00:03Z", NULL, (1717750803 - 900) * SECOND, (1717750803 + 900) * SECOND },
};

static void test_good(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(GOOD); i++) {
                char *zones[] = { (char *)GOOD[i].tz, NULL };
                Options options = { .since = (char *)GOOD[i].since, .until = (char *)GOOD[i].until, .around = (char *)GOOD[i].around, .tz = zones };
                ScanOptions scan = { 0 };
                g_autoptr(GError) error = NULL;

                g_assert_true(when_read(&scan, &options, &error));
                g_assert_no_error(error);
                g_assert_cmpint(scan.since_us, ==, GOOD[i].since_us);
                g_assert_cmpint(scan.until_us, ==, GOOD[i].until_us);
                when_clear(&scan);
        }
}

static const struct {
        const char *since, *until, *tz, *message;
} BAD[] = {
        { "soon", NULL, NULL, "--since soon: not a time" },
        { "-2x", NULL, NULL, "--since -2x: not a time" },
        { NULL, "", NULL, "--until : not a time" },
        { "2024-06-07T09:00:03Z", "2024-06-07T09:00:03Z", NULL, "--since 2024-06-07T09:00:03Z is not before" },
        { NULL, NULL, "Moon/Base", "--tz Moon/Base: no such zone" },
        { NULL, NULL, "UTC+15", "--tz UTC+15: no such zone" },
        { NULL, NULL, "UTC+5:7", "--tz UTC+5:7: no such zone" },
        { NULL, NULL, "app.log=Moon/Base", "--tz app.log=Moon/Base: no such zone" },
};

static void test_bad(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++) {
                char *zones[] = { (char *)BAD[i].tz, NULL };
                Options options = { .since = (char *)BAD[i].since, .until = (char *)BAD[i].until, .tz = zones };
                ScanOptions scan = { 0 };
                g_autoptr(GError) error = NULL;

                g_assert_false(when_read(&scan, &options, &error));
                g_assert_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE);
                g_assert_true(g_str_has_prefix(error->message, BAD[i].message));
                when_clear(&scan);
        }
}

/* Before now; now moves on while the test runs. */
static void test_relative(void) {
        Options options = { .since = (char *)"-2h", .until = (char *)"now" };
        ScanOptions scan = { 0 };

        g_assert_true(when_read(&scan, &options, NULL));
        g_assert_cmpint(scan.until_us - scan.since_us, ==, 7200 * SECOND);
        g_assert_cmpint(g_get_real_time() - scan.until_us, <, 60 * SECOND);
        when_clear(&scan);
}

static void test_zones_of_sources(void) {
        char *zones[] = { (char *)"UTC", (char *)"a=b.log=Europe/Paris", NULL };
        Options options = { .tz = zones };
        ScanOptions scan = { 0 };

        g_assert_true(when_read(&scan, &options, NULL));
        g_assert_cmpstr(scan.zone_name, ==, "UTC");
        g_assert_cmpuint(scan.zones->len, ==, 1);
        g_assert_cmpstr(((const ScanZone *)scan.zones->pdata[0])->source, ==, "a=b.log");
        when_clear(&scan);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/when/good", test_good);
        g_test_add_func("/when/bad", test_bad);
        g_test_add_func("/when/relative", test_relative);
        g_test_add_func("/when/zones-of-sources", test_zones_of_sources);
        return g_test_run();
}
