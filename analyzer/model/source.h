/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Source
 *
 * One stream of log lines: a file or standard input; and what was learnt of it while it was read.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SOURCE_STDIN "-"

typedef struct Source {
        char *name; /* owned; the path as it was given or found, SOURCE_STDIN for standard input */
        bool from_folder; /* found, not named: what is not a log is passed over in silence */
} Source;

/* Frees the Source and what it owns. */
void source_free(Source *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)
