/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/causes.h"

#include "diagnose/hearsay.h"

#include <math.h>

typedef enum { FACTOR_NATURE, FACTOR_NEW, FACTOR_LEAD, FACTOR_SPAN, FACTOR_COUNT, FACTOR_EFFECTS, FACTOR_VICTIM, N_FACTORS } Factor;

/* What each factor is worth. A negative one is a penalty. */
static const struct {
        const char *name;
        double weight;
} FACTORS[N_FACTORS] = {
        [FACTOR_NATURE] = { "nature", 3.0 },   [FACTOR_NEW] = { "newness", 1.0 },
        [FACTOR_LEAD] = { "lead", 1.0 },       [FACTOR_SPAN] = { "span", 0.6 },
        [FACTOR_COUNT] = { "count", 0.3 },     [FACTOR_EFFECTS] = { "effects", 0.6 },
        [FACTOR_VICTIM] = { "victim", -1.2 },
};

/* How likely a signal of this kind is where it began, before anything is known of its time; by depth of its category. */
static const double NATURE_OF_CAUSE[CATEGORY_DEPTH_MAX + 1] = { 1.0, 0.75, 0.45, 0.25 };
static const double NATURE_OF_SYMPTOM[CATEGORY_DEPTH_MAX + 1] = { 0.6, 0.5, 0.35, 0.05 };

#define NATURE_TRACE   0.5 /* an error nobody described, with a stack trace or a named exception */
#define NATURE_FATAL   0.5
#define NATURE_ERROR   0.4
#define NATURE_WARNING 0.25
#define NATURE_STATUS  0.05 /* an HTTP status */
#define NATURE_WORDS   0.2  /* what the words of a message without pattern add or take */

/* How fast the worth of being early fades. */
#define LEAD_SECONDS 10.0
#define LEAD_SHARE   0.15 /* of the incident's length */

/* A cause with a surge of at least so many events may be called high. */
#define HIGH_EVENTS_MIN 3
#define HIGH_MARGIN     0.06

typedef struct Candidate {
        const Track *track;
        double value[N_FACTORS];
        double score;
        unsigned n_effects;
        const Track *victim_of;
        const Track *echo_of; /* says of the same events less */
} Candidate;

typedef struct Ranking {
        const Episode *episode;
        const Axis *axis;
        const LedgerView *view;
        GArray *candidates; /* of Candidate */
        uint64_t loudest;
} Ranking;

static double length_of(const Episode *episode) {
        return MAX(episode->to - episode->from, 1);
}

/* --- who takes part --- */

static bool overlaps(const Track *track, const Episode *episode) {
        double usual = MAX(GAP_SECONDS, 0.1 * length_of(episode));
        double slack = track->kind == TRACK_SPARSE && track_has_role(track, ROLE_CAUSE) ? MAX(usual, SPARSE_LEAD_SECONDS) : usual;

        return track->to > episode->from - slack && track->from < episode->to;
}

static bool takes_part(const Track *track, const Episode *episode) {
        if (track_has_role(track, ROLE_CHANGE) || track_has_role(track, ROLE_RECOVERY))
                return false;
        if (episode->whole)
                return true;
        switch (track->kind) {
        case TRACK_NEW:
        case TRACK_RISEN:
        case TRACK_SPARSE:
                return overlaps(track, episode);
        case TRACK_UNPLACED:
                return track_is_error(track);
        case TRACK_STARTUP:
                return episode->from <= track->to && overlaps(track, episode);
        case TRACK_STEADY:
                break;
        }
        return false;
}

/* --- factors --- */

static bool has_trace(const Signal *signal) {
        return signal->n_first > 0 && strchr(signal->first[0].text, '\n') != NULL;
}

static double nature_of_level(const Signal *signal) {
        if (signal->level >= LEVEL_FATAL)
                return NATURE_FATAL;
        if (signal->level < LEVEL_ERROR)
                return NATURE_WARNING;
        return has_trace(signal) ? NATURE_TRACE : NATURE_ERROR;
}

static double nature_of(const Track *track) {
        const Signal *signal = track->signal;

        if (track->pattern)
                return (track->pattern->role == ROLE_CAUSE ? NATURE_OF_CAUSE : NATURE_OF_SYMPTOM)[track->pattern->category->depth];
        if (signal->status >= 500)
                return NATURE_STATUS;
        return nature_of_level(signal) + NATURE_WORDS * hearsay_of(signal->n_first ? signal->first[0].text : "");
}

