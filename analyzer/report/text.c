/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text.h"

#include "base/time.h"
#include "report/clean.h"
#include "report/redact.h"

#include <string.h>

/* Evidence lines, changes and further incidents that one screen holds. */
#define EVIDENCE_SHOWN   3
#define CHANGES_SHOWN    2
#define BACKGROUND_SHOWN 4
#define SYMPTOMS_SHOWN   5

/* Bytes shown before a match, and columns of it that tell whether it was shown already. */
#define WORDS_BEFORE_MATCH 24
#define WORDS_COMPARED     20

/* Where the text behind a label begins. */
#define LABEL_COLUMNS 13
#define HEAD_COLUMNS  12

typedef struct Writer {
        GString *out;
        const Report *report;
        TextStyle style;
        size_t folder; /* bytes of the folder that all sources share; said once, in the head */
} Writer;

/* --- pieces --- */

static char *with_commas(uint64_t number) {
        g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
        size_t n = strlen(digits);
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < n; i++) {
                if (i > 0 && (n - i) % 3 == 0)
                        g_string_append_c(text, ',');
                g_string_append_c(text, digits[i]);
        }
        return g_string_free(text, FALSE);
}

static void paint(Writer *w, const char *code, const char *text) {
        if (w->style.color)
                g_string_append_printf(w->out, "\033[%sm%s\033[0m", code, text);
        else
                g_string_append(w->out, text);
}

static void pad(GString *out, size_t n) {
        for (size_t i = 0; i < n; i++)
                g_string_append_c(out, ' ');
}

/* @text broken at blanks, the lines behind the first one indented; the cursor is at @indent. */
static void wrap(Writer *w, const char *text, size_t indent) {
        g_auto(GStrv) words = g_strsplit(text, " ", -1);
        size_t room = w->style.width - indent, used = 0;

        for (char **word = words; *word; word++) {
                g_autofree char *fit = clean_fit(*word, room);
                size_t width = clean_width(fit);

                if (used > 0 && used + 1 + width > room) {
                        g_string_append_c(w->out, '\n');
                        pad(w->out, indent);
                        used = 0;
                } else if (used > 0) {
                        g_string_append_c(w->out, ' ');
                        used++;
                }
                g_string_append(w->out, fit);
                used += width;
        }
        g_string_append_c(w->out, '\n');
}

static void labelled(Writer *w, const char *label, const char *text) {
        g_autofree char *clean = g_strchomp(clean_line(text));

        g_string_append(w->out, "  ");
        paint(w, "2", label);
        pad(w->out, strlen(label) + 2 < LABEL_COLUMNS ? LABEL_COLUMNS + 2 - strlen(label) - 2 : 1);
        wrap(w, clean, LABEL_COLUMNS + 2);
}

static void section(Writer *w, const char *label, const char *text) {
        paint(w, "1", label);
        pad(w->out, HEAD_COLUMNS - strlen(label));
        wrap(w, text, HEAD_COLUMNS);
}

/* --- names --- */

/* How many bytes of @a, up to its last slash, @b begins with too. */
static size_t shared_folder(const char *a, size_t length, const char *b) {
        size_t shared = 0;

        for (size_t i = 0; i < length && a[i] == b[i]; i++)
                if (a[i] == '/')
                        shared = i + 1;
        return shared;
}

static size_t common_folder(const GPtrArray *sources) {
        const char *first = sources->len ? ((const SourceRecord *)sources->pdata[0])->name : "";
        size_t length = shared_folder(first, strlen(first), first);

        for (guint i = 1; i < sources->len; i++)
                length = shared_folder(first, length, ((const SourceRecord *)sources->pdata[i])->name);
        return length;
}

static const char *short_name(const Writer *w, const char *source) {
        return g_str_equal(source, "-") ? "standard input" : source + w->folder;
}

/* --- the head --- */

static void append_times(GString *text, int64_t first, int64_t last) {
        char a[TIME_TEXT_BYTES], b[TIME_TEXT_BYTES];
        bool same_day = first / 86400000000 == last / 86400000000;

        g_string_append_printf(text, ", %s to %s UTC", time_write_date(first, a),
                               same_day ? time_write_clock(last, b) : time_write_date(last, b));
}

