/* SPDX-License-Identifier: Apache-2.0 */

#include "parse/timestamp.h"
#include "parse/timestamp_formats.h"
#include "parse/timestamp_words.h"

/* No time is longer. */
#define TIMESTAMP_BYTES_MAX 64

/* A date with time beats a worse stamp before it if it stands so close behind. */
#define BETTER_WITHIN 32

/* docker compose writes "name  | " before each line. */
#define COMPOSE_NAME_MAX 64

/* A time behind more words than this is one that a text speaks of, but in brackets or by a key. */
#define WORDS_BEFORE_MAX 2

typedef struct Place {
        bool is_start; /* of the line */
        bool has_key;  /* time="..." */
        bool is_own;   /* a time that the text speaks of would not stand there */
} Place;

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
        static const bool BOUNDARIES[256] = {
                [' '] = true, ['\t'] = true, ['['] = true, [']'] = true, ['('] = true, [')'] = true, ['{'] = true, ['}'] = true, ['<'] = true, ['>'] = true,
                ['"'] = true, ['\''] = true, ['='] = true, ['|'] = true, [','] = true, [';'] = true, [':'] = true, ['*'] = true, ['#'] = true,
        };
        char before = at > 0 ? line.ptr[at - 1] : ' ';

        return BOUNDARIES[(uint8_t)before] || (char_is_alpha(before) && is_after_escape(line, at));
}

