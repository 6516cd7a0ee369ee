/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Archive, read
 *
 * Lets libarchive read from a Stream. Only for files that are built with libarchive.
 */

#include "input/library.h"
#include "input/stream.h"

#include <archive.h>
#include <archive_entry.h>

#define ARCHIVE_FUNCTIONS(_)                                                                                                                                   \
        _(archive_, error_string)                                                                                                                              \
        _(archive_, read_data_block)                                                                                                                           \
        _(archive_, read_free)                                                                                                                                 \
        _(archive_, read_new)                                                                                                                                  \
        _(archive_, read_next_header)                                                                                                                          \
        _(archive_, read_open1)                                                                                                                                \
        _(archive_, read_set_callback_data)                                                                                                                    \
        _(archive_, read_set_read_callback)                                                                                                                    \
        _(archive_, read_set_seek_callback)                                                                                                                    \
        _(archive_, read_support_filter_compress)                                                                                                              \
        _(archive_, read_support_format_7zip)                                                                                                                  \
        _(archive_, read_support_format_cpio)                                                                                                                  \
        _(archive_, read_support_format_empty)                                                                                                                 \
        _(archive_, read_support_format_raw)                                                                                                                   \
        _(archive_, read_support_format_tar)                                                                                                                   \
        _(archive_, read_support_format_zip)                                                                                                                   \
        _(archive_, set_error)                                                                                                                                 \
        _(archive_, entry_filetype)                                                                                                                            \
        _(archive_, entry_hardlink)                                                                                                                            \
        _(archive_, entry_is_data_encrypted)                                                                                                                   \
        _(archive_, entry_mtime)                                                                                                                               \
        _(archive_, entry_mtime_is_set)                                                                                                                        \
        _(archive_, entry_pathname)                                                                                                                            \
        _(archive_, entry_pathname_utf8)                                                                                                                       \
        _(archive_, entry_size)                                                                                                                                \
        _(archive_, entry_size_is_set)

typedef struct LibArchive {
        ARCHIVE_FUNCTIONS(LIBRARY_MEMBER)
} LibArchive;

/* Loaded at the first call. NULL where it cannot be loaded, which is added to @problems. */
const LibArchive *archive_library(GPtrArray *problems);

#define ARCHIVE_STEP_BYTES (64 * 1024)

/* What libarchive's callbacks need; must outlive the archive. */
typedef struct ArchiveSource {
        const LibArchive *lib;
        Stream *stream;
        uint64_t at; /* where in the stream libarchive reads; kept where it can seek */
        char buffer[ARCHIVE_STEP_BYTES];
} ArchiveSource;

/* Sets the callbacks of @archive, which is yet to be opened with archive_read_open1(). */
void archive_source_attach(const LibArchive *lib, struct archive *archive, ArchiveSource *source);
