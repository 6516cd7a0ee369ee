/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/timestamp.h"

#include <stdio.h>

#include "parse/civil.h"
#include "parse/timestamp_formats.h"
#include "parse/timestamp_zones.h"

#define NOT_A_TIME INT64_MIN

#define TIMESTAMP_US_MIN (INT64_C(7305) * CIVIL_DAY_US)  /* 1990-01-01 */
#define TIMESTAMP_US_MAX (INT64_C(47847) * CIVIL_DAY_US) /* 2101-01-01 */

/* TAI64 labels begin at 2^62; TAI was 10 s ahead of UTC in 1970. Later leap seconds are left out, as multilog does. */
#define TAI_EPOCH ((INT64_C(1) << 62) + 10)

#define TWO_DIGIT_YEAR_PIVOT 70
#define FRACTION_DIGITS_MAX 9

/* A date with time beats a worse stamp before it if it stands so close behind. */
#define BETTER_WITHIN 32

/* docker compose writes "name  | " before each line. */
#define COMPOSE_NAME_MAX 64

typedef struct Reader {
        Str line;
        size_t at;
        TimestampFields fields;
        TimestampZone zone;
        int64_t epoch_us; /* NOT_A_TIME if the format is not an epoch */
        const char *rest;            /* the template from the fraction on; NULL if the format has none */
        size_t head_end;             /* where the fraction would stand */
        TimestampFields head_fields; /* what was read up to there */
} Reader;

static char byte_at(Str line, size_t at) {
        return at < line.len ? line.ptr[at] : '\0';
}

static bool is_word(char c) {
        return char_is_alpha(c) || char_is_digit(c);
}

static size_t digits_at(Str line, size_t at) {
        size_t end = at;

        while (end < line.len && char_is_digit(line.ptr[end]))
                end++;
        return end - at;
}

static size_t letters_at(Str line, size_t at) {
        size_t end = at;

        while (end < line.len && char_is_alpha(line.ptr[end]))
                end++;
        return end - at;
}

/* The number, from 1, of the name of which three letters or more stand at @at; 0 if there is none. */
static int name_at(Str line, size_t at, const char *const *names, int n_names, size_t *length) {
        Str start = str_slice(line, at, at + 3);

        for (int i = 0; start.len == 3 && i < n_names; i++) {
                if (char_lower(start.ptr[0]) != names[i][0] || char_lower(start.ptr[1]) != names[i][1] ||
                    char_lower(start.ptr[2]) != names[i][2])
                        continue;
                *length = letters_at(line, at);
                return str_starts_nocase(str_from(names[i]), (Str){ start.ptr, *length }) ? i + 1 : 0;
        }
        return 0;
}

static int month_at(Str line, size_t at, size_t *length) {
        static const char *const names[] = { "january", "february", "march",     "april",   "may",      "june",
                                             "july",    "august",   "september", "october", "november", "december" };
        int month = name_at(line, at, names, G_N_ELEMENTS(names), length);

        if (month > 0 && byte_at(line, at + *length) == '.')
                ++*length;
        return month;
}

/* The length of a weekday's name, or 0. */
static size_t weekday_at(Str line, size_t at) {
        static const char *const names[] = { "monday", "tuesday",  "wednesday", "thursday",
                                             "friday", "saturday", "sunday" };
        size_t length = 0;

        return name_at(line, at, names, G_N_ELEMENTS(names), &length) > 0 ? length : 0;
}

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

        r->fields.month = month_at(r->line, r->at, &length);
        r->at += length;
        return r->fields.month > 0;
}

static bool read_half(Reader *r) {
        size_t at = r->at + timestamp_blank(r->line, r->at);
        char half = char_lower(byte_at(r->line, at));

        if ((half != 'a' && half != 'p') || char_lower(byte_at(r->line, at + 1)) != 'm' ||
            is_word(byte_at(r->line, at + 2)))
                return false;
        if (r->fields.hour < 1 || r->fields.hour > 12)
                return false;
        r->fields.hour = r->fields.hour % 12 + (half == 'p' ? 12 : 0);
        r->at = at + 2;
        return true;
}

/* Microseconds from the digits after the mark at @at; 0 is the length if it is not a fraction. */
static size_t fraction_at(Str line, size_t at, int *us) {
        char mark = byte_at(line, at);
        size_t n;
        int value = 0;

        if (mark != '.' && mark != ',' && mark != ':')
                return 0;
        n = digits_at(line, at + 1);
        if (n == 0 || n > FRACTION_DIGITS_MAX || (mark == ':' && n % 3 != 0))
                return 0;
        for (size_t i = 1; i <= 6; i++)
                value = value * 10 + (i <= n ? line.ptr[at + i] - '0' : 0);
        *us = value;
        return n + 1;
}

