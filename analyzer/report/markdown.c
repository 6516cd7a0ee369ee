/* SPDX-License-Identifier: Apache-2.0 */
#include "report/markdown.h"

#include "report/clean.h"
#include "report/excerpt.h"
#include "report/phrases.h"
#include "report/timeline.h"

#include <string.h>

#define EVIDENCE_SHOWN    5
#define BACKGROUND_SHOWN  10
#define HISTOGRAM_COLUMNS 80

/* Columns of a line of evidence, and of one in a table. */
#define EVIDENCE_COLUMNS 240
#define CELL_COLUMNS     100

/* --- pieces --- */

void markdown_text(GString *out, const char *text) {
        g_autofree char *clean = clean_markdown(text);

        g_string_append(out, clean);
}

void markdown_code(GString *out, const char *text) {
        g_autofree char *clean = clean_code(text);

        g_string_append(out, clean);
}

void markdown_item(GString *out, const char *label, const char *text) {
        if (*text == '\0')
                return;
        g_string_append_printf(out, "- **%s:** ", label);
        markdown_text(out, text);
        g_string_append_c(out, '\n');
}

void markdown_settings(GString *out, const Change *change) {
        g_autofree char *settings = phrase_settings(change);

        if (*settings == '\0')
                return;
        g_string_append(out, " (");
        markdown_text(out, settings);
        g_string_append_c(out, ')');
}

void markdown_why_not(GString *out, const Cause *cause) {
        for (guint i = 0; i < cause->why_not->len; i++) {
                g_autofree char *text = phrase_why_not(cause, cause->why_not->pdata[i]);
                markdown_item(out, "Why not", text);
        }
}

void markdown_evidence(GString *out, const Wording *words, const Cause *cause, unsigned max) {
        g_autoptr(GArray) rows = excerpt_rows(words, cause, max);

        for (guint i = 0; i < rows->len; i++) {
                const EvidenceRow *row = &g_array_index(rows, EvidenceRow, i);
                g_autofree char *fit = excerpt_fit(&row->excerpt, EVIDENCE_COLUMNS);

                g_string_append(out, "- ");
                markdown_code(out, row->address);
                for (guint j = 0; j < row->more->len; j++)
                        g_string_append_printf(out, ", %" G_GUINT64_FORMAT, (guint64)g_array_index(row->more, uint64_t, j));
                g_string_append_c(out, ' ');
                markdown_code(out, fit);
                g_string_append_c(out, '\n');
        }
}

/* --- tables --- */

static void append_cell(GString *out, const char *text) {
        g_string_append(out, " | ");
        markdown_text(out, text);
}

/* A row of the timeline: UTC, local, what, where. */
static void append_moment(GString *out, const Wording *words, const char *what, const char *label, const Evidence *evidence, int64_t time_us) {
        g_autofree char *utc = wording_date(time_us), *local = wording_local(words, time_us);
        g_autofree char *address = evidence ? wording_address(words, evidence) : g_strdup("");

        g_string_append_printf(out, "| %s", utc);
        if (local)
                append_cell(out, local);
        g_string_append_printf(out, " | **%s** ", label);
        markdown_text(out, what);
        append_cell(out, address);
        g_string_append(out, " |\n");
}

/* What a change says is more than its title; of a cause or symptom the title is enough. */
static char *words_of_moment(const Wording *words, const Moment *moment) {
        g_autofree char *title = wording_title(moment->text);
        g_autofree char *times = wording_times(words, moment->n, moment->last_us);

        if (g_str_equal(moment->kind, "change") && moment->evidence) {
                g_auto(Excerpt) excerpt = excerpt_of(moment->evidence);
                g_autofree char *fit = excerpt_fit(&excerpt, CELL_COLUMNS);
                return moment->is_line ? g_strconcat(fit, times, NULL) : g_strdup_printf("%s%s: %s", title, times, fit);
        }
        return g_strdup_printf("%s%s", title, times);
}

