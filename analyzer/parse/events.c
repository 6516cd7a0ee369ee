/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memrchr */

#include "parse/events.h"

#include "base/hot.h"
#include "parse/header.h"
#include "parse/multiline.h"
#include "parse/repeated.h"
#include "parse/peel.h"

#include <glib.h>

/* A time without zone that is this far from the envelope's is in another zone than was assumed. */
#define ENVELOPE_APART_US (INT64_C(20) * 60 * 1000000)

void events_init(Events *events, const Layout *layout, TimestampCache *cache, const Block *block) {
        *events = (Events){
                .layout = layout,
                .cache = cache,
                .text = block_text(block),
                .time_us = block->carry.time_us,
                .block = block,
                .newlines = block->newlines.at ? &block->newlines : NULL,
        };
}

/*
 * A log that was truncated while it was written begins with a hole of NUL bytes; one of Windows, and each of several that were put into one file,
 * with a mark.
 */
static Str without_hole(Str line) {
        while (line.len > 0 && *line.ptr == '\0') {
                line.ptr++;
                line.len--;
        }
        return str_without_mark(line);
}

/* Where the line at `at` ends: the place of its newline, or the end of the text. */
static size_t line_end(const Events *events) {
        const Newlines *newlines = events->newlines;
        const char *found;

        if (newlines)
                return events->line < newlines->n ? newlines->at[events->line] : events->text.len;
        found = memchr(events->text.ptr + events->at, '\n', events->text.len - events->at);
        return found ? (size_t)(found - events->text.ptr) : events->text.len;
}

/* The next line without its newline and carriage return; false at the end. */
static bool next_line(Events *events, Str *line, size_t *start) {
        const char *begin = events->text.ptr + events->at;
        size_t end, length;

        if (events->at == events->text.len)
                return false;
        end = line_end(events);
        length = end - events->at;
        *start = events->at;
        *line = without_hole((Str){ begin, length && begin[length - 1] == '\r' ? length - 1 : length });
        events->at = MIN(end + 1, events->text.len);
        events->line += end < events->text.len;
        return true;
}

/* A REPEATED line that begins an event names its time, too. */
static bool is_timed(LineKind kind) {
        return kind == LINE_TIMED || kind == LINE_REPEATED;
}

/* In a layout without times nothing is inherited: its lines are events of their own, and a cut knows no time before it. */
static void inherit_time(Events *events, LineKind kind, bool enveloped, Event *event) {
        if (is_timed(kind) || enveloped)
                events->time_us = event->time_us;
        else
                event->time_us = events->layout->kind == LAYOUT_UNTIMED ? TIME_NONE : events->time_us;
        event->time_inherited = !is_timed(kind) && !enveloped;
}

/*
 * A line's own time is finer than the envelope's, which is written at the same moment, and wins if both agree. Without a day it is no more
 * than a hint; without a zone it may be off by hours.
 */
static bool trusts_line(const Event *event, int64_t envelope_us) {
        return event->time_dated && (event->time_zoned || ABS(event->time_us - envelope_us) < ENVELOPE_APART_US);
}

/* What the envelope says counts where the line itself says nothing; true when it has the time. */
static bool use_envelope(const BlockLine *origin, LineKind kind, Event *event) {
        if (!origin)
                return false;
        if (origin->level != LEVEL_NONE && (event->level == LEVEL_NONE || event->level_guessed) && !origin->crash) {
                event->level = origin->level;
                event->level_guessed = false;
        }
        if (origin->crash && event->level < LEVEL_ERROR)
                event->level = LEVEL_ERROR;
        if (origin->time_us == TIME_NONE || (is_timed(kind) && trusts_line(event, origin->time_us)))
                return false;
        event->time_us = origin->time_us;
        event->time_zoned = true; /* as far as anybody knows */
        return true;
}

/* A line that would continue an event, and there is none; @log: the lines before it may be a log's, so it is read as one. */
static void read_orphan(Str line, bool log, Event *event) {
        *event = (Event){ .message = line, .detail = { line.ptr, 0 }, .cause = { line.ptr, 0 }, .frame = { line.ptr, 0 } };
        if (log)
                header_read(line, 0, 0, 0, event);
}

