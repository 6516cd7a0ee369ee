/* SPDX-License-Identifier: Apache-2.0 */
#include "input/sources.h"

#include "input/journal.h"
#include "model/rotation.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <glob.h>
#include <string.h>

typedef struct Search {
        GPtrArray *found;
        GPtrArray *problems;
        GHashTable *seen; /* "device:inode" of each file */
        size_t n_files;   /* with those that were there already */
        size_t n_deep;    /* of this path, folders that lie too deep */
        bool full;        /* SOURCES_MAX are found, and there are others */
} Search;

static const char *const NOT_LOGS[] = {
        ".md",     ".html", ".css", ".js",  ".py",  ".sh",  ".c",   ".h",   ".so",    ".o",   ".a",   ".png", ".jpg", ".svg", ".pdf", ".pid",  ".lock", ".db",
        ".sqlite", ".pcap", ".pem", ".key", ".crt", ".jar", ".war", ".ear", ".class", ".pyc", ".exe", ".dll", ".deb", ".rpm", ".iso", ".docx", ".xlsx", ".pptx",
};

void source_free(Source *source) {
        g_free(source->name);
        g_free(source);
}

bool sources_is_log_name(const char *name) {
        if (*name == '.')
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(NOT_LOGS); i++)
                if (g_str_has_suffix(name, NOT_LOGS[i]))
                        return false;
        return true;
}

static void add_problem(Search *search, const char *path, const char *why) {
        g_ptr_array_add(search->problems, g_strdup_printf("%s: %s", path, why));
}

static void add_source(Search *search, const char *path, bool from_folder) {
        Source *source = g_new0(Source, 1);

        source->name = g_strdup(path);
        source->from_folder = from_folder;
        g_ptr_array_add(search->found, source);
}

static void add_file(Search *search, const char *path, const GStatBuf *status, bool from_folder) {
        char *identity = g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)status->st_dev, (guint64)status->st_ino);

        search->n_files++;
        if (g_hash_table_add(search->seen, identity))
                add_source(search, path, from_folder);
}

static int compare_names(const void *a, const void *b) {
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The paths of the folder's entries, sorted; NULL when it cannot be read. */
static GPtrArray *list_folder(Search *search, const char *folder) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
        GPtrArray *paths;
        const char *name;

        if (!dir) {
                add_problem(search, folder, g_strerror(errno));
                return NULL;
        }
        paths = g_ptr_array_new_with_free_func(g_free);
        while ((name = g_dir_read_name(dir)))
                if (sources_is_log_name(name))
                        g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
        g_ptr_array_sort(paths, compare_names);
        return paths;
}

typedef struct Folder {
        GPtrArray *paths;
        guint next;
} Folder;

static void folder_clear(void *data) {
        g_ptr_array_unref(((Folder *)data)->paths);
}

static void push_folder(Search *search, GArray *stack, const char *path) {
        Folder folder = { .paths = list_folder(search, path) };

        if (folder.paths)
                g_array_append_val(stack, folder);
}

static void add_found(Search *search, const char *path, const GStatBuf *status) {
        search->full = search->found->len >= SOURCES_MAX;
        if (!search->full)
                add_file(search, path, status, true);
}

/* One entry of a folder: files are added, folders pushed; links to folders could make a circle. */
static void visit(Search *search, GArray *stack, const char *path) {
        GStatBuf status, link;

        if (g_stat(path, &status) != 0 || g_lstat(path, &link) != 0)
                return;
        if (S_ISREG(status.st_mode))
                add_found(search, path, &status);
        else if (S_ISDIR(link.st_mode) && stack->len < SOURCES_DEPTH_MAX)
                push_folder(search, stack, path);
        else if (S_ISDIR(link.st_mode))
                search->n_deep++;
}

static void complain_of_limits(Search *search, const char *path) {
        g_autofree char *deep = g_strdup_printf("%zu of its folders lie %d deep or deeper; not read", search->n_deep, SOURCES_DEPTH_MAX);

        if (search->n_deep > 0)
                add_problem(search, path, deep);
        if (search->full)
                add_problem(search, path, "more than 100,000 files; the others were not read");
}

