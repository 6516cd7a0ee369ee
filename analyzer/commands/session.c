/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/session.h"

#include "commands/part_list.h"
#include "commands/when.h"
#include "parse/layout.h"

#include "base/error.h"
#include "base/write.h"
#include "input/sources.h"
#include "match/pack.h"
#include "match/pack_image.h"
#include "parse/timestamp.h"
#include "report/clean.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE_RESOURCE "/logscan/packs.image"
#define SYSTEM_FOLDER  "/etc/logscan/patterns"

/* --- packs --- */

/* The vocabulary, and the packs that are built in if they are wanted. */
static bool load_builtin(Patterns *patterns, bool with_packs, GError **error) {
        g_autoptr(GBytes) image = g_resources_lookup_data(IMAGE_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

        if (!image)
                return false;
        pack_image_read(patterns, image, with_packs);
        patterns->trusting = true;
        return true;
}

static bool load_file(Patterns *patterns, const char *path, GError **error) {
        g_autofree char *text = NULL;
        gsize size;

        if (!g_file_get_contents(path, &text, &size, error))
                return false;
        return pack_load(patterns, path, (Str){ text, size }, error);
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool load_folder(Patterns *patterns, const char *folder, GError **error) {
        g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
        g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
        const char *name;

        if (!dir)
                return false;
        while ((name = g_dir_read_name(dir)))
                if ((g_str_has_suffix(name, ".yaml") || g_str_has_suffix(name, ".yml")) && !g_str_equal(name, "categories.yaml"))
                        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
        g_ptr_array_sort(paths, compare_names);
        for (guint i = 0; i < paths->len; i++)
                if (!load_file(patterns, paths->pdata[i], error))
                        return false;
        return true;
}

static bool load_path(Patterns *patterns, const char *path, GError **error) {
        return g_file_test(path, G_FILE_TEST_IS_DIR) ? load_folder(patterns, path, error) : load_file(patterns, path, error);
}

static bool load_standing_folders(Patterns *patterns, GError **error) {
        g_autofree char *own = g_build_filename(g_get_user_config_dir(), "logscan", "patterns", NULL);
        const char *const folders[] = { SYSTEM_FOLDER, own };

        for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
                if (g_file_test(folders[i], G_FILE_TEST_IS_DIR) && !load_folder(patterns, folders[i], error))
                        return false;
        return true;
}

Patterns *session_patterns(const Options *options, GError **error) {
        g_autoptr(Patterns) patterns = patterns_new();

        if (!load_builtin(patterns, !options->no_builtin_patterns, error))
                return NULL;
        if (!load_standing_folders(patterns, error))
                return NULL;
        for (char **path = options->patterns; path && *path; path++)
                if (!load_path(patterns, *path, error))
                        return NULL;
        if (!pack_check_edges(patterns, error))
                return NULL;
        for (guint i = 0; i < patterns->warnings->len; i++)
                session_complain("%s", (char *)patterns->warnings->pdata[i]);
        return g_steal_pointer(&patterns);
}

/* --- the session --- */

bool session_open(Session *session, const Options *options, bool use_patterns, GError **error) {
        ScanOptions *scan = &session->scan;

        *session = (Session){ .problems = g_ptr_array_new_with_free_func(g_free) };
        session->zones_said = options->tz_said;
        session->redactor = options->redact ? redactor_new() : NULL;
        scan->n_workers = (unsigned)options->jobs;
        scan->block_bytes = (size_t)options->block_bytes;
        scan->prefilter = options->portable ? PREFILTER_PORTABLE : PREFILTER_AUTO;
        scan->host = options->host && *options->host ? options->host : NULL;
        scan->inflate = options->portable ? INFLATE_ZLIB : INFLATE_AUTO;
        if (!when_read(scan, options, error))
                return false;
        if (options->layout && !layout_is_known(options->layout)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE,
                            "--layout %s: not known; json, logfmt, plain, untimed, or a time such as \"%%Y-%%m-%%d %%H:%%M:%%S\"", options->layout);
                return false;
        }
        scan->layout = options->layout;
        session->patterns = use_patterns ? session_patterns(options, error) : patterns_new();
        if (!session->patterns)
                return false;
        session->matcher = matcher_new(session->patterns, scan->prefilter, error);
        return session->matcher != NULL;
}

void session_clear(Session *session) {
        g_clear_pointer(&session->redactor, redactor_free);
        g_clear_pointer(&session->matcher, matcher_free);
        g_clear_pointer(&session->patterns, patterns_free);
        g_clear_pointer(&session->sources, g_ptr_array_unref);
        g_clear_pointer(&session->problems, g_ptr_array_unref);
        g_clear_pointer(&session->baselines, g_ptr_array_unref);
        when_clear(&session->scan);
}

/* Of paths that are followed nothing is wrong but that there is no log yet. */
static bool is_empty_yet(const Session *session, const Options *options) {
        bool empty = options->follow;

        for (guint i = 0; i < session->problems->len; i++)
                empty &= g_str_has_suffix(session->problems->pdata[i], SOURCES_NO_LOGS);
        return empty;
}

bool session_find_sources(Session *session, const Options *options, GError **error) {
        static const char *const STDIN[] = { SOURCE_STDIN, NULL };
        const char *const *paths = options->paths ? (const char *const *)options->paths : STDIN;

        if (options->range || options->parts) {
                session->sources = options->range ? part_list_of_range(options->paths[0], options->range, error) : part_list_read(options->parts, error);
                return session->sources != NULL;
        }
        if (!options->paths && isatty(STDIN_FILENO)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "no log: name files or folders, or pipe a log in (logscan --help)");
                return false;
        }
        session->sources = sources_find(paths, session->problems);
        if (session->sources->len > 0 || is_empty_yet(session, options))
                return true;
        g_ptr_array_add(session->problems, NULL);
        g_autofree char *why = g_strjoinv("; ", (char **)session->problems->pdata);
        g_ptr_array_set_size(session->problems, (gint)session->problems->len - 1);
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "nothing to read: %s", why);
        return false;
}

