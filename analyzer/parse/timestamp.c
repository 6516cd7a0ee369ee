/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/timestamp.h"

#include "base/hot.h"
#include "parse/civil.h"
#include "parse/timestamp_formats.h"
#include "parse/timestamp_words.h"
#include "parse/timestamp_zones.h"

#include <stdio.h>

#define NOT_A_TIME INT64_MIN

#define TIMESTAMP_US_MIN (INT64_C(7305) * CIVIL_DAY_US)  /* 1990-01-01 */
#define TIMESTAMP_US_MAX (INT64_C(47847) * CIVIL_DAY_US) /* 2101-01-01 */

/* TAI64 labels begin at 2^62; TAI was 10 s ahead of UTC in 1970. Later leap seconds are left out,
 * as multilog does. */
#define TAI_EPOCH ((INT64_C(1) << 62) + 10)

#define TWO_DIGIT_YEAR_PIVOT 70
#define FRACTION_DIGITS_MAX  9

typedef struct Reader {
        Str line;
        size_t start, at;
        unsigned format;
        TimestampCache *cache; /* may be NULL */
        TimestampFields fields;
        int fraction_us;
        TimestampZone zone;
        int64_t epoch_us; /* NOT_A_TIME if the format is not an epoch */
} Reader;

/* Conversions: each reads its part at r->at and moves behind it, or returns false. */

static bool read_number(Reader *r, size_t min_digits, size_t max_digits, int *number) {
        size_t n = 0;
        int value = 0;

        while (n < max_digits && r->at + n < r->line.len && char_is_digit(r->line.ptr[r->at + n]))
                value = value * 10 + r->line.ptr[r->at + n++] - '0';
        r->at += n;
        *number = value;
        return n >= min_digits;
}

static bool read_short_year(Reader *r) {
        int year;

        if (!read_number(r, 2, 2, &year))
                return false;
        r->fields.year = year + (year < TWO_DIGIT_YEAR_PIVOT ? 2000 : 1900);
        return true;
}

static bool read_month_name(Reader *r) {
        size_t length = 0;

        r->fields.month = timestamp_month(r->line, r->at, &length);
        r->at += length;
        return r->fields.month > 0;
}

static bool read_half(Reader *r) {
        size_t at = r->at + timestamp_blank(r->line, r->at);
        char half = char_lower(str_at(r->line, at));

        if ((half != 'a' && half != 'p') || char_lower(str_at(r->line, at + 1)) != 'm' || char_is_word(str_at(r->line, at + 2)))
                return false;
        if (r->fields.hour < 1 || r->fields.hour > 12)
                return false;
        r->fields.hour = r->fields.hour % 12 + (half == 'p' ? 12 : 0);
        r->at = at + 2;
        return true;
}

static const int POWERS_OF_TEN[] = { 1, 10, 100, 1000, 10000, 100000 };

/* The length of a fraction with its mark and what it says; 0 if there is none. */
HOT static inline size_t fraction_at(Str line, size_t at, int *us) {
        char mark = str_at(line, at);
        size_t n;
        int value = 0;

        if (mark != '.' && mark != ',' && mark != ':')
                return 0;
        n = digits_at(line, at + 1);
        if (n == 0 || n > FRACTION_DIGITS_MAX || (mark == ':' && n % 3 != 0))
                return 0;
        for (size_t i = 1; i <= MIN(n, 6); i++)
                value = value * 10 + line.ptr[at + i] - '0';
        *us = value * POWERS_OF_TEN[6 - MIN(n, 6)];
        return n + 1;
}

static bool read_level(Reader *r) {
        char level = str_at(r->line, r->at++);

        return level == 'I' || level == 'W' || level == 'E' || level == 'F' || level == 'D';
}

static bool read_epoch(Reader *r) {
        size_t digits = digits_at(r->line, r->at);
        int ignored;
        size_t end = r->at + digits + fraction_at(r->line, r->at + digits, &ignored);
        Timestamp stamp;

        if (str_at(r->line, r->at + digits) != '.')
                end = r->at + digits;
        if (!timestamp_epoch(str_slice(r->line, r->at, end), &stamp))
                return false;
        r->epoch_us = stamp.us;
        r->at = end;
        return true;
}

