/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/commands.h"
#include "commands/publish.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LEDGER_SUFFIX ".ledger"

/* --- the ledgers, one after the other --- */

typedef struct Folding {
        Ledger *sum;
        Session *session;
        uint64_t fingerprint; /* of its patterns */
} Folding;

static void fold_file(Folding *folding, const char *path) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Ledger) part = ledger_load(folding->session->patterns, folding->fingerprint, path, &error);
        const char *doubled = part ? ledger_overlap(folding->sum, part) : NULL;

        if (!part)
                g_ptr_array_add(folding->session->problems, g_strdup(error->message));
        else if (doubled)
                g_ptr_array_add(folding->session->problems, g_strdup_printf("%s: %s is in an earlier ledger already; left out", path, doubled));
        else
                ledger_take(folding->sum, g_steal_pointer(&part));
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Other files lie beside ledgers. */
static void fold_folder(Folding *folding, const char *folder) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
        g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
        const char *name;

        if (!dir) {
                g_ptr_array_add(folding->session->problems, g_strdup(error->message));
                return;
        }
        while ((name = g_dir_read_name(dir)))
                if (g_str_has_suffix(name, LEDGER_SUFFIX) && *name != '.')
                        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
        g_ptr_array_sort(paths, compare_names);
        if (paths->len == 0)
                g_ptr_array_add(folding->session->problems, g_strdup_printf("%s: no file in this folder ends in " LEDGER_SUFFIX, folder));
        for (guint i = 0; i < paths->len; i++)
                fold_file(folding, paths->pdata[i]);
}

static void fold_path(Folding *folding, const char *path) {
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
                fold_folder(folding, path);
        else
                fold_file(folding, path);
}

/* A path a line. */
static void fold_list(Folding *folding, FILE *list) {
        char *line = NULL;
        size_t capacity = 0;
        ssize_t n;

        while ((n = getline(&line, &capacity, list)) >= 0) {
                if (n > 0 && line[n - 1] == '\n')
                        line[n - 1] = '\0';
                if (*line)
                        fold_path(folding, line);
        }
        free(line);
}

static void fold_all(Folding *folding, char **paths) {
        for (; *paths; paths++)
                if (g_str_equal(*paths, "-"))
                        fold_list(folding, stdin);
                else
                        fold_path(folding, *paths);
}

/* --- what is not there --- */

static void note_missing(Ledger *sum, Session *session) {
        for (uint32_t i = 0; i < ledger_n_sources(sum); i++) {
                SourceRecord *record = ledger_source(sum, i);
                g_autofree char *missing = extents_missing(&record->extents);
                char *problem;

                if (!missing)
                        continue;
                problem = g_strdup_printf("a part is missing: %s", missing);
                g_ptr_array_add(session->problems, g_strdup_printf("%s: %s", record->name, problem));
                g_ptr_array_add(record->problems, problem);
        }
}

/* --absent NAME=WHY: a host or source that should be here; "NAME" alone says no more than that. */
static void note_absent(Ledger *sum, char **absent) {
        for (; absent && *absent; absent++) {
                g_auto(GStrv) words = g_strsplit(*absent, "=", 2);
                SourceRecord *record = ledger_source(sum, ledger_take_source(sum, words[0]));
                g_autofree char *why = words[0] && words[1] ? g_strdup_printf(": %s", words[1]) : g_strdup("");

                g_ptr_array_add(record->problems, g_strdup_printf("not scanned%s", why));
        }
}

static int complain(const Session *session, const GError *error) {
        if (error)
                session_complain("%s", error->message);
        else
                session_tell_problems(session);
        return EXIT_USAGE;
}

/* A ledger has its times already. */
static void tell_zone(const Session *session, const Options *options) {
        if (options->tz_said && session->scan.zone && !publish_tells_zone(options))
                session_complain("merge: --tz %s: ledgers have their times; only markdown, postmortem and html tell them in another zone, too",
                                 session->scan.zone_name);
}

int command_merge(const Options *options) {
        g_auto(Session) session = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) no_names = g_ptr_array_new();
        g_autoptr(Ledger) sum = NULL;

        if (!options->paths) {
                session_complain("merge: name the ledgers that `logscan --ledger FILE` saved");
                return EXIT_USAGE;
        }
        if (!publish_check(options, &error) || !session_open(&session, options, true, &error))
                return complain(&session, error);
        sum = ledger_new(session.patterns, no_names, NULL, NULL);
        fold_all(&(Folding){ sum, &session, ledger_fingerprint(session.patterns) }, options->paths);
        if (ledger_n_sources(sum) == 0)
                return complain(&session, NULL);
        if (options->ledger && !ledger_save(sum, options->ledger, &error))
                return complain(&session, error);
        if (publish_is_idle(options))
                return publish_nothing(sum, &session);
        ledger_name_hosts(sum);
        note_missing(sum, &session);
        note_absent(sum, options->absent);
        tell_zone(&session, options);
        return publish(sum, &session, options);
}
