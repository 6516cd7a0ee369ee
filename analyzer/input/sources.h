/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sources
 *
 *     PATH... -> [sources] -> decode -> block -> ...
 *
 * Turns the paths of a command line into an ordered list of sources: files as they are, folders searched to their
 * bottom, "-" for standard input. In folders, hidden entries, links to folders and files whose names say that they are
 * no logs are left out. A file that is named twice is read once.
 */

#include "model/source.h"

/* Folders are searched at most this deep and for this many files. */
#define SOURCES_DEPTH_MAX 32
#define SOURCES_MAX       100000

/*
 * A list of Source in order of the paths, within folders by name. A path that does not exist or a folder that cannot
 * be read is added to @problems (of owned "PATH: why" strings); the others go on.
 */
GPtrArray *sources_find(const char *const *paths, GPtrArray *problems);
