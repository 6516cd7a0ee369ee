/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text.h"

#include "base/time.h"
#include "report/clean.h"
#include "report/excerpt.h"
#include "report/phrases.h"
#include "report/redact.h"

#include <string.h>

#define BACKGROUND_SHOWN 4

/* For the reason why something is background. */
#define WHY_COLUMNS 24

/* Of the line of evidence in a chat. */
#define BRIEF_COLUMNS 100

/* Further incidents whose begin is named there. */
#define BRIEF_OTHERS 4

/* "SOURCES AND LINES                                0.9 s" */
static void write_head(Typeset *t) {
        g_autofree char *text = phrase_overview(&t->words);
        int64_t elapsed = t->words.style->elapsed_us;
        char span[TIME_TEXT_BYTES];
        size_t width = clean_width(text), room = t->words.style->width;

        if (elapsed >= 0 && width + 2 + strlen(time_write_span(elapsed, span)) <= room) {
                g_string_append(t->out, text);
                typeset_pad(t, room - width - strlen(span));
                typeset_paint(t, PAINT_DIM, span);
                g_string_append_c(t->out, '\n');
                return;
        }
        if (elapsed >= 0) {
                g_autofree char *longer = g_strdup_printf("%s (%s)", text, span);
                typeset_wrap(t, longer, 0, 0);
                return;
        }
        typeset_wrap(t, text, 0, 0);
}

static void write_verdict(Typeset *t) {
        const Report *report = t->words.report;
        g_autofree char *text = phrase_verdict(report);

        if (*text == '\0')
                return;
        g_string_append_c(t->out, '\n');
        typeset_paint(t, PAINT_BOLD, report->verdict == VERDICT_NO_INCIDENT ? "NO INCIDENT" : "INCONCLUSIVE");
        typeset_pad(t, report->verdict == VERDICT_NO_INCIDENT ? 2 : 1);
        typeset_wrap(t, text, HEAD_COLUMNS + 1, 0);
}

/* "    44  TITLE                       steady" */
static void write_background(Typeset *t) {
        const GPtrArray *list = t->words.report->background;
        size_t width = 0, titles = 0, room;

        for (guint i = 0; i < MIN(list->len, BACKGROUND_SHOWN); i++) {
                const Background *background = list->pdata[i];
                g_autofree char *count = wording_count(background->count), *title = wording_title(background->title);
                width = MAX(width, strlen(count));
                titles = MAX(titles, clean_width(title));
        }
        room = typeset_edge(t, HEAD_COLUMNS + width + 2 + titles + 2 + WHY_COLUMNS) - HEAD_COLUMNS;
        for (guint i = 0; i < MIN(list->len, BACKGROUND_SHOWN); i++) {
                const Background *background = list->pdata[i];
                g_autofree char *count = wording_count(background->count), *title = wording_title(background->title);
                g_autofree char *clean = clean_line(background->text), *why = clean_fit(clean, WHY_COLUMNS);
                g_autofree char *fit = clean_fit(title, room - width - 2 - clean_width(why) - 2);

                typeset_heading(t, i == 0 ? "BACKGROUND" : "");
                typeset_pad(t, width - strlen(count));
                g_string_append_printf(t->out, "%s  %s", count, fit);
                typeset_pad(t, room - width - 2 - clean_width(fit) - clean_width(why));
                typeset_paint(t, PAINT_DIM, why);
                g_string_append_c(t->out, '\n');
        }
}

static void write_rest(Typeset *t) {
        g_autofree char *no_sign = phrase_no_sign(t->words.report), *clocks = phrase_clocks(&t->words);
        g_autofree char *coverage = phrase_coverage(&t->words);
        g_autoptr(GPtrArray) problems = phrase_problems(&t->words);

        g_string_append_c(t->out, '\n');
        typeset_section(t, "NO SIGN OF", no_sign);
        write_background(t);
        typeset_section(t, "CLOCKS", clocks);
        typeset_section(t, "COVERAGE", coverage);
        for (guint i = 0; i < problems->len; i++)
                typeset_section(t, "PROBLEM", problems->pdata[i]);
        if (t->words.report->redactions) {
                g_autofree char *replaced = redactions_in_words(t->words.report->redactions);
                typeset_section(t, "REDACTED", replaced);
        }
}

static char *finished(Typeset *t) {
        g_autofree char *text = g_string_free(t->out, FALSE);

        return t->words.style->unicode ? g_steal_pointer(&text) : clean_ascii(text);
}

char *text_report(const Report *report, const Style *style) {
        Style fitting = *style;
        Typeset t = { g_string_new(NULL), wording_of(report, &fitting) };

        fitting.width = CLAMP(style->width, STYLE_WIDTH_MIN, STYLE_WIDTH_MAX);
        write_head(&t);
        write_verdict(&t);
        for (guint i = 0; i < report->incidents->len; i++)
                text_incident(&t, report->incidents->pdata[i]);
        write_rest(&t);
        return finished(&t);
}

/* --- for a chat --- */

/* "2026-11-24 04:48:04 to 04:51:30 UTC (3 min 26 s)" */
static void brief_times(Typeset *t, const Incident *incident) {
        g_autofree char *times = phrase_times(&t->words, incident);

        if (incident->onset_us == TIME_NONE) {
                g_string_append(t->out, times);
                return;
        }
        g_autofree char *onset = wording_date(incident->onset_us), *end = wording_clock(&t->words, incident->end_us);
        g_autofree char *duration = wording_duration(incident->end_us - incident->onset_us);

        if (incident->ongoing)
                g_string_append_printf(t->out, "since %s UTC, still going at the end of the log", onset);
        else
                g_string_append_printf(t->out, "%s to %s UTC (%s)", onset, end, duration);
}

