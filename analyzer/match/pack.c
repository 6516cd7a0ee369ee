/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pack.h"

#include "match/cre.h"
#include "match/literals.h"
#include "match/nearest.h"
#include "match/pack_reader.h"

/* --- Conditions --- */

typedef struct ConditionRecord {
        const Node *text, *regex;
} ConditionRecord;

static const PackKey CONDITION_KEYS[] = {
        { "text", false, read_node, offsetof(ConditionRecord, text) },
        { "regex", false, read_node, offsetof(ConditionRecord, regex) },
        { 0 },
};

static bool read_condition(PackReader *reader, const Node *node, Condition *condition) {
        ConditionRecord record = { 0 };
        const Node *value;

        if (!read_map(reader, "condition", CONDITION_KEYS, node, &record))
                return false;
        if (!record.text == !record.regex)
                return node_error(reader, node, "condition with %s, expected one of `text` and `regex`", record.text ? "both" : "neither");
        value = record.text ? record.text : record.regex;
        if (!expect_text(reader, record.text ? "text" : "regex", value))
                return false;
        if (record.text && value->text.len < LITERAL_MIN)
                return node_error(reader, value, "`text` has %zu bytes, expected at least %d", value->text.len, LITERAL_MIN);
        *condition = (Condition){ stored(reader, value->text), record.regex ? CONDITION_REGEX : CONDITION_TEXT, value->line, value->column };
        return true;
}

static bool read_conditions(PackReader *reader, const PackKey *key, const Node *node, Condition **conditions, size_t *n) {
        if (!expect_items(reader, key->name, node))
                return false;
        *conditions = g_new0(Condition, node_n_items(node));
        for (const Node *item = node->first; item; item = item->next)
                if (!read_condition(reader, item, &(*conditions)[(*n)++]))
                        return false;
        return true;
}

static bool read_match(PackReader *reader, const PackKey *key, const Node *node, void *record) {
        Pattern *pattern = record;

        return read_conditions(reader, key, node, &pattern->match, &pattern->n_match);
}

static bool read_unless(PackReader *reader, const PackKey *key, const Node *node, void *record) {
        Pattern *pattern = record;

        return read_conditions(reader, key, node, &pattern->unless, &pattern->n_unless);
}

/* --- Patterns --- */

static bool read_literals(PackReader *reader, const PackKey *key, const Node *node, void *field) {
        return read_texts(reader, key, node, LITERAL_MIN, field);
}

static const PackKey TESTS_KEYS[] = {
        { "match", true, read_list, offsetof(Pattern, tests_match) },
        { "ignore", true, read_list, offsetof(Pattern, tests_ignore) },
        { 0 },
};

static bool read_tests(PackReader *reader, const PackKey *key, const Node *node, void *record) {
        return read_map(reader, key->name, TESTS_KEYS, node, record);
}

static bool read_id(PackReader *reader, const PackKey *key, const Node *node, void *record) {
        Pattern *pattern = record;
        g_autofree char *id = NULL;

        if (!read_name(reader, key, node, &pattern->id))
                return false;
        id = g_strconcat(reader->pack, "/", pattern->id, NULL);
        pattern->id = stored(reader, str_from(id));
        pattern->line = node->line;
        pattern->column = node->column;
        return true;
}

static const PackKey PATTERN_KEYS[] = {
        { "id", true, read_id, 0 },
        { "title", true, read_title, offsetof(Pattern, title) },
        { "category", true, read_category, offsetof(Pattern, category) },
        { "severity", true, read_severity, offsetof(Pattern, severity) },
        { "role", true, read_role, offsetof(Pattern, role) },
        { "match", true, read_match, 0 },
        { "literals", false, read_literals, offsetof(Pattern, literals) },
        { "unless", false, read_unless, 0 },
        { "leads_to", false, read_list, offsetof(Pattern, leads_to) },
        { "explain", true, read_prose, offsetof(Pattern, explain) },
        { "checks", false, read_list, offsetof(Pattern, checks) },
        { "fixes", false, read_list, offsetof(Pattern, fixes) },
        { "prevents", false, read_list, offsetof(Pattern, prevents) },
        { "references", false, read_list, offsetof(Pattern, references) },
        { "tests", true, read_tests, 0 },
        { 0 },
};

