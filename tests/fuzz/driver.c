/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Replays a corpus without libFuzzer: each argument is a file or a folder of files; each file is one test. So what a
 * fuzzer once found is tested by everyone, with any compiler. Prints TAP.
 */

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned n_tests;

static void replay(const char *name, const void *data, size_t size) {
        LLVMFuzzerTestOneInput(data, size);
        printf("ok %u - %s\n", ++n_tests, name);
        fflush(stdout);
}

static void replay_file(const char *path) {
        g_autofree char *text = NULL;
        g_autofree char *name = g_path_get_basename(path);
        g_autofree void *data = NULL;
        g_autoptr(GError) error = NULL;
        gsize size;

        if (!g_file_get_contents(path, &text, &size, &error))
                g_error("%s", error->message);
        /* Of exactly its size, without the NUL byte behind it, so that a sanitizer sees a step beyond the end. */
        data = g_memdup2(text, size);
        replay(name, data, size);
}

static int compare_names(const void *a, const void *b) {
        return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

static void replay_folder(const char *folder) {
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
        const char *name;

        while (dir && (name = g_dir_read_name(dir)))
                g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
        g_ptr_array_sort(paths, compare_names);
        for (guint i = 0; i < paths->len; i++)
                replay_file(paths->pdata[i]);
}

int main(int argc, char **argv) {
        replay("nothing", "", 0);
        for (int i = 1; i < argc; i++) {
                if (g_file_test(argv[i], G_FILE_TEST_IS_DIR))
                        replay_folder(argv[i]);
                else
                        replay_file(argv[i]);
        }
        printf("1..%u\n", n_tests);
        return 0;
}
