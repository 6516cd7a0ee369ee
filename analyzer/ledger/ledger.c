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

Ledger *ledger_new(const Patterns *patterns, const GPtrArray *names, LedgerDescribe describe, LedgerLocate locate, void *data) {
        Ledger *ledger = g_new0(Ledger, 1);

        ledger->patterns = patterns;
        ledger->describe = describe;
        ledger->locate = locate;
        ledger->locate_data = data;
        ledger->sources = g_ptr_array_new_with_free_func(record_free);
        for (guint i = 0; i < names->len; i++)
                ledger_add_source(ledger, names->pdata[i]);
        ledger->signals = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, signal_free);
        ledger->by_pattern = g_new0(Signal *, patterns_n(patterns));
        ledger->room = ROOMS[0].room;
        return ledger;
}

void ledger_free(Ledger *ledger) {
        g_hash_table_unref(ledger->signals);
        g_clear_pointer(&ledger->by_identity, g_hash_table_unref);
        g_ptr_array_unref(ledger->sources);
        g_free(ledger->by_pattern);
        series_clear(&ledger->errors);
        series_clear(&ledger->all);
        g_free(ledger);
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
                ledger->by_pattern[index] = signal_new(ledger_key_of_pattern(pattern->id), pattern->id);
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
        g_autofree uint32_t *map = ledger_merge_sources(ledger, other);
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, other->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                merge_signal(ledger, value, map);
        merge_totals(ledger, other);
}

void ledger_take(Ledger *ledger, Ledger *other) {
        g_autofree uint32_t *map = ledger_merge_sources(ledger, other);
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

static int compare_keys(const void *a, const void *b) {
        return COMPARE((*(const Signal *const *)a)->key, (*(const Signal *const *)b)->key);
}

static bool is_term(const Signal *signal) {
        return signal->pattern_id && g_str_has_prefix(signal->pattern_id, TERM_PREFIX);
}

LedgerView *ledger_view(Ledger *ledger) {
        LedgerView *view = g_new0(LedgerView, 1);
        g_autofree uint32_t *rank = ledger_sort_sources(ledger);
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
