/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "ledger/ledger_private.h"

/* A pattern's key has this bit, a shape's has not. */
#define KEY_PATTERN (UINT64_C(1) << 63)

/* The table of shapes may grow to so many times its bound before it is cut back. */
#define SHAPES_SLACK 2

/* --- records --- */

static uint64_t hash_bytes(const char *text) {
        uint64_t hash = UINT64_C(0xcbf29ce484222325);

        for (; *text; text++)
                hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
        return hash;
}

Record *record_new(const char *name) {
        Record *record = g_new0(Record, 1);
        SourceRecord *r = &record->record;

        record->seed = hash_bytes(name);
        r->name = g_strdup(name);
        r->compression = g_strdup("none");
        r->layout = g_strdup("");
        r->zone = g_strdup("");
        r->zone_from = g_strdup("");
        r->year_from = g_strdup("");
        r->problems = g_ptr_array_new_with_free_func(g_free);
        r->first_us = r->last_us = TIME_NONE;
        return record;
}

static void record_free(void *data) {
        SourceRecord *r = &((Record *)data)->record;

        g_free(r->name);
        g_free(r->compression);
        g_free(r->layout);
        g_free(r->zone);
        g_free(r->zone_from);
        g_free(r->year_from);
        g_free(r->note);
        g_ptr_array_unref(r->problems);
        trail_clear(&r->trail);
        g_free(data);
}

static const Record *record_at(const Ledger *ledger, uint32_t source) {
        return ledger->sources->pdata[source];
}

/* --- signals --- */

static void exemplar_clear(Exemplar *exemplar) {
        g_clear_pointer(&exemplar->text, g_free);
}

static Exemplar exemplar_copy(const Exemplar *exemplar) {
        Exemplar copy = *exemplar;

        copy.text = g_strdup(exemplar->text);
        return copy;
}

Signal *signal_new(uint64_t key, const char *pattern_id) {
        Signal *signal = g_new0(Signal, 1);

        signal->key = key;
        signal->pattern_id = g_strdup(pattern_id);
        return signal;
}

void signal_free(void *data) {
        Signal *signal = data;

        for (unsigned i = 0; i < signal->n_first; i++)
                exemplar_clear(&signal->first[i]);
        for (unsigned i = 0; i < signal->n_sample; i++)
                exemplar_clear(&signal->sample[i]);
        series_clear(&signal->series);
        series_clear(&signal->by_line);
        g_free(signal->sources);
        g_free(signal->pattern_id);
        g_free(signal->shape);
        g_free(signal);
}

