/* SPDX-License-Identifier: Apache-2.0 */
#include "match/vocabulary.h"

#include "match/pack_reader.h"

typedef struct VocabularyRecord {
        const Node *groups, *categories;
} VocabularyRecord;

static const PackKey VOCABULARY_KEYS[] = {
        { "groups", true, read_node, offsetof(VocabularyRecord, groups) },
        { "categories", true, read_node, offsetof(VocabularyRecord, categories) },
        { 0 },
};

static const PackKey CATEGORY_KEYS[] = {
        { "depth", true, read_depth, offsetof(Category, depth) },
        { "title", true, read_prose, offsetof(Category, title) },
        { "leads_to", false, read_list, offsetof(Category, leads_to) },
        { 0 },
};

static bool check_groups(PackReader *reader, const Node *groups) {
        if (!expect_kind(reader, "groups", groups, NODE_MAP))
                return false;
        for (const Node *name = groups->first; name; name = name->next->next) {
                if (!expect_text(reader, "group", name) || !expect_text(reader, "title", name->next))
                        return false;
                if (node_value(groups, name->text.ptr) != name->next)
                        return node_error(reader, name, "group \"%s\" is here twice", name->text.ptr);
        }
        return true;
}

/* Splits "group/kind" and finds the group. */
static bool read_category_id(PackReader *reader, const Node *name, Category *category) {
        size_t slash = str_find(name->text, STR("/"), 0);
        const Node *title;

        if (slash == 0 || slash == SIZE_MAX || slash + 1 == name->text.len)
                return node_error(reader, name, "category \"%s\", expected group/kind", name->text.ptr);
        if (patterns_category(reader->patterns, name->text.ptr))
                return node_error(reader, name, "category \"%s\" is here twice", name->text.ptr);
        category->id = stored(reader, name->text);
        category->group = stored(reader, str_slice(name->text, 0, slash));
        title = node_value(reader->groups, category->group);
        if (!title)
                return node_error(reader, name, "unknown group \"%s\", expected one of `groups`", category->group);
        category->group_title = stored(reader, title->text);
        return true;
}

static bool read_vocabulary_entry(PackReader *reader, const Node *name) {
        Category *category = category_new();

        if (!expect_text(reader, "category", name) || !read_category_id(reader, name, category) ||
            !read_map(reader, "category", CATEGORY_KEYS, name->next, category)) {
                category_free(category);
                return false;
        }
        patterns_add_category(reader->patterns, category);
        return true;
}

/* A category may name one that stands below it. */
static bool check_edges(PackReader *reader, const Node *name) {
        const Category *category = patterns_category(reader->patterns, name->text.ptr);

        for (const char *const *entry = category->leads_to; *entry; entry++)
                if (!patterns_category(reader->patterns, *entry))
                        return node_error(reader, name, "`leads_to` of %s names unknown \"%s\", expected a category", category->id, *entry);
        return true;
}

static bool read_vocabulary(PackReader *reader, const Node *root) {
        VocabularyRecord record = { 0 };

        if (!read_map(reader, "vocabulary", VOCABULARY_KEYS, root, &record) || !check_groups(reader, record.groups) ||
            !expect_kind(reader, "categories", record.categories, NODE_MAP))
                return false;
        reader->groups = record.groups;
        for (const Node *name = record.categories->first; name; name = name->next->next)
                if (!read_vocabulary_entry(reader, name))
                        return false;
        for (const Node *name = record.categories->first; name; name = name->next->next)
                if (!check_edges(reader, name))
                        return false;
        return true;
}

bool vocabulary_load(Patterns *patterns, const char *name, Str yaml, GError **error) {
        PackReader reader = { .name = name, .patterns = patterns, .error = error };
        g_autoptr(YamlTree) tree = yaml_tree_read(name, yaml, error);

        return tree && read_vocabulary(&reader, yaml_tree_root(tree));
}
