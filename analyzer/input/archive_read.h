/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Archive, read
 *
 * Lets libarchive read from a Stream. Only for files that are built with libarchive.
 */

#include "input/stream.h"

#include <archive.h>
#include <archive_entry.h>

#define ARCHIVE_STEP_BYTES (64 * 1024)

/* What libarchive's callbacks need; must outlive the archive. */
typedef struct ArchiveSource {
        Stream *stream;
        uint64_t at; /* where in the stream libarchive reads; kept where it can seek */
        char buffer[ARCHIVE_STEP_BYTES];
} ArchiveSource;

/* Sets the callbacks of @archive, which is yet to be opened with archive_read_open1(). */
void archive_source_attach(struct archive *archive, ArchiveSource *source);