/* What stands before the first event of a source is an event without time; behind a time it is a line like those that a full event does not take. */
static LineKind read_first(Str line, bool enveloped, bool timed, Event *event) {
        read_orphan(line, enveloped || timed, event);
        return timed && !enveloped ? LINE_STRAY : LINE_UNTIMED;
}

/* The line has what the event that is being read has before its message. */
static bool repeats_header(Events *events, Str line, const Event *event) {
        size_t prefix = repeated_prefix(line, event->message);

        if (!str_starts(str_slice(events->text, events->current_at, events->text.len), str_slice(line, 0, prefix)))
                return false;
        events->repeated = prefix;
        return true;
}

/*
 * Reads lines up to the one that begins the next event, which becomes the event ahead; false when the text ends before.
 * @first: there is no event that the lines could continue.
 */
HOT static inline bool find_start(Events *events, bool first) {
        events->has_ahead = false;
        for (;;) {
                const BlockLine *origin = events->block && events->block->lines ? &events->block->lines[events->line] : NULL;
                uint64_t number = events->line;
                LineKind kind;
                size_t start;
                Str line;

                if (!next_line(events, &line, &start))
                        return false;
                if (origin && !origin->starts)
                        continue;
                kind = layout_read(events->layout, events->cache, line, &events->ahead);
                if (kind == LINE_CONTINUES && ((first && line.len > 0) || origin))
                        kind = read_first(line, origin != NULL, events->time_us != TIME_NONE, &events->ahead);
                if (kind == LINE_REPEATED && !first && !origin && repeats_header(events, line, &events->ahead))
                        continue;
                if (!is_timed(kind) && !origin && (first ? kind == LINE_CONTINUES : joiner_continues(&events->joiner, kind, line, start - events->current_at)))
                        continue;
                if (kind == LINE_CONTINUES) {
                        read_orphan(line, true, &events->ahead);
                        kind = LINE_STRAY;
                }
                inherit_time(events, kind, use_envelope(origin, kind, &events->ahead), &events->ahead);
                events->ahead_at = start;
                events->ahead_line = number;
                events->ahead_kind = kind;
                events->has_ahead = true;
                return true;
        }
}

/* java.util.logging puts level and message on the second line, behind one with time, class and method. */
static void read_second_line(Event *event) {
        const char *newline = memchr(event->head.ptr, '\n', event->head.len), *end;
        Str line;
        size_t colon;

        if (!newline)
                return;
        line = str_slice(event->head, (size_t)(newline - event->head.ptr) + 1, event->head.len);
        end = memchr(line.ptr, '\n', line.len);
        line = str_trim(str_slice(line, 0, end ? (size_t)(end - line.ptr) : line.len));
        colon = str_find(str_slice(line, 0, 16), STR(": "), 0);
        if (colon == SIZE_MAX)
                return;
        event->level = level_from_word(str_slice(line, 0, colon));
        if (event->level != LEVEL_NONE) {
                event->message = str_slice(line, colon + 2, line.len);
                event->cause = line;
        }
}

/*
 * .NET's console logger says on the first line who speaks, and what is said on the next but those of scopes ("=> RequestPath: /cart").
 * What there is of @event from there on.
 */
static Str read_below_category(Event *event) {
        size_t at = 0, newline;

        while ((newline = str_find(event->head, STR("\n"), at)) != SIZE_MAX) {
                size_t end = str_find(event->head, STR("\n"), at = newline + 1);
                Str line = str_slice(event->head, at, MIN(end, event->head.len));
                Str said = str_trim(line);

                if (line.len == 0 || *line.ptr != ' ' || said.len == 0)
                        break;
                if (str_starts(said, STR("=> ")))
                        continue;
                event->message = said;
                return str_slice(event->head, at, event->head.len);
        }
        return event->head;
}

/* Erlang's report says what it is about on its second line. */
static void read_report(Event *event) {
        size_t newline = str_find(event->head, STR("\n"), 0);
        Str rest = str_slice(event->head, newline == SIZE_MAX ? event->head.len : newline + 1, event->head.len);

        event->message = str_trim(str_slice(rest, 0, str_find(rest, STR("\n"), 0)));
        if (event->level == LEVEL_NONE && multiline_is_crash(event->head))
                event->level = LEVEL_ERROR;
}