static double newness_of(const Track *track) {
        switch (track->kind) {
        case TRACK_NEW:
                return 1;
        case TRACK_RISEN:
                return 0.5 * (1 - track->rate_outside / track->rate_inside);
        case TRACK_SPARSE:
                return 0.7;
        default:
                return 0.3;
        }
}

static double lead_of(const Track *track, const Episode *episode) {
        double late = track->from - episode->from;

        if (track->kind == TRACK_UNPLACED)
                return 0.4;
        return exp(-MAX(late, 0) / MAX(LEAD_SECONDS, LEAD_SHARE * length_of(episode)));
}

static double span_of(const Track *track, const Episode *episode) {
        double from = MAX(track->from, episode->from), to = MIN(track->to, episode->to);

        return track->kind == TRACK_UNPLACED ? 0 : CLAMP((to - from) / length_of(episode), 0, 1);
}

static bool follows(const Track *effect, const Track *cause) {
        if (effect->kind == TRACK_UNPLACED || cause->kind == TRACK_UNPLACED)
                return true;
        return effect->from >= cause->from - ORDER_SLACK_SECONDS;
}

static bool leads_to(const Pattern *cause, const Pattern *effect) {
        for (const char *const *entry = cause->leads_to; *entry; entry++)
                if (pattern_named_by(effect, *entry))
                        return true;
        return false;
}

/* True when @cause is known to bring about @effect, and did not come after it. */
static bool explains(const Track *cause, const Track *effect) {
        return cause != effect && cause->pattern && effect->pattern && cause->pattern->role == ROLE_CAUSE &&
               leads_to(cause->pattern, effect->pattern) && follows(effect, cause);
}

static void relate(const Ranking *ranking, Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Track *other = g_array_index(ranking->candidates, Candidate, i).track;
                candidate->n_effects += explains(candidate->track, other);
                if (explains(other, candidate->track) && !explains(candidate->track, other) && !candidate->victim_of)
                        candidate->victim_of = other;
        }
}

/* Two patterns that match the very same events: the one that says more about the cause stands for both. */
static bool is_same_events(const Track *one, const Track *two) {
        const Signal *a = one->signal, *b = two->signal;

        return a->count == b->count && a->n_first > 0 && b->n_first > 0 && a->first[0].source == b->first[0].source &&
               a->first[0].offset == b->first[0].offset;
}

static bool says_less(const Track *one, const Track *two) {
        double mine = nature_of(one), other = nature_of(two);

        return mine != other ? mine < other : one->signal->key > two->signal->key;
}

static void find_echo(const Ranking *ranking, Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len && !candidate->echo_of; i++) {
                const Track *other = g_array_index(ranking->candidates, Candidate, i).track;
                if (other != candidate->track && candidate->track->pattern && other->pattern &&
                    is_same_events(candidate->track, other) && says_less(candidate->track, other))
                        candidate->echo_of = other;
        }
}

static void score(const Ranking *ranking, Candidate *candidate) {
        const Track *track = candidate->track;
        double sum = 0, best = 0;

        relate(ranking, candidate);
        find_echo(ranking, candidate);
        candidate->value[FACTOR_NATURE] = nature_of(track);
        candidate->value[FACTOR_NEW] = newness_of(track);
        candidate->value[FACTOR_LEAD] = lead_of(track, ranking->episode);
        candidate->value[FACTOR_SPAN] = span_of(track, ranking->episode);
        candidate->value[FACTOR_COUNT] = log1p((double)track->signal->count) / log1p((double)ranking->loudest);
        candidate->value[FACTOR_EFFECTS] = MIN(candidate->n_effects / 2.0, 1);
        candidate->value[FACTOR_VICTIM] = candidate->victim_of || candidate->echo_of ? 1 : 0;
        for (unsigned i = 0; i < N_FACTORS; i++) {
                sum += candidate->value[i] * FACTORS[i].weight;
                best += MAX(FACTORS[i].weight, 0);
        }
        candidate->score = CLAMP(sum / best, 0, 1);
}

