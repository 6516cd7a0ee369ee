/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/commands.h"
#include "commands/publish.h"

/* The same source in two ledgers would be counted twice. */
static bool is_doubled(Ledger *sum, Ledger *part, const char **name) {
        for (uint32_t i = 0; i < ledger_n_sources(part); i++)
                for (uint32_t j = 0; j < ledger_n_sources(sum); j++)
                        if (g_str_equal(ledger_source(part, i)->name, ledger_source(sum, j)->name)) {
                                *name = ledger_source(part, i)->name;
                                return true;
                        }
        return false;
}

static void merge_file(Ledger *sum, Session *session, const char *path) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Ledger) part = ledger_load(session->patterns, path, &error);
        const char *name;

        if (!part)
                g_ptr_array_add(session->problems, g_strdup(error->message));
        else if (is_doubled(sum, part, &name))
                g_ptr_array_add(session->problems, g_strdup_printf("%s: %s is in an earlier ledger already; left out", path, name));
        else
                ledger_merge(sum, part);
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
        if (!session_open(&session, options, true, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        sum = ledger_new(session.patterns, no_names, NULL, NULL, NULL);
        for (char **path = options->paths; *path; path++)
                merge_file(sum, &session, *path);
        if (ledger_n_sources(sum) == 0) {
                for (guint i = 0; i < session.problems->len; i++)
                        session_complain("%s", (char *)session.problems->pdata[i]);
                return EXIT_USAGE;
        }
        if (options->ledger && !ledger_save(sum, options->ledger, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        return publish(sum, &session, options);
}
