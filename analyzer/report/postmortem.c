/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clean.h"
#include "report/excerpt.h"
#include "report/markdown.h"
#include "report/phrases.h"

#include <string.h>

#define EVIDENCE_SHOWN 8

/* Changes within so long before the end may have ended it. */
#define REPAIR_US (INT64_C(600) * 1000000)

/* What undid a cause may be told so long after the last error: a log is late, or errors need not come at once. */
#define REPAIR_LATE_US (INT64_C(10) * 1000000)

/* A program that starts so often while it lasts crashes, and its starts repair nothing. */
#define CRASHES_MIN 3

/* What logs cannot know is asked for, never made up. */
#define NOT_IN_LOGS(what) "`[not in the logs: " what "]`"

typedef struct Draft {
        GString *out;
        Wording words;
        const Incident *incident;
        const Cause *root; /* borrowed; NULL: none was found */
} Draft;

static void paragraph(Draft *d, const char *text) {
        markdown_text(d->out, text);
        g_string_append(d->out, "\n\n");
}

/* --- times --- */

/* "2026-11-24 04:48:04 UTC (05:48:04 in Europe/Paris)" */
static char *moment_in_words(const Draft *d, int64_t time_us) {
        g_autofree char *utc = wording_date(time_us), *local = wording_local(&d->words, time_us);

        return local ? g_strdup_printf("%s UTC (%s %s)", utc, local, d->words.style->zone_name) : g_strdup_printf("%s UTC", utc);
}

static char *start_in_words(const Draft *d) {
        if (d->incident->onset_us == TIME_NONE)
                return g_strdup_printf("line %" G_GUINT64_FORMAT "; the log has no times", (guint64)d->incident->onset_line);
        g_autofree char *start = moment_in_words(d, d->incident->onset_us);
        return g_strdup_printf("%s%s", start, d->incident->from_the_start ? ", or before: the log begins in the middle of it" : "");
}

static char *end_in_words(const Draft *d) {
        if (d->incident->onset_us == TIME_NONE)
                return g_strdup("unknown; the log has no times");
        return d->incident->ongoing ? g_strdup("it was still going on at the end of the log") : moment_in_words(d, d->incident->end_us);
}

static char *duration_in_words(const Draft *d) {
        const Incident *incident = d->incident;
        int64_t until = incident->ongoing ? d->words.report->last_us : incident->end_us;

        if (incident->onset_us == TIME_NONE)
                return g_strdup("unknown; the log has no times");
        g_autofree char *duration = wording_duration(until - incident->onset_us);
        return g_strdup_printf("%s%s", incident->ongoing ? "at least " : "", duration);
}

/* --- issue summary --- */

static bool is_seen_by_users(const Cause *cause) {
        static const char *const GROUPS[] = { "http", "timeouts", NULL };

        return cause->pattern && g_strv_contains(GROUPS, cause->pattern->category->group);
}

static void row(Draft *d, const char *label, const char *text) {
        g_string_append_printf(d->out, "| **%s** | ", label);
        markdown_text(d->out, text);
        g_string_append(d->out, " |\n");
}

/* The symptoms at the surface, with their counts. */
static void row_of_effects(Draft *d) {
        const GPtrArray *lists[] = { d->incident->symptoms, d->incident->causes };
        g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);

        for (size_t l = 0; l < G_N_ELEMENTS(lists); l++)
                for (guint i = 0; i < lists[l]->len; i++) {
                        const Cause *cause = lists[l]->pdata[i];
                        g_autofree char *title = NULL, *count = NULL;

                        if (!is_seen_by_users(cause) || phrase_is_repeat(lists[l], i))
                                continue;
                        title = wording_cause_title(cause);
                        count = wording_count(phrase_total(lists[l], cause));
                        g_ptr_array_add(seen, g_strdup_printf("%s (%s)", title, count));
                }
        if (seen->len > 0) {
                g_autofree char *list = wording_list(seen);
                row(d, "What users saw", list);
        } else {
                g_string_append(d->out, "| **What users saw** | " NOT_IN_LOGS("what users saw") " |\n");
        }
        g_string_append(d->out, "| **How many users** | " NOT_IN_LOGS("how many users were affected, and what it cost them and us") " |\n");
}

