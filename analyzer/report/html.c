/* SPDX-License-Identifier: Apache-2.0 */
#include "report/html.h"

#include "report/clean.h"
#include "report/excerpt.h"
#include "report/phrases.h"
#include "report/timeline.h"

#include <gio/gio.h>
#include <string.h>

/* Made from report.gresource.xml. */
GResource *report_style_get_resource(void);

#define BACKGROUND_SHOWN 20
#define CHANGE_COLUMNS   240

/* Nothing is fetched and nothing runs, whatever a log says. */
#define POLICY "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/* --- pieces --- */

void html_text(GString *out, const char *text) {
        g_autofree char *clean = clean_html(text);

        g_string_append(out, clean);
}

/* <tag class="class">text</tag>; no class when it is NULL. */
static void element(GString *out, const char *tag, const char *class, const char *text) {
        g_string_append_printf(out, class ? "<%s class=\"%s\">" : "<%s>", tag, class);
        html_text(out, text);
        g_string_append_printf(out, "</%s>", tag);
}

/* Text of the log, kept apart so that right-to-left words in it do not turn what is around. */
static void quoted(GString *out, const char *text) {
        g_string_append(out, "<code><bdi>");
        html_text(out, text);
        g_string_append(out, "</bdi></code>");
}

static void definition(GString *out, const char *term, const char *text) {
        if (*text == '\0')
                return;
        element(out, "dt", NULL, term);
        element(out, "dd", NULL, text);
        g_string_append_c(out, '\n');
}

static void cell(GString *out, const char *class, const char *text) {
        element(out, "td", class, text);
}

static void cell_of_time(GString *out, int64_t time_us) {
        g_autofree char *text = time_us == TIME_NONE ? g_strdup("") : wording_date(time_us);

        cell(out, "time", text);
}

static void begin_table(GString *out, const char *const *heads) {
        g_string_append(out, "<div class=\"table\"><table>\n<thead><tr>");
        for (; *heads; heads++) {
                bool is_number = **heads == '#';
                g_string_append_printf(out, "<th scope=\"col\"%s>", is_number ? " class=\"number\"" : "");
                html_text(out, *heads + is_number);
                g_string_append(out, "</th>");
        }
        g_string_append(out, "</tr></thead>\n<tbody>\n");
}

static void end_table(GString *out) {
        g_string_append(out, "</tbody></table></div>\n");
}

/* --- evidence --- */

static void part(GString *out, const char *text, size_t length, const char *tag) {
        g_autofree char *piece = g_strndup(text, length);
        g_autofree char *clean = clean_line(piece);

        if (*clean == '\0')
                return;
        if (tag)
                g_string_append_printf(out, "<%s>", tag);
        html_text(out, clean);
        if (tag)
                g_string_append_printf(out, "</%s>", tag);
}

/* The first line, then the one that matters, with what the pattern matched marked. */
static void append_lines(GString *out, const Exemplar *exemplar) {
        const char *text = exemplar->text, *newline = strchr(text, '\n');
        size_t first = strcspn(text, "\n"), match = exemplar->match_at, length = exemplar->match_len;

        g_string_append(out, "<code><bdi>");
        if (length == 0 || match + length > strlen(text)) {
                part(out, text, first, NULL);
        } else if (match < first) {
                length = MIN(length, first - match);
                part(out, text, match, NULL);
                part(out, text + match, length, "mark");
                part(out, text + match + length, first - match - length, NULL);
        } else {
                part(out, text, first, NULL);
        }
        g_string_append(out, "</bdi></code>");
        if (newline)
                quoted(out, newline + 1);
}

static void append_evidence(GString *out, const Wording *words, const Cause *cause, bool open) {
        guint n = cause->evidence->len;

        if (n == 0)
                return;
        g_string_append_printf(out, "<details%s><summary>Evidence: ", open ? " open" : "");
        if (cause->kind == CAUSE_SILENCE) {
                g_string_append(out, "the last that was said");
        } else {
                g_autofree char *count = wording_count(cause->count);
                g_string_append_printf(out, "%u line%s of %s", n, n == 1 ? "" : "s", count);
        }
        g_string_append(out, "</summary>\n<ol class=\"evidence\">\n");
        for (guint i = 0; i < n; i++) {
                const Evidence *line = &g_array_index(cause->evidence, Evidence, i);
                g_autofree char *address = wording_address(words, line);

                g_string_append(out, "<li>");
                element(out, "span", "address", address);
                append_lines(out, line->exemplar);
                g_string_append(out, "</li>\n");
        }
        g_string_append(out, "</ol></details>\n");
}

/* --- a cause --- */