/* What has no time comes last. */
static int64_t time_order(int64_t time_us) {
        return time_us == TIME_NONE ? INT64_MAX : time_us;
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

/* By time, then by the name of the source, then by place: the same in every ledger. */
static int compare_exemplars(const Ledger *ledger, const Exemplar *a, const Exemplar *b) {
        int order = COMPARE(time_order(a->time_us), time_order(b->time_us));

        if (order == 0 && a->source != b->source)
                order = strcmp(record_at(ledger, a->source)->record.name, record_at(ledger, b->source)->record.name);
        return order ? order : COMPARE(a->offset, b->offset);
}

static int compare_lottery(const Ledger *ledger, const Exemplar *a, const Exemplar *b) {
        int order = COMPARE(a->lottery, b->lottery);

        return order ? order : compare_exemplars(ledger, a, b);
}

typedef int (*ExemplarOrder)(const Ledger *ledger, const Exemplar *a, const Exemplar *b);

/* Where @exemplar would stand among the smallest @max; @max if it would not. */
static unsigned rank_among(const Ledger *ledger, const Exemplar *kept, unsigned n, unsigned max,
                           const Exemplar *exemplar, ExemplarOrder order) {
        unsigned at = n;

        while (at > 0 && order(ledger, exemplar, &kept[at - 1]) < 0)
                at--;
        return MIN(at, max);
}

/* Takes over the exemplar's text. */
static void insert_at(Exemplar *kept, unsigned *n, unsigned max, unsigned at, Exemplar exemplar) {
        if (*n == max)
                exemplar_clear(&kept[--*n]);
        memmove(kept + at + 1, kept + at, (*n - at) * sizeof(Exemplar));
        kept[at] = exemplar;
        ++*n;
}

static void append_clean(GString *text, Str line) {
        for (size_t i = 0; i < line.len; i++)
                g_string_append_c(text, line.ptr[i] == '\0' ? ' ' : line.ptr[i]);
}

static bool is_within(Str part, Str whole) {
        return part.len > 0 && part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len;
}

static Str first_line_of(Str text) {
        const char *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;

        return str_trim(str_slice(text, 0, newline ? (size_t)(newline - text.ptr) : text.len));
}

static Str first_line(const Event *event) {
        return str_slice(first_line_of(event->head), 0, EXEMPLAR_LINE_BYTES);
}

/* The line of head or tail that holds @match; of a long one the part around it. */
static Str line_around(const Event *event, Str match) {
        Str whole = is_within(match, event->head) ? event->head : event->tail;
        size_t at = (size_t)(match.ptr - whole.ptr), from = at, to = at + match.len;

        while (from > 0 && whole.ptr[from - 1] != '\n' && at - from < EXEMPLAR_CAUSE_BYTES / 4)
                from--;
        while (to < whole.len && whole.ptr[to] != '\n' && to - from < EXEMPLAR_CAUSE_BYTES)
                to++;
        return str_trim(str_slice(whole, from, MIN(to, from + EXEMPLAR_CAUSE_BYTES)));
}

/* Where @part stands in @line, which was appended to a text at @base. */
static void note_place(Str part, Str line, size_t base, uint32_t *at, uint32_t *len) {
        if (part.ptr < line.ptr || part.ptr >= line.ptr + line.len)
                return;
        *at = (uint32_t)(base + (size_t)(part.ptr - line.ptr));
        *len = (uint32_t)MIN(part.len, (size_t)(line.ptr + line.len - part.ptr));
}

/* The first line of the event, and the one behind it that matters: that of the match, else that of the cause. */
static void write_text(Exemplar *exemplar, const Event *event, Str match) {
        GString *text = g_string_new(NULL);
        Str line = first_line(event), second = event->cause;

        append_clean(text, line);
        note_place(event->message, line, 0, &exemplar->message_at, &exemplar->message_len);
        note_place(match, line, 0, &exemplar->match_at, &exemplar->match_len);
        if (match.len > 0)
                second = exemplar->match_len > 0 ? (Str){ match.ptr, 0 } : line_around(event, match);
        if (second.len > 0) {
                second = str_slice(second, 0, EXEMPLAR_CAUSE_BYTES);
                g_string_append_c(text, '\n');
                note_place(match, second, text->len, &exemplar->match_at, &exemplar->match_len);
                append_clean(text, second);
        }
        exemplar->text = g_string_free(text, FALSE);
}

/* @pattern: its index, or UINT32_MAX for a shape. */
static void keep_exemplar(const Ledger *ledger, Signal *signal, const Event *event, uint32_t pattern, Exemplar *exemplar) {
        unsigned first = rank_among(ledger, signal->first, signal->n_first, EXEMPLAR_FIRST_MAX, exemplar, compare_exemplars);
        unsigned sample = rank_among(ledger, signal->sample, signal->n_sample, EXEMPLAR_SAMPLE_MAX, exemplar, compare_lottery);
        Str match = { event->head.ptr, 0 };

        if (first == EXEMPLAR_FIRST_MAX && sample == EXEMPLAR_SAMPLE_MAX)
                return;
        if (pattern != UINT32_MAX)
                match = ledger->locate(event, pattern, ledger->locate_data);
        write_text(exemplar, event, match);
        if (first < EXEMPLAR_FIRST_MAX)
                insert_at(signal->first, &signal->n_first, EXEMPLAR_FIRST_MAX, first, exemplar_copy(exemplar));
        if (sample < EXEMPLAR_SAMPLE_MAX)
                insert_at(signal->sample, &signal->n_sample, EXEMPLAR_SAMPLE_MAX, sample, exemplar_copy(exemplar));
        exemplar_clear(exemplar);
        if (first == 0 && pattern == UINT32_MAX) {
                g_free(signal->shape);
                signal->shape = ledger->describe(event);
        }
}

static SourceCount *count_of_source(Signal *signal, uint32_t source) {
        if (signal->last_source < signal->n_sources && signal->sources[signal->last_source].source == source)
                return &signal->sources[signal->last_source];
        for (uint32_t i = 0; i < signal->n_sources; i++)
                if (signal->sources[i].source == source) {
                        signal->last_source = i;
                        return &signal->sources[i];
                }
        signal->sources = g_renew(SourceCount, signal->sources, signal->n_sources + 1);
        signal->last_source = signal->n_sources++;
        signal->sources[signal->last_source] = (SourceCount){ source, 0, TIME_NONE, TIME_NONE };
        return &signal->sources[signal->last_source];
}

static void widen_span(int64_t *first, int64_t *last, int64_t from, int64_t to) {
        if (from == TIME_NONE)
                return;
        if (*first == TIME_NONE || from < *first)
                *first = from;
        if (*last == TIME_NONE || to > *last)
                *last = to;
}

uint64_t ledger_lottery(const Ledger *ledger, uint32_t source, uint64_t offset) {
        uint64_t x = (record_at(ledger, source)->seed ^ offset) * UINT64_C(0x9E3779B97F4A7C15);

        x = (x ^ x >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
        return x ^ x >> 32;
}

/* False for most events, without a closer look. */
static bool may_be_exemplar(const Signal *signal, const Event *event, uint64_t lottery) {
        return signal->n_first < EXEMPLAR_FIRST_MAX || signal->n_sample < EXEMPLAR_SAMPLE_MAX ||
               time_order(event->time_us) <= time_order(signal->first[EXEMPLAR_FIRST_MAX - 1].time_us) ||
               lottery <= signal->sample[EXEMPLAR_SAMPLE_MAX - 1].lottery;
}

static void signal_add(const Ledger *ledger, Signal *signal, uint32_t source, const Event *event, uint32_t pattern) {
        SourceCount *of_source = count_of_source(signal, source);
        uint64_t lottery = ledger_lottery(ledger, source, event->offset);

        signal->count++;
        signal->level = MAX(signal->level, event->level);
        of_source->count++;
        if (event->time_us == TIME_NONE) {
                signal->n_untimed++;
                series_add(&signal->by_line, (uint32_t)MIN(event->line, UINT32_MAX), 1);
        } else {
                series_add(&signal->series, series_second(event->time_us), 1);
                widen_span(&of_source->first_us, &of_source->last_us, event->time_us, event->time_us);
        }
        if (may_be_exemplar(signal, event, lottery)) {
                Exemplar exemplar = {
                        .time_us = event->time_us,
                        .source = source,
                        .offset = event->offset,
                        .line = event->line,
                        .lottery = lottery,
                        .level = event->level,
                };
                keep_exemplar(ledger, signal, event, pattern, &exemplar);
        }
}

/* --- the bounded table of shapes --- */

static bool is_shape(const Signal *signal) {
        return signal->pattern_id == NULL;
}

/* Bad news first, then by hash: an order that depends on the shape alone, for a shape has one level. */
static int compare_for_eviction(const void *a, const void *b) {
        const Signal *one = *(const Signal *const *)a, *two = *(const Signal *const *)b;
        int order = COMPARE(two->level >= LEVEL_WARNING, one->level >= LEVEL_WARNING);

        return order ? order : COMPARE(one->key, two->key);
}

static void cut_shapes(Ledger *ledger) {
        g_autoptr(GPtrArray) shapes = g_ptr_array_new();
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (is_shape(value))
                        g_ptr_array_add(shapes, value);
        g_ptr_array_sort(shapes, compare_for_eviction);
        for (guint i = LEDGER_SHAPES_MAX; i < shapes->len; i++)
                g_hash_table_remove(ledger->signals, &((Signal *)shapes->pdata[i])->key);
        ledger->n_shapes = MIN(shapes->len, LEDGER_SHAPES_MAX);
        memset(ledger->recent, 0, sizeof(ledger->recent));
}

void ledger_insert(Ledger *ledger, Signal *signal) {
        g_hash_table_insert(ledger->signals, &signal->key, signal);
        if (is_shape(signal) && ++ledger->n_shapes > LEDGER_SHAPES_MAX * SHAPES_SLACK)
                cut_shapes(ledger);
}

/* --- adding --- */

static void free_record(void *record) {
        record_free(record);
}

Ledger *ledger_new(const Patterns *patterns, const GPtrArray *names, LedgerDescribe describe, LedgerLocate locate, void *data) {
        Ledger *ledger = g_new0(Ledger, 1);

        ledger->patterns = patterns;
        ledger->describe = describe;
        ledger->locate = locate;
        ledger->locate_data = data;
        ledger->sources = g_ptr_array_new_with_free_func(free_record);
        for (guint i = 0; i < names->len; i++)
                g_ptr_array_add(ledger->sources, record_new(names->pdata[i]));
        ledger->signals = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, signal_free);
        ledger->by_pattern = g_new0(Signal *, patterns->items->len);
        return ledger;
}

void ledger_free(Ledger *ledger) {
        g_hash_table_unref(ledger->signals);
        g_ptr_array_unref(ledger->sources);
        g_free(ledger->by_pattern);
        series_clear(&ledger->errors);
        series_clear(&ledger->all);
        g_free(ledger);
}

SourceRecord *ledger_source(Ledger *ledger, uint32_t source) {
        return &((Record *)ledger->sources->pdata[source])->record;
}

uint32_t ledger_n_sources(const Ledger *ledger) {
        return ledger->sources->len;
}

static void record_add(SourceRecord *record, const Event *event, bool matched) {
        record->events++;
        record->by_level[event->level]++;
        record->with_level += event->level != LEVEL_NONE;
        record->with_time += event->time_us != TIME_NONE;
        record->inherited_time += event->time_us != TIME_NONE && event->time_inherited;
        record->matched += matched;
        record->cut += event->cut;
        widen_span(&record->first_us, &record->last_us, event->time_us, event->time_us);
}

static Signal *signal_of_pattern(Ledger *ledger, uint32_t index) {
        const Pattern *pattern = ledger->patterns->items->pdata[index];

        if (!ledger->by_pattern[index]) {
                ledger->by_pattern[index] = signal_new(hash_bytes(pattern->id) | KEY_PATTERN, pattern->id);
                ledger_insert(ledger, ledger->by_pattern[index]);
        }
        return ledger->by_pattern[index];
}

static Signal *signal_of_shape(Ledger *ledger, uint64_t shape, const Event *event) {
        uint64_t key = shape & ~KEY_PATTERN;
        Signal **recent = &ledger->recent[key % RECENT_SHAPES], *signal = *recent;

        if (signal && signal->key == key)
                return signal;
        signal = g_hash_table_lookup(ledger->signals, &key);
        if (!signal) {
                signal = signal_new(key, NULL);
                signal->level = event->level;
                signal->status = event->status;
                ledger_insert(ledger, signal);
                /* The table may have been cut back, and this shape with it. */
                signal = g_hash_table_lookup(ledger->signals, &key);
        }
        *recent = signal;
        return signal;
}

static char *clean_copy(Str line) {
        GString *text = g_string_sized_new(line.len + 1);

        append_clean(text, line);
        return g_string_free(text, FALSE);
}

void ledger_flush(Ledger *ledger, uint32_t source) {
        Record *record = ledger->sources->pdata[source];
        const Latest *l = &record->latest;

        if (l->count > 0)
                trail_add(&record->record.trail, (Step){ l->second, l->count, l->offset, l->line, l->time_us, l->level, clean_copy(first_line_of(l->text)) });
        record->latest.count = 0;
}

static void follow(Ledger *ledger, uint32_t source, const Event *event) {
        Record *record = ledger->sources->pdata[source];
        uint32_t second = series_second(event->time_us), count = record->latest.count;

        if (count > 0 && record->latest.second != second) {
                ledger_flush(ledger, source);
                count = 0;
        }
        record->latest = (Latest){ second, count + 1, event->offset, event->line, event->time_us, event->level,
                                   str_slice(event->head, 0, TRAIL_TEXT_BYTES) };
}

void ledger_add(Ledger *ledger, uint32_t source, const Event *event, uint64_t shape, const uint32_t *matches,
                size_t n_matches) {
        record_add(ledger_source(ledger, source), event, n_matches > 0);
        if (event->time_us != TIME_NONE) {
                series_add(&ledger->all, series_second(event->time_us), 1);
                follow(ledger, source, event);
                if (event->level >= LEVEL_ERROR)
                        series_add(&ledger->errors, series_second(event->time_us), 1);
        }
        for (size_t i = 0; i < n_matches; i++)
                signal_add(ledger, signal_of_pattern(ledger, matches[i]), source, event, matches[i]);
        if (n_matches == 0) {
                Signal *signal = signal_of_shape(ledger, shape, event);
                ledger->n_shape_events++;
                if (signal)
                        signal_add(ledger, signal, source, event, UINT32_MAX);
        }
}

/* --- merging --- */

static void take_text(char **mine, const char *other) {
        if (**mine != '\0' || *other == '\0')
                return;
        g_free(*mine);
        *mine = g_strdup(other);
}

static void record_merge(SourceRecord *record, const SourceRecord *other) {
        if (!g_str_equal(other->compression, "none")) {
                g_free(record->compression);
                record->compression = g_strdup(other->compression);
        }
        take_text(&record->layout, other->layout);
        take_text(&record->zone, other->zone);
        take_text(&record->zone_from, other->zone_from);
        take_text(&record->year_from, other->year_from);
        if (!record->note)
                record->note = g_strdup(other->note);
        for (guint i = 0; i < other->problems->len; i++)
                g_ptr_array_add(record->problems, g_strdup(other->problems->pdata[i]));
        record->bytes += other->bytes;
        record->lines += other->lines;
        record->events += other->events;
        record->with_time += other->with_time;
        record->inherited_time += other->inherited_time;
        record->with_level += other->with_level;
        record->matched += other->matched;
        record->cut += other->cut;
        for (unsigned i = 0; i < N_LEVELS; i++)
                record->by_level[i] += other->by_level[i];
        widen_span(&record->first_us, &record->last_us, other->first_us, other->last_us);
        trail_merge(&record->trail, &other->trail);
}

/* For each source of @other its index here; sources that are new are added. */
static uint32_t *merge_sources(Ledger *ledger, const Ledger *other) {
        g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);
        uint32_t *map = g_new(uint32_t, other->sources->len + 1);

        for (guint i = 0; i < ledger->sources->len; i++)
                g_hash_table_insert(index, record_at(ledger, i)->record.name, GUINT_TO_POINTER(i + 1));
        for (guint i = 0; i < other->sources->len; i++) {
                const Record *theirs = record_at(other, i);
                guint known = GPOINTER_TO_UINT(g_hash_table_lookup(index, theirs->record.name));
                if (known == 0) {
                        g_ptr_array_add(ledger->sources, record_new(theirs->record.name));
                        known = ledger->sources->len;
                }
                map[i] = known - 1;
                record_merge(ledger_source(ledger, map[i]), &theirs->record);
        }
        return map;
}

