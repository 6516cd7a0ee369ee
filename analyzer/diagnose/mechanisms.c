/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/mechanisms.h"

#include "diagnose/changes.h"
#include "diagnose/kinds.h"
#include "diagnose/scope.h"
#include "diagnose/settings.h"
#include "diagnose/undone.h"

#include <math.h>
#include <string.h>

/* So much of the time that either takes have both, where begin and end are known to @slack seconds. */
static bool shares_time(double from, double to, const Episode *episode, double slack) {
        double both = MIN(to, episode->to) - MAX(from, episode->from), either = MAX(to, episode->to) - MIN(from, episode->from);

        return both + slack >= LASTS_SHARE * MAX(either, 1);
}

bool mechanisms_lasts(const Track *track, const Episode *episode, double slack) {
        return shares_time(track->began, track->to, episode, slack);
}

/* When one of @changes was undone together with the end of the episode; 0: none was. */
static double undone_at(const GPtrArray *changes, const Episode *episode) {
        for (guint i = 0; i < changes->len; i++)
                if (undone_at_end(changes->pdata[i], episode->from, episode->to, episode->from - episode->since))
                        return (double)((const Change *)changes->pdata[i])->undone_us / 1e6;
        return 0;
}

/* That is how long it was in force. */
static void find_undone(const Ranking *ranking, Candidate *candidate) {
        double at = undone_at(candidate->changes, ranking->episode);

        candidate->undone = at > candidate->track.from;
        if (candidate->undone)
                candidate->track.to = at;
}

bool mechanisms_taken_back(const Candidate *change) {
        const Change *spokesman = ranking_spokesman(change->changes);

        return change->undone && !spokesman->pattern && (spokesman->settings->len == 0 || settings_count(spokesman) > 0);
}

/* Where bad news comes in its place, a line that stops says nothing more. */
static bool fails_in(const Ranking *ranking, uint32_t source) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                bool fails = (other->kind == CAUSE_PATTERN || other->kind == CAUSE_TEMPLATE) && !other->facet && other->track.kind != TRACK_STEADY;

                for (uint32_t s = 0; fails && s < other->track.signal->n_sources; s++)
                        if (other->track.signal->sources[s].source == source)
                                return true;
        }
        return false;
}

static bool is_source_of(const GPtrArray *changes, uint32_t source) {
        for (guint i = 0; i < changes->len; i++)
                if (((const Change *)changes->pdata[i])->evidence.exemplar->source == source)
                        return true;
        return false;
}

/* Errors that come when patience ends may end as much later, too. */
static bool lasts_with(const Ranking *ranking, const Silence *silence, double slack) {
        const Episode *episode = ranking->episode;
        double age = episode->from - episode->since;

        return shares_time(silence->from, silence->to, &(Episode){ .from = episode->since, .to = episode->to }, slack) ||
               shares_time(silence->from, silence->to, &(Episode){ .from = episode->since, .to = episode->to - age }, slack);
}

/* A change, but for releases and restarts, after which much is said in other words, may be left as it was made where what it did is mended in another way. */
static bool stays_silent(const Ranking *ranking, const Candidate *change, const Silence *silence) {
        return !ranking_spokesman(change->changes)->pattern && silence->from <= ranking->episode->from &&
               silence->to >= ranking->episode->to - 1 / silence->rate;
}

/* A line of its own log, or one that speaks of what it names. */
static bool is_concerned(const Candidate *change, const Silence *silence) {
        return is_source_of(change->changes, silence->source) || changes_names(ranking_spokesman(change->changes), silence->of);
}

/* What was said again and again until the very moment of the change hardly ever ends then by chance, and comes back when all is over. */
static bool ends_at_once(const Ranking *ranking, const Candidate *change, const Silence *silence) {
        return MAX(1 / silence->rate, silence->longest_before) <= ENDS_BEAT_MAX && fabs(silence->from - change->track.from) <= ENDS_APART_MAX &&
               fabs(silence->to - ranking->episode->to) <= MAX(UNDONE_SECONDS, UNDONE_SHARE * episode_length(ranking->episode));
}