static void append_changes(GString *out, const Wording *words, const Cause *cause, const Cause *told) {
        g_autoptr(GPtrArray) changes = phrase_changes(cause, told);

        if (changes->len == 0)
                return;
        g_string_append(out, "<dt>Just before</dt><dd><ul>\n");
        for (guint i = 0; i < changes->len; i++) {
                const Change *change = changes->pdata[i];
                g_auto(Excerpt) excerpt = excerpt_of(&change->evidence);
                g_autofree char *clock = wording_clock(words, change->evidence.time_us), *address = wording_address(words, &change->evidence);
                g_autofree char *fit = excerpt_fit(&excerpt, CHANGE_COLUMNS), *settings = phrase_settings(change);

                g_string_append_printf(out, "<li>%s ", clock);
                element(out, "span", "address", address);
                g_string_append_c(out, ' ');
                quoted(out, fit);
                if (*settings) {
                        g_string_append(out, " (");
                        html_text(out, settings);
                        g_string_append_c(out, ')');
                }
                g_string_append(out, "</li>\n");
        }
        g_string_append(out, "</ul></dd>\n");
}

static void append_list(GString *out, const char *term, const char *const *strings, bool as_code) {
        if (!*strings)
                return;
        g_string_append_printf(out, "<dt>%s</dt><dd><ul>\n", term);
        for (; *strings; strings++) {
                g_string_append(out, "<li>");
                if (as_code)
                        quoted(out, *strings);
                else
                        html_text(out, *strings);
                g_string_append(out, "</li>\n");
        }
        g_string_append(out, "</ul></dd>\n");
}

/* A pack's address is a link only when it is one of the web. */
static void append_references(GString *out, const char *const *references) {
        if (!*references)
                return;
        g_string_append(out, "<dt>Read</dt><dd><ul>\n");
        for (; *references; references++) {
                g_autofree char *clean = clean_html(*references);
                if (g_str_has_prefix(clean, "https://") || g_str_has_prefix(clean, "http://"))
                        g_string_append_printf(out, "<li><a rel=\"noopener noreferrer\" href=\"%s\">%s</a></li>\n", clean, clean);
                else
                        g_string_append_printf(out, "<li>%s</li>\n", clean);
        }
        g_string_append(out, "</ul></dd>\n");
}

static void append_factors(GString *out, const Cause *cause) {
        static const char *const HEADS[] = { "factor", "#value", "#weight", "in words", NULL };

        g_string_append(out, "<details><summary>Factors of its score</summary>\n");
        begin_table(out, HEADS);
        for (guint i = 0; i < cause->why->len; i++) {
                const Why *why = &g_array_index(cause->why, Why, i);
                g_string_append(out, "<tr>");
                cell(out, NULL, why->factor);
                g_string_append_printf(out, "<td class=\"number\">%.2f</td><td class=\"number\">%.2f</td>", why->value, why->weight);
                cell(out, "words", why->text);
                g_string_append(out, "</tr>\n");
        }
        end_table(out);
        g_string_append(out, "</details>\n");
}

static void append_why_not(GString *out, const Cause *cause) {
        for (guint i = 0; i < cause->why_not->len; i++) {
                g_autofree char *text = phrase_why_not(cause, cause->why_not->pdata[i]);
                definition(out, "Why not", text);
        }
}

static void append_cause(GString *out, const Wording *words, const Incident *incident, const Cause *cause, unsigned number) {
        g_autofree char *title = wording_cause_title(cause), *when = phrase_when(words, cause, incident);
        g_autofree char *effects = phrase_effects(cause), *facts = phrase_facts(cause), *why = phrase_why(cause);
        const char *confidence = confidence_name(cause->confidence);

        g_string_append_printf(out, "<article class=\"cause\">\n<header><h3>%u. <bdi>", number);
        html_text(out, title);
        g_string_append_printf(out, "</bdi></h3><span class=\"confidence %s\">%s</span></header>\n", confidence, confidence);
        element(out, "p", NULL, when);
        append_evidence(out, words, cause, number == 1);
        g_string_append(out, "<dl>\n");
        append_changes(out, words, cause, number > 1 ? incident->causes->pdata[0] : NULL);
        definition(out, "Led to", effects);
        definition(out, "Facts", facts);
        definition(out, "Why this", why);
        append_why_not(out, cause);
        if (cause->pattern) {
                definition(out, "What it is", cause->pattern->explain);
                append_list(out, "Check", cause->pattern->checks, true);
                append_list(out, "Do", cause->pattern->fixes, false);
                append_list(out, "Prevent", cause->pattern->prevents, false);
                append_references(out, cause->pattern->references);
        }
        g_string_append(out, "</dl>\n");
        if (words->style->explain)
                append_factors(out, cause);
        g_string_append(out, "</article>\n");
}

