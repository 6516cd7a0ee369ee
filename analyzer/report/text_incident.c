/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clean.h"
#include "report/excerpt.h"
#include "report/phrases.h"
#include "report/text.h"

#include <string.h>

/* What one screen holds. */
#define EVIDENCE_SHOWN 3
#define CHANGES_SHOWN  3
#define SYMPTOMS_SHOWN 5

/* Lines that a piece of evidence and a change may take; in so many columns of one a word may find no room any more. */
#define EVIDENCE_LINES      2
#define WRAP_COLUMNS        6
#define CHANGE_LINES        2
#define CHANGE_LINES_NARROW 3 /* where there are less columns than usual */

/* What a line says stands below its address where less than this is left beside it. */
#define BESIDE_COLUMNS_MIN 36
#define BELOW_INDENT       6

/* A histogram that would get less than this beside the rates gets a line of its own. */
#define HISTOGRAM_COLUMNS 40

/* Of the name, value and weight of a factor; and before its words. */
#define FACTOR_COLUMNS 21
#define FACTOR_GAP     2

/* --- the head --- */

/* "INCIDENT    "; of several "INCIDENT 1 of 3" on a line of its own. */
static void write_number(Typeset *t, const Incident *incident) {
        const char *heading = t->words.report->verdict == VERDICT_INCIDENT ? "INCIDENT" : "TROUBLE";
        guint n = t->words.report->incidents->len;

        if (n > 1) {
                g_autofree char *numbered = g_strdup_printf("%s %u of %u", heading, incident->id, n);
                typeset_paint(t, PAINT_RED, numbered);
                g_string_append(t->out, incident->id == 1 ? ", the worst first\n" : "\n");
                typeset_pad(t, HEAD_COLUMNS);
                return;
        }
        typeset_paint(t, PAINT_RED, heading);
        typeset_pad(t, HEAD_COLUMNS - strlen(heading));
}

static void write_head(Typeset *t, const Incident *incident) {
        g_autofree char *times = phrase_times(&t->words, incident), *rates = phrase_rates(incident);
        size_t room = t->words.style->width - HEAD_COLUMNS, used = clean_width(rates) + 3;

        g_string_append_c(t->out, '\n');
        write_number(t, incident);
        typeset_wrap(t, times, HEAD_COLUMNS, 0);
        if (incident->onset_us == TIME_NONE)
                return;
        typeset_pad(t, HEAD_COLUMNS);
        if (used + MIN(incident->buckets->len, HISTOGRAM_COLUMNS) > room) {
                typeset_wrap(t, rates, HEAD_COLUMNS, 0);
                typeset_pad(t, HEAD_COLUMNS);
                used = 0;
        } else {
                g_string_append(t->out, rates);
                typeset_pad(t, 3);
        }
        {
                g_autofree char *histogram = phrase_histogram(incident, room - used);
                g_string_append_printf(t->out, "%s\n", g_strchomp(histogram));
        }
}

/* --- a cause --- */

static const char *paint_of(Confidence confidence) {
        return confidence == CONFIDENCE_HIGH ? PAINT_RED : confidence == CONFIDENCE_MEDIUM ? PAINT_YELLOW : PAINT_DIM;
}

/* Columns of "1 TITLE  high". */
static size_t title_columns(const Cause *cause) {
        g_autofree char *title = wording_cause_title(cause);

        return strlen("1 ") + clean_width(title) + 2 + strlen(confidence_name(cause->confidence));
}

static void write_title(Typeset *t, const Cause *cause, unsigned number, size_t edge) {
        g_autofree char *label = g_strdup_printf("%u ", number);
        const char *confidence = confidence_name(cause->confidence);
        size_t room = edge - strlen(label) - strlen(confidence) - 2;
        g_autofree char *title = wording_cause_fit(cause, room);

        g_string_append_c(t->out, '\n');
        typeset_paint(t, PAINT_BOLD, label);
        typeset_paint(t, PAINT_BOLD, title);
        typeset_pad(t, room - clean_width(title) + 2);
        typeset_paint(t, paint_of(cause->confidence), confidence);
        g_string_append_c(t->out, '\n');
}

/* "app.log:12 (+2)"; of what would leave less than half of the line to the evidence, the end. */
static char *label_of(const Typeset *t, const EvidenceRow *row) {
        g_autofree char *more = row->more->len ? g_strdup_printf(" (+%u)", row->more->len) : g_strdup("");
        g_autofree char *label = g_strconcat(row->address, more, NULL);
        size_t width = clean_width(label), room = t->words.style->width / 2;

        if (width <= room)
                return g_steal_pointer(&label);
        return g_strconcat("…", label + clean_prefix(label, width - room + 2), NULL);
}

