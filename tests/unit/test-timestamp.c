/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/civil.h"
#include "parse/timestamp.h"

#include <stdlib.h>

#define REFERENCE_US (INT64_C(1795435200) * 1000000) /* 2026-11-23T12:00:00Z */

typedef struct Case {
        const char *line;
        const char *time; /* NULL: the line has none */
} Case;

static const TimeContext utc = { NULL, REFERENCE_US };

static void assert_time(Str line, const TimeContext *context, const char *expected) {
        Timestamp found;
        char buffer[32];
        bool has = timestamp_find(line, context, &found);

        if (!has != !expected || (has && !g_str_equal(timestamp_write(found.us, buffer), expected)))
                g_error("%.*s: expected %s, found %s as %s", (int)line.len, line.ptr, expected ? expected : "none",
                        has ? timestamp_write(found.us, buffer) : "none", has ? timestamp_format_name(found.format) : "-");
        if (!has)
                return;
        g_assert_cmpuint(found.start, <, found.end);
        g_assert_cmpuint(found.end, <=, line.len);
}

/* Searches a copy of exactly the line's size, so that a read behind it is seen by the sanitizer. */
static void assert_case(const Case *c, const TimeContext *context) {
        size_t len = strlen(c->line);
        g_autofree char *copy = g_memdup2(c->line, len);

        assert_time((Str){ copy, len }, context, c->time);
}

static void assert_cases(const Case *cases, size_t n, const TimeContext *context) {
        for (size_t i = 0; i < n; i++)
                assert_case(&cases[i], context);
}

