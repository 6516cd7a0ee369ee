/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/changes.h"

#include "diagnose/hearsay.h"
#include "diagnose/holders.h"
#include "diagnose/lines.h"
#include "diagnose/pairs.h"
#include "diagnose/references.h"
#include "diagnose/settings.h"
#include "diagnose/siblings.h"
#include "diagnose/silence.h"
#include "diagnose/undone.h"

#include <math.h>

/* How likely a change of a kind breaks something. */
static const struct {
        const char *category;
        double weight;
} WEIGHTS[] = {
        { "changes/configuration", 1.0 }, { "changes/deploy", 1.0 }, { "changes/feature-flag", 1.0 }, { "changes/migration", 1.0 },
        { "changes/credentials", 1.0 },   { "changes/reload", 0.9 }, { "changes/failover", 0.8 },     { "changes/scaling", 0.7 },
        { "changes/restart", 0.6 },       { "changes/job", 0.6 },
};

#define WEIGHT_RUMOUR 0.5 /* of a line that no pattern knows; more for each word that speaks of a change */
#define WEIGHT_WORD   0.1
#define WORDS_MAX     3

#define WEIGHT_VALUE   0.9  /* of a line that gives another value to what had the same before */
#define WEIGHT_SETTING 1.15 /* the same of one that speaks of a change: it is certain that something changed, and what */

#define WEIGHT_OTHER  1.0 /* of what a pattern knows, with another value than before: a restart of another version, a job with another argument */
#define WEIGHT_DETAIL 0.4 /* of a line beside a change */

static double weight_of(const Pattern *pattern) {
        for (size_t i = 0; i < G_N_ELEMENTS(WEIGHTS); i++)
                if (g_str_equal(pattern->category->id, WEIGHTS[i].category))
                        return WEIGHTS[i].weight;
        return 0.5;
}

static bool is_known(const GPtrArray *changes, const Evidence *evidence) {
        for (guint i = 0; i < changes->len; i++)
                if (evidence_is_same(&((const Change *)changes->pdata[i])->evidence, evidence))
                        return true;
        return false;
}

static void add_change(GPtrArray *changes, const Incident *incident, const Signal *signal, const Pattern *pattern, double weight, const Evidence *evidence) {
        Change *change;

        if (is_known(changes, evidence))
                return;
        change = change_new();
        change->id = pattern ? g_strdup(pattern->id) : g_strdup_printf("template/%016" G_GINT64_MODIFIER "x", signal->key);
        change->title = g_strdup(pattern ? pattern->title : signal->shape);
        change->category = pattern ? pattern->category->id : "";
        change->pattern = pattern;
        change->signal = signal;
        change->evidence = *evidence;
        change->lead_us = incident->onset_us - evidence->time_us;
        change->weight = weight;
        g_ptr_array_add(changes, change);
}

static bool is_between(const Exemplar *exemplar, int64_t from, int64_t to) {
        return exemplar->time_us != TIME_NONE && exemplar->time_us >= from && exemplar->time_us <= to;
}

/* Adds the events of @signal that lie between @from and @to. */
static void add_events(GPtrArray *changes, const Incident *incident, const LedgerView *view, const Signal *signal, const Pattern *pattern, double weight,
                       int64_t from, int64_t to) {
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *e = signal_exemplar(signal, i);
                Evidence evidence = evidence_of(view, e);

                if (is_between(e, from, to))
                        add_change(changes, incident, signal, pattern, weight, &evidence);
        }
}

int changes_compare(const void *a, const void *b) {
        const Change *one = *(const Change *const *)a, *two = *(const Change *const *)b;

        if (one->evidence.time_us != two->evidence.time_us)
                return one->evidence.time_us < two->evidence.time_us ? -1 : 1;
        if (one->evidence.source != two->evidence.source)
                return strcmp(one->evidence.source, two->evidence.source);
        return one->evidence.offset < two->evidence.offset ? -1 : one->evidence.offset > two->evidence.offset;
}

static int64_t to_us(double seconds) {
        return (int64_t)(seconds * 1e6);
}