/* The lists of a Pattern, and which a cause must have. */
static const struct {
        const char *name;
        size_t offset;
        bool of_cause;
} LISTS[] = {
        { "leads_to", offsetof(Pattern, leads_to), true },     { "checks", offsetof(Pattern, checks), true },
        { "fixes", offsetof(Pattern, fixes), true },           { "prevents", offsetof(Pattern, prevents), true },
        { "references", offsetof(Pattern, references), true }, { "literals", offsetof(Pattern, literals), false },
        { "tests", offsetof(Pattern, tests_match), false },    { "tests", offsetof(Pattern, tests_ignore), false },
};

static const char ***list_field(Pattern *pattern, size_t index) {
        return (const char ***)((char *)pattern + LISTS[index].offset);
}

static bool is_middle(const Category *category) {
        return category->depth == 1 || category->depth == 2;
}

static bool check_role(PackReader *reader, const Node *node, Pattern *pattern) {
        for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++)
                if (pattern->role == ROLE_CAUSE && LISTS[i].of_cause && !**list_field(pattern, i))
                        return node_error(reader, node, "%s has no `%s`, expected for a cause", pattern->id, LISTS[i].name);
        if (pattern->role == ROLE_SYMPTOM && is_middle(pattern->category) && !pattern->leads_to[0])
                return node_error(reader, node, "%s has no `leads_to`, expected for a symptom of depth 1 or 2", pattern->id);
        return true;
}

/* An id may replace one of another file, but not one of its own. */
static bool check_id(PackReader *reader, const Pattern *pattern) {
        const Pattern *other = patterns_find(reader->patterns, pattern->id);

        return !other || other->file != reader->file ||
               yaml_error(reader->error, reader->name, pattern->line, pattern->column, "this `id` is already in the file");
}

static bool read_pattern(PackReader *reader, const Node *node) {
        Pattern *pattern = pack_new_pattern(reader);

        if (read_map(reader, "pattern", PATTERN_KEYS, node, pattern) && check_role(reader, node, pattern) && check_id(reader, pattern)) {
                patterns_put(reader->patterns, pattern);
                return true;
        }
        pattern_free(pattern);
        return false;
}

/* --- Patterns that are disabled --- */

static bool has_wildcard(const char *entry) {
        return g_str_has_suffix(entry, "/*");
}

static bool is_meant(const Pattern *pattern, const char *entry) {
        if (!has_wildcard(entry))
                return g_str_equal(pattern->id, entry);
        return strncmp(pattern->id, entry, strlen(entry) - 1) == 0;
}

static void warn_unknown(PackReader *reader, const Node *entry) {
        Nearest nearest = { .wanted = entry->text.ptr };
        g_autofree char *help = NULL;

        for (guint i = 0; i < reader->patterns->items->len; i++)
                nearest_look(&nearest, ((const Pattern *)reader->patterns->items->pdata[i])->id);
        help = nearest_advice(&nearest, "the full id of a pattern of an earlier pack, or PACK/*");
        g_ptr_array_add(reader->patterns->warnings, g_strdup_printf("%s:%u:%u: `disable` names \"%s\", which is not loaded, %s", reader->name, entry->line,
                                                                    entry->column, entry->text.ptr, help));
}

static bool disable(PackReader *reader, const Node *entry) {
        const GPtrArray *items = reader->patterns->items;
        bool found = false;

        if (!expect_text(reader, "disable", entry))
                return false;
        for (guint i = items->len; i > 0; i--) {
                const Pattern *pattern = items->pdata[i - 1];
                if (is_meant(pattern, entry->text.ptr))
                        found |= patterns_remove(reader->patterns, pattern->id);
        }
        if (!found)
                warn_unknown(reader, entry);
        return true;
}

