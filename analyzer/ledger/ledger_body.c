/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_body.h"

#include "ledger/ledger_private.h"
#include "ledger/ledger_rows.h"

#include "config.h"

/*
 * Records as they stand in the columns. Members of eight bytes come first and an even number of four bytes behind them, so that
 * there are no gaps: on every machine they are laid out as in the GVariant of the type beside them.
 */

typedef struct PackedSource { /* texts: name, host, compression, layout, zone, zone_from, year_from, note, then the problems */
        uint64_t bytes, lines, events, with_time, inherited_time, with_level, matched, cut, left_out;
        uint64_t by_level[N_LEVELS];
        int64_t first_us, last_us;
        TimeSpan zoned, unzoned, outside;
        uint32_t n_problems, trail_shift, n_steps, n_extents;
} PackedSource;
#define SOURCE_TYPE "(tttttttttttttttttxxxxxxxxuuuu)"

typedef struct PackedStep { /* text: the line */
        uint64_t offset, line;
        int64_t time_us;
        uint32_t start, count, level, unused;
} PackedStep;
#define STEP_TYPE "(ttxuuuu)"

typedef struct PackedExtent {
        uint64_t from, to, last;
} PackedExtent;
#define EXTENT_TYPE "(ttt)"

typedef struct PackedSignal { /* text: the pattern's id, or nothing */
        uint64_t key, count, n_untimed, coarse_key, sightings_left_out;
        uint32_t of_pattern, level, status, series_shift, n_series, by_line_shift, n_by_line, n_sources;
        uint32_t n_first, n_sample, n_rows, n_sightings;
} PackedSignal;
#define SIGNAL_TYPE "(tttttuuuuuuuuuuuu)"

#define BUCKET_TYPE "(uu)" /* Bucket itself */

typedef struct PackedCount {
        uint64_t count;
        int64_t first_us, last_us;
        uint32_t source, unused;
} PackedCount;
#define COUNT_TYPE "(txxuu)"

typedef struct PackedExemplar { /* text: the line */
        uint64_t offset, line;
        int64_t time_us;
        uint32_t source, level, message_at, message_len, match_at, match_len;
} PackedExemplar;
#define EXEMPLAR_TYPE "(ttxuuuuuu)"

typedef struct PackedRow { /* text: the row's */
        uint64_t lottery;
        uint32_t second, count;
} PackedRow;
#define ROW_TYPE "(tuu)"

typedef struct PackedSighting {
        uint64_t offset, line;
        int64_t time_us;
        uint32_t source, unused;
} PackedSighting;
#define SIGHTING_TYPE "(ttxuu)"

/* Of the ledger as a whole there is one record. */
typedef struct PackedTotals {
        uint64_t n_shape_events;
        uint32_t errors_shift, n_errors, all_shift, n_all;
} PackedTotals;
#define TOTALS_TYPE "(tuuuu)"

#define COLUMNS(X)                                                                                                                                             \
        X(TOTALS, PackedTotals)                                                                                                                                \
        X(SOURCE, PackedSource)                                                                                                                                \
        X(STEP, PackedStep)                                                                                                                                    \
        X(EXTENT, PackedExtent)                                                                                                                                \
        X(SIGNAL, PackedSignal)                                                                                                                                \
        X(BUCKET, Bucket)                                                                                                                                      \
        X(COUNT, PackedCount)                                                                                                                                  \
        X(EXEMPLAR, PackedExemplar)                                                                                                                            \
        X(ROW, PackedRow)                                                                                                                                      \
        X(SIGHTING, PackedSighting)                                                                                                                            \
        X(TEXT, char)

#define TEXT_TYPE "y" /* each ends with a NUL byte */

#define COLUMN_NAME(name, record) COLUMN_##name,
#define COLUMN_TYPE(name, record) "a" name##_TYPE
#define COLUMN_FORM(name, record) { name##_TYPE, sizeof(record) },

typedef enum { COLUMNS(COLUMN_NAME) N_COLUMNS } Column;

