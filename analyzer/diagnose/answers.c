/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/answers.h"

#include "diagnose/scope.h"

/* Of requests that ended in some span. */
typedef struct Answers {
        double all, refused, failed;
} Answers;

/* A breaker that is open, or a backend that is gone, is no answer: another may have been found. */
static bool is_failed_answer(const Pattern *pattern) {
        static const char *const KINDS[] = { "http/server-error", "http/bad-gateway", "http/gateway-timeout", NULL };

        return pattern && g_strv_contains(KINDS, pattern->category->id);
}

/* A limit (429) is there to refuse. */
static void add(Answers *answers, unsigned status, double n) {
        answers->all += n;
        answers->refused += status >= 400 && status < 500 && status != 429 ? n : 0;
        answers->failed += status >= 500 ? n : 0;
}

bool answers_as_before(const Episode *episode, const Axis *axis, const LedgerView *view) {
        double length = MAX(episode->to - episode->from, 1), rest = MAX(axis->end - axis->start - length, 1);
        Answers inside = { 0 }, outside = { 0 };

        for (guint i = 0; i < episode->tracks->len; i++)
                if (is_failed_answer(((const Track *)episode->tracks->pdata[i])->pattern))
                        return false;
        for (guint i = 0; i < view->signals->len && !axis->by_line; i++) {
                const Signal *signal = view->signals->pdata[i];
                double n = signal->status > 0 ? (double)series_between(&signal->series, (int64_t)episode->from, (int64_t)episode->to) : 0;

                add(&inside, signal->status, n);
                add(&outside, signal->status, signal->status > 0 ? (double)signal->count - n : 0);
        }
        return inside.all >= ANSWERS_INSIDE_MIN && outside.all >= ANSWERS_OUTSIDE_MIN && inside.failed <= ANSWERS_FAILED_MAX * inside.all &&
               (episode->logins || inside.refused / inside.all <= ANSWERS_REFUSED_MAX * outside.refused / outside.all + ANSWERS_REFUSED_ADD) &&
               inside.all / length >= ANSWERS_RATE_MIN * outside.all / rest;
}

static double answers_between(const LedgerView *view, double from, double to) {
        double n = 0;

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (signal->status > 0)
                        n += (double)series_between(&signal->series, (int64_t)from, (int64_t)to);
        }
        return n;
}

/* What who asks rightly is told when something is wrong behind; scanners get others. */
static bool is_refusal(const Signal *signal) {
        static const unsigned STATUSES[] = { 401, 402, 403, 409, 410, 412, 422, 423 };

        for (size_t i = 0; i < G_N_ELEMENTS(STATUSES); i++)
                if (signal->status == STATUSES[i])
                        return !signal->pattern_id && signal->level < LEVEL_WARNING;
        return false;
}

/* What a log says meanwhile, of as many at least as half of the refusals, is about a few clients only. */
static bool is_of_few_clients(const GArray *tracks, const Track *refused) {
        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);
                if (track->from < refused->to && track->to > refused->from && 2 * track->inside >= refused->inside && scope_is_few_clients(track))
                        return true;
        }
        return scope_is_few_clients(refused);
}

bool answers_add_refused(GArray *tracks, const Axis *axis, const LedgerView *view) {
        guint n = tracks->len;

        for (guint i = 0; i < view->signals->len && !axis->by_line; i++) {
                const Signal *signal = view->signals->pdata[i];
                Track track;

                if (!is_refusal(signal) || signal->count < REFUSED_EVENTS_MIN || !track_of_calm(signal, axis, &track))
                        continue;
                if (track.inside >= REFUSED_EVENTS_MIN && track.to - track.from >= REFUSED_SECONDS_MIN && !is_of_few_clients(tracks, &track) &&
                    (double)track.inside >= REFUSED_SHARE_MIN * answers_between(view, track.from, track.to)) {
                        track.fails = true;
                        g_array_append_val(tracks, track);
                }
        }
        return tracks->len > n;
}
