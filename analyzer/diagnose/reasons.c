/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/reasons.h"

#include "diagnose/changes.h"
#include "diagnose/kinds.h"
#include "diagnose/scope.h"

#include <math.h>
#include <string.h>

/* --- what a suspect is called --- */

char *reasons_id(const Ranking *ranking, const Candidate *candidate) {
        const Silence *silence = candidate->silence;

        if (silence && !silence->of)
                return g_strdup_printf("silence/%s", ((const SourceRecord *)ranking->view->sources->pdata[silence->source])->name);
        if (candidate->track.pattern)
                return g_strdup(candidate->track.pattern->id);
        return g_strdup_printf("%s/%016" G_GINT64_MODIFIER "x", silence ? "silence" : "template", candidate->track.signal->key);
}

/* By its shape; a pattern's title would say the opposite of what it is about. */
static char *words_of_stopped(const Signal *signal) {
        const Exemplar *line = &signal->first[0];

        if (signal->shape)
                return g_strdup(signal->shape);
        return g_strndup(line->text + line->message_at, line->message_len ? line->message_len : strlen(line->text));
}

static char *title_of_stopped(const Signal *signal) {
        g_autofree char *words = words_of_stopped(signal);

        return g_strdup_printf("No more: %s", words);
}

#define TITLE_BYTES_MAX 120

/* What a pattern knows otherwise has no template: then a line speaks for itself. */
static char *title_of_signal(const Candidate *candidate) {
        const Track *track = &candidate->track;
        const Facet *facet = candidate->facet;

        if (track->pattern)
                return g_strdup(track->pattern->title);
        if ((!track->signal->shape || *track->signal->shape == '\0') && facet && facet->n_evidence > 0)
                return str_dup(str_trim(str_slice(evidence_message(facet->evidence[0]), 0, TITLE_BYTES_MAX)));
        return g_strdup(track->signal->shape ? track->signal->shape : "");
}

char *reasons_title(const Ranking *ranking, const Candidate *candidate) {
        if (candidate->kind == CAUSE_SILENCE) {
                if (candidate->silence->of)
                        return title_of_stopped(candidate->silence->of);
                g_autofree char *name = g_path_get_basename(((const SourceRecord *)ranking->view->sources->pdata[candidate->silence->source])->name);
                return g_strdup_printf("%s falls silent", name);
        }
        g_autofree char *title = title_of_signal(candidate);
        return candidate->facet ? g_strdup_printf("%s (%s)", title, candidate->facet->words) : g_steal_pointer(&title);
}

/* --- what speaks for it --- */

static void add_why(GArray *list, Factor factor, double value, char *text) {
        Why why = { factor_name(factor), value, factor_weight(factor), text };

        g_array_append_val(list, why);
}