/* "ts":1, time=1, timestamp="1, audit(1 */
static bool is_after_key(Str line, size_t at) {
        static const char *const keys[] = { "ts", "t", "time", "timestamp", "at", "audit" };
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
        while (start > 0 && (char_is_word(line.ptr[start - 1]) || strchr("_-.", line.ptr[start - 1])))
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

/* Whether the line begins at @at, but for openers and one token such as a process id, or the name
 * that docker compose puts before it does. */
static bool is_line_start(Str line, size_t at) {
        size_t first = skip_openers(line, 0);
        size_t bar = str_find(str_slice(line, 0, at), STR("| "), 0);

        if (first >= at || is_second_token(line, first, at))
                return true;
        return bar <= COMPOSE_NAME_MAX && skip_openers(line, bar) >= at;
}

/* How many tokens before @at are plain words, such as text has and a log's header has not. */
static size_t words_before(Str line, size_t at) {
        size_t n = 0, start = 0, end;

        for (; start < at; start = end + 1) {
                end = start + letters_at(line, start);
                n += end > start + 1 && (char_is_space(str_at(line, end)) || char_is_space(str_at(line, end + 1)));
                while (end < at && !char_is_space(line.ptr[end]))
                        end++;
        }
        return n;
}

/* In JSON at the begin of a string, elsewhere in brackets or behind a header's few words. */
static bool is_outside_text(Str line, size_t at) {
        if (str_find(str_slice(line, 0, at), STR("{\""), 0) < at)
                return line.ptr[at - 1] == '"';
        if (timestamp_blank(line, 0) > 0)
                return false;
        return line.ptr[at - 1] == '[' || words_before(line, at) <= WORDS_BEFORE_MAX;
}

static Place place_at(Str line, size_t at) {
        Place place = { .is_start = is_line_start(line, at), .has_key = is_after_key(line, at) };

        place.is_own = place.is_start || place.has_key || is_outside_text(line, at);
        return place;
}

static TimestampStart start_of_digits(Str line, size_t at) {
        static const TimestampStart starts[] = {
                [1] = START_FIELD,  [2] = START_FIELD,  [4] = START_YEAR,      [6] = START_SIX,    [8] = START_EIGHT,
                [10] = START_EPOCH, [13] = START_EPOCH, [14] = START_FOURTEEN, [16] = START_EPOCH, [19] = START_EPOCH,
        };
        size_t n = digits_at(line, at);
        TimestampStart start = n < G_N_ELEMENTS(starts) ? starts[n] : START_NONE;
        char next = str_at(line, at + n), second = str_at(line, at + n + 1);
        size_t month;

        if (start != START_FIELD && start != START_YEAR)
                return start;
        if (next == '/' || next == '-' || next == '.' || next == ':')
                return char_is_word(second) ? start : START_NONE;
        return timestamp_blank(line, at + n) > 0 && timestamp_month(line, at + n + timestamp_blank(line, at + n), &month) > 0 ? start : START_NONE;
}

static TimestampStart start_at(Str line, size_t at) {
        size_t length = 0;
        char c = str_at(line, at);

        if (char_is_digit(c))
                return start_of_digits(line, at);
        if (c == '@')
                return START_TAI;
        if (!char_is_alpha(c))
                return START_NONE;
        if (char_is_digit(str_at(line, at + 1)))
                return START_LEVEL;
        if (timestamp_month(line, at, &length) > 0)
                return START_MONTH;
        length = timestamp_weekday(line, at);
        if (length == 0)
                return START_NONE;
        at += length + (str_at(line, at + length) == ',');
        while (timestamp_blank(line, at) > 0)
                at += timestamp_blank(line, at);
        if (char_is_digit(str_at(line, at)))
                return start_of_digits(line, at);
        return timestamp_month(line, at, &length) > 0 ? START_MONTH : START_NONE;
}

/* How good a time in @format is at such a place. */
static TimestampRank rank_of(const TimestampFormat *format, Place place) {
        if (format->place == PLACE_ANY)
                return place.is_own ? format->rank : RANK_NONE;
        if (format->rank != RANK_DATE && place.has_key)
                return RANK_FULL;
        return place.is_start ? format->rank : RANK_NONE;
}

/* What stands behind the number at @at, whose format has no weekday before it, says that most formats do not fit: addresses and versions are many. */
static bool may_fit(const TimestampFormat *format, Str line, size_t at) {
        const char *rest = format->template;
        size_t end = at + digits_at(line, at);

        if (end == at || (format->start != START_FIELD && format->start != START_YEAR))
                return true;
        rest += str_starts(str_from(rest), STR("%a ")) ? 3 : 0;
        rest += 2;
        if (*rest == '%' || *rest == '\0')
                return true;
        return *rest == ' ' ? timestamp_blank(line, end) > 0 : str_at(line, end) == *rest;
}

static TimestampRank best_at(Str line, size_t at, const TimeContext *context, Timestamp *found) {
        TimestampStart start = is_boundary(line, at) ? start_at(line, at) : START_NONE;
        Place place;

        if (start == START_NONE)
                return RANK_NONE;
        place = place_at(line, at);
        for (unsigned i = 0; i < timestamp_formats_count; i++) {
                const TimestampFormat *format = &timestamp_formats[i];

                if (format->start == start && may_fit(format, line, at) && rank_of(format, place) != RANK_NONE &&
                    timestamp_at(line, at, i, context, NULL, found))
                        return rank_of(format, place);
        }
        return RANK_NONE;
}

/* Whether @n digits that end before @at may be part of a time, by what every format has: a colon between digits, a date, or many digits. */
static bool may_be_of_time(Str line, size_t at, size_t n) {
        char next = str_at(line, at), second = str_at(line, at + 1);

        if (n >= 8)
                return true;
        if (n == 6) /* 081109 203518 */
                return (next == ',' || timestamp_blank(line, at) > 0) && !char_is_alpha(second);
        if (n == 4 && (next == '-' || next == '/' || next == '.'))
                return char_is_word(second);
        return next == ':' && char_is_digit(second);
}

/* Most lines of a log without times are done with here. */
static bool may_hold_time(Str line) {
        size_t n_digits = 0;

        line = str_slice(line, 0, TIMESTAMP_SEARCH_BYTES + TIMESTAMP_BYTES_MAX);
        for (size_t at = 0; at < line.len; at++) {
                if (char_is_digit(line.ptr[at])) {
                        n_digits++;
                        continue;
                }
                if (line.ptr[at] == '@' || (n_digits > 0 && may_be_of_time(line, at, n_digits)))
                        return true;
                n_digits = 0;
        }
        return n_digits > 0 && may_be_of_time(line, line.len, n_digits);
}

bool timestamp_find(Str line, const TimeContext *context, Timestamp *found) {
        size_t limit = MIN(line.len, TIMESTAMP_SEARCH_BYTES);
        TimestampRank best = RANK_NONE;

        if (!may_hold_time(line))
                return false;
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