/* The version and the patterns of who made it, then the columns. */
#define LEDGER_TYPE "(st" COLUMNS(COLUMN_TYPE) ")"
#define N_BEFORE    2

static const struct {
        const char *type;
        size_t size;
} FORMS[] = { COLUMNS(COLUMN_FORM) };

/* --- writing --- */

typedef struct Writer {
        GByteArray *columns[N_COLUMNS];
} Writer;

static void put(Writer *writer, Column column, const void *records, size_t n) {
        g_byte_array_append(writer->columns[column], records, (guint)(n * FORMS[column].size));
}

static void put_text(Writer *writer, const char *text) {
        put(writer, COLUMN_TEXT, text, strlen(text) + 1);
}

static void put_source(Writer *writer, const SourceRecord *r) {
        PackedSource packed = { r->bytes, r->lines, r->events, r->with_time, r->inherited_time, r->with_level, r->matched, r->cut, r->left_out };

        memcpy(packed.by_level, r->by_level, sizeof(packed.by_level));
        packed.first_us = r->first_us;
        packed.last_us = r->last_us;
        packed.zoned = r->zoned;
        packed.unzoned = r->unzoned;
        packed.outside = r->outside;
        packed.n_problems = r->problems->len;
        packed.trail_shift = r->trail.shift;
        packed.n_steps = r->trail.n;
        packed.n_extents = r->extents.n;
        put(writer, COLUMN_SOURCE, &packed, 1);
        put_text(writer, r->name);
        put_text(writer, r->host);
        put_text(writer, r->compression);
        put_text(writer, r->layout);
        put_text(writer, r->zone);
        put_text(writer, r->zone_from);
        put_text(writer, r->year_from);
        put_text(writer, r->note ? r->note : "");
        for (guint i = 0; i < r->problems->len; i++)
                put_text(writer, r->problems->pdata[i]);
        for (uint32_t i = 0; i < r->trail.n; i++) {
                const Step *s = &r->trail.steps[i];
                put(writer, COLUMN_STEP, &(PackedStep){ s->offset, s->line, s->time_us, s->start, s->count, s->level, 0 }, 1);
                put_text(writer, s->text);
        }
        for (uint32_t i = 0; i < r->extents.n; i++)
                put(writer, COLUMN_EXTENT, &(PackedExtent){ r->extents.items[i].from, r->extents.items[i].to, r->extents.items[i].last }, 1);
}

static void put_exemplars(Writer *writer, const Exemplar *exemplars, unsigned n) {
        for (unsigned i = 0; i < n; i++) {
                const Exemplar *e = &exemplars[i];
                put(writer, COLUMN_EXEMPLAR,
                    &(PackedExemplar){ e->offset, e->line, e->time_us, e->source, e->level, e->message_at, e->message_len, e->match_at, e->match_len }, 1);
                put_text(writer, e->text);
        }
}

static void put_signal(Writer *writer, const Signal *s) {
        PackedSignal packed = {
                .key = s->key,
                .count = s->count,
                .n_untimed = s->n_untimed,
                .coarse_key = s->coarse_key,
                .sightings_left_out = s->sightings.left_out,
                .of_pattern = s->pattern_id != NULL,
                .level = s->level,
                .status = s->status,
                .series_shift = s->series.shift,
                .n_series = s->series.n,
                .by_line_shift = s->by_line.shift,
                .n_by_line = s->by_line.n,
                .n_sources = s->n_sources,
                .n_first = s->n_first,
                .n_sample = s->n_sample,
                .n_rows = s->n_rows,
                .n_sightings = s->sightings.n,
        };

        put(writer, COLUMN_SIGNAL, &packed, 1);
        put_text(writer, s->pattern_id ? s->pattern_id : "");
        put(writer, COLUMN_BUCKET, s->series.buckets, s->series.n);
        put(writer, COLUMN_BUCKET, s->by_line.buckets, s->by_line.n);
        for (uint32_t i = 0; i < s->n_sources; i++)
                put(writer, COLUMN_COUNT, &(PackedCount){ s->sources[i].count, s->sources[i].first_us, s->sources[i].last_us, s->sources[i].source, 0 }, 1);
        put_exemplars(writer, s->first, s->n_first);
        put_exemplars(writer, s->sample, s->n_sample);
        for (unsigned i = 0; i < s->n_rows; i++) {
                put(writer, COLUMN_ROW, &(PackedRow){ s->rows[i].lottery, s->rows[i].second, s->rows[i].count }, 1);
                put_text(writer, s->rows[i].text);
        }
        for (uint32_t i = 0; i < s->sightings.n; i++) {
                const Sighting *g = &s->sightings.items[i];
                put(writer, COLUMN_SIGHTING, &(PackedSighting){ g->offset, g->line, g->time_us, g->source, 0 }, 1);
        }
}

