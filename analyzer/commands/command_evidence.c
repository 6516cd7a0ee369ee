/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "base/json_depth.h"
#include "commands/commands.h"
#include "commands/evidence.h"
#include "input/sources.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

/*
 * `logscan evidence verify BUNDLE [LOG...]`
 *
 * Two questions: is each byte of the bundle as it was written, and is each excerpt in its log? A log is looked for among the
 * LOGs by what it holds, and under the name that it had.
 */

/* A log of the command line, or in a file of it. */
typedef struct Log {
        char *path; /* owned; of the file */
        char *name; /* owned; of the log in it; NULL: the file was known as a whole, whatever is in it */
} Log;

typedef struct Check {
        const Options *options;
        GPtrArray *bundle;
        JsonObject *manifest; /* borrowed */
        GPtrArray *wrongs;    /* owned strings */
        GHashTable *logs;     /* SHA-256 of a file of the command line, or of what it holds -> Log; both owned */
        GHashTable *strays;   /* file name -> path of a file in a folder that is no log of the bundle; both owned */
        unsigned n_files, n_found, n_missing;
} Check;

G_GNUC_PRINTF(2, 3)
static void wrong(Check *check, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        g_ptr_array_add(check->wrongs, g_strdup_vprintf(format, arguments));
        va_end(arguments);
}

/* --- members of a manifest that may hold anything --- */

static const char *text_of(JsonObject *object, const char *name) {
        JsonNode *node = object ? json_object_get_member(object, name) : NULL;
        bool is_text = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;

        return is_text ? json_node_get_string(node) : "";
}

static uint64_t count_of(JsonObject *object, const char *name) {
        JsonNode *node = object ? json_object_get_member(object, name) : NULL;
        bool is_count = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_INT64;

        return is_count ? (uint64_t)MAX(json_node_get_int(node), 0) : 0;
}

static bool flag_of(JsonObject *object, const char *name) {
        JsonNode *node = json_object_get_member(object, name);

        return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_BOOLEAN && json_node_get_boolean(node);
}

/* The objects of a list; free the list, not them. */
static GPtrArray *objects_of(JsonObject *object, const char *name) {
        JsonNode *node = json_object_get_member(object, name);
        JsonArray *array = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
        GPtrArray *objects = g_ptr_array_new();

        for (guint i = 0; array && i < json_array_get_length(array); i++) {
                JsonNode *element = json_array_get_element(array, i);
                if (JSON_NODE_HOLDS_OBJECT(element))
                        g_ptr_array_add(objects, json_node_get_object(element));
        }
        return objects;
}

/* --- the files --- */

static void check_seal(Check *check) {
        const BundleFile *manifest = packet_find(check->bundle, EVIDENCE_MANIFEST), *seal = packet_find(check->bundle, EVIDENCE_SEAL);

        if (!manifest || !seal) {
                wrong(check, "%s: missing", manifest ? EVIDENCE_SEAL : EVIDENCE_MANIFEST);
                return;
        }
        g_autofree char *digest = evidence_digest(manifest->content);
        g_autofree char *expected = g_strdup_printf("%s  %s\n", digest, EVIDENCE_MANIFEST);
        g_autoptr(GBytes) bytes = g_bytes_new(expected, strlen(expected));
        if (!g_bytes_equal(bytes, seal->content))
                wrong(check, "%s: not what %s says", EVIDENCE_MANIFEST, EVIDENCE_SEAL);
}

static void check_file(Check *check, JsonObject *entry) {
        const char *name = text_of(entry, "name");
        const BundleFile *file = packet_find(check->bundle, name);
        g_autofree char *digest = file ? evidence_digest(file->content) : NULL;

        check->n_files++;
        if (!file)
                wrong(check, "%s: missing", name);
        else if (!g_str_equal(digest, text_of(entry, "sha256")))
                wrong(check, "%s: changed", name);
}