static char *message_start(const Exemplar *exemplar) {
        return str_dup(str_slice(evidence_message(exemplar), 0, RUMOUR_BYTES));
}

static unsigned count_words(const Exemplar *exemplar) {
        g_autofree char *start = message_start(exemplar);

        return MIN(hearsay_change_words(start), WORDS_MAX);
}

static bool speaks_of_act(const Exemplar *exemplar) {
        g_autofree char *start = message_start(exemplar);

        return hearsay_tells_of_act(start);
}

static bool is_routine(const Exemplar *exemplar) {
        g_autofree char *start = message_start(exemplar);

        return hearsay_is_routine(start);
}

/*
 * At how many moments it was said, however many lines each took; more than @max counts as one more. Where times are coarse, that is not known: as if
 * at too many.
 */
static unsigned n_moments(const Series *series, unsigned max) {
        unsigned n = series->n == 0 || series->shift > 0 ? max + 1 : 0;
        double end = 0;

        for (uint32_t i = 0; i < series->n && n <= max; i++) {
                if (n > 0 && series->buckets[i].start <= end)
                        continue;
                end = series->buckets[i].start + TOGETHER_SECONDS;
                n++;
        }
        return n;
}

bool changes_spoke_rarely(const Signal *signal, unsigned max) {
        return signal->count <= max || n_moments(&signal->series, 1) <= 1;
}

/* A request that was refused changed nothing. */
static bool may_be_rumour(const Signal *signal) {
        return !signal->pattern_id && signal->status < 400 && !level_is_chatter(signal->level) &&
               (signal->count <= RUMOUR_EVENTS_MAX || (signal->status == 0 && n_moments(&signal->series, RUMOUR_EVENTS_MAX) <= RUMOUR_EVENTS_MAX)) &&
               signal->n_first > 0 && settings_are_told(signal);
}

/* Most signals spoke at other times: that is asked before their words are looked at. */
static bool spoke_between(const Signal *signal, int64_t from, int64_t to) {
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *e = signal_exemplar(signal, i);
                if (is_between(e, from, to))
                        return true;
        }
        return false;
}

/* A value, and what it was before. */
static bool names_both(const Exemplar *line) {
        Str name, was, now;

        return settings_moved(str_from(line->text), &name, &was, &now);
}

static void add_settings(GPtrArray *changes, const Incident *incident, const LedgerView *view, const Signal *signal, bool speaks_of_change, int64_t from,
                         int64_t to) {
        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *e = signal_exemplar(signal, i);
                Evidence evidence = evidence_of(view, e);

                if (is_between(e, from, to) && settings_changed(signal, e, speaks_of_change))
                        add_change(changes, incident, signal, NULL, speaks_of_change || names_both(e) ? WEIGHT_SETTING : WEIGHT_VALUE, &evidence);
        }
}

static int64_t start_of(const LedgerView *view) {
        return (int64_t)view->all.buckets[0].start * 1000000;
}

/* From before @near on until @until, each time as long after the last: a timer says it. */
static bool is_by_timer(const Signal *signal, int64_t near, int64_t until) {
        Lines lines;
        unsigned n = 0;
        double mean;

        lines_of(signal, &lines);
        while (n < lines.n && lines.at[n]->time_us < until)
                n++;
        if (n < TIMER_TIMES_MIN || lines.at[0]->time_us >= near)
                return false;
        mean = (double)(lines.at[n - 1]->time_us - lines.at[0]->time_us) / (n - 1);
        for (unsigned i = 1; i < n; i++)
                if (fabs((double)(lines.at[i]->time_us - lines.at[i - 1]->time_us) - mean) > TIMER_SLACK * mean)
                        return false;
        return mean >= TIMER_SECONDS_MIN * 1e6;
}

/* At how many times before @until it was said, but for the start of the log, when everything starts. */
static unsigned n_times_before(const Signal *signal, const LedgerView *view, int64_t until) {
        int64_t last = start_of(view);
        unsigned apart = 0;
        Lines lines;

        lines_of(signal, &lines);
        for (unsigned i = 0; i < lines.n && lines.at[i]->time_us < until; i++) {
                if (lines.at[i]->time_us - last < to_us(RUMOUR_APART))
                        continue;
                last = lines.at[i]->time_us;
                apart++;
        }
        return apart;
}