static void merge_exemplars(const Ledger *ledger, Exemplar *kept, unsigned *n, unsigned max, const Exemplar *other,
                            unsigned n_other, const uint32_t *map, ExemplarOrder order) {
        for (unsigned i = 0; i < n_other; i++) {
                Exemplar moved = other[i];
                unsigned at;

                moved.source = map[other[i].source];
                at = rank_among(ledger, kept, *n, max, &moved, order);
                if (at < max)
                        insert_at(kept, n, max, at, exemplar_copy(&moved));
        }
}

static void signal_merge(const Ledger *ledger, Signal *signal, const Signal *other, const uint32_t *map) {
        const char *shape = signal->n_first > 0 ? signal->first[0].text : NULL;

        signal->count += other->count;
        signal->n_untimed += other->n_untimed;
        signal->level = MAX(signal->level, other->level);
        signal->status = other->status;
        series_merge(&signal->series, &other->series);
        series_merge(&signal->by_line, &other->by_line);
        for (uint32_t i = 0; i < other->n_sources; i++) {
                SourceCount *mine = count_of_source(signal, map[other->sources[i].source]);
                mine->count += other->sources[i].count;
                widen_span(&mine->first_us, &mine->last_us, other->sources[i].first_us, other->sources[i].last_us);
        }
        merge_exemplars(ledger, signal->first, &signal->n_first, EXEMPLAR_FIRST_MAX, other->first, other->n_first, map,
                        compare_exemplars);
        merge_exemplars(ledger, signal->sample, &signal->n_sample, EXEMPLAR_SAMPLE_MAX, other->sample,
                        other->n_sample, map, compare_lottery);
        if (other->shape && signal->first[0].text != shape) {
                g_free(signal->shape);
                signal->shape = g_strdup(other->shape);
        }
}

