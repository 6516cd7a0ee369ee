/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/silence.h"

#include "diagnose/restated.h"

#include <math.h>

/* A silence that began so long before the incident is another story. */
#define SILENCE_EARLY_SECONDS 60.0

static double last_second(const Step *step) {
        return (double)step->time_us / 1e6;
}

/* A pause of a trail behind its step @i. */
static Pause pause_behind(const Trail *trail, uint32_t i, const Axis *axis) {
        bool last = i + 1 == trail->n;

        return (Pause){ .from = last_second(&trail->steps[i]), .to = last ? axis->end : trail->steps[i + 1].start, .to_the_end = last };
}

/* Late in an incident or at its end silence is no news: an error log falls silent when all is well again. */
static double latest(const Episode *episode) {
        return (episode->from + episode->to) / 2;
}

static bool is_near(const Pause *pause, const Episode *episode) {
        return pause->from >= episode->since - SILENCE_EARLY_SECONDS && pause->from <= latest(episode);
}

/* By the rate of the @events that came in @known seconds before it, none of which were further apart than @longest. */
static bool is_long_pause(const Pause *pause, uint64_t events, double known, double longest) {
        double length = pause->to - pause->from;

        return events >= SILENCE_EVENTS_MIN && known >= MAX(SILENCE_HISTORY_MIN, SILENCE_HISTORY_SHARE * length) && length >= SILENCE_SECONDS_MIN &&
               length * (double)events / MAX(known, 1) >= SILENCE_MISSING_MIN && length >= SILENCE_RATIO_MIN * longest;
}

static Silence *silence_new(uint32_t source, const Trail *trail, uint32_t i, const Pause *pause, double rate, double longest) {
        const Step *step = &trail->steps[i];
        Silence *silence = g_new0(Silence, 1);

        silence->source = source;
        silence->from = pause->from;
        silence->to = pause->to;
        silence->ongoing = pause->to_the_end;
        silence->rate = rate;
        silence->longest_before = longest;
        silence->n_lines = 1;
        silence->lines[0] =
                (Exemplar){ .time_us = step->time_us, .source = source, .offset = step->offset, .line = step->line, .level = step->level, .text = step->text };
        silence->signal.key = source;
        return silence;
}

/* The longest silence of a source that is one and near the episode; NULL if there is none. */
static Silence *find_silence(uint32_t source, const Trail *trail, const Episode *episode, const Axis *axis) {
        double longest_before = 0, first = trail->n > 0 ? trail->steps[0].start : 0, known_until = first;
        Silence *found = NULL;
        uint64_t events = 0;

        for (uint32_t i = 0; i < trail->n; i++) {
                Pause pause = pause_behind(trail, i, axis);
                double length = pause.to - pause.from;

                if (trail->steps[i].start < episode->from) {
                        events += trail->steps[i].count;
                        known_until = MIN((double)trail->steps[i].start + trail_width(trail), episode->from);
                }
                if (is_long_pause(&pause, events, known_until - first, MAX(longest_before, trail_width(trail))) && is_near(&pause, episode) &&
                    (!found || length > found->to - found->from)) {
                        g_free(found);
                        found = silence_new(source, trail, i, &pause, (double)events / MAX(known_until - first, 1), longest_before);
                }
                longest_before = MAX(longest_before, length);
        }
        return found;
}

/* --- a regular line that stops --- */

/* Intervals between the events of a signal, as far as they are known. */
typedef struct Beat {
        unsigned n;
        double mean, deviation, longest;
} Beat;

/* Of the first @n buckets. */
static Beat beat_of(const Series *series, uint32_t n) {
        double sum = 0, squares = 0;
        Beat beat = { 0 };

        for (uint32_t i = 1; i < n; i++) {
                double interval = (double)series->buckets[i].start - series->buckets[i - 1].start;
                sum += interval;
                squares += interval * interval;
                beat.longest = MAX(beat.longest, interval);
                beat.n++;
        }
        if (beat.n == 0)
                return beat;
        beat.mean = sum / beat.n;
        beat.deviation = sqrt(MAX(squares / beat.n - beat.mean * beat.mean, 0));
        return beat;
}

static bool is_regular(const Beat *beat, const Series *series) {
        return beat->n >= BEAT_INTERVALS_MIN && beat->deviation <= BEAT_VARIATION_MAX * beat->mean && beat->mean >= 2.0 * series_width(series);
}