static double weight_of_words(const Exemplar *line, unsigned n_words) {
        return names_both(line) ? WEIGHT_SETTING : WEIGHT_RUMOUR + WEIGHT_WORD * (n_words - 1);
}

/* Of the signals that no word speaks for. */
static void add_coincidences(GPtrArray *changes, const Incident *incident, const LedgerView *view, const GPtrArray *rare) {
        int64_t from = incident->onset_us - to_us(COINCIDENCE_SECONDS), to = incident->onset_us;
        g_autoptr(GPtrArray) found = g_ptr_array_new();

        for (guint i = 0; i < rare->len && found->len <= COINCIDENCES_MAX; i++) {
                Signal *signal = rare->pdata[i];
                if (changes_spoke_rarely(signal, COINCIDENCE_EVENTS_MAX) && spoke_between(signal, from, to) && count_words(&signal->first[0]) == 0)
                        g_ptr_array_add(found, signal);
        }
        for (guint i = 0; i < found->len && found->len <= COINCIDENCES_MAX; i++)
                add_events(changes, incident, view, found->pdata[i], NULL, WEIGHT_RUMOUR, from, to);
}

/* What a program says when it starts: within seconds of a change in its own log. */
static bool stands_with(const GPtrArray *changes, const Exemplar *line) {
        for (guint i = 0; i < changes->len; i++) {
                const Exemplar *known = ((const Change *)changes->pdata[i])->evidence.exemplar;
                if (line->time_us != TIME_NONE && ABS(known->time_us - line->time_us) <= to_us(TOGETHER_SECONDS))
                        return true;
        }
        return false;
}

/* From when to when lines without pattern count. */
typedef struct Window {
        int64_t from, to;
} Window;

static Window window_of(const Incident *incident, const LedgerView *view) {
        int64_t near = incident->onset_us - to_us(RUMOUR_LEAD_SECONDS), started = start_of(view) + to_us(STARTUP_SECONDS);
        int64_t reach = incident->fills ? to_us(CHANGE_LEAD_SECONDS - RUMOUR_LEAD_SECONDS) : 0;

        return (Window){ MIN(near, MAX(near - MAX(reach, incident->age_us), started)), incident->onset_us + to_us(CHANGE_SLACK_SECONDS) };
}

/* The signals that hardly ever speak, and did in @window; of Signal. */
static GPtrArray *find_rare(const Window *window, const LedgerView *view, const Baseline *baseline) {
        GPtrArray *rare = g_ptr_array_new();

        for (guint i = 0; i < view->signals->len; i++) {
                Signal *signal = view->signals->pdata[i];
                if (may_be_rumour(signal) && spoke_between(signal, window->from, window->to) && !baseline_is_usual(baseline, signal) &&
                    !is_routine(&signal->first[0]))
                        g_ptr_array_add(rare, signal);
        }
        return rare;
}

static void add_all(GPtrArray *changes, const Incident *incident, const GPtrArray *found) {
        for (guint i = 0; i < found->len; i++) {
                const Change *change = found->pdata[i];
                add_change(changes, incident, change->signal, NULL, change->weight, &change->evidence);
        }
}

/* Lines of values, or of words, that are others than at the start before. */
static void add_start_lines(GPtrArray *changes, const Incident *incident, const LedgerView *view, const GPtrArray *rare, const Window *window) {
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(change_free);

        for (guint i = 0; i < rare->len && rare->len <= RARE_MAX; i++) {
                const Signal *signal = rare->pdata[i];
                SiblingWord word;

                for (unsigned j = 0; j < signal_n_exemplars(signal); j++) {
                        const Exemplar *line = signal_exemplar(signal, j);
                        Evidence evidence = evidence_of(view, line);
                        if (is_between(line, window->from, window->to) && stands_with(changes, line) &&
                            (settings_changed(signal, line, true) || siblings_differ(signal, line, view, &word)))
                                add_change(found, incident, signal, NULL, WEIGHT_SETTING, &evidence);
                }
        }
        add_all(changes, incident, found);
}