static const Case writings[] = {
        /* RFC 3339 and relatives */
        { "2026-11-23T08:26:05Z up", "2026-11-23T08:26:05Z" },
        { "2026-11-23t08:26:05z up", "2026-11-23T08:26:05Z" },
        { "2026-11-23T08:26:05.1Z up", "2026-11-23T08:26:05.100Z" },
        { "2026-11-23T08:26:05.112955+00:00 tile-1 tiled", "2026-11-23T08:26:05.112955Z" },
        { "2026-11-23T08:26:05.112955999Z stdout F x", "2026-11-23T08:26:05.112955Z" },
        { "2026-11-23T08:26:05.1234567+02:00 x", "2026-11-23T06:26:05.123456Z" },
        { "2026-11-23T08:26:05,112+0100 x", "2026-11-23T07:26:05.112Z" },
        { "2026-11-23T08:26:05 host app[1]: x", "2026-11-23T08:26:05Z" },
        { "2026-11-23 08:26:05 x", "2026-11-23T08:26:05Z" },
        { "2026-11-23 08:26:05,112 INFO x", "2026-11-23T08:26:05.112Z" },
        { "2026-11-23 08:26:05.112 +08:00 [WRN] x", "2026-11-23T00:26:05.112Z" },
        { "2026-11-23 08:26:05 +0000 x", "2026-11-23T08:26:05Z" },
        { "2026-11-23 08:26:05.5-05 x", "2026-11-23T13:26:05.500Z" },
        { "2026-11-23 08:26:05:112 x", "2026-11-23T08:26:05.112Z" },
        { "2026-11-23 08:26:05.112+05:45 x", "2026-11-23T02:41:05.112Z" },
        { "2026-11-23_08:26:05 x", "2026-11-23T08:26:05Z" },
        { "2026-11-23T08:26:05.313913FOO err", "2026-11-23T08:26:05.313913Z" },
        { "2026-11-23 08:32:29,presence-gw,INFO,started", "2026-11-23T08:32:29Z" },
        { "20261123T080000Z x", "2026-11-23T08:00:00Z" },
        { "20261123T080000.250+0100 x", "2026-11-23T07:00:00.250Z" },
        { "2026-327T08:00:00,672:DEBUG:x", "2026-11-23T08:00:00.672Z" },
        { "26-11-23T08:00:00 x", "2026-11-23T08:00:00Z" },
        { "2026-11-23 08:00 x", "2026-11-23T08:00:00Z" },
        { "2026-11-23T08:00Z x", "2026-11-23T08:00:00Z" },
        { "2026-11-23 8:26:05 AM x", "2026-11-23T08:26:05Z" },
        { "Mon 2026-11-23 08:00:00 UTC; 3h ago", "2026-11-23T08:00:00Z" },
        { "2026-1-2 3:04:05 x", "2026-01-02T03:04:05Z" },
        { "2026-11-23", "2026-11-23T00:00:00Z" },
        { "2026-11-23\t08:00:00\tGET /", "2026-11-23T08:00:00Z" },
        /* other orders and separators, year first */
        { "2026/11/23 08:14:33 [error] 34#34: *1674 connect()", "2026-11-23T08:14:33Z" },
        { "2026/11/23 08:09:45.801638 main.go:58: x", "2026-11-23T08:09:45.801638Z" },
        { "2026/11/23-08:09:45.801638 7f0 [db/db.cc] x", "2026-11-23T08:09:45.801638Z" },
        { "2026.11.23 14:29:16 LOG3[28228]: x", "2026-11-23T14:29:16Z" },
        { "[2026.11.23-08.00.00:123][  0]LogInit: x", "2026-11-23T08:00:00.123Z" },
        { "2026-11-23-08.00.00.123456 I1A H", "2026-11-23T08:00:00.123456Z" },
        { "2026:11:23-00:17:45: '3.2.1.4' 2 failed", "2026-11-23T00:17:45Z" },
        { "2026 Nov 23 08:00:00.123 x", "2026-11-23T08:00:00.123Z" },
        { "2026 Nov 23 Mon 08:00:00 x", "2026-11-23T08:00:00Z" },
        { "[20261123-12:11:06] [INFO ] x", "2026-11-23T12:11:06Z" },
        { "20261123 08:00:00 x", "2026-11-23T08:00:00Z" },
        { "20261123.080000,672:DEBUG:x", "2026-11-23T08:00:00.672Z" },
        { "20261123 080000 x", "2026-11-23T08:00:00Z" },
        { "20261123080000 x", "2026-11-23T08:00:00Z" },
        { "261123  8:32:22 [Warning] x", "2026-11-23T08:32:22Z" },
        { "081109 203615 148 INFO dfs.DataNode x", "2008-11-09T20:36:15Z" },
        { "17/06/09 20:10:40 INFO executor x", "2017-06-09T20:10:40Z" },
        { "2026-11-23  8:46:59 0 [Note] Starting MariaDB", "2026-11-23T08:46:59Z" },
        { "2026-11-23  8:46:59 139845235329792 [Warning] x", "2026-11-23T08:46:59Z" },
        /* day or month first */
        { "192.0.2.1 - - [23/Nov/2026:08:26:07 +0000] \"GET / HTTP/1.1\" 200 1", "2026-11-23T08:26:07Z" },
        { "192.0.2.1 - - [23/Nov/2026:03:10:12 -0500] \"GET / HTTP/1.1\" 200 1", "2026-11-23T08:10:12Z" },
        { "192.0.2.1 - - - [31/Jan/2026:14:29:44 ] fail2ban.org", "2026-01-31T14:29:44Z" },
        { "175.18.15.10 -  -  [02/sept./2015:00:11:31 +0200] \"GET", "2015-09-01T22:11:31Z" },
        { "[17/Jun/2011 17:00:45] Attempt", "2011-06-17T17:00:45Z" },
        { "[23-Nov-2026 08:47:08 UTC] PHP Deprecated: x", "2026-11-23T08:47:08Z" },
        { "[22-Jan-2013 22:28:21 +0200]: FAILED", "2013-01-22T20:28:21Z" },
        { "11-Aug-2013 03:36:11.372 error: client", "2013-08-11T03:36:11.372Z" },
        { "=INFO REPORT==== 23-Nov-2026::08:00:00 ===", "2026-11-23T08:00:00Z" },
        { "5792:C 23 Nov 2026 08:47:26.911 # oO0OoO0OoO0Oo", "2026-11-23T08:47:26.911Z" },
        { "Mon, 23 Nov 2026 08:00:00 GMT x", "2026-11-23T08:00:00Z" },
        { "Mon 23 Nov 08:00:00 CET 2026 x", "2026-11-23T07:00:00Z" },
        { "23 Nov 08:00:00.123 * Ready", "2026-11-23T08:00:00.123Z" },
        { "23.11.2026 08:31:17 [nightly:838] INFO  x", "2026-11-23T08:31:17Z" },
        { "23.11.26 08:31:17,123 x", "2026-11-23T08:31:17.123Z" },
        { "10/06/2013 15:50:41 [LOGIN_ERROR] x", "2013-10-06T15:50:41Z" },
        { "23/06/2013 15:50:41 x", "2013-06-23T15:50:41Z" },
        { "L 01/02/2014 - 01:25:17: Bad Rcon", "2014-01-02T01:25:17Z" },
        { "11/23/2026 08:00:00 PM x", "2026-11-23T20:00:00Z" },
        { "11/23/2026, 12:00:00 AM x", "2026-11-23T00:00:00Z" },
        { "23/11/2026 1:00:00 PM x", "2026-11-23T13:00:00Z" },
        { "11/23/2026-08:00:00.123456  [**] x", "2026-11-23T08:00:00.123456Z" },
        { "11/22-08:00:00.123456  [**] x", "2026-11-22T08:00:00.123456Z" },
        { "11-06-2013 02:09:40 +0300 PROXY.3128", "2013-06-10T23:09:40Z" },
        { "06-23-2013 02:09:40 x", "2013-06-23T02:09:40Z" },
        { "08-03 07:56:53.026292 [WARN] [SOFIA] x", "2026-08-03T07:56:53.026292Z" },
        { "11/23 08:00:00 x", "2026-11-23T08:00:00Z" },
        /* names first */
        { "Nov 23 08:15:10 catalog-2 kernel: x", "2026-11-23T08:15:10Z" },
        { "Nov  3 09:23:38 veridian automount[7998]: x", "2026-11-03T09:23:38Z" },
        { "Mar 7 02:09:33 server postfix", "2026-03-07T02:09:33Z" },
        { "<34>Oct 11 22:14:15 mymachine su: x", "2026-10-11T22:14:15Z" },
        { "May 16 00:28:21.422694 INF main.go:28 > x", "2026-05-16T00:28:21.422694Z" },
        { "Nov 23 08:15:10.123 UTC: %SYS-5", "2026-11-23T08:15:10.123Z" },
        { "Oct 27 2015 12:35:40 test1 x", "2015-10-27T12:35:40Z" },
        { "Apr-27-13 02:25:10 [SSL-out] x", "2013-04-27T02:25:10Z" },
        { "nov/22/2026 08:00:00 system,info x", "2026-11-22T08:00:00Z" },
        { "Nov 23, 2026 5:20:39 PM pricing.PricingServer main", "2026-11-23T17:20:39Z" },
        { "Nov 23, 2026 5:20:39\xe2\x80\xafPM pricing.PricingServer main", "2026-11-23T17:20:39Z" },
        { "[Mon Nov 23 08:00:00.123456 2026] [core:error] x", "2026-11-23T08:00:00.123456Z" },
        { "[Sun Dec 04 04:47:44 2005] [notice] x", "2005-12-04T04:47:44Z" },
        { "Mon Dec 13 08:15:18 2004 [pid 27202] x", "2004-12-13T08:15:18Z" },
        { "Wed May 19 08:00:01 EST 2021 line 1", "2021-05-19T13:00:01Z" },
        { "Wed May 19 08:00:01 PM EDT 2021 line 1", "2021-05-20T00:00:01Z" },
        { "Mon Nov 23 2026 08:00:00 GMT+0100 (CET) x", "2026-11-23T07:00:00Z" },
        { "Monday, November 23, 2026 8:00:00 AM x", "2026-11-23T08:00:00Z" },
        { "[CEST Aug  6 10:14:52] error    : x", "2026-08-06T10:14:52Z" },
        { "I1122 15:04:05.000001 1 descheduler.go:169] x", "2026-11-22T15:04:05.000001Z" },
        { "E20261122 15:04:05.5 1 x.cc:1] x", "2026-11-22T15:04:05.500Z" },
        /* numbers */
        { "1795422212.118 INFO bff", "2026-11-23T08:23:32.118Z" },
        { "1286536309.450    180 192.0.2.1 TCP_MISS/200", "2010-10-08T11:11:49.450Z" },
        { "1428634687123 Hello", "2015-04-10T02:58:07.123Z" },
        { "1428634687123456 Hello", "2015-04-10T02:58:07.123456Z" },
        { "1428634687123456789 Hello", "2015-04-10T02:58:07.123456Z" },
        { "[1387348935] nsd[23600]: info", "2013-12-18T06:42:15Z" },
        { "5792:signal-handler (1795423815) Received SIGTERM", "2026-11-23T08:50:15Z" },
        { "10000 1697048351.000001 execve(\"./webserver\")", "2023-10-11T18:19:11.000001Z" },
        { "type=USER_LOGIN msg=audit(1373330717.000:4070): user", "2013-07-09T00:45:17Z" },
        { "level=info ts=1795420980.058 msg=x", "2026-11-23T08:03:00.058Z" },
        { "{\"level\":30,\"time\":1795420980058,\"pid\":6100,\"msg\":\"of 2026-01-01 00:00:00\"}", "2026-11-23T08:03:00.058Z" },
        { "@400000004c91b044077a9e94 imap-login: x", "2010-09-16T05:50:50.125476Z" },
        /* time of day */
        { "[08:05:07] x", "2026-11-23T08:05:07Z" },
        { "08:00:00.123 [main] x", "2026-11-23T08:00:00.123Z" },
        { "15:00:00.123 [main] x", "2026-11-22T15:00:00.123Z" },
        { "12:30:00 a little after the reference", "2026-11-23T12:30:00Z" },
        { "478760 02:21:46.284771 execve()", "2026-11-23T02:21:46.284771Z" },
        { "[main] 08:00:00.123 x", "2026-11-23T08:00:00.123Z" },
        { "time=\"08:00:00.123\" level=info", "2026-11-23T08:00:00.123Z" },
};