static int compare_candidates(const void *a, const void *b) {
        const Candidate *one = a, *two = b;

        if (one->score != two->score)
                return one->score > two->score ? -1 : 1;
        if (one->track->from != two->track->from)
                return one->track->from < two->track->from ? -1 : 1;
        return one->track->signal->key < two->track->signal->key ? -1 : one->track->signal->key > two->track->signal->key;
}

static void gather(Ranking *ranking, const GArray *tracks) {
        for (guint i = 0; i < tracks->len; i++) {
                Candidate candidate = { .track = &g_array_index(tracks, Track, i) };
                if (!takes_part(candidate.track, ranking->episode))
                        continue;
                ranking->loudest = MAX(ranking->loudest, candidate.track->signal->count);
                g_array_append_val(ranking->candidates, candidate);
        }
        for (guint i = 0; i < ranking->candidates->len; i++)
                score(ranking, &g_array_index(ranking->candidates, Candidate, i));
        g_array_sort(ranking->candidates, compare_candidates);
}

/* --- evidence --- */

static void add_evidence(const Ranking *ranking, GArray *list, const Exemplar *exemplar) {
        const SourceRecord *source = ranking->view->sources->pdata[exemplar->source];
        Evidence evidence = { source->name,       exemplar->line,  exemplar->offset,
                              exemplar->time_us, exemplar->level,  exemplar };

        for (guint i = 0; i < list->len; i++) {
                const Evidence *known = &g_array_index(list, Evidence, i);
                if (known->source == evidence.source && known->offset == evidence.offset)
                        return;
        }
        g_array_append_val(list, evidence);
}

static bool in_surge(const Track *track, const Exemplar *exemplar) {
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
                for (unsigned i = 0; i < signal->n_first; i++)
                        if (pass == 1 || in_surge(track, &signal->first[i]))
                                add_evidence(ranking, list, &signal->first[i]);
                for (unsigned i = 0; i < signal->n_sample; i++)
                        if (pass == 1 || in_surge(track, &signal->sample[i]))
                                add_evidence(ranking, list, &signal->sample[i]);
        }
        g_array_sort(list, compare_evidence);
        if (list->len > EVIDENCE_MAX)
                g_array_set_size(list, EVIDENCE_MAX);
}

/* --- words --- */

static void add_why(Cause *cause, Factor factor, double value, char *text) {
        Why why = { FACTORS[factor].name, value, FACTORS[factor].weight, text };

        g_array_append_val(cause->why, why);
}

static char *words_of_nature(const Track *track) {
        if (!track->pattern)
                return g_strdup(track->signal->status ? "an HTTP status, usually an effect" : "no pattern knows it");
        return g_strdup(track->pattern->role == ROLE_CAUSE ? "" : "usually an effect");
}

static char *words_of_newness(const Track *track) {
        switch (track->kind) {
        case TRACK_NEW:
                return g_strdup("new (0 before)");
        case TRACK_RISEN:
                return g_strdup_printf("risen (%" G_GUINT64_FORMAT " before)", (guint64)track->before);
        case TRACK_UNPLACED:
                return g_strdup("without times");
        default:
                return g_strdup_printf("%" G_GUINT64_FORMAT " in all", (guint64)track->signal->count);
        }
}

static char *words_of_lead(const Track *track, const Ranking *ranking) {
        double late = track->from - ranking->episode->from;

        if (track->kind == TRACK_UNPLACED)
                return g_strdup("");
        return late <= 0 ? g_strdup("earliest")
                         : g_strdup_printf("%.0f %s after the first", late, ranking->axis->by_line ? "lines" : "s");
}

static char *words_of_relation(const Candidate *candidate) {
        if (candidate->echo_of)
                return g_strdup_printf("the same events as %s", candidate->echo_of->pattern->id);
        return candidate->victim_of ? g_strdup_printf("follows from %s", candidate->victim_of->pattern->id) : g_strdup("");
}

