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

static void free_rotation(void *rotation) {
        rotation_clear(rotation);
        g_free(rotation);
}

static Rotation *rotation_of(const Source *source) {
        Rotation *rotation = g_new0(Rotation, 1);

        rotation_read(rotation, source->name);
        return rotation;
}

/* The newest file of each set, by the set; owned. In folders of thousands of logs each is looked at once. */
static GHashTable *newest_of(const GPtrArray *sources) {
        GHashTable *newest = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_rotation);

        for (guint i = 0; i < sources->len; i++) {
                Rotation *rotation = rotation_of(sources->pdata[i]), *known = g_hash_table_lookup(newest, rotation->set);
                if (known && rotation_compare(rotation, known) <= 0)
                        free_rotation(rotation);
                else
                        g_hash_table_replace(newest, rotation->set, rotation);
        }
        return newest;
}

/* Is there a file of the same set that is newer? */
static bool is_rotated(const Source *source, GHashTable *newest) {
        Rotation *rotation = rotation_of(source);
        bool rotated = rotation_compare(rotation, g_hash_table_lookup(newest, rotation->set)) < 0;

        free_rotation(rotation);
        return rotated;
}

bool follow_sources_choose(GPtrArray *sources, GError **error) {
        g_autoptr(GPtrArray) rest = g_ptr_array_new();
        g_autoptr(GHashTable) newest = newest_of(sources);

        for (guint i = 0; i < sources->len; i++) {
                Source *source = sources->pdata[i];
                bool finished = is_finished(source->name), rotated = is_rotated(source, newest);
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