static void put_ledger(Writer *writer, const Ledger *ledger) {
        PackedTotals totals = { ledger->n_shape_events, ledger->errors.shift, ledger->errors.n, ledger->all.shift, ledger->all.n };
        g_autoptr(GPtrArray) signals = ledger_signals(ledger);

        put(writer, COLUMN_TOTALS, &totals, 1);
        put(writer, COLUMN_BUCKET, ledger->errors.buckets, ledger->errors.n);
        put(writer, COLUMN_BUCKET, ledger->all.buckets, ledger->all.n);
        for (guint i = 0; i < ledger->sources->len; i++)
                put_source(writer, &record_at(ledger, i)->record);
        for (guint i = 0; i < signals->len; i++)
                put_signal(writer, signals->pdata[i]);
}

GVariant *ledger_body(const Ledger *ledger, uint64_t fingerprint) {
        GVariant *children[N_BEFORE + N_COLUMNS] = { g_variant_new_string(LOGSCAN_VERSION), g_variant_new_uint64(fingerprint) };
        Writer writer;

        for (unsigned i = 0; i < N_COLUMNS; i++)
                writer.columns[i] = g_byte_array_new();
        put_ledger(&writer, ledger);
        for (unsigned i = 0; i < N_COLUMNS; i++) {
                GByteArray *column = writer.columns[i];
                children[N_BEFORE + i] = g_variant_new_fixed_array(G_VARIANT_TYPE(FORMS[i].type), column->data, column->len / FORMS[i].size, FORMS[i].size);
                g_byte_array_unref(column);
        }
        return g_variant_ref_sink(g_variant_new_tuple(children, G_N_ELEMENTS(children)));
}

/* --- reading --- */

/* Times are of 1990 to 2100 (parse/timestamp.h), and a bucket ends in 2106. */
#define TIME_MAX_US (INT64_C(1000000) * UINT32_MAX)

/* What is not yet read of each column. */
typedef struct Reader {
        struct {
                const char *at;
                size_t n;
        } columns[N_COLUMNS];
} Reader;

/* The next @n records; NULL when there are fewer. */
static const void *take(Reader *reader, Column column, size_t n) {
        const char *records = reader->columns[column].at;

        if (n > reader->columns[column].n)
                return NULL;
        reader->columns[column].at += n * FORMS[column].size;
        reader->columns[column].n -= n;
        return records;
}

/* NULL when there is none. */
static const char *take_text(Reader *reader) {
        const char *text = reader->columns[COLUMN_TEXT].at, *end = memchr(text, '\0', reader->columns[COLUMN_TEXT].n);

        return end ? take(reader, COLUMN_TEXT, (size_t)(end - text) + 1) : NULL;
}

static bool is_time(int64_t time_us) {
        return time_us == TIME_NONE || (time_us >= 0 && time_us <= TIME_MAX_US);
}

static bool is_span(const TimeSpan *span) {
        return is_time(span->first_us) && is_time(span->last_us);
}

