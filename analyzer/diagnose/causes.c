/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* strchrnul */

#include "diagnose/causes.h"

#include "diagnose/changes.h"
#include "diagnose/kinds.h"
#include "diagnose/mechanisms.h"
#include "diagnose/reasons.h"
#include "diagnose/rivals.h"
#include "diagnose/settings.h"
#include "diagnose/triggers.h"

#include <math.h>

/* --- evidence --- */

static void add_evidence(const Ranking *ranking, GArray *list, const Exemplar *exemplar) {
        Evidence evidence = evidence_of(ranking->view, exemplar);

        for (guint i = 0; i < list->len; i++)
                if (evidence_is_same(&g_array_index(list, Evidence, i), &evidence))
                        return;
        g_array_append_val(list, evidence);
}

static bool in_surge(const Track *track, const Exemplar *exemplar) {
        if (track->source != ALL_SOURCES && exemplar->source != track->source)
                return false;
        if (track->onset_us == TIME_NONE || exemplar->time_us == TIME_NONE)
                return true;
        return exemplar->time_us >= (int64_t)track->from * 1000000 && exemplar->time_us <= (int64_t)track->to * 1000000;
}

static int compare_evidence(const void *a, const void *b) {
        const Evidence *one = a, *two = b;

        if (one->time_us != two->time_us)
                return one->time_us < two->time_us ? -1 : 1;
        if (one->source != two->source)
                return strcmp(one->source, two->source);
        return one->offset < two->offset ? -1 : one->offset > two->offset;
}

static void collect_evidence(const Ranking *ranking, const Track *track, GArray *list) {
        const Signal *signal = track->signal;

        for (unsigned pass = 0; pass < 2 && list->len == 0; pass++) {
                for (unsigned i = 0; i < signal_n_exemplars(signal); i++)
                        if (pass == 1 || in_surge(track, signal_exemplar(signal, i)))
                                add_evidence(ranking, list, signal_exemplar(signal, i));
        }
        g_array_sort(list, compare_evidence);
        if (list->len > EVIDENCE_MAX)
                g_array_set_size(list, EVIDENCE_MAX);
}

/* --- causes --- */

static void add_source(GArray *sources, const SourceCount *count) {
        guint at = 0;

        while (at < sources->len && g_array_index(sources, SourceCount, at).source != count->source)
                at++;
        if (at == sources->len)
                g_array_append_val(sources, *count);
        else
                g_array_index(sources, SourceCount, at).count += count->count;
}

/* Of those that say @track as a whole, who says it while it lasts. */
static bool speaks_in(const SourceCount *count, const Track *track) {
        if (track->source != ALL_SOURCES)
                return track->source == count->source;
        return track->kind == TRACK_UNPLACED || count->first_us == TIME_NONE ||
               ((double)count->first_us / 1e6 <= track->to && (double)count->last_us / 1e6 >= track->from);
}

static void add_sources(GArray *sources, const Track *track) {
        for (uint32_t i = 0; i < track->signal->n_sources; i++)
                if (speaks_in(&track->signal->sources[i], track))
                        add_source(sources, &track->signal->sources[i]);
}

static bool has_fact(const GArray *facts, const char *name, const char *value) {
        for (guint i = 0; i < facts->len; i++) {
                const Fact *other = &g_array_index(facts, Fact, i);
                if (g_str_equal(other->name, name) && g_str_equal(other->value, value))
                        return true;
        }
        return false;
}

static void tell_settings(const Change *change, GArray *facts) {
        for (guint i = 0; i < change->settings->len && facts->len < SETTINGS_MAX; i++) {
                const Setting *setting = &g_array_index(change->settings, Setting, i);
                g_autofree char *value = g_strdup_printf("%s, %s before", setting->value, setting->was);

                if (!has_fact(facts, setting->name, value))
                        g_array_append_val(facts, ((Fact){ g_strdup(setting->name), g_steal_pointer(&value), 1 }));
        }
}

static void add_line(Cause *cause, const Change *change) {
        if (cause->evidence->len < EVIDENCE_MAX)
                g_array_append_val(cause->evidence, change->evidence);
}

/* "+retries = 0" of a difference, alone or behind who prints it ("p=44 u=ansible | +retries = 0"): what was changed itself. */
static bool is_of_difference(const Change *change) {
        Str message = evidence_message(change->evidence.exemplar);
        size_t bar = str_find(message, STR(" | "), 0);
        Str line = bar == SIZE_MAX ? message : str_slice(message, bar + 3, message.len);

        return line.len > 1 && strchr("+-", line.ptr[0]) && line.ptr[1] != line.ptr[0];
}

