/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/generate.h"
#include "config.h"

#include <string.h>

/* --- roff: groff_man(7) --- */

/* Text in which a dash is a dash and a dot at the begin of a line is no request. */
static void append_text(GString *out, const char *text) {
        for (const char *c = text; *c; c++) {
                if ((*c == '.' || *c == '\'') && (c == text || c[-1] == '\n'))
                        g_string_append(out, "\\&");
                if (*c == '-')
                        g_string_append(out, "\\-");
                else if (*c == '\\')
                        g_string_append(out, "\\e");
                else
                        g_string_append_c(out, *c);
        }
}

static void append_option(GString *out, const Option *option) {
        g_autofree char *description = options_describe(option);
        const GOptionEntry *entry = &option->entry;

        g_string_append(out, ".TP\n");
        if (entry->short_name)
                g_string_append_printf(out, "\\fB\\-%c\\fR, ", entry->short_name);
        g_string_append(out, "\\fB\\-\\-");
        append_text(out, entry->long_name);
        g_string_append(out, "\\fR");
        if (entry->arg_description)
                g_string_append_printf(out, "=\\fI%s\\fR", entry->arg_description);
        g_string_append_c(out, '\n');
        append_text(out, description);
        g_string_append(out, ".\n");
}

static void append_command(GString *out, const Command *command) {
        g_string_append_printf(out, ".TP\n\\fBlogscan %s\\fR ", command->name);
        append_text(out, command->arguments);
        g_string_append_c(out, '\n');
        append_text(out, command->summary);
        g_string_append_c(out, '\n');
}

/* A term and what it means, or a paragraph where the term is NULL. */
typedef struct Item {
        const char *term, *text;
} Item;

static void append_section(GString *out, const char *title, const Item *items, size_t n) {
        g_string_append_printf(out, ".SH %s\n", title);
        for (size_t i = 0; i < n; i++) {
                g_string_append(out, items[i].term ? ".TP\n\\fB" : i ? ".PP\n" : "");
                if (items[i].term) {
                        append_text(out, items[i].term);
                        g_string_append(out, "\\fR\n");
                }
                append_text(out, items[i].text);
                g_string_append_c(out, '\n');
        }
}

/* --- the sections --- */

static const Item DESCRIPTION[] = {
        { NULL, "Reads application logs, plain or compressed, as files, folders or from standard input, and says what broke first and where the proof is: a "
                "ranked list of causes, each with the lines that prove it." },
        { NULL,
          "Known failures are matched by patterns; messages that no pattern knows are counted by their shape. What is new against the quiet part of the log, "
          "came early, and is followed by its known effects ranks first; how loud it is decides last. The same logs give the same report, byte for byte." },
};

static const Item JSON[] = {
        { NULL, "With --format json the report is one document, whose member schema is logscan-report/1. A member may be added under that name; none is "
                "renamed or removed. The schema is in docs/logscan-report-1.schema.json of the source." },
        { "verdict", "incident, no-incident or inconclusive." },
        { "incidents", "The worst first; each with onset, end, causes, symptoms, changes, a timeline and counts by time." },
        { "incidents[].causes[]", "The best first: id, title, category, confidence (high, medium, low), score, onset, evidence (source, line, offset, time, "
                                  "text), facts, what follows from it, and what to check, to do and to prevent." },
        { "no_sign_of, background, clocks, inputs, coverage",
          "What was looked for in vain; what was there all the time; whose clocks differ by seconds; what was read; how much of it was understood." },
        { "redacted", "With --redact: kinds and counts of what was replaced." },
};

static const Item PACKS[] = {
        { NULL, "A pack is a YAML file of patterns. Those of the program are built in; further ones are read from the folders below and from --patterns." },
        { NULL, "A pattern has an id, a title, a category, a severity (critical, error, warning, info), a role (cause, symptom, change, recovery), conditions "
                "in match and unless (text or regex, PCRE2), what it leads_to, an explanation, checks, fixes, prevents, references, and tests: lines that it "
                "must match and must not." },
        { "logscan patterns test, lint [PACK...]",
          "Tries the tests of all packs; finds what is allowed, but no good. A PACK is a file or folder, as for --patterns." },
        { "logscan patterns match", "Says for each line of standard input which patterns match." },
        { "logscan patterns export ID...", "Writes what would have noticed a failure: an mtail program, alert rules for Prometheus, rules for Loki." },
};

