/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Source
 *
 * One stream of log lines: a file, a file in an archive, a journal or standard input. Its name is its address in the report:
 * "app.log.2.gz", "support.tar.gz!/var/log/app.log" for a file in an archive, "journal:nginx".
 */

#include "model/range.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SOURCE_STDIN "-"

typedef struct Source {
        char *name;       /* owned; the path as it was given or found, SOURCE_STDIN for standard input */
        bool from_folder; /* found, not named: what is not a log is passed over in silence */
        bool ranged;      /* only `range` of it is read */
        Range range;
} Source;

/* Frees the Source and what it owns. */
void source_free(Source *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)