static bool read_series(Reader *reader, Series *series, uint32_t shift, uint32_t n) {
        const Bucket *buckets = take(reader, COLUMN_BUCKET, n);

        if (!buckets || shift > 31 || n > SERIES_BUCKETS_MAX)
                return false;
        for (uint32_t i = 0; i < n; i++)
                if ((buckets[i].start >> shift << shift) != buckets[i].start || (i > 0 && buckets[i - 1].start >= buckets[i].start))
                        return false;
        *series = (Series){ g_memdup2(buckets, n * sizeof(Bucket)), n, n, shift };
        return true;
}

/* --- sources --- */

static bool read_texts(Reader *reader, SourceRecord *r, uint32_t n_problems) {
        char **texts[] = { &r->compression, &r->layout, &r->zone, &r->zone_from, &r->year_from, &r->note };
        const char *text;

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                text = take_text(reader);
                if (!text)
                        return false;
                g_free(*texts[i]);
                *texts[i] = g_strdup(text);
        }
        if (*r->note == '\0')
                g_clear_pointer(&r->note, g_free);
        for (uint32_t i = 0; i < n_problems; i++) {
                text = take_text(reader);
                if (!text)
                        return false;
                g_ptr_array_add(r->problems, g_strdup(text));
        }
        return true;
}

static bool read_trail(Reader *reader, Trail *trail, uint32_t shift, uint32_t n) {
        const PackedStep *packed = take(reader, COLUMN_STEP, n);

        if (!packed || shift > 31)
                return false;
        trail->shift = shift;
        for (uint32_t i = 0; i < n; i++) {
                const PackedStep *p = &packed[i];
                const char *text = take_text(reader);
                if (!text || p->level >= N_LEVELS || !is_time(p->time_us) || (i > 0 && p[-1].start >= p->start))
                        return false;
                trail_add(trail, (Step){ p->start, p->count, p->offset, p->line, p->time_us, (Level)p->level, g_strdup(text) });
        }
        return true;
}

static bool read_extents(Reader *reader, Extents *extents, uint32_t n) {
        const PackedExtent *packed = take(reader, COLUMN_EXTENT, n);

        if (!packed)
                return false;
        for (uint32_t i = 0; i < n; i++) {
                Extent extent = { packed[i].from, packed[i].to, packed[i].last != 0 };
                if (extent.to < extent.from || (extents->n > 0 && extents_overlap(extents, &(Extents){ &extent, 1 })))
                        return false;
                extents_add(extents, extent);
        }
        return true;
}

static bool read_source(Reader *reader, Ledger *ledger, const PackedSource *packed) {
        const char *name = take_text(reader), *host = take_text(reader);
        SourceRecord *r;

        if (!name || !host)
                return false;
        r = ledger_source(ledger, ledger_add_source_of(ledger, name, host));
        r->bytes = packed->bytes;
        r->lines = packed->lines;
        r->events = packed->events;
        r->with_time = packed->with_time;
        r->inherited_time = packed->inherited_time;
        r->with_level = packed->with_level;
        r->matched = packed->matched;
        r->cut = packed->cut;
        r->left_out = packed->left_out;
        memcpy(r->by_level, packed->by_level, sizeof(r->by_level));
        r->first_us = packed->first_us;
        r->last_us = packed->last_us;
        r->zoned = packed->zoned;
        r->unzoned = packed->unzoned;
        r->outside = packed->outside;
        return is_time(r->first_us) && is_time(r->last_us) && is_span(&r->zoned) && is_span(&r->unzoned) && is_span(&r->outside) &&
               read_texts(reader, r, packed->n_problems) && read_trail(reader, &r->trail, packed->trail_shift, packed->n_steps) &&
               read_extents(reader, &r->extents, packed->n_extents);
}

/* --- signals --- */

