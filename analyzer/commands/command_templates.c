/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/session.h"
#include "commands/template_rows.h"
#include "commands/when.h"
#include "input/sources.h"
#include "mine/shape.h"
#include "report/clean.h"

#include <stdio.h>

static bool is_format(const Options *options, const char *format) {
        return options->format && g_str_equal(options->format, format);
}

static void complain_of_lost(const LedgerView *view) {
        if (view->coarse > 0)
                session_complain("%" G_GUINT64_FORMAT " events are of kinds too many to keep apart", (guint64)view->coarse);
        if (view->evicted > 0)
                session_complain("%" G_GUINT64_FORMAT " events in too many kinds to keep", (guint64)view->evicted);
}

static void redact_all(const Templates *templates, const LedgerView *const *views, unsigned n_views, const Session *session) {
        const GPtrArray *all = templates_all(templates);

        for (unsigned i = 0; session->redactor && i < n_views; i++)
                redact_learn(session->redactor, views[i]);
        for (guint i = 0; session->redactor && i < all->len; i++)
                redact_template(session->redactor, all->pdata[i]);
}

static bool print_list(const LedgerView *view, const Session *session, const Options *options, Level min_level, GError **error) {
        const LedgerView *views[] = { view };
        g_autoptr(Templates) templates = templates_mine(views, 1, session->scan.n_workers);
        g_autoptr(GPtrArray) rows = NULL;

        templates_fill(templates);
        redact_all(templates, views, 1, session);
        rows = template_rows(templates, view, min_level);
        complain_of_lost(view);
        if (is_format(options, "json")) {
                g_autofree char *text = template_rows_json(rows);
                return session_print(text, error);
        }
        if (is_format(options, "tsv"))
                template_rows_print_tsv(rows);
        else
                template_rows_print_text(rows, view);
        return true;
}

/* --- each line --- */

typedef struct Assignment {
        const Templates *templates;
        const Session *session;
} Assignment;

/* SOURCE, LINE, TEMPLATE for every line of the event. */
static bool print_assignment(const Source *source, const Layout *layout, const Event *event, const uint32_t *matches, size_t n_matches, void *data) {
        const Assignment *assignment = data;
        const Templates *templates = assignment->templates;
        g_autofree char *shown = session_show(assignment->session, source->name), *name = clean_line(shown);
        ShapeKey shape = shape_of(event);
        const Template *template = templates_of(templates, shape.key);
        uint64_t key;

        (void)layout;
        (void)matches;
        (void)n_matches;
        if (!template)
                template = templates_of(templates, shape.coarse);
        key = template ? template->key : shape.key;
        for (uint64_t i = 0; i < event->n_lines; i++)
                if (printf("%s\t%" G_GUINT64_FORMAT "\t%016" G_GINT64_MODIFIER "x\n", name, (guint64)(event->line + i), key) < 0)
                        return false;
        return true;
}

/* What is a template shows only when all is seen, so everything is read twice; a pipe can be read once. */
static bool can_read_twice(const Session *session, GError **error) {
        for (guint i = 0; i < session->sources->len; i++) {
                const char *name = ((const Source *)session->sources->pdata[i])->name;

                if (g_file_test(name, G_FILE_TEST_IS_REGULAR))
                        continue;
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--assign reads its input twice, and %s is no file", name);
                return false;
        }
        return true;
}

static void print_assignments(const LedgerView *view, const Session *session) {
        const LedgerView *views[] = { view };
        g_autoptr(Templates) templates = templates_mine(views, 1, session->scan.n_workers);

        Assignment assignment = { templates, session };

        pipeline_visit(session->sources, session->matcher, &session->scan, print_assignment, &assignment, session->problems);
}

/* --- two inputs --- */

static bool print_diff(const LedgerView *now, Session *session, const Options *options, Level min_level, GError **error) {
        const char *const paths[] = { options->diff, NULL };
        g_autoptr(GPtrArray) sources = sources_find(paths, session->problems);
        g_autoptr(Ledger) base = NULL;
        g_autoptr(LedgerView) before = NULL;
        g_autoptr(Templates) templates = NULL;
        g_autoptr(GPtrArray) rows_before = NULL, rows_now = NULL;
        g_autoptr(GArray) changes = NULL;
        g_autofree char *text = NULL;

        base = pipeline_scan(sources, session->patterns, session->matcher, &session->scan);
        session_note_problems(session, base, "");
        before = ledger_view(base);
        const LedgerView *views[] = { before, now };
        templates = templates_mine(views, G_N_ELEMENTS(views), session->scan.n_workers);
        redact_all(templates, views, G_N_ELEMENTS(views), session);
        rows_before = template_rows(templates, before, LEVEL_NONE);
        rows_now = template_rows(templates, now, LEVEL_NONE);
        changes = template_changes(rows_before, rows_now, min_level);
        text = template_changes_write(changes, before, now, is_format(options, "json") ? CHANGES_JSON : is_format(options, "tsv") ? CHANGES_TSV : CHANGES_TEXT);
        return session_print(text, error);
}

/* --- the command --- */

static bool check(const Options *options, GError **error) {
        static const char *const FORMATS[] = { "text", "tsv", "json", NULL };

        if (options->format && !g_strv_contains(FORMATS, options->format)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--format %s: templates are printed as text, tsv or json", options->format);
                return false;
        }
        if (options->diff && options->assign) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--diff compares templates, --assign prints that of each line: use one");
                return false;
        }
        if (options->diff && !g_file_test(options->diff, G_FILE_TEST_EXISTS)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--diff %s: no such file or folder", options->diff);
                return false;
        }
        return true;
}

static bool print_all(Session *session, const Options *options, GError **error) {
        Level min_level = options->min_level ? level_from_word(str_from(options->min_level)) : LEVEL_NONE;
        g_autoptr(Ledger) ledger = NULL;
        g_autoptr(LedgerView) view = NULL;
        Reach reach;

        if (options->assign && !can_read_twice(session, error))
                return false;
        ledger = pipeline_scan(session->sources, session->patterns, session->matcher, &session->scan);
        reach = when_reach(ledger);
        when_tell(&session->scan, &reach);
        view = ledger_view(ledger);
        if (options->assign) {
                print_assignments(view, session); /* reads again, and finds anew what cannot be read */
                return true;
        }
        session_note_problems(session, ledger, "");
        return options->diff ? print_diff(view, session, options, min_level, error) : print_list(view, session, options, min_level, error);
}

int command_templates(const Options *options) {
        g_auto(Session) session = { 0 };
        g_autoptr(GError) error = NULL;
        int code;

        if (!check(options, &error) || !session_open(&session, options, false, &error) || !session_find_sources(&session, options, &error) ||
            !print_all(&session, options, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        code = session_end_output(EXIT_DONE);
        session_tell_zones(&session);
        session_tell_redactions(&session);
        session_tell_problems(&session);
        return code == EXIT_DONE && session.problems->len > 0 ? EXIT_PARTIAL : code;
}
