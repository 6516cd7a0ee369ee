/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Options
 *
 * The command line. One table of options (options.c) serves all commands, says for which of them each option is, and feeds
 * --help, the man page and the completions. An option of another command is refused; in a configuration file it is passed over.
 */

#include "model/report.h"

#define EXIT_DONE    0 /* the analysis was made, whatever it found */
#define EXIT_FOUND   1 /* --fail-on: a cause of that confidence; `patterns test`, `patterns lint`: something is wrong */
#define EXIT_USAGE   2 /* usage or configuration */
#define EXIT_PARTIAL 3 /* made, but some input could not be read whole */

typedef struct Options {
        char **command_line;       /* as it was given, without folder and file of the program */
        char **paths;              /* what is left of the command line */
        char *format;              /* NULL: the command's default */
        bool format_said, tz_said; /* on the command line, not only in a configuration file */
        char **outputs;
        char *since, *until, *around, *window;
        char **tz;
        char *layout, *fields;
        char **patterns, **baselines;
        gboolean no_builtin_patterns;
        int top;
        char *min_level, *fail_on, *ledger, *color, *diff, *evidence;
        char *pack, *category, *role, *severity, *healthy; /* of `patterns` */
        char *progress;
        char *host, *size, *range, *parts; /* of logs that are scanned in parts and on several machines */
        char **absent;
        gboolean explain, quiet, assign, stats, brief, no_pager, redact, follow;
        int jobs, block_bytes;
        gboolean portable, version;
        int64_t started_us; /* when the command began, on the monotonic clock */
        gboolean no_config, help, short_help;
        char *help_text; /* when help was asked for */
        char *generate;
} Options;

/* Whom an option is for: the commands, and in place of `patterns` its tools. */
typedef enum For {
        FOR_REPORT = 1 << 0, /* logscan without a command */
        FOR_EVENTS = 1 << 1,
        FOR_TEMPLATES = 1 << 2,
        FOR_MERGE = 1 << 3,
        FOR_PARTS = 1 << 4,
        FOR_EVIDENCE = 1 << 5,
        FOR_LIST = 1 << 6,
        FOR_SHOW = 1 << 7,
        FOR_GRAPH = 1 << 8,
        FOR_MATCH = 1 << 9,
        FOR_EXPORT = 1 << 10,
        FOR_TEST = 1 << 11,
        FOR_LINT = 1 << 12,
        FOR_INIT = 1 << 13,

        FOR_REPORTS = FOR_REPORT | FOR_MERGE,
        FOR_LOGS = FOR_REPORT | FOR_EVENTS | FOR_TEMPLATES, /* what reads the events of logs */
        FOR_PACKS = FOR_LIST | FOR_SHOW | FOR_GRAPH | FOR_MATCH | FOR_EXPORT | FOR_TEST | FOR_LINT,
        FOR_PATTERNS = FOR_PACKS | FOR_INIT,
        FOR_EVERY = (1 << 14) - 1,
} For;

typedef struct Option {
        GOptionEntry entry;
        unsigned whom; /* of For */
} Option;

typedef struct Command {
        const char *name, *arguments, *summary;
        unsigned whom; /* of For; what it is among those */
        int (*run)(const Options *options);
} Command;

/* Reads the options of @command out of @argv; false and @error when they are wrong. With --help the text is in help_text. */
bool options_parse(Options *options, const Command *command, int argc, char **argv, GError **error);
/* The table, without an end that matters: the last entry has no name. Owned by the caller, its strings are static. */
Option *options_table(Options *options);
/* What it does, and whom it is for where that is not the report. Owned by the caller. */
char *options_describe(const Option *option);
void options_clear(Options *options);

/* "90", "90s", "15m", "2h", "1d" in seconds; false if it is none. */
bool options_duration(const char *text, double *seconds);