static bool read_counts(Reader *reader, const Ledger *ledger, Signal *signal, uint32_t n) {
        const PackedCount *packed = take(reader, COLUMN_COUNT, n);

        if (!packed)
                return false;
        signal->sources = g_new(SourceCount, n);
        signal->n_sources = n;
        for (uint32_t i = 0; i < n; i++) {
                const PackedCount *p = &packed[i];
                signal->sources[i] = (SourceCount){ p->source, p->count, p->first_us, p->last_us };
                if (p->source >= ledger->sources->len || !is_time(p->first_us) || !is_time(p->last_us) || (i > 0 && p[-1].source >= p->source))
                        return false;
        }
        return true;
}

/* A place in a text of @length bytes. */
static void clip(size_t length, uint32_t *at, uint32_t *len) {
        *at = (uint32_t)MIN(*at, length);
        *len = (uint32_t)MIN(*len, length - *at);
}

static bool read_exemplars(Reader *reader, const Ledger *ledger, Exemplar *kept, unsigned *n_kept, uint32_t n) {
        const PackedExemplar *packed = take(reader, COLUMN_EXEMPLAR, n);

        for (uint32_t i = 0; packed && i < n; i++) {
                const PackedExemplar *p = &packed[i];
                const char *text = take_text(reader);
                Exemplar *e = &kept[i];

                if (!text || p->source >= ledger->sources->len || p->level >= N_LEVELS || !is_time(p->time_us))
                        return false;
                *e = (Exemplar){
                        .time_us = p->time_us,
                        .source = p->source,
                        .offset = p->offset,
                        .line = p->line,
                        .lottery = ledger_lottery(ledger, p->source, p->offset),
                        .level = (Level)p->level,
                        .message_at = p->message_at,
                        .message_len = p->message_len,
                        .match_at = p->match_at,
                        .match_len = p->match_len,
                        .text = g_strdup(text),
                };
                clip(strlen(text), &e->message_at, &e->message_len);
                clip(strlen(text), &e->match_at, &e->match_len);
                ++*n_kept;
        }
        return packed != NULL;
}

static bool read_rows(Reader *reader, Signal *signal, uint32_t n) {
        const PackedRow *packed = take(reader, COLUMN_ROW, n);

        for (uint32_t i = 0; packed && i < n; i++) {
                const char *text = take_text(reader);
                if (!text)
                        return false;
                rows_add(signal, &(Row){ packed[i].lottery, packed[i].second, packed[i].count, g_strndup(text, MIN(strlen(text), ROW_TEXT_BYTES)) }, ROWS_MAX);
        }
        return packed != NULL;
}

/* A ledger holds less than twice what its bounds let it keep. */
static bool read_sightings(Reader *reader, const Ledger *ledger, Sightings *sightings, uint32_t n) {
        const PackedSighting *packed = take(reader, COLUMN_SIGHTING, n);

        if (!packed || n > 2 * SIGHTINGS_MAX)
                return false;
        sightings->items = g_new(Sighting, n);
        sightings->n = sightings->capacity = n;
        for (uint32_t i = 0; i < n; i++) {
                sightings->items[i] = (Sighting){ packed[i].time_us, packed[i].offset, packed[i].line, packed[i].source };
                if (packed[i].source >= ledger->sources->len || !is_time(packed[i].time_us))
                        return false;
        }
        return true;
}

static bool is_known_pattern(const Patterns *patterns, const char *id) {
        if (patterns_find(patterns, id))
                return true;
        for (guint i = 0; i < patterns->terms->len; i++)
                if (g_str_equal(((const Pattern *)patterns->terms->pdata[i])->id, id))
                        return true;
        return false;
}

/* Keys are told from each other by what they are of. */
static bool has_good_key(const Ledger *ledger, const Signal *signal) {
        if (ledger_find_like(ledger, signal))
                return false;
        if (signal->pattern_id)
                return signal->key == ledger_key_of_pattern(signal->pattern_id) && is_known_pattern(ledger->patterns, signal->pattern_id);
        return signal->key <= SHAPE_KEY_MASK && signal->coarse_key <= SHAPE_KEY_MASK;
}

