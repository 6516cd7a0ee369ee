/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/publish.h"

#include "base/error.h"
#include "commands/evidence.h"
#include "commands/render.h"
#include "commands/terminal.h"
#include "commands/when.h"
#include "correlate/correlate.h"
#include "diagnose/baseline.h"
#include "diagnose/diagnose.h"
#include "diagnose/zones.h"
#include "mine/templates.h"
#include "report/redact_report.h"
#include "report/wording.h"

/* Facts of a cause that are told, and values of one name. */
#define FACTS_MAX       8
#define FACT_VALUES_MAX 3

/* --- facts --- */

/* Where the value ends, though a pattern's "not a blank" went on: with the line or the string that it is in. */
static Str fact_of(Str value) {
        static const char *const ENDS[] = { "\n", "\\n", "\"}", "\",", "  " };

        for (size_t i = 0; i < G_N_ELEMENTS(ENDS); i++)
                value = str_slice(value, 0, MIN(str_find(value, str_from(ENDS[i]), 0), value.len));
        return str_trim(value);
}

static void add_fact(const char *name, Str value, void *data) {
        GArray *facts = data;
        g_autofree char *text = str_dup(fact_of(value));

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

static const Signal *signal_of(const LedgerView *view, const char *pattern_id) {
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (signal->pattern_id && g_str_equal(signal->pattern_id, pattern_id))
                        return signal;
        }
        return NULL;
}

/* Without a time it is told by the place: what has none is of one incident, or of all. */
static bool is_during(const Cause *cause, const Exemplar *exemplar) {
        if (cause->onset_us == TIME_NONE || exemplar->time_us == TIME_NONE)
                return true;
        return exemplar->time_us >= cause->onset_us && exemplar->time_us <= cause->last_us;
}

/* The exemplars of the cause's incident that are kept, each once, in the order of the log as far as it is known. */
static GPtrArray *exemplars_of(const Cause *cause, const LedgerView *view) {
        const Signal *signal = signal_of(view, cause->pattern->id);
        GPtrArray *exemplars = g_ptr_array_new();

        for (guint i = 0; i < cause->evidence->len; i++)
                g_ptr_array_add(exemplars, (void *)g_array_index(cause->evidence, Evidence, i).exemplar);
        for (unsigned i = 0; signal && i < signal->n_sample; i++) {
                const Exemplar *exemplar = &signal->sample[i];
                bool known = !is_during(cause, exemplar);
                for (guint j = 0; j < exemplars->len && !known; j++) {
                        const Exemplar *other = exemplars->pdata[j];
                        known = other->source == exemplar->source && other->offset == exemplar->offset;
                }
                if (!known)
                        g_ptr_array_add(exemplars, (void *)exemplar);
        }
        return exemplars;
}

static void collect_facts(GPtrArray *causes, const LedgerView *view, const Session *session, MatcherScratch *scratch) {
        for (guint i = 0; i < causes->len; i++) {
                Cause *cause = causes->pdata[i];
                g_autoptr(GPtrArray) exemplars = NULL;
                g_autoptr(GArray) facts = NULL;
                guint index;

                if (!cause->pattern || cause->facts->len > 0 || !g_ptr_array_find(session->patterns->items, cause->pattern, &index))
                        continue; /* what a change set is told by the diagnosis */
                facts = g_array_new(FALSE, FALSE, sizeof(Fact));
                g_array_set_clear_func(facts, clear_fact);
                exemplars = exemplars_of(cause, view);
                for (guint j = 0; j < exemplars->len; j++)
                        matcher_captures(scratch, index, str_from(((const Exemplar *)exemplars->pdata[j])->text), add_fact, facts);
                tell_facts(cause, facts);
        }
}

static void fill_facts(Report *report, const Session *session) {
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(session->matcher);

        for (guint i = 0; i < report->incidents->len; i++)
                collect_facts(((Incident *)report->incidents->pdata[i])->causes, report->ledger, session, scratch);
}

/* --- output --- */

/* Of one file, what was said on the command line; of several, each has its own extension. */
static bool format_of_output(const Options *options, const char *path, Format wanted, Format *format, GError **error) {
        bool said = options->format_said;

        *format = wanted;
        if (said && !options->outputs[1])
                return true;
        if (format_of_file(path, wanted, said, format))
                return true;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--output %s: no form of report has this extension; say which with --format", path);
        return false;
}

