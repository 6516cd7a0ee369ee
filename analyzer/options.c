/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "base/error.h"
#include "config_file.h"

#include <string.h>

#define TOP_DEFAULT 3

Option *options_table(Options *o) {
        const Option table[] = {
                { { "format", 'f', 0, G_OPTION_ARG_STRING, &o->format,
                    "How to print: text, brief, json, jsonl, markdown, postmortem or html; for events jsonl, tsv or logfmt", "FORMAT" },
                  FOR_REPORTS | FOR_EVENTS | FOR_TEMPLATES | FOR_LIST | FOR_SHOW | FOR_GRAPH | FOR_MATCH | FOR_EXPORT },
                { { "output", 'o', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->outputs,
                    "Write to FILE, in the format of its extension, of one file in that of --format if it is given; may be repeated; - for standard output",
                    "FILE" },
                  FOR_REPORTS | FOR_EXPORT },
                { { "since", 0, 0, G_OPTION_ARG_STRING, &o->since, "Only events from TIME on: as in a log, a time of day, or before now, such as -2h", "TIME" },
                  FOR_LOGS },
                { { "until", 0, 0, G_OPTION_ARG_STRING, &o->until, "Only events before TIME", "TIME" }, FOR_LOGS },
                { { "around", 0, 0, G_OPTION_ARG_STRING, &o->around, "Only events within 15 minutes of TIME", "TIME" }, FOR_LOGS },
                { { "tz", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->tz,
                    "Zone of times that name none, such as Europe/Paris or UTC+5 (five hours east), or app.log=Europe/Paris for one log; may be repeated "
                    "(default: UTC, and the report says so)",
                    "ZONE" },
                  FOR_LOGS | FOR_MERGE },
                { { "layout", 0, 0, G_OPTION_ARG_STRING, &o->layout,
                    "Read lines as json, logfmt, plain (in no envelope), untimed, or with a time such as \"%d/%m/%Y %H:%M:%S\"", "LAYOUT" },
                  FOR_LOGS },
                { { "window", 0, 0, G_OPTION_ARG_STRING, &o->window,
                    "Errors further apart are separate incidents, such as 90s or 15m (default: from the span of the log)", "DURATION" },
                  FOR_REPORTS },
                { { "baseline", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->baselines,
                    "Judge what is news by the log in this file or folder, of a healthy time; may be repeated", "PATH" },
                  FOR_REPORTS },
                { { "patterns", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->patterns, "Also use the packs in this file or folder; may be repeated", "PATH" },
                  FOR_REPORTS | FOR_EVENTS | FOR_PACKS },
                { { "no-builtin-patterns", 0, 0, G_OPTION_ARG_NONE, &o->no_builtin_patterns, "Do without the packs that are built in", NULL },
                  FOR_REPORTS | FOR_EVENTS | FOR_PACKS },
                { { "top", 0, 0, G_OPTION_ARG_INT, &o->top, "Show so many causes (default: 3)", "N" }, FOR_REPORTS },
                { { "min-level", 0, 0, G_OPTION_ARG_STRING, &o->min_level, "Only this level and above", "LEVEL" }, FOR_EVENTS | FOR_TEMPLATES },
                { { "explain", 0, 0, G_OPTION_ARG_NONE, &o->explain, "Show every factor of each cause's score, and why not the next two", NULL }, FOR_REPORTS },
                { { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &o->ledger, "Save what was counted, for `logscan merge`", "FILE" }, FOR_REPORTS },
                { { "host", 0, 0, G_OPTION_ARG_STRING, &o->host,
                    "Name the logs HOST:PATH; empty: their paths mean the same on every machine (default: the name of this machine, in ledgers only)", "HOST" },
                  FOR_REPORT | FOR_EVENTS | FOR_TEMPLATES },
                { { "size", 0, 0, G_OPTION_ARG_STRING, &o->size, "Bytes of a part, such as 64M (default: 1G)", "N" }, FOR_PARTS },
                { { "range", 0, 0, G_OPTION_ARG_STRING, &o->range, "Read only this part of the one log named, as `logscan parts` printed it", "RANGE" },
                  FOR_LOGS },
                { { "parts", 0, 0, G_OPTION_ARG_FILENAME, &o->parts, "Read these parts of logs, lines that `logscan parts` printed; - for standard input",
                    "FILE" },
                  FOR_LOGS },
                { { "absent", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->absent, "Say in the report that this host was not scanned, and why; may be repeated",
                    "HOST=WHY" },
                  FOR_MERGE },
                { { "evidence", 0, 0, G_OPTION_ARG_FILENAME, &o->evidence,
                    "Write report, lines and manifest to this new folder or .tar.gz, for `logscan evidence verify`", "PATH" },
                  FOR_REPORT },
                { { "fail-on", 0, 0, G_OPTION_ARG_STRING, &o->fail_on, "Exit with 1 when a cause has at least this confidence: high, medium or low", "LEVEL" },
                  FOR_REPORTS },
                { { "follow", 0, 0, G_OPTION_ARG_NONE, &o->follow,
                    "Go on reading as the logs grow, and tell each incident when it begins, its cause, and its end", NULL },
                  FOR_REPORT },
                { { "fields", 0, 0, G_OPTION_ARG_STRING, &o->fields, "Print these fields, such as time,level,location,message", "LIST" }, FOR_EVENTS },
                { { "stats", 0, 0, G_OPTION_ARG_NONE, &o->stats, "Print for each log how it is read, why, and what was counted", NULL }, FOR_EVENTS },
                { { "redact", 0, 0, G_OPTION_ARG_NONE, &o->redact, "Replace addresses, names, secrets and the like by pseudonyms such as ip-1", NULL },
                  FOR_LOGS | FOR_MERGE },
                { { "assign", 0, 0, G_OPTION_ARG_NONE, &o->assign, "Print for each line its template", NULL }, FOR_TEMPLATES },
                { { "diff", 0, 0, G_OPTION_ARG_FILENAME, &o->diff, "Print what is new, gone or changed since BASE, a file or folder", "BASE" }, FOR_TEMPLATES },
                { { "pack", 0, 0, G_OPTION_ARG_STRING, &o->pack, "Only those of this pack", "PACK" }, FOR_LIST | FOR_GRAPH },
                { { "category", 0, 0, G_OPTION_ARG_STRING, &o->category, "Only this category or group of them", "CATEGORY" }, FOR_LIST | FOR_GRAPH },
                { { "role", 0, 0, G_OPTION_ARG_STRING, &o->role, "Only those of this role: cause, symptom, change or recovery", "ROLE" },
                  FOR_LIST | FOR_GRAPH },
                { { "severity", 0, 0, G_OPTION_ARG_STRING, &o->severity, "Only those of this severity: critical, error, warning or info", "SEVERITY" },
                  FOR_LIST | FOR_GRAPH },
                { { "healthy", 0, 0, G_OPTION_ARG_FILENAME, &o->healthy, "A healthy log or folder of them, on which nothing should fire", "PATH" }, FOR_LINT },
                { { "jobs", 'j', 0, G_OPTION_ARG_INT, &o->jobs, "Use N workers (default: one for each core)", "N" }, FOR_LOGS | FOR_MERGE },
                { { "color", 0, 0, G_OPTION_ARG_STRING, &o->color, "auto, always or never", "WHEN" }, FOR_REPORTS },
                { { "brief", 0, 0, G_OPTION_ARG_NONE, &o->brief, "Print three lines, for a chat (as --format brief)", NULL }, FOR_REPORTS },
                { { "no-pager", 0, 0, G_OPTION_ARG_NONE, &o->no_pager, "Do not page on a terminal (LOGSCAN_PAGER, PAGER, less)", NULL }, FOR_REPORTS },
                { { "progress", 0, 0, G_OPTION_ARG_STRING, &o->progress, "Say how far a long run is: auto (on a terminal), always or never", "WHEN" },
                  FOR_REPORT },
                { { "quiet", 'q', 0, G_OPTION_ARG_NONE, &o->quiet, "Print no report, only set the exit code", NULL }, FOR_REPORTS },
                { { "no-config", 0, 0, G_OPTION_ARG_NONE, &o->no_config, "Do without the configuration files", NULL }, FOR_EVERY },
                { { "help", 'h', 0, G_OPTION_ARG_NONE, &o->help, "Print all options; -h prints the usual ones", NULL }, FOR_EVERY },
                { { "generate", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &o->generate, "Print the man page or the completions: man, bash, zsh or fish",
                    "WHAT" },
                  FOR_EVERY },
                { { "version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version", NULL }, FOR_EVERY },
                { { "block-bytes", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &o->block_bytes, "Size of a block, for tests", "N" }, FOR_EVERY },
                { { "portable", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &o->portable, "Do without vector code and ISA-L, for tests", NULL }, FOR_EVERY },
                { { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->paths, NULL, NULL }, FOR_EVERY },
                { G_OPTION_ENTRY_NULL, 0 },
        };

        return g_memdup2(table, sizeof(table));
}