static void write_summary(Draft *d) {
        const Incident *incident = d->incident;
        g_autofree char *start = start_in_words(d), *end = end_in_words(d), *duration = duration_in_words(d);
        g_autofree char *before = wording_rate(incident->before_per_minute), *during = wording_rate(incident->during_per_minute);
        g_autofree char *peak = wording_rate(incident->peak_per_minute);
        g_autofree char *rates = g_strdup_printf("%s a minute before, %s during, %s at the peak", before, during, peak);

        g_string_append(d->out, "## Issue summary\n\n| | |\n| --- | --- |\n");
        row(d, "Start", start);
        row(d, "End", end);
        row(d, "Duration", duration);
        if (d->root) {
                g_autofree char *title = wording_cause_title(d->root);
                g_autofree char *cause = g_strdup_printf("%s (%s confidence)", title, confidence_name(d->root->confidence));
                row(d, "Root cause", cause);
        } else {
                g_string_append(d->out, "| **Root cause** | " NOT_IN_LOGS("no cause was found") " |\n");
        }
        row_of_effects(d);
        if (incident->onset_us != TIME_NONE)
                row(d, "Errors in the logs", rates);
        g_string_append_c(d->out, '\n');
}

/* --- root cause and what contributed --- */

static void write_trigger(Draft *d) {
        g_autoptr(GPtrArray) changes = phrase_changes(d->root, NULL);

        for (guint i = 0; i < changes->len; i++) {
                const Change *change = changes->pdata[i];
                g_autofree char *clock = wording_date(change->evidence.time_us), *title = wording_title(change->title);
                g_autofree char *address = wording_address(&d->words, &change->evidence);
                g_auto(Excerpt) excerpt = excerpt_of(&change->evidence);

                if (i == 0)
                        g_string_append(d->out, "Just before it:\n\n");
                g_string_append_printf(d->out, "- %s UTC ", clock);
                if (change->pattern) {
                        markdown_text(d->out, title);
                        g_string_append(d->out, ": ");
                }
                markdown_code(d->out, excerpt.text);
                g_string_append(d->out, " (");
                markdown_code(d->out, address);
                g_string_append_c(d->out, ')');
                markdown_settings(d->out, change);
                g_string_append_c(d->out, '\n');
        }
        if (changes->len > 0)
                g_string_append(d->out, "\nThat it came just before does not prove that it is the trigger; whoever made it can say.\n\n");
        else
                g_string_append(d->out, "No change was found just before it. " NOT_IN_LOGS("what triggered it") "\n\n");
}

static void write_root(Draft *d) {
        g_string_append(d->out, "## Root cause\n\n");
        if (!d->root) {
                g_string_append(d->out, NOT_IN_LOGS("the root cause") "\n\n");
                return;
        }
        g_autofree char *title = wording_cause_title(d->root), *when = phrase_when(&d->words, d->root, d->incident);
        g_autofree char *why = phrase_why(d->root), *effects = phrase_effects(d->root), *facts = phrase_facts(d->root);

        g_string_append(d->out, "**");
        markdown_text(d->out, title);
        g_string_append(d->out, ".** ");
        if (d->root->pattern)
                markdown_text(d->out, d->root->pattern->explain);
        g_string_append(d->out, "\n\n");
        markdown_item(d->out, "When", when);
        markdown_item(d->out, "What it led to", effects);
        markdown_item(d->out, "Facts", facts);
        markdown_item(d->out, "Why logscan ranks it first", why);
        markdown_why_not(d->out, d->root);
        g_string_append_printf(d->out, "- **Confidence:** %s\n\n", confidence_name(d->root->confidence));
        write_trigger(d);
}

static void write_factor(Draft *d, const Cause *cause) {
        g_autofree char *title = wording_cause_title(cause), *when = phrase_when(&d->words, cause, d->incident);

        g_string_append(d->out, "- ");
        markdown_text(d->out, title);
        g_string_append_printf(d->out, " (as a cause: %s confidence): ", confidence_name(cause->confidence));
        markdown_text(d->out, when);
        g_string_append_c(d->out, '\n');
}

