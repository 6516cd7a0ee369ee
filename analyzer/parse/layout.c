/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layout.h"

#include "parse/fields.h"
#include "parse/header.h"
#include "parse/multiline.h"

#include <glib.h>

/* Lines of the head that are looked at. */
#define DETECT_LINES 400

/* The share of lines, in percent, that makes a layout JSON or logfmt. */
#define KIND_PERCENT 50

/* --- reading a line --- */

/* A quoted number or string, or a bare number: a field's time. */
static bool read_time_field(const Layout *layout, Str value, Timestamp *stamp) {
        return timestamp_epoch(value, stamp) || timestamp_find(value, &layout->time, stamp);
}

static unsigned small_number(Str digits) {
        unsigned number = 0;

        if (digits.len == 0 || digits.len > 3)
                return 0;
        for (size_t i = 0; i < digits.len; i++) {
                if (!char_is_digit(digits.ptr[i]))
                        return 0;
                number = number * 10 + (unsigned)(digits.ptr[i] - '0');
        }
        return number;
}

static Level level_of_field(Str value) {
        if (value.len > 0 && char_is_digit(*value.ptr))
                return level_from_number(small_number(value));
        if (value.len == 1)
                return *value.ptr == 'E'   ? LEVEL_ERROR
                       : *value.ptr == 'W' ? LEVEL_WARNING
                       : *value.ptr == 'F' ? LEVEL_FATAL
                       : *value.ptr == 'I' ? LEVEL_INFO
                                           : LEVEL_DEBUG;
        return level_from_word(value);
}

static void use_fields(const Fields *fields, Str line, Event *event) {
        unsigned status = small_number(fields->value[FIELD_STATUS]);

        event->status = status >= 100 && status < 600 ? status : 0;
        event->message = fields->value[FIELD_MESSAGE].ptr ? fields->value[FIELD_MESSAGE] : line;
        event->detail = fields->value[FIELD_ERROR].ptr ? fields->value[FIELD_ERROR] : (Str){ line.ptr, 0 };
        event->level = fields->value[FIELD_LEVEL].ptr ? level_of_field(fields->value[FIELD_LEVEL]) : LEVEL_NONE;
        if (event->level == LEVEL_NONE)
                event->level = event->status >= 500 ? LEVEL_ERROR : header_level_of_words(event->message);
}

static LineKind read_fields(const Layout *layout, const Fields *fields, Str line, Event *event) {
        Timestamp stamp;

        use_fields(fields, line, event);
        if (fields->value[FIELD_TIME].ptr && read_time_field(layout, fields->value[FIELD_TIME], &stamp)) {
                event->time_us = stamp.us;
                return LINE_TIMED;
        }
        event->time_us = TIME_NONE;
        return LINE_UNTIMED;
}

/* The place at which the layout has its time; SIZE_MAX if the line is too short. */
static size_t locked_place(const Layout *layout, Str line) {
        size_t at = 0;

        if (layout->fixed)
                return layout->start < line.len ? layout->start : SIZE_MAX;
        for (unsigned i = 0; i < layout->nth; i++) {
                const char *found = memchr(line.ptr + at, layout->before, line.len - at);
                if (!found)
                        return SIZE_MAX;
                at = (size_t)(found - line.ptr) + 1;
        }
        return at < line.len ? at : SIZE_MAX;
}

/* "4/Nov/2026" of "24/Nov/2026" would be a time, too. */
static bool is_within_word(Str line, size_t at) {
        return at > 0 && (char_is_digit(line.ptr[at - 1]) || char_is_alpha(line.ptr[at - 1]));
}

static bool read_locked(const Layout *layout, TimestampCache *cache, Str line, Timestamp *stamp) {
        size_t at = locked_place(layout, line);

        return at != SIZE_MAX && !is_within_word(line, at) &&
               timestamp_at(line, at, layout->format, &layout->time, cache, stamp);
}

