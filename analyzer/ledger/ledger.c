/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "base/hot.h"
#include "ledger/ledger_private.h"
#include "ledger/ledger_rows.h"

/* What is kept of each shape while there are at most so many. */
static const struct {
        uint32_t n_shapes;
        Room room;
} ROOMS[] = {
        { 1024, { EXEMPLAR_FIRST_MAX, EXEMPLAR_SAMPLE_MAX, ROWS_MAX } },
        { 4096, { EXEMPLAR_FIRST_MAX, 2, ROWS_MAX / 4 } },
        { UINT32_MAX, { 1, 1, 3 } },
};

/* --- shapes --- */

GPtrArray *ledger_signals(const Ledger *ledger) {
        GPtrArray *signals = g_ptr_array_new();
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, ledger->known);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                g_ptr_array_add(signals, value);
        shape_table_list(&ledger->shapes, signals);
        shape_table_list(&ledger->coarse, signals);
        return signals;
}

GPtrArray *ledger_steal_signals(Ledger *ledger) {
        GPtrArray *signals = ledger_signals(ledger);

        g_hash_table_steal_all(ledger->known);
        shape_table_forget(&ledger->shapes);
        shape_table_forget(&ledger->coarse);
        for (guint i = 0; i < patterns_n(ledger->patterns); i++)
                ledger->by_pattern[i] = NULL;
        return signals;
}

/* With more shapes there is less room for each. */
static void fit_room(Ledger *ledger) {
        const Room *room = &ROOMS[0].room;
        g_autoptr(GPtrArray) signals = NULL;

        for (size_t i = 1; i < G_N_ELEMENTS(ROOMS) && ledger->shapes.n > ROOMS[i - 1].n_shapes; i++)
                room = &ROOMS[i].room;
        if (room->rows >= ledger->room.rows)
                return;
        ledger->room = *room;
        signals = ledger_signals(ledger);
        for (guint i = 0; i < signals->len; i++)
                if (is_shape(signals->pdata[i]))
                        signal_trim(room, signals->pdata[i]);
}

static Signal *shape_new(uint64_t key, uint64_t coarse_key, Level level, unsigned status) {
        Signal *signal = signal_new(key, NULL);

        signal->coarse_key = coarse_key;
        signal->level = level;
        signal->status = status;
        return signal;
}

/* The signal that stands for the shapes with the key @coarse; NULL if there are too many of those too. */
static Signal *signal_of_coarse(Ledger *ledger, uint64_t coarse, Level level, unsigned status) {
        Signal *signal = shape_table_find(&ledger->coarse, coarse);

        if (signal || shape_table_is_beyond(&ledger->coarse, shape_rank(level, coarse)))
                return signal;
        signal = shape_new(coarse, 0, level, status);
        ledger_insert(ledger, signal);
        return signal;
}

/* Counts @signal under its coarse shape, and frees it. */
static void evict(Ledger *ledger, Signal *signal) {
        Signal *coarse = signal_of_coarse(ledger, signal->coarse_key, signal->level, signal->status);

        if (coarse)
                signal_take(ledger, coarse, signal);
        signal_free(signal);
}

void ledger_insert(Ledger *ledger, Signal *signal) {
        Signal *gone = NULL;

        if (!is_shape(signal)) {
                g_hash_table_insert(ledger->known, &signal->key, signal);
                return;
        }
        signal_trim(&ledger->room, signal);
        if (is_coarse(signal)) {
                gone = shape_table_put(&ledger->coarse, signal);
                g_clear_pointer(&gone, signal_free);
        } else if ((gone = shape_table_put(&ledger->shapes, signal))) {
                evict(ledger, gone);
        } else {
                fit_room(ledger);
        }
}

/* --- adding --- */

Ledger *ledger_new(const Patterns *patterns, const GPtrArray *names, LedgerLocate locate, void *data) {
        Ledger *ledger = g_new0(Ledger, 1);

        ledger->patterns = patterns;
        ledger->locate = locate;
        ledger->locate_data = data;
        ledger->sources = g_ptr_array_new_with_free_func(record_free);
        for (guint i = 0; i < names->len; i++)
                ledger_add_source(ledger, names->pdata[i]);
        ledger->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, signal_free);
        shape_table_init(&ledger->shapes, LEDGER_SHAPES_MAX);
        shape_table_init(&ledger->coarse, LEDGER_COARSE_MAX);
        ledger->by_pattern = g_new0(Signal *, patterns_n(patterns));
        ledger->room = ROOMS[0].room;
        ledger->spent = g_ptr_array_new_with_free_func(signal_free);
        return ledger;
}

void ledger_free(Ledger *ledger) {
        g_ptr_array_unref(ledger->spent);
        g_hash_table_unref(ledger->known);
        shape_table_clear(&ledger->shapes);
        shape_table_clear(&ledger->coarse);
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
        if (event->time_us != TIME_NONE && !event->time_inherited) {
                TimeSpan *span = event->time_zoned ? &record->zoned : &record->unzoned;
                widen_span(&span->first_us, &span->last_us, event->time_us, event->time_us);
        }
}