static void write_factors(Draft *d) {
        const GPtrArray *causes = d->incident->causes;
        unsigned n = 0;

        g_string_append(d->out, "## Contributing factors\n\n");
        for (guint i = 1; i < causes->len && n + 1 < d->words.style->n_top; i++)
                if (!phrase_is_repeat(causes, i)) {
                        write_factor(d, causes->pdata[i]);
                        n++;
                }
        g_string_append(d->out, "- " NOT_IN_LOGS("why the change or the load was possible: review, test, limits, staffing") "\n\n");
}

/* --- detection and resolution --- */

/* The alert that was missing, ready to be installed. */
static void append_export(Draft *d, const char *id) {
        g_autofree char *command = g_strdup_printf("logscan patterns export %s --format loki", id);

        g_string_append(d->out, " ");
        markdown_code(d->out, command);
        g_string_append(d->out, " writes that alert (or `--format mtail`).");
}

static void write_detection(Draft *d) {
        const Cause *root = d->root;

        g_string_append(d->out, "## Detection\n\n");
        if (root && root->evidence->len > 0 && root->onset_us != TIME_NONE) {
                const Evidence *first = &g_array_index(root->evidence, Evidence, 0);
                g_autofree char *onset = moment_in_words(d, root->onset_us), *address = wording_address(&d->words, first);

                g_string_append_printf(d->out, "The cause was in the logs from %s on, first at ", onset);
                markdown_code(d->out, address);
                g_string_append_c(d->out, '.');
                if (d->incident->peak_us > root->onset_us) {
                        g_autofree char *lead = wording_duration(d->incident->peak_us - root->onset_us);
                        g_string_append_printf(d->out, " An alert on it would have had %s until errors peaked.", lead);
                }
                if (root->pattern)
                        append_export(d, root->id);
                g_string_append(d->out, "\n\n");
        }
        g_string_append(d->out, NOT_IN_LOGS("who was paged and when, by which alert or by whom, and how long that took") "\n\n");
}

/* A change after the cause began, not long before the end. */
static bool may_have_ended_it(const Draft *d, const Change *change) {
        const Incident *incident = d->incident;
        int64_t at = change->evidence.time_us, since = d->root ? MAX(d->root->onset_us, incident->onset_us) : incident->onset_us;

        return at > since && (incident->ongoing || (at <= incident->end_us && at >= incident->end_us - REPAIR_US));
}

static bool is_crash_loop(const Draft *d, const Change *change) {
        int64_t from = d->incident->onset_us / 1000000, to = d->incident->end_us / 1000000 + 1;

        return g_str_equal(change->category, "changes/restart") && series_between(&change->signal->series, from, to) >= CRASHES_MIN;
}

/* Is it the first cause, or was it made just before? */
static bool is_of_root(const Draft *d, Change *change) {
        if (g_ptr_array_find(d->root->just_before, change, NULL))
                return true;
        for (guint i = 0; d->root->kind == CAUSE_CHANGE && i < d->root->evidence->len; i++)
                if (evidence_is_same(&g_array_index(d->root->evidence, Evidence, i), &change->evidence))
                        return true;
        return false;
}

static bool is_told(const GPtrArray *lines, const Evidence *line) {
        for (guint i = 0; i < lines->len; i++)
                if (evidence_is_same(lines->pdata[i], line))
                        return true;
        return false;
}

static int compare_times(const void *a, const void *b) {
        const Evidence *one = *(const Evidence *const *)a, *two = *(const Evidence *const *)b;

        return (one->time_us > two->time_us) - (one->time_us < two->time_us);
}

/* The lines that undid the first cause, by time: of Evidence, borrowed. What was undone in vain repaired nothing. */
static GPtrArray *repairs_of(const Draft *d) {
        const Incident *incident = d->incident;
        int64_t late = MAX(REPAIR_LATE_US, (incident->end_us - incident->onset_us) / 10);
        GPtrArray *repairs = g_ptr_array_new();

        for (guint i = 0; d->root && i < incident->changes->len; i++) {
                Change *change = incident->changes->pdata[i];
                bool undone = change->undone.exemplar && !change->refuted && change->undone_us > incident->onset_us;

                if (undone && (incident->ongoing || change->undone_us <= incident->end_us + late) && is_of_root(d, change) &&
                    !is_told(repairs, &change->undone))
                        g_ptr_array_add(repairs, &change->undone);
        }
        g_ptr_array_sort(repairs, compare_times);
        return repairs;
}