static void brief_evidence(Typeset *t, const Cause *cause) {
        const Evidence *first = &g_array_index(cause->evidence, Evidence, 0);
        g_autofree char *address = wording_address(&t->words, first);
        g_auto(Excerpt) excerpt = excerpt_of(first);
        g_autofree char *fit = excerpt_fit(&excerpt, BRIEF_COLUMNS);

        g_string_append_printf(t->out, "%s %s", address, fit);
}

/* Of the changes just before, the one to look at first, and often to undo: of the most dangerous ones the last. */
static void brief_change(Typeset *t, const Cause *cause) {
        const Change *worst = NULL;

        for (guint i = 0; i < cause->just_before->len; i++) {
                const Change *change = cause->just_before->pdata[i];
                if (!worst || change->weight >= worst->weight)
                        worst = change;
        }
        if (!worst)
                return;
        g_auto(Excerpt) excerpt = excerpt_of(&worst->evidence);
        g_autofree char *fit = excerpt_fit(&excerpt, BRIEF_COLUMNS), *clock = wording_clock(&t->words, worst->evidence.time_us);

        g_string_append_printf(t->out, "; just before, %s: %s", clock, fit);
}

static int compare_onsets(const void *a, const void *b) {
        const Incident *one = *(const Incident *const *)a, *two = *(const Incident *const *)b;

        if (one->onset_us != two->onset_us)
                return one->onset_us < two->onset_us ? -1 : 1;
        return (one->onset_line > two->onset_line) - (one->onset_line < two->onset_line);
}

/* "05:33", with the date where the log spans several days; "line 812" where it has no times. */
static char *begin_in_short(const Typeset *t, const Incident *incident) {
        char *clock;

        if (incident->onset_us == TIME_NONE)
                return g_strdup_printf("line %" G_GUINT64_FORMAT, (guint64)incident->onset_line);
        clock = wording_clock(&t->words, incident->onset_us);
        clock[strlen(clock) - strlen(":31")] = '\0';
        return clock;
}

/* "; 2 more incidents: 05:33, 19:26": whoever reads three lines of the worst is to know that there are others. */
static void brief_others(Typeset *t, const GPtrArray *incidents) {
        g_autoptr(GPtrArray) others = g_ptr_array_new();
        const char *what = t->words.report->verdict != VERDICT_INCIDENT ? "" : incidents->len == 2 ? " incident" : " incidents";

        for (guint i = 1; i < incidents->len; i++)
                g_ptr_array_add(others, incidents->pdata[i]);
        if (others->len == 0)
                return;
        g_ptr_array_sort(others, compare_onsets);
        g_string_append_printf(t->out, "; %u more%s: ", others->len, what);
        for (guint i = 0; i < MIN(others->len, BRIEF_OTHERS); i++) {
                g_autofree char *begin = begin_in_short(t, others->pdata[i]);
                g_string_append_printf(t->out, "%s%s", i ? ", " : "", begin);
        }
        g_string_append(t->out, others->len > BRIEF_OTHERS ? ", ..." : "");
}

static void brief_incident(Typeset *t, const Incident *incident) {
        const Cause *cause = incident->causes->len ? incident->causes->pdata[0] : NULL;
        g_autofree char *title = cause ? wording_cause_title(cause) : g_strdup("no cause found");
        g_autofree char *effects = cause ? phrase_effects(cause) : g_strdup("");

        g_string_append_printf(t->out, "%s: %s", t->words.report->verdict == VERDICT_INCIDENT ? "INCIDENT" : "TROUBLE", title);
        if (cause)
                g_string_append_printf(t->out, " (%s confidence)", confidence_name(cause->confidence));
        brief_others(t, t->words.report->incidents);
        g_string_append_c(t->out, '\n');
        brief_times(t, incident);
        if (cause)
                brief_change(t, cause);
        if (*effects)
                g_string_append_printf(t->out, "; led to %s", effects);
        g_string_append_c(t->out, '\n');
        if (cause && cause->evidence->len > 0)
                brief_evidence(t, cause);
        if (cause && cause->kind == CAUSE_CHANGE && cause->facts->len > 0) {
                g_autofree char *facts = phrase_facts(cause);
                g_string_append_printf(t->out, " (%s)", facts);
        }
        if (cause && cause->pattern && cause->pattern->checks[0]) {
                g_autofree char *check = clean_line(cause->pattern->checks[0]);
                g_string_append_printf(t->out, "; check: %s", check);
        }
        g_string_append_c(t->out, '\n');
}

char *text_brief(const Report *report, const Style *style) {
        Typeset t = { g_string_new(NULL), wording_of(report, style) };

        if (report->incidents->len > 0) {
                brief_incident(&t, report->incidents->pdata[0]);
        } else {
                g_autofree char *verdict = phrase_verdict(report), *overview = phrase_overview(&t.words);
                g_string_append_printf(t.out, "%s: %s\n%s\n", report->verdict == VERDICT_NO_INCIDENT ? "NO INCIDENT" : "INCONCLUSIVE", verdict, overview);
        }
        return finished(&t);
}