/* Where an event of a peeled block comes from: the lines that it is made of need not stand together. */
static void set_origin(const Events *events, uint64_t line, uint64_t end_line, Event *event) {
        const BlockLine *lines = events->block->lines;

        event->offset = lines[line].offset;
        event->line = lines[line].line;
        event->n_bytes = event->n_lines = 0;
        for (uint64_t i = line; i < end_line; i++) {
                event->n_bytes += lines[i].n_bytes;
                event->n_lines += lines[i].n_lines;
        }
}

/* The place in the source of the event of @text, which the first event of a shortened block ends before its rest. */
static void set_place(const Events *events, size_t start, uint64_t line, uint64_t end_line, Str text, Event *event) {
        const Block *block = events->block;
        bool shortened = block->elided_bytes > 0 && start == 0;
        bool behind_hole = block->elided_bytes > 0 && !shortened;

        event->offset = start;
        event->line = line;
        event->n_bytes = text.len;
        event->n_lines = end_line - line;
        if (block->lines)
                set_origin(events, line, end_line, event);
        event->offset += block->offset + (behind_hole ? block->elided_bytes : 0);
        event->line += block->first_line + (behind_hole ? block->elided_newlines : 0);
        event->n_bytes += shortened ? block->elided_bytes : 0;
        event->n_lines += shortened ? block->elided_newlines : 0;
        event->cut = text.len > EVENT_HEAD_BYTES + EVENT_TAIL_BYTES || shortened;
}

/* The event that begins at @start, before which there are @line newlines, ends at @end. */
HOT static inline void finish_event(const Events *events, size_t start, uint64_t line, size_t end, uint64_t end_line, Event *event) {
        Str text = str_slice(events->text, start, end), head;

        set_place(events, start, line, end_line, text, event);
        text = str_without_mark(text);
        event->head = text;
        event->tail = (Str){ text.ptr + text.len, 0 };
        if (event->cut) {
                event->head = str_slice(text, 0, EVENT_HEAD_BYTES);
                event->tail = str_slice(text, text.len - MIN(text.len, EVENT_TAIL_BYTES), text.len);
        }
        event->message = str_slice(event->message, 0, EVENT_HEAD_BYTES);
        if (end_line - line == 1)
                return;
        head = event->head;
        if (str_equal(event->message, STR("==="))) /* =ERROR REPORT==== 7-Jun-2024::09:00:03 === */
                read_report(event);
        else if (multiline_category(event->message).len > 0)
                head = read_below_category(event);
        else if (event->level == LEVEL_NONE)
                read_second_line(event);
        if (event->cause.len == 0)
                event->cause = multiline_difference(head);
        if (event->level != LEVEL_NONE && event->level < LEVEL_WARNING)
                return;
        if (events->repeated > 0)
                event->cause = repeated_cause(event->tail.len ? event->tail : event->head, events->repeated);
        if (event->cause.len == 0)
                event->cause = multiline_cause(head, event->tail);
        event->frame = repeated_frame(event->tail.len ? event->tail : event->head, event->message);
}

static void begin_joiner_at_line(Events *events) {
        const char *begin = events->text.ptr + events->ahead_at;
        size_t left = events->text.len - events->ahead_at;
        const char *newline = memchr(begin, '\n', left);
        Str line = { begin, newline ? (size_t)(newline - begin) : 0 };

        joiner_begin(&events->joiner, &events->ahead, events->ahead_kind, line);
}

static void begin_joiner(Events *events) {
        events->current_at = events->ahead_at;
        events->repeated = 0;
        if (events->ahead_kind == LINE_TIMED) { /* nearly all; what joiner_begin() would say */
                events->joiner = (Joiner){ .takes_crash = events->ahead.level >= LEVEL_WARNING };
                return;
        }
        begin_joiner_at_line(events);
}