static void write_head(Writer *w) {
        const GPtrArray *sources = w->report->ledger->sources;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *lines = NULL;
        uint64_t n_lines = 0;
        guint n_passed = 0;

        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = sources->pdata[i];
                n_lines += source->lines;
                n_passed += source->lines == 0 && source->note;
        }
        lines = with_commas(n_lines);
        if (sources->len == 1)
                g_string_append(text, short_name(w, ((const SourceRecord *)sources->pdata[0])->name));
        else
                g_string_append_printf(text, "%u sources", sources->len - n_passed);
        if (sources->len > 1 && w->folder > 1)
                g_string_append_printf(text, " in %.*s", (int)w->folder - 1, ((const SourceRecord *)sources->pdata[0])->name);
        if (n_passed > 0)
                g_string_append_printf(text, " (%u other files passed over)", n_passed);
        g_string_append_printf(text, ", %s line%s", lines, n_lines == 1 ? "" : "s");
        if (w->report->first_us != TIME_NONE)
                append_times(text, w->report->first_us, w->report->last_us);
        else if (n_lines > 0)
                g_string_append(text, ", no times: read by order of lines");
        {
                g_autofree char *clean = clean_line(text->str);
                wrap(w, clean, 0);
        }
}

/* --- an incident --- */

static void append_blocks(GString *text, const Incident *incident) {
        static const char *const BLOCKS[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
        uint64_t most = 1;

        for (guint i = 0; i < incident->buckets->len; i++)
                most = MAX(most, g_array_index(incident->buckets, uint64_t, i));
        for (guint i = 0; i < incident->buckets->len; i++) {
                uint64_t count = g_array_index(incident->buckets, uint64_t, i);
                g_string_append(text, BLOCKS[(count * 8 + most - 1) / most]);
        }
}

static void append_rate(GString *text, double per_minute) {
        g_string_append_printf(text, per_minute < 10 && per_minute > 0 ? "%.1f" : "%.0f", per_minute);
}

static char *words_of_times(const Incident *incident) {
        GString *text = g_string_new(NULL);
        char buffer[TIME_TEXT_BYTES];

        if (incident->onset_us == TIME_NONE) {
                g_string_append_printf(text, "begins at line %" G_GUINT64_FORMAT "; the log has no times", (guint64)incident->onset_line);
                return g_string_free(text, FALSE);
        }
        g_string_append_printf(text, "%s %s", incident->from_the_start ? "there when the log begins," : "began",
                               time_write_clock(incident->onset_us, buffer));
        g_string_append_printf(text, ", peak %s (", time_write_clock(incident->peak_us, buffer));
        append_rate(text, incident->peak_per_minute);
        g_string_append(text, " errors/min), ");
        if (incident->ongoing)
                g_string_append(text, "still going at the end of the log");
        else
                g_string_append_printf(text, "over %s UTC", time_write_clock(incident->end_us, buffer));
        return g_string_free(text, FALSE);
}

static void write_incident_head(Writer *w, const Incident *incident) {
        g_autofree char *times = words_of_times(incident);
        g_autoptr(GString) rates = g_string_new(NULL);

        g_string_append_c(w->out, '\n');
        paint(w, "1;31", w->report->verdict == VERDICT_INCIDENT ? "INCIDENT" : "TROUBLE");
        pad(w->out, HEAD_COLUMNS - strlen(w->report->verdict == VERDICT_INCIDENT ? "INCIDENT" : "TROUBLE"));
        wrap(w, times, HEAD_COLUMNS);
        if (incident->onset_us == TIME_NONE)
                return;
        append_rate(rates, incident->before_per_minute);
        g_string_append(rates, " errors/min before, ");
        append_rate(rates, incident->during_per_minute);
        g_string_append(rates, " during");
        pad(w->out, HEAD_COLUMNS);
        wrap(w, rates->str, HEAD_COLUMNS);
        if (w->style.color) {
                g_autoptr(GString) blocks = g_string_new(NULL);
                append_blocks(blocks, incident);
                pad(w->out, HEAD_COLUMNS);
                g_string_append_printf(w->out, "%s\n", blocks->str);
        }
}

/* --- a cause --- */

/* Behind "[logger] [thread] ": what is said, not who says it. */
static const char *skip_groups(const char *message) {
        while (*message == '[') {
                const char *close = strchr(message, ']');
                if (!close || close[1] != ' ' || close[2] == '\0')
                        break;
                message = close + 2;
        }
        return message;
}

static void write_title(Writer *w, const Cause *cause) {
        g_autofree char *number = g_strdup_printf("%u ", cause->rank);
        const char *confidence = confidence_name(cause->confidence);
        g_autofree char *clean = clean_line(skip_groups(cause->title));
        g_autofree char *quoted = cause->pattern ? g_strdup(clean) : g_strdup_printf("New message: \"%s\"", clean);
        size_t room = w->style.width - strlen(number) - strlen(confidence) - 2;
        g_autofree char *title = clean_fit(quoted, room);

        g_string_append_c(w->out, '\n');
        paint(w, "1", number);
        paint(w, "1", title);
        pad(w->out, room - clean_width(title) + 2);
        paint(w, cause->confidence == CONFIDENCE_HIGH ? "1;31" : cause->confidence == CONFIDENCE_MEDIUM ? "33" : "2", confidence);
        g_string_append_c(w->out, '\n');
}

static void append_sources(const Writer *w, GString *text, const Cause *cause) {
        const LedgerView *ledger = w->report->ledger;
        const SourceCount *most = NULL;

        for (guint i = 0; i < cause->sources->len; i++) {
                const SourceCount *count = &g_array_index(cause->sources, SourceCount, i);
                if (!most || count->count > most->count)
                        most = count;
        }
        if (!most)
                return;
        g_string_append_printf(text, " in %s", short_name(w, ((const SourceRecord *)ledger->sources->pdata[most->source])->name));
        if (cause->sources->len > 1)
                g_string_append_printf(text, " and %u more", cause->sources->len - 1);
}

static void write_when(Writer *w, const Cause *cause, const Incident *incident) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *count = with_commas(cause->count);
        char buffer[TIME_TEXT_BYTES];

        if (cause->onset_us != TIME_NONE) {
                int64_t late = cause->onset_us - incident->onset_us;
                g_string_append_printf(text, "began %s", time_write_clock(cause->onset_us, buffer));
                if (late > 0)
                        g_string_append_printf(text, ", %s after the first sign", time_write_span(late, buffer));
                g_string_append(text, "; ");
        }
        g_string_append_printf(text, "%s event%s", count, cause->count == 1 ? "" : "s");
        append_sources(w, text, cause);
        pad(w->out, 2);
        {
                g_autofree char *clean = clean_line(text->str);
                wrap(w, clean, 2);
        }
}

