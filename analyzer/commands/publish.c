/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/publish.h"

#include "base/error.h"
#include "commands/evidence.h"
#include "config.h"
#include "correlate/correlate.h"
#include "diagnose/diagnose.h"
#include "mine/templates.h"
#include "report/json.h"
#include "report/redact_report.h"
#include "report/text.h"

#include <langinfo.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Facts of a cause that are told, and values of one name. */
#define FACTS_MAX     8
#define FACT_VALUES_MAX 3

/* --- facts --- */

static void add_fact(const char *name, Str value, void *data) {
        GArray *facts = data;
        g_autofree char *text = str_dup(str_trim(value));

        for (guint i = 0; i < facts->len; i++) {
                Fact *fact = &g_array_index(facts, Fact, i);
                if (g_str_equal(fact->name, name) && g_str_equal(fact->value, text)) {
                        fact->count++;
                        return;
                }
        }
        if (*text) {
                Fact fact = { g_strdup(name), g_steal_pointer(&text), 1 };
                g_array_append_val(facts, fact);
        }
}

static guint first_of_name(const GArray *facts, const char *name) {
        guint i = 0;

        while (!g_str_equal(g_array_index(facts, Fact, i).name, name))
                i++;
        return i;
}

/* Where a fact stands among those of its name: the more often it is said the earlier, then as in the log. */
static guint rank_of(const GArray *facts, guint index) {
        const Fact *fact = &g_array_index(facts, Fact, index);
        guint rank = 0;

        for (guint i = 0; i < facts->len; i++) {
                const Fact *other = &g_array_index(facts, Fact, i);
                if (g_str_equal(other->name, fact->name) && (other->count > fact->count || (other->count == fact->count && i < index)))
                        rank++;
        }
        return rank;
}

/* Moves the facts with @rank among their names, in the order in which the names came; @facts keeps its places. */
static void take_rank(GArray *facts, guint rank, GArray *taken) {
        for (guint i = 0; i < facts->len && taken->len < FACTS_MAX; i++)
                if (rank_of(facts, i) == rank) {
                        Fact fact = g_array_index(facts, Fact, i);
                        fact.name = g_strdup(fact.name);
                        fact.value = g_strdup(fact.value);
                        g_array_append_val(taken, fact);
                }
}

static int compare_facts(const void *a, const void *b, void *data) {
        const Fact *one = a, *two = b;
        guint first = first_of_name(data, one->name), second = first_of_name(data, two->name);

        if (first != second)
                return first < second ? -1 : 1;
        return one->count != two->count ? (one->count > two->count ? -1 : 1) : 0;
}

static void clear_fact(void *data) {
        Fact *fact = data;

        g_free(fact->name);
        g_free(fact->value);
}

/* The value that is said most of each name, then the second of each, until there is no more room; then name by name. */
static void tell_facts(Cause *cause, GArray *facts) {
        for (guint rank = 0; rank < FACT_VALUES_MAX; rank++)
                take_rank(facts, rank, cause->facts);
        g_array_sort_with_data(cause->facts, compare_facts, facts);
}

static void collect_facts(GPtrArray *causes, const Session *session, MatcherScratch *scratch) {
        for (guint i = 0; i < causes->len; i++) {
                Cause *cause = causes->pdata[i];
                g_autoptr(GArray) facts = NULL;
                guint index;

                if (!cause->pattern || !g_ptr_array_find(session->patterns->items, cause->pattern, &index))
                        continue;
                facts = g_array_new(FALSE, FALSE, sizeof(Fact));
                g_array_set_clear_func(facts, clear_fact);
                for (guint j = 0; j < cause->evidence->len; j++)
                        matcher_captures(scratch, index, str_from(g_array_index(cause->evidence, Evidence, j).exemplar->text), add_fact, facts);
                tell_facts(cause, facts);
        }
}

static void fill_facts(Report *report, const Session *session) {
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(session->matcher);

        for (guint i = 0; i < report->incidents->len; i++)
                collect_facts(((Incident *)report->incidents->pdata[i])->causes, session, scratch);
}

/* --- formats --- */

static bool want_color(const Options *options) {
        const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

        if (options->color && !g_str_equal(options->color, "auto"))
                return g_str_equal(options->color, "always");
        return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !(term && g_str_equal(term, "dumb"));
}