static void explain(const Ranking *ranking, const Candidate *candidate, Cause *cause) {
        const Track *track = candidate->track;
        bool to_the_end = fabs(track->to - ranking->episode->to) <= MAX(GAP_SECONDS, 0.1 * length_of(ranking->episode));

        add_why(cause, FACTOR_NEW, candidate->value[FACTOR_NEW], words_of_newness(track));
        add_why(cause, FACTOR_LEAD, candidate->value[FACTOR_LEAD], words_of_lead(track, ranking));
        add_why(cause, FACTOR_NATURE, candidate->value[FACTOR_NATURE], words_of_nature(track));
        add_why(cause, FACTOR_SPAN, candidate->value[FACTOR_SPAN],
                g_strdup(to_the_end && candidate->value[FACTOR_SPAN] > 0.5 ? "lasts as long as the incident" : ""));
        add_why(cause, FACTOR_COUNT, candidate->value[FACTOR_COUNT], g_strdup(""));
        add_why(cause, FACTOR_EFFECTS, candidate->value[FACTOR_EFFECTS],
                candidate->n_effects ? g_strdup_printf("%u known effect%s follow%s", candidate->n_effects,
                                                       candidate->n_effects > 1 ? "s" : "", candidate->n_effects > 1 ? "" : "s")
                                     : g_strdup(""));
        add_why(cause, FACTOR_VICTIM, candidate->value[FACTOR_VICTIM],
                words_of_relation(candidate));
}

static char *title_of(const Track *track) {
        if (track->pattern)
                return g_strdup(track->pattern->title);
        return g_strdup(track->signal->shape ? track->signal->shape : "");
}

/* --- causes --- */

static void count_sources(const Track *track, GArray *sources) {
        g_array_append_vals(sources, track->signal->sources, track->signal->n_sources);
}

static Cause *make_cause(const Ranking *ranking, const Candidate *candidate) {
        const Track *track = candidate->track;
        Cause *cause = cause_new();

        cause->id = track->pattern ? g_strdup(track->pattern->id)
                                   : g_strdup_printf("template/%016" G_GINT64_MODIFIER "x", track->signal->key);
        cause->kind = track->pattern ? CAUSE_PATTERN : CAUSE_TEMPLATE;
        cause->role = track->pattern ? track->pattern->role : ROLE_CAUSE;
        cause->title = title_of(track);
        cause->category = track->pattern ? track->pattern->category->id : "";
        cause->pattern = track->pattern;
        cause->score = candidate->score;
        cause->onset_us = track->onset_us;
        cause->last_us = track->last_us;
        cause->count = track->kind == TRACK_UNPLACED ? track->signal->count : track->inside;
        cause->count_before = track->before;
        count_sources(track, cause->sources);
        collect_evidence(ranking, track, cause->evidence);
        explain(ranking, candidate, cause);
        return cause;
}

static int compare_effects(const void *a, const void *b) {
        const Effect *one = a, *two = b;

        if (one->delay_us != two->delay_us)
                return one->delay_us < two->delay_us ? -1 : 1;
        return strcmp(one->id, two->id);
}

/* The known effects that follow, and the loudest errors behind it. */
static void collect_effects(const Ranking *ranking, const Candidate *candidate, Cause *cause) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                Effect effect;

                if (!explains(candidate->track, other->track) || other->track->onset_us == TIME_NONE ||
                    candidate->track->onset_us == TIME_NONE)
                        continue;
                effect = (Effect){ other->track->pattern->id, other->track->pattern->title,
                                   other->track->onset_us - candidate->track->onset_us };
                g_array_append_val(cause->effects, effect);
        }
        g_array_sort(cause->effects, compare_effects);
        if (cause->effects->len > EFFECTS_MAX)
                g_array_set_size(cause->effects, EFFECTS_MAX);
}

/*
 * high: a pattern of role cause that is new or risen, often enough, early, and clearly ahead of the next. medium: a
 * pattern of role cause, or something new that is early and ahead. Else low.
 */
static Confidence confidence_of(const Candidate *candidate, double margin) {
        const Track *track = candidate->track;
        bool surges = track->kind == TRACK_NEW || track->kind == TRACK_RISEN;
        bool early = candidate->value[FACTOR_LEAD] >= 0.5;

        if (track_has_role(track, ROLE_CAUSE) && surges && early && margin >= HIGH_MARGIN && !candidate->victim_of &&
            (track->inside >= HIGH_EVENTS_MIN || candidate->n_effects >= 2))
                return CONFIDENCE_HIGH;
        if ((track_has_role(track, ROLE_CAUSE) || (!track->pattern && surges)) && early && !candidate->victim_of)
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
        const Pattern *pattern = candidate->track->pattern;

        if (candidate->echo_of)
                return true;
        if (!track_has_role(candidate->track, ROLE_SYMPTOM))
                return false;
        return candidate->victim_of || (!is_best && pattern->category->depth == CATEGORY_DEPTH_MAX);
}