static const Case places[] = {
        { "nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO x", "2017-05-16T00:00:00.008Z" },
        { "2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 INFO x", "2017-05-16T00:00:00.008Z" },
        { "Nov 22 08:32:38 lb-1 haproxy[42]: 127.0.0.1:4 [23/Nov/2026:08:32:39.259] web", "2026-11-22T08:32:38Z" },
        { "2019-09-06T01:45:18 srv mysqld: 2019-09-06  1:45:19 140581192722176", "2019-09-06T01:45:18Z" },
        { "1403884279 - 06/27/2014 17:51:19 Host: 192.168.56.1", "2014-06-27T17:51:19Z" },
        { "I, [2026-11-23T08:26:05.112955 #18]  INFO -- media: x", "2026-11-23T08:26:05.112955Z" },
        { "<W>2015-11-29 16:38:01.818 1 => x", "2015-11-29T16:38:01.818Z" },
        { "78017 00cff -- none -- - 2014-01-13T05:02:22+00:00 WARN (4): x", "2014-01-13T05:02:22Z" },
        { "MainThread::INFO::2011-12-05 07:04:56,101::vdsm::71", "2011-12-05T07:04:56.101Z" },
        { "2019-10-21 18:55:15|-1|0|0|[WEB]", "2019-10-21T18:55:15Z" },
        { "<co ts=\"2014-06-02T22:02:13.94\" pi=\"72a9\"", "2014-06-02T22:02:13.940Z" },
        { "web-1  | 08-03 07:56:53 x", "2026-08-03T07:56:53Z" },
        { "\033[2m2026-11-23T08:26:05Z\033[0m INFO x", "2026-11-23T08:26:05Z" },
        { "billing 2026/11/23 08:22:50.338314 INFO x", "2026-11-23T08:22:50.338314Z" },
        { "logger=settings t=2025-04-24T19:51:48.520963849Z level=info", "2025-04-24T19:51:48.520963Z" },
        { "{\"log\":\"16:42:10 Travel Date: 2023-01-01 "
          "15:38:06\\n\",\"time\":\"2023-01-29T08:42:10.331Z\"}",
          "2023-01-29T08:42:10.331Z" },
        { "{\"@timestamp\": \"2026-11-23T08:30:21.419Z\", \"log.level\": \"info\"}", "2026-11-23T08:30:21.419Z" },
        { "# Time: 261123  8:47:33", "2026-11-23T08:47:33Z" },
        { "{\"t\":{\"$date\":\"2026-03-10T20:58:09.401+00:00\"},\"s\":\"I\"}", "2026-03-10T20:58:09.401Z" },
        { "2026-11-23T23:59:60Z leap", "2026-11-24T00:00:00Z" },
        { "2026-11-23T23:59:60.5Z leap", "2026-11-24T00:00:00.500Z" },
        { "2024-02-29 08:00:00 leap day", "2024-02-29T08:00:00Z" },
};