/* The peak and the end are no signals; they are told in their place. */
static void append_turns(GString *out, const Wording *words, const Incident *incident, int64_t after, int64_t before) {
        g_autofree char *rate = wording_rate(incident->peak_per_minute);
        g_autofree char *peak = g_strdup_printf("%s errors a minute", rate);
        const struct {
                int64_t time_us;
                const char *label, *text;
        } turns[] = {
                { incident->peak_us, "peak", peak },
                { incident->ongoing ? TIME_NONE : incident->end_us, "end", "errors are back to what they were before" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(turns); i++)
                if (turns[i].time_us != TIME_NONE && turns[i].time_us >= after && turns[i].time_us < before)
                        append_moment(out, words, turns[i].text, turns[i].label, NULL, turns[i].time_us);
}

void markdown_timeline(GString *out, const Wording *words, const Incident *incident) {
        g_autoptr(GArray) moments = timeline_for_people(incident, words->style->n_top);
        bool local = words->style->zone != NULL;
        int64_t last = G_MININT64;

        g_string_append(out, "| UTC");
        if (local)
                append_cell(out, words->style->zone_name);
        g_string_append_printf(out, " | what | where |\n| --- |%s --- | --- |\n", local ? " --- |" : "");
        for (guint i = 0; i < moments->len; i++) {
                const Moment *moment = &g_array_index(moments, Moment, i);
                g_autofree char *what = words_of_moment(words, moment);

                append_turns(out, words, incident, last, moment->time_us);
                append_moment(out, words, what, moment->kind, moment->evidence, moment->time_us);
                last = moment->time_us;
        }
        append_turns(out, words, incident, last, G_MAXINT64);
}

void markdown_inputs(GString *out, const Wording *words) {
        const GPtrArray *sources = words->report->ledger->sources;

        g_string_append(out, "| input | lines | events | first | last | layout | zone |\n| --- | ---: | ---: | --- | --- | --- | --- |\n");
        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = sources->pdata[i];
                g_autofree char *name = wording_source(words, source->name), *lines = wording_count(source->lines);
                g_autofree char *events = wording_count(source->events);
                g_autofree char *first = source->first_us == TIME_NONE ? g_strdup("") : wording_date(source->first_us);
                g_autofree char *last = source->last_us == TIME_NONE ? g_strdup("") : wording_date(source->last_us);
                g_autofree char *zone = wording_zone(source);

                if (source->lines == 0 && source->note)
                        continue; /* passed over */
                g_string_append(out, "| ");
                markdown_text(out, name);
                append_cell(out, lines);
                append_cell(out, events);
                append_cell(out, first);
                append_cell(out, last);
                append_cell(out, source->layout);
                append_cell(out, zone);
                g_string_append(out, " |\n");
        }
}

/* --- the report --- */

static void append_strings(GString *out, const char *label, const char *const *strings, bool as_code) {
        for (; *strings; strings++) {
                g_string_append_printf(out, "- **%s:** ", label);
                if (as_code)
                        markdown_code(out, *strings);
                else
                        markdown_text(out, *strings);
                g_string_append_c(out, '\n');
        }
}

static void append_changes(GString *out, const Wording *words, const Cause *cause, const Cause *told) {
        g_autoptr(GPtrArray) changes = phrase_changes(cause, told);

        for (guint i = 0; i < changes->len; i++) {
                const Change *change = changes->pdata[i];
                g_auto(Excerpt) excerpt = excerpt_of(&change->evidence);
                g_autofree char *clock = wording_clock(words, change->evidence.time_us), *address = wording_address(words, &change->evidence);
                g_autofree char *fit = excerpt_fit(&excerpt, EVIDENCE_COLUMNS);

                g_string_append_printf(out, "- **Just before:** %s ", clock);
                markdown_code(out, address);
                g_string_append_c(out, ' ');
                markdown_code(out, fit);
                markdown_settings(out, change);
                g_string_append_c(out, '\n');
        }
}

static void append_cause(GString *out, const Wording *words, const Incident *incident, const Cause *cause, unsigned number) {
        g_autofree char *title = wording_cause_title(cause), *when = phrase_when(words, cause, incident);
        g_autofree char *effects = phrase_effects(cause), *facts = phrase_facts(cause), *why = phrase_why(cause);

        g_string_append_printf(out, "\n### %u. ", number);
        markdown_text(out, title);
        g_string_append_printf(out, " (%s confidence)\n\n", confidence_name(cause->confidence));
        markdown_text(out, when);
        g_string_append(out, "\n\n");
        markdown_evidence(out, words, cause, EVIDENCE_SHOWN);
        g_string_append_c(out, '\n');
        append_changes(out, words, cause, number > 1 ? incident->causes->pdata[0] : NULL);
        markdown_item(out, "Led to", effects);
        markdown_item(out, "Facts", facts);
        markdown_item(out, "Why this", why);
        markdown_why_not(out, cause);
        if (!cause->pattern)
                return;
        markdown_item(out, "What it is", cause->pattern->explain);
        append_strings(out, "Check", cause->pattern->checks, true);
        append_strings(out, "Do", cause->pattern->fixes, false);
        append_strings(out, "Prevent", cause->pattern->prevents, false);
}