static unsigned terminal_width(void) {
        struct winsize size;
        const char *columns = getenv("COLUMNS");

        if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
                return size.ws_col;
        return columns && atoi(columns) > 0 ? (unsigned)atoi(columns) : TEXT_WIDTH_DEFAULT;
}

typedef enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_UNKNOWN } Format;

static Format format_of(const char *name) {
        return !name || g_str_equal(name, "text") ? FORMAT_TEXT : g_str_equal(name, "json") ? FORMAT_JSON : FORMAT_UNKNOWN;
}

static char *render(const Report *report, Format format, const TextStyle *style) {
        return format == FORMAT_JSON ? json_report(report, LOGSCAN_VERSION) : text_report(report, style);
}

static Format format_of_file(const char *path, Format otherwise) {
        if (g_str_has_suffix(path, ".json"))
                return FORMAT_JSON;
        return g_str_has_suffix(path, ".txt") || g_str_has_suffix(path, ".text") ? FORMAT_TEXT : otherwise;
}

static bool write_files(const Report *report, const Options *options, Format otherwise, GError **error) {
        TextStyle style = { TEXT_WIDTH_DEFAULT, false, (unsigned)options->top, options->explain };

        for (char **path = options->outputs; *path; path++) {
                g_autofree char *text = render(report, format_of_file(*path, otherwise), &style);
                if (!g_file_set_contents(*path, text, -1, error))
                        return false;
        }
        return true;
}

static bool write_report(const Report *report, const Options *options, GError **error) {
        TextStyle style = { terminal_width(), want_color(options), (unsigned)options->top, options->explain };
        Format format = format_of(options->format);
        g_autofree char *text = NULL;

        if (options->outputs)
                return write_files(report, options, format, error);
        if (options->quiet)
                return true;
        text = render(report, format, &style);
        return session_print(text, error);
}

/* --- the exit code --- */

static bool is_partial(const Report *report, const Session *session) {
        if (session->problems->len > 0)
                return true;
        for (guint i = 0; i < report->ledger->sources->len; i++)
                if (((const SourceRecord *)report->ledger->sources->pdata[i])->problems->len > 0)
                        return true;
        return false;
}

bool publish_is_found(const Report *report, const char *fail_on) {
        if (!fail_on)
                return false;
        for (guint i = 0; i < report->incidents->len; i++) {
                const Incident *incident = report->incidents->pdata[i];
                for (guint j = 0; j < incident->causes->len; j++) {
                        Confidence confidence = ((const Cause *)incident->causes->pdata[j])->confidence;
                        Confidence wanted = g_str_equal(fail_on, "high")     ? CONFIDENCE_HIGH
                                            : g_str_equal(fail_on, "medium") ? CONFIDENCE_MEDIUM
                                                                             : CONFIDENCE_LOW;
                        if (confidence >= wanted)
                                return true;
                }
        }
        return false;
}

/* --- the evidence --- */

static void add_reports(EvidenceDraft *draft, const Report *report, const Options *options) {
        static const struct {
                Format format;
                const char *name;
        } FORMS[] = { { FORMAT_TEXT, "report.txt" }, { FORMAT_JSON, "report.json" } };
        TextStyle style = { TEXT_WIDTH_DEFAULT, false, (unsigned)options->top, options->explain };

        for (size_t i = 0; i < G_N_ELEMENTS(FORMS); i++) {
                g_autofree char *text = render(report, FORMS[i].format, &style);
                bundle_add(draft->bundle, FORMS[i].name, str_from(text));
        }
}

static void keep_evidence(EvidenceDraft *draft, const Report *report, const Session *session, const Options *options, GError **error) {
        if (!draft)
                return;
        add_reports(draft, report, options);
        evidence_write(draft, report, session, options, error);
}

static double gap_of(const Options *options, GError **error) {
        double seconds = 0;

        if (options->window && !options_duration(options->window, &seconds))
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--window %s: not a duration such as 90s, 15m or 2h", options->window);
        return seconds;
}

static void free_view(void *view) {
        ledger_view_free(view);
}

static GPtrArray *views_of(const GPtrArray *ledgers) {
        GPtrArray *views = g_ptr_array_new_with_free_func(free_view);

        for (guint i = 0; i < ledgers->len; i++)
                g_ptr_array_add(views, ledger_view(ledgers->pdata[i]));
        return views;
}