/* The line of the one that the title speaks of comes first, then those of what was changed. */
static void tell_changes(const Candidate *candidate, Cause *cause) {
        const Change *spokesman = ranking_spokesman(candidate->changes);

        add_line(cause, spokesman);
        for (guint i = 0; i < candidate->changes->len; i++)
                if (candidate->changes->pdata[i] != spokesman && is_of_difference(candidate->changes->pdata[i]))
                        add_line(cause, candidate->changes->pdata[i]);
        for (guint i = 0; i < candidate->changes->len; i++) {
                const Change *change = candidate->changes->pdata[i];
                SourceCount count = { change->evidence.exemplar->source, 1, change->evidence.time_us, change->evidence.time_us };

                add_source(cause->sources, &count);
                tell_settings(change, cause->facts);
                if (change != spokesman && !is_of_difference(change))
                        add_line(cause, change);
        }
}

static void tell_facet(const Ranking *ranking, const Facet *facet, Cause *cause) {
        for (unsigned i = 0; i < facet->n_evidence; i++)
                add_evidence(ranking, cause->evidence, facet->evidence[i]);
}

static void tell_silence(const Ranking *ranking, const Candidate *candidate, Cause *cause) {
        const Silence *silence = candidate->silence;
        int64_t last_us = silence->n_lines ? silence_last_heard_us(silence) : TIME_NONE;
        SourceCount count = { silence->source, 0, last_us, last_us };

        g_array_append_val(cause->sources, count);
        for (unsigned i = 0; i < silence->n_lines; i++)
                add_evidence(ranking, cause->evidence, &silence->lines[i]);
}

static Cause *make_cause(const Ranking *ranking, const Candidate *candidate) {
        const Track *track = &candidate->track;
        Cause *cause = cause_new();

        cause->id = reasons_id(ranking, candidate);
        cause->kind = candidate->kind;
        cause->role = track->pattern ? track->pattern->role : candidate->kind == CAUSE_CHANGE ? ROLE_CHANGE : ROLE_CAUSE;
        cause->title = reasons_title(ranking, candidate);
        cause->facet = candidate->facet ? g_strdup(candidate->facet->words) : NULL;
        cause->category = track->pattern ? track->pattern->category->id : "";
        cause->pattern = track->pattern;
        cause->signal = candidate->kind == CAUSE_TEMPLATE && !candidate->facet ? track->signal : NULL;
        cause->score = candidate->score;
        cause->onset_us = track->onset_us;
        cause->last_us = track->last_us;
        cause->count = track->kind == TRACK_UNPLACED ? track->signal->count : track->inside;
        cause->count_before = track->before;
        switch (candidate->kind) {
        case CAUSE_CHANGE:
                tell_changes(candidate, cause);
                break;
        case CAUSE_SILENCE:
                tell_silence(ranking, candidate, cause);
                break;
        case CAUSE_PATTERN:
        case CAUSE_TEMPLATE:
                add_sources(cause->sources, track);
                if (candidate->facet)
                        tell_facet(ranking, candidate->facet, cause);
                else
                        collect_evidence(ranking, track, cause->evidence);
                break;
        }
        reasons_list(ranking, candidate, cause->why);
        return cause;
}

static int compare_effects(const void *a, const void *b) {
        const Effect *one = a, *two = b;

        if (one->delay_us != two->delay_us)
                return one->delay_us < two->delay_us ? -1 : 1;
        return strcmp(one->id, two->id);
}

/* Of a change that is seen to work all that follows is thought to be an effect. */
static bool is_effect(const Candidate *candidate, const Candidate *other) {
        bool surges = other->track.kind == TRACK_NEW || other->track.kind == TRACK_RISEN;

        if (candidate->track.onset_us == TIME_NONE || other->track.onset_us == TIME_NONE)
                return false;
        if (candidate->kind != CAUSE_CHANGE)
                return ranking_explains(candidate, other);
        return mechanisms_shows(candidate) && other->kind == CAUSE_PATTERN && surges && !other->echo_of && other->track.onset_us >= candidate->track.onset_us;
}

/* Those that patterns know. */
static void collect_effects(const Ranking *ranking, const Candidate *candidate, Cause *cause) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                Effect effect;

                if (!is_effect(candidate, other))
                        continue;
                effect = (Effect){ other->track.pattern->id, other->track.pattern->title, other->track.onset_us - candidate->track.onset_us };
                g_array_append_val(cause->effects, effect);
        }
        g_array_sort(cause->effects, compare_effects);
        if (cause->effects->len > EFFECTS_MAX)
                g_array_set_size(cause->effects, EFFECTS_MAX);
}

/* An exception says where the code fell, a limit that something filled it; why is known where a change was about it. */
static bool is_sure(const Ranking *ranking, const Candidate *candidate) {
        const Track *track = &candidate->track;

        return candidate->value[FACTOR_NATURE] >= HIGH_NATURE_MIN && (!kind_is_limit(track->pattern) || mechanisms_has_trigger(ranking, track));
}