static void note_problem(Session *session, const char *whose, const char *name, const char *what) {
        g_autofree char *problem = g_strdup_printf("%s%s: %s", whose, name, what);

        if (!g_ptr_array_find_with_equal_func(session->problems, problem, g_str_equal, NULL))
                g_ptr_array_add(session->problems, g_steal_pointer(&problem));
}

void session_note_problems(Session *session, Ledger *ledger, const char *whose) {
        for (uint32_t i = 0; i < ledger_n_sources(ledger); i++) {
                const SourceRecord *record = ledger_source(ledger, i);
                for (guint j = 0; j < record->problems->len; j++)
                        note_problem(session, whose, record->name, record->problems->pdata[j]);
        }
}

/* --- baselines --- */

static void free_ledger(void *ledger) {
        ledger_free(ledger);
}

static void add_baseline(GPtrArray *ledgers, Session *session, GPtrArray *paths) {
        g_autoptr(GPtrArray) sources = NULL;
        ScanOptions unbounded = session->scan;
        Ledger *ledger;

        unbounded.since_us = unbounded.until_us = TIME_NONE;
        if (paths->len == 0)
                return;
        g_ptr_array_add(paths, NULL);
        sources = sources_find((const char *const *)paths->pdata, session->problems);
        if (sources->len == 0)
                return;
        ledger = pipeline_scan(sources, session->patterns, session->matcher, &unbounded);
        session_note_problems(session, ledger, "baseline ");
        g_ptr_array_add(ledgers, ledger);
}

static void add_copy(GPtrArray *ledgers, const Session *session, const Ledger *kept) {
        g_autoptr(GPtrArray) no_names = g_ptr_array_new();
        Ledger *copy = ledger_new(session->patterns, no_names, NULL, NULL);

        ledger_merge(copy, kept);
        g_ptr_array_add(ledgers, copy);
}

void session_keep_baselines(Session *session, const Options *options) {
        session->baselines = session_scan_baselines(session, options);
}

GPtrArray *session_scan_baselines(Session *session, const Options *options) {
        GPtrArray *ledgers = g_ptr_array_new_with_free_func(free_ledger);
        g_autoptr(GPtrArray) files = g_ptr_array_new();

        for (guint i = 0; session->baselines && i < session->baselines->len; i++)
                add_copy(ledgers, session, session->baselines->pdata[i]);
        if (session->baselines)
                return ledgers;

        for (char **path = options->baselines; path && *path; path++) {
                g_autoptr(GPtrArray) folder = g_ptr_array_new();
                g_ptr_array_add(g_file_test(*path, G_FILE_TEST_IS_DIR) ? folder : files, *path);
                add_baseline(ledgers, session, folder);
        }
        add_baseline(ledgers, session, files);
        return ledgers;
}

char *session_show(const Session *session, const char *text) {
        return session->redactor ? redact_text(session->redactor, str_from(text)) : g_strdup(text);
}

void session_tell_zones(const Session *session) {
        for (guint i = 0; session->zones_said && i < session->scan.zones->len; i++) {
                const ScanZone *zone = session->scan.zones->pdata[i];
                if (!zone->found)
                        session_complain("--tz %s=%s: no log of this name was read", zone->source, zone->name);
        }
}

void session_tell_problems(const Session *session) {
        for (guint i = 0; i < session->problems->len; i++)
                session_complain("%s", (char *)session->problems->pdata[i]);
}

void session_tell_redactions(const Session *session) {
        g_autoptr(GArray) list = session->redactor ? redactor_list(session->redactor) : NULL;
        g_autofree char *text = list ? redactions_in_words(list) : NULL;

        if (text)
                session_complain("replaced: %s", text);
}

void session_complain(const char *format, ...) {
        g_autofree char *text = NULL, *clean = NULL;
        va_list arguments;

        va_start(arguments, format);
        text = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        clean = clean_line(text);
        fprintf(stderr, "logscan: %s\n", clean);
}

/* --- standard output --- */

/* Of a pipe or a terminal; to ask is more certain than EPIPE, which may have met a write of long ago. */
static bool is_reader_gone(void) {
        struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

        return poll(&output, 1, 0) > 0 && output.revents & (POLLERR | POLLHUP);
}

/* The C library drops what it could not write, so that flushing may do well later. */
static bool end_output(GError **error) {
        bool flushed = fflush(stdout) == 0;
        int problem = errno;

        if (flushed && !ferror(stdout))
                return true;
        clearerr(stdout);
        if (is_reader_gone())
                return true;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_OUTPUT, "cannot write to standard output%s%s", flushed ? "" : ": ", flushed ? "" : g_strerror(problem));
        return false;
}

bool session_print(const char *text, GError **error) {
        fputs(text, stdout);
        return end_output(error);
}

bool session_write(const char *path, const char *text, GError **error) {
        return g_str_equal(path, "-") ? session_print(text, error) : write_whole(path, text, strlen(text), error);
}

int session_end_output(int code) {
        g_autoptr(GError) error = NULL;

        if (end_output(&error))
                return code;
        session_complain("%s", error->message);
        return EXIT_USAGE;
}
