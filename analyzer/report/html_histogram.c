/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clean.h"
#include "report/html.h"
#include "report/phrases.h"

#include <string.h>

/* Units of the drawing. It is stretched to the page; a bar more than that cannot be seen. */
#define WIDTH    1000
#define HEIGHT   100
#define BARS_MAX 250

/* Marks nearer than this, in units of the drawing, share a label. */
#define LABEL_UNITS 30

typedef struct Axis {
        int64_t start_us;
        double per_unit_us;
        guint n_per_bar, n_bars;
} Axis;

static double unit_of(const Axis *axis, int64_t time_us) {
        double unit = (double)(time_us - axis->start_us) / axis->per_unit_us;

        return CLAMP(unit, 0, WIDTH);
}

static void append_number(GString *out, double number) {
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];

        g_string_append(out, g_ascii_formatd(buffer, sizeof(buffer), "%.1f", number));
}

static uint64_t bar_of(const Axis *axis, const Incident *incident, guint bar) {
        uint64_t sum = 0;

        for (guint i = bar * axis->n_per_bar; i < MIN((bar + 1) * axis->n_per_bar, incident->buckets->len); i++)
                sum += g_array_index(incident->buckets, uint64_t, i);
        return sum;
}

static void append_bars(GString *out, const Axis *axis, const Incident *incident) {
        uint64_t most = 1;
        double width = (double)WIDTH / axis->n_bars;

        for (guint i = 0; i < axis->n_bars; i++)
                most = MAX(most, bar_of(axis, incident, i));
        for (guint i = 0; i < axis->n_bars; i++) {
                uint64_t count = bar_of(axis, incident, i);
                int64_t from = axis->start_us + (int64_t)(axis->per_unit_us * width * i);
                int64_t to = from + (int64_t)(axis->per_unit_us * width);
                double height = MAX(1.0, (double)count / (double)most * HEIGHT);
                bool during = to > incident->onset_us && (incident->ongoing || from < incident->end_us);

                if (count == 0)
                        continue;
                g_string_append_printf(out, "<rect%s x=\"", during ? " class=\"during\"" : "");
                append_number(out, width * i);
                g_string_append(out, "\" y=\"");
                append_number(out, HEIGHT - height);
                g_string_append(out, "\" width=\"");
                append_number(out, MAX(width - 1, width * 0.8));
                g_string_append(out, "\" height=\"");
                append_number(out, height);
                g_string_append(out, "\"/>\n");
        }
}

static void append_line(GString *out, const Axis *axis, const char *kind, int64_t time_us) {
        GString *x = g_string_new(NULL);

        append_number(x, unit_of(axis, time_us));
        g_string_append_printf(out, "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"0\" y2=\"%d\"/>\n", kind, x->str, x->str, HEIGHT);
        g_string_free(x, TRUE);
}

/* --- the labels under the drawing --- */

typedef struct Label {
        double unit;
        GString *text; /* owned */
} Label;

static void label_clear(void *label) {
        g_string_free(((Label *)label)->text, TRUE);
}

static int compare_labels(const void *a, const void *b) {
        double one = ((const Label *)a)->unit, two = ((const Label *)b)->unit;

        return one < two ? -1 : one > two;
}

static void append_labels(GString *out, GArray *labels, const char *kind) {
        double last = -LABEL_UNITS;
        bool open = false;

        g_array_sort(labels, compare_labels);
        g_string_append(out, "<div class=\"marks\" aria-hidden=\"true\">");
        for (guint i = 0; i < labels->len; i++) {
                const Label *label = &g_array_index(labels, Label, i);
                if (open && label->unit - last < LABEL_UNITS) {
                        g_string_append_printf(out, "%s%s", g_str_equal(kind, "cause-mark") ? "," : "", label->text->str);
                        continue;
                }
                g_string_append_printf(out, "%s<span class=\"%s\" style=\"left:", open ? "</span>" : "", kind);
                append_number(out, CLAMP(label->unit / WIDTH * 100, 1, 99));
                g_string_append_printf(out, "%%\">%s", label->text->str);
                last = label->unit;
                open = true;
        }
        g_string_append_printf(out, "%s</div>\n", open ? "</span>" : "");
}