static void check_files(Check *check) {
        g_autoptr(GPtrArray) entries = objects_of(check->manifest, "files");
        g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < entries->len; i++) {
                check_file(check, entries->pdata[i]);
                g_hash_table_add(named, (void *)text_of(entries->pdata[i], "name"));
        }
        g_hash_table_add(named, EVIDENCE_MANIFEST);
        g_hash_table_add(named, EVIDENCE_SEAL);
        for (guint i = 0; i < check->bundle->len; i++) {
                const BundleFile *file = check->bundle->pdata[i];
                if (!g_hash_table_contains(named, file->name))
                        wrong(check, "%s: not in the manifest", file->name);
        }
}

/* --- the logs of the command line --- */

static Log *log_new(const char *path, const char *name) {
        return g_memdup2(&(Log){ g_strdup(path), g_strdup(name) }, sizeof(Log));
}

static void log_free(void *data) {
        Log *log = data;

        g_free(log->path);
        g_free(log->name);
        g_free(log);
}

/* Of two files or two logs that hold the same, the first is as good as the other. */
static void add_log(Check *check, const char *digest, const char *path, const char *name) {
        if (digest && !g_hash_table_contains(check->logs, digest))
                g_hash_table_insert(check->logs, g_strdup(digest), log_new(path, name));
}

/* All digests of the manifest's logs, borrowed. */
static GHashTable *digests_of(const GPtrArray *inputs) {
        GHashTable *digests = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < inputs->len; i++) {
                g_hash_table_add(digests, (void *)text_of(inputs->pdata[i], "sha256"));
                g_hash_table_add(digests, (void *)text_of(inputs->pdata[i], "text_sha256"));
        }
        g_hash_table_remove(digests, "");
        return digests;
}

static size_t common_end(const char *a, const char *b) {
        size_t n = 0, a_len = strlen(a), b_len = strlen(b);

        while (n < a_len && n < b_len && a[a_len - 1 - n] == b[b_len - 1 - n])
                n++;
        return n;
}

/* The log of the manifest whose file has the file name of @path, and the most of its folders; NULL if there is none. */
static const char *namesake_of(const GPtrArray *inputs, const char *path) {
        g_autofree char *mine = g_path_get_basename(path);
        const char *found = NULL;

        for (guint i = 0; i < inputs->len; i++) {
                const char *name = text_of(inputs->pdata[i], "name");
                g_autofree char *file = excerpts_file_of(name), *whole = g_path_get_basename(name), *its = g_path_get_basename(file);
                bool same = g_str_equal(mine, its) || g_str_equal(mine, whole);
                if (same && (!found || common_end(path, name) > common_end(path, found)))
                        found = name;
        }
        return found;
}

/* A file that somebody named is meant to be one of the logs; in a folder there may be others. */
static void tell_unknown(Check *check, const Source *source, const GPtrArray *inputs) {
        const char *namesake = namesake_of(inputs, source->name);

        if (source->from_folder)
                g_hash_table_insert(check->strays, g_path_get_basename(source->name), g_strdup(source->name));
        else if (namesake)
                wrong(check, "%s: not the %s of the bundle, by its SHA-256: it was changed or is another", source->name, namesake);
        else
                wrong(check, "%s: none of the logs of the bundle, by its SHA-256", source->name);
}

static void digest_log(Check *check, const Source *source, const GPtrArray *wanted, GHashTable *digests) {
        g_autoptr(GPtrArray) nothing = g_ptr_array_new(), inputs = g_ptr_array_new_with_free_func(input_free);
        g_autoptr(GError) error = NULL;
        bool known = false;

        if (!excerpts_read(nothing, source, INFLATE_AUTO, inputs, &error)) {
                if (!source->from_folder)
                        wrong(check, "%s", error->message);
                return;
        }
        for (guint i = 0; i < inputs->len; i++) {
                const Input *input = inputs->pdata[i];
                known |= (input->sha256 && g_hash_table_contains(digests, input->sha256)) || g_hash_table_contains(digests, input->text_sha256);
                add_log(check, input->sha256, source->name, NULL);
                add_log(check, input->text_sha256, source->name, input->name);
        }
        if (!known)
                tell_unknown(check, source, wanted);
}

