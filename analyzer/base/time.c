/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <glib.h>
#include <time.h>

#define SECOND INT64_C(1000000)

static void split(int64_t time_us, struct tm *tm, int64_t *fraction) {
        int64_t seconds = time_us / SECOND;
        time_t clock;

        *fraction = time_us % SECOND;
        if (*fraction < 0) {
                *fraction += SECOND;
                seconds--;
        }
        clock = (time_t)seconds;
        gmtime_r(&clock, tm);
}

char *time_write(int64_t time_us, char buffer[static TIME_TEXT_BYTES]) {
        int64_t fraction;
        struct tm tm;
        size_t n;

        split(time_us, &tm, &fraction);
        n = strftime(buffer, TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%S", &tm);
        if (fraction == 0)
                g_snprintf(buffer + n, (gulong)(TIME_TEXT_BYTES - n), "Z");
        else if (fraction % 1000 == 0)
                g_snprintf(buffer + n, (gulong)(TIME_TEXT_BYTES - n), ".%03dZ", (int)(fraction / 1000));
        else
                g_snprintf(buffer + n, (gulong)(TIME_TEXT_BYTES - n), ".%06dZ", (int)fraction);
        return buffer;
}

char *time_write_date(int64_t time_us, char buffer[static TIME_TEXT_BYTES]) {
        int64_t fraction;
        struct tm tm;

        split(time_us, &tm, &fraction);
        strftime(buffer, TIME_TEXT_BYTES, "%Y-%m-%d %H:%M:%S", &tm);
        return buffer;
}

char *time_write_clock(int64_t time_us, char buffer[static TIME_TEXT_BYTES]) {
        char date[TIME_TEXT_BYTES];

        /* What follows "2026-11-23 ". */
        g_strlcpy(buffer, time_write_date(time_us, date) + 11, TIME_TEXT_BYTES);
        return buffer;
}

char *time_write_span(int64_t span_us, char buffer[static TIME_TEXT_BYTES]) {
        double seconds = (double)span_us / 1e6;

        if (seconds < 0.9995)
                g_snprintf(buffer, TIME_TEXT_BYTES, "%.0f ms", seconds * 1000);
        else if (seconds < 119.5)
                g_snprintf(buffer, TIME_TEXT_BYTES, "%.0f s", seconds);
        else if (seconds < 7170)
                g_snprintf(buffer, TIME_TEXT_BYTES, "%.0f min", seconds / 60);
        else if (seconds < 48 * 3600)
                g_snprintf(buffer, TIME_TEXT_BYTES, "%.1f h", seconds / 3600);
        else
                g_snprintf(buffer, TIME_TEXT_BYTES, "%.1f days", seconds / 86400);
        return buffer;
}
