/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_private.h"

static bool is_moved(const LedgerMove *move, uint32_t source, int64_t time_us) {
        return source == move->source && time_us != TIME_NONE && time_us >= move->from_us && time_us < move->to_us;
}

static void move_time(const LedgerMove *move, uint32_t source, int64_t *time_us) {
        if (is_moved(move, source, *time_us))
                *time_us += move->by_us;
}

/* Whole seconds: also those in which it begins and ends. */
static int64_t first_second(const LedgerMove *move) {
        return move->from_us / 1000000;
}

static int64_t end_second(const LedgerMove *move) {
        return (move->to_us - 1) / 1000000 + 1;
}

static void move_series(const LedgerMove *move, Series *series) {
        series_move(series, first_second(move), end_second(move), move->by_us / 1000000);
}

static bool speaks_in(const Signal *signal, uint32_t source) {
        for (uint32_t i = 0; i < signal->n_sources; i++)
                if (signal->sources[i].source == source)
                        return true;
        return false;
}

/* A row names no source; what it says was said in the seconds of the move. */
static void move_rows(const LedgerMove *move, Signal *signal) {
        for (unsigned i = 0; i < signal->n_rows; i++) {
                int64_t second = signal->rows[i].second;
                if (second > 0 && second >= first_second(move) && second < end_second(move))
                        signal->rows[i].second = series_second(second * 1000000 + move->by_us);
        }
}

static void move_signal(const Ledger *ledger, const LedgerMove *move, Signal *signal) {
        move_series(move, &signal->series);
        for (unsigned i = 0; i < signal->n_first; i++)
                move_time(move, signal->first[i].source, &signal->first[i].time_us);
        for (unsigned i = 0; i < signal->n_sample; i++)
                move_time(move, signal->sample[i].source, &signal->sample[i].time_us);
        for (uint32_t i = 0; i < signal->n_sources; i++) {
                move_time(move, signal->sources[i].source, &signal->sources[i].first_us);
                move_time(move, signal->sources[i].source, &signal->sources[i].last_us);
        }
        for (uint32_t i = 0; i < signal->sightings.n; i++)
                move_time(move, signal->sightings.items[i].source, &signal->sightings.items[i].time_us);
        move_rows(move, signal);
        signal_sort_first(ledger, signal);
}

static void move_trail(const LedgerMove *move, Trail *trail) {
        Trail moved = { .max = trail->max, .shift = trail->shift };

        for (uint32_t i = 0; i < trail->n; i++) {
                Step step = trail->steps[i];
                if (is_moved(move, move->source, step.time_us)) {
                        step.time_us += move->by_us;
                        step.start = series_second(step.time_us);
                }
                trail_add(&moved, step);
        }
        g_free(trail->steps); /* their texts are in `moved` */
        *trail = moved;
}

void ledger_move(Ledger *ledger, const LedgerMove *move) {
        SourceRecord *record = ledger_source(ledger, move->source);
        g_autoptr(GPtrArray) signals = ledger_signals(ledger);

        for (guint i = 0; i < signals->len; i++)
                if (speaks_in(signals->pdata[i], move->source))
                        move_signal(ledger, move, signals->pdata[i]);
        move_series(move, &ledger->all);
        move_series(move, &ledger->errors);
        move_time(move, move->source, &record->unzoned.first_us);
        move_time(move, move->source, &record->unzoned.last_us);
        record->first_us = record->last_us = TIME_NONE;
        widen_span(&record->first_us, &record->last_us, record->zoned.first_us, record->zoned.last_us);
        widen_span(&record->first_us, &record->last_us, record->unzoned.first_us, record->unzoned.last_us);
        move_trail(move, &record->trail);
}
