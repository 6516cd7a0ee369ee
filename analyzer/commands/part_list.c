/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/part_list.h"

#include "base/error.h"
#include "base/json_depth.h"
#include "model/extent.h"
#include "report/clean.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

bool part_list_write(GString *text, const Source *source, const Range *range, uint64_t bytes) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        g_autoptr(JsonNode) root = NULL;
        g_autofree char *range_text = range_write(range), *line = NULL, *clean = NULL;

        if (!g_utf8_validate(source->name, -1, NULL))
                return false;
        json_builder_begin_object(builder);
        json_builder_set_member_name(builder, "source");
        json_builder_add_string_value(builder, source->name);
        json_builder_set_member_name(builder, "range");
        json_builder_add_string_value(builder, range_text);
        json_builder_set_member_name(builder, "bytes");
        json_builder_add_int_value(builder, (gint64)bytes);
        json_builder_end_object(builder);
        root = json_builder_get_root(builder);
        line = json_to_string(root, FALSE);
        clean = clean_json(line);
        g_string_append(text, clean);
        return true;
}

static Source *source_of(const char *name, const Range *range) {
        Source *source = g_new0(Source, 1);

        source->name = g_strdup(name);
        source->from_folder = range->found;
        source->ranged = !range_is_whole(range);
        source->range = *range;
        return source;
}

static bool wrong_line(const char *path, unsigned number, const char *why, GError **error) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "%s:%u: %s", path, number, why);
        return false;
}

/* --- reading --- */

typedef struct Reading {
        const char *path;
        unsigned number; /* of the line */
        GPtrArray *sources;
        GHashTable *extents; /* of Extents, by name: what was named so far */
} Reading;

static void free_extents(void *extents) {
        extents_clear(extents);
        g_free(extents);
}

static bool is_new(Reading *reading, const char *name, const Range *range) {
        Extents *known = g_hash_table_lookup(reading->extents, name);
        Extent extent = { range->from, range->to, range->to == RANGE_END };

        if (known && extents_overlap(known, &(Extents){ &extent, 1 }))
                return false;
        if (!known) {
                known = g_new0(Extents, 1);
                g_hash_table_insert(reading->extents, g_strdup(name), known);
        }
        extents_add(known, extent);
        return true;
}

static const char *text_of(JsonObject *object, const char *name) {
        JsonNode *node = json_object_get_member(object, name);

        return node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING ? json_node_get_string(node) : NULL;
}

static bool read_line(Reading *reading, const char *line, GError **error) {
        g_autoptr(JsonNode) root = json_depth_is_safe(str_from(line)) ? json_from_string(line, NULL) : NULL;
        const char *name, *text;
        Range range;

        if (!root || !JSON_NODE_HOLDS_OBJECT(root))
                return wrong_line(reading->path, reading->number, "not a part as `logscan parts` prints it", error);
        name = text_of(json_node_get_object(root), "source");
        text = text_of(json_node_get_object(root), "range");
        if (!name || !text || !range_read(text, &range))
                return wrong_line(reading->path, reading->number, "a part has a \"source\" and a \"range\" such as \"0-4096\"", error);
        if (!is_new(reading, name, &range))
                return wrong_line(reading->path, reading->number, "bytes of this part are in one before it", error);
        g_ptr_array_add(reading->sources, source_of(name, &range));
        return true;
}

static bool read_lines(Reading *reading, FILE *file, GError **error) {
        char *line = NULL;
        size_t capacity = 0;
        bool good = true;

        while (good && getline(&line, &capacity, file) >= 0) {
                reading->number++;
                g_strchomp(line);
                good = *line == '\0' || read_line(reading, line, error);
        }
        free(line);
        return good;
}

GPtrArray *part_list_read(const char *path, GError **error) {
        g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
        g_autoptr(GHashTable) extents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_extents);
        bool is_stdin = g_str_equal(path, SOURCE_STDIN), good;
        FILE *file = is_stdin ? stdin : fopen(path, "re");
        Reading reading = { .path = path, .sources = sources, .extents = extents };

        if (!file) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "%s: %s", path, g_strerror(errno));
                return NULL;
        }
        good = read_lines(&reading, file, error);
        if (!is_stdin)
                fclose(file);
        return good ? g_steal_pointer(&sources) : NULL;
}

GPtrArray *part_list_of_range(const char *path, const char *text, GError **error) {
        GPtrArray *sources;
        Range range;

        if (!range_read(text, &range)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--range %s: not a range as `logscan parts` prints it", text);
                return NULL;
        }
        sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
        g_ptr_array_add(sources, source_of(path, &range));
        return sources;
}
