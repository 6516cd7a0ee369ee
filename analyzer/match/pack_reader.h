/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Pack reader
 *
 *     YAML tree -> [pack reader] -> records of packs, of the vocabulary, of CRE rules
 *
 * Reads maps by a table of their keys into records, and the values that packs are made of. Every function returns false
 * with an error of LOGSCAN_ERROR_PATTERN that begins with file:line:column and says what was expected.
 */

#include "match/yaml_tree.h"
#include "model/pattern.h"

#define TITLE_CHARS_MAX 72

typedef struct PackReader {
        const char *name; /* borrowed, as is what follows */
        Patterns *patterns;
        GError **error;
        const char *file, *pack, *pack_title; /* owned by the Patterns */
        const Node *groups;                   /* while categories are read */
} PackReader;

/* A key of a map: what reads its value into the record. */
typedef struct PackKey PackKey;
struct PackKey {
        const char *name;
        bool required;
        bool (*read)(PackReader *reader, const PackKey *key, const Node *value, void *field);
        size_t offset; /* of the field in the record */
};

bool node_error(PackReader *reader, const Node *node, const char *format, ...) G_GNUC_PRINTF(3, 4);
bool expect_kind(PackReader *reader, const char *name, const Node *node, NodeKind kind);
bool expect_text(PackReader *reader, const char *name, const Node *node);  /* not blank */
bool expect_items(PackReader *reader, const char *name, const Node *node); /* a list with at least one */

/* A pattern of the reader's pack, not yet among the Patterns. */
Pattern *pack_new_pattern(PackReader *reader);

/* Copied into the Patterns. */
const char *stored(PackReader *reader, Str text);

/* Reads a map with the keys of a table that ends with an empty row. */
bool read_map(PackReader *reader, const char *what, const PackKey *keys, const Node *node, void *record);

/* Readers of values, by the field that they write. */
bool read_node(PackReader *reader, const PackKey *key, const Node *node, void *field);     /* const Node *; anything */
bool read_prose(PackReader *reader, const PackKey *key, const Node *node, void *field);    /* const char * */
bool read_title(PackReader *reader, const PackKey *key, const Node *node, void *field);    /* const char * */
bool read_name(PackReader *reader, const PackKey *key, const Node *node, void *field);     /* const char * */
bool read_list(PackReader *reader, const PackKey *key, const Node *node, void *field);     /* const char **, NULL-terminated; owned */
bool read_category(PackReader *reader, const PackKey *key, const Node *node, void *field); /* const Category * */
bool read_role(PackReader *reader, const PackKey *key, const Node *node, void *field);     /* Role */
bool read_severity(PackReader *reader, const PackKey *key, const Node *node, void *field); /* Severity */
bool read_depth(PackReader *reader, const PackKey *key, const Node *node, void *field);    /* unsigned */

/* read_list() of texts of at least @bytes_min bytes. */
bool read_texts(PackReader *reader, const PackKey *key, const Node *node, size_t bytes_min, void *field);