/* --- whom an option is for --- */

/* In the order of the bits of For. */
static const char *const WHOM[] = { "the report",    "events",         "templates",      "merge",           "parts",         "evidence",      "patterns list",
                                    "patterns show", "patterns graph", "patterns match", "patterns export", "patterns test", "patterns lint", "patterns init" };

/* "events, templates and merge"; owned by the caller. */
static char *names_of(unsigned whom) {
        GString *names = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(WHOM); i++) {
                bool is_last = whom >> i == 1;
                if (!(whom >> i & 1))
                        continue;
                g_string_append_printf(names, "%s%s", names->len == 0 ? "" : is_last ? " and " : ", ", WHOM[i]);
        }
        return g_string_free(names, FALSE);
}

char *options_describe(const Option *option) {
        g_autofree char *names = names_of(option->whom);

        if (option->whom & FOR_REPORT)
                return g_strdup(option->entry.description);
        return g_strdup_printf("%s (for %s)", option->entry.description, names);
}

/* Of `patterns` one tool, where it is named first; else any. */
static unsigned whom_of(const Command *command, const char *tool) {
        static const char PATTERNS[] = "patterns ";

        for (size_t i = 0; command->whom == FOR_PATTERNS && tool && i < G_N_ELEMENTS(WHOM); i++)
                if (g_str_has_prefix(WHOM[i], PATTERNS) && g_str_equal(WHOM[i] + strlen(PATTERNS), tool))
                        return 1U << i;
        return command->whom;
}