static const Template *template_of(const Signal *signal, void *data) {
        return templates_of(data, signal->key);
}

/* Makes one signal of the shapes that are one template; the baselines have the same templates. */
static Templates *group_by_template(Ledger *ledger, const GPtrArray *baselines) {
        g_autoptr(GPtrArray) views = views_of(baselines);
        Templates *templates;

        g_ptr_array_add(views, ledger_view(ledger));
        templates = templates_mine((const LedgerView *const *)views->pdata, views->len);
        for (guint i = 0; i < baselines->len; i++)
                ledger_group(baselines->pdata[i], template_of, templates);
        ledger_group(ledger, template_of, templates);
        return templates;
}

static void unref_array(void *array) {
        g_ptr_array_unref(array);
}

/* What the rules make of the log and of its baselines; the answer owns the signals. */
static GPtrArray *correlate_all(LedgerView *view, const GPtrArray *baseline_views, const Patterns *patterns, GPtrArray *notes) {
        g_autoptr(GPtrArray) unsaid = g_ptr_array_new_with_free_func(g_free);
        GPtrArray *all = g_ptr_array_new_with_free_func(unref_array);

        g_ptr_array_add(all, correlate(view, patterns, notes));
        for (guint i = 0; i < baseline_views->len; i++)
                g_ptr_array_add(all, correlate(baseline_views->pdata[i], patterns, unsaid));
        return all;
}

Diagnosis *publish_diagnose(Ledger *ledger, const Session *session, const Options *options, GError **error) {
        Diagnosis *d;
        g_autoptr(GError) wrong = NULL;
        double gap = gap_of(options, &wrong);

        if (wrong) {
                g_propagate_error(error, g_steal_pointer(&wrong));
                return NULL;
        }
        d = g_new0(Diagnosis, 1);
        d->nothing = g_ptr_array_new();
        d->templates = group_by_template(ledger, d->nothing);
        d->view = ledger_view(ledger);
        d->report = diagnose(d->view, d->nothing, session->patterns, gap);
        fill_facts(d->report, session);
        d->redacted = session->redactor ? redact_report(session->redactor, d->report) : NULL;
        return d;
}

void diagnosis_free(Diagnosis *d) {
        report_free(d->report);
        g_clear_pointer(&d->redacted, redacted_report_free);
        ledger_view_free(d->view);
        templates_free(d->templates);
        g_ptr_array_unref(d->nothing);
        g_free(d);
}

int publish(Ledger *ledger, Session *session, const Options *options) {
        g_autoptr(GPtrArray) baselines = session_scan_baselines(session, options);
        g_autoptr(Templates) templates = group_by_template(ledger, baselines);
        g_autoptr(GPtrArray) baseline_views = views_of(baselines);
        g_autoptr(LedgerView) view = ledger_view(ledger);
        g_autoptr(GPtrArray) correlated = NULL, notes = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;
        g_autoptr(RedactedReport) redacted = NULL;
        g_autoptr(EvidenceDraft) draft = NULL;
        g_autoptr(Report) report = NULL;
        double gap = gap_of(options, &error);

        if (!error && format_of(options->format) == FORMAT_UNKNOWN)
                g_set_error(&error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--format %s: the report is printed as text or json", options->format);
        if (!error) {
                correlated = correlate_all(view, baseline_views, session->patterns, notes);
                report = diagnose(view, baseline_views, session->patterns, gap);
                fill_facts(report, session);
                draft = options->evidence ? evidence_draft(report, session, options, &error) : NULL;
                redacted = session->redactor ? redact_report(session->redactor, report) : NULL;
                if (!error)
                        keep_evidence(draft, report, session, options, &error);
                if (!error)
                        write_report(report, options, &error);
        }
        if (error) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        for (guint i = 0; i < notes->len; i++)
                session_complain("%s", (char *)notes->pdata[i]);
        for (guint i = 0; i < session->problems->len; i++)
                session_complain("%s", (char *)session->problems->pdata[i]);
        if (publish_is_found(report, options->fail_on))
                return EXIT_FOUND;
        return is_partial(report, session) ? EXIT_PARTIAL : EXIT_DONE;
}
