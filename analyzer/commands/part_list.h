/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Part list
 *
 * The parts of sources as `logscan parts` prints them, a JSON object a line: {"source": PATH, "range": TEXT, "bytes": N}, with the text of
 * model/range.h. They name what is to be read in place of the paths of a command line.
 */

#include "model/source.h"

/* Appends a line, without its newline. False when the name is not UTF-8, which JSON cannot hold. */
bool part_list_write(GString *text, const Source *source, const Range *range, uint64_t bytes);

/* A list of Source from a file, or from standard input when @path is "-"; NULL when a line is wrong or a byte would be read twice. */
GPtrArray *part_list_read(const char *path, GError **error);

/* One Source of which only @range is to be read. */
GPtrArray *part_list_of_range(const char *path, const char *range, GError **error);