static void digest_logs(Check *check, char **paths) {
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free), sources = sources_find((const char *const *)paths, problems);
        g_autoptr(GPtrArray) inputs = objects_of(check->manifest, "inputs");
        g_autoptr(GHashTable) digests = digests_of(inputs);

        for (guint i = 0; i < problems->len; i++)
                wrong(check, "%s", (char *)problems->pdata[i]);
        for (guint i = 0; i < sources->len; i++) {
                const Source *source = sources->pdata[i];
                if (g_str_equal(source->name, SOURCE_STDIN))
                        wrong(check, "%s: standard input cannot be read twice; name a file", source->name);
                else
                        digest_log(check, source, inputs, digests);
        }
}

/* --- the logs of the bundle --- */

/* Where a log of the bundle is now: among those of the command line, or where it was. NULL: not at hand. Owned by the caller. */
static Log *find_log(const Check *check, JsonObject *input) {
        const char *name = text_of(input, "name");
        bool is_file = g_file_test(name, G_FILE_TEST_IS_REGULAR);
        g_autofree char *file = is_file ? g_strdup(name) : excerpts_file_of(name);
        const Log *given = g_hash_table_lookup(check->logs, text_of(input, "sha256"));

        given = given ? given : g_hash_table_lookup(check->logs, text_of(input, "text_sha256"));
        if (given && given->name)
                return log_new(given->path, given->name);
        if (given) {
                g_autofree char *now = g_strconcat(given->path, name + strlen(file), NULL);
                return log_new(given->path, now);
        }
        return g_file_test(file, G_FILE_TEST_IS_REGULAR) ? log_new(file, name) : NULL;
}

/* The next pseudonym or ellipsis of a redacted text at or behind @at; its length is put to @length. */
static size_t next_pseudonym(Str text, size_t at, size_t *length) {
        for (; at < text.len; at++) {
                size_t end = at;
                if (str_starts(str_slice(text, at, text.len), STR("\xe2\x80\xa6"))) {
                        *length = 3;
                        return at;
                }
                while (end < text.len && char_is_alpha(text.ptr[end]))
                        end++;
                if (end == at || end >= text.len || text.ptr[end] != '-')
                        continue;
                size_t digits = end + 1;
                while (digits < text.len && char_is_digit(text.ptr[digits]))
                        digits++;
                *length = digits - at;
                if (digits > end + 1)
                        return at;
                at = end;
        }
        return SIZE_MAX;
}

/* Does @text become @redacted when some of its parts are replaced? What stands between the pseudonyms must be there, in order. */
static bool fits_redacted(Str text, Str redacted) {
        size_t at = 0, from = 0, length = 0;

        for (;;) {
                size_t pseudonym = next_pseudonym(redacted, from, &length);
                Str piece = str_slice(redacted, from, pseudonym);
                size_t found = from == 0 ? (str_starts(text, piece) ? 0 : SIZE_MAX) : str_find(text, piece, at);

                if (found == SIZE_MAX)
                        return false;
                at = found + piece.len;
                if (pseudonym == SIZE_MAX)
                        return true;
                from = pseudonym + length;
        }
}

static bool is_same(const Check *check, const Excerpt *now, const BundleFile *file, JsonObject *entry) {
        gsize size;
        const char *bytes = g_bytes_get_data(file->content, &size);
        Str then = { bytes, size }, text = { now->text->str, now->text->len };

        if (now->from != count_of(entry, "from") || now->to != count_of(entry, "to"))
                return false;
        return flag_of(check->manifest, "redacted") ? fits_redacted(text, then) : str_equal(text, then);
}

/* Reads the ranges of one log again, where it is now. @entries: those of its excerpts in the manifest. */
static void check_log(Check *check, const char *name, const Log *now, const GPtrArray *entries) {
        g_autoptr(GPtrArray) excerpts = g_ptr_array_new_with_free_func(excerpt_free);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func(input_free);
        Source source = { .name = now->path };

        for (guint i = 0; i < entries->len; i++)
                g_ptr_array_add(excerpts, excerpt_new(now->name, count_of(entries->pdata[i], "first_line"), count_of(entries->pdata[i], "last_line")));
        if (!excerpts_read(excerpts, &source, INFLATE_AUTO, inputs, &error)) {
                wrong(check, "%s", error->message);
                return;
        }
        for (guint i = 0; i < entries->len; i++) {
                const char *excerpt = text_of(entries->pdata[i], "file");
                const BundleFile *file = packet_find(check->bundle, excerpt);
                if (file && is_same(check, excerpts->pdata[i], file, entries->pdata[i]))
                        check->n_found++;
                else
                        wrong(check, "%s: not in %s, lines %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, excerpt, name,
                              (guint64)count_of(entries->pdata[i], "first_line"), (guint64)count_of(entries->pdata[i], "last_line"));
        }
}