/* What options that the command does not have are refused with. */
typedef struct Refusal {
        const Option *table; /* borrowed */
        unsigned whom;
} Refusal;

static const Option *option_named(const Option *option, const char *name) {
        bool is_short = name[0] == '-' && name[1] != '-';

        while (option->entry.long_name && !(is_short ? option->entry.short_name == name[1] : g_str_equal(option->entry.long_name, name + 2)))
                option++;
        return option;
}

static gboolean refuse(const char *name, const char *value, void *data, GError **error) {
        const Refusal *refusal = data;
        const Option *option = option_named(refusal->table, name);
        g_autofree char *mine = refusal->whom == FOR_PATTERNS ? g_strdup("patterns") : names_of(refusal->whom), *others = names_of(option->whom);

        (void)value;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--%s is not for %s, only for %s", option->entry.long_name, mine, others);
        return FALSE;
}

/* GOption's table for one command: what is for others is hidden and refused. Owned by the caller. */
static GOptionEntry *entries_for(const Option *table, unsigned whom) {
        GArray *entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));

        for (; table->entry.long_name; table++) {
                GOptionEntry entry = table->entry;
                if (!(table->whom & whom)) {
                        entry.flags |= G_OPTION_FLAG_HIDDEN | (entry.arg == G_OPTION_ARG_NONE ? G_OPTION_FLAG_NO_ARG : G_OPTION_FLAG_FILENAME);
                        entry.arg = G_OPTION_ARG_CALLBACK;
                        entry.arg_data = (void *)refuse;
                }
                g_array_append_val(entries, entry);
        }
        return (GOptionEntry *)(void *)g_array_free(entries, FALSE);
}

