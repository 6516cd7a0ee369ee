/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pack_reader.h"

#include "match/nearest.h"

bool node_error(PackReader *reader, const Node *node, const char *format, ...) {
        g_autofree char *message = NULL;
        va_list arguments;

        va_start(arguments, format);
        message = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        return yaml_error(reader->error, reader->name, node->line, node->column, message);
}

Pattern *pack_new_pattern(PackReader *reader) {
        Pattern *pattern = pattern_new();

        pattern->file = reader->file;
        pattern->pack = reader->pack;
        pattern->pack_title = reader->pack_title;
        return pattern;
}

/* --- Maps by their table of keys --- */

bool expect_kind(PackReader *reader, const char *name, const Node *node, NodeKind kind) {
        static const char *const KINDS[] = { "text", "a list", "a map" };

        if (node->kind == kind)
                return true;
        return node_error(reader, node, "`%s` is %s, expected %s", name, KINDS[node->kind], KINDS[kind]);
}

static const PackKey *find_key(const PackKey *keys, const char *name) {
        for (; keys->name; keys++)
                if (g_str_equal(keys->name, name))
                        return keys;
        return NULL;
}

static bool unknown_key(PackReader *reader, const PackKey *keys, const Node *node) {
        g_autoptr(GString) names = g_string_new("one of");
        g_autofree char *help = NULL;
        Nearest nearest = { .wanted = node->text.ptr };

        for (const PackKey *key = keys; key->name; key++) {
                nearest_look(&nearest, key->name);
                g_string_append_printf(names, "%s %s", key == keys ? "" : ",", key->name);
        }
        help = nearest_advice(&nearest, names->str);
        return node_error(reader, node, "unknown key \"%s\", %s", node->text.ptr, help);
}

static bool read_key(PackReader *reader, const PackKey *keys, const Node *name, void *record, unsigned *seen) {
        const PackKey *key;

        if (!expect_kind(reader, "key", name, NODE_TEXT))
                return false;
        key = find_key(keys, name->text.ptr);
        if (!key)
                return unknown_key(reader, keys, name);
        if (*seen & 1u << (key - keys))
                return node_error(reader, name, "`%s` is here twice", key->name);
        *seen |= 1u << (key - keys);
        return key->read(reader, key, name->next, (char *)record + key->offset);
}

bool read_map(PackReader *reader, const char *what, const PackKey *keys, const Node *node, void *record) {
        unsigned seen = 0;

        if (!expect_kind(reader, what, node, NODE_MAP))
                return false;
        for (const Node *name = node->first; name; name = name->next->next)
                if (!read_key(reader, keys, name, record, &seen))
                        return false;
        for (const PackKey *key = keys; key->name; key++)
                if (key->required && !(seen & 1u << (key - keys)))
                        return node_error(reader, node, "%s has no `%s`", what, key->name);
        return true;
}

/* --- Values --- */

const char *stored(PackReader *reader, Str text) {
        return g_string_chunk_insert_len(reader->patterns->strings, text.ptr, (gssize)text.len);
}

bool expect_text(PackReader *reader, const char *name, const Node *node) {
        if (!expect_kind(reader, name, node, NODE_TEXT))
                return false;
        return str_trim(node->text).len > 0 || node_error(reader, node, "`%s` is empty, expected text", name);
}

bool read_node(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        (void)reader;
        (void)key;
        *(const Node **)field = node;
        return true;
}

bool read_prose(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        if (!expect_text(reader, key->name, node))
                return false;
        *(const char **)field = stored(reader, str_trim(node->text));
        return true;
}

bool read_title(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        long length;

        if (!read_prose(reader, key, node, field))
                return false;
        length = g_utf8_strlen(*(const char **)field, -1);
        if (length > TITLE_CHARS_MAX)
                return node_error(reader, node, "`title` has %ld characters, expected at most %d", length, TITLE_CHARS_MAX);
        if (strchr(*(const char **)field, '\n'))
                return node_error(reader, node, "`title` has several lines, expected one");
        if (g_str_has_suffix(*(const char **)field, "."))
                return node_error(reader, node, "`title` ends with a full stop, expected none");
        return true;
}

bool read_name(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        if (!expect_text(reader, key->name, node))
                return false;
        if (strspn(node->text.ptr, "abcdefghijklmnopqrstuvwxyz0123456789-") != node->text.len)
                return node_error(reader, node, "`%s` is \"%s\", expected only a-z, 0-9 and hyphens", key->name, node->text.ptr);
        *(const char **)field = stored(reader, node->text);
        return true;
}