static int compare_first_lines(const void *a, const void *b) {
        uint64_t one = count_of(*(JsonObject *const *)a, "first_line"), two = count_of(*(JsonObject *const *)b, "first_line");

        return (one > two) - (one < two);
}

/* A file in a folder of the command line that has its file name is worth a word, though it may be another. */
static void miss_log(Check *check, const char *name, guint n_entries) {
        g_autofree char *file = g_path_get_basename(name);
        const char *stray = g_hash_table_lookup(check->strays, file);

        check->n_missing += n_entries;
        if (stray)
                session_complain("%s: not the %s of the bundle, by its SHA-256, which is not at hand", stray, name);
}

static void check_logs(Check *check) {
        g_autoptr(GPtrArray) inputs = objects_of(check->manifest, "inputs"), excerpts = objects_of(check->manifest, "excerpts");

        for (guint i = 0; i < inputs->len; i++) {
                g_autoptr(GPtrArray) entries = g_ptr_array_new();
                const char *name = text_of(inputs->pdata[i], "name");
                Log *now;

                for (guint j = 0; j < excerpts->len; j++)
                        if (g_str_equal(text_of(excerpts->pdata[j], "source"), name))
                                g_ptr_array_add(entries, excerpts->pdata[j]);
                g_ptr_array_sort(entries, compare_first_lines);
                if (entries->len == 0)
                        continue;
                now = find_log(check, inputs->pdata[i]);
                if (now)
                        check_log(check, name, now, entries);
                else
                        miss_log(check, name, entries->len);
                g_clear_pointer(&now, log_free);
        }
}

/* --- the command --- */

static void check_bundle(Check *check, JsonParser *parser) {
        const BundleFile *manifest = packet_find(check->bundle, EVIDENCE_MANIFEST);
        JsonNode *root;
        gsize size;

        check_seal(check);
        if (!manifest)
                return;
        const char *text = g_bytes_get_data(manifest->content, &size);
        if (size == 0 || !json_depth_is_safe((Str){ text, size }) || !json_parser_load_from_data(parser, text, (gssize)size, NULL) ||
            !(root = json_parser_get_root(parser)) || !JSON_NODE_HOLDS_OBJECT(root) ||
            !g_str_equal(text_of(json_node_get_object(root), "schema"), EVIDENCE_SCHEMA)) {
                wrong(check, "%s: not a manifest of %s", EVIDENCE_MANIFEST, EVIDENCE_SCHEMA);
                return;
        }
        check->manifest = json_node_get_object(root);
        check_files(check);
        digest_logs(check, check->options->paths + 2);
        check_logs(check);
}

static void tell(const Check *check) {
        for (guint i = 0; i < check->wrongs->len; i++)
                session_complain("%s", (char *)check->wrongs->pdata[i]);
        printf("%u files, %u excerpts found in their logs, %u whose log is not at hand, %u wrong\n", check->n_files, check->n_found, check->n_missing,
               check->wrongs->len);
}

int command_evidence(const Options *options) {
        bool usable = options->paths && g_str_equal(options->paths[0], "verify") && options->paths[1];
        Check check = { .options = options };
        g_autoptr(JsonParser) parser = json_parser_new();
        g_autoptr(GPtrArray) bundle = NULL, wrongs = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) logs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, log_free);
        g_autoptr(GHashTable) strays = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(GError) error = NULL;

        if (!usable) {
                session_complain("evidence: say what: verify BUNDLE [LOG...]");
                return EXIT_USAGE;
        }
        check.wrongs = wrongs;
        check.logs = logs;
        check.strays = strays;
        check.bundle = bundle = packet_read(options->paths[1], wrongs, &error);
        if (!bundle) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        check_bundle(&check, parser);
        tell(&check);
        return wrongs->len > 0 ? EXIT_FOUND : EXIT_DONE;
}
