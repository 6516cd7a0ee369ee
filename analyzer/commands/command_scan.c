/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/commands.h"
#include "commands/follow.h"
#include "commands/progress.h"
#include "commands/publish.h"

int command_scan(const Options *options) {
        g_auto(Session) session = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(Ledger) ledger = NULL;
        Progress *progress;

        if (!session_open(&session, options, true, &error) || !session_find_sources(&session, options, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        if (options->follow)
                return follow(&session, options);
        progress = progress_start(session.sources, options);
        ledger = pipeline_scan(session.sources, session.patterns, session.matcher, &session.scan);
        progress_stop(progress);
        if (options->ledger && !ledger_save(ledger, options->ledger, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        return publish(ledger, &session, options);
}