/* --- an incident --- */

static void append_symptoms(GString *out, const Wording *words, const Incident *incident) {
        static const char *const HEADS[] = { "#events", "symptom", "from (UTC)", "for example", NULL };
        const GPtrArray *symptoms = incident->symptoms;

        if (symptoms->len == 0)
                return;
        g_string_append(out, "<h3>Symptoms</h3>\n");
        begin_table(out, HEADS);
        for (guint i = 0; i < symptoms->len; i++) {
                const Cause *symptom = symptoms->pdata[i];
                g_autofree char *count = wording_count(phrase_total(symptoms, symptom)), *title = wording_cause_title(symptom);
                g_autofree char *address = symptom->evidence->len ? wording_address(words, &g_array_index(symptom->evidence, Evidence, 0)) : NULL;

                if (phrase_is_repeat(symptoms, i))
                        continue;
                g_string_append(out, "<tr>");
                cell(out, "number", count);
                cell(out, "words", title);
                cell_of_time(out, symptom->onset_us);
                cell(out, "address", address ? address : "");
                g_string_append(out, "</tr>\n");
        }
        end_table(out);
}

static void append_moment(GString *out, const Wording *words, const Moment *moment) {
        g_autofree char *title = wording_title(moment->text), *local = wording_local(words, moment->time_us);
        g_autofree char *times = wording_times(words, moment->n, moment->last_us);
        g_autofree char *address = moment->evidence ? wording_address(words, moment->evidence) : g_strdup("");

        g_string_append(out, "<tr>");
        cell_of_time(out, moment->time_us);
        if (local)
                cell(out, "time", local);
        cell(out, NULL, moment->kind);
        g_string_append(out, "<td class=\"words\">");
        if (!moment->is_line) {
                html_text(out, title);
                html_text(out, times);
        }
        if (g_str_equal(moment->kind, "change") && moment->evidence) {
                g_auto(Excerpt) excerpt = excerpt_of(moment->evidence);
                g_string_append(out, moment->is_line ? "" : ": ");
                quoted(out, excerpt.text);
                html_text(out, moment->is_line ? times : "");
        }
        g_string_append(out, "</td>");
        cell(out, "address", address);
        g_string_append(out, "</tr>\n");
}

static void append_timeline(GString *out, const Wording *words, const Incident *incident) {
        const char *const heads[] = { "UTC", "", "what", "where", NULL };
        const char *const local_heads[] = { "UTC", words->style->zone_name, "", "what", "where", NULL };
        g_autoptr(GArray) moments = timeline_for_people(incident, words->style->n_top);

        if (moments->len == 0)
                return;
        g_string_append_printf(out, "<details open><summary>Timeline: %u moments</summary>\n", moments->len);
        begin_table(out, words->style->zone ? local_heads : heads);
        for (guint i = 0; i < moments->len; i++)
                append_moment(out, words, &g_array_index(moments, Moment, i));
        end_table(out);
        g_string_append(out, "</details>\n");
}

static void append_incident(GString *out, const Wording *words, const Incident *incident) {
        g_autofree char *times = phrase_times(words, incident), *rates = phrase_rates(incident);
        unsigned n_shown = incident->id == 1 ? words->style->n_top : 1, n = 0;

        g_string_append_printf(out, "<section>\n<h2>%s %u</h2>\n", words->report->verdict == VERDICT_INCIDENT ? "Incident" : "Trouble", incident->id);
        g_string_append(out, "<p>");
        html_text(out, times);
        if (incident->onset_us != TIME_NONE)
                g_string_append_printf(out, "<br><span class=\"faint\">%s</span>", rates);
        g_string_append(out, "</p>\n");
        html_histogram(out, words, incident);
        for (guint i = 0; i < incident->causes->len && n < n_shown; i++)
                if (!phrase_is_repeat(incident->causes, i))
                        append_cause(out, words, incident, incident->causes->pdata[i], ++n);
        append_symptoms(out, words, incident);
        append_timeline(out, words, incident);
        g_string_append(out, "</section>\n");
}

/* --- the rest --- */

static void append_background(GString *out, const Report *report) {
        static const char *const HEADS[] = { "#events", "what", "why it is background", NULL };

        if (report->background->len == 0)
                return;
        g_string_append(out, "<section>\n<h2>Background</h2>\n");
        begin_table(out, HEADS);
        for (guint i = 0; i < MIN(report->background->len, BACKGROUND_SHOWN); i++) {
                const Background *background = report->background->pdata[i];
                g_autofree char *count = wording_count(background->count), *title = wording_title(background->title);

                g_string_append(out, "<tr>");
                cell(out, "number", count);
                cell(out, "words", title);
                cell(out, NULL, background->text);
                g_string_append(out, "</tr>\n");
        }
        end_table(out);
        g_string_append(out, "</section>\n");
}

