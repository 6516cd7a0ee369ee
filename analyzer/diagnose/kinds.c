/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/kinds.h"

bool kind_is_limit(const Pattern *pattern) {
        static const char *const KINDS[] = { "connections/server-limit",
                                             "connections/user-limit",
                                             "connections/pooler-limit",
                                             "connections/pool-exhausted",
                                             "disk/full",
                                             "disk/quota",
                                             "messaging/blocked",
                                             "http/rate-limit",
                                             NULL };

        return g_strv_contains(KINDS, pattern->category->id) || g_str_equal(pattern->category->group, "limits") ||
               g_str_equal(pattern->category->group, "memory");
}

bool kind_fills_slowly(const Pattern *pattern) {
        static const char *const KINDS[] = {
                "disk/full", "disk/quota", "limits/file-descriptors", "limits/ports", "limits/processes", "messaging/blocked", NULL
        };

        return g_strv_contains(KINDS, pattern->category->id) || g_str_equal(pattern->category->group, "memory");
}

bool kind_is_login(const Pattern *pattern) {
        return g_str_equal(pattern->category->id, "authentication/credentials");
}

bool kind_is_exception(const Pattern *pattern) {
        return g_str_equal(pattern->category->id, "application/exception");
}

bool kind_is_data(const Pattern *pattern) {
        return g_str_equal(pattern->category->id, "application/data");
}

bool kind_waits(const Pattern *pattern) {
        static const char *const WAITING[] = { "database/lock", "database/schema-lock", "database/slow", "process/hang", "timeouts/database", NULL };

        return g_strv_contains(WAITING, pattern->category->id);
}
