/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/timestamp_zones.h"

#include "base/hot.h"
#include "parse/civil.h"
#include "parse/timestamp_words.h"

#define MINUTE_US CIVIL_MINUTE_US

#define OFFSET_HOURS_MAX 14
#define ABBREVIATION_MAX 4
#define TZ_NAME_MAX      sizeof(((TimestampSpan *)NULL)->zone) /* with the NUL */

/* A zone's transitions are further apart than twice this, and no zone is further from UTC than 14
 * hours; so where nothing changes within the first, nothing does for times within the second. */
#define TRANSITION_REACH_US CIVIL_DAY_US
#define QUIET_REACH_US      (8 * CIVIL_HOUR_US)

/* clang-format off */
static const struct {
        char name[ABBREVIATION_MAX]; /* padded with NUL, in order */
        int16_t minutes;
} abbreviations[] = {
        { "ACDT", 630 },   { "ACST", 570 },   { "ADT", -180 },   { "AEDT", 660 },   { "AEST", 600 },
        { "AKDT", -480 },  { "AKST", -540 },  { "AWST", 480 },   { "BRT", -180 },   { "BST", 60 },
        { "CDT", -300 },   { "CEST", 120 },   { "CET", 60 },     { "CLT", -240 },   { "CST", -360 },
        { "EDT", -240 },   { "EEST", 180 },   { "EET", 120 },    { "EST", -300 },   { "GMT", 0 },
        { "HKT", 480 },    { "HST", -600 },   { "IST", 330 },    { "JST", 540 },    { "KST", 540 },
        { "MDT", -360 },   { "MEST", 120 },   { "MET", 60 },     { "MSD", 240 },    { "MSK", 180 },
        { "MST", -420 },   { "NDT", -150 },   { "NST", -210 },   { "NZDT", 780 },   { "NZST", 720 },
        { "PDT", -420 },   { "PKT", 300 },    { "PST", -480 },   { "SAST", 120 },   { "SGT", 480 },
        { "UCT", 0 },      { "UTC", 0 },      { "WAT", 60 },     { "WEST", 60 },    { "WET", 0 },
        { "WIB", 420 },
};
/* clang-format on */

static const char *const tz_regions[] = {
        "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/", "Etc/", "US/",
};

static int two_digits(Str s, size_t at) {
        return (s.ptr[at] - '0') * 10 + s.ptr[at + 1] - '0';
}

static bool is_tz_name(char c) {
        return char_is_word(c) || c == '/' || c == '_' || c == '-' || c == '+';
}

/* The length of +hh, +hhmm or +hh:mm; 0 if there is none or if it goes on in another way. */
static size_t read_offset(Str text, int64_t *offset_us) {
        size_t digits = text.len > 0 ? digits_at(text, 1) : 0;
        bool has_colon = digits == 2 && str_at(text, 3) == ':' && digits_at(text, 4) == 2;
        size_t length = has_colon ? 6 : digits + 1;
        int hours, minutes;

        if ((digits != 2 && digits != 4) || char_is_alpha(str_at(text, length)))
                return 0;
        hours = two_digits(text, 1);
        minutes = length > 3 ? two_digits(text, length - 2) : 0;
        if (hours > OFFSET_HOURS_MAX || minutes > 45 || minutes % 15 != 0)
                return 0;
        *offset_us = (hours * 60 + minutes) * (text.ptr[0] == '-' ? -MINUTE_US : MINUTE_US);
        return length;
}

static uint32_t as_number(const char name[static ABBREVIATION_MAX]) {
        uint32_t number;

        memcpy(&number, name, sizeof(number));
        return GUINT32_FROM_BE(number);
}

/* How the abbreviations end; INFO and WARN, which often follow a time, do not. */
static bool is_last_letter(char c) {
        return c == 'T' || c == 'C' || c == 'K' || c == 'D' || c == 'B';
}

