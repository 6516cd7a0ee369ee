/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/natures.h"

#include "episodes.h"

/* All begin and end somewhere around an episode of 600..700. */
static const Episode EPISODE = { .from = 600, .to = 700, .since = 600 };

static double nature_of_known(Severity severity, Role role, double from, double to) {
        g_auto(Story) story = story_new();
        Pattern *pattern = story_pattern(&story, "test/known", role, "disk/full", 0);
        Signal signal = { .level = LEVEL_ERROR };

        pattern->severity = severity;
        return nature_of(&(Candidate){ .kind = CAUSE_PATTERN, .track = { .signal = &signal, .pattern = pattern, .from = from, .began = from, .to = to } },
                         &EPISODE);
}

/* What is lasting comes again; what kills once may not. */
static void test_over(void) {
        double lasting = nature_of_known(SEVERITY_ERROR, ROLE_CAUSE, 540, 700), over = nature_of_known(SEVERITY_ERROR, ROLE_CAUSE, 540, 541);

        g_assert_cmpfloat(over, <, lasting);
        g_assert_cmpfloat(nature_of_known(SEVERITY_ERROR, ROLE_CAUSE, 595, 596), ==, lasting);
        g_assert_cmpfloat(nature_of_known(SEVERITY_CRITICAL, ROLE_CAUSE, 540, 541), ==, lasting);
        g_assert_cmpfloat(nature_of_known(SEVERITY_ERROR, ROLE_SYMPTOM, 540, 541), ==, nature_of_known(SEVERITY_ERROR, ROLE_SYMPTOM, 540, 700));
}

/* Of five lines until @to. */
static double nature_until(FacetKind kind, const char *text, unsigned status, double from, double to) {
        Signal signal = { .level = LEVEL_INFO, .status = (uint16_t)status };
        Exemplar line = { .text = (char *)text };
        Facet facet = { .kind = kind, .track = { .signal = &signal }, .seconds = 100, .evidence = { &line }, .n_evidence = 1 };

        return nature_of(
                &(Candidate){ .kind = CAUSE_TEMPLATE, .facet = &facet, .track = { .signal = &signal, .from = from, .began = from, .to = to, .inside = 5 } },
                &EPISODE);
}

static double nature_of_facet(FacetKind kind, const char *text, unsigned status, double from) {
        return nature_until(kind, text, status, from, 700);
}

/* Who took as long as the incident may hold what others want; who waited, or got old, wants it. */
static void test_waiting(void) {
        static const char *const WAITING[] = { "bay served, waited 100 s", "hall round oldest_s=100", "batch taken, age=100s", "task queued for 100 s",
                                               "process 46 acquired RowExclusiveLock after 100 s" };
        double holder = nature_of_facet(FACET_SLOW, "tour planned in 100 s", 0, 600);

        for (size_t i = 0; i < G_N_ELEMENTS(WAITING); i++) {
                g_test_message("%s", WAITING[i]);
                g_assert_cmpfloat(nature_of_facet(FACET_SLOW, WAITING[i], 0, 600), <, holder);
        }
        g_assert_cmpfloat(nature_of_facet(FACET_SLOW, "dbwatch oldest_trx=reconcile/100s", 0, 600), ==, holder);
        g_assert_cmpfloat(nature_of_facet(FACET_SLOW, "stock_ageing.run: message_id=7 usage=3 done in 100 s", 0, 600), ==, holder);
}

/* What is slow is felt where requests are served; it may be caused where one is made of another program. */
static void test_served(void) {
        double slow = nature_of_facet(FACET_SLOW, "batch stored after 100 s", 0, 650);

        g_assert_cmpfloat(nature_of_facet(FACET_SLOW, "GET /bookings 200 100000ms", 200, 650), <, slow);
        g_assert_cmpfloat(nature_of_facet(FACET_SLOW, "\"GET /bookings HTTP/1.1\" 200 \"https://shop.in/\" rt=100", 200, 650), <, slow);
        g_assert_cmpfloat(nature_of_facet(FACET_SLOW, "POST https://geo.in/v2 200, 100000 ms", 200, 650), ==, slow);
}

/* All else stands on a disk. */
static void test_storage(void) {
        double slow = nature_of_facet(FACET_SLOW, "batch stored after 100 s", 0, 650);

        g_assert_cmpfloat(nature_of_facet(FACET_SLOW, "/srv/db 4k write+sync 100000 ms", 0, 650), >, slow);
        g_assert_cmpfloat(nature_of_facet(FACET_SLOW, "/srv/audit 63% used, write probe 100000 ms", 0, 650), >, slow);
}

/* Several that took as long as the incident, and are all done only when it is over, were held up. */
static void test_held(void) {
        double holder = nature_of_facet(FACET_SLOW, "tour planned in 100 s", 0, 600);
        Signal signal = { .level = LEVEL_INFO };
        Exemplar line = { .text = (char *)"ride ended after 100 s" };
        Facet facet = { .kind = FACET_SLOW, .track = { .signal = &signal, .from = 701, .inside = 3 }, .seconds = 100, .evidence = { &line }, .n_evidence = 1 };
        Candidate candidate = { .kind = CAUSE_TEMPLATE, .facet = &facet, .track = { .signal = &signal, .from = 701, .began = 601, .to = 703, .inside = 3 } };

        g_assert_cmpfloat(nature_of(&candidate, &EPISODE), <, holder);
        facet.track.inside = 1;
        g_assert_cmpfloat(nature_of(&candidate, &EPISODE), ==, holder);
}