/* A line of whatever log that ends with the change, or a regular one of its own log, or of what it names, that misses its beats from then on. */
static const Silence *find_missed(const Ranking *ranking, const Candidate *change) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Silence *silence = g_array_index(ranking->candidates, Candidate, i).silence;
                double beat = silence && silence->of ? 1 / silence->rate : 0;

                if (beat == 0 || !silence_is_ahead(silence, ranking->episode->from))
                        continue;
                if (ends_at_once(ranking, change, silence))
                        return silence;
                if (is_concerned(change, silence) && silence->from >= change->track.from - MAX(beat, silence->longest_before) - STOP_BEFORE_SECONDS &&
                    silence->from <= change->track.from + STOP_BEHIND_SECONDS &&
                    (lasts_with(ranking, silence, 2 * beat) || stays_silent(ranking, change, silence)))
                        return silence;
        }
        return NULL;
}

/*
 * What is said as never before, or far more often, may be said so for good, or because of the errors: it counts where it began well before them and ends with
 * the incident.
 */
static bool says_otherwise(const Facet *facet, const Episode *episode, double slack) {
        switch (facet->kind) {
        case FACET_SLOW:
        case FACET_JUMP:
        case FACET_CLIMB:
        case FACET_TURNED:
        case FACET_EPOCH:
                return facet->track.began <= episode->from + ORDER_SLACK_SECONDS && facet->track.to >= episode->to - slack;
        case FACET_UNUSUAL:
        case FACET_BUSIER:
                return facet->track.from <= episode->from - SAID_LEAD_SECONDS && fabs(facet->track.to - episode->to) <= slack;
        case FACET_VALUE:
        case FACET_HUGE:
        case FACET_JOB:
                break;
        }
        return false;
}

/* "CRON" of "Nov 28 08:10:44 web-1 CRON[7204]: ", as syslog writes; empty where no number of a process stands behind it. */
static Str program_of(const Exemplar *line) {
        Str before = str_trim(evidence_preface(line));
        size_t end, begin;

        if (!str_ends(before, STR("]:")))
                return str_slice(before, 0, 0);
        for (end = before.len - 2; end > 0 && char_is_digit(before.ptr[end - 1]);)
                end--;
        if (end == 0 || before.ptr[end - 1] != '[')
                return str_slice(before, 0, 0);
        for (begin = --end; begin > 0 && before.ptr[begin - 1] != ' ';)
                begin--;
        return str_slice(before, begin, end);
}

/* In the log of one of @changes; where that is the log of a whole machine, by the same program, or of what the change names. */
static bool is_told_where(const GPtrArray *changes, const Facet *facet) {
        const Exemplar *line = facet->evidence[0];
        Str other = program_of(line);

        for (guint i = 0; i < changes->len; i++) {
                const Change *change = changes->pdata[i];
                Str program = program_of(change->evidence.exemplar);
                bool is_same = program.len == 0 || other.len == 0 || str_equal(program, other);
                if (change->evidence.exemplar->source == line->source && (is_same || changes_names(change, facet->track.signal)))
                        return true;
        }
        return false;
}

/* What takes far longer, is another value or number, or is said far more often in its own log from the change on, for as long as the incident lasts. */
static void find_shifted(const Ranking *ranking, Candidate *change) {
        double slack = MAX(UNDONE_SECONDS, UNDONE_SHARE * episode_length(ranking->episode));

        for (guint i = 0; i < ranking->candidates->len && !change->shifted; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                const Track *track = &other->track;
                double told = other->facet && facet_is_gauge(other->facet) ? track->from : track->began;

                if (other->facet && says_otherwise(other->facet, ranking->episode, slack) && track->signal->n_sources == 1 &&
                    is_told_where(change->changes, other->facet) && told >= change->track.from - SHIFTED_EARLY_SECONDS &&
                    track->began <= change->track.from + SHIFTED_LATE_SECONDS)
                        change->shifted = other->facet;
        }
}

/* It is bad news when the source of a change no longer does what it did, for as long as the incident lasts. */
static void find_stopped(Ranking *ranking, Candidate *candidate) {
        uint32_t source = ranking_spokesman(candidate->changes)->evidence.exemplar->source;
        Silence *stopped = silence_since(source, candidate->track.from, ranking->episode, ranking->view, ranking->axis);

        if (!stopped || fails_in(ranking, source)) {
                g_free(stopped);
                return;
        }
        g_ptr_array_add(ranking->stops, stopped);
        if ((ranking->episode->from - stopped->from) * stopped->rate >= AHEAD_EVENTS_MIN &&
            mechanisms_lasts(&(Track){ .began = stopped->from, .to = stopped->to }, ranking->episode, 0))
                candidate->stopped = stopped;
}

