/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/answers.h"

/* Of requests that ended in some span. */
typedef struct Answers {
        double all, refused, failed;
} Answers;

static bool is_failed_answer(const Pattern *pattern) {
        static const char *const KINDS[] = { "http/server-error", "http/bad-gateway", "http/gateway-timeout", NULL };

        return pattern && g_strv_contains(KINDS, pattern->category->id);
}

static void add(Answers *answers, unsigned status, double n) {
        answers->all += n;
        answers->refused += status >= 400 && status < 500 ? n : 0;
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
               inside.refused / inside.all <= ANSWERS_REFUSED_MAX * outside.refused / outside.all + ANSWERS_REFUSED_ADD &&
               inside.all / length >= ANSWERS_RATE_MIN * outside.all / rest;
}
