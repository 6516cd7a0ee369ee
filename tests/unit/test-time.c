/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <glib.h>

static const struct {
        int64_t us;
        const char *iso, *date, *clock;
} TIMES[] = {
        { 0, "1970-01-01T00:00:00Z", "1970-01-01 00:00:00", "00:00:00" },
        { -1, "1969-12-31T23:59:59.999999Z", "1969-12-31 23:59:59", "23:59:59" },
        { 1717750803000000, "2024-06-07T09:00:03Z", "2024-06-07 09:00:03", "09:00:03" },
        { 1717750803100000, "2024-06-07T09:00:03.100Z", "2024-06-07 09:00:03", "09:00:03" },
        { 1717750803000001, "2024-06-07T09:00:03.000001Z", "2024-06-07 09:00:03", "09:00:03" },
        { 1709251199999999, "2024-02-29T23:59:59.999999Z", "2024-02-29 23:59:59", "23:59:59" },
        { 253402300799000000, "9999-12-31T23:59:59Z", "9999-12-31 23:59:59", "23:59:59" },
};

static void test_times(void) {
        char buffer[TIME_TEXT_BYTES];

        for (size_t i = 0; i < G_N_ELEMENTS(TIMES); i++) {
                g_assert_cmpstr(time_write(TIMES[i].us, buffer), ==, TIMES[i].iso);
                g_assert_cmpstr(time_write_date(TIMES[i].us, buffer), ==, TIMES[i].date);
                g_assert_cmpstr(time_write_clock(TIMES[i].us, buffer), ==, TIMES[i].clock);
        }
}

/* Whatever a log claims: nothing overruns. */
static void test_extremes(void) {
        static const int64_t EXTREMES[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX };
        char buffer[TIME_TEXT_BYTES];

        for (size_t i = 0; i < G_N_ELEMENTS(EXTREMES); i++) {
                g_assert_cmpuint(strlen(time_write(EXTREMES[i], buffer)), <, TIME_TEXT_BYTES);
                g_assert_cmpuint(strlen(time_write_clock(EXTREMES[i], buffer)), <, TIME_TEXT_BYTES);
                g_assert_cmpuint(strlen(time_write_span(EXTREMES[i], buffer)), <, TIME_TEXT_BYTES);
        }
}

static const struct {
        double seconds;
        const char *words;
} SPANS[] = {
        { 0, "0 ms" },      { 0.35, "350 ms" },  { 0.9994, "999 ms" }, { 0.9996, "1 s" },    { 119.4, "119 s" },
        { 119.6, "2 min" }, { 7169, "119 min" }, { 7171, "2.0 h" },    { 172799, "48.0 h" }, { 172800, "2.0 days" },
};

static void test_spans(void) {
        char buffer[TIME_TEXT_BYTES];

        for (size_t i = 0; i < G_N_ELEMENTS(SPANS); i++)
                g_assert_cmpstr(time_write_span((int64_t)(SPANS[i].seconds * 1e6 + 0.5), buffer), ==, SPANS[i].words);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/time/times", test_times);
        g_test_add_func("/time/extremes", test_extremes);
        g_test_add_func("/time/spans", test_spans);
        return g_test_run();
}