static void bind_pattern(Ledger *ledger, Signal *signal) {
        for (guint i = 0; i < ledger->patterns->items->len; i++) {
                const Pattern *pattern = ledger->patterns->items->pdata[i];
                if (g_str_equal(pattern->id, signal->pattern_id))
                        ledger->by_pattern[i] = signal;
        }
}

void ledger_merge(Ledger *ledger, const Ledger *other) {
        g_autofree uint32_t *map = merge_sources(ledger, other);
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, other->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const Signal *theirs = value;
                Signal *mine = g_hash_table_lookup(ledger->signals, &theirs->key);

                if (!mine) {
                        mine = signal_new(theirs->key, theirs->pattern_id);
                        mine->level = theirs->level;
                        ledger_insert(ledger, mine);
                        mine = g_hash_table_lookup(ledger->signals, &theirs->key);
                        if (!mine)
                                continue;
                        if (!is_shape(mine))
                                bind_pattern(ledger, mine);
                }
                signal_merge(ledger, mine, theirs, map);
        }
        ledger->n_shape_events += other->n_shape_events;
        series_merge(&ledger->errors, &other->errors);
        series_merge(&ledger->all, &other->all);
}

/* --- the view --- */

static int compare_names(const void *a, const void *b, void *data) {
        const Ledger *ledger = data;

        return strcmp(record_at(ledger, *(const uint32_t *)a)->record.name,
                      record_at(ledger, *(const uint32_t *)b)->record.name);
}

