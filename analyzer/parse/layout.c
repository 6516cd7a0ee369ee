/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layout.h"

#include "base/hot.h"
#include "parse/fields.h"
#include "parse/header.h"
#include "parse/level.h"
#include "parse/multiline.h"
#include "parse/repeated.h"

#include <glib.h>

/* Lines of the head that are looked at. */
#define DETECT_LINES 400

/* The share of lines, in percent, that makes a layout JSON or logfmt. */
#define KIND_PERCENT 50

/* Fewer times than this share of the lines are none of the layout where an envelope has times. */
#define STRAY_PERCENT 2

/* --- reading a line --- */

/* Of a date and a time of the day. */
#define DATE_AND_TIME_BYTES 64

static bool read_date_and_time(const Layout *layout, TimestampCache *cache, Str date, Str time, Timestamp *stamp) {
        char text[DATE_AND_TIME_BYTES];

        if (date.len + time.len + 1 > sizeof(text))
                return false;
        memcpy(text, date.ptr, date.len);
        text[date.len] = ' ';
        memcpy(text + date.len + 1, time.ptr, time.len);
        return timestamp_of_field((Str){ text, date.len + 1 + time.len }, &layout->time, cache, stamp);
}

/* A quoted number or string, or a bare number; or a date and a time of the day in two fields. */
static bool read_time_fields(const Layout *layout, TimestampCache *cache, const Fields *fields, Timestamp *stamp) {
        Str time = fields->value[FIELD_TIME], date = fields->value[FIELD_DATE];

        if (!time.ptr)
                time = date;
        if (!time.ptr)
                return false;
        if (timestamp_epoch(time, stamp))
                return true;
        if (!timestamp_of_field(time, &layout->time, cache, stamp))
                return false;
        return stamp->has_date || !date.ptr || read_date_and_time(layout, cache, date, time, stamp);
}

/* What a field says of an error, without the trace that may follow in it. */
static Str first_escaped_line(Str text) {
        const char *escape = text.ptr;

        while ((escape = memchr(escape, '\\', text.len - (size_t)(escape - text.ptr))) != NULL) {
                size_t at = (size_t)(escape - text.ptr);

                if (at + 1 < text.len && (text.ptr[at + 1] == 'n' || text.ptr[at + 1] == 'r'))
                        return str_slice(text, 0, at);
                escape = text.ptr + MIN(at + 2, text.len);
        }
        return text;
}

/* The cause that a trace in a field names. */
static void use_trace(const Fields *fields, Event *event) {
        Str trace = fields->value[FIELD_TRACE].ptr ? fields->value[FIELD_TRACE] : fields->value[FIELD_ERROR];
        Str cause;

        if (trace.len == 0 || str_find(trace, STR("\\n"), 0) == SIZE_MAX)
                return;
        cause = multiline_cause_escaped(trace);
        if (cause.len > 0 && !str_equal(cause, event->message)) {
                event->cause = cause;
                event->cause_escaped = event->escaped;
        }
}

static void use_fields(const Fields *fields, Str line, Event *event) {
        unsigned status = level_small_number(fields->value[FIELD_STATUS]);

        event->status = status >= 100 && status < 600 ? status : 0;
        event->message = fields->value[FIELD_MESSAGE].ptr ? fields->value[FIELD_MESSAGE] : line;
        event->detail = fields->value[FIELD_ERROR].ptr ? first_escaped_line(fields->value[FIELD_ERROR]) : (Str){ line.ptr, 0 };
        event->level = level_of_fields(fields);
        event->level_guessed = event->level == LEVEL_NONE;
        if (event->level == LEVEL_NONE)
                event->level = event->status >= 500 ? LEVEL_ERROR : header_level_of_message(event->message);
        if (fields->value[FIELD_TRACE].ptr || event->detail.len < fields->value[FIELD_ERROR].len)
                use_trace(fields, event);
}

static void take_time(const Timestamp *stamp, Event *event) {
        event->time_us = stamp->us;
        event->time_dated = stamp->has_date;
        event->time_zoned = stamp->zoned;
}

