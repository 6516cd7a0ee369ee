/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/references.h"

#include <glib.h>

typedef struct Case {
        const char *one, *other;
        bool told;
} Case;

static const Case SHARED[] = {
        { "home area rev 58: nordhafen with the new quay", "zone set active rev=58 by=jd zones=6", true },
        { "home area rev 58: nordhafen", "zone set active rev=57 by=jd", false },
        { "CHG-2291: max_connections 100 -> 8", "restart of db-1 (CHG-2291)", true },
        { "CHG-2291: max_connections 100 -> 8", "restart of db-1 (CHG-2292)", false },
        { "r318 edge-1 check ok, reloaded", "r318 edge-1 haproxy.cfg by lb", true },
        { "r317 edge-1 check ok, reloaded", "r318 edge-1 haproxy.cfg by lb", false }, /* a machine is none */
        { "shop-api 3.1.0 rolling out", "started shop-api version 3.1.0", true },
        { "deployed 3fa2c91 to web-1", "web-2 runs 3fa2c91", true },
        { "order 58 paid", "order 58 shipped", false }, /* nobody calls a change so */
        { "build 4412 started", "release 4412 done", false },
        { "", "", false },
};

static const Case TAKEN_BACK[] = {
        { "r318 edge-1 haproxy.cfg by lb: cookie names", "r319 edge-1 haproxy.cfg by mho: r318 taken back (INC-744)", true },
        { "r317 edge-1 haproxy.cfg by lb: cookie names", "r319 edge-1 haproxy.cfg by mho: r318 taken back (INC-744)", false },
        { "flag search.v2 on for all (CHG-77)", "CHG-77 backed out", true },
        { "flag search.v2 on for all (CHG-77)", "CHG-77 verified", false },
        { "merge 3fa2c91: new parser", "Revert 3fa2c91", true },
        { "rev 12 active", "revision 12 reverted", false }, /* perhaps, but who knows what else is numbered */
        { "shop 2.3.1 deployed", "rollback from 2.3.1", true },
        { "shop 2.3.1 deployed", "shop 2.3.0: rollback of 2.3.1 requested", true },
        { "shop 2.3.1 deployed", "rolled back: shop 2.3.1 -> 2.3.0", true },
        { "shop 2.3.0 deployed", "rolled back: shop 2.3.1 -> 2.3.0", false }, /* it is gone back to */
        { "shop 2.3.0 deployed", "rollback to 2.3.0", false },
        { "shop build 17 deployed", "rolled back to build 17", false },
        { "profile tickets r17 applied (CHG-3302)", "profile tickets r17 applied (CHG-3309 reverted)", false }, /* it is in force again */
        { "profile cache r6 applied (CHG-3309)", "profile tickets r17 applied (CHG-3309 reverted)", true },
        { "", "rolled back", false },
};

static void test_shared(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(SHARED); i++) {
                g_test_message("%s / %s", SHARED[i].one, SHARED[i].other);
                g_assert_cmpint(references_shared(str_from(SHARED[i].one), str_from(SHARED[i].other)), ==, SHARED[i].told);
                g_assert_cmpint(references_shared(str_from(SHARED[i].other), str_from(SHARED[i].one)), ==, SHARED[i].told);
        }
}

static void test_taken_back(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(TAKEN_BACK); i++) {
                g_test_message("%s / %s", TAKEN_BACK[i].one, TAKEN_BACK[i].other);
                g_assert_cmpint(references_taken_back(str_from(TAKEN_BACK[i].one), str_from(TAKEN_BACK[i].other)), ==, TAKEN_BACK[i].told);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/references/shared", test_shared);
        g_test_add_func("/references/taken-back", test_taken_back);
        return g_test_run();
}