/* How many that were taken already it stands with, in its log and at its time. */
static unsigned count_beside(const GPtrArray *taken, const Change *change) {
        unsigned n = 0;

        for (guint i = 0; i < taken->len; i++) {
                const Evidence *other = &((const Change *)taken->pdata[i])->evidence;
                n += g_str_equal(other->source, change->evidence.source) && ABS(other->time_us - change->evidence.time_us) <= to_us(TOGETHER_SECONDS);
        }
        return n;
}

/* Those before the onset first: much is said of what it did; of them the ones that say most, and of these the nearest. */
static int compare_rumours(const void *a, const void *b) {
        const Change *one = *(const Change *const *)a, *two = *(const Change *const *)b;
        bool behind = one->lead_us < 0, other_behind = two->lead_us < 0;

        if (behind != other_behind)
                return behind ? 1 : -1;
        if (one->weight != two->weight)
                return one->weight > two->weight ? -1 : 1;
        return -changes_compare(a, b);
}

static void add_best(GPtrArray *changes, const Incident *incident, GPtrArray *found) {
        g_autoptr(GPtrArray) taken = g_ptr_array_new();
        guint n_apart = 0;

        g_ptr_array_sort(found, compare_rumours);
        for (guint i = 0; i < found->len && n_apart < RUMOURS_MAX; i++) {
                unsigned n_beside = count_beside(taken, found->pdata[i]);

                if (n_beside >= RUMOURS_TOGETHER_MAX)
                        continue;
                g_ptr_array_add(taken, found->pdata[i]);
                n_apart += n_beside == 0;
        }
        add_all(changes, incident, taken);
}

/* Lines whose words speak of a change, or that name what moved. */
static void add_rumours(GPtrArray *changes, const Incident *incident, const LedgerView *view, const GPtrArray *rare, const Window *window) {
        g_autoptr(GPtrArray) rumours = g_ptr_array_new_with_free_func(change_free);
        int64_t near = incident->onset_us - to_us(RUMOUR_LEAD_SECONDS);

        for (guint i = 0; i < rare->len; i++) {
                const Signal *signal = rare->pdata[i];
                unsigned n_words = count_words(&signal->first[0]);

                if (n_words > 0 || rare->len <= RARE_MAX)
                        add_settings(rumours, incident, view, signal, n_words > 0, window->from, window->to);
                if (n_words > 0 && n_times_before(signal, view, near) < RUMOUR_USUAL_TIMES && !is_by_timer(signal, near, incident->onset_us))
                        add_events(rumours, incident, view, signal, NULL, weight_of_words(&signal->first[0], n_words), window->from, window->to);
        }
        add_best(changes, incident, rumours);
}

static bool is_laconic(const LedgerView *view, uint32_t source) {
        const Series *all = &view->all;
        double span = (double)(all->buckets[all->n - 1].start - all->buckets[0].start);

        return (double)((const SourceRecord *)view->sources->pdata[source])->events * LACONIC_SECONDS <= span;
}

/*
 * For a signal that hardly ever speaks: no word of it speaks of a change, nor of a failure, but next to nothing is said in its source, and this never
 * before @near.
 */
static bool is_act(const Signal *signal, const LedgerView *view, int64_t near) {
        const Exemplar *line = &signal->first[0];

        return (is_laconic(view, signal->sources[0].source) ||
                (signal->level < LEVEL_WARNING && changes_spoke_rarely(signal, COINCIDENCE_EVENTS_MAX) && speaks_of_act(line))) &&
               count_words(line) == 0 && !hearsay_is_failure(line->text) && n_times_before(signal, view, near) == 0;
}

static void add_acts(GPtrArray *changes, const Incident *incident, const LedgerView *view, const GPtrArray *rare, const Window *window) {
        int64_t near = incident->onset_us - to_us(RUMOUR_LEAD_SECONDS);
        g_autoptr(GPtrArray) acts = g_ptr_array_new_with_free_func(change_free);

        for (guint i = 0; i < rare->len; i++) {
                const Signal *signal = rare->pdata[i];

                if (is_act(signal, view, near))
                        add_events(acts, incident, view, signal, NULL, weight_of_words(&signal->first[0], 1), window->from, window->to);
        }
        add_best(changes, incident, acts);
}