/*
 * high: a pattern of role cause, no exception and no limit that nobody changed, that is new or risen, often enough, early, and clearly ahead of the
 * next. medium: a pattern of role cause, something new that is early, or a change that is seen to work: something stops with it, it is undone when
 * all is over, or it was made where alone the trouble is. Else low.
 */
static Confidence confidence_of(const Ranking *ranking, const Candidate *candidate, double margin) {
        const Track *track = &candidate->track;
        bool surges = track->kind == TRACK_NEW || track->kind == TRACK_RISEN;
        bool early = candidate->value[FACTOR_LEAD] >= 0.5;

        if (track_has_role(track, ROLE_CAUSE) && is_sure(ranking, candidate) && surges && early && margin >= HIGH_MARGIN && !candidate->victim_of &&
            !candidate->waits && candidate->filled < 1 && (track->inside >= HIGH_EVENTS_MIN || candidate->n_effects >= 2))
                return CONFIDENCE_HIGH;
        if ((track_has_role(track, ROLE_CAUSE) || (!track->pattern && surges) || mechanisms_shows(candidate)) && early && !candidate->victim_of)
                return CONFIDENCE_MEDIUM;
        return CONFIDENCE_LOW;
}

static int compare_counts(const void *a, const void *b) {
        const Cause *one = *(const Cause *const *)a, *two = *(const Cause *const *)b;

        if (one->count != two->count)
                return one->count > two->count ? -1 : 1;
        return strcmp(one->id, two->id);
}

/*
 * A symptom that a cause explains, or that says less than another pattern of the same events, stands under symptoms, and
 * so does what users see where something better is known. One that nothing explains may be all there is.
 */
static bool is_mere_symptom(const Candidate *candidate, bool is_best) {
        const Pattern *pattern = candidate->track.pattern;

        if (candidate->echo_of)
                return true;
        if (!track_has_role(&candidate->track, ROLE_SYMPTOM))
                return false;
        return candidate->victim_of || (!is_best && pattern->category->depth == CATEGORY_DEPTH_MAX);
}

/* Of the candidates in order, the score of the next one, for the margin. A change does not speak against a failure, it may be its trigger. */
static double next_score(const Ranking *ranking, guint i) {
        const Candidate *candidate = ranking->order->pdata[i], *next;

        for (guint j = i + 1; j < ranking->order->len; j++) {
                next = ranking->order->pdata[j];
                if (candidate->kind == CAUSE_CHANGE || next->kind != CAUSE_CHANGE)
                        return next->score;
        }
        return 0;
}

static void number(GPtrArray *causes, guint max) {
        if (causes->len > max)
                g_ptr_array_set_size(causes, (gint)max);
        for (guint i = 0; i < causes->len; i++)
                ((Cause *)causes->pdata[i])->rank = i + 1;
}

/* A silence that words explain says nothing. */
static bool is_told(const Candidate *candidate) {
        return candidate->kind == CAUSE_SILENCE && candidate->echo_of;
}

/* --- voices --- */

/* Exceptions, exits and statuses are kinds of signs: two of them need not be one failure. */
static bool is_one_failure(const Category *category) {
        return !g_str_equal(category->group, "application") && !g_str_equal(category->group, "process") && !g_str_equal(category->group, "http");
}

/* The cause above that speaks of the same failure as @candidate; NULL if there is none. */
static Cause *find_spokesman(const Ranking *ranking, const Candidate *candidate, const Incident *incident) {
        double apart = MAX(VOICE_SECONDS, VOICE_SHARE * episode_length(ranking->episode)) * 1e6;
        const Pattern *pattern = candidate->track.pattern;

        if (candidate->kind != CAUSE_PATTERN || !is_one_failure(pattern->category))
                return NULL;
        for (guint i = 0; i < incident->causes->len; i++) {
                Cause *cause = incident->causes->pdata[i];
                if (cause->kind == CAUSE_PATTERN && cause->pattern != pattern && cause->pattern->category == pattern->category &&
                    cause->onset_us != TIME_NONE && candidate->track.onset_us != TIME_NONE &&
                    ABS((double)(candidate->track.onset_us - cause->onset_us)) <= apart)
                        return cause;
        }
        return NULL;
}

/* Templates of as many words, most of them the same: one failure that names many things. */
static bool is_alike(const Signal *a, const Signal *b) {
        const char *mine = a->shape, *theirs = b->shape;
        unsigned n = 0, same = 0;

        if (a->pattern_id || b->pattern_id || !mine || !theirs || a->level != b->level)
                return false;
        for (;;) {
                const char *end = strchrnul(mine, ' '), *other = strchrnul(theirs, ' ');

                same += end - mine == other - theirs && memcmp(mine, theirs, (size_t)(end - mine)) == 0;
                n++;
                mine = end;
                theirs = other;
                if (*mine == '\0' || *theirs == '\0' || n == ALIKE_WORDS_MAX)
                        break;
                if (n - same > (1 - ALIKE_SHARE) * ALIKE_WORDS_MAX)
                        return false;
                mine++;
                theirs++;
        }
        return n >= ALIKE_WORDS_MIN && (*mine == '\0') == (*theirs == '\0') && same >= ALIKE_SHARE * n;
}

