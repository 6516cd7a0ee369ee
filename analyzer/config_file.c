/* SPDX-License-Identifier: Apache-2.0 */
#include "config_file.h"

#include "base/error.h"
#include "options.h"

/* Lines before the first group belong to this one. */
#define COMMON "options"

#define SYSTEM_FILE "/etc/logscan/config"

/* What a file may not say. */
static const char *const COMMAND_LINE_ONLY[] = { "help", "version", "generate", "no-config", NULL };

static const GOptionEntry *entry_named(const GOptionEntry *entries, const char *name) {
        for (; entries->long_name; entries++)
                if (*entries->long_name && g_str_equal(entries->long_name, name))
                        return entries;
        return NULL;
}

static bool refuse(const char *path, const char *key, const char *what, GError **error) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "%s: %s: %s", path, key, what);
        return false;
}

/* Adds the word for one line; none for an option that is off. */
static bool add_word(GPtrArray *words, const char *path, const GOptionEntry *entries, const char *key, const char *value, GError **error) {
        const GOptionEntry *entry = entry_named(entries, key);

        if (!entry || g_strv_contains(COMMAND_LINE_ONLY, key))
                return refuse(path, key, entry ? "for the command line only" : "no such option", error);
        if (entry->arg != G_OPTION_ARG_NONE) {
                g_ptr_array_add(words, g_strdup_printf("--%s=%s", key, value));
                return true;
        }
        if (g_str_equal(value, "true"))
                g_ptr_array_add(words, g_strdup_printf("--%s", key));
        else if (!g_str_equal(value, "false"))
                return refuse(path, key, "is true or false", error);
        return true;
}

static bool add_group(GPtrArray *words, const char *path, GKeyFile *file, const char *group, const char *command, const GOptionEntry *entries,
                      GError **error) {
        g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
        bool is_report = !command || g_str_equal(command, "merge");

        for (char **key = keys; key && *key; key++) {
                g_autofree char *value = g_key_file_get_string(file, group, *key, error);
                if (!value)
                        return false;
                if (g_str_equal(group, COMMON) && g_str_equal(*key, "format") && !is_report)
                        continue;
                if (!add_word(words, path, entries, *key, value, error))
                        return false;
        }
        return true;
}

static bool add_file(GPtrArray *words, const char *path, const char *command, const GOptionEntry *entries, GError **error) {
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
        return add_group(words, path, file, COMMON, command, entries, error) &&
               (!command || add_group(words, path, file, command, command, entries, error));
}

static bool is_unwanted(char **words) {
        for (; *words && !g_str_equal(*words, "--"); words++)
                if (g_str_equal(*words, "--no-config"))
                        return true;
        return false;
}

bool config_insert(char ***words, const char *command, GError **error) {
        g_autofree char *own = g_build_filename(g_get_user_config_dir(), "logscan", "config", NULL);
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
        Options nothing = { 0 };
        g_autofree GOptionEntry *entries = options_entries(&nothing);

        if (is_unwanted(*words) || !**words)
                return true;
        g_ptr_array_add(all, g_strdup(**words));
        if (!add_file(all, SYSTEM_FILE, command, entries, error) || !add_file(all, own, command, entries, error))
                return false;
        for (char **word = *words + 1; *word; word++)
                g_ptr_array_add(all, g_strdup(*word));
        g_ptr_array_add(all, NULL);
        g_strfreev(*words);
        *words = g_strdupv((char **)all->pdata);
        return true;
}
