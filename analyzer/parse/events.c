/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memrchr */

#include "parse/events.h"

#include "parse/header.h"
#include "parse/multiline.h"

#include <glib.h>

void events_init(Events *events, const Layout *layout, TimestampCache *cache, const Block *block) {
        *events = (Events){
                .layout = layout,
                .cache = cache,
                .text = block_text(block),
                .time_us = block->carry.time_us,
                .block = block,
        };
}

/* A log that was truncated while it was written begins with a hole of NUL bytes. */
static Str without_hole(Str line) {
        while (line.len > 0 && *line.ptr == '\0') {
                line.ptr++;
                line.len--;
        }
        return line;
}

/* The next line without its newline and carriage return; false at the end. */
static bool next_line(Events *events, Str *line, size_t *start) {
        const char *begin = events->text.ptr + events->at, *newline;
        size_t left = events->text.len - events->at, length;

        if (left == 0)
                return false;
        newline = memchr(begin, '\n', left);
        length = newline ? (size_t)(newline - begin) : left;
        *start = events->at;
        *line = without_hole((Str){ begin, length && begin[length - 1] == '\r' ? length - 1 : length });
        events->at += length + (newline != NULL);
        events->line += newline != NULL;
        return true;
}

/* An event that a crash's words continue: the application's own error line, or a failure that is told in two parts. */
static bool joins_crash(const Event *event, bool chained) {
        return chained || (!event->time_inherited && event->level >= LEVEL_WARNING);
}

static bool begins_event(const Events *events, LineKind kind, bool chained) {
        if (kind == LINE_CRASH)
                return !events->has_ahead || !joins_crash(&events->ahead, chained);
        return kind != LINE_CONTINUES;
}

static void inherit_time(Events *events, LineKind kind, Event *event) {
        if (kind == LINE_TIMED)
                events->time_us = event->time_us;
        else
                event->time_us = events->time_us;
        event->time_inherited = kind != LINE_TIMED;
}

/*
 * Reads lines up to the one that begins the next event; @end and @line become its place, and @next what it begins.
 * False when the text ends before.
 */
static bool find_start(Events *events, Event *next, size_t *start, uint64_t *line_number) {
        bool chained = false;
        Str line;

        for (;;) {
                uint64_t number = events->line;
                LineKind kind;

                if (!next_line(events, &line, start))
                        return false;
                kind = layout_read(events->layout, events->cache, line, next);
                if (begins_event(events, kind, chained)) {
                        inherit_time(events, kind, next);
                        *line_number = number;
                        return true;
                }
                if (line.len > 0)
                        chained = multiline_is_chain(line);
                if (!events->has_ahead && line.len > 0) {
                        /* What stands before the first event of a source is an event without time. */
                        *next = (Event){ .message = line, .level = LEVEL_NONE, .detail = { line.ptr, 0 } };
                        inherit_time(events, kind, next);
                        *line_number = number;
                        return true;
                }
        }
}

/* java.util.logging puts the level at the start of the second line. */
static Level level_of_second_line(Str head) {
        const char *newline = memchr(head.ptr, '\n', head.len);
        size_t from, colon;

        if (!newline)
                return LEVEL_NONE;
        from = (size_t)(newline - head.ptr) + 1;
        colon = str_find(str_slice(head, from, from + 16), STR(": "), 0);
        return colon == SIZE_MAX ? LEVEL_NONE : level_from_word(str_slice(head, from, from + colon));
}

static bool has_more_lines(const Event *event) {
        return event->n_lines > 1;
}