/* Numbers of the causes that are shown, as the page counts them. */
static void append_cause_marks(GString *lines, GString *marks, const Axis *axis, const Wording *words, const Incident *incident) {
        g_autoptr(GArray) labels = g_array_new(FALSE, FALSE, sizeof(Label));
        unsigned number = 0, n_shown = incident->id == 1 ? words->style->n_top : 1;

        g_array_set_clear_func(labels, label_clear);
        for (guint i = 0; i < incident->causes->len && number < n_shown; i++) {
                const Cause *cause = incident->causes->pdata[i];
                Label label = { 0 };

                if (phrase_is_repeat(incident->causes, i) || cause->onset_us == TIME_NONE)
                        continue;
                label.unit = unit_of(axis, cause->onset_us);
                label.text = g_string_new(NULL);
                g_string_printf(label.text, "%u", ++number);
                append_line(lines, axis, "cause", cause->onset_us);
                g_array_append_val(labels, label);
        }
        append_labels(marks, labels, "cause-mark");
}

/* One for each second in which something was changed. */
static void append_change_marks(GString *lines, GString *marks, const Axis *axis, const Incident *incident) {
        g_autoptr(GArray) labels = g_array_new(FALSE, FALSE, sizeof(Label));
        double last = -LABEL_UNITS;

        g_array_set_clear_func(labels, label_clear);
        for (guint i = 0; i < incident->changes->len; i++) {
                const Change *change = incident->changes->pdata[i];
                Label label = { unit_of(axis, change->evidence.time_us), NULL };

                append_line(lines, axis, "change", change->evidence.time_us);
                if (label.unit - last < LABEL_UNITS / 3)
                        continue;
                last = label.unit;
                label.text = g_string_new("◆");
                g_array_append_val(labels, label);
        }
        append_labels(marks, labels, "change-mark");
}

static void append_caption(GString *out, const Wording *words, const Incident *incident, const Axis *axis) {
        int64_t end_us = axis->start_us + (int64_t)(axis->per_unit_us * WIDTH);
        g_autofree char *first = wording_clock(words, axis->start_us), *last = wording_clock(words, end_us);

        g_string_append_printf(out, "<div class=\"axis\"><span>%s</span><span>%s UTC</span></div>\n", first, last);
        g_string_append_printf(out, "<figcaption>Errors in every %u s, those of the incident in red. Dashed: its onset.%s%s</figcaption>\n",
                               incident->bucket_seconds * axis->n_per_bar, incident->causes->len ? " Numbers: where the causes below begin." : "",
                               incident->changes->len ? " ◆: changes." : "");
}

void html_histogram(GString *out, const Wording *words, const Incident *incident) {
        guint n = incident->buckets->len;
        g_autofree char *times = phrase_times(words, incident);
        g_autoptr(GString) lines = g_string_new(NULL), marks = g_string_new(NULL);
        Axis axis = { .start_us = incident->buckets_start };

        if (incident->onset_us == TIME_NONE || n == 0)
                return;
        axis.n_per_bar = (n + BARS_MAX - 1) / BARS_MAX;
        axis.n_bars = (n + axis.n_per_bar - 1) / axis.n_per_bar;
        axis.per_unit_us = (double)axis.n_bars * axis.n_per_bar * incident->bucket_seconds * 1e6 / WIDTH;
        append_change_marks(lines, marks, &axis, incident);
        append_cause_marks(lines, marks, &axis, words, incident);
        append_line(lines, &axis, "onset", incident->onset_us);
        g_string_append_printf(out, "<figure class=\"histogram\">\n<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"", WIDTH,
                               HEIGHT);
        g_string_append(out, "Errors over time: ");
        html_text(out, times);
        g_string_append(out, "\">\n");
        append_bars(out, &axis, incident);
        g_string_append_printf(out, "%s</svg>\n%s", lines->str, marks->str);
        append_caption(out, words, incident, &axis);
        g_string_append(out, "</figure>\n");
}