static char *words_of_shifted(const Facet *facet) {
        g_autoptr(GString) text = g_string_new("a change, and its own log says ");

        if (facet->kind == FACET_UNUSUAL || facet->kind == FACET_BUSIER) {
                g_autofree char *words = words_of_stopped(facet->track.signal);
                g_string_append_printf(text, "\"%s\" from then on, %s", words, facet->words);
                g_string_replace(text, "<*>", "…", 0);
        } else {
                g_string_append_printf(text, "otherwise from then on: %s", facet->words);
        }
        return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Whose line stops: its own log, that of what it names, or another. */
static const char *where_stopped(const Candidate *candidate) {
        const Change *change = ranking_spokesman(candidate->changes);

        if (changes_is_where(change, candidate->stopped->of))
                return "its log";
        return changes_names(change, candidate->stopped->of) ? "the log of what it names" : "another log";
}

static char *words_of_nature(const Candidate *candidate) {
        const Track *track = &candidate->track;

        if (candidate->holds)
                return g_strdup("a change just before, by the process that is named as the holder of the lock");
        if (candidate->kind == CAUSE_CHANGE && ranking_spokesman(candidate->changes)->refuted)
                return g_strdup("a change, but it was undone, and the trouble went on");
        if (candidate->stopped) {
                g_autofree char *words = words_of_stopped(candidate->stopped->of);
                g_autoptr(GString) text = g_string_new(NULL);
                g_string_append_printf(text, "a change, and \"%s\" is missing in %s for %.0f s from then on", words, where_stopped(candidate),
                                       candidate->stopped->to - candidate->stopped->from);
                g_string_replace(text, "<*>", "…", 0);
                return g_string_free(g_steal_pointer(&text), FALSE);
        }
        if (candidate->shifted)
                return words_of_shifted(candidate->shifted);
        if (candidate->undone)
                return g_strdup("a change just before, changed again when it was over");
        if (candidate->raised)
                return g_strdup("a change just before, and a limit is reached behind it");
        if (candidate->other_unit)
                return g_strdup("a change just before, perhaps meant in another unit");
        if (candidate->scoped)
                return g_strdup("a change of where alone the trouble is");
        if (candidate->kind == CAUSE_CHANGE)
                return g_strdup("a change just before");
        if (candidate->kind == CAUSE_SILENCE)
                return candidate->silence->of
                               ? g_strdup_printf("every %.0f s before, no pause over %.0f s", 1 / candidate->silence->rate, candidate->silence->longest_before)
                               : g_strdup_printf("%.1f events a minute before, no pause over %.0f s", candidate->silence->rate * 60,
                                                 candidate->silence->longest_before);
        if (candidate->facet && candidate->facet->kind == FACET_JOB)
                return g_strdup_printf("a job: %s", candidate->facet->words);
        if (!track->pattern)
                return g_strdup(track->signal->status ? "an HTTP status, usually an effect" : "no pattern knows it");
        return g_strdup(track->pattern->role == ROLE_CAUSE ? "" : "usually an effect");
}

static char *words_of_newness(const Candidate *candidate) {
        const Track *track = &candidate->track;

        if (candidate->kind == CAUSE_CHANGE || candidate->kind == CAUSE_SILENCE)
                return g_strdup("");
        switch (track->kind) {
        case TRACK_NEW:
                if (track->expected >= 0)
                        return g_strdup("new (0 in the baseline)");
                if (track->earlier > 0)
                        return g_strdup_printf("new (0 before but in an earlier rise of %" G_GUINT64_FORMAT ")", (guint64)track->earlier);
                return g_strdup("new (0 before)");
        case TRACK_RISEN:
                if (track->expected >= 0)
                        return g_strdup_printf("risen (%.0f expected)", track->expected);
                return g_strdup_printf("risen (%" G_GUINT64_FORMAT " before)", (guint64)track->before);
        case TRACK_UNPLACED:
                return g_strdup("without times");
        default:
                return g_strdup_printf("%" G_GUINT64_FORMAT " in all", (guint64)track->signal->count);
        }
}

static char *words_of_change_lead(const Episode *episode, double lead, const char *unit) {
        double told = episode->from - episode->since;

        if (lead < 0.5)
                return g_strdup("within a second of the first sign");
        if (told >= AGE_SECONDS_MIN && fabs(lead - told) < lead)
                return g_strdup_printf("%.0f %s before the first sign, which speaks of the %.0f s before", lead, unit, told);
        return g_strdup_printf("%.0f %s before the first sign", lead, unit);
}

/* What a line has to do with the time before it that its beginning is counted from: a gauge may have changed at any moment of it. */
static const char *says_since(const Candidate *candidate) {
        if (candidate->facet && candidate->facet->sampled)
                return "may have been slow for";
        return candidate->facet && facet_is_gauge(candidate->facet) ? "changed within" : "speaks of";
}

/* Of a failure, behind the first of all, to the microsecond where there are times; of a change, behind the first sign. */
static double seconds_late(const Candidate *candidate, const Ranking *ranking) {
        if (candidate->kind == CAUSE_CHANGE)
                return candidate->track.from - ranking->first_sign;
        if (ranking->axis->by_line || candidate->track.onset_us == TIME_NONE)
                return candidate->track.from - ranking->episode->from;
        return (double)(candidate->track.onset_us - episode_onset_us(ranking->episode)) / 1e6;
}

static char *words_of_lead(const Candidate *candidate, const Ranking *ranking) {
        double late = seconds_late(candidate, ranking);
        double wait = candidate->track.from - candidate->track.began;
        const char *unit = ranking->axis->by_line ? "lines" : "s", *of_wait = says_since(candidate);

        if (candidate->track.kind == TRACK_UNPLACED)
                return g_strdup("");
        if (late < 0 && candidate->kind == CAUSE_CHANGE)
                return words_of_change_lead(ranking->episode, -late, unit);
        if (late <= 0)
                return wait >= AGE_SECONDS_MIN ? g_strdup_printf("earliest, and %s the %.0f s before", of_wait, wait) : g_strdup("earliest");
        if (late < 0.5)
                return g_strdup("within a second of the first sign");
        return wait >= 1 ? g_strdup_printf("%.0f %s after the first, and %s the %.0f s before", late, unit, of_wait, wait)
                         : g_strdup_printf("%.0f %s after the first", late, unit);
}

static char *words_of_effects(const Candidate *candidate) {
        if (candidate->kind == CAUSE_CHANGE || candidate->n_effects == 0)
                return g_strdup("");
        return g_strdup_printf("%u known effect%s", candidate->n_effects, candidate->n_effects > 1 ? "s follow" : " follows");
}

char *reasons_relation(const Candidate *candidate) {
        if (candidate->kind == CAUSE_SILENCE && candidate->echo_of)
                return g_strdup("after words that explain it");
        if (candidate->echo_of)
                return g_strdup_printf("the same events as %s", candidate->echo_of->pattern->id);
        if (candidate->victim_of)
                return g_strdup_printf("follows from %s", candidate->victim_of->pattern->id);
        if (candidate->filled)
                return g_strdup("a limit, and what may have filled it began before");
        if (candidate->forerun && candidate->value[FACTOR_VICTIM] < 1)
                return g_strdup("behind trouble that is no error in words");
        if (candidate->kind == CAUSE_PATTERN && kind_waits(candidate->track.pattern) && candidate->value[FACTOR_VICTIM] > 0)
                return g_strdup("waits for a lock whose holder is known");
        return g_strdup(candidate->value[FACTOR_VICTIM] > 0 ? "what users see of a change just before" : "");
}

void reasons_list(const Ranking *ranking, const Candidate *candidate, GArray *list) {
        const double *value = candidate->value;
        bool lasts = value[FACTOR_SPAN] > 0.5 && value[FACTOR_END] > 0.4;

        add_why(list, FACTOR_NEW, value[FACTOR_NEW], words_of_newness(candidate));
        add_why(list, FACTOR_LEAD, value[FACTOR_LEAD], words_of_lead(candidate, ranking));
        add_why(list, FACTOR_NATURE, value[FACTOR_NATURE], words_of_nature(candidate));
        add_why(list, FACTOR_SPAN, value[FACTOR_SPAN], g_strdup(lasts ? "lasts as long as the incident" : ""));
        add_why(list, FACTOR_END, value[FACTOR_END], g_strdup(""));
        add_why(list, FACTOR_COUNT, value[FACTOR_COUNT], g_strdup(""));
        add_why(list, FACTOR_EFFECTS, value[FACTOR_EFFECTS], words_of_effects(candidate));
        if (candidate->kind == CAUSE_PATTERN || candidate->kind == CAUSE_TEMPLATE) {
                Scope scope = scope_of(&candidate->track, ranking->view);
                if (scope.words)
                        add_why(list, FACTOR_SCOPE, 1 - scope.usual, scope.words);
        }
        /* What may have filled a limit in part is told where it lost. */
        add_why(list, FACTOR_VICTIM, value[FACTOR_VICTIM], value[FACTOR_VICTIM] >= 1 ? reasons_relation(candidate) : g_strdup(""));
}
