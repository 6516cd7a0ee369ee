/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/forerunners.h"

#include "diagnose/kinds.h"
#include "diagnose/natures.h"

static bool is_quiet_trouble(const Candidate *candidate, const Episode *episode) {
        FacetKind kind = candidate->facet ? candidate->facet->kind : FACET_VALUE;

        if (candidate->kind == CAUSE_SILENCE)
                return ranking_span(&candidate->track, episode) >= FORERUNNER_SPAN_MIN;
        return kind == FACET_SLOW || kind == FACET_TURNED || kind == FACET_EPOCH || kind == FACET_CLIMB || kind == FACET_HUGE;
}

static bool is_exception(const Candidate *candidate) {
        return candidate->track.pattern && kind_is_exception(candidate->track.pattern);
}

static bool may_follow(const Candidate *candidate) {
        if (candidate->kind == CAUSE_CHANGE || candidate->kind == CAUSE_SILENCE || (candidate->facet && !facet_is_gauge(candidate->facet)))
                return false;
        return !candidate->track.pattern || is_exception(candidate);
}

/* No program fails in its code because something is slow; what programs tell their developers turns all the time. */
static bool may_throw(const Candidate *trouble) {
        return trouble->facet && trouble->facet->kind != FACET_SLOW && !level_is_chatter(trouble->track.signal->level);
}

/* Until @track began; what one line tells to be far more than ever (of rows deleted, say) lasts in what it did. */
static bool goes_on_until(const Candidate *trouble, const Track *track) {
        return trouble->track.to >= track->from - FORERUNNER_END_SECONDS || (trouble->facet && trouble->facet->kind == FACET_HUGE);
}

static bool is_forerunner(const Candidate *trouble, const Candidate *candidate, const Episode *episode) {
        if (trouble == candidate || !is_quiet_trouble(trouble, episode) || (is_exception(candidate) && !may_throw(trouble)))
                return false;
        return trouble->track.began <= candidate->track.began - FORERUNNER_LEAD_SECONDS && goes_on_until(trouble, &candidate->track) &&
               nature_of(trouble, episode) >= FORERUNNER_NATURE_MIN;
}

bool forerunners_has(const Ranking *ranking, const Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len && may_follow(candidate); i++)
                if (is_forerunner(&g_array_index(ranking->candidates, Candidate, i), candidate, ranking->episode))
                        return true;
        return false;
}
