/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "ledger/ledger_private.h"

/* A table of shapes may grow to so many times its bound, in percent, before it is cut back. */
#define SLACK_PERCENT 125

/* What is kept of each shape while there are at most so many. */
static const struct {
        uint32_t n_shapes;
        Room room;
} ROOMS[] = {
        { 1024, { EXEMPLAR_FIRST_MAX, EXEMPLAR_SAMPLE_MAX, ROWS_MAX } },
        { 4096, { EXEMPLAR_FIRST_MAX, 2, ROWS_MAX / 4 } },
        { UINT32_MAX, { 1, 1, 3 } },
};

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

/* --- the bounded table of shapes --- */

static bool is_bad(Level level) {
        return level >= LEVEL_WARNING;
}

/* Bad news first, then by hash: an order that depends on the shape alone, for a shape has one level. */
static int compare_for_eviction(const void *a, const void *b) {
        const Signal *one = *(const Signal *const *)a, *two = *(const Signal *const *)b;
        int order = COMPARE(is_bad(two->level), is_bad(one->level));

        return order ? order : COMPARE(one->key, two->key);
}

/* True when so many come before it that it cannot be among those that are kept in the end. */
static bool is_beyond(const Bound *bound, Level level, uint64_t key) {
        if (!bound->set)
                return false;
        return is_bad(level) == bound->bad ? key > bound->key : bound->bad;
}

static GPtrArray *sorted_shapes(const Ledger *ledger, bool coarse) {
        GPtrArray *shapes = g_ptr_array_new();
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (is_shape(value) && is_coarse(value) == coarse)
                        g_ptr_array_add(shapes, value);
        g_ptr_array_sort(shapes, compare_for_eviction);
        return shapes;
}

/* Keeps the first @max of @shapes and tells the bound; the others are left to the caller. */
static void set_bound(Bound *bound, const GPtrArray *shapes, guint max) {
        const Signal *last = shapes->len >= max ? shapes->pdata[max - 1] : NULL;

        if (last)
                *bound = (Bound){ true, is_bad(last->level), last->key };
}

static void cut_coarse(Ledger *ledger) {
        g_autoptr(GPtrArray) shapes = sorted_shapes(ledger, true);

        for (guint i = LEDGER_COARSE_MAX; i < shapes->len; i++)
                g_hash_table_remove(ledger->signals, &((Signal *)shapes->pdata[i])->key);
        shapes->len = MIN(shapes->len, LEDGER_COARSE_MAX);
        ledger->n_coarse = shapes->len;
        set_bound(&ledger->coarse_bound, shapes, LEDGER_COARSE_MAX);
        memset(ledger->recent, 0, sizeof(ledger->recent));
}

/* The signal that stands for the shapes with the key @coarse; NULL if there are too many of those too. */
static Signal *signal_of_coarse(Ledger *ledger, uint64_t coarse, Level level, unsigned status) {
        Signal *signal = g_hash_table_lookup(ledger->signals, &coarse);

        if (signal || is_beyond(&ledger->coarse_bound, level, coarse))
                return signal;
        signal = signal_new(coarse, NULL);
        signal->level = level;
        signal->status = status;
        ledger_insert(ledger, signal);
        return g_hash_table_lookup(ledger->signals, &coarse);
}

static void evict(Ledger *ledger, const Signal *signal) {
        Signal *coarse = signal_of_coarse(ledger, signal->coarse_key, signal->level, signal->status);

        if (coarse)
                signal_merge(ledger, coarse, signal, NULL);
        g_hash_table_remove(ledger->signals, &signal->key);
}

static void cut_shapes(Ledger *ledger) {
        g_autoptr(GPtrArray) shapes = sorted_shapes(ledger, false);

        set_bound(&ledger->bound, shapes, LEDGER_SHAPES_MAX);
        for (guint i = LEDGER_SHAPES_MAX; i < shapes->len; i++)
                evict(ledger, shapes->pdata[i]);
        ledger->n_shapes = MIN(shapes->len, LEDGER_SHAPES_MAX);
        memset(ledger->recent, 0, sizeof(ledger->recent));
}