/* The message of the first line, for people. Owned by the caller. */
static char *words_of_evidence(const Evidence *evidence) {
        const Exemplar *exemplar = evidence->exemplar;
        size_t length = strcspn(exemplar->text, "\n");
        size_t at = exemplar->message_len > 0 ? exemplar->message_at : 0;
        g_autofree char *message = g_strndup(exemplar->text + at, exemplar->message_len > 0 ? exemplar->message_len : length);

        return clean_line(skip_groups(message));
}

/* What speaks most clearly and may not stand in the message: the match with the words around it, else the cause. */
static char *words_that_matter(const Evidence *evidence) {
        const Exemplar *exemplar = evidence->exemplar;
        const char *newline = strchr(exemplar->text, '\n');
        size_t at = exemplar->match_at;

        if (exemplar->match_len == 0)
                return newline ? clean_line(newline + 1) : NULL;
        while (at > 0 && exemplar->match_at - at < WORDS_BEFORE_MATCH && exemplar->text[at - 1] != '\n')
                at--;
        while (at > 0 && at < exemplar->match_at && exemplar->text[at - 1] != '\n' && exemplar->text[at - 1] != ' ')
                at++;
        return clean_line(exemplar->text + at);
}

static void write_fitting(Writer *w, size_t indent, const char *text) {
        g_autofree char *fit = clean_fit(text, w->style.width - indent);

        pad(w->out, indent);
        g_string_append_printf(w->out, "%s\n", fit);
}

/* True when @shown holds the first words of the match, or of the cause. */
static bool is_shown(const Evidence *evidence, const char *matter, const char *shown) {
        const Exemplar *exemplar = evidence->exemplar;
        g_autofree char *match = exemplar->match_len ? clean_line(exemplar->text + exemplar->match_at) : g_strdup(matter);
        g_autofree char *begin = clean_fit(match, WORDS_COMPARED);

        if (g_str_has_suffix(begin, "…"))
                begin[strlen(begin) - strlen("…")] = '\0';
        return strstr(shown, begin) != NULL;
}

/* The address and the message; below it what matters, where the message does not fit or does not say it. */
static void write_evidence_line(Writer *w, const Evidence *evidence, size_t indent) {
        g_autofree char *source = clean_line(short_name(w, evidence->source));
        g_autofree char *words = words_of_evidence(evidence);
        g_autofree char *line = g_strdup_printf("%s:%" G_GUINT64_FORMAT "  %s", source, (guint64)evidence->line, words);
        g_autofree char *matter = words_that_matter(evidence);
        g_autofree char *shown = clean_fit(line, w->style.width - indent);

        write_fitting(w, indent, line);
        if (matter && !is_shown(evidence, matter, shown))
                write_fitting(w, indent + 4, matter);
}