static bool read_hex(Reader *r, size_t n_digits, uint64_t *number) {
        *number = 0;
        for (size_t i = 0; i < n_digits; i++) {
                int digit = g_ascii_xdigit_value(str_at(r->line, r->at++));

                if (digit < 0)
                        return false;
                *number = *number << 4 | (uint64_t)digit;
        }
        return true;
}

/* D. J. Bernstein, "TAI64, TAI64N, and TAI64NA". */
static bool read_tai(Reader *r) {
        uint64_t seconds, nanoseconds;

        if (!read_hex(r, 16, &seconds) || !read_hex(r, 8, &nanoseconds) || nanoseconds >= 1000000000)
                return false;
        if (seconds < TAI_EPOCH || seconds - TAI_EPOCH > TIMESTAMP_US_MAX / CIVIL_SECOND_US)
                return false;
        r->epoch_us = (int64_t)(seconds - TAI_EPOCH) * CIVIL_SECOND_US + (int64_t)nanoseconds / 1000;
        return true;
}

/* "Nov 23, 2026", "2026-11-23  8:00" */
static bool read_blanks(Reader *r) {
        size_t n = 0, length;

        if (str_at(r->line, r->at) == ',')
                r->at++;
        while (n < 3 && (length = timestamp_blank(r->line, r->at)) > 0) {
                r->at += length;
                n++;
        }
        return n > 0;
}

/* @min_digits is 2 for numbers that stand side by side. */
static bool read_conversion(Reader *r, char conversion, size_t min_digits) {
        switch (conversion) {
        case 'Y':
                return read_number(r, 4, 4, &r->fields.year);
        case 'y':
                return read_short_year(r);
        case 'm':
                return read_number(r, min_digits, 2, &r->fields.month);
        case 'b':
                return read_month_name(r);
        case 'd':
                return read_number(r, min_digits, 2, &r->fields.day);
        case 'j':
                return read_number(r, 3, 3, &r->fields.day_of_year);
        case 'H':
        case 'I':
                return read_number(r, min_digits, 2, &r->fields.hour);
        case 'M':
                return read_number(r, 2, 2, &r->fields.minute);
        case 'S':
                return read_number(r, 2, 2, &r->fields.second);
        case 'f':
                r->at += fraction_at(r->line, r->at, &r->fraction_us);
                return true;
        case 'p':
                return read_half(r);
        case 'z':
                r->at = timestamp_zone_read(r->line, r->at, &r->zone);
                return true;
        case 'L':
                return read_level(r);
        case 's':
                return read_epoch(r);
        default:
                return read_tai(r);
        }
}

static bool read_literal(Reader *r, char c) {
        if (c == ' ')
                return read_blanks(r);
        return r->at < r->line.len && (r->line.ptr[r->at] == c || (c == 'T' && r->line.ptr[r->at] == 't')) && ++r->at;
}

/* Remembers what was read up to the fraction, and the @rest of the template behind it. */
static void keep_head(const Reader *r, const char *rest) {
        TimestampCache *cache = r->cache;

        cache->settled = false;
        cache->len = r->at - r->start;
        if (cache->len > sizeof(cache->bytes)) {
                cache->len = 0;
                return;
        }
        memcpy(cache->bytes, r->line.ptr + r->start, cache->len);
        cache->format = r->format;
        cache->rest = rest;
        cache->head = r->fields;
}

/* As memcmp(), without a call: the bytes are few, and on each line. */
static bool is_same(const char *a, const char *b, size_t n) {
        uint64_t x, y, differ = 0;

        if (n < sizeof(x))
                return memcmp(a, b, n) == 0;
        for (size_t i = 0; i < n; i += sizeof(x)) {
                size_t at = MIN(i, n - sizeof(x));
                memcpy(&x, a + at, sizeof(x));
                memcpy(&y, b + at, sizeof(y));
                differ |= x ^ y;
        }
        return differ == 0;
}

