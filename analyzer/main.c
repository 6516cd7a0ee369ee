/* SPDX-License-Identifier: Apache-2.0 */
#include "base/heap.h"
#include "commands/commands.h"
#include "commands/generate.h"
#include "config.h"
#include "commands/session.h"
#include "commands/terminal.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>

static const Command COMMANDS[] = {
        { "events", "[PATH...]", "Prints the events of logs, one a line, as jsonl, tsv or logfmt.", FOR_EVENTS, command_events },
        { "templates", "[PATH...]", "Prints what kinds of messages logs hold, and how many of each.", FOR_TEMPLATES, command_templates },
        { "merge", "LEDGER...",
          "Prints the report of saved ledgers, as if their logs were read in one run; of folders of them, or of a list on standard input (-).", FOR_MERGE,
          command_merge },
        { "parts", "PATH...", "Prints parts of logs that can be scanned anywhere, as lines of JSON for --parts.", FOR_PARTS, command_parts },
        { "evidence", "verify BUNDLE [LOG...]", "Says whether a bundle of --evidence is as it was written, and whether its lines are in the logs.",
          FOR_EVIDENCE, command_evidence },
        { "patterns", "list|show|match|graph|export|init|test|lint [ARGUMENT...]", "Lists, shows, draws, exports, begins, tests and tries patterns.",
          FOR_PATTERNS, command_patterns },
};

static const Command SCAN = {
        NULL,
        "[PATH...]",
        "Reads logs, plain or compressed, and prints what broke first, with its proof.\n\n"
        "Commands: events, templates, merge, parts, evidence, patterns (logscan COMMAND --help)",
        FOR_REPORT,
        command_scan,
};

static const Command *command_named(const char *name) {
        for (size_t i = 0; name && i < G_N_ELEMENTS(COMMANDS); i++)
                if (g_str_equal(name, COMMANDS[i].name))
                        return &COMMANDS[i];
        return &SCAN;
}

int main(int argc, char **argv) {
        const Command *command = command_named(argv[1]);
        int skipped = command == &SCAN ? 0 : 1;
        g_autoptr(GError) error = NULL;
        Options options;
        int code;

        heap_prepare();
        heap_use_large_pages();
        setlocale(LC_ALL, "");
        setlocale(LC_NUMERIC, "C"); /* a report has a point in its numbers, wherever it is written */
        signal(SIGPIPE, SIG_IGN);
        if (skipped) {
                g_autofree char *name = g_strdup_printf("logscan %s", command->name);
                g_set_prgname(name);
                argv[1] = argv[0];
        }
        if (!options_parse(&options, command, argc - skipped, argv + skipped, &error)) {
                session_complain("%s", error->message);
                code = EXIT_USAGE;
        } else if (options.help_text) {
                terminal_print_help(options.help_text);
                code = EXIT_DONE;
        } else if (options.generate) {
                code = generate(options.generate, &SCAN, COMMANDS, G_N_ELEMENTS(COMMANDS));
        } else if (options.version) {
                printf("logscan %s\n", LOGSCAN_VERSION);
                code = EXIT_DONE;
        } else {
                code = command->run(&options);
        }
        options_clear(&options);
        return session_end_output(code);
}