/* Puts the sources in order of their names and returns for each old index the new one. */
static uint32_t *sort_sources(Ledger *ledger) {
        uint32_t n = ledger->sources->len;
        g_autofree uint32_t *order = g_new(uint32_t, n + 1);
        uint32_t *rank = g_new(uint32_t, n + 1);
        g_autofree void **sorted = g_new(void *, n + 1);

        for (uint32_t i = 0; i < n; i++)
                order[i] = i;
        if (n > 1)
                g_qsort_with_data(order, (gint)n, sizeof(*order), compare_names, ledger);
        for (uint32_t i = 0; i < n; i++) {
                rank[order[i]] = i;
                sorted[i] = ledger->sources->pdata[order[i]];
        }
        for (uint32_t i = 0; i < n; i++)
                ledger->sources->pdata[i] = sorted[i];
        return rank;
}

static int compare_source_counts(const void *a, const void *b) {
        const SourceCount *one = a, *two = b;

        return COMPARE(one->source, two->source);
}

static void signal_renumber(Signal *signal, const uint32_t *rank) {
        for (unsigned i = 0; i < signal->n_first; i++)
                signal->first[i].source = rank[signal->first[i].source];
        for (unsigned i = 0; i < signal->n_sample; i++)
                signal->sample[i].source = rank[signal->sample[i].source];
        for (uint32_t i = 0; i < signal->n_sources; i++)
                signal->sources[i].source = rank[signal->sources[i].source];
        if (signal->n_sources > 1)
                qsort(signal->sources, signal->n_sources, sizeof(SourceCount), compare_source_counts);
        signal->last_source = 0;
}

static int compare_keys(const void *a, const void *b) {
        return COMPARE((*(const Signal *const *)a)->key, (*(const Signal *const *)b)->key);
}

LedgerView *ledger_view(Ledger *ledger) {
        LedgerView *view = g_new0(LedgerView, 1);
        g_autofree uint32_t *rank = sort_sources(ledger);
        uint64_t kept = 0;
        GHashTableIter iter;
        void *value;

        cut_shapes(ledger);
        view->signals = g_ptr_array_new();
        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                signal_renumber(value, rank);
                g_ptr_array_add(view->signals, value);
                kept += is_shape(value) ? ((Signal *)value)->count : 0;
        }
        g_ptr_array_sort(view->signals, compare_keys);
        view->sources = g_ptr_array_new();
        for (uint32_t i = 0; i < ledger->sources->len; i++)
                g_ptr_array_add(view->sources, ledger_source(ledger, i));
        view->evicted = ledger->n_shape_events - kept;
        view->errors = ledger->errors;
        view->all = ledger->all;
        return view;
}

void ledger_view_free(LedgerView *view) {
        g_ptr_array_unref(view->sources);
        g_ptr_array_unref(view->signals);
        g_free(view);
}
