/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/timestamp_zones.h"

#include "parse/civil.h"

#define MINUTE_US CIVIL_MINUTE_US

#define OFFSET_HOURS_MAX 14

/* A zone's transitions are further apart than twice this, and no zone is further from UTC than 14 hours; so where
 * nothing changes within the first, nothing does for times within the second. */
#define TRANSITION_REACH_US CIVIL_DAY_US
#define QUIET_REACH_US (8 * CIVIL_HOUR_US)

static const struct {
        char name[5];
        int16_t minutes;
} abbreviations[] = {
        { "UTC", 0 },    { "GMT", 0 },     { "UCT", 0 },     { "WET", 0 },     { "WEST", 60 },
        { "BST", 60 },   { "CET", 60 },    { "CEST", 120 },  { "MET", 60 },    { "MEST", 120 },
        { "WAT", 60 },   { "SAST", 120 },  { "EET", 120 },   { "EEST", 180 },  { "MSK", 180 },
        { "MSD", 240 },  { "PKT", 300 },   { "IST", 330 },   { "WIB", 420 },   { "HKT", 480 },
        { "SGT", 480 },  { "AWST", 480 },  { "JST", 540 },   { "KST", 540 },   { "ACST", 570 },
        { "AEST", 600 }, { "ACDT", 630 },  { "AEDT", 660 },  { "NZST", 720 },  { "NZDT", 780 },
        { "NDT", -150 }, { "NST", -210 },  { "BRT", -180 },  { "ADT", -180 },  { "CLT", -240 },
        { "EDT", -240 }, { "EST", -300 },  { "CDT", -300 },  { "CST", -360 },  { "MDT", -360 },
        { "MST", -420 }, { "PDT", -420 },  { "PST", -480 },  { "AKDT", -480 }, { "AKST", -540 },
        { "HST", -600 },
};

static const char *const tz_regions[] = {
        "Africa/",    "America/", "Antarctica/", "Arctic/",  "Asia/", "Atlantic/",
        "Australia/", "Europe/",  "Indian/",     "Pacific/", "Etc/",  "US/",
};

static char byte_at(Str s, size_t at) {
        return at < s.len ? s.ptr[at] : '\0';
}

static int two_digits(Str s, size_t at) {
        return (s.ptr[at] - '0') * 10 + s.ptr[at + 1] - '0';
}

static size_t run_of(Str s, size_t at, bool (*is_in)(char c)) {
        size_t end = at;

        while (end < s.len && is_in(s.ptr[end]))
                end++;
        return end - at;
}

static bool is_tz_name(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '/' || c == '_' || c == '-' || c == '+';
}

size_t timestamp_blank(Str line, size_t at) {
        if (at >= line.len)
                return 0;
        if (char_is_space(line.ptr[at]))
                return 1;
        if (line.ptr[at] != '\xc2' && line.ptr[at] != '\xe2')
                return 0;
        line = str_slice(line, at, line.len);
        return str_starts(line, STR("\xc2\xa0")) ? 2 : str_starts(line, STR("\xe2\x80\xaf")) ? 3 : 0;
}

/* The length of +hh, +hhmm or +hh:mm; 0 if there is none or if it goes on in another way. */
static size_t read_offset(Str text, int64_t *offset_us) {
        size_t digits = text.len > 0 ? run_of(text, 1, char_is_digit) : 0;
        bool has_colon = digits == 2 && byte_at(text, 3) == ':' && run_of(text, 4, char_is_digit) == 2;
        size_t length = has_colon ? 6 : digits + 1;
        int hours, minutes;

        if ((digits != 2 && digits != 4) || char_is_alpha(byte_at(text, length)))
                return 0;
        hours = two_digits(text, 1);
        minutes = length > 3 ? two_digits(text, length - 2) : 0;
        if (hours > OFFSET_HOURS_MAX || minutes > 45 || minutes % 15 != 0)
                return 0;
        *offset_us = (hours * 60 + minutes) * (text.ptr[0] == '-' ? -MINUTE_US : MINUTE_US);
        return length;
}

static bool abbreviation_minutes(Str word, int *minutes) {
        for (size_t i = 0; i < G_N_ELEMENTS(abbreviations); i++) {
                if (memcmp(abbreviations[i].name, word.ptr, 3) != 0 || !str_equal(str_from(abbreviations[i].name), word))
                        continue;
                *minutes = abbreviations[i].minutes;
                return true;
        }
        return false;
}

static size_t read_abbreviation(Str text, int64_t *offset_us) {
        size_t length = run_of(text, 0, char_is_alpha);
        char next = byte_at(text, length);
        int64_t more_us = 0;
        int minutes = 0;

        *offset_us = 0;
        if (char_is_digit(next) || next == '_')
                return 0;
        if (length == 1)
                return char_lower(text.ptr[0]) == 'z' ? 1 : 0;
        if (length < 3 || length > 4 || !abbreviation_minutes(str_slice(text, 0, length), &minutes))
                return 0;
        if (minutes == 0 && (next == '+' || next == '-'))
                length += read_offset(str_slice(text, length, text.len), &more_us);
        *offset_us = minutes * MINUTE_US + more_us;
        return length;
}