static bool has_head(const TimestampCache *cache, Str line, size_t at, unsigned format) {
        return cache->len > 0 && cache->format == format && line.len - at >= cache->len && is_same(cache->bytes, line.ptr + at, cache->len);
}

/* Takes over what the same bytes gave the last time, and reads the fraction. */
static bool take_head(Reader *r) {
        const TimestampCache *cache = r->cache;

        if (!has_head(cache, r->line, r->at, r->format))
                return false;
        r->fields = cache->head;
        r->at += cache->len;
        return read_conversion(r, 'f', 1);
}

static bool read_template(Reader *r, const char *template) {
        bool after_conversion = false;

        while (*template) {
                char conversion = template[0] == '%' ? template[1] : '\0';

                template += conversion ? 2 : 1;
                if (conversion == 'f' && r->cache)
                        keep_head(r, template);
                if (conversion == 'a') {
                        size_t length = timestamp_weekday(r->line, r->at);

                        r->at += length;
                        template += length == 0; /* nor is there a blank after it */
                } else if (conversion) {
                        if (!read_conversion(r, conversion, after_conversion || *template == '%' ? 2 : 1))
                                return false;
                } else if (!read_literal(r, template[-1]))
                        return false;
                after_conversion = conversion != '\0';
        }
        return true;
}

/* From fields to microseconds */

static int64_t time_of_day(const TimestampFields *f) {
        return f->hour * CIVIL_HOUR_US + f->minute * CIVIL_MINUTE_US + f->second * CIVIL_SECOND_US;
}

static int64_t local_time(int64_t year, const TimestampFields *f) {
        if (f->day_of_year > 0)
                return (civil_to_days(year, 1, 1) + f->day_of_year - 1) * CIVIL_DAY_US + time_of_day(f);
        return civil_to_days(year, f->month, f->day) * CIVIL_DAY_US + time_of_day(f);
}

static bool is_clock_time(const TimestampFields *f) {
        return f->hour < 24 && f->minute < 60 && f->second <= 60;
}

static bool is_date(int64_t year, const TimestampFields *f) {
        if (f->day_of_year > 0)
                return f->day_of_year <= (civil_is_leap(year) ? 366 : 365);
        return f->month >= 1 && f->month <= 12 && f->day >= 1 && f->day <= civil_days_in_month(year, f->month);
}

/* The last such time that is not after @limit_us; 9 years hold a 29th of February. */
static int64_t without_year(const TimestampFields *f, int64_t limit_us) {
        int64_t last = civil_from_days(civil_floor_div(limit_us, CIVIL_DAY_US)).year;

        for (int64_t year = last; year > last - 9; year--)
                if (is_date(year, f) && local_time(year, f) <= limit_us)
                        return local_time(year, f);
        return NOT_A_TIME;
}

static int64_t without_date(const TimestampFields *f, int64_t limit_us) {
        int64_t local_us = civil_floor_div(limit_us, CIVIL_DAY_US) * CIVIL_DAY_US + time_of_day(f);

        return local_us <= limit_us ? local_us : local_us - CIVIL_DAY_US;
}

static bool has_date(const TimestampFields *f) {
        return f->month > 0 || f->day_of_year > 0;
}

static int64_t local_us(const Reader *r, const TimeContext *context, TimestampCache *cache) {
        const TimestampFields *f = &r->fields;
        int64_t reference_us;

        if (!is_clock_time(f))
                return NOT_A_TIME;
        if (f->year > 0)
                return f->year >= TIMESTAMP_YEAR_MIN && f->year <= TIMESTAMP_YEAR_MAX && is_date(f->year, f) ? local_time(f->year, f) : NOT_A_TIME;
        reference_us = r->zone.kind == ZONE_OFFSET ? context->reference_us + r->zone.offset_us : timestamp_zone_reference(context, cache);
        return has_date(f) ? without_year(f, reference_us + TIMESTAMP_REFERENCE_SLACK_US) : without_date(f, reference_us + TIMESTAMP_DAY_SLACK_US);
}

