/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * YAML tree
 *
 *     bytes -> [yaml tree] -> packs, CRE rules
 *
 * A YAML document as nodes that know where they stand, so that whoever reads them can say file:line:column. Bounded:
 * YAML_BYTES_MAX bytes, YAML_NODES_MAX nodes, YAML_DEPTH_MAX levels; anchors, aliases and tags are refused, so that a
 * tree is never larger than its text. One document only. Costs one pass of libyaml.
 */

#include "base/str.h"

#include <glib.h>

#define YAML_BYTES_MAX (4 * 1024 * 1024)
#define YAML_NODES_MAX 500000
#define YAML_DEPTH_MAX 24

typedef enum { NODE_TEXT, NODE_LIST, NODE_MAP } NodeKind;

typedef struct Node {
        NodeKind kind;
        unsigned line, column; /* from 1 */
        Str text;              /* ends with NUL, and holds no other */
        struct Node *first;    /* items; in a map keys and values by turns */
        struct Node *last, *next;
} Node;

typedef struct YamlTree YamlTree;

/* Reads a document; @name is the file for messages. Borrows both until it returns. NULL with an error of LOGSCAN_ERROR_PATTERN. */
YamlTree *yaml_tree_read(const char *name, Str yaml, GError **error);
void yaml_tree_free(YamlTree *tree);

/* Never NULL; owned by the tree, as all nodes are. */
const Node *yaml_tree_root(const YamlTree *tree);

/* The value of a key of a map; NULL when there is none, or @map is no map. */
const Node *node_value(const Node *map, const char *key);

/* The items of a list; twice the keys of a map. */
size_t node_n_items(const Node *node);

/* Sets the error "name:line:column: message" and returns false. */
bool yaml_error(GError **error, const char *name, unsigned line, unsigned column, const char *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlTree, yaml_tree_free)
