/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/undone.h"

#include "diagnose/changes.h"

#include <math.h>

/* So many words of the change stand in the line that undid it. */
static unsigned count_named(const Change *change) {
        return changes_words_in(change, evidence_message(change->undone.exemplar));
}

static bool sets_the_same(const Change *one, const Change *other) {
        const Setting *mine, *theirs;

        if (one->settings->len == 0 || other->settings->len == 0 || one->evidence.exemplar->source != other->evidence.exemplar->source)
                return false;
        mine = &g_array_index(one->settings, Setting, 0);
        theirs = &g_array_index(other->settings, Setting, 0);
        return g_str_equal(mine->name, theirs->name) && g_str_equal(mine->value, theirs->value) && g_str_equal(mine->was, theirs->was);
}

void undone_share(const GPtrArray *changes) {
        for (guint i = 0; i < changes->len; i++)
                for (guint j = 0; j < changes->len; j++) {
                        Change *one = changes->pdata[i], *other = changes->pdata[j];
                        if (one->undone.exemplar && one->undone.exemplar == other->undone.exemplar && sets_the_same(one, other) &&
                            count_named(one) < count_named(other)) {
                                one->undone = (Evidence){ 0 };
                                one->undone_us = TIME_NONE;
                                one->spared = true;
                                break;
                        }
                }
}

bool undone_in_vain(const Change *change, const Incident *incident, const Series *errors) {
        int64_t at = change->undone_us / 1000000, later = at + (int64_t)REFUTED_DELAY + incident->age_us / 1000000, span = (int64_t)REFUTED_SECONDS;

        if (change->undone_us == TIME_NONE || change->undone_us + incident->age_us >= incident->end_us - (int64_t)((REFUTED_DELAY + REFUTED_SECONDS) * 1e6))
                return false;
        if (change->undone_us < incident->onset_us)
                return true;
        return (double)series_between(errors, later, later + span) >= REFUTED_RATE * (double)series_between(errors, at - span, at);
}

bool undone_at_end(const Change *change, double from, double to, double age) {
        double early = to - (double)change->undone_us / 1e6, slack = MAX(UNDONE_SECONDS, UNDONE_SHARE * (to - from));
        double delay = from - (double)change->evidence.time_us / 1e6;
        bool slowly = delay > UNDONE_SECONDS && delay <= UNDONE_DELAY_MAX && early > 0 && early <= slack + delay;

        return change->undone_us != TIME_NONE && (fabs(early) <= slack || fabs(early - age) <= slack || slowly);
}
