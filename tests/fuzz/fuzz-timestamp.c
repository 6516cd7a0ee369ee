/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Searches each line of the input for a time and reads every format at the places of its words,
 * with one cache for all lines and without: both must agree.
 */

#include "parse/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const TimeContext context = { NULL, INT64_C(1795435200) * 1000000 };

static void check_at(Str line, size_t at, unsigned format, TimestampCache *cache) {
        Timestamp with, without;
        bool fits = timestamp_at(line, at, format, &context, NULL, &without);

        g_assert(timestamp_at(line, at, format, &context, cache, &with) == fits);
        if (!fits)
                return;
        g_assert(with.us == without.us && with.start == without.start && with.end == without.end);
        g_assert(with.zoned == without.zoned && with.has_year == without.has_year && with.has_date == without.has_date);
        g_assert(without.start == at && without.end > at && without.end <= line.len);
}

static void check_line(Str line, TimestampCache *cache) {
        Timestamp found;

        if (timestamp_find(line, &context, &found))
                check_at(line, found.start, found.format, cache);
        for (unsigned format = 0; format < timestamp_n_formats(); format++)
                check_at(line, 0, format, cache);
        timestamp_epoch(line, &found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Str rest = { (const char *)data, size };
        TimestampCache cache = { 0 };

        while (rest.len > 0) {
                size_t end = MIN(str_find(rest, STR("\n"), 0), rest.len);

                check_line(str_slice(rest, 0, end), &cache);
                rest = str_slice(rest, end + 1, rest.len);
        }
        return 0;
}