static size_t read_tz_name(Str text) {
        for (size_t i = 0; i < G_N_ELEMENTS(tz_regions); i++)
                if (str_starts(text, str_from(tz_regions[i])))
                        return run_of(text, 0, is_tz_name);
        return 0;
}

size_t timestamp_zone_read(Str line, size_t at, TimestampZone *zone) {
        size_t start = at + timestamp_blank(line, at), length;
        Str text = str_slice(line, start, line.len);
        char first = byte_at(text, 0);

        if (first == '+' || first == '-') {
                length = read_offset(text, &zone->offset_us);
                /* "08:00:00 -12 degrees" */
                zone->kind = length > 3 || (length > 0 && start == at) ? ZONE_OFFSET : ZONE_NONE;
                return zone->kind == ZONE_NONE ? at : start + length;
        }
        if (!char_is_alpha(first))
                return at;
        length = read_abbreviation(text, &zone->offset_us);
        if (length > 0) {
                zone->kind = ZONE_OFFSET;
                return start + length;
        }
        length = read_tz_name(text);
        if (length == 0 || length >= sizeof(((TimestampSpan *)NULL)->zone))
                return at;
        zone->kind = ZONE_NAME;
        zone->name = str_slice(text, 0, length);
        return start + length;
}

static int64_t offset_at_utc(GTimeZone *zone, int64_t utc_us) {
        int interval =
                g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, civil_floor_div(utc_us, CIVIL_SECOND_US));

        return g_time_zone_get_offset(zone, interval) * CIVIL_SECOND_US;
}

/*
 * The offset at a local time and the span for which it is known. Near a transition the offset before it is tried
 * first: it is right before and in a fold, and in a gap it gives the time after it.
 */
static TimestampSpan span_around(GTimeZone *zone, int64_t local_us) {
        int64_t before = offset_at_utc(zone, local_us - TRANSITION_REACH_US);
        int64_t after = offset_at_utc(zone, local_us + TRANSITION_REACH_US);
        bool is_after;

        if (before == after)
                return (TimestampSpan){ "", local_us - QUIET_REACH_US, local_us + QUIET_REACH_US, before };
        is_after = offset_at_utc(zone, local_us - before) != before && offset_at_utc(zone, local_us - after) == after;
        return (TimestampSpan){ "", local_us, local_us + 1, is_after ? after : before };
}

int64_t timestamp_to_utc(const TimeContext *context, int64_t local_us) {
        return context->zone ? local_us - span_around(context->zone, local_us).offset_us : local_us;
}

/* The offset if the cache knows it. */
static bool span_holds(const TimestampSpan *span, const char *zone, int64_t local_us) {
        return span->from_us <= local_us && local_us < span->to_us && strcmp(span->zone, zone) == 0;
}

static int64_t span_offset(GTimeZone *zone, const char *name, int64_t local_us, TimestampCache *cache) {
        TimestampSpan span = span_around(zone, local_us);

        if (cache) {
                g_strlcpy(span.zone, name, sizeof(span.zone));
                cache->span = span;
        }
        return span.offset_us;
}

static int64_t context_offset(int64_t local_us, const TimeContext *context, TimestampCache *cache) {
        if (!context->zone)
                return 0;
        if (cache && span_holds(&cache->span, "", local_us))
                return cache->span.offset_us;
        return span_offset(context->zone, "", local_us, cache);
}

int64_t timestamp_zone_offset(TimestampZone *zone, int64_t local_us, const TimeContext *context, TimestampCache *cache) {
        g_autoptr(GTimeZone) named = NULL;
        char name[sizeof(((TimestampSpan *)NULL)->zone)] = "";

        if (zone->kind == ZONE_OFFSET)
                return zone->offset_us;
        if (zone->kind == ZONE_NONE)
                return context_offset(local_us, context, cache);

        memcpy(name, zone->name.ptr, zone->name.len);
        if (cache && span_holds(&cache->span, name, local_us))
                return cache->span.offset_us;
        named = g_time_zone_new_identifier(name);
        if (named)
                return span_offset(named, name, local_us, cache);
        zone->kind = ZONE_NONE;
        return context_offset(local_us, context, cache);
}

int64_t timestamp_zone_reference(const TimeContext *context, TimestampCache *cache) {
        int64_t local_us;

        if (!context->zone)
                return context->reference_us;
        if (cache && cache->reference_local_us != 0)
                return cache->reference_local_us;
        local_us = context->reference_us + offset_at_utc(context->zone, context->reference_us);
        if (cache)
                cache->reference_local_us = local_us;
        return local_us;
}