static const Case negatives[] = {
        { "", NULL },
        { " ", NULL },
        { "\tat com.foo.Bar.baz(Bar.java:88)", NULL },
        { "\tat java.base/java.lang.Thread.run(Thread.java:833) ~[?:?]", NULL },
        { "  File \"/srv/x.py\", line 3, in main", NULL },
        { "Traceback (most recent call last):", NULL },
        { "goroutine 17 [running]:", NULL },
        { "main.go:12 +0x1a5", NULL },
        { "panic: runtime error: index out of range [5] with length 3", NULL },
        { "java.lang.IllegalStateException: no rates published for 2026-11-23 yet", NULL },
        { "Caused by: java.security.cert.CertificateExpiredException: NotAfter: Mon Nov 23 08:25:45 "
          "UTC 2026",
          NULL },
        { "\tINSERT INTO t VALUES (17, '2026-11-23 08:00:00', 5)", NULL },
        { "#0 /srv/cms/lib/Db.php(5): mysqli->__construct()", NULL },
        { "#012   at Object.<anonymous> (/srv/app.js:10:20)", NULL },
        { "took 00:05:12 to finish", NULL },
        { "listening on 192.168.1.10:8080", NULL },
        { "fe80::1234:56:78:9a 12:34:56:78:9a:bc", NULL },
        { "12:34:56:78:9a:bc up", NULL },
        { "user 1795420980 logged in", NULL },
        { "id=1795420980 logged in", NULL },
        { "1286536309.4.1 is not a number", NULL },
        { "2026-13-23 08:00:00 x", NULL },
        { "2026-02-30 08:00:00 x", NULL },
        { "2025-02-29 08:00:00 x", NULL },
        { "2026-11-23T24:00:00Z x", NULL },
        { "2026-11-23T08:60:00Z x", NULL },
        { "2026-11-23T08:00:61Z x", NULL },
        { "1753-01-01 00:00:00 x", NULL },
        { "9999-12-31 23:59:59 x", NULL },
        { "1989-12-31 23:59:59 x", NULL },
        { "2101-01-01 00:00:00 x", NULL },
        { "2026-11-23-archive removed", NULL },
        { "/var/log/app-2026-11-23_08:00:00.log", NULL },
        { "backup.2026-11-23T08:00:00Z.tar.gz", NULL },
        { "Mon cher ami", NULL },
        { "May the force be with you", NULL },
        { "Nov 31 08:00:00 host x", NULL },
        { "Febtober 12 08:00:00 host", NULL },
        { "recovered pages: 0% 28% 39% 71% 91% 100% (0.0 seconds)", NULL },
        { "@4000000000000000", NULL },
        { "@zzzzzzzzzzzzzzzzzzzzzzzz", NULL },
        { "10.0.0.1 10.0.0.2 10/20/30 1-2-3", NULL },
        { "2026-11-23 08:0", NULL },
        { "\xff\xfe\x00\xc3 \xe2\x80 \xc2", NULL },
};