/* With more shapes there is less room for each. */
static void fit_room(Ledger *ledger) {
        const Room *room = &ROOMS[0].room;
        GHashTableIter iter;
        void *value;

        for (size_t i = 1; i < G_N_ELEMENTS(ROOMS) && MIN(ledger->n_shapes, LEDGER_SHAPES_MAX) > ROOMS[i - 1].n_shapes; i++)
                room = &ROOMS[i].room;
        if (room->rows >= ledger->room.rows)
                return;
        ledger->room = *room;
        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                if (is_shape(value))
                        signal_trim(room, value);
}

void ledger_insert(Ledger *ledger, Signal *signal) {
        g_hash_table_insert(ledger->signals, &signal->key, signal);
        if (is_coarse(signal)) {
                if (++ledger->n_coarse > LEDGER_COARSE_MAX * SLACK_PERCENT / 100)
                        cut_coarse(ledger);
        } else if (is_shape(signal)) {
                ledger->n_shapes++;
                fit_room(ledger);
                if (ledger->n_shapes > LEDGER_SHAPES_MAX * SLACK_PERCENT / 100)
                        cut_shapes(ledger);
        }
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
        ledger->by_pattern = g_new0(Signal *, patterns_n(patterns));
        ledger->room = ROOMS[0].room;
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

uint32_t ledger_add_source(Ledger *ledger, const char *name) {
        g_ptr_array_add(ledger->sources, record_new(name));
        return ledger->sources->len - 1;
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
        const Pattern *pattern = patterns_at(ledger->patterns, index);

        if (!ledger->by_pattern[index]) {
                ledger->by_pattern[index] = signal_new(hash_bytes(pattern->id) | ~SHAPE_KEY_MASK, pattern->id);
                ledger_insert(ledger, ledger->by_pattern[index]);
        }
        return ledger->by_pattern[index];
}

static Signal *find_shape(Ledger *ledger, const ShapeKey *shape, const Event *event) {
        Signal *signal = g_hash_table_lookup(ledger->signals, &shape->key);

        if (signal)
                return signal;
        if (!is_beyond(&ledger->bound, event->level, shape->key)) {
                signal = signal_new(shape->key, NULL);
                signal->level = event->level;
                signal->status = event->status;
                signal->coarse_key = shape->coarse;
                ledger_insert(ledger, signal);
                /* The table may have been cut back, and this shape with it. */
                signal = g_hash_table_lookup(ledger->signals, &shape->key);
        }
        return signal ? signal : signal_of_coarse(ledger, shape->coarse, event->level, event->status);
}

static Signal *signal_of_shape(Ledger *ledger, const ShapeKey *shape, const Event *event) {
        Recent *recent = &ledger->recent[shape->key % RECENT_SHAPES];

        if (!recent->signal || recent->key != shape->key) {
                Signal *signal = find_shape(ledger, shape, event);
                *recent = (Recent){ shape->key, signal };
        }
        return recent->signal;
}

void ledger_flush(Ledger *ledger, uint32_t source) {
        Record *record = ledger->sources->pdata[source];
        const Latest *l = &record->latest;

        if (l->count > 0)
                trail_add(&record->record.trail, (Step){ l->second, l->count, l->offset, l->line, l->time_us, l->level, signal_line_copy(l->text) });
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

void ledger_add(Ledger *ledger, uint32_t source, const Event *event, const ShapeKey *shape, const uint32_t *matches,
                size_t n_matches) {
        size_t n_known = patterns_n_items(ledger->patterns, matches, n_matches);

        record_add(ledger_source(ledger, source), event, n_known > 0);
        if (event->time_us != TIME_NONE) {
                series_add(&ledger->all, series_second(event->time_us), 1);
                follow(ledger, source, event);
                if (event->level >= LEVEL_ERROR)
                        series_add(&ledger->errors, series_second(event->time_us), 1);
        }
        for (size_t i = 0; i < n_matches; i++)
                signal_add(ledger, signal_of_pattern(ledger, matches[i]), source, event, matches[i]);
        for (size_t i = n_known; i < n_matches; i++)
                signal_sight(ledger, signal_of_pattern(ledger, matches[i]), source, event);
        if (n_known == 0) {
                Signal *signal = signal_of_shape(ledger, shape, event);
                ledger->n_shape_events++;
                if (signal) {
                        signal_add(ledger, signal, source, event, UINT32_MAX);
                        rows_note(signal, event, shape->content, ledger->room.rows);
                }
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

static void bind_pattern(Ledger *ledger, Signal *signal) {
        for (guint i = 0; i < patterns_n(ledger->patterns); i++) {
                const Pattern *pattern = patterns_at(ledger->patterns, i);
                if (g_str_equal(pattern->id, signal->pattern_id))
                        ledger->by_pattern[i] = signal;
        }
}

/* The signal here that @theirs is to be added to; NULL if there is no room. */
static Signal *counterpart(Ledger *ledger, const Signal *theirs) {
        Signal *mine = g_hash_table_lookup(ledger->signals, &theirs->key);

        if (mine)
                return mine;
        if (is_coarse(theirs))
                return signal_of_coarse(ledger, theirs->key, theirs->level, theirs->status);
        if (is_shape(theirs) && is_beyond(&ledger->bound, theirs->level, theirs->key))
                return signal_of_coarse(ledger, theirs->coarse_key, theirs->level, theirs->status);
        mine = signal_new(theirs->key, theirs->pattern_id);
        mine->level = theirs->level;
        mine->coarse_key = theirs->coarse_key;
        ledger_insert(ledger, mine);
        mine = g_hash_table_lookup(ledger->signals, &theirs->key);
        if (!mine)
                return signal_of_coarse(ledger, theirs->coarse_key, theirs->level, theirs->status);
        if (!is_shape(mine))
                bind_pattern(ledger, mine);
        return mine;
}

static void merge_signal(Ledger *ledger, const Signal *theirs, const uint32_t *map) {
        Signal *mine = counterpart(ledger, theirs);

        if (mine)
                signal_merge(ledger, mine, theirs, map);
}

static void merge_totals(Ledger *ledger, const Ledger *other) {
        ledger->n_shape_events += other->n_shape_events;
        series_merge(&ledger->errors, &other->errors);
        series_merge(&ledger->all, &other->all);
}

void ledger_merge(Ledger *ledger, const Ledger *other) {
        g_autofree uint32_t *map = merge_sources(ledger, other);
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, other->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                merge_signal(ledger, value, map);
        merge_totals(ledger, other);
}

void ledger_take(Ledger *ledger, Ledger *other) {
        g_autofree uint32_t *map = merge_sources(ledger, other);
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, other->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                merge_signal(ledger, value, map);
                g_hash_table_iter_remove(&iter);
        }
        merge_totals(ledger, other);
        ledger_free(other);
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

static int compare_keys(const void *a, const void *b) {
        return COMPARE((*(const Signal *const *)a)->key, (*(const Signal *const *)b)->key);
}

static bool is_term(const Signal *signal) {
        return signal->pattern_id && g_str_has_prefix(signal->pattern_id, TERM_PREFIX);
}

LedgerView *ledger_view(Ledger *ledger) {
        LedgerView *view = g_new0(LedgerView, 1);
        g_autofree uint32_t *rank = sort_sources(ledger);
        uint64_t kept = 0, coarse = 0;
        GHashTableIter iter;
        void *value;

        cut_shapes(ledger);
        cut_coarse(ledger);
        view->signals = g_ptr_array_new();
        view->terms = g_ptr_array_new();
        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                signal_renumber(value, rank);
                signal_settle(ledger, value);
                g_ptr_array_add(is_term(value) ? view->terms : view->signals, value);
                kept += is_shape(value) ? ((Signal *)value)->count : 0;
                coarse += is_coarse(value) ? ((Signal *)value)->count : 0;
        }
        g_ptr_array_sort(view->signals, compare_keys);
        g_ptr_array_sort(view->terms, compare_keys);
        view->sources = g_ptr_array_new();
        for (uint32_t i = 0; i < ledger->sources->len; i++)
                g_ptr_array_add(view->sources, ledger_source(ledger, i));
        view->evicted = ledger->n_shape_events - kept;
        view->coarse = coarse;
        view->errors = ledger->errors;
        view->all = ledger->all;
        return view;
}

void ledger_view_free(LedgerView *view) {
        g_ptr_array_unref(view->sources);
        g_ptr_array_unref(view->signals);
        g_ptr_array_unref(view->terms);
        g_free(view);
}
