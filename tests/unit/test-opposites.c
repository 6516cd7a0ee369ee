/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/opposites.h"

#include <glib.h>

static const struct {
        const char *one, *other;
        bool told;
} CASES[] = {
        { "wal reader paused for move, ticket WH-2210", "wal reader resumed, ticket WH-2299", true },
        { "log level debug (requested by a)", "log level info (requested by b)", true },
        { "node w-3 cordoned", "node w-3 uncordoned", true },
        { "node w-3 cordoned", "node w-4 uncordoned", true }, /* numbers are not compared: a ticket, a time */
        { "paused by a", "resumed by a", true },
        { "Paused by a", "resumed by b", true },
        { "maintenance mode on", "maintenance mode off", true },
        { "flag new_cart enabled", "flag new_cart disabled", true },
        { "flag new_cart enabled", "flag old_cart disabled", false }, /* of another thing */
        { "wal reader paused", "wal reader paused", false },
        { "wal reader paused", "wal reader", false },
        { "order 7 paid", "order 7 shipped", false },
        { "unit done", "unit undone", true },
        { "resumed", "paused", false }, /* of what? */
        { "batch 44 triggers-off ok (movement)", "batch 44 follow-up by s.amir: triggers on (movement), balances counted anew", true },
        { "batch 44: disable triggers of orders", "later: batch 44, now enable triggers of orders", true },
        { "batch 44 triggers-off ok", "the triggers on table 7", false }, /* too little else in common */
        { "batch 44 triggers-off ok (movement)", "batch 44 follow-up: indexes on (movement)", false },
        { "", "", false },
};

static void test_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_test_message("%s / %s", CASES[i].one, CASES[i].other);
                g_assert_cmpint(opposites_told(str_from(CASES[i].one), str_from(CASES[i].other)), ==, CASES[i].told);
                g_assert_cmpint(opposites_told(str_from(CASES[i].other), str_from(CASES[i].one)), ==, CASES[i].told);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/opposites/cases", test_cases);
        return g_test_run();
}