bool silence_was_regular(const Series *series, double second) {
        uint32_t n = 0;
        Beat beat;

        while (n < series->n && series->buckets[n].start < second)
                n++;
        beat = beat_of(series, n);
        return is_regular(&beat, series);
}

static int compare_times(const void *a, const void *b) {
        const Exemplar *one = a, *two = b;

        return (one->time_us > two->time_us) - (one->time_us < two->time_us);
}

/* Keeps the last lines of @signal before the silence. */
static void keep_lines(Silence *silence, const Signal *signal) {
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *e = signal_exemplar(signal, i);
                bool known = e->time_us == TIME_NONE || (double)e->time_us / 1e6 >= silence->from + 1;

                for (unsigned j = 0; j < silence->n_lines; j++)
                        known |= silence->lines[j].offset == e->offset && silence->lines[j].source == e->source;
                if (known)
                        continue;
                if (silence->n_lines < SILENCE_LINES_MAX)
                        silence->lines[silence->n_lines++] = *e;
                else if (e->time_us > silence->lines[0].time_us)
                        silence->lines[0] = *e;
                qsort(silence->lines, silence->n_lines, sizeof(Exemplar), compare_times);
        }
}

bool silence_find_pause(const Signal *signal, double from, double to, const Axis *axis, Pause *pause) {
        const Series *series = &signal->series;

        for (uint32_t i = BEAT_INTERVALS_MIN; i < series->n; i++) {
                bool last = i + 1 == series->n;
                double begin = series->buckets[i].start, end = last ? axis->end : series->buckets[i + 1].start;
                Beat beat;

                if (begin < from || begin > to || end - begin < SILENCE_SECONDS_MIN)
                        continue;
                beat = beat_of(series, i + 1);
                if (!is_regular(&beat, series) || end - begin < BEAT_MISSED_MIN * MAX(beat.mean, beat.longest))
                        continue;
                *pause = (Pause){ begin, end, last, beat.mean, beat.longest };
                return true;
        }
        return false;
}

/* NULL where there is none, or it goes on in other words. */
static Silence *find_beat(const Signal *signal, const Episode *episode, const LedgerView *view, const Axis *axis) {
        Silence *silence;
        Pause pause;

        if (!silence_find_pause(signal, episode->since - SILENCE_EARLY_SECONDS, latest(episode), axis, &pause) ||
            restated_by(signal, pause.from, RESTATED_BEATS_MAX * pause.beat, view))
                return NULL;
        silence = g_new0(Silence, 1);
        *silence = (Silence){ .of = signal,
                              .source = signal->sources[0].source,
                              .from = pause.from,
                              .to = pause.to,
                              .ongoing = pause.to_the_end,
                              .rate = 1 / pause.beat,
                              .longest_before = pause.longest,
                              .signal = { .key = signal->key } };
        keep_lines(silence, signal);
        return silence;
}

/* --- a frequent line that stops --- */

/* The first pause of @series that begins between @from and @to, with the rate of events before it; a rate of 0: there is none. */
static Silence find_stop(const Series *series, double from, double to, const Episode *episode, const Axis *axis) {
        double width = series_width(series), longest_before = 0;
        uint64_t events = 0;

        for (uint32_t i = 0; i < series->n && series->buckets[i].start <= to; i++) {
                bool last = i + 1 == series->n;
                Pause pause = { series->buckets[i].start + width, last ? axis->end : series->buckets[i + 1].start, last };
                double known = pause.from - series->buckets[0].start;

                events += series->buckets[i].count;
                if (pause.from >= from && is_long_pause(&pause, events, known, MAX(longest_before, width)) && is_near(&pause, episode))
                        return (Silence){
                                .from = pause.from, .to = pause.to, .ongoing = last, .rate = (double)events / known, .longest_before = longest_before
                        };
                longest_before = MAX(longest_before, pause.to - pause.from);
        }
        return (Silence){ 0 };
}

static double n_missing(const Silence *silence) {
        return silence->rate * (silence->to - silence->from);
}

/*
 * Of the lines of @source that are no bad news, nor answers, which end when nobody asks, the one that is missed most from some time between @from and
 * @to on; owned by the caller, or NULL.
 */
