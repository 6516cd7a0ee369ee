/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memrchr */

#include "parse/peel.h"

#include "parse/envelope_json.h"
#include "parse/joiner.h"
#include "parse/multiline.h"

#define NONE G_MAXUINT

/* A cut is looked for among so many lines at the end, before all are. */
#define CUT_LINES (8 * PEEL_REACH)

/* What a collector wrote as one: a line, or an entry of the journal. */
typedef struct Record {
        size_t at, len;     /* in `text`; what an event that begins here keeps */
        size_t inner;       /* of that, the first byte of what the application wrote */
        size_t offset, end; /* of its line, in the block */
        uint64_t line, n_bytes, n_lines;
        int64_t time_us;
        Level level;
        uint32_t writer;
        bool partial;

        guint previous;   /* of the same writer, within reach; or NONE */
        guint next_piece; /* of the same line */
        guint event;      /* the record that its event begins with; itself if it begins one */
        guint last, next; /* of the event's records, the last one (in the first) and the next one */
        size_t size;      /* of the event that begins here, so far */
        bool is_piece;    /* goes on with a line that a record before it began */
        bool blank;
        bool firm;  /* begins an event wherever it stands */
        bool timed; /* names its time, or its envelope does */
        bool crash;
        Joiner joiner; /* of the event that begins here */
        bool known;    /* the joiner is; for syslog it takes a look at the whole line */
} Record;

struct Peel {
        EnvelopesScratch scratch; /* owned */
        GString *text;            /* owned; of all records */
        GArray *records;          /* owned, of Record */
        GArray *lines;            /* owned, of BlockLine */
        Block out;                /* buffer owned */
        uint32_t kernel;          /* the writer's number */
};

Peel *peel_new(void) {
        Peel *peel = g_new0(Peel, 1);

        peel->text = g_string_new(NULL);
        peel->records = g_array_new(FALSE, FALSE, sizeof(Record));
        peel->lines = g_array_new(FALSE, FALSE, sizeof(BlockLine));
        peel->kernel = envelope_writer(STR("kernel"), 0);
        return peel;
}

void peel_free(Peel *peel) {
        envelopes_scratch_clear(&peel->scratch);
        g_string_free(peel->text, TRUE);
        g_array_unref(peel->records);
        g_array_unref(peel->lines);
        g_free(peel->out.buffer);
        g_free(peel);
}

bool peel_is_needed(const Layout *layout) {
        return layout->envelopes.n > 0 || layout->envelopes.coloured;
}

static Record *record_at(const Peel *peel, guint i) {
        return &g_array_index(peel->records, Record, i);
}

/* --- from lines to records --- */

/* rsyslog writes control bytes as #011 and #012. */
static size_t without_octal(char *text, size_t len) {
        size_t n = 0;

        for (size_t at = 0; at < len; at++) {
                bool escape = text[at] == '#' && at + 3 < len && text[at + 1] == '0' && text[at + 2] == '1';

                if (escape && (text[at + 3] == '1' || text[at + 3] == '2')) {
                        text[n++] = text[at + 3] == '1' ? '\t' : '\n';
                        at += 3;
                } else {
                        text[n++] = text[at];
                }
        }
        return n;
}

static void add_record(Peel *peel, const Wrapped *wrapped, bool syslog, Record record) {
        Str whole = str_without_mark(wrapped->whole); /* .NET writes one to a container's standard output, too */

        record.at = peel->text->len;
        record.inner = whole.len > wrapped->text.len ? whole.len - wrapped->text.len : 0;
        g_string_append_len(peel->text, whole.ptr, (gssize)whole.len);
        record.len = whole.len;
        if (syslog && memchr(wrapped->text.ptr, '#', wrapped->text.len)) {
                record.len = record.inner + without_octal(peel->text->str + record.at + record.inner, record.len - record.inner);
                g_string_truncate(peel->text, record.at + record.len);
        }
        record.time_us = wrapped->time_us;
        record.level = wrapped->level;
        record.writer = wrapped->writer;
        record.partial = wrapped->partial;
        record.blank = str_trim(wrapped->text).len == 0;
        record.previous = record.next_piece = record.next = NONE;
        g_array_append_val(peel->records, record);
}

/* Each record of a batch is opened from the second envelope on; the first one stands for the line. */
static void add_batch(Peel *peel, const Layout *layout, Str batch, Record record) {
        g_autofree char *copy = g_memdup2(batch.ptr, batch.len);

        for (size_t at = 0; at < batch.len;) {
                const char *newline = memchr(copy + at, '\n', batch.len - at);
                size_t end = newline ? (size_t)(newline - copy) : batch.len;
                Wrapped wrapped = envelopes_nothing();

                envelopes_open(&layout->envelopes, 1, (Str){ copy + at, end - at }, &layout->time, &peel->scratch, &wrapped);
                add_record(peel, &wrapped, false, record);
                record.n_bytes = record.n_lines = 0;
                at = end + 1;
        }
}