/* --- what options say --- */

static bool check_word(const char *option, const char *value, const char *const *words, GError **error) {
        if (!value || g_strv_contains(words, value))
                return true;
        g_autofree char *known = g_strjoinv(", ", (char **)words);
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "%s %s: expected one of %s", option, value, known);
        return false;
}

static bool check_number(const char *option, int value, int min, int max, GError **error) {
        if (value >= min && value <= max)
                return true;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "%s %d: expected a number from %d to %d", option, value, min, max);
        return false;
}

static bool check(const Options *o, GError **error) {
        static const char *const WHENS[] = { "auto", "always", "never", NULL };
        static const char *const ROLES[] = { "cause", "symptom", "change", "recovery", NULL };
        static const char *const SEVERITIES[] = { "critical", "error", "warning", "info", NULL };
        static const char *const CONFIDENCES[] = { "high", "medium", "low", NULL };

        if (!check_word("--role", o->role, ROLES, error) || !check_word("--severity", o->severity, SEVERITIES, error) ||
            !check_word("--color", o->color, WHENS, error) || !check_word("--progress", o->progress, WHENS, error) ||
            !check_word("--fail-on", o->fail_on, CONFIDENCES, error))
                return false;
        if (o->min_level && level_from_word((Str){ o->min_level, strlen(o->min_level) }) == LEVEL_NONE) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--min-level %s: not a level", o->min_level);
                return false;
        }
        if ((o->range || o->parts) && (o->follow || (o->range && (o->parts || !o->paths || !o->paths[0] || o->paths[1])) || (o->parts && o->paths))) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE,
                            "--range goes with the one log that it is of, --parts with none, and neither with --follow");
                return false;
        }
        if (o->redact && o->ledger) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--redact with --ledger: a ledger holds lines as they are");
                return false;
        }
        return check_number("--top", o->top, 1, 1000, error) && check_number("--jobs", o->jobs, 0, 1024, error) &&
               check_number("--block-bytes", o->block_bytes, 256, 1 << 30, error);
}

/* GOption wants a blank in "-j 2"; people write "-j2", "-fjson", "-oFILE". Behind "--" there are only names. */
static char **split_short_options(int argc, char **argv) {
        GPtrArray *words = g_ptr_array_new();
        bool is_name = false;

        for (int i = 0; i < argc; i++) {
                const char *word = argv[i];
                bool glued = !is_name && word[0] == '-' && word[1] != '\0' && strchr("jfo", word[1]) && word[2] != '\0' && word[2] != '=';
                if (glued)
                        g_ptr_array_add(words, g_strndup(word, 2));
                g_ptr_array_add(words, g_strdup(glued ? word + 2 : word));
                is_name |= g_str_equal(word, "--");
        }
        g_ptr_array_add(words, NULL);
        return (char **)g_ptr_array_free(words, FALSE);
}

/* The options that most people need, one short line each. */
static char *short_help(const Command *command, const GOptionEntry *entries) {
        static const char *const USUAL[] = { "format", "output",   "since",  "until",   "around", "tz", "patterns",
                                             "redact", "evidence", "follow", "fail-on", "help",   NULL };
        GString *text = g_string_new(NULL);

        g_string_printf(text, "Usage: logscan %s%s[OPTION...] %s\n\n%s\n\n", command->name ? command->name : "", command->name ? " " : "", command->arguments,
                        command->summary);
        for (; entries->long_name; entries++) {
                g_autofree char *name = g_strdup_printf("--%s%s%s", entries->long_name, entries->arg_description ? "=" : "",
                                                        entries->arg_description ? entries->arg_description : "");
                if (g_strv_contains(USUAL, entries->long_name) && !(entries->flags & G_OPTION_FLAG_HIDDEN))
                        g_string_append_printf(text, "  %-18s %s\n", name, entries->description);
        }
        g_string_append(text, "\n--help lists all options.\n");
        return g_string_free(text, FALSE);
}