static bool write_files(const Report *report, const Session *session, const Options *options, Format wanted, GError **error) {
        Style style = style_plain();

        style.n_top = (unsigned)options->top;
        style.explain = options->explain;
        style.zone = session->scan.zone;
        style.zone_name = session->scan.zone_name;
        for (char **path = options->outputs; *path; path++) {
                g_autofree char *text = NULL;
                Format format;

                if (!format_of_output(options, *path, wanted, &format, error))
                        return false;
                text = render(report, format, &style);
                if (!session_write(*path, text, error))
                        return false;
        }
        return true;
}

static bool write_report(const Report *report, const Session *session, const Options *options, Format format, GError **error) {
        Style style = terminal_style(options, session->scan.zone, session->scan.zone_name);
        g_autofree char *text = NULL;

        if (options->outputs)
                return write_files(report, session, options, format, error);
        if (options->quiet)
                return true;
        text = render(report, format, &style);
        return (format_is_paged(format) && terminal_page(text, options)) || session_print(text, error);
}

static bool read_format(const Options *options, Format *format, GError **error) {
        g_autofree char *names = format_names();

        if (format_named(options->brief ? "brief" : options->format, format))
                return true;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--format %s: expected one of %s", options->format, names);
        return false;
}

double publish_gap(const Options *options, GError **error) {
        double seconds = 0;

        if (!options->window || options_duration(options->window, &seconds))
                return seconds;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--window %s: not a duration such as 90s, 15m or 2h", options->window);
        return -1;
}

bool publish_check(const Options *options, GError **error) {
        Format wanted, format;

        if (!read_format(options, &wanted, error) || publish_gap(options, error) < 0)
                return false;
        for (char **path = options->outputs; path && *path; path++)
                if (!format_of_output(options, *path, wanted, &format, error))
                        return false;
        return true;
}

bool publish_tells_zone(const Options *options) {
        Format wanted, format;
        bool tells;

        if (!read_format(options, &wanted, NULL))
                return false;
        tells = !options->outputs && format_is_local(wanted);
        for (char **path = options->outputs; path && *path; path++)
                tells |= format_of_output(options, *path, wanted, &format, NULL) && format_is_local(format);
        return tells;
}

/* --- the exit code --- */

static bool is_partial(Ledger *ledger, const Session *session) {
        if (session->problems->len > 0)
                return true;
        for (uint32_t i = 0; i < ledger_n_sources(ledger); i++)
                if (ledger_source(ledger, i)->problems->len > 0)
                        return true;
        return false;
}

static bool has_report(const Options *options) {
        return !options->quiet || options->outputs || options->evidence;
}

bool publish_is_idle(const Options *options) {
        return options->ledger && !has_report(options) && !options->fail_on;
}

/* Says what no report says. */
static int end_quietly(Ledger *ledger, const Session *session) {
        Reach reach = when_reach(ledger);

        session_tell_zones(session);
        when_tell(&session->scan, &reach);
        session_tell_problems(session);
        return is_partial(ledger, session) ? EXIT_PARTIAL : EXIT_DONE;
}

