/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Sources: which files are read, and in which order.
 */

#include "input/sources.h"

#include "scratch.h"

#include <fcntl.h>
#include <unistd.h>

/* What is found for the paths, relative to the folder in which the files are: "a.log b.log"; a problem as "!PATH: why". */
static char *found(const char *const *files, const char *const *paths) {
        char *folder = scratch_folder(), *before = g_get_current_dir();
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free), sources = NULL;
        GString *text = g_string_new(NULL);

        g_assert_cmpint(chdir(folder), ==, 0);
        for (; *files; files++)
                g_free(scratch_write(folder, *files, "", 0));
        if (link("a.log", "hard.log") != 0 || symlink("a.log", "soft.log") != 0)
                g_test_message("no a.log to link to");
        sources = sources_find(paths, problems);
        for (guint i = 0; i < sources->len; i++)
                g_string_append_printf(text, "%s%s", text->len ? " " : "", ((Source *)sources->pdata[i])->name);
        for (guint i = 0; i < problems->len; i++)
                g_string_append_printf(text, "%s!%s", text->len ? " " : "", (char *)problems->pdata[i]);
        g_assert_cmpint(chdir(before), ==, 0);
        g_free(before);
        scratch_remove(folder);
        return g_string_free(text, FALSE);
}

typedef struct Case {
        const char *name;
        const char *files[10], *paths[6];
        const char *found;
} Case;

static const Case CASES[] = {
        { "as-given", { "b.log", "a.log" }, { "b.log", "a.log" }, "b.log a.log" },
        { "twice", { "a.log" }, { "a.log", "./a.log" }, "a.log" },
        { "links", { "a.log" }, { "hard.log", "a.log", "soft.log" }, "hard.log" },
        { "stdin-twice", { NULL }, { "-", "-" }, "-" },
        { "journal", { NULL }, { "journal:", "journal:nginx", "journal:" }, "journal: journal:nginx" },
        { "missing", { "a.log" }, { "gone.log", "a.log" }, "a.log !gone.log: No such file or directory" },
        { "glob", { "a.log", "b.log", "c.txt" }, { "[ab].log" }, "a.log b.log" },
        { "glob-of-nothing", { "a.log" }, { "*.nothing" }, "!*.nothing: no file has such a name" },
        { "glob-is-a-name", { "a.log", "*.log" }, { "*.log" }, "*.log" },
        { "glob-and-name", { "a.log", "b.log" }, { "b.log", "?.log" }, "b.log a.log" },
        { "rotated",
          { "x.log", "x.log.1", "x.log.2.gz", "x.log.10.gz" },
          { "x.log", "x.log.1", "x.log.2.gz", "x.log.10.gz" },
          "x.log.10.gz x.log.2.gz x.log.1 x.log" },
        { "rotated-between", { "a.log", "x.log", "y.log", "x.log.1" }, { "a.log", "x.log", "y.log", "x.log.1" }, "a.log x.log.1 x.log y.log" },
        { "dated",
          { "x.log", "x.log-20240607", "x.log-20240606.gz" },
          { "x.log", "x.log-20240607", "x.log-20240606.gz" },
          "x.log-20240606.gz x.log-20240607 x.log" },
        { "folder", { "b.log", "a.log.1", "a.log", ".hidden", "x.png", "README.md" }, { "." }, "./a.log.1 ./a.log ./b.log" },
};

static void test_case(const void *data) {
        const Case *expected = data;
        g_autofree char *text = found(expected->files, expected->paths);

        g_assert_cmpstr(text, ==, expected->found);
}

/* A folder in a folder, @depth times, with a log in each. */
static void make_deep(const char *folder, unsigned depth) {
        g_autoptr(GString) path = g_string_new(folder);

        for (unsigned i = 0; i < depth; i++) {
                g_free(scratch_write(path->str, "a.log", "", 0));
                g_string_append(path, "/d");
                g_assert_cmpint(g_mkdir(path->str, 0700), ==, 0);
        }
}

static void remove_deep(char *folder, unsigned depth) {
        for (unsigned i = depth + 1; i-- > 0;) {
                g_autoptr(GString) path = g_string_new(folder);

                for (unsigned j = 0; j < i; j++)
                        g_string_append(path, "/d");
                scratch_remove(g_strdup(path->str));
        }
        g_free(folder);
}

static void test_depth(void) {
        for (unsigned depth = SOURCES_DEPTH_MAX - 1; depth <= SOURCES_DEPTH_MAX + 1; depth++) {
                char *folder = scratch_folder();
                g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free), sources = NULL;

                make_deep(folder, depth);
                sources = sources_find((const char *[]){ folder, NULL }, problems);
                g_assert_cmpuint(sources->len, ==, MIN(depth, SOURCES_DEPTH_MAX));
                g_assert_cmpuint(problems->len, ==, depth >= SOURCES_DEPTH_MAX);
                if (problems->len > 0)
                        g_assert_true(g_str_has_suffix(problems->pdata[0], ": 1 of its folders lie 32 deep or deeper; not read"));
                remove_deep(folder, depth);
        }
}

/* One file more than are read. */
static void test_number(void) {
        char *folder = scratch_folder();
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free), sources = NULL;

        for (unsigned i = 0; i <= SOURCES_MAX; i++) {
                g_autofree char *path = g_strdup_printf("%s/%u", folder, i);
                int fd = g_open(path, O_CREAT | O_WRONLY, 0600);

                g_assert_cmpint(fd, >=, 0);
                g_close(fd, NULL);
                if (i < SOURCES_MAX - 1)
                        continue;
                g_clear_pointer(&sources, g_ptr_array_unref);
                sources = sources_find((const char *[]){ folder, NULL }, problems);
                g_assert_cmpuint(sources->len, ==, SOURCES_MAX);
                g_assert_cmpuint(problems->len, ==, i == SOURCES_MAX);
        }
        g_assert_true(g_str_has_suffix(problems->pdata[0], ": more than 100,000 files; the others were not read"));
        scratch_remove(folder);
}

static void test_log_names(void) {
        static const char *const LOGS[] = { "app.log", "messages", "syslog.1", "app.log-20240607.gz", "x.json", "a.tar.gz" };
        static const char *const OTHERS[] = { ".hidden", "x.png", "app.jar", "cert.pem", "notes.md", ".", ".." };

        for (size_t i = 0; i < G_N_ELEMENTS(LOGS); i++)
                g_assert_true(sources_is_log_name(LOGS[i]));
        for (size_t i = 0; i < G_N_ELEMENTS(OTHERS); i++)
                g_assert_false(sources_is_log_name(OTHERS[i]));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *path = g_strdup_printf("/sources/%s", CASES[i].name);
                g_test_add_data_func(path, &CASES[i], test_case);
        }
        g_test_add_func("/sources/log-names", test_log_names);
        g_test_add_func("/sources/depth", test_depth);
        g_test_add_func("/sources/number", test_number);
        return g_test_run();
}