/* A log that was truncated while it was written begins with a hole of NUL bytes. */
static Str without_ends(Str record) {
        while (record.len > 0 && *record.ptr == '\0')
                record = str_slice(record, 1, record.len);
        record = str_without_mark(record);
        while (record.len > 0 && (record.ptr[record.len - 1] == '\n' || record.ptr[record.len - 1] == '\r'))
                record.len--;
        return record;
}

static void read_records(Peel *peel, const Layout *layout, Str text) {
        EnvelopeKind outer = layout->envelopes.n > 0 ? layout->envelopes.kind[0] : ENVELOPE_NONE;
        bool syslog = envelopes_last(&layout->envelopes) == ENVELOPE_SYSLOG;
        uint64_t line = 0;

        g_string_set_size(peel->text, 0);
        g_array_set_size(peel->records, 0);
        for (size_t at = 0; at < text.len;) {
                size_t length = envelope_record(outer, str_slice(text, at, text.len));
                Str raw = str_slice(text, at, at + length);
                uint64_t newlines = outer == ENVELOPE_EXPORT ? newlines_count(raw) : raw.ptr[raw.len - 1] == '\n';
                Record record = { .offset = at, .end = at + length, .line = line, .n_bytes = length };
                Wrapped wrapped = envelopes_nothing();

                record.n_lines = newlines + (raw.ptr[raw.len - 1] != '\n');
                envelopes_open(&layout->envelopes, 0, without_ends(raw), &layout->time, &peel->scratch, &wrapped);
                if (wrapped.batch)
                        add_batch(peel, layout, wrapped.text, record);
                else
                        add_record(peel, &wrapped, syslog, record);
                line += newlines;
                at += length;
        }
}

/* --- records of one writer --- */

static guint find_previous(const Peel *peel, guint i) {
        const Record *record = record_at(peel, i);

        for (guint back = 1; back <= PEEL_REACH && back <= i; back++) {
                const Record *before = record_at(peel, i - back);

                if (record->offset > before->end + PEEL_REACH_BYTES)
                        return NONE;
                if (before->writer == record->writer)
                        return i - back;
        }
        return NONE;
}

static void link_pieces(Peel *peel) {
        for (guint i = 0; i < peel->records->len; i++) {
                Record *record = record_at(peel, i);

                record->previous = find_previous(peel, i);
                if (record->previous == NONE || !record_at(peel, record->previous)->partial)
                        continue;
                record->is_piece = true;
                record_at(peel, record->previous)->next_piece = i;
        }
}

/* Writes the pieces of a line behind each other. */
static void join_pieces(Peel *peel, Record *first) {
        size_t at = peel->text->len, len = 0;

        for (const Record *piece = first;; piece = record_at(peel, piece->next_piece)) {
                g_string_append_len(peel->text, peel->text->str + piece->at, (gssize)piece->len);
                len += piece->len;
                if (piece != first) {
                        first->n_bytes += piece->n_bytes;
                        first->n_lines += piece->n_lines;
                }
                if (piece->next_piece == NONE)
                        break;
        }
        first->at = at;
        first->len = len;
        first->blank = false;
}

/* --- records of one event --- */

static Str first_line_of(Str text) {
        const char *newline = memchr(text.ptr, '\n', text.len);

        return str_slice(text, 0, newline ? (size_t)(newline - text.ptr) : text.len);
}

static Str inner_line(const Peel *peel, const Record *record) {
        return first_line_of((Str){ peel->text->str + record->at + record->inner, record->len - record->inner });
}

/* What a syslog daemon or the kernel stamped one by one. */
static LineKind kind_of_stamped(const Peel *peel, const Record *record, Str line) {
        bool kernel = record->writer == peel->kernel;

        if (multiline_is_crash(line))
                return LINE_CRASH;
        if (multiline_is_exception(line))
                return LINE_EXCEPTION;
        if (kernel ? multiline_is_kernel_body(line) : multiline_is_continuation(line))
                return LINE_CONTINUES;
        return LINE_TIMED;
}

static LineKind read_whole(const Peel *peel, const Layout *layout, TimestampCache *cache, const Record *record, Event *event) {
        LineKind kind;

        *event = (Event){ .time_us = record->time_us };
        kind = layout_read(layout, cache, first_line_of((Str){ peel->text->str + record->at, record->len }), event);
        if (kind != LINE_TIMED)
                event->time_us = record->time_us;
        if (record->level != LEVEL_NONE && (event->level == LEVEL_NONE || event->level_guessed)) {
                event->level = record->level;
                event->level_guessed = false;
        }
        return kind;
}

