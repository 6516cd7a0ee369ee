/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Configuration files
 *
 *     /etc/logscan/config, then ~/.config/logscan/config -> [config_file] -> words before those of the command line
 *
 * A line is `option = value`, the option as on the command line without its dashes; `true` and `false` for one without
 * a value. Lines before the first group are for all commands (`format` for reports alone), those of [events],
 * [templates], [patterns], ... for that command. What comes later wins, so the command line does; options that may be
 * repeated add up.
 */

#include <glib.h>
#include <stdbool.h>

/* Inserts what the files say behind the first of @words, unless these hold --no-config. @command: NULL for the scan. */
bool config_insert(char ***words, const char *command, GError **error);
