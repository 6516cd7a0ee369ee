/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/silence.h"

/* A silence that began so long before the incident is another story. */
#define SILENCE_EARLY_SECONDS 60.0

static double last_second(const Step *step) {
        return (double)step->time_us / 1e6;
}

/* A pause of a trail behind its step @i. */
typedef struct Pause {
        double from, to;
        bool to_the_end;
} Pause;

static Pause pause_behind(const Trail *trail, uint32_t i, const Axis *axis) {
        bool last = i + 1 == trail->n;

        return (Pause){ last_second(&trail->steps[i]), last ? axis->end : trail->steps[i + 1].start, last };
}

/* Late in an incident or at its end silence is no news: an error log falls silent when all is well again. */
static bool is_near(const Pause *pause, const Episode *episode) {
        return pause->from >= episode->from - SILENCE_EARLY_SECONDS && pause->from <= (episode->from + episode->to) / 2;
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
        silence->last = (Exemplar){ .time_us = step->time_us, .source = source, .offset = step->offset, .line = step->line,
                                    .level = step->level, .text = step->text };
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
                double length = pause.to - pause.from, rate, known = MAX(longest_before, trail_width(trail));

                if (trail->steps[i].start < episode->from) {
                        events += trail->steps[i].count;
                        known_until = MIN((double)trail->steps[i].start + trail_width(trail), episode->from);
                }
                rate = (double)events / MAX(known_until - first, 1);
                if (events >= SILENCE_EVENTS_MIN && known_until - first >= MAX(SILENCE_HISTORY_MIN, SILENCE_HISTORY_SHARE * length) && is_near(&pause, episode) && length >= SILENCE_SECONDS_MIN &&
                    length * rate >= SILENCE_MISSING_MIN && length >= SILENCE_RATIO_MIN * known && (!found || length > found->to - found->from)) {
                        g_free(found);
                        found = silence_new(source, trail, i, &pause, rate, longest_before);
                }
                longest_before = MAX(longest_before, length);
        }
        return found;
}

GPtrArray *silences_find(const Episode *episode, const LedgerView *view, const Axis *axis) {
        GPtrArray *silences = g_ptr_array_new_with_free_func(g_free);

        for (guint i = 0; i < view->sources->len && !axis->by_line; i++) {
                const SourceRecord *source = view->sources->pdata[i];
                Silence *silence = find_silence(i, &source->trail, episode, axis);
                if (silence)
                        g_ptr_array_add(silences, silence);
        }
        return silences;
}
