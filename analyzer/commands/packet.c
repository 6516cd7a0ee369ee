/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/packet.h"

#include "base/error.h"
#include "base/write.h"
#include "commands/tar.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

static void free_file(void *data) {
        BundleFile *file = data;

        g_free(file->name);
        g_bytes_unref(file->content);
        g_free(file);
}

GPtrArray *packet_new(void) {
        return g_ptr_array_new_with_free_func(free_file);
}

void packet_add(GPtrArray *bundle, const char *name, Str content) {
        BundleFile *file = g_new0(BundleFile, 1);

        file->name = g_strdup(name);
        file->content = g_bytes_new(content.ptr, content.len);
        g_ptr_array_add(bundle, file);
}

const BundleFile *packet_find(const GPtrArray *bundle, const char *name) {
        for (guint i = 0; i < bundle->len; i++)
                if (g_str_equal(((const BundleFile *)bundle->pdata[i])->name, name))
                        return bundle->pdata[i];
        return NULL;
}

bool packet_is_archive(const char *path) {
        return g_str_has_suffix(path, ".tar.gz") || g_str_has_suffix(path, ".tgz");
}

/* Whoever names an archive of another form wants no folder of that name. */
static bool is_other_archive(const char *path) {
        static const char *const OTHERS[] = { ".zip", ".tar",  ".gz",  ".tgz",  ".bz2", ".tbz", ".tbz2", ".xz",   ".txz",
                                              ".zst", ".tzst", ".lz4", ".lzma", ".z",   ".7z",  ".rar",  ".cpio", NULL };
        g_autofree char *name = g_ascii_strdown(path, -1);

        for (const char *const *suffix = OTHERS; *suffix; suffix++)
                if (g_str_has_suffix(name, *suffix))
                        return !packet_is_archive(path);
        return false;
}

static int compare_names(const void *a, const void *b) {
        return strcmp((*(const BundleFile *const *)a)->name, (*(const BundleFile *const *)b)->name);
}

static bool fail(GError **error, LogscanError code, const char *path, const char *what) {
        g_set_error(error, LOGSCAN_ERROR, code, "%s: %s", path, what);
        return false;
}

/* --- a folder --- */

static bool is_empty(const char *folder) {
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

        return dir && !g_dir_read_name(dir);
}

static bool write_folder(const GPtrArray *bundle, const char *folder, GError **error) {
        if (g_mkdir_with_parents(folder, 0777) != 0)
                return fail(error, LOGSCAN_ERROR_OUTPUT, folder, g_strerror(errno));
        for (guint i = 0; i < bundle->len; i++) {
                const BundleFile *file = bundle->pdata[i];
                g_autofree char *path = g_build_filename(folder, file->name, NULL), *parent = g_path_get_dirname(path);
                gsize size;
                const char *bytes = g_bytes_get_data(file->content, &size);

                if (g_mkdir_with_parents(parent, 0777) != 0)
                        return fail(error, LOGSCAN_ERROR_OUTPUT, parent, g_strerror(errno));
                if (!g_file_set_contents(path, bytes ? bytes : "", (gssize)size, error))
                        return false;
        }
        return true;
}

typedef struct Walk {
        const char *root;
        GPtrArray *bundle, *wrongs;
        GQueue folders; /* still to be read; of owned names relative to the root */
        uint64_t n_bytes;
} Walk;

static bool read_one(Walk *walk, const char *name, const char *path, GError **error) {
        g_autofree char *content = NULL;
        gsize size;

        if (g_file_test(path, G_FILE_TEST_IS_SYMLINK) || !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
                g_ptr_array_add(walk->wrongs, g_strdup_printf("%s: no file", name));
                return true;
        }
        if (!g_file_get_contents(path, &content, &size, error))
                return false;
        walk->n_bytes += size;
        if (walk->n_bytes > BUNDLE_BYTES_MAX || walk->bundle->len >= BUNDLE_FILES_MAX)
                return fail(error, LOGSCAN_ERROR_INPUT, walk->root, "too large for a bundle");
        packet_add(walk->bundle, name, (Str){ content, size });
        return true;
}

static bool read_one_folder(Walk *walk, const char *folder, GError **error) {
        g_autofree char *path = g_build_filename(walk->root, folder, NULL);
        g_autoptr(GDir) dir = g_dir_open(path, 0, error);
        const char *entry;

        if (!dir)
                return false;
        while ((entry = g_dir_read_name(dir))) {
                g_autofree char *name = *folder ? g_strconcat(folder, "/", entry, NULL) : g_strdup(entry);
                g_autofree char *whole = g_build_filename(path, entry, NULL);
                bool is_folder = g_file_test(whole, G_FILE_TEST_IS_DIR) && !g_file_test(whole, G_FILE_TEST_IS_SYMLINK);

                if (is_folder && strlen(name) <= TAR_NAME_MAX)
                        g_queue_push_tail(&walk->folders, g_steal_pointer(&name));
                else if (!read_one(walk, name, whole, error))
                        return false;
        }
        return true;
}

static GPtrArray *read_folder(const char *path, GPtrArray *wrongs, GError **error) {
        Walk walk = { path, packet_new(), wrongs, G_QUEUE_INIT, 0 };
        bool fine = true;

        g_queue_push_tail(&walk.folders, g_strdup(""));
        while (fine && !g_queue_is_empty(&walk.folders)) {
                g_autofree char *folder = g_queue_pop_head(&walk.folders);
                fine = read_one_folder(&walk, folder, error);
        }
        g_queue_clear_full(&walk.folders, g_free);
        if (!fine)
                g_clear_pointer(&walk.bundle, g_ptr_array_unref);
        return walk.bundle;
}

/* --- both --- */

bool packet_may_be_written(const char *path, GError **error) {
        if (is_other_archive(path))
                return fail(error, LOGSCAN_ERROR_USAGE, path, "evidence is written to a .tar.gz, a .tgz or a folder");
        if (packet_is_archive(path))
                return !(g_file_test(path, G_FILE_TEST_IS_REGULAR) || g_file_test(path, G_FILE_TEST_IS_DIR)) ||
                       fail(error, LOGSCAN_ERROR_OUTPUT, path, "is there already; evidence is not written over");
        return !g_file_test(path, G_FILE_TEST_IS_DIR) || is_empty(path) || fail(error, LOGSCAN_ERROR_OUTPUT, path, "the folder for the evidence is not empty");
}

bool packet_write(GPtrArray *bundle, const char *path, int64_t time_seconds, GError **error) {
        g_autoptr(GBytes) archive = NULL;
        gsize size;

        if (!packet_may_be_written(path, error))
                return false;
        g_ptr_array_sort(bundle, compare_names);
        if (!packet_is_archive(path))
                return write_folder(bundle, path, error);
        archive = tar_write(bundle, time_seconds);
        const char *bytes = g_bytes_get_data(archive, &size);
        return write_whole(path, bytes, size, error);
}

GPtrArray *packet_read(const char *path, GPtrArray *wrongs, GError **error) {
        g_autofree char *content = NULL;
        GPtrArray *bundle;
        gsize size;

        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
                bundle = read_folder(path, wrongs, error);
        } else {
                if (!g_file_get_contents(path, &content, &size, error))
                        return NULL;
                bundle = tar_read((Str){ content, size }, wrongs);
        }
        if (bundle)
                g_ptr_array_sort(bundle, compare_names);
        return bundle;
}
