/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/follow_sources.h"

#include "base/error.h"
#include "input/sources.h"
#include "model/rotation.h"

static const char *const FINISHED[] = { ".gz", ".xz", ".zst", ".bz2", ".lz4", ".zip", ".tar", ".tgz", ".7z", ".rpm", ".deb", NULL };

static bool is_finished(const char *name) {
        for (const char *const *suffix = FINISHED; *suffix; suffix++)
                if (g_str_has_suffix(name, *suffix))
                        return true;
        return false;
}

/* Is there a file of the same set that is newer? */
static bool is_rotated(const GPtrArray *sources, guint index) {
        const Source *source = sources->pdata[index];
        Rotation mine = { 0 };
        bool rotated = false;

        rotation_read(&mine, source->name);
        for (guint i = 0; i < sources->len && !rotated; i++) {
                Rotation other = { 0 };
                rotation_read(&other, ((Source *)sources->pdata[i])->name);
                rotated = i != index && g_str_equal(mine.set, other.set) && rotation_compare(&mine, &other) < 0;
                rotation_clear(&other);
        }
        rotation_clear(&mine);
        return rotated;
}

bool follow_sources_choose(GPtrArray *sources, GError **error) {
        g_autoptr(GPtrArray) rest = g_ptr_array_new();

        for (guint i = 0; i < sources->len; i++) {
                Source *source = sources->pdata[i];
                bool finished = is_finished(source->name), rotated = is_rotated(sources, i);
                if (finished && !rotated && !source->from_folder) {
                        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "%s: cannot be followed: nothing is appended to a compressed file",
                                    source->name);
                        return false;
                }
                if (finished || rotated)
                        g_ptr_array_add(rest, source);
        }
        for (guint i = 0; i < rest->len; i++)
                g_ptr_array_remove(sources, rest->pdata[i]);
        return true;
}

GPtrArray *follow_sources_find(const char *const *paths) {
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        GPtrArray *sources = sources_find(paths, problems);

        follow_sources_choose(sources, NULL);
        return sources;
}
