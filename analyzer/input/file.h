/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * File
 *
 *     PATH -> [file] -> unpack -> ...
 *
 * The bytes of a file, a FIFO or standard input as they are. read(2) into a buffer, never mmap: a file that shrinks is
 * shorter, not a SIGBUS. Nothing here can hang for want of a writer: a FIFO is given FIFO_WAIT_MS to find one. What is no
 * stream of text (a socket, a device, a folder, /proc/kmsg, whose lines are gone once they are read) is refused.
 */

#include "input/stream.h"

#define FIFO_WAIT_MS 2000

/*
 * @name: a path, or SOURCE_STDIN. Problems met while reading are added to @problems; bytes read are counted in @tally; both borrowed.
 * The returned stream can seek where the file can. @written: when the file was last written, in microseconds; 0 if it is no file.
 */
Stream *file_open(const char *name, GPtrArray *problems, Tally *tally, int64_t *written, GError **error);