static void fill_causes(const Ranking *ranking, Incident *incident) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);
                double next = i + 1 < ranking->candidates->len ? g_array_index(ranking->candidates, Candidate, i + 1).score : 0;
                Cause *cause = make_cause(ranking, candidate);
                GPtrArray *list = is_mere_symptom(candidate, i == 0) ? incident->symptoms : incident->causes;

                cause->confidence = incident->causes->len == 0 ? confidence_of(candidate, candidate->score - next)
                                                               : MIN(confidence_of(candidate, 0), CONFIDENCE_MEDIUM);
                collect_effects(ranking, candidate, cause);
                g_ptr_array_add(list, cause);
        }
        g_ptr_array_sort(incident->symptoms, compare_counts);
        if (incident->causes->len > CAUSES_MAX)
                g_ptr_array_set_size(incident->causes, CAUSES_MAX);
        if (incident->symptoms->len > SYMPTOMS_MAX)
                g_ptr_array_set_size(incident->symptoms, SYMPTOMS_MAX);
        for (guint i = 0; i < incident->causes->len; i++)
                ((Cause *)incident->causes->pdata[i])->rank = i + 1;
        for (guint i = 0; i < incident->symptoms->len; i++)
                ((Cause *)incident->symptoms->pdata[i])->rank = i + 1;
}

/* --- changes --- */

static int compare_changes(const void *a, const void *b) {
        const Change *one = *(const Change *const *)a, *two = *(const Change *const *)b;

        return compare_evidence(&one->evidence, &two->evidence);
}

static void add_changes_of(const Ranking *ranking, Incident *incident, const Track *track) {
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Evidence));
        int64_t lead_max = (int64_t)(CHANGE_LEAD_SECONDS * 1e6);

        for (unsigned i = 0; i < track->signal->n_first; i++)
                add_evidence(ranking, lines, &track->signal->first[i]);
        for (unsigned i = 0; i < track->signal->n_sample; i++)
                add_evidence(ranking, lines, &track->signal->sample[i]);
        for (guint i = 0; i < lines->len; i++) {
                Evidence *line = &g_array_index(lines, Evidence, i);
                Change *change;

                if (line->time_us == TIME_NONE || line->time_us < incident->onset_us - lead_max ||
                    line->time_us > incident->end_us)
                        continue;
                change = g_new0(Change, 1);
                *change = (Change){ track->pattern, *line, incident->onset_us - line->time_us };
                g_ptr_array_add(incident->changes, change);
        }
}

static void find_changes(const Ranking *ranking, Incident *incident, const GArray *tracks) {
        if (incident->onset_us == TIME_NONE)
                return;
        for (guint i = 0; i < tracks->len; i++) {
                const Track *track = &g_array_index(tracks, Track, i);
                if (track_has_role(track, ROLE_CHANGE))
                        add_changes_of(ranking, incident, track);
        }
        g_ptr_array_sort(incident->changes, compare_changes);
        if (incident->changes->len > CHANGES_MAX)
                g_ptr_array_set_size(incident->changes, CHANGES_MAX);
}

/* The changes before a cause's onset, the nearest ones. */
static void tie_changes(Incident *incident) {
        for (guint i = 0; i < incident->causes->len; i++) {
                Cause *cause = incident->causes->pdata[i];
                for (guint j = 0; j < incident->changes->len; j++) {
                        Change *change = incident->changes->pdata[j];
                        if (cause->onset_us != TIME_NONE &&
                            change->evidence.time_us <= cause->onset_us + (int64_t)(ORDER_SLACK_SECONDS * 1e6))
                                g_ptr_array_add(cause->just_before, change);
                }
                while (cause->just_before->len > EFFECTS_MAX)
                        g_ptr_array_remove_index(cause->just_before, 0);
        }
}

void causes_rank(Incident *incident, const Episode *episode, const GArray *tracks, const Axis *axis, const LedgerView *view) {
        g_autoptr(GArray) candidates = g_array_new(FALSE, TRUE, sizeof(Candidate));
        Ranking ranking = { episode, axis, view, candidates, 1 };

        gather(&ranking, tracks);
        fill_causes(&ranking, incident);
        find_changes(&ranking, incident, tracks);
        tie_changes(incident);
}