/* "- 2026-11-24 04:51:25 UTC Configuration was changed: `max_connections 8 -> 100` (`app.log.gz:12680`)" */
static void write_deed(Draft *d, const Evidence *line, const char *title) {
        g_autofree char *clock = wording_date(line->time_us), *address = wording_address(&d->words, line);
        g_auto(Excerpt) excerpt = excerpt_of(line);

        g_string_append_printf(d->out, "- %s UTC ", clock);
        if (title) {
                g_autofree char *shown = wording_title(title);
                markdown_text(d->out, shown);
                g_string_append(d->out, ": ");
        }
        markdown_code(d->out, excerpt.text);
        g_string_append(d->out, " (");
        markdown_code(d->out, address);
        g_string_append(d->out, ")\n");
}

static void write_repairs(Draft *d, const GPtrArray *repairs) {
        if (repairs->len > 0)
                g_string_append(d->out,
                                d->root->kind == CAUSE_CHANGE ? "The change was undone:\n\n" : "What was changed just before the root cause was undone:\n\n");
        for (guint i = 0; i < repairs->len; i++)
                write_deed(d, repairs->pdata[i], NULL);
        if (repairs->len > 0)
                g_string_append_c(d->out, '\n');
}

/* One after the other that say the same are told once. */
static void write_other_changes(Draft *d, const GPtrArray *repairs) {
        const Incident *incident = d->incident;
        const char *last = NULL;

        for (guint i = 0; i < incident->changes->len; i++) {
                const Change *change = incident->changes->pdata[i];

                if (!may_have_ended_it(d, change) || is_crash_loop(d, change) || is_told(repairs, &change->evidence) || g_strcmp0(change->title, last) == 0)
                        continue;
                if (!last)
                        g_string_append_printf(d->out, "What %swas changed while it lasted, as far as the logs show it:\n\n", repairs->len > 0 ? "else " : "");
                write_deed(d, &change->evidence, change->pattern ? change->title : NULL);
                last = change->title;
        }
        if (last)
                g_string_append_c(d->out, '\n');
}

static void write_resolution(Draft *d) {
        const Incident *incident = d->incident;
        g_autofree char *end = end_in_words(d);

        g_string_append(d->out, "## Resolution\n\n");
        if (incident->onset_us != TIME_NONE) {
                g_autoptr(GPtrArray) repairs = repairs_of(d);
                write_repairs(d, repairs);
                write_other_changes(d, repairs);
        }
        g_string_append(d->out, incident->ongoing ? "It was not resolved when the log ends.\n\n" : "");
        if (!incident->ongoing && incident->onset_us != TIME_NONE)
                g_string_append_printf(d->out, "Errors were back to what they were before at %s.\n\n", end);
        g_string_append(d->out, NOT_IN_LOGS("who did what to resolve it, and what was tried in vain") "\n\n");
}

/* --- measures --- */

static unsigned write_tasks(Draft *d, const char *const *tasks) {
        unsigned n = 0;

        for (; *tasks; tasks++, n++) {
                g_string_append(d->out, "- [ ] ");
                markdown_text(d->out, *tasks);
                g_string_append(d->out, " " NOT_IN_LOGS("owner, due date") "\n");
        }
        return n;
}

static void write_measures(Draft *d) {
        const Pattern *pattern = d->root ? d->root->pattern : NULL;

        g_string_append(d->out, "## Corrective and preventative measures\n\n### Corrective: so that this is over\n\n");
        if (!pattern || write_tasks(d, pattern->fixes) == 0)
                g_string_append(d->out, "- [ ] " NOT_IN_LOGS("what repairs it for good") "\n");
        g_string_append(d->out, "\n### Preventative: so that it is noticed, or does not happen, next time\n\n");
        if (!pattern || write_tasks(d, pattern->prevents) == 0)
                g_string_append(d->out, "- [ ] " NOT_IN_LOGS("what keeps it from happening again") "\n");
        g_string_append_c(d->out, '\n');
}

/* --- open questions --- */