static void write_changes(Writer *w, const Cause *cause) {
        guint n = cause->just_before->len, first = n > CHANGES_SHOWN ? n - CHANGES_SHOWN : 0;

        for (guint i = first; i < n; i++) {
                const Change *change = cause->just_before->pdata[i];
                g_autofree char *words = words_of_evidence(&change->evidence);
                char clock[TIME_TEXT_BYTES];
                g_autofree char *text = g_strdup_printf("%s %s:%" G_GUINT64_FORMAT "  %s",
                                                        time_write_clock(change->evidence.time_us, clock),
                                                        short_name(w, change->evidence.source), (guint64)change->evidence.line, words);
                labelled(w, i == first ? "just before" : "", text);
        }
}

static void write_effects(Writer *w, const Cause *cause) {
        g_autoptr(GString) text = g_string_new(NULL);
        char span[TIME_TEXT_BYTES];

        for (guint i = 0; i < cause->effects->len; i++) {
                const Effect *effect = &g_array_index(cause->effects, Effect, i);
                if (effect->delay_us < 1000000)
                        g_string_append_printf(text, "%sat once: %s", i ? ", " : "", effect->title);
                else
                        g_string_append_printf(text, "%s+%s %s", i ? ", " : "", time_write_span(effect->delay_us, span), effect->title);
        }
        if (text->len > 0)
                labelled(w, "led to", text->str);
}

static void write_why(Writer *w, const Cause *cause) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < cause->why->len; i++) {
                const Why *why = &g_array_index(cause->why, Why, i);
                if (*why->text)
                        g_string_append_printf(text, "%s%s", text->len ? ", " : "", why->text);
        }
        labelled(w, "why", text->str);
}

static void write_factors(Writer *w, const Cause *cause) {
        for (guint i = 0; i < cause->why->len; i++) {
                const Why *why = &g_array_index(cause->why, Why, i);
                g_autofree char *text = g_strdup_printf("%-8s %5.2f x %5.2f  %s", why->factor, why->value, why->weight, why->text);
                labelled(w, "factor", text);
        }
}

static void write_facts(Writer *w, const Cause *cause) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < cause->facts->len; i++) {
                const Fact *fact = &g_array_index(cause->facts, Fact, i);
                g_string_append_printf(text, "%s%s = %s", i ? ", " : "", fact->name, fact->value);
        }
        if (text->len > 0)
                labelled(w, "facts", text->str);
}

static void write_advice(Writer *w, const Cause *cause) {
        if (!cause->pattern)
                return;
        if (cause->pattern->checks[0])
                labelled(w, "check", cause->pattern->checks[0]);
        if (cause->pattern->fixes[0])
                labelled(w, "do", cause->pattern->fixes[0]);
}

static void write_cause(Writer *w, const Cause *cause, const Incident *incident) {
        bool first = cause->rank == 1;

        write_title(w, cause);
        write_when(w, cause, incident);
        for (guint i = 0; i < MIN(cause->evidence->len, first ? EVIDENCE_SHOWN : 1u); i++)
                write_evidence_line(w, &g_array_index(cause->evidence, Evidence, i), 4);
        if (first) {
                write_changes(w, cause);
                write_effects(w, cause);
                write_facts(w, cause);
        }
        write_why(w, cause);
        if (w->style.explain)
                write_factors(w, cause);
        if (first)
                write_advice(w, cause);
}

static void write_symptoms(Writer *w, const Incident *incident) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < MIN(incident->symptoms->len, SYMPTOMS_SHOWN); i++) {
                const Cause *symptom = incident->symptoms->pdata[i];
                g_autofree char *count = with_commas(symptom->count);
                g_string_append_printf(text, "%s%s %s", i ? " | " : "", symptom->title, count);
        }
        if (text->len > 0) {
                g_string_append_c(w->out, '\n');
                section(w, "SYMPTOMS", text->str);
        }
}

static void write_incident(Writer *w, const Incident *incident) {
        guint n_shown = incident->id == 1 ? MIN(incident->causes->len, w->style.n_top) : MIN(incident->causes->len, 1);

        write_incident_head(w, incident);
        for (guint i = 0; i < n_shown; i++)
                write_cause(w, incident->causes->pdata[i], incident);
        write_symptoms(w, incident);
}

/* --- the rest --- */

static void write_no_sign(Writer *w) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < w->report->no_sign_of->len; i++) {
                const NoSign *no_sign = w->report->no_sign_of->pdata[i];
                g_string_append_printf(text, "%s%s (%u%s)", i ? ", " : "", no_sign->title, no_sign->n_patterns,
                                       i ? "" : no_sign->n_patterns == 1 ? " pattern" : " patterns");
        }
        if (text->len > 0)
                section(w, "NO SIGN OF", text->str);
}

