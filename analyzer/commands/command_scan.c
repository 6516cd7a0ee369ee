/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/commands.h"
#include "commands/follow.h"
#include "commands/packet.h"
#include "commands/progress.h"
#include "commands/publish.h"

#include <stdlib.h>

/* Parts are of files that several machines see; else the same path on two machines is two logs. */
static bool save_ledger(Ledger *ledger, const Options *options, GError **error) {
        bool shared = options->host || options->range || options->parts;

        ledger_set_host(ledger, shared ? "" : g_get_host_name());
        return ledger_save(ledger, options->ledger, error);
}

int command_scan(const Options *options) {
        g_auto(Session) session = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(Ledger) ledger = NULL;
        Progress *progress;

        if ((!options->follow && !publish_check(options, &error)) || !session_open(&session, options, true, &error) ||
            !session_find_sources(&session, options, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        if (options->follow)
                return follow(&session, options);
        if (options->evidence && !packet_may_be_written(options->evidence, &error)) {
                session_complain("--evidence %s", error->message);
                return EXIT_USAGE;
        }
        progress = progress_start(session.sources, options);
        ledger = pipeline_scan(session.sources, session.patterns, session.matcher, &session.scan);
        progress_stop(progress);
        if (options->ledger && !save_ledger(ledger, options, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        /* Ends here: to free the ledger and the patterns bit by bit would take as long as a small log does. */
        exit(publish_is_idle(options) ? publish_nothing(ledger, &session) : publish(ledger, &session, options));
}