/* The joiner of an event of syslog: nearly all end before it is asked for. */
static Joiner *joiner_of(const Peel *peel, const Layout *layout, TimestampCache *cache, Record *first) {
        Event event;

        if (first->known)
                return &first->joiner;
        read_whole(peel, layout, cache, first, &event);
        joiner_begin(&first->joiner, &event, first->crash ? LINE_CRASH : LINE_TIMED, inner_line(peel, first));
        if (first->writer == peel->kernel)
                first->joiner.takes_crash = false;
        first->known = true;
        return &first->joiner;
}

static void append_to_event(Peel *peel, guint event, guint i) {
        Record *first = record_at(peel, event);

        record_at(peel, i)->event = event;
        record_at(peel, first->last)->next = i;
        first->last = i;
        first->size += record_at(peel, i)->len + 1;
}

static void begin_event(Peel *peel, guint i) {
        Record *record = record_at(peel, i);

        record->event = record->last = i;
        record->size = record->len + 1;
}

/* A blank line says nothing of who wrote it. */
static void place_blank(Peel *peel, guint i) {
        const Record *record = record_at(peel, i);
        guint before = record->previous != NONE ? record->previous : i > 0 ? i - 1 : NONE;

        if (before == NONE)
                begin_event(peel, i);
        else
                append_to_event(peel, record_at(peel, before)->event, i);
}

static void place_record(Peel *peel, const Layout *layout, TimestampCache *cache, const Carry *carry, guint i) {
        Record *record = record_at(peel, i);
        bool stamped = envelopes_keep_whole(&layout->envelopes) && record->inner > 0;
        Str line = inner_line(peel, record);
        LineKind kind;
        Event event;

        kind = stamped ? kind_of_stamped(peel, record, line) : read_whole(peel, layout, cache, record, &event);
        record->timed = kind == LINE_TIMED || record->time_us != TIME_NONE || layout->kind == LAYOUT_UNTIMED;
        record->firm = (kind == LINE_TIMED || kind == LINE_UNTIMED) && !(kind == LINE_UNTIMED && multiline_names_exception(line));
        if (kind != LINE_TIMED && record->previous != NONE) {
                guint first = record_at(peel, record->previous)->event;

                if (joiner_continues(joiner_of(peel, layout, cache, record_at(peel, first)), kind, line, record_at(peel, first)->size)) {
                        append_to_event(peel, first, i);
                        return;
                }
        }
        if (kind == LINE_CONTINUES && (record->previous != NONE || (i == 0 && carry->time_us != TIME_NONE)))
                kind = LINE_STRAY;
        begin_event(peel, i);
        record->crash = kind == LINE_CRASH || kind == LINE_EXCEPTION;
        record->known = !stamped;
        if (!stamped)
                joiner_begin(&record->joiner, &event, kind, line);
}

static void find_events(Peel *peel, const Layout *layout, TimestampCache *cache, const Carry *carry) {
        link_pieces(peel);
        for (guint i = 0; i < peel->records->len; i++) {
                Record *record = record_at(peel, i);

                if (record->is_piece) {
                        record->event = record_at(peel, record->previous)->event;
                        continue;
                }
                if (record->next_piece != NONE)
                        join_pieces(peel, record);
                if (record->blank)
                        place_blank(peel, i);
                else
                        place_record(peel, layout, cache, carry, i);
        }
}

/* --- writing --- */

static void write_line(Peel *peel, Str line, BlockLine origin) {
        Block *out = &peel->out;

        if (out->len + line.len + 1 > out->capacity)
                block_reserve(out, (out->len + line.len + 1) * 2);
        memcpy(out->buffer + out->len, line.ptr, line.len);
        out->buffer[out->len + line.len] = '\n';
        out->len += line.len + 1;
        g_array_append_val(peel->lines, origin);
}

/* A record that continues an event is without what stands before its message. */
static void write_record(Peel *peel, const Record *record, bool first) {
        size_t skip = first ? 0 : record->inner;
        Str text = { peel->text->str + record->at + skip, record->len - skip };
        BlockLine origin = {
                .offset = record->offset,
                .line = record->line,
                .n_bytes = record->n_bytes,
                .n_lines = record->n_lines,
                .time_us = record->time_us,
                .level = (uint8_t)record->level,
                .starts = first && !record->blank,
                .crash = record->crash,
        };

        for (;;) {
                Str line = first_line_of(text);

                write_line(peel, line, origin);
                if (line.len == text.len)
                        return;
                text = str_slice(text, line.len + 1, text.len);
                origin.n_bytes = origin.n_lines = 0;
                origin.starts = false;
        }
}