static bool read_anywhere(const Layout *layout, Str line, Timestamp *stamp) {
        if (char_is_space(*line.ptr) || !timestamp_find(line, &layout->time, stamp))
                return false;
        return stamp->start <= LAYOUT_START_MAX && (stamp->has_date || layout->kind == LAYOUT_UNTIMED);
}

static LineKind read_without_time(const Layout *layout, Str line, Event *event) {
        event->time_us = TIME_NONE;
        event->message = line;
        event->status = 0;
        if (multiline_is_crash(line)) {
                event->level = LEVEL_ERROR;
                return LINE_CRASH;
        }
        if (layout->kind != LAYOUT_UNTIMED || multiline_is_continuation(line))
                return LINE_CONTINUES;
        header_read(line, 0, 0, event);
        return LINE_UNTIMED;
}

static LineKind read_text(const Layout *layout, TimestampCache *cache, Str line, Event *event) {
        Timestamp stamp;

        if (!(layout->kind == LAYOUT_TEXT && read_locked(layout, cache, line, &stamp)) &&
            !read_anywhere(layout, line, &stamp))
                return read_without_time(layout, line, event);
        event->time_us = stamp.us;
        return header_read(line, stamp.start, stamp.end, event) ? LINE_TIMED : LINE_CONTINUES;
}

LineKind layout_read(const Layout *layout, TimestampCache *cache, Str line, Event *event) {
        Fields fields;

        if (line.len == 0)
                return LINE_CONTINUES;
        event->detail = (Str){ line.ptr, 0 };
        event->escaped = *line.ptr == '{' && fields_json(line, &fields);
        if (event->escaped)
                return read_fields(layout, &fields, line, event);
        if (layout->kind == LAYOUT_LOGFMT && !char_is_space(*line.ptr) && fields_logfmt(line, &fields))
                return read_fields(layout, &fields, line, event);
        return read_text(layout, cache, line, event);
}

/* --- detection --- */

/* How often a time of a format was seen at a place. */
typedef struct Vote {
        unsigned format, count;
        size_t start;
        char before;
        unsigned nth;
} Vote;

typedef struct Detection {
        GArray *by_offset, *by_mark; /* of Vote */
        unsigned n_lines, n_json, n_logfmt, n_timed, n_zoned, n_year;
} Detection;

static void add_vote(GArray *votes, Vote vote) {
        for (guint i = 0; i < votes->len; i++) {
                Vote *known = &g_array_index(votes, Vote, i);
                if (known->format == vote.format && known->start == vote.start && known->before == vote.before &&
                    known->nth == vote.nth) {
                        known->count++;
                        return;
                }
        }
        vote.count = 1;
        g_array_append_val(votes, vote);
}

static unsigned count_byte(Str text, char c) {
        unsigned n = 0;

        for (size_t i = 0; i < text.len; i++)
                n += text.ptr[i] == c;
        return n;
}

static void vote_for(Detection *detection, Str line, const Timestamp *stamp) {
        Vote by_offset = { .format = stamp->format, .start = stamp->start };

        detection->n_timed++;
        detection->n_zoned += stamp->zoned;
        detection->n_year += stamp->has_year;
        add_vote(detection->by_offset, by_offset);
        if (stamp->start > 0) {
                char before = line.ptr[stamp->start - 1];
                Vote by_mark = { .format = stamp->format, .before = before,
                                 .nth = count_byte(str_slice(line, 0, stamp->start), before) };
                add_vote(detection->by_mark, by_mark);
        }
}

static void look_at_fields(Detection *detection, const Layout *layout, const Fields *fields) {
        Timestamp stamp;

        if (!fields->value[FIELD_TIME].ptr || !read_time_field(layout, fields->value[FIELD_TIME], &stamp))
                return;
        detection->n_timed++;
        detection->n_zoned += stamp.zoned;
        detection->n_year += stamp.has_year;
}

