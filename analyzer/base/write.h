/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Write
 *
 * A file, written as a whole.
 */

#include <glib.h>
#include <stdbool.h>

/*
 * A reader of a regular file sees the old content or the new one, never half of it, and the file keeps its mode; a symbolic link stays, and what it
 * points to is written, be it there or not. What is there and is no regular file (/dev/null, /dev/stdout, a named pipe) is written into, not
 * replaced. Fails with G_FILE_ERROR.
 */
bool write_whole(const char *path, const char *data, size_t size, GError **error);
