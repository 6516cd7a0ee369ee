/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bundle
 *
 *     files -> [bundle] -> a folder, or one .tar.gz
 *
 * A few files in memory, as a folder or as a gzip'ed ustar archive (POSIX.1-1988, RFC 1952). The same files give the same
 * bytes: names in order, one owner, one time. Reading is strict, for a bundle is evidence: a byte that we would not have
 * written, be it in padding or in a header, is wrong.
 */

#include "base/str.h"

#include <glib.h>

/* A bundle to be read may have so many bytes in so many files. */
#define BUNDLE_BYTES_MAX (512 * 1024 * 1024)
#define BUNDLE_FILES_MAX 20000

typedef struct BundleFile {
        char *name;      /* owned; relative, with '/'; at most 99 bytes */
        GBytes *content; /* owned */
} BundleFile;

/* A list of BundleFile. */
GPtrArray *packet_new(void);

/* Takes a copy of @name and of the content. */
void packet_add(GPtrArray *bundle, const char *name, Str content);

/* NULL when there is none. */
const BundleFile *packet_find(const GPtrArray *bundle, const char *name);

/* Does @path name an archive (.tar.gz, .tgz)? Else a folder. */
bool packet_is_archive(const char *path);

/* An archive must be new, a folder new or empty; an archive of another form (.zip) is neither. To be asked before the work is done. */
bool packet_may_be_written(const char *path, GError **error);

/* Writes the files in order of their names, where they may be written. */
bool packet_write(GPtrArray *bundle, const char *path, int64_t time_seconds, GError **error);

/* Reads all files of @path. What is not as we would have written it is added to @wrongs, as owned strings. */
GPtrArray *packet_read(const char *path, GPtrArray *wrongs, GError **error);