/* In the source of one of the first @n changes, and at the time of it; not at a restart, when servers say much that tells nothing. */
static bool is_beside_one(const GPtrArray *changes, guint n, const Exemplar *line) {
        bool beside = false;

        for (guint i = 0; i < n; i++) {
                const Change *change = changes->pdata[i];
                const Exemplar *known = change->evidence.exemplar;
                bool near = line->source == known->source && ABS(known->time_us - line->time_us) <= to_us(BESIDE_SECONDS);

                if (near && g_str_equal(change->category, "changes/restart"))
                        return false;
                beside |= near;
        }
        return beside;
}

/* Its first line; NULL if it was said at other times before the onset, too: by each restart. */
static const Exemplar *find_detail(const GPtrArray *changes, guint n, const Signal *signal, const Window *window) {
        const Exemplar *detail = NULL;

        for (unsigned i = 0; i < signal_n_exemplars(signal); i++) {
                const Exemplar *line = signal_exemplar(signal, i);
                if (line->time_us == TIME_NONE || line->time_us > window->to)
                        continue;
                if (line->time_us < window->from || !is_beside_one(changes, n, line))
                        return NULL;
                detail = detail ? detail : line;
        }
        return detail;
}

/* What was changed often stands beside the line that says that something was. */
static void add_details(GPtrArray *changes, const Incident *incident, const LedgerView *view, const GPtrArray *rare, const Window *window) {
        guint n = changes->len;

        for (guint i = 0; i < rare->len && changes->len < n + DETAILS_MAX; i++) {
                const Signal *signal = rare->pdata[i];
                const Exemplar *line = changes_spoke_rarely(signal, COINCIDENCE_EVENTS_MAX) ? find_detail(changes, n, signal, window) : NULL;

                if (line) {
                        Evidence evidence = evidence_of(view, line);
                        add_change(changes, incident, signal, NULL, WEIGHT_DETAIL, &evidence);
                }
        }
}

/* What was done, before the onset, by who is said to hold a lock then. */
static void add_holders(GPtrArray *changes, const Incident *incident, const LedgerView *view, const GPtrArray *rare, const Window *window) {
        g_autoptr(Holders) holders = holders_new(view);
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(change_free);

        for (guint i = 0; i < rare->len; i++) {
                const Signal *signal = rare->pdata[i];

                for (unsigned j = 0; j < signal_n_exemplars(signal); j++) {
                        Evidence evidence = evidence_of(view, signal_exemplar(signal, j));
                        if (is_between(evidence.exemplar, window->from, incident->onset_us) && holders_wrote(holders, evidence.exemplar))
                                add_change(found, incident, signal, NULL, WEIGHT_SETTING, &evidence);
                }
        }
        add_best(changes, incident, found);
        for (guint i = 0; i < changes->len; i++) {
                Change *change = changes->pdata[i];
                change->holds = change->lead_us >= 0 && holders_wrote(holders, change->evidence.exemplar);
        }
}

/* Lines that no pattern knows. */
static void add_unknown(GPtrArray *changes, const Incident *incident, const LedgerView *view, const Baseline *baseline) {
        Window window = window_of(incident, view);
        g_autoptr(GPtrArray) rare = find_rare(&window, view, baseline);

        add_holders(changes, incident, view, rare, &window);
        add_rumours(changes, incident, view, rare, &window);
        add_acts(changes, incident, view, rare, &window);
        add_start_lines(changes, incident, view, rare, &window);
        add_coincidences(changes, incident, view, rare);
        add_details(changes, incident, view, rare, &window);
}

/* From the onset, than the last. */
static bool is_first_farther(const GPtrArray *changes) {
        const Change *first = changes->pdata[0], *last = changes->pdata[changes->len - 1];

        return first->lead_us > -last->lead_us;
}