/* Reads one of the words of an enum, @n of them. */
static bool read_word(PackReader *reader, const PackKey *key, const Node *node, const char *(*word)(unsigned), unsigned n, unsigned *value) {
        g_autoptr(GString) words = g_string_new(NULL);
        g_autofree char *help = NULL;
        Nearest nearest = { .wanted = node->text.ptr };

        if (!expect_text(reader, key->name, node))
                return false;
        for (*value = 0; *value < n; (*value)++) {
                if (g_str_equal(node->text.ptr, word(*value)))
                        return true;
                nearest_look(&nearest, word(*value));
                g_string_append_printf(words, "%s%s", *value ? ", " : "", word(*value));
        }
        help = nearest_advice(&nearest, words->str);
        return node_error(reader, node, "unknown %s \"%s\", %s", key->name, node->text.ptr, help);
}

static const char *role_word(unsigned role) {
        return role_name((Role)role);
}

static const char *severity_word(unsigned severity) {
        return severity_name((Severity)severity);
}

bool read_role(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        unsigned role;

        if (!read_word(reader, key, node, role_word, ROLE_RECOVERY + 1, &role))
                return false;
        *(Role *)field = (Role)role;
        return true;
}

bool read_severity(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        unsigned severity;

        if (!read_word(reader, key, node, severity_word, SEVERITY_CRITICAL + 1, &severity))
                return false;
        *(Severity *)field = (Severity)severity;
        return true;
}

/* What the group of a category has, else who tells them all: people have one binary, and no categories.yaml. Owned by the caller. */
static char *expected_categories(const GPtrArray *categories, const char *wanted) {
        g_autoptr(GString) names = g_string_new(NULL);
        const char *slash = strchr(wanted, '/');

        for (guint i = 0; slash && i < categories->len; i++) {
                const char *id = ((const Category *)categories->pdata[i])->id;
                if (strncmp(id, wanted, (size_t)(slash - wanted) + 1) == 0)
                        g_string_append_printf(names, "%s%s", names->len ? ", " : "one of ", id);
        }
        return g_strdup(names->len ? names->str : "one of those that `logscan patterns list` shows");
}

bool read_category(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        g_autofree char *help = NULL, *expected = NULL;
        Nearest nearest = { .wanted = node->text.ptr };
        const Category *category;

        if (!expect_text(reader, key->name, node))
                return false;
        category = patterns_category(reader->patterns, node->text.ptr);
        *(const Category **)field = category;
        if (category)
                return true;
        for (guint i = 0; i < reader->patterns->categories->len; i++)
                nearest_look(&nearest, ((const Category *)reader->patterns->categories->pdata[i])->id);
        expected = expected_categories(reader->patterns->categories, node->text.ptr);
        help = nearest_advice(&nearest, expected);
        return node_error(reader, node, "unknown category \"%s\", %s", node->text.ptr, help);
}

bool read_depth(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        char digit;

        if (!expect_text(reader, key->name, node))
                return false;
        digit = node->text.ptr[0];
        if (node->text.len != 1 || digit < '0' || digit > '0' + CATEGORY_DEPTH_MAX)
                return node_error(reader, node, "`depth` is \"%s\", expected 0 to %d", node->text.ptr, CATEGORY_DEPTH_MAX);
        *(unsigned *)field = (unsigned)(digit - '0');
        return true;
}

/* --- Lists --- */

bool expect_items(PackReader *reader, const char *name, const Node *node) {
        if (!expect_kind(reader, name, node, NODE_LIST))
                return false;
        return node->first || node_error(reader, node, "`%s` is empty, expected at least one", name);
}

bool read_texts(PackReader *reader, const PackKey *key, const Node *node, size_t bytes_min, void *field) {
        const char **texts;
        size_t n = 0;

        if (!expect_items(reader, key->name, node))
                return false;
        /* The record owns it from here on, whatever comes. */
        g_free(*(void **)field);
        *(const char ***)field = texts = g_new0(const char *, node_n_items(node) + 1);
        for (const Node *item = node->first; item; item = item->next) {
                if (!expect_text(reader, key->name, item))
                        return false;
                if (item->text.len < bytes_min)
                        return node_error(reader, item, "\"%s\" has %zu bytes, expected at least %zu", item->text.ptr, item->text.len, bytes_min);
                texts[n++] = stored(reader, item->text);
        }
        return true;
}

bool read_list(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        return read_texts(reader, key, node, 1, field);
}