/* Is --@name, or -@letter, among @words? What a configuration file says is less than what was asked for. */
static bool is_said(char **words, const char *name, char letter) {
        for (; *words && !g_str_equal(*words, "--"); words++) {
                const char *word = *words;
                size_t length = strlen(name);

                if (g_str_has_prefix(word, "--") && strncmp(word + 2, name, length) == 0 && (word[2 + length] == '\0' || word[2 + length] == '='))
                        return true;
                if (letter && word[0] == '-' && word[1] != '-' && strchr(word, letter))
                        return true;
        }
        return false;
}

bool options_parse(Options *options, const Command *command, int argc, char **argv, GError **error) {
        g_autoptr(GOptionContext) context = g_option_context_new(command->arguments);
        g_autofree GOptionEntry *entries = NULL;
        g_autofree Option *table = options_table(options);
        g_auto(GStrv) words = split_short_options(argc, argv);
        Refusal refusal = { table, whom_of(command, words[0] ? words[1] : NULL) };
        GOptionGroup *group = g_option_group_new(NULL, NULL, NULL, &refusal, NULL);

        *options = (Options){ .top = TOP_DEFAULT, .block_bytes = 1024 * 1024, .started_us = g_get_monotonic_time() };
        options->command_line = g_strdupv(words);
        if (options->command_line[0]) {
                g_free(options->command_line[0]);
                options->command_line[0] = g_strdup("logscan");
        }
        options->format_said = is_said(words, "format", 'f') || is_said(words, "brief", '\0');
        options->tz_said = is_said(words, "tz", '\0');
        options->short_help = words[0] && words[1] && g_str_equal(words[1], "-h");
        g_option_context_set_main_group(context, group);
        if (!config_insert(&words, command->name, refusal.whom, error))
                return false;
        entries = entries_for(table, refusal.whom);
        g_option_context_set_summary(context, command->summary);
        g_option_context_set_help_enabled(context, FALSE);
        g_option_group_add_entries(group, entries);
        if (!g_option_context_parse_strv(context, &words, error))
                return false;
        if (options->help)
                options->help_text = options->short_help ? short_help(command, entries) : g_option_context_get_help(context, TRUE, NULL);
        return options->help || check(options, error);
}

void options_clear(Options *options) {
        g_strfreev(options->paths);
        g_strfreev(options->outputs);
        g_strfreev(options->patterns);
        g_strfreev(options->baselines);
        g_strfreev(options->command_line);
        g_free(options->help_text);
        g_free(options->generate);
        g_free(options->evidence);
        g_free(options->host);
        g_free(options->size);
        g_free(options->range);
        g_free(options->parts);
        g_strfreev(options->absent);
        g_free(options->format);
        g_free(options->since);
        g_free(options->until);
        g_free(options->around);
        g_strfreev(options->tz);
        g_free(options->layout);
        g_free(options->fields);
        g_free(options->window);
        g_free(options->min_level);
        g_free(options->fail_on);
        g_free(options->ledger);
        g_free(options->color);
        g_free(options->progress);
        g_free(options->diff);
        g_free(options->pack);
        g_free(options->category);
        g_free(options->role);
        g_free(options->severity);
        g_free(options->healthy);
}

bool options_duration(const char *text, double *seconds) {
        static const struct {
                const char *unit;
                double seconds;
        } UNITS[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 } };
        char *end;
        double value = g_ascii_strtod(text, &end);

        if (end == text || !(value > 0 && value <= 1e9)) /* nor what is no number */
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++)
                if (g_str_equal(end, UNITS[i].unit)) {
                        *seconds = value * UNITS[i].seconds;
                        return true;
                }
        return false;
}
