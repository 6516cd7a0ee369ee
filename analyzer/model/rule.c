/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rule.h"

#include <glib.h>

void rule_free(void *data) {
        Rule *rule = data;

        g_free(rule->terms);
        g_free(rule->negates);
        g_free(rule);
}
