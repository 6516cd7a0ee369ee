/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/envelopes.h"

#include "parse/envelope_json.h"
#include "parse/fields.h"

/* Shares of the head's records, in percent: of those that are in such an envelope; of those whose message is a line of its own. */
#define OPENED_PERCENT 80
#define OWN_PERCENT    50

void envelopes_scratch_clear(EnvelopesScratch *scratch) {
        for (size_t i = 0; i < G_N_ELEMENTS(scratch->opened); i++)
                if (scratch->opened[i])
                        g_string_free(scratch->opened[i], TRUE);
        *scratch = (EnvelopesScratch){ 0 };
}

static GString *scratch_of(EnvelopesScratch *scratch, unsigned i) {
        if (!scratch->opened[i])
                scratch->opened[i] = g_string_new(NULL);
        return scratch->opened[i];
}

/* Both views, of which one may be a part of the other. */
static void take_off_colours(Wrapped *wrapped, GString *scratch) {
        size_t before = wrapped->whole.len - wrapped->text.len, n;

        if (!memchr(wrapped->whole.ptr, '\033', wrapped->whole.len))
                return;
        g_string_set_size(scratch, wrapped->whole.len);
        n = envelope_without_colours(str_slice(wrapped->whole, 0, before), scratch->str);
        wrapped->whole.len = n + envelope_without_colours(wrapped->text, scratch->str + n);
        wrapped->whole.ptr = scratch->str;
        wrapped->text = str_slice(wrapped->whole, n, wrapped->whole.len);
}

void envelopes_open(const Envelopes *envelopes, unsigned from, Str record, const TimeContext *time, EnvelopesScratch *scratch, Wrapped *wrapped) {
        wrapped->text = wrapped->whole = record;
        take_off_colours(wrapped, scratch_of(scratch, ENVELOPES_MAX));
        for (unsigned i = from; i < envelopes->n && !wrapped->batch; i++) {
                Wrapped inner;

                if (!envelope_open(envelopes->kind[i], wrapped->text, time, scratch_of(scratch, i), &inner))
                        break;
                wrapped->text = inner.text;
                wrapped->whole = inner.whole;
                wrapped->batch = inner.batch;
                wrapped->partial |= inner.partial;
                wrapped->time_us = inner.time_us != TIME_NONE ? inner.time_us : wrapped->time_us;
                wrapped->level = inner.level != LEVEL_NONE ? inner.level : wrapped->level;
                wrapped->writer = wrapped->writer * 31 + inner.writer;
        }
        take_off_colours(wrapped, scratch_of(scratch, ENVELOPES_MAX + 1));
}

/* --- detection --- */

/* A message that has a time, or fields, of its own; or that is a journal's, whose lines are told apart by their writers. */
static bool is_own_line(Str text, Str line, const TimeContext *time) {
        Timestamp stamp;
        Fields fields;

        if (str_find(line, STR("\"__REALTIME_TIMESTAMP\""), 0) != SIZE_MAX)
                return true;
        if (text.len == 0 || char_is_space(*text.ptr))
                return false;
        if (*text.ptr == '{')
                return fields_json(text, NULL, &fields);
        if (fields_logfmt(text, NULL, &fields))
                return true;
        return timestamp_find(text, time, &stamp) && stamp.start < 8 && stamp.has_date;
}

typedef struct Counts {
        unsigned records, opened[N_ENVELOPES], own;
} Counts;

static void count_record(Counts *counts, Str line, const TimeContext *time, GString *scratch) {
        counts->records++;
        for (EnvelopeKind kind = ENVELOPE_DOCKER; kind < ENVELOPE_EXPORT; kind++) {
                Wrapped wrapped;

                if (!envelope_open(kind, line, time, scratch, &wrapped))
                        continue;
                counts->opened[kind]++;
                if (kind == ENVELOPE_MESSAGE)
                        counts->own += is_own_line(wrapped.text, line, time);
        }
}

static Str without_newline(Str record) {
        while (record.len > 0 && (record.ptr[record.len - 1] == '\n' || record.ptr[record.len - 1] == '\r'))
                record.len--;
        return record;
}

/* Counts over the records of the head, opened as far as is known. */
static void count_head(Counts *counts, const Envelopes *known, Str head, const TimeContext *time) {
        g_auto(EnvelopesScratch) scratch = { 0 };
        g_autoptr(GString) opened = g_string_new(NULL);
        EnvelopeKind outer = known->n > 0 ? known->kind[0] : ENVELOPE_NONE;

        while (head.len > 0 && counts->records < ENVELOPES_DETECT_RECORDS) {
                size_t length = envelope_record(outer, head);
                Wrapped wrapped = envelopes_nothing();
                Str record = without_newline(str_slice(head, 0, length));

                head = str_slice(head, length, head.len);
                if (record.len == 0)
                        continue;
                envelopes_open(known, 0, record, time, &scratch, &wrapped);
                if (wrapped.batch) { /* the first record speaks for all */
                        const char *newline = memchr(wrapped.text.ptr, '\n', wrapped.text.len);
                        wrapped.text.len = newline ? (size_t)(newline - wrapped.text.ptr) : wrapped.text.len;
                        wrapped.batch = false;
                }
                if (wrapped.text.len > 0)
                        count_record(counts, wrapped.text, time, opened);
        }
}

static EnvelopeKind decide(const Counts *counts) {
        if (counts->records == 0)
                return ENVELOPE_NONE;
        for (EnvelopeKind kind = ENVELOPE_DOCKER; kind < ENVELOPE_EXPORT; kind++) {
                if (counts->opened[kind] * 100 < counts->records * OPENED_PERCENT)
                        continue;
                if (kind == ENVELOPE_MESSAGE && counts->own * 100 < counts->opened[kind] * OWN_PERCENT)
                        continue;
                return kind;
        }
        return ENVELOPE_NONE;
}

/* "a | b | c" is not three of them. */
static bool is_known(const Envelopes *envelopes, EnvelopeKind kind) {
        for (unsigned i = 0; i < envelopes->n; i++)
                if (envelopes->kind[i] == kind)
                        return true;
        return false;
}

static bool is_export(Str head) {
        size_t length = envelope_export_record(head);

        return (str_starts(head, STR("__CURSOR=")) || str_starts(head, STR("__REALTIME_TIMESTAMP="))) &&
               str_find(str_slice(head, 0, length), STR("__REALTIME_TIMESTAMP="), 0) != SIZE_MAX;
}

/* Of a batch only the records know which message they hold; of syslog and the kernel what is within is read with the rest. */
static bool is_last(EnvelopeKind kind) {
        return kind == ENVELOPE_SYSLOG || kind == ENVELOPE_KERNEL;
}

void envelopes_detect(Envelopes *envelopes, Str head, const TimeContext *time) {
        *envelopes = (Envelopes){ .coloured = memchr(head.ptr, '\033', head.len) != NULL };
        if (is_export(head))
                envelopes->kind[envelopes->n++] = ENVELOPE_EXPORT;
        while (envelopes->n < ENVELOPES_MAX) {
                Counts counts = { 0 };
                EnvelopeKind kind;

                count_head(&counts, envelopes, head, time);
                kind = decide(&counts);
                if (kind == ENVELOPE_NONE || is_known(envelopes, kind) || (kind == ENVELOPE_BATCH && envelopes->n > 0))
                        return;
                envelopes->kind[envelopes->n++] = kind;
                if (is_last(kind))
                        return;
        }
}