static void append_inputs(GString *out, const Wording *words) {
        static const char *const HEADS[] = { "input", "#lines", "#events", "first (UTC)", "last (UTC)", "layout", "zone", NULL };
        const GPtrArray *sources = words->report->ledger->sources;

        begin_table(out, HEADS);
        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = sources->pdata[i];
                g_autofree char *name = wording_source(words, source->name), *lines = wording_count(source->lines);
                g_autofree char *events = wording_count(source->events);
                g_autofree char *zone = wording_zone(source);

                if (source->lines == 0 && source->note)
                        continue; /* passed over */
                g_string_append(out, "<tr>");
                cell(out, "address", name);
                cell(out, "number", lines);
                cell(out, "number", events);
                cell_of_time(out, source->first_us);
                cell_of_time(out, source->last_us);
                cell(out, NULL, source->layout);
                cell(out, NULL, zone);
                g_string_append(out, "</tr>\n");
        }
        end_table(out);
}

/* Nothing for an empty text. */
static void remark(GString *out, const char *label, const char *text) {
        if (*text == '\0')
                return;
        g_string_append_printf(out, "\n<p><strong>%s:</strong> ", label);
        html_text(out, text);
        g_string_append(out, "</p>");
}

static void append_rest(GString *out, const Wording *words) {
        g_autofree char *no_sign = phrase_no_sign(words->report), *coverage = phrase_coverage(words), *clocks = phrase_clocks(words);
        g_autoptr(GPtrArray) problems = phrase_problems(words);

        if (*no_sign) {
                g_string_append(out, "<section>\n<h2>No sign of</h2>\n");
                element(out, "p", NULL, no_sign);
                g_string_append(out, "\n</section>\n");
        }
        append_background(out, words->report);
        g_string_append(out, "<section>\n<h2>Coverage</h2>\n");
        element(out, "p", NULL, coverage);
        remark(out, "Clocks", clocks);
        for (guint i = 0; i < problems->len; i++)
                remark(out, "Problem", problems->pdata[i]);
        g_string_append_c(out, '\n');
        append_inputs(out, words);
        g_string_append(out, "</section>\n");
}

/* --- the page --- */

static char *title_of(const Report *report) {
        const Incident *incident = report->incidents->len ? report->incidents->pdata[0] : NULL;

        if (incident && incident->causes->len > 0)
                return wording_cause_title(incident->causes->pdata[0]);
        return g_strdup(report->verdict == VERDICT_NO_INCIDENT ? "No incident" : report->verdict == VERDICT_INCIDENT ? "Incident" : "Inconclusive");
}

static void append_head(GString *out, const char *title, const char *version) {
        g_autoptr(GBytes) css = g_resource_lookup_data(report_style_get_resource(), "/logscan/report/report.css", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        gsize size;
        const char *style = g_bytes_get_data(css, &size);

        g_string_append(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        g_string_append(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n");
        g_string_append(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        g_string_append_printf(out, "<meta name=\"generator\" content=\"logscan %s\">\n<title>", version);
        html_text(out, title);
        g_string_append(out, " - logscan</title>\n<style>\n");
        g_string_append_len(out, style, (gssize)size);
        g_string_append(out, "</style>\n</head>\n");
}

char *html_report(const Report *report, const Style *style, const char *version) {
        GString *out = g_string_new(NULL);
        Wording words = wording_of(report, style);
        g_autofree char *title = title_of(report), *overview = phrase_overview(&words), *verdict = phrase_verdict(report);

        append_head(out, title, version);
        g_string_append(out, "<body>\n<header>\n<h1><bdi>");
        html_text(out, title);
        g_string_append(out, "</bdi></h1>\n");
        element(out, "p", "faint", overview);
        if (*verdict) {
                g_string_append_printf(out, "\n<p><span class=\"verdict\">%s:</span> ",
                                       report->verdict == VERDICT_NO_INCIDENT ? "No incident" : "Inconclusive");
                html_text(out, verdict);
                g_string_append(out, "</p>");
        }
        g_string_append(out, "\n</header>\n<main>\n");
        for (guint i = 0; i < report->incidents->len; i++)
                append_incident(out, &words, report->incidents->pdata[i]);
        append_rest(out, &words);
        g_string_append(out, "</main>\n</body>\n</html>\n");
        return g_string_free(out, FALSE);
}