const Block *peel_block(Peel *peel, const Layout *layout, TimestampCache *cache, const Block *block) {
        Block out = { .buffer = peel->out.buffer, .capacity = peel->out.capacity };

        if (!peel_is_needed(layout))
                return block;
        out.source = block->source;
        out.offset = block->offset;
        out.first_line = block->first_line;
        out.n_newlines = block->n_newlines;
        out.elided_bytes = block->elided_bytes;
        out.elided_newlines = block->elided_newlines;
        out.carry = block->carry;
        peel->out = out;
        g_array_set_size(peel->lines, 0);
        read_records(peel, layout, block_text(block));
        find_events(peel, layout, cache, &block->carry);
        block_reserve(&peel->out, MAX(block->len, 1));
        for (guint i = 0; i < peel->records->len; i++) {
                const Record *record = record_at(peel, i);

                if (record->is_piece || record->event != i)
                        continue;
                for (guint next = i; next != NONE; next = record_at(peel, next)->next)
                        write_record(peel, record_at(peel, next), next == i);
        }
        peel->out.lines = (const BlockLine *)(const void *)peel->lines->data;
        return &peel->out;
}

/* --- cutting --- */

static bool begins_event(const Peel *peel, guint i) {
        const Record *record = record_at(peel, i);

        return record->event == i && !record->is_piece && record->n_bytes > 0;
}

/* Whether a record that belongs to what was before record @i may be among those behind that are not there yet. */
static bool reaches_beyond(const Peel *peel, guint i) {
        guint n = peel->records->len;

        return n - i < PEEL_REACH && record_at(peel, n - 1)->offset - record_at(peel, i)->offset <= PEEL_REACH_BYTES;
}

/* Whether all that is there from record @i on would be the same if nothing had been before it. */
static bool stands_alone(const Peel *peel, guint i, bool timed) {
        guint end = MIN(i + PEEL_REACH, peel->records->len);

        if (!begins_event(peel, i) || !record_at(peel, i)->firm || (timed && !record_at(peel, i)->timed))
                return false;
        for (guint next = i; next < end; next++) {
                const Record *behind = record_at(peel, next);
                bool reaches_back = behind->previous != NONE && behind->previous < i;

                if (reaches_back && (behind->is_piece || !behind->firm))
                        return false;
        }
        return true;
}

/* The start of the last @n lines. */
static size_t start_of_last(Str text, size_t n) {
        size_t at = text.len;

        for (size_t i = 0; i <= n && at > 0; i++) {
                const char *newline = memrchr(text.ptr, '\n', at - 1);
                at = newline ? (size_t)(newline - text.ptr) + 1 : 0;
                if (at > 0 && i < n)
                        continue;
                return at;
        }
        return at;
}

/* The last of the records of @text, from @first on, that a block may begin with; @timed: one that needs no time of those before it. */
static size_t find_cut(Peel *peel, const Layout *layout, const Carry *carry, Str text, guint first, bool timed) {
        TimestampCache cache = { 0 };

        read_records(peel, layout, text);
        find_events(peel, layout, &cache, carry);
        for (guint i = peel->records->len; i-- > first + 1;)
                if (!reaches_beyond(peel, i) && stands_alone(peel, i, timed))
                        return record_at(peel, i)->offset;
        return 0;
}

/* The last of the records that begins an event, of those from which something may be torn; best by what is there. */
static size_t find_forced_cut(const Peel *peel) {
        guint n = peel->records->len;

        for (guint i = n; i-- > 1;)
                if (stands_alone(peel, i, false))
                        return record_at(peel, i)->offset;
        for (guint i = n; i-- > 1;)
                if (begins_event(peel, i))
                        return record_at(peel, i)->offset;
        return 0;
}

size_t peel_cut(Str text, bool search_all, const Layout *layout, const Carry *carry) {
        g_autoptr(Peel) peel = peel_new();
        size_t start = search_all || layout->envelopes.kind[0] == ENVELOPE_EXPORT ? 0 : start_of_last(text, CUT_LINES), cut;

        cut = find_cut(peel, layout, carry, str_slice(text, start, text.len), start > 0 ? PEEL_REACH : 0, !search_all);
        return cut > 0 ? start + cut : 0;
}

size_t peel_cut_full(Str text, const Layout *layout, const Carry *carry) {
        g_autoptr(Peel) peel = peel_new();
        size_t cut = find_cut(peel, layout, carry, text, 0, false);

        return cut > 0 ? cut : find_forced_cut(peel);
}
