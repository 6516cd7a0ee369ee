/* SPDX-License-Identifier: Apache-2.0 */
#include "config_file.h"

#include "base/error.h"
#include "options.h"

/* Lines before the first group belong to this one. */
#define COMMON "options"

#define SYSTEM_FILE "/etc/logscan/config"

/* What a file may not say. */
static const char *const COMMAND_LINE_ONLY[] = { "help", "version", "generate", "no-config", NULL };

/* Whose words are collected. */
typedef struct Reading {
        GPtrArray *words;
        const char *command; /* NULL: the scan */
        unsigned whom;       /* of For */
        const Option *table;
} Reading;

static const Option *option_named(const Option *option, const char *name) {
        for (; option->entry.long_name; option++)
                if (*option->entry.long_name && g_str_equal(option->entry.long_name, name))
                        return option;
        return NULL;
}

static bool refuse(const char *path, const char *key, const char *what, GError **error) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "%s: %s: %s", path, key, what);
        return false;
}

/* Adds the word for one line; none for an option that is off, or that is not for this command. */
static bool add_word(const Reading *reading, const char *path, const char *key, const char *value, GError **error) {
        const Option *option = option_named(reading->table, key);

        if (!option || g_strv_contains(COMMAND_LINE_ONLY, key))
                return refuse(path, key, option ? "for the command line only" : "no such option", error);
        if (option->entry.arg == G_OPTION_ARG_NONE && !g_str_equal(value, "true") && !g_str_equal(value, "false"))
                return refuse(path, key, "is true or false", error);
        if (!(option->whom & reading->whom))
                return true;
        if (option->entry.arg != G_OPTION_ARG_NONE)
                g_ptr_array_add(reading->words, g_strdup_printf("--%s=%s", key, value));
        else if (g_str_equal(value, "true"))
                g_ptr_array_add(reading->words, g_strdup_printf("--%s", key));
        return true;
}

static bool add_group(const Reading *reading, const char *path, GKeyFile *file, const char *group, GError **error) {
        g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);

        for (char **key = keys; key && *key; key++) {
                g_autofree char *value = g_key_file_get_string(file, group, *key, error);
                if (!value)
                        return false;
                if (g_str_equal(group, COMMON) && g_str_equal(*key, "format") && !(reading->whom & FOR_REPORTS))
                        continue;
                if (!add_word(reading, path, *key, value, error))
                        return false;
        }
        return true;
}

static bool add_file(const Reading *reading, const char *path, GError **error) {
        g_autoptr(GKeyFile) file = g_key_file_new();
        g_autofree char *text = NULL, *whole = NULL;

        if (!g_file_test(path, G_FILE_TEST_EXISTS))
                return true;
        if (!g_file_get_contents(path, &text, NULL, error))
                return false;
        whole = g_strconcat("[" COMMON "]\n", text, NULL);
        if (!g_key_file_load_from_data(file, whole, (gsize)-1, G_KEY_FILE_NONE, error)) {
                g_prefix_error(error, "%s: ", path);
                return false;
        }
        return add_group(reading, path, file, COMMON, error) && (!reading->command || add_group(reading, path, file, reading->command, error));
}

static bool is_unwanted(char **words) {
        for (; *words && !g_str_equal(*words, "--"); words++)
                if (g_str_equal(*words, "--no-config"))
                        return true;
        return false;
}

bool config_insert(char ***words, const char *command, unsigned whom, GError **error) {
        g_autofree char *own = g_build_filename(g_get_user_config_dir(), "logscan", "config", NULL);
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
        Options nothing = { 0 };
        g_autofree Option *table = options_table(&nothing);
        Reading reading = { all, command, whom, table };

        if (is_unwanted(*words) || !**words)
                return true;
        g_ptr_array_add(all, g_strdup(**words));
        if (!add_file(&reading, SYSTEM_FILE, error) || !add_file(&reading, own, error))
                return false;
        for (char **word = *words + 1; *word; word++)
                g_ptr_array_add(all, g_strdup(*word));
        g_ptr_array_add(all, NULL);
        g_strfreev(*words);
        *words = g_strdupv((char **)all->pdata);
        return true;
}