static void append_symptoms(GString *out, const Incident *incident) {
        const GPtrArray *symptoms = incident->symptoms;

        if (symptoms->len == 0)
                return;
        g_string_append(out, "\n### Symptoms\n\n| events | symptom | from |\n| ---: | --- | --- |\n");
        for (guint i = 0; i < symptoms->len; i++) {
                const Cause *symptom = symptoms->pdata[i];
                g_autofree char *count = wording_count(phrase_total(symptoms, symptom)), *title = wording_cause_title(symptom);
                g_autofree char *onset = symptom->onset_us == TIME_NONE ? g_strdup("") : wording_date(symptom->onset_us);

                if (phrase_is_repeat(symptoms, i))
                        continue;
                g_string_append_printf(out, "| %s", count);
                append_cell(out, title);
                append_cell(out, onset);
                g_string_append(out, " |\n");
        }
}

static void append_incident(GString *out, const Wording *words, const Incident *incident) {
        g_autofree char *times = phrase_times(words, incident), *rates = phrase_rates(incident);
        g_autofree char *histogram = phrase_histogram(incident, HISTOGRAM_COLUMNS);
        unsigned n_shown = incident->id == 1 ? words->style->n_top : 1, n = 0;

        g_string_append_printf(out, "\n## %s %u\n\n", words->report->verdict == VERDICT_INCIDENT ? "Incident" : "Trouble", incident->id);
        markdown_text(out, times);
        g_string_append(out, "\n\n");
        if (incident->onset_us != TIME_NONE)
                g_string_append_printf(out, "%s: `%s`\n", rates, *g_strstrip(histogram) ? histogram : "-");
        for (guint i = 0; i < incident->causes->len && n < n_shown; i++)
                if (!phrase_is_repeat(incident->causes, i))
                        append_cause(out, words, incident, incident->causes->pdata[i], ++n);
        append_symptoms(out, incident);
        if (incident->onset_us == TIME_NONE)
                return;
        g_string_append(out, "\n### Timeline\n\n");
        markdown_timeline(out, words, incident);
}

static void append_background(GString *out, const Report *report) {
        const GPtrArray *list = report->background;

        if (list->len == 0)
                return;
        g_string_append(out, "\n## Background\n\n| events | what | why it is background |\n| ---: | --- | --- |\n");
        for (guint i = 0; i < MIN(list->len, BACKGROUND_SHOWN); i++) {
                const Background *background = list->pdata[i];
                g_autofree char *count = wording_count(background->count), *title = wording_title(background->title);

                g_string_append_printf(out, "| %s", count);
                append_cell(out, title);
                append_cell(out, background->text);
                g_string_append(out, " |\n");
        }
}

static void append_rest(GString *out, const Wording *words) {
        g_autofree char *no_sign = phrase_no_sign(words->report), *coverage = phrase_coverage(words), *clocks = phrase_clocks(words);
        g_autoptr(GPtrArray) problems = phrase_problems(words);

        if (*no_sign) {
                g_string_append(out, "\n## No sign of\n\n");
                markdown_text(out, no_sign);
                g_string_append_c(out, '\n');
        }
        append_background(out, words->report);
        g_string_append(out, "\n## Coverage\n\n");
        markdown_text(out, coverage);
        g_string_append(out, "\n\n");
        markdown_inputs(out, words);
        if (problems->len > 0 || *clocks)
                g_string_append_c(out, '\n');
        markdown_item(out, "Clocks", clocks);
        for (guint i = 0; i < problems->len; i++)
                markdown_item(out, "Problem", problems->pdata[i]);
}

static void append_title(GString *out, const Report *report) {
        const Incident *incident = report->incidents->len ? report->incidents->pdata[0] : NULL;

        g_string_append(out, "# ");
        if (incident && incident->causes->len > 0) {
                g_autofree char *title = wording_cause_title(incident->causes->pdata[0]);
                markdown_text(out, title);
        } else {
                g_string_append(out, report->verdict == VERDICT_NO_INCIDENT ? "No incident"
                                     : report->verdict == VERDICT_INCIDENT  ? "Incident"
                                                                            : "Inconclusive");
        }
        g_string_append(out, "\n\n");
}

char *markdown_report(const Report *report, const Style *style) {
        GString *out = g_string_new(NULL);
        Wording words = wording_of(report, style);
        g_autofree char *overview = phrase_overview(&words), *verdict = phrase_verdict(report);

        append_title(out, report);
        markdown_text(out, overview);
        g_string_append_c(out, '\n');
        if (*verdict) {
                g_string_append_printf(out, "\n**%s:** ", report->verdict == VERDICT_NO_INCIDENT ? "No incident" : "Inconclusive");
                markdown_text(out, verdict);
                g_string_append_c(out, '\n');
        }
        for (guint i = 0; i < report->incidents->len; i++)
                append_incident(out, &words, report->incidents->pdata[i]);
        append_rest(out, &words);
        return g_string_free(out, FALSE);
}