static void test_writings(void) {
        assert_cases(writings, G_N_ELEMENTS(writings), &utc);
}

static void test_places(void) {
        assert_cases(places, G_N_ELEMENTS(places), &utc);
}

static void test_negatives(void) {
        assert_cases(negatives, G_N_ELEMENTS(negatives), &utc);
}

static void test_flags(void) {
        static const struct {
                const char *line, *stamp;
                bool zoned, has_year, has_date;
        } cases[] = {
                { "[23/Nov/2026:08:26:07 +0000] x", "23/Nov/2026:08:26:07 +0000", true, true, true },
                { "x [2026-11-23 08:26:07.123] y", "2026-11-23 08:26:07.123", false, true, true },
                { "2026-11-23 08:26:07 FOO y", "2026-11-23 08:26:07", false, true, true },
                { "2026-11-23 08:26:07 JST [1] y", "2026-11-23 08:26:07 JST", true, true, true },
                { "2026-11-23 08:26:07 -12 degrees", "2026-11-23 08:26:07", false, true, true },
                { "Nov 23 08:15:10 host x", "Nov 23 08:15:10", false, false, true },
                { "08:15:10,123 x", "08:15:10,123", false, false, false },
                { "[1387348935] x", "1387348935", true, true, true },
                { "[Mon Nov 23 08:00:00 2026] x", "Mon Nov 23 08:00:00 2026", false, true, true },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Str line = str_from(cases[i].line);
                Timestamp found;

                g_assert_true(timestamp_find(line, &utc, &found));
                g_assert_true(str_equal(str_slice(line, found.start, found.end), str_from(cases[i].stamp)));
                g_assert_cmpint(found.zoned, ==, cases[i].zoned);
                g_assert_cmpint(found.has_year, ==, cases[i].has_year);
                g_assert_cmpint(found.has_date, ==, cases[i].has_date);
        }
}

