/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Configuration files
 *
 *     /etc/logscan/config, then ~/.config/logscan/config -> [config_file] -> words before those of the command line
 *
 * A line is `option = value`, the option as on the command line without its dashes; `true` and `false` for one without
 * a value. Lines before the first group are for all commands (`format` for reports alone), those of [events],
 * [templates], [patterns], ... for that command. An option that is not for the command at hand is passed over. What comes
 * later wins, so the command line does; options that may be repeated add up.
 */

#include <glib.h>
#include <stdbool.h>

/*
 * Inserts what the files say behind the first of @words, unless these hold --no-config. @command: NULL for the scan; @whom, of For: what
 * it has of the table of options.
 */
bool config_insert(char ***words, const char *command, unsigned whom, GError **error);