static void search_folder(Search *search, const char *path) {
        g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(Folder));
        size_t before = search->n_files;

        search->n_deep = 0;
        g_array_set_clear_func(stack, folder_clear);
        push_folder(search, stack, path);
        if (stack->len == 0)
                return;
        while (stack->len > 0 && !search->full) {
                Folder *top = &g_array_index(stack, Folder, stack->len - 1);

                if (top->next == top->paths->len)
                        g_array_set_size(stack, stack->len - 1);
                else
                        visit(search, stack, top->paths->pdata[top->next++]);
        }
        if (search->n_files == before && !search->full)
                add_problem(search, path, SOURCES_NO_LOGS);
        complain_of_limits(search, path);
}

/* By its name alone, as standard input and a journal have no file. */
static void add_named(Search *search, const char *name) {
        if (g_hash_table_add(search->seen, g_strdup(name)))
                add_source(search, name, false);
}

static void search_existing(Search *search, const char *path, const GStatBuf *status) {
        if (S_ISDIR(status->st_mode))
                search_folder(search, path);
        else
                add_file(search, path, status, false);
}

/* A pattern that the shell left as it is, because it was quoted. */
static void search_glob(Search *search, const char *pattern) {
        glob_t matches;
        GStatBuf status;

        if (glob(pattern, GLOB_TILDE, NULL, &matches) == 0)
                for (size_t i = 0; i < matches.gl_pathc; i++)
                        if (g_stat(matches.gl_pathv[i], &status) == 0)
                                search_existing(search, matches.gl_pathv[i], &status);
        if (matches.gl_pathc == 0)
                add_problem(search, pattern, "no file has such a name");
        globfree(&matches);
}

static void search_path(Search *search, const char *path) {
        GStatBuf status;

        if (g_str_equal(path, SOURCE_STDIN) || journal_is_name(path))
                add_named(search, path);
        else if (g_stat(path, &status) == 0)
                search_existing(search, path, &status);
        else if (errno == ENOENT && strpbrk(path, "*?["))
                search_glob(search, path);
        else
                add_problem(search, path, g_strerror(errno));
}

/* --- rotated sets --- */

typedef struct Place {
        Source *source; /* borrowed */
        Rotation rotation;
        guint set, found; /* where the first source of its set, and it itself, were found */
} Place;

static void place_clear(void *place) {
        rotation_clear(&((Place *)place)->rotation);
}

static int compare_places(const void *a, const void *b) {
        const Place *one = a, *two = b;
        int order = one->set != two->set ? (one->set > two->set) - (one->set < two->set) : rotation_compare(&one->rotation, &two->rotation);

        return order ? order : (one->found > two->found) - (one->found < two->found);
}

/* The files of a set take the place of the one that was found first, the oldest first. */
static void order_sets(GPtrArray *found) {
        g_autoptr(GArray) places = g_array_new(FALSE, TRUE, sizeof(Place));
        g_autoptr(GHashTable) sets = g_hash_table_new(g_str_hash, g_str_equal);

        g_array_set_clear_func(places, place_clear);
        for (guint i = 0; i < found->len; i++) {
                Place place = { .source = found->pdata[i], .found = i };
                void *first;

                rotation_read(&place.rotation, place.source->name);
                if (!g_hash_table_lookup_extended(sets, place.rotation.set, NULL, &first))
                        g_hash_table_insert(sets, place.rotation.set, first = GUINT_TO_POINTER(i));
                place.set = GPOINTER_TO_UINT(first);
                g_array_append_val(places, place);
        }
        g_array_sort(places, compare_places);
        for (guint i = 0; i < found->len; i++)
                found->pdata[i] = g_array_index(places, Place, i).source;
}

GPtrArray *sources_find(const char *const *paths, GPtrArray *problems) {
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        Search search = { .found = g_ptr_array_new_with_free_func((GDestroyNotify)source_free), .problems = problems, .seen = seen };

        for (; *paths; paths++)
                search_path(&search, *paths);
        order_sets(search.found);
        return search.found;
}