/* So that what is said begins in one column. */
static size_t label_columns(const Typeset *t, const GArray *rows) {
        size_t widest = 0;

        for (guint i = 0; i < rows->len; i++) {
                g_autofree char *label = label_of(t, &g_array_index(rows, EvidenceRow, i));
                widest = MAX(widest, clean_width(label));
        }
        return widest;
}

/* What decides stays where not all of it has room. */
static char *fitting_text(const EvidenceRow *row, size_t room) {
        size_t whole = (room - WRAP_COLUMNS) * EVIDENCE_LINES;

        return clean_width(row->excerpt.text) <= whole ? g_strdup(row->excerpt.text) : excerpt_fit(&row->excerpt, whole);
}

static void write_row(Typeset *t, const EvidenceRow *row, size_t columns) {
        g_autofree char *label = label_of(t, row), *text = NULL;
        size_t width = MAX(clean_width(label), columns), indent = 4 + width + 2;
        size_t room = t->words.style->width > indent ? t->words.style->width - indent : 0;
        bool below = room < BESIDE_COLUMNS_MIN;

        typeset_pad(t, 4);
        typeset_link(t, PAINT_DIM, row->source, label);
        if (below) {
                g_string_append_c(t->out, '\n');
                indent = BELOW_INDENT;
                room = t->words.style->width - indent;
        }
        typeset_pad(t, below ? indent : width - clean_width(label) + 2);
        text = fitting_text(row, room);
        typeset_wrap(t, text, indent, EVIDENCE_LINES);
}

static void write_evidence(Typeset *t, const Cause *cause, unsigned max) {
        g_autoptr(GArray) rows = excerpt_rows(&t->words, cause, max);
        size_t columns = label_columns(t, rows);

        for (guint i = 0; i < rows->len; i++)
                write_row(t, &g_array_index(rows, EvidenceRow, i), columns);
}

/* Is one of the same category told after it? A restart is told by several lines; the setting before it by one. */
static bool is_told_again(const GPtrArray *changes, guint index) {
        for (guint i = index + 1; i < changes->len; i++)
                if (g_str_equal(((const Change *)changes->pdata[i])->category, ((const Change *)changes->pdata[index])->category))
                        return true;
        return false;
}

/* The change that can best be left out: one that is told again, else the one that is least likely to break something. */
static guint least_telling(const GPtrArray *changes) {
        guint found = 0;

        for (guint i = 0; i < changes->len; i++)
                if (is_told_again(changes, i))
                        return i;
        for (guint i = 1; i < changes->len; i++)
                if (((const Change *)changes->pdata[i])->weight < ((const Change *)changes->pdata[found])->weight)
                        found = i;
        return found;
}

static void write_changes(Typeset *t, const Cause *cause) {
        g_autoptr(GPtrArray) changes = phrase_changes(cause, NULL);
        unsigned width = t->words.style->width, lines = width < STYLE_WIDTH_DEFAULT ? CHANGE_LINES_NARROW : CHANGE_LINES;

        while (changes->len > CHANGES_SHOWN)
                g_ptr_array_remove_index(changes, least_telling(changes));
        for (guint i = 0; i < changes->len; i++) {
                const Change *change = changes->pdata[i];
                g_auto(Excerpt) excerpt = excerpt_of(&change->evidence);
                g_autofree char *clock = wording_clock(&t->words, change->evidence.time_us);
                g_autofree char *address = wording_address(&t->words, &change->evidence);
                g_autofree char *fit = excerpt_fit(&excerpt, lines * (width - LABEL_COLUMNS) - clean_width(address) - 30);
                g_autofree char *settings = phrase_settings(change);
                g_autofree char *text = g_strdup_printf(*settings ? "%s %s  %s (%s)" : "%s %s  %s", clock, address, fit, settings);

                typeset_labelled(t, i == 0 ? "just before" : "", text);
        }
}

static void write_factors(Typeset *t, const Cause *cause) {
        for (guint i = 0; i < cause->why->len; i++) {
                const Why *why = &g_array_index(cause->why, Why, i);
                g_autofree char *clean = clean_line(why->text);

                typeset_label(t, i == 0 ? "factors" : "");
                g_string_append_printf(t->out, "%-8s%5.2f x %5.2f", why->factor, why->value, why->weight);
                typeset_pad(t, *clean ? FACTOR_GAP : 0);
                typeset_wrap(t, clean, LABEL_COLUMNS + FACTOR_COLUMNS + FACTOR_GAP, 0);
        }
}

/* The suspects that came next, and what decided against them. */
static void write_why_not(Typeset *t, const Cause *cause) {
        for (guint i = 0; i < cause->why_not->len; i++) {
                const Rival *rival = cause->why_not->pdata[i];
                g_autofree char *text = phrase_why_not(cause, rival), *factors = phrase_factors(rival->why);

                typeset_labelled(t, "why not", text);
                typeset_labelled(t, "", factors);
        }
}