static Silence *find_missed(uint32_t source, double from, double to, const Episode *episode, const LedgerView *view, const Axis *axis) {
        Silence most = { 0 };

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                Silence found;

                if (signal->level >= LEVEL_WARNING || signal->status > 0 || signal->n_sources != 1 || signal->sources[0].source != source)
                        continue;
                found = find_stop(&signal->series, from, to, episode, axis);
                if (n_missing(&found) <= n_missing(&most) || restated_by(signal, found.from - 1, RESTATED_BEATS_MAX / found.rate + 1, view))
                        continue;
                most = found;
                most.of = signal;
                most.source = source;
                most.signal.key = signal->key;
        }
        if (!most.of)
                return NULL;
        if (most.ongoing)
                most.from = MIN(most.from, (double)most.of->sources[0].last_us / 1e6);
        keep_lines(&most, most.of);
        return g_memdup2(&most, sizeof(most));
}

/* One that stopped so long before the first error, or what that tells of, that it is no victim of what fails, and still is silent then. */
static Silence *find_frequent(uint32_t source, const Episode *episode, const LedgerView *view, const Axis *axis) {
        Silence *silence = find_missed(source, episode->since - SILENCE_EARLY_SECONDS, episode->since, episode, view, axis);
        double lead = silence ? episode->since - silence->from : 0;

        if (!silence || silence->to < episode->from || lead * silence->rate < FREQUENT_AHEAD_MIN || lead < FREQUENT_RATIO_MIN * silence->longest_before)
                g_clear_pointer(&silence, g_free);
        return silence;
}

Silence *silence_since(uint32_t source, double second, const Episode *episode, const LedgerView *view, const Axis *axis) {
        return find_missed(source, second - STOP_BEFORE_SECONDS, second + STOP_BEHIND_SECONDS, episode, view, axis);
}

/* --- all --- */

int64_t silence_last_heard_us(const Silence *silence) {
        const Exemplar *last = silence->n_lines > 0 ? &silence->lines[silence->n_lines - 1] : NULL;

        return last && last->time_us != TIME_NONE && (double)last->time_us / 1e6 >= silence->from - 1 ? last->time_us : (int64_t)(silence->from * 1e6);
}

bool silence_is_ahead(const Silence *silence, double second) {
        return (second - silence->from) * silence->rate >= (silence->of ? AHEAD_BEATS_MIN : AHEAD_EVENTS_MIN);
}

static bool is_silent(const GPtrArray *silences, uint32_t source) {
        for (guint i = 0; i < silences->len; i++)
                if (((const Silence *)silences->pdata[i])->source == source && !((const Silence *)silences->pdata[i])->of)
                        return true;
        return false;
}

/* A line that came often may have come in beats, too: that says more of it. */
static void drop_frequent(GPtrArray *silences, const Signal *of) {
        for (guint i = 0; i < silences->len; i++)
                if (((const Silence *)silences->pdata[i])->of == of) {
                        g_ptr_array_remove_index(silences, i);
                        return;
                }
}

static bool is_last_word(const Exemplar *line, const LedgerView *view) {
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                for (unsigned j = 0; signal->count <= LAST_WORD_EVENTS_MAX && j < signal->n_first; j++)
                        if (signal->first[j].source == line->source && signal->first[j].offset == line->offset)
                                return true;
        }
        return false;
}

GPtrArray *silences_find(const Episode *episode, const LedgerView *view, const Axis *axis) {
        GPtrArray *silences = g_ptr_array_new_with_free_func(g_free);

        for (guint i = 0; i < view->sources->len && !axis->by_line; i++) {
                const SourceRecord *source = view->sources->pdata[i];
                Silence *silence = find_silence(i, &source->trail, episode, axis);
                if (silence)
                        silence->last_word = is_last_word(&silence->lines[0], view);
                else
                        silence = find_frequent(i, episode, view, axis);
                if (silence)
                        g_ptr_array_add(silences, silence);
        }
        for (guint i = 0; i < view->signals->len && !axis->by_line; i++) {
                const Signal *signal = view->signals->pdata[i];
                bool may = signal->level < LEVEL_WARNING && signal->status == 0 && signal->n_sources == 1 && !is_silent(silences, signal->sources[0].source);
                Silence *silence = may ? find_beat(signal, episode, view, axis) : NULL;
                if (!silence)
                        continue;
                drop_frequent(silences, signal);
                g_ptr_array_add(silences, silence);
        }
        return silences;
}
