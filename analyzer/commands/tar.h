/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tar
 *
 *     bundle <-> [tar] <-> bytes of a .tar.gz
 *
 * The one form of archive that a bundle has: regular files in ustar, compressed with gzip. libarchive would read more
 * than we write; here each bit must be the one that we write.
 */

#include "commands/packet.h"

/* Of a name in a ustar header without its prefix. */
#define TAR_NAME_MAX 99

GBytes *tar_write(const GPtrArray *bundle, int64_t time_seconds);

/* What could be read, never NULL; what is wrong is added to @wrongs. */
GPtrArray *tar_read(Str archive, GPtrArray *wrongs);