static void write_strings(Typeset *t, const char *label, const char *const *strings, bool all) {
        for (size_t i = 0; strings[i] && (all || i == 0); i++) {
                g_autofree char *clean = clean_line(strings[i]);
                typeset_labelled(t, i == 0 ? label : "", g_strchomp(clean));
        }
}

static void write_advice(Typeset *t, const Cause *cause) {
        bool all = t->words.style->explain;

        if (!cause->pattern)
                return;
        if (all) {
                g_autofree char *explain = clean_line(cause->pattern->explain);
                typeset_labelled(t, "explain", g_strchomp(explain));
        }
        write_strings(t, "check", cause->pattern->checks, all);
        write_strings(t, "do", cause->pattern->fixes, all);
        if (all)
                write_strings(t, "prevent", cause->pattern->prevents, all);
}

static void write_cause(Typeset *t, const Incident *incident, const Cause *cause, unsigned number, size_t edge) {
        g_autofree char *when = phrase_when(&t->words, cause, incident), *effects = phrase_effects(cause);
        g_autofree char *facts = phrase_facts(cause), *why = phrase_why(cause);
        bool first = number == 1;

        write_title(t, cause, number, edge);
        typeset_pad(t, 2);
        typeset_wrap(t, when, 2, 0);
        write_evidence(t, cause, first ? EVIDENCE_SHOWN : 1);
        if (first) {
                write_changes(t, cause);
                typeset_labelled(t, "led to", effects);
                typeset_labelled(t, "facts", facts);
        }
        typeset_labelled(t, "why", why);
        if (t->words.style->explain) {
                write_factors(t, cause);
                write_why_not(t, cause);
        }
        if (first || t->words.style->explain)
                write_advice(t, cause);
}

/* --- symptoms --- */

/* "from 04:48:04"; "" where nothing has a time. */
static char *symptom_when(const Typeset *t, const Cause *symptom) {
        g_autofree char *clock = symptom->onset_us == TIME_NONE ? NULL : wording_clock(&t->words, symptom->onset_us);

        return clock ? g_strdup_printf("from %s", clock) : g_strdup("");
}

/* " 2,817  Requests end with HTTP 502 or 503          from 04:48:04" */
static void write_symptom(Typeset *t, const Incident *incident, const Cause *symptom, size_t count_columns, size_t edge) {
        g_autofree char *count = wording_count(phrase_total(incident->symptoms, symptom)), *when = symptom_when(t, symptom);
        size_t room = edge - HEAD_COLUMNS - count_columns - 2;
        g_autofree char *fit = wording_cause_fit(symptom, room - strlen(when) - 2);

        typeset_pad(t, count_columns - strlen(count));
        g_string_append_printf(t->out, "%s  %s", count, fit);
        if (*when) {
                typeset_pad(t, room - clean_width(fit) - strlen(when));
                typeset_paint(t, PAINT_DIM, when);
        }
        g_string_append_c(t->out, '\n');
}

static void write_symptoms(Typeset *t, const Incident *incident) {
        const GPtrArray *symptoms = incident->symptoms;
        size_t columns = 0, titles = 0;
        unsigned n = 0;

        for (guint i = 0; i < symptoms->len; i++) {
                g_autofree char *count = wording_count(phrase_total(symptoms, symptoms->pdata[i])), *title = wording_cause_title(symptoms->pdata[i]);
                g_autofree char *when = symptom_when(t, symptoms->pdata[i]);
                columns = MAX(columns, strlen(count));
                titles = MAX(titles, clean_width(title) + 2 + strlen(when));
        }
        for (guint i = 0; i < symptoms->len && n < SYMPTOMS_SHOWN; i++) {
                if (phrase_is_repeat(symptoms, i))
                        continue;
                if (n == 0)
                        g_string_append_c(t->out, '\n');
                typeset_heading(t, n++ == 0 ? "SYMPTOMS" : "");
                write_symptom(t, incident, symptoms->pdata[i], columns, typeset_edge(t, HEAD_COLUMNS + columns + 2 + titles));
        }
}

/* One for all titles that are shown. */
static size_t causes_edge(const Typeset *t, const Incident *incident, unsigned n_shown) {
        size_t needed = 0;
        unsigned n = 0;

        for (guint i = 0; i < incident->causes->len && n < n_shown; i++)
                if (!phrase_is_repeat(incident->causes, i)) {
                        needed = MAX(needed, title_columns(incident->causes->pdata[i]));
                        n++;
                }
        return typeset_edge(t, needed);
}

void text_incident(Typeset *t, const Incident *incident) {
        unsigned n_shown = incident->id == 1 ? t->words.style->n_top : 1, n = 0;
        size_t edge = causes_edge(t, incident, n_shown);

        write_head(t, incident);
        for (guint i = 0; i < incident->causes->len && n < n_shown; i++)
                if (!phrase_is_repeat(incident->causes, i))
                        write_cause(t, incident, incident->causes->pdata[i], ++n, edge);
        write_symptoms(t, incident);
}