static bool fill_signal(Reader *reader, const Ledger *ledger, Signal *signal, const PackedSignal *p) {
        if (!has_good_key(ledger, signal) || p->level >= N_LEVELS || p->n_untimed > p->count || p->n_first == 0 || p->n_first > EXEMPLAR_FIRST_MAX ||
            p->n_sample > EXEMPLAR_SAMPLE_MAX || p->n_rows > ROWS_MAX || (p->n_rows == 0 && is_shape(signal)))
                return false;
        signal_reserve_sample(signal, p->n_sample);
        return read_series(reader, &signal->series, p->series_shift, p->n_series) && read_series(reader, &signal->by_line, p->by_line_shift, p->n_by_line) &&
               read_counts(reader, ledger, signal, p->n_sources) && read_exemplars(reader, ledger, signal->first, &signal->n_first, p->n_first) &&
               read_exemplars(reader, ledger, signal->sample, &signal->n_sample, p->n_sample) && read_rows(reader, signal, p->n_rows) &&
               read_sightings(reader, ledger, &signal->sightings, p->n_sightings);
}

static bool read_signal(Reader *reader, Ledger *ledger, const PackedSignal *packed) {
        const char *text = take_text(reader);
        Signal *signal;

        if (!text)
                return false;
        signal = signal_new(packed->key, packed->of_pattern ? text : NULL);
        signal->level = (Level)packed->level;
        signal->status = packed->status;
        signal->count = packed->count;
        signal->n_untimed = packed->n_untimed;
        signal->coarse_key = packed->coarse_key;
        signal->sightings.left_out = packed->sightings_left_out;
        if (!fill_signal(reader, ledger, signal, packed)) {
                signal_free(signal);
                return false;
        }
        ledger_insert(ledger, signal);
        return true;
}

/* What is kept of the shapes is part of all their events. */
static bool are_counted(const Ledger *ledger) {
        g_autoptr(GPtrArray) signals = ledger_signals(ledger);
        uint64_t left = ledger->n_shape_events;

        for (guint i = 0; i < signals->len; i++) {
                const Signal *signal = signals->pdata[i];
                if (is_shape(signal) && signal->count > left)
                        return false;
                left -= is_shape(signal) ? signal->count : 0;
        }
        return true;
}

static bool read_ledger(Reader *reader, Ledger *ledger) {
        size_t n_sources = reader->columns[COLUMN_SOURCE].n, n_signals = reader->columns[COLUMN_SIGNAL].n;
        const PackedTotals *totals = take(reader, COLUMN_TOTALS, 1);
        const PackedSource *sources = take(reader, COLUMN_SOURCE, n_sources);
        const PackedSignal *signals = take(reader, COLUMN_SIGNAL, n_signals);

        if (!totals || !read_series(reader, &ledger->errors, totals->errors_shift, totals->n_errors) ||
            !read_series(reader, &ledger->all, totals->all_shift, totals->n_all))
                return false;
        ledger->n_shape_events = totals->n_shape_events;
        for (size_t i = 0; i < n_sources; i++)
                if (!read_source(reader, ledger, &sources[i]))
                        return false;
        for (size_t i = 0; i < n_signals; i++)
                if (!read_signal(reader, ledger, &signals[i]))
                        return false;
        return are_counted(ledger);
}

const GVariantType *ledger_body_type(void) {
        return G_VARIANT_TYPE(LEDGER_TYPE);
}

bool ledger_body_read(Ledger *ledger, GVariant *body) {
        GVariant *children[N_COLUMNS];
        Reader reader;
        bool good;

        for (unsigned i = 0; i < N_COLUMNS; i++) {
                children[i] = g_variant_get_child_value(body, N_BEFORE + i);
                reader.columns[i].at = g_variant_get_fixed_array(children[i], &reader.columns[i].n, FORMS[i].size);
                if (!reader.columns[i].at)
                        reader.columns[i].at = ""; /* of none */
        }
        good = read_ledger(&reader, ledger);
        for (unsigned i = 0; i < N_COLUMNS; i++)
                g_variant_unref(children[i]);
        return good;
}