static LineKind read_fields(const Layout *layout, TimestampCache *cache, const Fields *fields, Str line, Event *event) {
        Timestamp stamp;

        use_fields(fields, line, event);
        if (read_time_fields(layout, cache, fields, &stamp)) {
                take_time(&stamp, event);
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

        return at != SIZE_MAX && !is_within_word(line, at) && timestamp_at(line, at, layout->format, &layout->time, cache, stamp);
}

static bool read_anywhere(const Layout *layout, Str line, Timestamp *stamp) {
        if (char_is_space(*line.ptr) || str_starts(line, STR("SET timestamp=")) || (layout->forced && layout->kind == LAYOUT_UNTIMED) ||
            !timestamp_find(line, &layout->time, stamp))
                return false;
        return stamp->start <= LAYOUT_START_MAX && (stamp->has_date || layout->kind == LAYOUT_UNTIMED);
}

static LineKind read_without_time(const Layout *layout, Str line, Event *event) {
        event->time_us = TIME_NONE;
        event->message = line;
        event->status = 0;
        event->level_guessed = true;
        if (multiline_is_crash(line) || multiline_is_exception(line)) {
                event->level = LEVEL_ERROR;
                return multiline_is_crash(line) ? LINE_CRASH : LINE_EXCEPTION;
        }
        if (layout->kind != LAYOUT_UNTIMED || multiline_is_continuation(line))
                return LINE_CONTINUES;
        header_read(line, 0, 0, layout->envelopes.n > 0 ? envelope_kernel(line) : 0, event);
        return LINE_UNTIMED;
}

/* What the daemon wrote is not part of the message; the message may be JSON with fields of its own. */
static LineKind read_syslog(Str line, const Timestamp *stamp, Event *event) {
        size_t at = stamp->end;
        Str program, process, message;
        Fields fields;

        if (!envelope_syslog(line, &at, &program, &process))
                at = stamp->end;
        message = str_slice(line, at, line.len);
        if (message.len > 0 && *message.ptr == '{' && fields_json(message, NULL, &fields) && fields.value[FIELD_MESSAGE].ptr) {
                event->escaped = true;
                use_fields(&fields, message, event);
                return LINE_TIMED;
        }
        return header_read(line, stamp->start, stamp->end, at, event) ? LINE_TIMED : LINE_CONTINUES;
}

static LineKind read_text(const Layout *layout, TimestampCache *cache, Str line, Event *event) {
        Timestamp stamp;

        if (!(layout->kind == LAYOUT_TEXT && read_locked(layout, cache, line, &stamp)) && !read_anywhere(layout, line, &stamp))
                return read_without_time(layout, line, event);
        take_time(&stamp, event);
        if (envelopes_last(&layout->envelopes) == ENVELOPE_SYSLOG)
                return read_syslog(line, &stamp, event);
        if (!header_read(line, stamp.start, stamp.end, stamp.end, event))
                return LINE_CONTINUES;
        return event->level >= LEVEL_ERROR && repeated_prefix(line, event->message) > 0 ? LINE_REPEATED : LINE_TIMED;
}

static const FieldNames *own_names(const Layout *layout) {
        return layout->names.n > 0 ? &layout->names : NULL;
}

HOT LineKind layout_read(const Layout *layout, TimestampCache *cache, Str line, Event *event) {
        Fields fields;

        if (line.len == 0)
                return LINE_CONTINUES;
        event->detail = event->cause = event->frame = (Str){ line.ptr, 0 };
        event->cause_escaped = false;
        event->escaped = *line.ptr == '{' && fields_json(line, own_names(layout), &fields);
        if (event->escaped)
                return read_fields(layout, cache, &fields, line, event);
        if (layout->kind == LAYOUT_LOGFMT && !char_is_space(*line.ptr) && fields_logfmt(line, own_names(layout), &fields))
                return read_fields(layout, cache, &fields, line, event);
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
        unsigned n_wrapped_timed; /* records whose envelope has a time */
        FieldSurvey *survey;      /* of the lines of JSON and logfmt, owned; NULL: their names are known by now */
} Detection;

static void detection_clear(Detection *detection) {
        g_clear_pointer(&detection->by_offset, g_array_unref);
        g_clear_pointer(&detection->by_mark, g_array_unref);
        g_clear_pointer(&detection->survey, field_survey_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Detection, detection_clear)

static void add_vote(GArray *votes, Vote vote) {
        for (guint i = 0; i < votes->len; i++) {
                Vote *known = &g_array_index(votes, Vote, i);
                if (known->format == vote.format && known->start == vote.start && known->before == vote.before && known->nth == vote.nth) {
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
                Vote by_mark = { .format = stamp->format, .before = before, .nth = count_byte(str_slice(line, 0, stamp->start), before) };
                add_vote(detection->by_mark, by_mark);
        }
}

static void look_at_fields(Detection *detection, const Layout *layout, const Fields *fields) {
        Timestamp stamp;

        if (!read_time_fields(layout, NULL, fields, &stamp))
                return;
        detection->n_timed++;
        detection->n_zoned += stamp.zoned;
        detection->n_year += stamp.has_year;
}

static void look_at(Detection *detection, const Layout *layout, Str line) {
        LayoutKind kind = LAYOUT_UNTIMED;
        Fields fields;
        Timestamp stamp;

        if (line.len == 0)
                return;
        detection->n_lines++;
        if (*line.ptr == '{' ? fields_json(line, own_names(layout), &fields) : fields_logfmt(line, own_names(layout), &fields))
                kind = *line.ptr == '{' ? LAYOUT_JSON : LAYOUT_LOGFMT;
        if (detection->survey && (kind != LAYOUT_UNTIMED || (*line.ptr != '{' && fields.n >= FIELDS_PAIRS_MIN)))
                field_survey_add(detection->survey, line, &fields);
        if (kind == LAYOUT_JSON) {
                detection->n_json++;
                look_at_fields(detection, layout, &fields);
        } else if (kind == LAYOUT_LOGFMT && read_time_fields(layout, NULL, &fields, &stamp)) {
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

/* Where the envelope has the times, a few in the lines say what was built when, not how lines are written. */
static bool is_stray(const Detection *detection) {
        return detection->n_wrapped_timed > 0 && detection->n_timed * 100 < detection->n_lines * STRAY_PERCENT;
}

static void decide(Layout *layout, const Detection *detection) {
        unsigned n = detection->n_lines;

        layout->zoned = detection->n_zoned * 2 > detection->n_timed;
        layout->has_year = detection->n_year * 2 > detection->n_timed || detection->n_timed == 0;
        layout->n_looked_at = n;
        layout->n_fitting = detection->n_timed;
        if (n == 0)
                return;
        layout->timed_percent = detection->n_timed * 100 / n;
        if (detection->n_json * 100 >= n * KIND_PERCENT)
                layout->kind = LAYOUT_JSON;
        else if (detection->n_logfmt * 100 >= n * KIND_PERCENT)
                layout->kind = LAYOUT_LOGFMT;
        else if (detection->by_offset->len > 0 && !is_stray(detection))
                layout->kind = LAYOUT_TEXT;
        else if (detection->n_json > 0)
                layout->kind = LAYOUT_JSON;
        else if (detection->n_logfmt > 0)
                layout->kind = LAYOUT_LOGFMT;
        if (layout->kind == LAYOUT_TEXT)
                lock_place(layout, detection);
        else if (layout->kind != LAYOUT_UNTIMED)
                layout->n_fitting = layout->kind == LAYOUT_JSON ? detection->n_json : detection->n_logfmt;
}

static void look_at_lines(Detection *detection, const Layout *layout, Str text) {
        for (size_t at = 0; at < text.len && detection->n_lines < DETECT_LINES;) {
                const char *newline = memchr(text.ptr + at, '\n', text.len - at);
                size_t end = newline ? (size_t)(newline - text.ptr) : text.len;
                Str line = str_without_mark(str_slice(text, at, end));

                if (str_trim(line).len > 0)
                        look_at(detection, layout, line);
                at = end + 1;
        }
}

/* Out of their envelopes; notes whether those have times, and zones with them. */
static void look_into_envelopes(Detection *detection, Layout *layout, Str head) {
        g_auto(EnvelopesScratch) scratch = { 0 };
        const Envelopes *envelopes = &layout->envelopes;
        EnvelopeKind outer = envelopes->n > 0 ? envelopes->kind[0] : ENVELOPE_NONE;

        while (head.len > 0 && detection->n_lines < DETECT_LINES) {
                size_t length = envelope_record(outer, head);
                Wrapped wrapped = envelopes_nothing();
                bool ends = length > 0 && head.ptr[length - 1] == '\n';

                envelopes_open(envelopes, 0, str_slice(head, 0, length - ends), &layout->time, &scratch, &wrapped);
                head = str_slice(head, length, head.len);
                detection->n_wrapped_timed += wrapped.time_us != TIME_NONE;
                look_at_lines(detection, layout, wrapped.whole);
        }
}

static void look_once(Detection *detection, Layout *layout, Str head, FieldSurvey *survey) {
        detection_clear(detection);
        *detection = (Detection){
                .by_offset = g_array_new(FALSE, FALSE, sizeof(Vote)),
                .by_mark = g_array_new(FALSE, FALSE, sizeof(Vote)),
                .survey = survey,
        };
        if (layout->envelopes.n > 0 || layout->envelopes.coloured)
                look_into_envelopes(detection, layout, head);
        else
                look_at_lines(detection, layout, head);
}

/* Once more when fields have names of their own: what they hold was not seen. */
static void look_at_head(Detection *detection, Layout *layout, Str head) {
        look_once(detection, layout, head, field_survey_new(&layout->time));
        field_survey_finish(detection->survey, &layout->names);
        if (layout->names.n > 0)
                look_once(detection, layout, head, NULL);
}

void layout_detect(Layout *layout, Str head, const TimeContext *time) {
        g_auto(Detection) detection = { 0 };

        head = str_without_mark(head);
        *layout = (Layout){ .kind = LAYOUT_UNTIMED, .time = *time };
        envelopes_detect(&layout->envelopes, head, time);
        look_at_head(&detection, layout, head);
        decide(layout, &detection);
        layout->enveloped_times = detection.n_wrapped_timed > 0;
        if (layout->enveloped_times) {
                layout->timed_percent = 100;
                layout->zoned |= layout->kind == LAYOUT_UNTIMED;
        }
}

/* --- named by the user --- */

/* Weekday, fraction and zone are optional in the table. */
static Str short_format(unsigned format) {
        Str name = str_from(timestamp_format_name(format));

        if (str_starts(name, STR("%a ")))
                name = str_slice(name, 3, name.len);
        if (name.len > 4 && str_equal(str_slice(name, name.len - 4, name.len), STR("%f%z")))
                name = str_slice(name, 0, name.len - 4);
        return name;
}

static bool is_format(unsigned format, const char *name) {
        return str_equal(short_format(format), str_from(name));
}

static bool find_format(const char *name, unsigned *format) {
        for (unsigned i = 0; i < timestamp_n_formats(); i++)
                if (g_str_equal(timestamp_format_name(i), name) || is_format(i, name)) {
                        *format = i;
                        return true;
                }
        return false;
}

static const struct {
        const char *name;
        LayoutKind kind;
} KINDS[] = { { "json", LAYOUT_JSON }, { "logfmt", LAYOUT_LOGFMT }, { "untimed", LAYOUT_UNTIMED } };

bool layout_is_known(const char *name) {
        unsigned format;

        for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++)
                if (g_str_equal(KINDS[i].name, name))
                        return true;
        return g_str_equal(name, "plain") || find_format(name, &format);
}

/* Where the first line that has a time of this format has it. */
static void place_format(Layout *layout, unsigned format, Str head) {
        Timestamp stamp;

        layout->kind = LAYOUT_TEXT;
        layout->format = format;
        layout->fixed = true;
        layout->start = 0;
        for (size_t at = 0; at < head.len;) {
                const char *newline = memchr(head.ptr + at, '\n', head.len - at);
                size_t end = newline ? (size_t)(newline - head.ptr) : head.len;
                Str line = str_without_mark(str_slice(head, at, end));

                for (size_t start = 0; start < MIN(line.len, LAYOUT_START_MAX); start++)
                        if (!is_within_word(line, start) && timestamp_at(line, start, format, &layout->time, NULL, &stamp)) {
                                layout->start = start;
                                layout->zoned = stamp.zoned;
                                layout->has_year = stamp.has_year;
                                return;
                        }
                at = end + 1;
        }
}

bool layout_force(Layout *layout, const char *name, Str head) {
        TimeContext time = layout->time;
        unsigned format;

        if (!layout_is_known(name))
                return false;
        layout->forced = true;
        if (g_str_equal(name, "plain")) {
                Envelopes none = { 0 };
                g_auto(Detection) detection = { 0 };

                *layout = (Layout){ .kind = LAYOUT_UNTIMED, .time = time, .forced = true, .envelopes = none };
                look_at_head(&detection, layout, head);
                decide(layout, &detection);
                return true;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++)
                if (g_str_equal(KINDS[i].name, name))
                        layout->kind = KINDS[i].kind;
        if (find_format(name, &format))
                place_format(layout, format, head);
        return true;
}

/* --- its name --- */

const char *layout_name(const Layout *layout, char buffer[static LAYOUT_NAME_BYTES]) {
        static const char *const NAMES[] = { [LAYOUT_UNTIMED] = "text without times", [LAYOUT_JSON] = "json", [LAYOUT_LOGFMT] = "logfmt" };
        size_t at = 0;

        for (unsigned i = 0; i < layout->envelopes.n; i++)
                at += (size_t)g_snprintf(buffer + at, LAYOUT_NAME_BYTES - at, "%s > ", envelope_name(layout->envelopes.kind[i]));
        if (layout->kind == LAYOUT_TEXT) {
                Str format = short_format(layout->format);
                g_snprintf(buffer + at, LAYOUT_NAME_BYTES - at, "text %.*s", (int)format.len, format.ptr);
        } else {
                g_strlcpy(buffer + at, NAMES[layout->kind], LAYOUT_NAME_BYTES - at);
        }
        return buffer;
}
