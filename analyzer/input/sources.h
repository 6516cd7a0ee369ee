/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sources
 *
 *     PATH... -> [sources] -> decode -> block -> ...
 *
 * Turns the paths of a command line into an ordered list of sources: files as they are, folders searched to their
 * bottom, "-" for standard input, "journal:UNIT" for the journal, and a pattern such as 'logs/app-*.log' that the shell left as it is.
 * In folders, hidden entries, links to folders and files whose names say that they are no logs are left out. A file that is
 * named twice, even by a link, is read once. The files of a rotated set come one after the other, the oldest first, whatever their order.
 */

#include "model/source.h"

/* Folders are searched at most this deep and for this many files. */
#define SOURCES_DEPTH_MAX 32
#define SOURCES_MAX       100000

/* Whether a file without any time in it may be a log, by its name (without folders): not hidden, and no suffix such as ".png". */
bool sources_is_log_name(const char *name);

/* Why a folder without any is a problem. */
#define SOURCES_NO_LOGS "no log files in this folder"

/*
 * A list of Source in order of the paths, within folders by name, but for rotated sets. A path that does not exist or a folder that cannot
 * be read is added to @problems (of owned "PATH: why" strings), and what lies beyond the limits; the others go on.
 */
GPtrArray *sources_find(const char *const *paths, GPtrArray *problems);
