/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Options
 *
 * The command line. One table of options (options.c) serves all commands and feeds --help, the man page and the
 * completions.
 */

#include "model/report.h"

#define EXIT_DONE    0 /* the analysis was made, whatever it found */
#define EXIT_FOUND   1 /* --fail-on: a cause of that confidence; `patterns test`, `patterns lint`: something is wrong */
#define EXIT_USAGE   2 /* usage or configuration */
#define EXIT_PARTIAL 3 /* made, but some input could not be read whole */

typedef struct Options {
        char **command_line; /* as it was given, without folder and file of the program */
        char **paths; /* what is left of the command line */
        char *format; /* NULL: the command's default */
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

typedef struct Command {
        const char *name, *arguments, *summary;
        int (*run)(const Options *options);
} Command;

/* Reads the options of @command out of @argv; false and @error when they are wrong. With --help the text is in help_text. */
bool options_parse(Options *options, const Command *command, int argc, char **argv, GError **error);
/* The table, without an end that matters: the last entry has no name. Owned by the caller, its strings are static. */
GOptionEntry *options_entries(Options *options);
void options_clear(Options *options);

/* "90", "90s", "15m", "2h", "1d" in seconds; false if it is none. */
bool options_duration(const char *text, double *seconds);