HOT bool events_next(Events *events, Event *event) {
        size_t start;
        uint64_t line;

        if (!events->has_ahead && !find_start(events, true))
                return false;
        *event = events->ahead;
        start = events->ahead_at;
        line = events->ahead_line;
        begin_joiner(events);
        if (find_start(events, false))
                finish_event(events, start, line, events->ahead_at, events->ahead_line, event);
        else /* the last line may have no newline */
                finish_event(events, start, line, events->text.len, events->line + (events->text.ptr[events->text.len - 1] != '\n'), event);
        return true;
}

/* Only a line that is there as a whole may begin the next block. */
static Str whole_lines(Str text) {
        const char *last = text.len ? memrchr(text.ptr, '\n', text.len) : NULL;

        return str_slice(text, 0, last ? (size_t)(last - text.ptr) + 1 : 0);
}

/* The last line of a traceback may look like a message. */
static bool is_firm(LineKind kind, const Layout *layout, Str line) {
        return kind == LINE_TIMED || (kind == LINE_UNTIMED && layout->kind == LAYOUT_UNTIMED && !multiline_names_exception(line));
}

/* From the end, the last line that begins an event by itself. */
static size_t cut_from_end(Str text, const Layout *layout) {
        size_t end = text.len;
        Event ignored;
        Str line;

        while (end > 0) {
                const char *newline = memrchr(text.ptr, '\n', end - 1);
                size_t start = newline ? (size_t)(newline - text.ptr) + 1 : 0;

                if (start == 0)
                        return 0;
                line = without_hole(str_slice(text, start, end - 1));
                if (is_firm(layout_read(layout, NULL, line, &ignored), layout, line))
                        return start;
                end = start;
        }
        return 0;
}

/* From the start, by the rules of events_next(): where the last event begins. */
static size_t cut_from_start(Str text, const Layout *layout, Carry *carry) {
        TimestampCache cache = { 0 };
        Events events = { .layout = layout, .cache = &cache, .text = text, .time_us = carry->time_us };
        int64_t before = carry->time_us;
        size_t cut = 0;

        for (bool first = true; find_start(&events, first); first = false) {
                if (events.ahead_at > 0) {
                        cut = events.ahead_at;
                        carry->time_us = events.ahead.time_inherited ? events.ahead.time_us : before;
                }
                before = events.time_us;
                begin_joiner(&events);
        }
        return cut;
}

/* A last line that is longer than what is looked at begins an event if its start says so. */
static size_t cut_before_rest(Str text, size_t rest, const Layout *layout) {
        Event ignored;

        if (rest == 0 || rest == text.len)
                return 0;
        return layout_read(layout, NULL, without_hole(str_slice(text, rest, rest + EVENT_HEAD_BYTES)), &ignored) == LINE_TIMED ? rest : 0;
}

/* The time that the last event of @text has, which one behind it may inherit. */
static int64_t last_time(Str text, const Layout *layout, const Carry *carry) {
        g_autoptr(Peel) peel = peel_new();
        TimestampCache cache = { 0 };
        Block block = { .buffer = (char *)text.ptr, .len = text.len, .carry = *carry };
        Events events;
        Event ignored;

        events_init(&events, layout, &cache, peel_block(peel, layout, &cache, &block));
        while (events_next(&events, &ignored))
                ;
        return events.time_us;
}

size_t events_cut(Str text, bool search_all, Carry *carry, void *data) {
        const Layout *layout = data;
        Str whole = whole_lines(text);
        size_t cut;

        if (peel_is_needed(layout)) {
                cut = text.len < BLOCK_BYTES_MAX ? peel_cut(whole, search_all, layout, carry) : peel_cut_full(whole, layout, carry);
                if (cut == 0 && text.len >= BLOCK_BYTES_MAX && text.len - whole.len > EVENT_TAIL_BYTES)
                        cut = whole.len; /* the beginning of the next line would be dropped */
                if (cut > 0 && search_all)
                        carry->time_us = last_time(str_slice(text, 0, cut), layout, carry);
                return cut;
        }
        cut = cut_from_end(whole, layout);

        if (cut == 0 && search_all)
                cut = cut_from_start(whole, layout, carry);
        return cut > 0 || !search_all ? cut : cut_before_rest(text, whole.len, layout);
}