static bool abbreviation_minutes(Str word, int *minutes) {
        char name[ABBREVIATION_MAX] = "";
        size_t low = 0, high = G_N_ELEMENTS(abbreviations);

        if (!is_last_letter(word.ptr[word.len - 1]))
                return false;
        memcpy(name, word.ptr, word.len);
        while (low < high) {
                size_t middle = (low + high) / 2;

                if (as_number(abbreviations[middle].name) < as_number(name))
                        low = middle + 1;
                else
                        high = middle;
        }
        if (low == G_N_ELEMENTS(abbreviations) || as_number(abbreviations[low].name) != as_number(name))
                return false;
        *minutes = abbreviations[low].minutes;
        return true;
}

/* Z, CEST, GMT+1 hour: the length of the @letters and of an offset behind them, or 0. */
static size_t read_abbreviation(Str text, size_t letters, int64_t *offset_us) {
        char next = str_at(text, letters);
        int64_t more_us = 0;
        size_t more = 0;
        int minutes = 0;

        *offset_us = 0;
        if (char_is_digit(next) || next == '_')
                return 0;
        if (letters == 1)
                return char_lower(text.ptr[0]) == 'z' ? 1 : 0;
        if (letters < 3 || letters > ABBREVIATION_MAX || !abbreviation_minutes(str_slice(text, 0, letters), &minutes))
                return 0;
        if (minutes == 0 && (next == '+' || next == '-'))
                more = read_offset(str_slice(text, letters, text.len), &more_us);
        *offset_us = minutes * MINUTE_US + more_us;
        return letters + more;
}

static size_t read_tz_name(Str text) {
        size_t length = 0;
        bool is_known = false;

        for (size_t i = 0; i < G_N_ELEMENTS(tz_regions) && !is_known; i++)
                is_known = str_starts(text, str_from(tz_regions[i]));
        while (is_known && length < text.len && is_tz_name(text.ptr[length]))
                length++;
        return length < TZ_NAME_MAX ? length : 0;
}

static size_t read_name(Str text, TimestampZone *zone) {
        size_t letters = letters_at(text, 0);
        size_t length = read_abbreviation(text, letters, &zone->offset_us);

        zone->kind = length > 0 ? ZONE_OFFSET : ZONE_NONE;
        if (length > 0 || str_at(text, letters) != '/')
                return length;
        length = read_tz_name(text);
        zone->kind = length > 0 ? ZONE_NAME : ZONE_NONE;
        zone->name = str_slice(text, 0, length);
        return length;
}

HOT size_t timestamp_zone_read(Str line, size_t at, TimestampZone *zone) {
        size_t start = at + timestamp_blank(line, at), length = 0;
        Str text = str_slice(line, start, line.len);
        char first = str_at(text, 0);

        zone->kind = ZONE_NONE;
        if (first == '+' || first == '-') {
                length = read_offset(text, &zone->offset_us);
                /* "08:00:00 -12 degrees" */
                zone->kind = length > 3 || (length > 0 && start == at) ? ZONE_OFFSET : ZONE_NONE;
        } else if ((first >= 'A' && first <= 'Z') || first == 'z')
                length = read_name(text, zone);
        return zone->kind == ZONE_NONE ? at : start + length;
}

static int64_t offset_at_utc(GTimeZone *zone, int64_t utc_us) {
        int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, civil_floor_div(utc_us, CIVIL_SECOND_US));

        return g_time_zone_get_offset(zone, interval) * CIVIL_SECOND_US;
}

/*
 * The offset at a local time and the span for which it is known. Near a transition, which is at a
 * full minute, the offset before it is tried first: it is right before and in a fold, and in a gap
 * it gives the time after it.
 */
static TimestampSpan span_around(GTimeZone *zone, int64_t local_us) {
        int64_t before = offset_at_utc(zone, local_us - TRANSITION_REACH_US);
        int64_t after = offset_at_utc(zone, local_us + TRANSITION_REACH_US);
        int64_t minute_us = civil_floor_div(local_us, MINUTE_US) * MINUTE_US;
        bool is_after;

        if (before == after)
                return (TimestampSpan){ "", local_us - QUIET_REACH_US, local_us + QUIET_REACH_US, before };
        is_after = offset_at_utc(zone, local_us - before) != before && offset_at_utc(zone, local_us - after) == after;
        return (TimestampSpan){ "", minute_us, minute_us + MINUTE_US, is_after ? after : before };
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
        char name[TZ_NAME_MAX] = "";

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