static bool is_known(const Reader *r) {
        const TimestampCache *cache = r->cache;

        return cache && cache->utc_us != 0 && r->zone.kind == cache->zone_kind && r->zone.offset_us == cache->zone_offset_us &&
               memcmp(&r->fields, &cache->fields, sizeof(r->fields)) == 0;
}

static void keep_time(const Reader *r, int64_t utc_us) {
        TimestampCache *cache = r->cache;

        cache->fields = r->fields;
        cache->zone_kind = r->zone.kind;
        cache->zone_offset_us = r->zone.offset_us;
        cache->utc_us = r->zone.kind == ZONE_NAME ? 0 : utc_us; /* the name is not compared */
        cache->settled = cache->utc_us != 0 && cache->len > 0 && cache->format == r->format && strcmp(cache->rest, "%z") == 0 &&
                         memcmp(&cache->head, &r->fields, sizeof(r->fields)) == 0;
}

/* Without the fraction. */
static int64_t utc_us(Reader *r, const TimeContext *context) {
        int64_t us;

        if (r->epoch_us != NOT_A_TIME)
                return r->epoch_us;
        if (is_known(r))
                return r->cache->utc_us;
        us = local_us(r, context, r->cache);
        if (us == NOT_A_TIME)
                return NOT_A_TIME;
        us -= timestamp_zone_offset(&r->zone, us, context, r->cache);
        if (r->cache)
                keep_time(r, us);
        return us;
}

/* Reading at a known place */

/* Whether nothing follows that makes it something else: 2026-11-23-archive, 12:34:56:78:9a:bc,
 * 1286536309.4.1. */
HOT static inline bool ends_there(Str line, size_t end, unsigned format) {
        const char *joins = format == TIMESTAMP_FORMAT_EPOCH ? "./_-%" : ":./_-%"; /* audit(1373330717.000:4070) */
        TimestampRank rank = timestamp_formats[format].rank;
        char next = str_at(line, end);

        if (rank == RANK_FULL)
                return !char_is_digit(next);
        if (rank == RANK_DATE && timestamp_blank(line, end) > 0 && char_is_digit(str_at(line, end + 1)))
                return false;
        return !char_is_word(next) && !(strchr(joins, next) && char_is_word(str_at(line, end + 1)));
}

/* What nearly all lines have: the bytes before the fraction and the zone are those of the last time. */
HOT static inline bool read_settled(Str line, size_t at, unsigned format, const TimestampCache *cache, Timestamp *found) {
        size_t end = at + cache->len;
        TimestampZone zone = { 0 };
        int fraction_us = 0;

        if (!cache->settled || !has_head(cache, line, at, format))
                return false;
        end += fraction_at(line, end, &fraction_us);
        end = timestamp_zone_read(line, end, &zone);
        if (zone.kind != cache->zone_kind || zone.offset_us != cache->zone_offset_us || !ends_there(line, end, format))
                return false;
        *found = (Timestamp){
                .us = cache->utc_us + fraction_us,
                .start = at,
                .end = end,
                .format = format,
                .zoned = zone.kind != ZONE_NONE,
                .has_year = cache->head.year > 0,
                .has_date = has_date(&cache->head),
        };
        return true;
}

static bool is_of_context(const TimestampCache *cache, const TimeContext *context) {
        return cache->context.zone == context->zone && cache->context.reference_us == context->reference_us;
}

HOT bool timestamp_at(Str line, size_t at, unsigned format, const TimeContext *context, TimestampCache *cache, Timestamp *found) {
        Reader r = { .line = line, .start = at, .at = at, .format = format, .cache = cache, .epoch_us = NOT_A_TIME };
        int64_t us;

        if (at >= line.len || format >= timestamp_formats_count)
                return false;
        if (cache && !is_of_context(cache, context))
                *cache = (TimestampCache){ .context = *context };
        if (cache && read_settled(line, at, format, cache, found))
                return true;
        if (!read_template(&r, cache && take_head(&r) ? cache->rest : timestamp_formats[format].template) || !ends_there(line, r.at, format))
                return false;
        us = utc_us(&r, context);
        if (us < TIMESTAMP_US_MIN || us >= TIMESTAMP_US_MAX)
                return false;
        *found = (Timestamp){
                .us = us + r.fraction_us,
                .start = at,
                .end = r.at,
                .format = format,
                .zoned = r.zone.kind != ZONE_NONE || r.epoch_us != NOT_A_TIME,
                .has_year = r.fields.year > 0 || r.epoch_us != NOT_A_TIME,
                .has_date = has_date(&r.fields) || r.epoch_us != NOT_A_TIME,
        };
        return true;
}