static Signal *signal_of_pattern(Ledger *ledger, uint32_t index) {
        const char *id = patterns_at(ledger->patterns, index)->id;
        uint64_t key;

        if (ledger->by_pattern[index])
                return ledger->by_pattern[index];
        key = ledger_key_of_pattern(id);
        if (!g_hash_table_contains(ledger->known, &key))
                ledger_insert(ledger, signal_new(key, id));
        return ledger->by_pattern[index] = g_hash_table_lookup(ledger->known, &key);
}

static Signal *signal_of_shape(Ledger *ledger, const ShapeKey *shape, const Event *event) {
        Signal *signal;

        if (shape_table_is_beyond(&ledger->shapes, shape_rank(event->level, shape->key)))
                return signal_of_coarse(ledger, shape->coarse, event->level, event->status);
        signal = shape_table_find(&ledger->shapes, shape->key);
        if (!signal) {
                signal = shape_new(shape->key, shape->coarse, event->level, event->status);
                ledger_insert(ledger, signal);
        }
        return signal;
}

void ledger_flush(Ledger *ledger, uint32_t source) {
        Record *record = ledger->sources->pdata[source];
        const Latest *l = &record->latest;

        if (l->count > 0) {
                series_add(&ledger->all, l->second, l->count);
                trail_add(&record->record.trail, (Step){ l->second, l->count, l->offset, l->line, l->time_us, l->level, signal_line_copy(l->text) });
        }
        record->latest.count = 0;
}

static void follow(Ledger *ledger, uint32_t source, const Event *event) {
        Record *record = ledger->sources->pdata[source];
        uint32_t second = series_second(event->time_us), count = record->latest.count;

        if (count > 0 && record->latest.second != second) {
                ledger_flush(ledger, source);
                count = 0;
        }
        record->latest = (Latest){ second, count + 1, event->offset, event->line, event->time_us, event->level, str_slice(event->head, 0, TRAIL_TEXT_BYTES) };
}

HOT void ledger_add(Ledger *ledger, uint32_t source, const Event *event, const ShapeKey *shape, const uint32_t *matches, size_t n_matches) {
        size_t n_known = patterns_n_items(ledger->patterns, matches, n_matches);

        record_add(ledger_source(ledger, source), event, n_known > 0);
        if (event->time_us != TIME_NONE) {
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

Signal *ledger_find_like(const Ledger *ledger, const Signal *theirs) {
        if (!is_shape(theirs))
                return g_hash_table_lookup(ledger->known, &theirs->key);
        return shape_table_find(is_coarse(theirs) ? &ledger->coarse : &ledger->shapes, theirs->key);
}

/* To free a signal takes longer than to add it to another, and the program may end before that matters. */
static void spend(Ledger *ledger, Signal *signal) {
        if (ledger->spent->len < LEDGER_SHAPES_MAX)
                g_ptr_array_add(ledger->spent, signal);
        else
                signal_free(signal);
}

void ledger_take_signal(Ledger *ledger, Signal *theirs) {
        Signal *mine = ledger_find_like(ledger, theirs);

        if (mine) {
                signal_take(ledger, mine, theirs);
                spend(ledger, theirs);
        } else {
                ledger_insert(ledger, theirs);
        }
}

static void merge_totals(Ledger *ledger, const Ledger *other) {
        ledger->n_shape_events += other->n_shape_events;
        series_merge(&ledger->errors, &other->errors);
        series_merge(&ledger->all, &other->all);
}

/* True when the source i has another number than i. */
static bool is_other_order(const uint32_t *rank, uint32_t n) {
        for (uint32_t i = 0; i < n; i++)
                if (rank[i] != i)
                        return true;
        return false;
}

void ledger_merge(Ledger *ledger, const Ledger *other) {
        g_autofree uint32_t *map = ledger_merge_sources(ledger, other);
        g_autoptr(GPtrArray) theirs = ledger_signals(other);

        for (guint i = 0; i < theirs->len; i++) {
                Signal *copy = signal_copy(theirs->pdata[i]);
                signal_renumber(copy, map);
                ledger_take_signal(ledger, copy);
        }
        merge_totals(ledger, other);
}

void ledger_take(Ledger *ledger, Ledger *other) {
        g_autofree uint32_t *map = ledger_merge_sources(ledger, other);
        g_autoptr(GPtrArray) theirs = ledger_steal_signals(other);
        bool moved = is_other_order(map, other->sources->len);

        for (guint i = 0; i < theirs->len; i++) {
                if (moved)
                        signal_renumber(theirs->pdata[i], map);
                ledger_take_signal(ledger, theirs->pdata[i]);
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
        g_autoptr(GPtrArray) signals = ledger_signals(ledger);
        bool moved = is_other_order(rank, ledger->sources->len);
        uint64_t kept = 0;

        view->signals = g_ptr_array_new();
        view->terms = g_ptr_array_new();
        for (guint i = 0; i < signals->len; i++) {
                Signal *signal = signals->pdata[i];
                if (moved)
                        signal_renumber(signal, rank);
                signal_settle(ledger, signal);
                g_ptr_array_add(is_term(signal) ? view->terms : view->signals, signal);
                kept += is_shape(signal) ? signal->count : 0;
                view->coarse += is_coarse(signal) ? signal->count : 0;
        }
        g_ptr_array_sort(view->signals, compare_keys);
        g_ptr_array_sort(view->terms, compare_keys);
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
        g_ptr_array_unref(view->terms);
        g_free(view);
}