static void write_background(Writer *w) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < MIN(w->report->background->len, BACKGROUND_SHOWN); i++) {
                const Background *background = w->report->background->pdata[i];
                g_autofree char *clean = clean_line(skip_groups(background->title));
                g_autofree char *title = clean_fit(clean, 60);
                g_autofree char *count = with_commas(background->count);
                g_string_append_printf(text, "%s%s %s (%s)", i ? " | " : "", title, count, background->text);
        }
        if (text->len > 0)
                section(w, "BACKGROUND", text->str);
}

static void append_assumptions(const Writer *w, GString *text, const GPtrArray *sources) {
        guint without_zone = 0, without_year = 0;
        const SourceRecord *zone = NULL, *year = NULL;

        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = sources->pdata[i];
                if (g_str_equal(source->zone_from, "assumed") && ++without_zone)
                        zone = zone ? zone : source;
                if (*source->year_from && !g_str_equal(source->year_from, "line") && ++without_year)
                        year = year ? year : source;
        }
        if (without_zone == 1)
                g_string_append_printf(text, "; %s names no zone, UTC assumed", short_name(w, zone->name));
        else if (without_zone > 1)
                g_string_append_printf(text, "; %u sources name no zone, UTC assumed (--tz)", without_zone);
        if (without_year > 0)
                g_string_append_printf(text, "; %s names no year, taken from its %s", short_name(w, year->name), year->year_from);
}

static void write_coverage(Writer *w) {
        const GPtrArray *sources = w->report->ledger->sources;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *clean = NULL;
        uint64_t events = 0, timed = 0, cut = 0;

        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = sources->pdata[i];
                events += source->events;
                timed += source->with_time;
                cut += source->cut;
        }
        if (events > 0)
                g_string_append_printf(text, "%.4g %% of %" G_GUINT64_FORMAT " events have a time", 100.0 * (double)timed / (double)events,
                                       (guint64)events);
        else
                g_string_append(text, "no events");
        if (cut > 0)
                g_string_append_printf(text, "; %" G_GUINT64_FORMAT " very long ones were cut", (guint64)cut);
        if (w->report->ledger->evicted > 0)
                g_string_append_printf(text, "; %" G_GUINT64_FORMAT " in too many kinds to keep", (guint64)w->report->ledger->evicted);
        append_assumptions(w, text, sources);
        clean = clean_line(text->str);
        section(w, "COVERAGE", clean);
}

static void write_problems(Writer *w) {
        const GPtrArray *sources = w->report->ledger->sources;

        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = sources->pdata[i];
                for (guint j = 0; j < source->problems->len; j++) {
                        g_autofree char *text = g_strdup_printf("%s: %s", source->name, (char *)source->problems->pdata[j]);
                        g_autofree char *clean = clean_line(text);
                        section(w, "PROBLEM", clean);
                }
        }
}

static void write_redactions(Writer *w) {
        g_autofree char *text = w->report->redactions ? redactions_in_words(w->report->redactions) : NULL;

        if (text)
                section(w, "REDACTED", text);
}

static const char *words_of_verdict(const Report *report) {
        if (report->verdict == VERDICT_NO_INCIDENT)
                return "no error is new or more frequent than before";
        return report->incidents->len > 0 ? "errors from the first line to the last: no quiet part to compare them with"
                                          : "there is nothing to judge from";
}

static void write_verdict(Writer *w) {
        if (w->report->verdict == VERDICT_INCIDENT)
                return;
        g_string_append_c(w->out, '\n');
        paint(w, "1", w->report->verdict == VERDICT_NO_INCIDENT ? "NO INCIDENT" : "INCONCLUSIVE");
        pad(w->out, 1);
        wrap(w, words_of_verdict(w->report), HEAD_COLUMNS + 1);
}

char *text_report(const Report *report, const TextStyle *style) {
        Writer w = { g_string_new(NULL), report, *style, common_folder(report->ledger->sources) };

        w.style.width = CLAMP(style->width, TEXT_WIDTH_MIN, TEXT_WIDTH_MAX);
        write_head(&w);
        write_verdict(&w);
        for (guint i = 0; i < report->incidents->len; i++)
                write_incident(&w, report->incidents->pdata[i]);
        g_string_append_c(w.out, '\n');
        write_no_sign(&w);
        write_background(&w);
        write_coverage(&w);
        write_problems(&w);
        write_redactions(&w);
        return g_string_free(w.out, FALSE);
}