static void test_zones(void) {
        static const struct {
                const char *zone;
                int minutes;
        } cases[] = {
                { "Z", 0 },
                { "UTC", 0 },
                { " UTC", 0 },
                { " GMT", 0 },
                { " CET", 60 },
                { " CEST", 120 },
                { " EET", 120 },
                { " EEST", 180 },
                { " MSK", 180 },
                { " WET", 0 },
                { " WEST", 60 },
                { " BST", 60 },
                { " IST", 330 },
                { " JST", 540 },
                { " EST", -300 },
                { " EDT", -240 },
                { " CST", -360 },
                { " CDT", -300 },
                { " MST", -420 },
                { " MDT", -360 },
                { " PST", -480 },
                { " PDT", -420 },
                { " HST", -600 },
                { " AEST", 600 },
                { "+00", 0 },
                { "-0800", -480 },
                { "+05:45", 345 },
                { " +05:30", 330 },
                { " -0330", -210 },
                { " UTC+2", 0 },
                { " UTC+02", 120 },
                { " GMT-0100", -60 },
                { "+14:00", 840 },
                { " Asia/Tokyo", 540 },
                { " America/New_York", -300 },
                { " Europe/Paris", 60 },
                { " INFO", 0 },
                { " UTCX", 0 },
                { "+15:00", 0 },
                { "+0017", 0 },
                { " Europe/Nowhere", 0 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *line = g_strconcat("2026-11-23 08:00:00", cases[i].zone, " x", NULL);
                Timestamp found;

                g_assert_true(timestamp_find(str_from(line), &utc, &found));
                if (found.us != REFERENCE_US - 4 * CIVIL_HOUR_US - cases[i].minutes * CIVIL_MINUTE_US)
                        g_error("%s", line);
        }
}

static void test_daylight_saving(void) {
        static const Case cases[] = {
                { "2026-01-15 12:00:00 winter", "2026-01-15T11:00:00Z" },
                { "2026-07-15 12:00:00 summer", "2026-07-15T10:00:00Z" },
                { "2026-03-29 01:59:59 before the gap", "2026-03-29T00:59:59Z" },
                { "2026-03-29 02:30:00 in the gap", "2026-03-29T01:30:00Z" },
                { "2026-03-29 03:00:00 after the gap", "2026-03-29T01:00:00Z" },
                { "2026-10-25 01:59:59 before the fold", "2026-10-24T23:59:59Z" },
                { "2026-10-25 02:30:00 in the fold", "2026-10-25T00:30:00Z" },
                { "2026-10-25 03:00:00 after the fold", "2026-10-25T02:00:00Z" },
                { "2026-10-25 02:30:00+01:00 named", "2026-10-25T01:30:00Z" },
                { "Jul 15 12:00:00 host x", "2026-07-15T10:00:00Z" },
                { "12:59:59 x", "2026-11-23T11:59:59Z" },
                { "13:59:59 x", "2026-11-23T12:59:59Z" },
                { "14:00:01 x", "2026-11-22T13:00:01Z" },
        };
        g_autoptr(GTimeZone) paris = g_time_zone_new_identifier("Europe/Paris");
        TimeContext context = { paris, REFERENCE_US };

        if (!paris) {
                g_test_skip("no time zone data");
                return;
        }
        assert_cases(cases, G_N_ELEMENTS(cases), &context);
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Timestamp local, found;

                g_assert_true(timestamp_find(str_from(cases[i].line), &utc, &local));
                g_assert_true(timestamp_find(str_from(cases[i].line), &context, &found));
                if (local.has_date && !local.zoned && local.has_year)
                        g_assert_cmpint(timestamp_to_utc(&context, local.us), ==, found.us);
        }
        g_assert_cmpint(timestamp_to_utc(&utc, REFERENCE_US), ==, REFERENCE_US);
}