int publish_nothing(Ledger *ledger, Session *session) {
        session_note_problems(session, ledger, "");
        return end_quietly(ledger, session);
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

static void add_reports(EvidenceDraft *draft, const Report *report, const Session *session, const Options *options) {
        static const struct {
                Format format;
                const char *name;
        } FORMS[] = { { FORMAT_TEXT, "report.txt" },
                      { FORMAT_JSON, "report.json" },
                      { FORMAT_MARKDOWN, "report.md" },
                      { FORMAT_POSTMORTEM, "postmortem.md" },
                      { FORMAT_HTML, "report.html" } };
        Style style = style_plain();

        style.n_top = (unsigned)options->top;
        style.explain = options->explain;
        style.zone = session->scan.zone;
        style.zone_name = session->scan.zone_name;
        for (size_t i = 0; i < G_N_ELEMENTS(FORMS); i++) {
                g_autofree char *text = render(report, FORMS[i].format, &style);
                packet_add(draft->bundle, FORMS[i].name, str_from(text));
        }
}

static void keep_evidence(EvidenceDraft *draft, const Report *report, const Session *session, const Options *options, GError **error) {
        if (!draft)
                return;
        add_reports(draft, report, session, options);
        evidence_write(draft, report, session, options, error);
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
static Templates *group_by_template(Ledger *ledger, const GPtrArray *baselines, unsigned n_threads) {
        g_autoptr(GPtrArray) views = views_of(baselines);
        Templates *templates;

        g_ptr_array_add(views, ledger_view(ledger));
        templates = templates_mine((const LedgerView *const *)views->pdata, views->len, n_threads);
        for (guint i = 0; i < baselines->len; i++)
                ledger_group(baselines->pdata[i], template_of, templates);
        ledger_group(ledger, template_of, templates);
        return templates;
}

/*
 * Times that name no zone were read as UTC. Where that puts a log hours away from all others, but another zone would have it begin and end with
 * one of them, that zone is taken. It depends on all sources together, so it is done when all ledgers are merged.
 */
static void settle_zones(Ledger *ledger) {
        g_autoptr(LedgerView) view = NULL;
        g_autoptr(GArray) fits = NULL;

        if (ledger_n_sources(ledger) < 2)
                return;
        view = ledger_view(ledger);
        fits = zones_fitting(view);
        for (guint i = 0; i < fits->len; i++) {
                const ZoneFit *fit = &g_array_index(fits, ZoneFit, i);
                SourceRecord *record = ledger_source(ledger, fit->source);
                LedgerMove move = { fit->source, fit->from_us, fit->to_us, -(int64_t)fit->minutes * 60 * 1000000 };

                if (!fit->alone)
                        continue;
                ledger_move(ledger, &move);
                g_free(record->zone);
                g_free(record->zone_from);
                record->zone = wording_offset(fit->minutes);
                record->zone_from = g_strdup("fitted");
        }
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

/* What is not judged by the baseline, or by nothing at all. */
static void note_baseline(const Baseline *baseline, const LedgerView *judged, const Options *options, GPtrArray *notes) {
        g_autoptr(GString) unknown = g_string_new(NULL);

        for (guint i = 0; baseline && i < judged->sources->len; i++) {
                const SourceRecord *source = judged->sources->pdata[i];
                if (source->events > 0 && !baseline_knows_source(baseline, source))
                        g_string_append_printf(unknown, "%s%s", unknown->len ? ", " : "", source->name);
        }
        if (!baseline && options->baselines)
                g_ptr_array_add(notes, g_strdup("the baseline has no events: judged without it"));
        if (unknown->len > 0)
                g_ptr_array_add(notes, g_strdup_printf("no log of the same name in the baseline, judged by all of it: %s", unknown->str));
}

Diagnosis *publish_diagnose(Ledger *ledger, Session *session, const Options *options, GError **error) {
        g_autoptr(Baseline) baseline = NULL;
        double gap = publish_gap(options, error);
        Diagnosis *d;

        if (gap < 0)
                return NULL;
        d = g_new0(Diagnosis, 1);
        d->baselines = session_scan_baselines(session, options);
        settle_zones(ledger);
        d->templates = group_by_template(ledger, d->baselines, session->scan.n_workers);
        d->baseline_views = views_of(d->baselines);
        d->view = ledger_view(ledger);
        d->notes = g_ptr_array_new_with_free_func(g_free);
        d->correlated = correlate_all(d->view, d->baseline_views, session->patterns, d->notes);
        baseline = baseline_new(d->baseline_views, d->view);
        note_baseline(baseline, d->view, options, d->notes);
        d->report = diagnose(d->view, baseline, session->patterns, gap);
        fill_facts(d->report, session);
        return d;
}

void publish_redact(Diagnosis *d, const Session *session) {
        d->redacted = session->redactor ? redact_report(session->redactor, d->report) : NULL;
}

void diagnosis_free(Diagnosis *d) {
        g_clear_pointer(&d->redacted, redacted_report_free);
        report_free(d->report);
        g_ptr_array_unref(d->correlated);
        g_ptr_array_unref(d->notes);
        ledger_view_free(d->view);
        g_ptr_array_unref(d->baseline_views);
        templates_free(d->templates);
        g_ptr_array_unref(d->baselines);
        g_free(d);
}

static void complain_all(const GPtrArray *texts) {
        for (guint i = 0; i < texts->len; i++)
                session_complain("%s", (char *)texts->pdata[i]);
}

int publish(Ledger *ledger, Session *session, const Options *options) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Diagnosis) diagnosis = NULL;
        g_autoptr(EvidenceDraft) draft = NULL;
        Format format = FORMAT_TEXT;
        int code;

        if (read_format(options, &format, &error) && (diagnosis = publish_diagnose(ledger, session, options, &error))) {
                draft = options->evidence ? evidence_draft(diagnosis->report, session) : NULL;
                publish_redact(diagnosis, session);
                if (!error)
                        keep_evidence(draft, diagnosis->report, session, options, &error);
                if (!error)
                        write_report(diagnosis->report, session, options, format, &error);
        }
        if (error) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        complain_all(diagnosis->notes);
        code = has_report(options) ? end_quietly(ledger, session) : publish_nothing(ledger, session);
        return publish_is_found(diagnosis->report, options->fail_on) ? EXIT_FOUND : code;
}
