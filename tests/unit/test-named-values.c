/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/named_values.h"

#include <glib.h>

/* All that a line gives a value, as "name=value" with a blank between; in words "name:=value", by its place "name value". */
static const struct {
        const char *line, *values;
} LINES[] = {
        { "LOG:  parameter \"max_connections\" changed to \"20\"", "max_connections:=20" },
        { "statement: ALTER SYSTEM SET \"max_connections\" = '8'", "max_connections:=8" },
        { "ALTER ROLE orders SET statement_timeout = 15;", "statement_timeout:=15" },
        { "ts=2026-06-07T09:00:00Z msg=\"quota file loaded\" checkout=4 mobile=50", "ts=2026-06-07T09:00:00Z checkout=4 mobile=50" },
        { "host=a lvl=info msg=\"config loaded ttl=5h0m0s pool=6\"", "host=a lvl=info ttl=5h0m0s pool=6" },
        { "{\"level\":\"info\",\"msg\":\"settings read, acquirer=north scheme=visa\"}", "level=info acquirer=north scheme=visa" },
        { "stream BAGS updated subjects=[bags.>] retention=limits, subscribed $share/settle/cdr",
          "subjects=[bags.>] retention=limits subscribed $share/settle/cdr" },
        { "open [unclosed list=[a", "" },
        { "I, [2026-06-07T09:00:00.134333 #910]  INFO -- : Booting 6.18.3", "Booting 6.18.3" },
        { "software 3.3.0, 14 sensors, sends again after 0.12 s, up to 80 times", "software 3.3.0 after 0.12 to 80" },
        { "run done: 61 ingredients, 39 merged, 0.1 s", "ingredients 39" },
        { "run done, 38 ms, timeout 30 s", "timeout 30" },
        { "rollup(77) start, 126 days in open periods", "start 126" },
        { "{\"version\": \"2.8.0\", \"pid\": 17, \"tags\": [\"a\"], \"ok\":true}", "version=2.8.0 pid=17 tags=[\"a\"] ok=true" },
        { "rendered upstreams.conf orders=127.0.0.1:23331.", "orders=127.0.0.1:23331" },
        { "Memory high watermark set to 60 MiB", "watermark:=60" },
        { "{\"event\": \"subscribed\", \"events\": \"\", \"db\": 0}", "event=subscribed events=\"\" db=0" },
        { "if (a == b) return x=", "" },
        { "-ttl = 60", "ttl:=60" },
        { "x-ttl = 60 --no-ttl=5", "x-ttl:=60" },
        { "error: it is not set", "" },
        { "", "" },
};

static void test_lines(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
                g_autoptr(GString) found = g_string_new(NULL);
                Str line = str_from(LINES[i].line);
                NamedValue next;

                for (size_t at = 0; named_values_next(line, &at, &next);)
                        g_string_append_printf(found, "%s%.*s%s%.*s", found->len ? " " : "", (int)next.name.len, next.name.ptr,
                                               next.in_words   ? ":="
                                               : next.by_place ? " "
                                                               : "=",
                                               (int)next.value.len, next.value.ptr);
                g_assert_cmpstr(found->str, ==, LINES[i].values);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/named-values/lines", test_lines);
        return g_test_run();
}