static Cause *find_alike(const Candidate *candidate, const Incident *incident) {
        for (guint i = 0; i < incident->causes->len && candidate->kind == CAUSE_TEMPLATE && !candidate->facet; i++) {
                Cause *cause = incident->causes->pdata[i];
                if (cause->kind == CAUSE_TEMPLATE && cause->signal && is_alike(cause->signal, candidate->track.signal))
                        return cause;
        }
        return NULL;
}

/* What is alike is counted together. */
static void join_alike(const Candidate *candidate, Cause *cause) {
        cause->count += candidate->track.inside;
        cause->count_before += candidate->track.before;
        cause->onset_us = MIN(cause->onset_us, candidate->track.onset_us);
        cause->last_us = MAX(cause->last_us, candidate->track.last_us);
        add_sources(cause->sources, &candidate->track);
}

/* Its first line stands among the evidence, and its sources among those of @cause. */
static void add_voice(const Ranking *ranking, const Candidate *candidate, Cause *cause) {
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Evidence));
        Voice voice = { candidate->track.pattern->id, candidate->track.pattern->title, candidate->track.inside };

        g_array_append_val(cause->voices, voice);
        add_sources(cause->sources, &candidate->track);
        collect_evidence(ranking, &candidate->track, lines);
        if (lines->len == 0)
                return;
        if (cause->evidence->len == EVIDENCE_MAX && EVIDENCE_MAX - cause->voices->len >= OWN_LINES_MIN)
                g_array_remove_index(cause->evidence, EVIDENCE_MAX - cause->voices->len);
        if (cause->evidence->len < EVIDENCE_MAX)
                g_array_append_val(cause->evidence, g_array_index(lines, Evidence, 0));
}

/* --- the list --- */

/* Whoever stands below a cause is no likelier than that, and never sure. */
static Confidence confidence_above(const Incident *incident) {
        const Cause *above = incident->causes->pdata[incident->causes->len - 1];

        return MIN(above->confidence, CONFIDENCE_MEDIUM);
}

static void fill_causes(const Ranking *ranking, Incident *incident) {
        g_autoptr(GPtrArray) standing = g_ptr_array_new(); /* the candidates that are not told of with another */
        const Candidate *winner = NULL;

        for (guint i = 0; i < ranking->order->len; i++) {
                const Candidate *candidate = ranking->order->pdata[i];
                GPtrArray *list = is_mere_symptom(candidate, i == 0) ? incident->symptoms : incident->causes;
                Cause *cause = list == incident->causes ? find_spokesman(ranking, candidate, incident) : NULL;

                Cause *alike = list == incident->causes ? find_alike(candidate, incident) : NULL;

                if (cause && cause->voices->len < VOICES_MAX)
                        add_voice(ranking, candidate, cause);
                if (alike)
                        join_alike(candidate, alike);
                if (!cause && !alike)
                        g_ptr_array_add(standing, (void *)candidate);
                if (cause || alike || is_told(candidate))
                        continue;
                cause = make_cause(ranking, candidate);
                cause->confidence = incident->causes->len == 0 ? confidence_of(ranking, candidate, candidate->score - next_score(ranking, i))
                                                               : MIN(confidence_of(ranking, candidate, 0), confidence_above(incident));
                collect_effects(ranking, candidate, cause);
                if (candidate->kind != CAUSE_CHANGE)
                        triggers_tie(cause, incident);
                g_ptr_array_add(list, cause);
                if (list == incident->causes && !winner)
                        winner = candidate;
        }
        if (winner)
                rivals_find(ranking, standing, winner, incident->causes->pdata[0]);
        g_ptr_array_sort(incident->symptoms, compare_counts);
        number(incident->causes, CAUSES_MAX);
        number(incident->symptoms, SYMPTOMS_MAX);
}

void causes_rank(Incident *incident, const Episode *episode, const GArray *tracks, const Axis *axis, const LedgerView *view, const Patterns *patterns,
                 const Baseline *baseline) {
        g_autoptr(Ranking) ranking = NULL;
        g_autoptr(GPtrArray) facets = NULL;

        g_ptr_array_unref(incident->changes);
        incident->changes = changes_find(incident, view, patterns, baseline);
        incident->lines = silences_find(episode, view, axis);
        facets = facets_find(episode, tracks, view, axis, baseline);
        ranking = ranking_new(episode, &(Suspects){ tracks, facets, incident->changes, incident->lines }, axis, view);
        fill_causes(ranking, incident);
}