static const Item EXITS[] = {
        { "0", "The analysis was made, whatever it found." },
        { "1", "With --fail-on: a cause of that confidence was found. For patterns test, patterns lint and evidence verify: something is wrong." },
        { "2", "Usage or configuration." },
        { "3", "The report was made, but some input could not be read whole." },
};

static const Item ENVIRONMENT[] = {
        { "COLUMNS", "The width of the report where standard output is no terminal." },
        { "NO_COLOR", "When set and not empty, no colours, unless --color says otherwise." },
        { "TERM", "dumb: no colours." },
        { "XDG_CONFIG_HOME", "Where the configuration of the user is; ~/.config without it." },
};

static const Item FILES[] = {
        { "/etc/logscan/config, ~/.config/logscan/config",
          "Lines of the form option = value, with the options below without their dashes; true or false for one without a value. Lines before the first group "
          "hold for all commands (format for reports alone), those of [events], [templates], [patterns], [merge], [parts] and [evidence] for that one; an "
          "option that is not for the command at hand is passed over. The second file wins over the first, the command line over both; options that may be "
          "repeated add up." },
        { "/etc/logscan/patterns, ~/.config/logscan/patterns", "Packs that are always used." },
};

static const struct {
        const char *what, *command;
} EXAMPLES[] = {
        { "The report of a log:", "logscan app.log.gz" },
        { "All logs of a machine on one time line, around the time of a page:",
          "logscan --tz Europe/Paris --around '2026-11-24 04:48' /var/log/app /var/log/nginx" },
        { "To send to somebody else:", "logscan --redact --evidence incident-17.tar.gz app.log" },
        { "In a pipeline of tests:", "logscan --quiet --fail-on high test.log || echo 'a known failure'" },
        { "The first cause for a program:", "logscan --format json app.log | jq '.incidents[0].causes[0]'" },
};

static void append_examples(GString *out) {
        g_string_append(out, ".SH EXAMPLES\n");
        for (size_t i = 0; i < G_N_ELEMENTS(EXAMPLES); i++) {
                g_string_append(out, i ? ".PP\n" : "");
                append_text(out, EXAMPLES[i].what);
                g_string_append(out, "\n.PP\n.RS 4\n.nf\n");
                append_text(out, EXAMPLES[i].command);
                g_string_append(out, "\n.fi\n.RE\n");
        }
}

void generate_man(GString *out, const Tables *t) {
        g_string_append(out,
                        ".TH LOGSCAN 1 \"\" \"logscan " LOGSCAN_VERSION "\" \"User Commands\"\n.SH NAME\nlogscan \\- what broke first, and where is the proof\n"
                        ".SH SYNOPSIS\n\\fBlogscan\\fR [\\fIOPTION\\fR...] [\\fIPATH\\fR...]\n");
        for (size_t i = 0; i < t->n_commands; i++) {
                g_string_append_printf(out, ".br\n\\fBlogscan %s\\fR [\\fIOPTION\\fR...] ", t->commands[i].name);
                append_text(out, t->commands[i].arguments);
                g_string_append_c(out, '\n');
        }
        append_section(out, "DESCRIPTION", DESCRIPTION, G_N_ELEMENTS(DESCRIPTION));
        g_string_append(out, ".SH COMMANDS\n");
        for (size_t i = 0; i < t->n_commands; i++)
                append_command(out, &t->commands[i]);
        g_string_append(out, ".SH OPTIONS\n");
        for (const Option *option = t->options; option->entry.long_name; option++)
                if (*option->entry.long_name && !(option->entry.flags & G_OPTION_FLAG_HIDDEN))
                        append_option(out, option);
        append_section(out, "JSON", JSON, G_N_ELEMENTS(JSON));
        append_section(out, "PATTERN PACKS", PACKS, G_N_ELEMENTS(PACKS));
        append_section(out, "EXIT STATUS", EXITS, G_N_ELEMENTS(EXITS));
        append_section(out, "ENVIRONMENT", ENVIRONMENT, G_N_ELEMENTS(ENVIRONMENT));
        append_section(out, "FILES", FILES, G_N_ELEMENTS(FILES));
        append_examples(out);
        g_string_append(out, ".SH SEE ALSO\n\\fBjournalctl\\fR(1), \\fBlnav\\fR(1), \\fBgrep\\fR(1), \\fBmtail\\fR(1)\n");
}