static bool read_disable(PackReader *reader, const Node *list) {
        if (!list)
                return true;
        if (!expect_items(reader, "disable", list))
                return false;
        for (const Node *entry = list->first; entry; entry = entry->next)
                if (!disable(reader, entry))
                        return false;
        return true;
}

/* --- Packs --- */

typedef struct PackRecord {
        const char *pack, *title;
        const Node *patterns, *disable;
} PackRecord;

static const PackKey PACK_KEYS[] = {
        { "pack", true, read_name, offsetof(PackRecord, pack) },
        { "title", true, read_prose, offsetof(PackRecord, title) },
        { "disable", false, read_node, offsetof(PackRecord, disable) },
        { "patterns", false, read_node, offsetof(PackRecord, patterns) },
        { 0 },
};

static bool read_patterns(PackReader *reader, const Node *list) {
        if (!expect_items(reader, "patterns", list))
                return false;
        for (const Node *item = list->first; item; item = item->next)
                if (!read_pattern(reader, item))
                        return false;
        return true;
}

static bool read_pack(PackReader *reader, const Node *root) {
        PackRecord record = { 0 };

        if (!read_map(reader, "pack", PACK_KEYS, root, &record))
                return false;
        if (!record.patterns && !record.disable)
                return node_error(reader, root, "pack has no `patterns`");
        reader->file = stored(reader, str_from(reader->name));
        reader->pack = record.pack;
        reader->pack_title = record.title;
        return read_disable(reader, record.disable) && (!record.patterns || read_patterns(reader, record.patterns));
}

bool pack_load(Patterns *patterns, const char *name, Str yaml, GError **error) {
        PackReader reader = { .name = name, .patterns = patterns, .error = error };
        g_autoptr(YamlTree) tree = yaml_tree_read(name, yaml, error);

        if (!tree)
                return false;
        return cre_is_rules(yaml_tree_root(tree)) ? cre_read(&reader, yaml_tree_root(tree)) : read_pack(&reader, yaml_tree_root(tree));
}

/* --- Edges --- */

static bool edge_error(const Patterns *patterns, const Pattern *pattern, const char *entry, GError **error) {
        g_autofree char *help = NULL, *message = NULL;
        Nearest nearest = { .wanted = entry };

        for (guint i = 0; i < patterns->categories->len; i++)
                nearest_look(&nearest, ((const Category *)patterns->categories->pdata[i])->id);
        for (guint i = 0; i < patterns->items->len; i++)
                nearest_look(&nearest, ((const Pattern *)patterns->items->pdata[i])->id);
        help = nearest_advice(&nearest, "a category or the full id of a pattern");
        message = g_strdup_printf("`leads_to` of %s names unknown \"%s\", %s", pattern->id, entry, help);
        return yaml_error(error, pattern->file, pattern->line, pattern->column, message);
}

static bool check_edges_of(const Patterns *patterns, GHashTable *known, const Pattern *pattern, GError **error) {
        for (size_t i = 0; pattern->leads_to[i]; i++)
                if (!g_hash_table_contains(known, pattern->leads_to[i]))
                        return edge_error(patterns, pattern, pattern->leads_to[i], error);
        return true;
}

bool pack_check_edges(const Patterns *patterns, GError **error) {
        g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < patterns->categories->len; i++)
                g_hash_table_add(known, (void *)((const Category *)patterns->categories->pdata[i])->id);
        for (guint i = 0; i < patterns->items->len; i++)
                g_hash_table_add(known, (void *)((const Pattern *)patterns->items->pdata[i])->id);
        for (guint i = 0; i < patterns->disabled->len; i++)
                g_hash_table_add(known, patterns->disabled->pdata[i]);
        for (guint i = 0; i < patterns->items->len; i++)
                if (!check_edges_of(patterns, known, patterns->items->pdata[i], error))
                        return false;
        return true;
}