static void finish_event(const Events *events, size_t end, uint64_t end_line, Event *event) {
        const Block *block = events->block;
        bool shortened = block->elided_bytes > 0 && events->ahead_at == 0;
        bool behind_hole = block->elided_bytes > 0 && !shortened;
        Str text = str_slice(events->text, events->ahead_at, end);

        event->offset = block->offset + events->ahead_at + (behind_hole ? block->elided_bytes : 0);
        event->line = block->first_line + events->ahead_line + (behind_hole ? block->elided_newlines : 0);
        event->n_bytes = text.len + (shortened ? block->elided_bytes : 0);
        event->n_lines = end_line - events->ahead_line + (shortened ? block->elided_newlines : 0);
        event->head = text;
        event->tail = (Str){ text.ptr + text.len, 0 };
        event->cut = event->n_bytes > EVENT_HEAD_BYTES + EVENT_TAIL_BYTES;
        if (event->cut) {
                event->head = str_slice(text, 0, EVENT_HEAD_BYTES);
                event->tail = str_slice(text, text.len - EVENT_TAIL_BYTES, text.len);
        }
        event->message = str_slice(event->message, 0, EVENT_HEAD_BYTES);
        event->cause = (Str){ text.ptr, 0 };
        if (!has_more_lines(event))
                return;
        if (event->level == LEVEL_NONE)
                event->level = level_of_second_line(event->head);
        if (event->level == LEVEL_NONE || event->level >= LEVEL_WARNING)
                event->cause = multiline_cause(event->head, event->tail);
}

bool events_next(Events *events, Event *event) {
        Event next = { 0 };
        size_t start = 0;
        uint64_t line = 0;

        if (!events->has_ahead) {
                if (!find_start(events, &events->ahead, &events->ahead_at, &events->ahead_line))
                        return false;
                events->has_ahead = true;
        }
        *event = events->ahead;
        if (find_start(events, &next, &start, &line)) {
                finish_event(events, start, line, event);
                events->ahead = next;
                events->ahead_at = start;
                events->ahead_line = line;
                return true;
        }
        /* The last line may have no newline. */
        finish_event(events, events->text.len, events->line + (events->text.ptr[events->text.len - 1] != '\n'), event);
        events->has_ahead = false;
        events->at = events->text.len;
        return true;
}

/* Only a line that is there as a whole may begin the next block. */
static Str whole_lines(Str text) {
        const char *last = text.len ? memrchr(text.ptr, '\n', text.len) : NULL;

        return str_slice(text, 0, last ? (size_t)(last - text.ptr) + 1 : 0);
}

static bool is_firm(LineKind kind, const Layout *layout) {
        return kind == LINE_TIMED || (kind == LINE_UNTIMED && layout->kind == LAYOUT_UNTIMED);
}

/* From the end, the last line that begins an event by itself. */
static size_t cut_from_end(Str text, const Layout *layout) {
        size_t end = text.len;
        Event ignored;

        while (end > 0) {
                const char *newline = memrchr(text.ptr, '\n', end - 1);
                size_t start = newline ? (size_t)(newline - text.ptr) + 1 : 0;

                if (start == 0)
                        return 0;
                if (is_firm(layout_read(layout, NULL, without_hole(str_slice(text, start, end - 1)), &ignored), layout))
                        return start;
                end = start;
        }
        return 0;
}

/* From the start, by the rules of events_next(): where the last event begins. */
static size_t cut_from_start(Str text, const Layout *layout, Carry *carry) {
        Events events = { .layout = layout, .text = text, .time_us = carry->time_us };
        TimestampCache cache = { 0 };
        int64_t before = carry->time_us;
        Event next = { 0 };
        size_t start = 0, cut = 0;
        uint64_t line;

        events.cache = &cache;
        while (find_start(&events, &next, &start, &line)) {
                if (start > 0) {
                        cut = start;
                        carry->time_us = next.time_inherited ? next.time_us : before;
                }
                before = events.time_us;
                events.ahead = next;
                events.has_ahead = true;
        }
        return cut;
}

size_t events_cut(Str text, bool search_all, Carry *carry, void *data) {
        const Layout *layout = data;
        Str whole = whole_lines(text);
        size_t cut = cut_from_end(whole, layout);

        if (cut == 0 && search_all)
                cut = cut_from_start(whole, layout, carry);
        return cut;
}