/* In seconds where a unit of time is named: "5s", "5h0m0s", "1500ms". */
static double amount_of(const char *value) {
        static const struct {
                const char *unit;
                double seconds;
        } UNITS[] = { { "ms", 0.001 }, { "min", 60 }, { "m", 60 }, { "s", 1 }, { "h", 3600 }, { "d", 86400 } };
        double sum = 0;

        while (g_ascii_isdigit(*value)) {
                char *end;
                double number = g_ascii_strtod(value, &end), unit = 1;
                size_t length = strspn(end, "dhimns");

                for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++)
                        if (length == strlen(UNITS[i].unit) && strncmp(end, UNITS[i].unit, length) == 0)
                                unit = UNITS[i].seconds;
                sum += number * unit;
                value = end + length;
        }
        return sum;
}

static bool is_unit_factor(double ratio) {
        static const double FACTORS[] = { 2.54, 25.4, 3.28084, 1.609344, 2.204623, 60, 100, 1000, 1024, 3600, 60000, 86400, 1e6, 1048576, 3.6e6 };

        for (size_t i = 0; i < G_N_ELEMENTS(FACTORS); i++)
                if (fabs(ratio / FACTORS[i] - 1) < 1e-3)
                        return true;
        return false;
}

/* A number that is as many times what it was as one unit is of another. */
static bool has_other_unit(const Change *change) {
        for (guint i = 0; i < change->settings->len; i++) {
                const Setting *setting = &g_array_index(change->settings, Setting, i);
                double now = amount_of(setting->value), was = amount_of(setting->was);
                if (now > 0 && was > 0 && (is_unit_factor(now / was) || is_unit_factor(was / now)))
                        return true;
        }
        return false;
}

/* -1 for what is no number, or begins with one: a version. */
static double number_of(const char *value) {
        char *end;
        double number = g_ascii_strtod(value, &end);

        return end == value || *end == '.' ? -1 : number;
}

bool mechanisms_moved(const Change *change) {
        for (guint i = 0; i < change->settings->len; i++) {
                const Setting *setting = &g_array_index(change->settings, Setting, i);
                double now = number_of(setting->value), was = number_of(setting->was);
                if (now >= 0 && was >= 0 && now != was && (now >= MOVED_RATIO * was || was >= MOVED_RATIO * now))
                        return true;
        }
        return false;
}

bool mechanisms_has_trigger(const Ranking *ranking, const Track *track) {
        for (guint i = 0; i < ranking->clusters->len; i++)
                if (changes_is_about(ranking_spokesman(ranking->clusters->pdata[i]), track->signal, track->pattern->title))
                        return true;
        return false;
}

/* A limit that is reached shortly behind it, and nobody changed the limit. */
static bool fills_a_limit(const Ranking *ranking, const Candidate *candidate) {
        for (guint i = 0; i < ranking->candidates->len; i++) {
                const Candidate *other = &g_array_index(ranking->candidates, Candidate, i);
                double behind = (double)other->track.onset_us / 1e6 - candidate->track.from;
                if (other->kind == CAUSE_PATTERN && other->track.onset_us != TIME_NONE && kind_is_limit(other->track.pattern) && behind >= 0 &&
                    behind <= RAISED_SECONDS && !mechanisms_has_trigger(ranking, &other->track))
                        return true;
        }
        return false;
}

void mechanisms_find(Ranking *ranking) {
        for (guint i = 0; i < ranking->candidates->len && !ranking->axis->by_line; i++) {
                Candidate *candidate = &g_array_index(ranking->candidates, Candidate, i);

                if (candidate->kind != CAUSE_CHANGE)
                        continue;
                find_undone(ranking, candidate);
                for (guint j = 0; j < candidate->changes->len; j++)
                        candidate->holds |= ((const Change *)candidate->changes->pdata[j])->holds;
                candidate->other_unit = has_other_unit(ranking_spokesman(candidate->changes));
                candidate->raised = mechanisms_moved(ranking_spokesman(candidate->changes)) && fills_a_limit(ranking, candidate);
                find_shifted(ranking, candidate);
                candidate->stopped = find_missed(ranking, candidate);
                if (!candidate->stopped)
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
