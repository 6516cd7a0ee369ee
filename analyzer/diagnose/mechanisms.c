/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/mechanisms.h"

#include "diagnose/scope.h"

#include <math.h>

bool mechanisms_lasts(const Track *track, const Episode *episode) {
        double both = MIN(track->to, episode->to) - MAX(track->began, episode->from);
        double either = MAX(track->to, episode->to) - MIN(track->began, episode->from);

        return both >= LASTS_SHARE * MAX(either, 1);
}

/* When one of @changes was undone together with the end of the episode; 0: none was. */
static double undone_at(const GPtrArray *changes, const Episode *episode) {
        for (guint i = 0; i < changes->len; i++) {
                int64_t undone_us = ((const Change *)changes->pdata[i])->undone_us;
                if (undone_us != TIME_NONE && fabs((double)undone_us / 1e6 - episode->to) <= MAX(UNDONE_SECONDS, UNDONE_SHARE * episode_length(episode)))
                        return (double)undone_us / 1e6;
        }
        return 0;
}

/* That is how long it was in force. */
static void find_undone(const Ranking *ranking, Candidate *candidate) {
        double at = undone_at(candidate->changes, ranking->episode);

        candidate->undone = at > candidate->track.from;
        if (candidate->undone)
                candidate->track.to = at;
}

/* It is bad news when the source of a change no longer does what it did, for as long as the incident lasts. */
static void find_stopped(Ranking *ranking, Candidate *candidate) {
        uint32_t source = ranking_spokesman(candidate->changes)->evidence.exemplar->source;
        Silence *stopped = silence_since(source, candidate->track.from, ranking->episode, ranking->view, ranking->axis);

        if (!stopped)
                return;
        g_ptr_array_add(ranking->stops, stopped);
        if (mechanisms_lasts(&(Track){ .began = stopped->from, .to = stopped->to }, ranking->episode))
                candidate->stopped = stopped;
}

void mechanisms_find(Ranking *ranking) {
        for (guint i = 0; i < ranking->candidates->len && !ranking->axis->by_line; i++) {
                Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);

                if (candidate->kind != CAUSE_CHANGE)
                        continue;
                find_undone(ranking, candidate);
                find_stopped(ranking, candidate);
        }
}

static void note_scoped(Ranking *ranking, const Scope *scope) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);
                if (candidate->kind == CAUSE_CHANGE && scope_has(scope, ranking_spokesman(candidate->changes)->evidence.exemplar))
                        candidate->scoped = true;
        }
}

void mechanisms_find_scoped(Ranking *ranking, const GPtrArray *order) {
        for (guint i = 0, looked_at = 0; i < order->len && looked_at < SCOPES_MAX; i++) {
                const Candidate *trouble = order->pdata[i];
                Scope scope;

                if (trouble->kind == CAUSE_CHANGE || trouble->kind == CAUSE_SILENCE)
                        continue;
                looked_at++;
                scope = scope_of(&trouble->track, ranking->view);
                if (scope.words)
                        note_scoped(ranking, &scope);
                g_free(scope.words);
        }
}