static double nature_of_size(const char *words, bool fills, double began) {
        Episode episode = EPISODE;
        Signal signal = { .level = LEVEL_INFO };
        Exemplar line = { .text = (char *)"redis-watch" };
        Facet facet = { .kind = FACET_CLIMB, .words = (char *)words, .track = { .signal = &signal, .began = began }, .evidence = { &line }, .n_evidence = 1 };

        episode.fills = fills;
        return nature_of(&(Candidate){ .kind = CAUSE_TEMPLATE, .facet = &facet, .track = { .signal = &signal, .from = began, .began = began, .to = 700 } },
                         &episode);
}

/* Where something is full: a part of it that grew, and not the whole. */
static void test_part(void) {
        double part = nature_of_size("omem climbs to 3.38M, at most 0.00M before", true, 560),
               climb = nature_of_size("omem climbs to 3.38M, at most 0.00M before", false, 560);

        g_assert_cmpfloat(part, >, climb);
        g_assert_cmpfloat(nature_of_size("used_memory climbs to 15M, at most 9M before", true, 560), ==, climb);
        g_assert_cmpfloat(nature_of_size("bytes climbs to 900, at most 12 before", true, 560), ==, climb);
        g_assert_cmpfloat(nature_of_size("omem climbs to 3.38M, at most 0.00M before", true, 605), ==, climb);
        g_assert_cmpfloat(nature_of_size("retained_mb climbs to 44.5, at most 4.0 before", true, 560), ==, part);
}

/* What filled a limit up was held for long before it was reached. */
static void test_fills(void) {
        Episode episode = EPISODE;
        Signal signal = { .level = LEVEL_INFO };
        Exemplar line = { .text = (char *)"dbcheck: oldest_xact=140s" };
        Facet facet = { .kind = FACET_SLOW, .track = { .signal = &signal }, .seconds = 140, .evidence = { &line }, .n_evidence = 1 };
        Candidate candidate = { .kind = CAUSE_TEMPLATE, .facet = &facet, .track = { .signal = &signal, .from = 606, .began = 527, .to = 680, .inside = 4 } };

        g_assert_false(nature_holds(&candidate, &episode));
        episode.limited = true;
        g_assert_true(nature_holds(&candidate, &episode));
        candidate.track.to = 640;
        g_assert_false(nature_holds(&candidate, &episode));
}

/* Told each 20 s, behind the first error, of what turned since the line before; the last line may be one beat before the end. */
static void test_turned_late(void) {
        Signal signal = { .level = LEVEL_INFO };
        Exemplar line = { .text = (char *)"last 20 s: moved=0" };
        Track track = { .signal = &signal, .from = 615, .began = 595, .to = 680, .inside = 4 };
        Facet facet = { .kind = FACET_TURNED, .words = (char *)"moved 0, 3 before", .track = track, .evidence = { &line }, .n_evidence = 1 };
        Candidate candidate = { .kind = CAUSE_TEMPLATE, .facet = &facet, .track = track };
        double turned = nature_of(&candidate, &EPISODE);

        candidate.track.to = 650;
        g_assert_cmpfloat(nature_of(&candidate, &EPISODE), <, turned);
}

static double nature_of_climb(const char *words, bool limited, double from) {
        Episode episode = EPISODE;
        Signal signal = { .level = LEVEL_INFO };
        Exemplar line = { .text = (char *)"round done" };
        Track track = { .signal = &signal, .from = from, .began = from, .to = 700 };
        Facet facet = { .kind = FACET_CLIMB, .words = (char *)words, .track = track, .evidence = { &line }, .n_evidence = 1 };

        episode.limited = limited;
        return nature_of(&(Candidate){ .kind = CAUSE_TEMPLATE, .facet = &facet, .track = track }, &episode);
}

/* Until a limit is reached: what is held, and not what the limit is of. */
static void test_climb(void) {
        double climb = nature_of_climb("fetches climbs to 21, at most 1 before", false, 560),
               holds = nature_of_climb("fetches climbs to 21, at most 1 before", true, 560);

        g_assert_cmpfloat(holds, >, climb);
        g_assert_cmpfloat(nature_of_climb("connections climbs to 90, at most 12 before", true, 560), ==, climb);
        g_assert_cmpfloat(nature_of_climb("fetches climbs to 21, at most 1 before", true, 598), ==, climb);
}

/* What comes before the first error and goes with the last is a guest that did harm, unless it is an answer that refuses. */
static void test_guest(void) {
        double guest = nature_of_facet(FACET_UNUSUAL, "report reads invoices", 0, 580);

        g_assert_cmpfloat(nature_of_facet(FACET_UNUSUAL, "report reads invoices", 0, 598), <, guest);
        g_assert_cmpfloat(nature_of_facet(FACET_UNUSUAL, "GET /report 200", 200, 580), ==, guest);
        g_assert_cmpfloat(nature_of_facet(FACET_UNUSUAL, "POST /reserve 409", 409, 580), <, guest);
        g_assert_cmpfloat(nature_until(FACET_UNUSUAL, "round of reports", 0, 580, 680), ==, guest); /* each 20 s: one more would be behind the end */
        g_assert_cmpfloat(nature_until(FACET_UNUSUAL, "round of reports", 0, 580, 660), <, guest);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/natures/over", test_over);
        g_test_add_func("/natures/waiting", test_waiting);
        g_test_add_func("/natures/served", test_served);
        g_test_add_func("/natures/storage", test_storage);
        g_test_add_func("/natures/held", test_held);
        g_test_add_func("/natures/part", test_part);
        g_test_add_func("/natures/fills", test_fills);
        g_test_add_func("/natures/turned-late", test_turned_late);
        g_test_add_func("/natures/climb", test_climb);
        g_test_add_func("/natures/guest", test_guest);
        return g_test_run();
}