static void test_missing_year(void) {
        static const struct {
                const char *reference, *line, *time;
        } cases[] = {
                { "2026-11-23T12:00:00Z", "Nov 23 11:59:59 h x", "2026-11-23T11:59:59Z" },
                { "2026-11-23T12:00:00Z", "Nov 25 12:00:00 h x", "2026-11-25T12:00:00Z" },
                { "2026-11-23T12:00:00Z", "Nov 25 12:00:01 h x", "2025-11-25T12:00:01Z" },
                { "2026-01-01T00:00:10Z", "Dec 31 23:59:59 h x", "2025-12-31T23:59:59Z" },
                { "2026-01-01T00:00:10Z", "Jan  1 00:00:05 h x", "2026-01-01T00:00:05Z" },
                { "2025-12-31T23:59:50Z", "Jan  1 00:00:05 h x", "2026-01-01T00:00:05Z" },
                { "2026-11-23T12:00:00Z", "Feb 29 00:00:05 h x", "2024-02-29T00:00:05Z" },
                { "2024-02-29T12:00:00Z", "Feb 29 00:00:05 h x", "2024-02-29T00:00:05Z" },
                { "2026-11-23T00:00:10Z", "23:59:59 x", "2026-11-22T23:59:59Z" },
                { "2026-11-23T23:59:50Z", "00:10:00 x", "2026-11-24T00:10:00Z" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                TimeContext context = { NULL, 0 };
                Timestamp reference;

                g_assert_true(timestamp_find(str_from(cases[i].reference), &utc, &reference));
                context.reference_us = reference.us;
                assert_time(str_from(cases[i].line), &context, cases[i].time);
        }
}

static void assert_same(const Timestamp *a, const Timestamp *b) {
        g_assert_cmpint(a->us, ==, b->us);
        g_assert_cmpuint(a->start, ==, b->start);
        g_assert_cmpuint(a->end, ==, b->end);
        g_assert_cmpuint(a->format, ==, b->format);
        g_assert_cmpint(a->zoned, ==, b->zoned);
        g_assert_cmpint(a->has_year, ==, b->has_year);
        g_assert_cmpint(a->has_date, ==, b->has_date);
}

/* One cache for lines of all kinds, some of their digits changed, and for two contexts: nobody must
 * notice it. */
static void test_cache(void) {
        g_autoptr(GTimeZone) paris = g_time_zone_new_identifier("Europe/Paris");
        TimeContext contexts[] = { utc, { paris, REFERENCE_US - 90 * CIVIL_DAY_US } };
        g_autoptr(GRand) random = g_rand_new_with_seed(7);
        TimestampCache cache = { 0 }, of_fields = { 0 };
        size_t n_hits = 0;
        size_t row = 0;

        for (int round = 0; round < 200000; round++) {
                Timestamp place, without = { 0 }, with = { 0 };
                const TimeContext *context = &contexts[g_rand_int_range(random, 0, 50) == 0];
                char line[128];
                Str text = { line, 0 };
                bool fits;

                row = g_rand_int_range(random, 0, 3) ? row : (size_t)g_rand_int_range(random, 0, G_N_ELEMENTS(writings));
                g_strlcpy(line, writings[row].line, sizeof(line));
                text.len = strlen(line);
                g_assert_true(timestamp_find(text, &utc, &place));
                if (g_rand_boolean(random))
                        line[g_rand_int_range(random, (gint32)place.start, (gint32)place.end)] = "0123456789 :.+-ZMPAT"[g_rand_int_range(random, 0, 20)];
                fits = timestamp_at(text, place.start, place.format, context, NULL, &without);
                n_hits += fits;
                g_assert_cmpint(timestamp_at(text, place.start, place.format, context, &cache, &with), ==, fits);
                if (fits)
                        assert_same(&with, &without);
                text = str_slice(text, place.start, place.end);
                fits = timestamp_find(text, context, &without);
                g_assert_cmpint(timestamp_of_field(text, context, &of_fields, &with), ==, fits);
                if (fits)
                        assert_same(&with, &without);
        }
        g_assert_cmpuint(n_hits, >, 100000);
}

static void test_at(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(writings); i++) {
                Str line = str_from(writings[i].line);
                Timestamp found, again;

                g_assert_true(timestamp_find(line, &utc, &found));
                g_assert_true(timestamp_at(line, found.start, found.format, &utc, NULL, &again));
                assert_same(&found, &again);
                g_assert_false(timestamp_at(line, line.len, found.format, &utc, NULL, &again));
                g_assert_false(timestamp_at(line, line.len + 9, found.format, &utc, NULL, &again));
                g_assert_false(timestamp_at(line, found.start, timestamp_n_formats(), &utc, NULL, &again));
        }
        g_assert_cmpstr(timestamp_format_name(timestamp_n_formats()), ==, "");
}

static void assert_truncated(const char *line, size_t len) {
        g_autofree char *copy = g_memdup2(line, len);
        Str text = { len > 0 ? copy : "", len };
        TimestampCache cache = { 0 };
        Timestamp found;

        timestamp_find(text, &utc, &found);
        for (unsigned format = 0; format < timestamp_n_formats(); format++)
                timestamp_at(text, 0, format, &utc, &cache, &found);
}