static bool read_level(Reader *r) {
        char level = byte_at(r->line, r->at++);

        return level == 'I' || level == 'W' || level == 'E' || level == 'F' || level == 'D';
}

static bool read_epoch(Reader *r) {
        size_t digits = digits_at(r->line, r->at);
        int ignored;
        size_t end = r->at + digits + fraction_at(r->line, r->at + digits, &ignored);
        Timestamp stamp;

        if (byte_at(r->line, r->at + digits) != '.')
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
                int digit = g_ascii_xdigit_value(byte_at(r->line, r->at++));

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

        if (byte_at(r->line, r->at) == ',')
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
                r->at += fraction_at(r->line, r->at, &r->fields.fraction_us);
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

static bool read_template(Reader *r, const char *template) {
        bool after_conversion = false;

        while (*template) {
                char conversion = template[0] == '%' ? template[1] : '\0';

                if (conversion == 'f') {
                        r->rest = template;
                        r->head_end = r->at;
                        r->head_fields = r->fields;
                }
                template += conversion ? 2 : 1;
                if (conversion == 'a') {
                        size_t length = weekday_at(r->line, r->at);

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
        return f->hour * CIVIL_HOUR_US + f->minute * CIVIL_MINUTE_US + f->second * CIVIL_SECOND_US + f->fraction_us;
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
                return f->year >= TIMESTAMP_YEAR_MIN && f->year <= TIMESTAMP_YEAR_MAX && is_date(f->year, f)
                               ? local_time(f->year, f)
                               : NOT_A_TIME;
        reference_us = r->zone.kind == ZONE_OFFSET ? context->reference_us + r->zone.offset_us
                                                   : timestamp_zone_reference(context, cache);
        return has_date(f) ? without_year(f, reference_us + TIMESTAMP_REFERENCE_SLACK_US)
                           : without_date(f, reference_us + TIMESTAMP_DAY_SLACK_US);
}

static int64_t utc_us(Reader *r, const TimeContext *context, TimestampCache *cache) {
        int64_t local;

        if (r->epoch_us != NOT_A_TIME)
                return r->epoch_us;
        local = local_us(r, context, cache);
        if (local == NOT_A_TIME)
                return NOT_A_TIME;
        return local - timestamp_zone_offset(&r->zone, local, context, cache);
}

/* Reading at a known place */

static bool is_same_context(const TimeContext *a, const TimeContext *b) {
        return a->zone == b->zone && a->reference_us == b->reference_us;
}

/* Takes over what the same bytes gave the last time; returns the rest of the template. */
static const char *take_head(Reader *r, unsigned format, const TimestampCache *cache) {
        if (cache->len == 0 || cache->format != format || r->line.len - r->at < cache->len ||
            memcmp(cache->bytes, r->line.ptr + r->at, cache->len) != 0)
                return NULL;
        r->fields = cache->fields;
        r->at += cache->len;
        return cache->rest;
}

static void keep_head(const Reader *r, size_t start, unsigned format, TimestampCache *cache) {
        cache->len = 0;
        if (!r->rest || r->head_end - start > sizeof(cache->bytes))
                return;
        cache->len = r->head_end - start;
        memcpy(cache->bytes, r->line.ptr + start, cache->len);
        cache->format = format;
        cache->rest = r->rest;
        cache->fields = r->head_fields;
}

static bool read_with_cache(Reader *r, unsigned format, const TimeContext *context, TimestampCache *cache) {
        size_t start = r->at;
        const char *rest;

        if (!is_same_context(&cache->context, context))
                *cache = (TimestampCache){ .context = *context };
        rest = take_head(r, format, cache);
        if (rest)
                return read_template(r, rest);
        if (!read_template(r, timestamp_formats[format].template))
                return false;
        keep_head(r, start, format, cache);
        return true;
}

/* Whether nothing follows that makes it something else: 2026-11-23-archive, 12:34:56:78:9a:bc, 1286536309.4.1. */
static bool ends_there(Str line, size_t end, unsigned format) {
        const char *joins = format == TIMESTAMP_FORMAT_EPOCH ? "./_-%" : ":./_-%"; /* audit(1373330717.000:4070) */
        TimestampRank rank = timestamp_formats[format].rank;
        char next = byte_at(line, end);

        if (rank == RANK_FULL)
                return !char_is_digit(next);
        if (rank == RANK_DATE && timestamp_blank(line, end) > 0 && char_is_digit(byte_at(line, end + 1)))
                return false;
        return !is_word(next) && !(strchr(joins, next) && is_word(byte_at(line, end + 1)));
}

bool timestamp_at(Str line, size_t at, unsigned format, const TimeContext *context, TimestampCache *cache,
                  Timestamp *found) {
        Reader r = { .line = line, .at = at, .epoch_us = NOT_A_TIME };
        int64_t us;

        if (at >= line.len || format >= timestamp_formats_count)
                return false;
        if (!(cache ? read_with_cache(&r, format, context, cache)
                    : read_template(&r, timestamp_formats[format].template)) ||
            !ends_there(line, r.at, format))
                return false;
        us = utc_us(&r, context, cache);
        if (us < TIMESTAMP_US_MIN || us >= TIMESTAMP_US_MAX)
                return false;
        *found = (Timestamp){
                .us = us,
                .start = at,
                .end = r.at,
                .format = format,
                .zoned = r.zone.kind != ZONE_NONE || r.epoch_us != NOT_A_TIME,
                .has_year = r.fields.year > 0 || r.epoch_us != NOT_A_TIME,
                .has_date = has_date(&r.fields) || r.epoch_us != NOT_A_TIME,
        };
        return true;
}

/* Searching a line */

/* Where what opens a line ends: blanks, brackets, quotes, colours. */
static size_t skip_openers(Str line, size_t at) {
        while (at < line.len && line.ptr[at] != '\0' && strchr(" \t[(<{\"'|*#", line.ptr[at]))
                at++;
        return at;
}

/* ESC [ 0 ; 32 m */
static bool is_after_escape(Str line, size_t at) {
        size_t start = at - 1;

        while (start > 0 && (char_is_digit(line.ptr[start - 1]) || line.ptr[start - 1] == ';'))
                start--;
        return start >= 2 && line.ptr[start - 1] == '[' && line.ptr[start - 2] == '\033';
}

static bool is_boundary(Str line, size_t at) {
        char before = at > 0 ? line.ptr[at - 1] : ' ';

        if (char_is_alpha(before))
                return is_after_escape(line, at);
        return before != '\0' && strchr(" \t[](){}<>\"'=|,;:*#", before) != NULL;
}

/* "ts":1, time=1, timestamp="1, audit(1 */
static bool is_after_key(Str line, size_t at) {
        static const char *const keys[] = { "ts", "t", "time", "timestamp", "at", "datetime", "date", "audit" };
        size_t start, end = at;
        Str key;

        while (end > 0 && strchr(" \"'", line.ptr[end - 1]))
                end--;
        if (end == 0 || !strchr(":=(", line.ptr[end - 1]))
                return false;
        end--;
        if (end > 0 && line.ptr[end - 1] == '"')
                end--;
        start = end;
        while (start > 0 && (is_word(line.ptr[start - 1]) || strchr("_-.", line.ptr[start - 1])))
                start--;
        key = str_slice(line, start, end);
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
                if (str_equal_nocase(key, str_from(keys[i])))
                        return true;
        return false;
}

/* Behind a first token that is a number or in brackets, or in brackets behind any first token. */
static bool is_second_token(Str line, size_t first, size_t at) {
        size_t end = first;
        bool is_bracketed = first > 0 && (line.ptr[first - 1] == '[' || line.ptr[first - 1] == '(');
        bool is_number = digits_at(line, first) > 0;

        if (is_bracketed)
                while (end < at && line.ptr[end] != ']' && line.ptr[end] != ')')
                        end++;
        else
                while (end < at && !char_is_space(line.ptr[end]))
                        is_number &= char_is_digit(line.ptr[end++]);
        if (!is_bracketed && !is_number && line.ptr[at - 1] != '[' && line.ptr[at - 1] != '(')
                return false;
        return skip_openers(line, MIN(end + 1, at)) >= at;
}

/* Whether the line begins at @at, but for openers, one token such as a process id, and the name that docker compose puts before. */
static bool is_line_start(Str line, size_t at) {
        size_t first = skip_openers(line, 0);
        size_t bar = str_find(str_slice(line, 0, at), STR("| "), 0);

        if (first >= at || is_second_token(line, first, at))
                return true;
        return bar <= COMPOSE_NAME_MAX && skip_openers(line, bar) >= at;
}

static TimestampStart start_of_digits(size_t n) {
        static const TimestampStart starts[] = {
                [1] = START_FIELD,  [2] = START_FIELD, [4] = START_YEAR,      [6] = START_SIX,
                [8] = START_EIGHT,  [10] = START_EPOCH, [13] = START_EPOCH, [14] = START_FOURTEEN,
                [16] = START_EPOCH, [19] = START_EPOCH,
        };

        return n < G_N_ELEMENTS(starts) ? starts[n] : START_NONE;
}

static TimestampStart start_at(Str line, size_t at) {
        size_t length = 0;
        char c = byte_at(line, at);

        if (char_is_digit(c))
                return start_of_digits(digits_at(line, at));
        if (c == '@')
                return START_TAI;
        if (!char_is_alpha(c))
                return START_NONE;
        if (char_is_digit(byte_at(line, at + 1)))
                return START_LEVEL;
        if (month_at(line, at, &length) > 0)
                return START_MONTH;
        length = weekday_at(line, at);
        if (length == 0)
                return START_NONE;
        at += length + (byte_at(line, at + length) == ',');
        while (timestamp_blank(line, at) > 0)
                at += timestamp_blank(line, at);
        return char_is_digit(byte_at(line, at)) ? start_of_digits(digits_at(line, at))
               : month_at(line, at, &length) > 0 ? START_MONTH
                                                 : START_NONE;
}

/* How good the time is that @format reads at the place; nothing if it does not fit. */
static TimestampRank rank_at(Str line, size_t at, unsigned format, const TimeContext *context, Timestamp *found) {
        const TimestampFormat *row = &timestamp_formats[format];
        bool has_key;

        if (!timestamp_at(line, at, format, context, NULL, found))
                return RANK_NONE;
        if (row->place == PLACE_ANY)
                return row->rank;
        has_key = is_after_key(line, at);
        if (!has_key && !is_line_start(line, at))
                return RANK_NONE;
        return has_key ? RANK_FULL : row->rank;
}

static TimestampRank best_at(Str line, size_t at, const TimeContext *context, Timestamp *found) {
        TimestampStart start = is_boundary(line, at) ? start_at(line, at) : START_NONE;
        TimestampRank rank = RANK_NONE;

        for (unsigned i = 0; start != START_NONE && rank == RANK_NONE && i < timestamp_formats_count; i++)
                if (timestamp_formats[i].start == start)
                        rank = rank_at(line, at, i, context, found);
        return rank;
}

bool timestamp_find(Str line, const TimeContext *context, Timestamp *found) {
        size_t limit = MIN(line.len, TIMESTAMP_SEARCH_BYTES);
        TimestampRank best = RANK_NONE;

        for (size_t at = 0; at < limit && best != RANK_FULL; at++) {
                Timestamp stamp;
                TimestampRank rank = best_at(line, at, context, &stamp);

                if (rank > best) {
                        *found = stamp;
                        limit = MIN(limit, stamp.end + BETTER_WITHIN);
                        best = rank;
                }
                if (rank != RANK_NONE)
                        at = stamp.end - 1;
        }
        return best != RANK_NONE;
}

const char *timestamp_format_name(unsigned format) {
        return format < timestamp_formats_count ? timestamp_formats[format].template : "";
}

unsigned timestamp_n_formats(void) {
        return (unsigned)timestamp_formats_count;
}

/* How many microseconds, or parts of one, a number with that many digits before the point counts in. */
static bool epoch_scale(size_t digits, int64_t *multiply, int64_t *divide) {
        *multiply = digits <= 10 ? CIVIL_SECOND_US : digits <= 13 ? 1000 : 1;
        *divide = digits >= 18 ? 1000 : 1;
        return digits == 9 || digits == 10 || digits == 12 || digits == 13 || digits == 15 || digits == 16 ||
               digits == 18 || digits == 19;
}

/* The digits after the point, as so many millionths, in units of @multiply microseconds. */
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
        if (digits < text.len && (text.ptr[digits] != '.' ||
                                  !epoch_fraction(str_slice(text, digits + 1, text.len), multiply, &fraction)))
                return false;
        value = (int64_t)(number / (uint64_t)divide) * multiply + fraction;
        if (value < TIMESTAMP_US_MIN || value >= TIMESTAMP_US_MAX)
                return false;
        *found = (Timestamp){ .us = value, .end = text.len, .format = TIMESTAMP_FORMAT_EPOCH,
                              .zoned = true,
                              .has_year = true,
                              .has_date = true };
        return true;
}

char *timestamp_write(int64_t us, char buffer[static 32]) {
        int64_t days = civil_floor_div(us, CIVIL_DAY_US);
        CivilDate date = civil_from_days(days);
        int64_t rest = us - days * CIVIL_DAY_US;
        int fraction = (int)(rest % CIVIL_SECOND_US), seconds = (int)(rest / CIVIL_SECOND_US);
        int n = snprintf(buffer, 32, "%04d-%02d-%02dT%02d:%02d:%02d", (int)date.year, date.month, date.day,
                         seconds / 3600, seconds / 60 % 60, seconds % 60);

        if (fraction % 1000 != 0)
                snprintf(buffer + n, 32 - (size_t)n, ".%06dZ", fraction);
        else if (fraction != 0)
                snprintf(buffer + n, 32 - (size_t)n, ".%03dZ", fraction / 1000);
        else
                snprintf(buffer + n, 32 - (size_t)n, "Z");
        return buffer;
}
