/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Scratch
 *
 * Folders and files that a test writes and that are gone when it ends.
 */

#include "model/source.h"

#include <glib/gstdio.h>

/* A new empty folder; owned by the caller, who gives it to scratch_remove(). */
static inline char *scratch_folder(void) {
        g_autoptr(GError) error = NULL;
        char *folder = g_dir_make_tmp("logscan-test-XXXXXX", &error);

        g_assert_no_error(error);
        return folder;
}

/* Writes a file; returns its path, owned by the caller. */
static inline char *scratch_write(const char *folder, const char *name, const void *data, size_t size) {
        g_autoptr(GError) error = NULL;
        char *path = g_build_filename(folder, name, NULL);

        g_file_set_contents(path, data, (gssize)size, &error);
        g_assert_no_error(error);
        return path;
}

/* Removes the folder with its files; folders within must be gone already. */
static inline void scratch_remove(char *folder) {
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;

        while (dir && (name = g_dir_read_name(dir))) {
                g_autofree char *path = g_build_filename(folder, name, NULL);
                g_remove(path);
        }
        g_rmdir(folder);
        g_free(folder);
}

static inline Source *scratch_source(const char *path) {
        Source *source = g_new0(Source, 1);

        source->name = g_strdup(path);
        return source;
}

/* A generator of small numbers that is the same everywhere; never 0 as a state. */
static inline uint32_t scratch_random(uint32_t *state, uint32_t below) {
        *state ^= *state << 13;
        *state ^= *state >> 17;
        *state ^= *state << 5;
        return *state % below;
}