static void test_truncated(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(writings); i++)
                for (size_t len = 0; len <= strlen(writings[i].line); len++)
                        assert_truncated(writings[i].line, len);
        for (size_t i = 0; i < G_N_ELEMENTS(negatives); i++)
                for (size_t len = 0; len <= strlen(negatives[i].line); len++)
                        assert_truncated(negatives[i].line, len);
}

static void test_far(void) {
        g_autofree char *padding = g_strnfill(TIMESTAMP_SEARCH_BYTES, '-');
        g_autofree char *line = g_strconcat("{\"x\":\"", padding, "\",\"time\":\"2026-11-23T08:00:00Z\"}", NULL);
        Timestamp found;

        g_assert_false(timestamp_find(str_from(line), &utc, &found));
}

static void test_epoch(void) {
        static const Case cases[] = {
                { "1795420980", "2026-11-23T08:03:00Z" },
                { "1795420980.5", "2026-11-23T08:03:00.500Z" },
                { "1795420980.123456789", "2026-11-23T08:03:00.123456Z" },
                { "1795420980058", "2026-11-23T08:03:00.058Z" },
                { "1795420980058.25", "2026-11-23T08:03:00.058250Z" },
                { "1795420980058123", "2026-11-23T08:03:00.058123Z" },
                { "1795420980058123456", "2026-11-23T08:03:00.058123Z" },
                { "631152000", "1990-01-01T00:00:00Z" },
                { "631151999", NULL },
                { "9999999999", NULL },
                { "9999999999999999999", NULL },
                { "99999999999999999999", NULL },
                { "179542098", NULL },
                { "1795420980.", NULL },
                { "1795420980x", NULL },
                { "1795420980.5x", NULL },
                { "-1795420980", NULL },
                { "", NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                Timestamp found;
                char buffer[32];
                bool has = timestamp_epoch(str_from(cases[i].line), &found);

                g_assert_cmpint(has, ==, cases[i].time != NULL);
                if (has) {
                        g_assert_cmpstr(timestamp_write(found.us, buffer), ==, cases[i].time);
                        g_assert_cmpuint(found.end, ==, strlen(cases[i].line));
                }
        }
}

static void test_write(void) {
        static const struct {
                int64_t us;
                const char *text;
        } cases[] = {
                { 0, "1970-01-01T00:00:00Z" },
                { 1, "1970-01-01T00:00:00.000001Z" },
                { -1, "1969-12-31T23:59:59.999999Z" },
                { 500000, "1970-01-01T00:00:00.500Z" },
                { 123456, "1970-01-01T00:00:00.123456Z" },
                { INT64_C(951782399000000), "2000-02-28T23:59:59Z" },
                { INT64_C(951782400000000), "2000-02-29T00:00:00Z" },
                { INT64_C(4102444800000000), "2100-01-01T00:00:00Z" },
        };
        char buffer[32];

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                g_assert_cmpstr(timestamp_write(cases[i].us, buffer), ==, cases[i].text);
        g_assert_cmpuint(strlen(timestamp_write(INT64_MAX, buffer)), <, sizeof(buffer));
        g_assert_cmpuint(strlen(timestamp_write(INT64_MIN, buffer)), <, sizeof(buffer));
}

static void test_civil(void) {
        int64_t days = civil_to_days(1899, 12, 31);

        for (int64_t year = 1900; year <= 2110; year++)
                for (int month = 1; month <= 12; month++)
                        for (int day = 1; day <= civil_days_in_month(year, month); day++) {
                                CivilDate date = civil_from_days(++days);

                                g_assert_cmpint(civil_to_days(year, month, day), ==, days);
                                g_assert_true(date.year == year && date.month == month && date.day == day);
                        }
        g_assert_cmpint(civil_to_days(1970, 1, 1), ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/timestamp/writings", test_writings);
        g_test_add_func("/timestamp/places", test_places);
        g_test_add_func("/timestamp/negatives", test_negatives);
        g_test_add_func("/timestamp/flags", test_flags);
        g_test_add_func("/timestamp/zones", test_zones);
        g_test_add_func("/timestamp/daylight-saving", test_daylight_saving);
        g_test_add_func("/timestamp/missing-year", test_missing_year);
        g_test_add_func("/timestamp/cache", test_cache);
        g_test_add_func("/timestamp/at", test_at);
        g_test_add_func("/timestamp/truncated", test_truncated);
        g_test_add_func("/timestamp/far", test_far);
        g_test_add_func("/timestamp/epoch", test_epoch);
        g_test_add_func("/timestamp/write", test_write);
        g_test_add_func("/timestamp/civil", test_civil);
        return g_test_run();
}