static void look_at(Detection *detection, const Layout *layout, Str line) {
        Fields fields;
        Timestamp stamp;

        if (line.len == 0)
                return;
        detection->n_lines++;
        if (*line.ptr == '{' && fields_json(line, &fields)) {
                detection->n_json++;
                look_at_fields(detection, layout, &fields);
        } else if (fields_logfmt(line, &fields) && fields.value[FIELD_TIME].ptr &&
                   read_time_field(layout, fields.value[FIELD_TIME], &stamp)) {
                detection->n_logfmt++;
                look_at_fields(detection, layout, &fields);
        } else if (!char_is_space(*line.ptr) && timestamp_find(line, &layout->time, &stamp)) {
                vote_for(detection, line, &stamp);
        }
}

/* The most frequent; of two the earlier seen. */
static const Vote *winner(const GArray *votes) {
        const Vote *best = NULL;

        for (guint i = 0; i < votes->len; i++) {
                const Vote *vote = &g_array_index(votes, Vote, i);
                if (!best || vote->count > best->count)
                        best = vote;
        }
        return best;
}

static void lock_place(Layout *layout, const Detection *detection) {
        const Vote *offset = winner(detection->by_offset), *mark = winner(detection->by_mark);

        layout->fixed = !mark || offset->count >= mark->count;
        layout->format = layout->fixed ? offset->format : mark->format;
        layout->start = offset->start;
        layout->before = mark ? mark->before : 0;
        layout->nth = mark ? mark->nth : 0;
}

static void decide(Layout *layout, const Detection *detection) {
        unsigned n = detection->n_lines;

        layout->zoned = detection->n_zoned * 2 > detection->n_timed;
        layout->has_year = detection->n_year * 2 > detection->n_timed || detection->n_timed == 0;
        if (n == 0)
                return;
        layout->timed_percent = detection->n_timed * 100 / n;
        if (detection->n_json * 100 >= n * KIND_PERCENT)
                layout->kind = LAYOUT_JSON;
        else if (detection->n_logfmt * 100 >= n * KIND_PERCENT)
                layout->kind = LAYOUT_LOGFMT;
        else if (detection->by_offset->len > 0)
                layout->kind = LAYOUT_TEXT;
        else if (detection->n_json > 0)
                layout->kind = LAYOUT_JSON;
        else if (detection->n_logfmt > 0)
                layout->kind = LAYOUT_LOGFMT;
        if (layout->kind == LAYOUT_TEXT)
                lock_place(layout, detection);
}

void layout_detect(Layout *layout, Str head, const TimeContext *time) {
        g_autoptr(GArray) by_offset = g_array_new(FALSE, FALSE, sizeof(Vote));
        g_autoptr(GArray) by_mark = g_array_new(FALSE, FALSE, sizeof(Vote));
        Detection detection = { .by_offset = by_offset, .by_mark = by_mark };

        *layout = (Layout){ .kind = LAYOUT_UNTIMED, .time = *time };
        for (size_t at = 0; at < head.len && detection.n_lines < DETECT_LINES;) {
                const char *newline = memchr(head.ptr + at, '\n', head.len - at);
                size_t end = newline ? (size_t)(newline - head.ptr) : head.len;
                look_at(&detection, layout, str_trim(str_slice(head, at, end)).len ? str_slice(head, at, end) : (Str){ head.ptr, 0 });
                at = end + 1;
        }
        decide(layout, &detection);
}

const char *layout_name(const Layout *layout, char buffer[static 96]) {
        switch (layout->kind) {
        case LAYOUT_JSON:
                return "json";
        case LAYOUT_LOGFMT:
                return "logfmt";
        case LAYOUT_UNTIMED:
                return "text without times";
        case LAYOUT_TEXT:
                break;
        }
        /* Weekday, fraction and zone are optional in the table. */
        Str format = str_from(timestamp_format_name(layout->format));
        if (str_starts(format, STR("%a ")))
                format = str_slice(format, 3, format.len);
        if (format.len > 4 && str_equal(str_slice(format, format.len - 4, format.len), STR("%f%z")))
                format = str_slice(format, 0, format.len - 4);
        g_snprintf(buffer, 96, "text %.*s", (int)format.len, format.ptr);
        return buffer;
}