GPtrArray *changes_find(const Incident *incident, const LedgerView *view, const Patterns *patterns, const Baseline *baseline) {
        GPtrArray *changes = g_ptr_array_new_with_free_func(change_free);
        double onset = (double)incident->onset_us / 1e6;

        if (incident->onset_us == TIME_NONE)
                return changes;
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                const Pattern *pattern = signal->pattern_id ? patterns_find(patterns, signal->pattern_id) : NULL;
                if (pattern && pattern->role == ROLE_CHANGE && !baseline_is_usual(baseline, signal) && !silence_was_regular(&signal->series, onset))
                        add_events(changes, incident, view, signal, pattern, weight_of(pattern), incident->onset_us - to_us(CHANGE_LEAD_SECONDS),
                                   incident->end_us);
        }
        add_unknown(changes, incident, view, baseline);
        g_ptr_array_sort(changes, changes_compare);
        while (changes->len > CHANGES_MAX)
                g_ptr_array_remove_index(changes, is_first_farther(changes) ? 0 : changes->len - 1);
        for (guint i = 0; i < changes->len; i++)
                settings_find(changes->pdata[i], view);
        undone_share(changes);
        for (guint i = 0; i < changes->len; i++) {
                Change *change = changes->pdata[i];

                if (change->pattern && change->settings->len > 0)
                        change->weight = MAX(change->weight, WEIGHT_OTHER);
                change->refuted = undone_in_vain(change, incident, &view->errors);
        }
        return changes;
}

/* --- what it is about --- */

/* Words of @text from @at on, but for short ones; empty at the end. */
static Str next_word(Str text, size_t *at) {
        return pairs_letters(text, at, CHANGE_WORD_BYTES_MIN);
}

bool changes_is_where(const Change *change, const Signal *signal) {
        for (uint32_t i = 0; i < signal->n_sources; i++)
                if (signal->sources[i].source == change->evidence.exemplar->source)
                        return true;
        return false;
}

static Str matched(const Exemplar *exemplar) {
        return str_slice(str_from(exemplar->text), exemplar->match_at, exemplar->match_at + exemplar->match_len);
}

unsigned changes_words_in(const Change *change, Str text) {
        Str message = evidence_message(change->evidence.exemplar);
        unsigned n = 0;
        size_t at = 0;

        for (Str word = next_word(message, &at); word.len > 0; word = next_word(message, &at))
                n += str_find_begin_nocase(text, word, 0) != SIZE_MAX;
        return n;
}

static bool shares_word(const Change *change, Str text) {
        return changes_words_in(change, text) > 0;
}

bool changes_is_about(const Change *change, const Signal *signal, const char *title) {
        if ((signal->n_sources == 1 && changes_is_where(change, signal)) || shares_word(change, str_from(title)))
                return true;
        for (unsigned i = 0; i < signal->n_first; i++)
                if (shares_word(change, matched(&signal->first[i])))
                        return true;
        return false;
}

bool changes_names(const Change *change, const Signal *signal) {
        return signal->n_first > 0 && shares_word(change, evidence_message(&signal->first[0]));
}

/* @text names the program whose pack the pattern of @change is of: "nginx -t ok, reload" and nginx's own word of it. */
static bool names_program(Str text, const Change *change) {
        const char *slash = change->pattern ? strchr(change->pattern->id, '/') : NULL;
        Str program = slash ? (Str){ change->pattern->id, (size_t)(slash - change->pattern->id) } : STR("");

        return program.len >= CHANGE_WORD_BYTES_MIN && str_find_nocase(text, program, 0) != SIZE_MAX;
}

bool changes_are_related(const Change *one, const Change *other) {
        Str text = evidence_message(one->evidence.exemplar), other_text = evidence_message(other->evidence.exemplar);
        size_t at = 0;

        if (one->evidence.exemplar->source == other->evidence.exemplar->source || references_shared(text, other_text) || names_program(text, other) ||
            names_program(other_text, one))
                return true;
        for (Str word = next_word(text, &at); word.len > 0; word = next_word(text, &at))
                if (str_find_nocase(other_text, word, 0) != SIZE_MAX)
                        return true;
        return false;
}