bool timestamp_of_field(Str value, const TimeContext *context, TimestampCache *cache, Timestamp *found) {
        Timestamp again;

        if (cache && is_of_context(cache, context) && read_settled(value, 0, cache->format, cache, found) && found->end == value.len)
                return true;
        if (!timestamp_find(value, context, found))
                return false;
        if (cache && found->start == 0 && found->end == value.len)
                timestamp_at(value, 0, found->format, context, cache, &again);
        return true;
}

const char *timestamp_format_name(unsigned format) {
        return format < timestamp_formats_count ? timestamp_formats[format].template : "";
}

unsigned timestamp_n_formats(void) {
        return (unsigned)timestamp_formats_count;
}

/* A number with that many digits before the point times @multiply over @divide is microseconds. */
static bool epoch_scale(size_t digits, int64_t *multiply, int64_t *divide) {
        *multiply = digits <= 10 ? CIVIL_SECOND_US : digits <= 13 ? 1000 : 1;
        *divide = digits >= 18 ? 1000 : 1;
        return digits == 9 || digits == 10 || digits == 12 || digits == 13 || digits == 15 || digits == 16 || digits == 18 || digits == 19;
}

/* The digits behind the point, of a unit of @multiply microseconds. */
static bool epoch_fraction(Str digits, int64_t multiply, int64_t *us) {
        int64_t unit = multiply;

        *us = 0;
        for (size_t i = 0; i < digits.len; i++) {
                if (!char_is_digit(digits.ptr[i]))
                        return false;
                unit /= 10;
                *us += (digits.ptr[i] - '0') * unit;
        }
        return digits.len > 0;
}

bool timestamp_epoch(Str text, Timestamp *found) {
        size_t digits = digits_at(text, 0);
        uint64_t number = 0; /* of 19 digits at most */
        int64_t multiply, divide, fraction = 0, value;

        if (!epoch_scale(digits, &multiply, &divide))
                return false;
        for (size_t i = 0; i < digits; i++)
                number = number * 10 + (uint64_t)(text.ptr[i] - '0');
        if (digits < text.len && (text.ptr[digits] != '.' || !epoch_fraction(str_slice(text, digits + 1, text.len), multiply, &fraction)))
                return false;
        value = (int64_t)(number / (uint64_t)divide) * multiply + fraction;
        if (value < TIMESTAMP_US_MIN || value >= TIMESTAMP_US_MAX)
                return false;
        *found = (Timestamp){ .us = value, .end = text.len, .format = TIMESTAMP_FORMAT_EPOCH, .zoned = true, .has_year = true, .has_date = true };
        return true;
}

char *timestamp_write(int64_t us, char buffer[static 32]) {
        int64_t days = civil_floor_div(us, CIVIL_DAY_US);
        CivilDate date = civil_from_days(days);
        int64_t rest = us % CIVIL_DAY_US + (us % CIVIL_DAY_US < 0 ? CIVIL_DAY_US : 0);
        int fraction = (int)(rest % CIVIL_SECOND_US), seconds = (int)(rest / CIVIL_SECOND_US);
        int n = snprintf(buffer, 32, "%04d-%02d-%02dT%02d:%02d:%02d", (int)date.year, date.month, date.day, seconds / 3600, seconds / 60 % 60, seconds % 60);

        if (fraction % 1000 != 0)
                snprintf(buffer + n, 32 - (size_t)n, ".%06dZ", fraction);
        else if (fraction != 0)
                snprintf(buffer + n, 32 - (size_t)n, ".%03dZ", fraction / 1000);
        else
                snprintf(buffer + n, 32 - (size_t)n, "Z");
        return buffer;
}
