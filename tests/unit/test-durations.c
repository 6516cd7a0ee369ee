/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/durations.h"

#include <glib.h>

static const struct {
        const char *text;
        double seconds, since; /* since: with ages; 0: the same */
} CASES[] = {
        { "run 315: committed after 122.5 s, 0 differences", 122.5 },
        { "page 8 of 24 compared, last page took 5.1 s", 5.1 },
        { "label lb-4779 for parcel 770017 not ready after 6000 ms", 6 },
        { "timeout of 3000ms exceeded", 3 },
        { "oldest_trx=reconcile/33s/1205rows", 33 },
        { "{\"event\":\"slow\",\"took_ms\": 2500,\"id\":77}", 2.5 },
        { "{\"ms\":1623,\"msg\":\"neighbours\"}", 1.623 },
        { "db=shop duration_seconds=0.25 rows=9", 0.25 },
        { "waited 2 minutes for a connection", 120 },
        { "form 4130: said yes in 21.4 s", 21.4 },
        { "report written in 300ms", 0.3 },
        { "retrying in 5 s (attempt 3)", 0 },
        { "connection lost, next try in 5 s", 0 },
        { "worker will be restarted in 10 s", 0 },
        { "session expires in 60 s", 0 },
        { "polling every 10 seconds", 0 },
        { "token expired 86 s ago", 0, 86 },
        { "limit=4/s tenant=checkout", 0 },
        { "up since 90000 s", 0 },
        { "packed since start idle_s=14", 0, 14 },
        { "last_seen_ms=90000 peers=3", 0, 90 },
        { "replica lag 45 s", 0, 45 },
        { "queue age 25 s exceeds limit 20 s", 20, 25 },
        { "flow unknown, last measure 6.5 s old", 6.5 },
        { "stage_s=14 packed", 14 },
        { "order 500 shipped", 0 },
        { "v1.2.3s released", 0 },
        { "", 0 },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_test_message("%s", CASES[i].text);
                g_assert_cmpfloat_with_epsilon(durations_longest(str_from(CASES[i].text)), CASES[i].seconds, 1e-9);
                g_assert_cmpfloat_with_epsilon(durations_since(str_from(CASES[i].text)), CASES[i].since > 0 ? CASES[i].since : CASES[i].seconds, 1e-9);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/durations/cases", test_cases);
        return g_test_run();
}
