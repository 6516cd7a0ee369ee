/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Generate
 *
 *     table of options, table of commands -> [generate] -> man page, completions for bash, zsh and fish
 *
 * The build runs `logscan --generate WHAT`, so that what is installed beside the program says what the program does.
 */

#include "options.h"

/* What the writers need: the tables, the last option has no name. */
typedef struct Tables {
        const Option *options;
        const Command *scan, *commands;
        size_t n_commands;
} Tables;

/* Prints @what: man, bash, zsh or fish. Returns the exit code. */
int generate(const char *what, const Command *scan, const Command *commands, size_t n_commands);

/* The values that an option takes, NULL if any; static. */
const char *generate_values(const char *option);

void generate_man(GString *out, const Tables *tables);
