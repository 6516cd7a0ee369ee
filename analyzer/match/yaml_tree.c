/* SPDX-License-Identifier: Apache-2.0 */
#include "match/yaml_tree.h"

#include "base/error.h"

#include <yaml.h>

struct YamlTree {
        const char *name; /* borrowed, as is what follows, while it is read */
        Str yaml;
        GPtrArray *nodes;           /* owned */
        GStringChunk *strings;      /* owned */
        Node *open[YAML_DEPTH_MAX]; /* the lists and maps not yet closed */
        size_t depth;
        Node *root;
};

bool yaml_error(GError **error, const char *name, unsigned line, unsigned column, const char *message) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_PATTERN, "%s:%u:%u: %s", name, line, column, message);
        return false;
}

static bool tree_error(const YamlTree *tree, yaml_mark_t mark, const char *message, GError **error) {
        return yaml_error(error, tree->name, (unsigned)mark.line + 1, (unsigned)mark.column + 1, message);
}

/* libyaml's reader knows only the offset of a bad byte. */
static yaml_mark_t mark_of_offset(Str yaml, size_t offset) {
        yaml_mark_t mark = { 0 };

        for (size_t i = 0; i < MIN(offset, yaml.len); i++) {
                mark.column++;
                if (yaml.ptr[i] == '\n')
                        mark = (yaml_mark_t){ .line = mark.line + 1 };
        }
        return mark;
}

static bool syntax_error(const YamlTree *tree, const yaml_parser_t *parser, GError **error) {
        g_autofree char *message = NULL;
        yaml_mark_t mark = parser->problem_mark;

        if (parser->error == YAML_READER_ERROR)
                mark = mark_of_offset(tree->yaml, parser->problem_offset);
        message = g_strconcat(parser->problem ? parser->problem : "not YAML", parser->context ? " " : "", parser->context, NULL);
        return tree_error(tree, mark, message, error);
}

static Node *tree_add(YamlTree *tree, NodeKind kind, yaml_mark_t mark) {
        Node *node = g_new0(Node, 1);
        Node *parent = tree->depth ? tree->open[tree->depth - 1] : NULL;

        g_ptr_array_add(tree->nodes, node);
        node->kind = kind;
        node->line = (unsigned)mark.line + 1;
        node->column = (unsigned)mark.column + 1;
        if (!parent)
                tree->root = node;
        else if (parent->last)
                parent->last->next = node;
        else
                parent->first = node;
        if (parent)
                parent->last = node;
        return node;
}

static bool tree_text(YamlTree *tree, const yaml_event_t *event, GError **error) {
        const char *value = (const char *)event->data.scalar.value;
        size_t length = event->data.scalar.length;

        if (memchr(value, '\0', length))
                return tree_error(tree, event->start_mark, "NUL byte in a text", error);
        tree_add(tree, NODE_TEXT, event->start_mark)->text = (Str){ g_string_chunk_insert_len(tree->strings, value, (gssize)length), length };
        return true;
}

static bool tree_open(YamlTree *tree, NodeKind kind, yaml_mark_t mark, GError **error) {
        Node *node;

        if (tree->depth == YAML_DEPTH_MAX)
                return tree_error(tree, mark, "nested too deep for a pack", error);
        node = tree_add(tree, kind, mark);
        tree->open[tree->depth++] = node;
        return true;
}

/* The anchor or tag of an event, if it has one. */
static bool has_extras(const yaml_event_t *event) {
        switch (event->type) {
        case YAML_SCALAR_EVENT:
                return event->data.scalar.anchor || event->data.scalar.tag;
        case YAML_SEQUENCE_START_EVENT:
                return event->data.sequence_start.anchor || event->data.sequence_start.tag;
        case YAML_MAPPING_START_EVENT:
                return event->data.mapping_start.anchor || event->data.mapping_start.tag;
        default:
                return event->type == YAML_ALIAS_EVENT;
        }
}

/* Gives libyaml's event to the tree. */
static bool tree_event(YamlTree *tree, const yaml_event_t *event, GError **error) {
        if (has_extras(event))
                return tree_error(tree, event->start_mark, "anchors, aliases and tags are not part of the format", error);
        if (tree->nodes->len == YAML_NODES_MAX)
                return tree_error(tree, event->start_mark, "too many entries for a pack", error);
        switch (event->type) {
        case YAML_DOCUMENT_START_EVENT:
                return !tree->root || tree_error(tree, event->start_mark, "second document, expected one", error);
        case YAML_SCALAR_EVENT:
                return tree_text(tree, event, error);
        case YAML_SEQUENCE_START_EVENT:
                return tree_open(tree, NODE_LIST, event->start_mark, error);
        case YAML_MAPPING_START_EVENT:
                return tree_open(tree, NODE_MAP, event->start_mark, error);
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
                tree->depth--;
                return true;
        default:
                return true;
        }
}

static bool tree_parse(YamlTree *tree, yaml_parser_t *parser, GError **error) {
        bool ok = true, done = false;

        while (ok && !done) {
                yaml_event_t event;

                if (!yaml_parser_parse(parser, &event))
                        return syntax_error(tree, parser, error);
                ok = tree_event(tree, &event, error);
                done = event.type == YAML_STREAM_END_EVENT;
                yaml_event_delete(&event);
        }
        return ok;
}

static bool tree_fill(YamlTree *tree, GError **error) {
        yaml_parser_t parser;
        bool ok;

        if (tree->yaml.len > YAML_BYTES_MAX)
                return yaml_error(error, tree->name, 1, 1, "larger than 4 MiB");
        if (!yaml_parser_initialize(&parser))
                g_error("libyaml: out of memory");
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, (const unsigned char *)(tree->yaml.len ? tree->yaml.ptr : ""), tree->yaml.len);
        ok = tree_parse(tree, &parser, error);
        yaml_parser_delete(&parser);
        if (ok && !tree->root)
                return yaml_error(error, tree->name, 1, 1, "empty, expected a map");
        return ok;
}

YamlTree *yaml_tree_read(const char *name, Str yaml, GError **error) {
        g_autoptr(YamlTree) tree = g_new0(YamlTree, 1);

        tree->name = name;
        tree->yaml = yaml;
        tree->nodes = g_ptr_array_new_with_free_func(g_free);
        tree->strings = g_string_chunk_new(16 * 1024);
        return tree_fill(tree, error) ? g_steal_pointer(&tree) : NULL;
}

void yaml_tree_free(YamlTree *tree) {
        g_ptr_array_unref(tree->nodes);
        g_string_chunk_free(tree->strings);
        g_free(tree);
}

const Node *yaml_tree_root(const YamlTree *tree) {
        return tree->root;
}

const Node *node_value(const Node *map, const char *key) {
        if (map->kind != NODE_MAP)
                return NULL;
        for (const Node *name = map->first; name; name = name->next->next)
                if (name->kind == NODE_TEXT && g_str_equal(name->text.ptr, key))
                        return name->next;
        return NULL;
}

size_t node_n_items(const Node *node) {
        size_t n = 0;

        for (const Node *item = node->first; item; item = item->next)
                n++;
        return n;
}
