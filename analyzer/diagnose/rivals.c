/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/rivals.h"

#include "diagnose/reasons.h"

#include <math.h>

/* A change that was made so near did not lose because of the time. */
#define NEAR_SECONDS 10.0

/* --- what decided, in words --- */

static char *against_nature(const Candidate *winner, const Candidate *loser) {
        const Pattern *pattern = loser->track.pattern;

        if (loser->kind == CAUSE_CHANGE)
                return g_strdup("a change, and others have words for what is wrong");
        if (loser->kind == CAUSE_SILENCE)
                return g_strdup("a silence, and others have words for what is wrong");
        if (pattern && pattern->role == ROLE_CAUSE)
                return g_strdup_printf("a failure of its kind (%s) is more often an effect", pattern->category->title);
        if (pattern || loser->track.signal->status >= 400)
                return g_strdup("usually an effect");
        return g_strdup(winner->track.pattern ? "no pattern knows it as a cause" : "its level and words say less of a cause");
}

static char *against_newness(const Candidate *loser) {
        const Track *track = &loser->track;

        if (track->before > 0)
                return g_strdup_printf("there before (%" G_GUINT64_FORMAT " events)", (guint64)track->before);
        return g_strdup_printf("only %" G_GUINT64_FORMAT " in all", (guint64)track->signal->count);
}

static char *against_lead(const Ranking *ranking, const Candidate *winner, const Candidate *loser) {
        double later = loser->track.began - winner->track.began;
        const char *unit = ranking->axis->by_line ? "lines" : "s";

        if (loser->kind == CAUSE_CHANGE && fabs(ranking->episode->from - loser->track.began) < NEAR_SECONDS)
                return g_strdup("nothing more is seen of it than that it was made");
        if (loser->kind == CAUSE_CHANGE)
                return loser->track.began < ranking->episode->from
                               ? g_strdup_printf("made %.0f %s before the first sign, which is long", ranking->episode->from - loser->track.began, unit)
                               : g_strdup("made after the first sign");
        if (loser->track.kind == TRACK_UNPLACED)
                return g_strdup("its lines have no times");
        return later >= 1 ? g_strdup_printf("began %.0f %s later", later, unit) : g_strdup("began a little later");
}

static char *against_effects(const Candidate *winner, const Candidate *loser) {
        if (winner->kind == CAUSE_CHANGE)
                return g_strdup("not all that followed is a known effect of it");
        return g_strdup_printf("%u known effect%s, not %u", loser->n_effects, loser->n_effects == 1 ? " follows" : "s follow", winner->n_effects);
}

static char *in_words(const Ranking *ranking, const Candidate *winner, const Candidate *loser, Factor factor) {
        switch (factor) {
        case FACTOR_NATURE:
                return against_nature(winner, loser);
        case FACTOR_NEW:
                return against_newness(loser);
        case FACTOR_LEAD:
                return against_lead(ranking, winner, loser);
        case FACTOR_EFFECTS:
                return against_effects(winner, loser);
        case FACTOR_VICTIM:
                return reasons_relation(loser);
        case FACTOR_SPAN:
                return g_strdup("spans less of the incident");
        case FACTOR_END:
                return g_strdup("does not end with the incident");
        case FACTOR_COUNT:
                return g_strdup("fewer events");
        case FACTOR_SCOPE:
        case N_FACTORS:
                break;
        }
        return g_strdup("");
}

/* --- who lost --- */

/* By how much a factor speaks for the first rather than for the second. */
static double difference(const Candidate *winner, const Candidate *loser, Factor factor) {
        return (winner->value[factor] - loser->value[factor]) * factor_weight(factor);
}

static bool is_trigger(const Candidate *loser, const Cause *cause) {
        for (guint i = 0; loser->changes && i < loser->changes->len; i++)
                if (g_ptr_array_find(cause->just_before, loser->changes->pdata[i], NULL))
                        return true;
        return false;
}

static Rival *make_rival(const Ranking *ranking, const Candidate *winner, const Candidate *loser, const Cause *cause) {
        Rival *rival = rival_new();
        Factor decisive = 0;

        for (Factor factor = 0; factor < N_FACTORS; factor++)
                if (difference(winner, loser, factor) > difference(winner, loser, decisive))
                        decisive = factor;
        rival->id = reasons_id(ranking, loser);
        rival->title = reasons_title(ranking, loser);
        rival->facet = loser->facet ? g_strdup(loser->facet->words) : NULL;
        rival->kind = loser->kind;
        rival->score = loser->score;
        rival->factor = factor_name(decisive);
        rival->difference = difference(winner, loser, decisive);
        rival->text = is_trigger(loser, cause) ? g_strdup("the change just before it, perhaps its trigger") : in_words(ranking, winner, loser, decisive);
        reasons_list(ranking, loser, rival->why);
        return rival;
}

static bool is_told(const GPtrArray *rivals, const char *id) {
        for (guint i = 0; i < rivals->len; i++)
                if (g_str_equal(((const Rival *)rivals->pdata[i])->id, id))
                        return true;
        return false;
}

void rivals_find(const Ranking *ranking, const GPtrArray *standing, const Candidate *winner, Cause *cause) {
        for (guint i = 0; i < standing->len && cause->why_not->len < RIVALS_MAX; i++) {
                const Candidate *loser = standing->pdata[i];
                Rival *rival;

                if (loser == winner)
                        continue;
                rival = make_rival(ranking, winner, loser, cause);
                if (g_str_equal(rival->id, cause->id) || is_told(cause->why_not, rival->id))
                        rival_free(rival);
                else
                        g_ptr_array_add(cause->why_not, rival);
        }
}