static void write_questions(Draft *d) {
        const Report *report = d->words.report;
        g_autoptr(GPtrArray) problems = phrase_problems(&d->words);
        g_autofree char *coverage = phrase_coverage(&d->words), *no_sign = phrase_no_sign(report), *clocks = phrase_clocks(&d->words);

        g_string_append(d->out, "## Open questions\n\n");
        if (d->root && d->root->confidence != CONFIDENCE_HIGH)
                g_string_append_printf(d->out, "- Is the root cause the right one? logscan's confidence is %s.\n", confidence_name(d->root->confidence));
        if (d->root && d->root->just_before->len > 0)
                g_string_append(d->out, "- Who made the change just before, why, and what would have stopped it?\n");
        if (d->incident->from_the_start)
                g_string_append(d->out, "- When did it really begin? The log begins in the middle of it.\n");
        if (report->incidents->len > 1)
                g_string_append_printf(d->out, "- The logs show %u further incident%s. Are they related?\n", report->incidents->len - 1,
                                       report->incidents->len == 2 ? "" : "s");
        for (guint i = 0; i < problems->len; i++)
                markdown_item(d->out, "Not read whole", problems->pdata[i]);
        markdown_item(d->out, "How much was understood", coverage);
        markdown_item(d->out, "No sign in these logs of", no_sign);
        markdown_item(d->out, "Clocks that differ", clocks);
        g_string_append(d->out, "- Which logs are missing here that could say more? " NOT_IN_LOGS("systems whose logs were not given") "\n\n");
}

/* --- evidence --- */

static void write_evidence(Draft *d) {
        g_string_append(d->out, "## Evidence\n\nEach line can be found again by `file:line`");
        g_string_append(d->out, d->words.folder > 1 ? " in " : "");
        if (d->words.folder > 1) {
                g_autofree char *folder = g_strndup(((const SourceRecord *)d->words.report->ledger->sources->pdata[0])->name, d->words.folder - 1);
                markdown_code(d->out, folder);
        }
        g_string_append(d->out, ".\n\n");
        if (d->root)
                markdown_evidence(d->out, &d->words, d->root, EVIDENCE_SHOWN);
        for (guint i = 0; i < d->incident->symptoms->len; i++)
                if (!phrase_is_repeat(d->incident->symptoms, i))
                        markdown_evidence(d->out, &d->words, d->incident->symptoms->pdata[i], 1);
        g_string_append_c(d->out, '\n');
        markdown_inputs(d->out, &d->words);
}

static void write_title(Draft *d) {
        g_autofree char *overview = phrase_overview(&d->words);
        g_autofree char *title = d->root ? wording_cause_title(d->root) : g_strdup("an incident without a known cause");
        g_autofree char *date = d->incident->onset_us == TIME_NONE ? NULL : wording_date(d->incident->onset_us);

        g_string_append(d->out, "# Postmortem: ");
        markdown_text(d->out, title);
        if (date)
                g_string_append_printf(d->out, " (%.*s)", (int)strlen("2026-11-24"), date);
        g_string_append(d->out, "\n\n> **Draft** by logscan, from logs alone. What they cannot show is marked " NOT_IN_LOGS("...") ".\n\n");
        paragraph(d, overview);
}

char *postmortem_report(const Report *report, const Style *style) {
        Draft d = { g_string_new(NULL), wording_of(report, style), NULL, NULL };

        if (report->incidents->len == 0) {
                g_autofree char *verdict = phrase_verdict(report), *overview = phrase_overview(&d.words);
                g_string_append(d.out, "# Postmortem\n\nThere is nothing to write about: ");
                paragraph(&d, verdict);
                markdown_text(d.out, overview);
                g_string_append_c(d.out, '\n');
                return g_string_free(d.out, FALSE);
        }
        d.incident = report->incidents->pdata[0];
        d.root = d.incident->causes->len ? d.incident->causes->pdata[0] : NULL;
        write_title(&d);
        write_summary(&d);
        if (d.incident->onset_us != TIME_NONE) {
                g_string_append(d.out, "## Timeline\n\n");
                markdown_timeline(d.out, &d.words, d.incident);
                g_string_append(d.out, "\n" NOT_IN_LOGS("what people saw, said and did meanwhile") "\n\n");
        }
        write_root(&d);
        write_factors(&d);
        write_detection(&d);
        write_resolution(&d);
        write_measures(&d);
        write_questions(&d);
        write_evidence(&d);
        return g_string_free(d.out, FALSE);
}
