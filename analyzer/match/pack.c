/* SPDX-License-Identifier: Apache-2.0 */
#include "match/pack.h"

#include "base/error.h"
#include "match/literals.h"

#include <yaml.h>

/* The format nests five deep: file, patterns, pattern, match, condition. */
#define NEST_MAX  8
#define NODES_MAX 500000

#define TITLE_CHARS_MAX 72

/* A name that is meant is at most this far from the one that is written. */
#define EDITS_MAX       2
#define EDIT_LENGTH_MAX 64

typedef enum { NODE_TEXT, NODE_LIST, NODE_MAP } NodeKind;

typedef struct Node {
        NodeKind kind;
        unsigned line, column; /* from 1 */
        Str text;              /* owned by the Tree; ends with NUL */
        struct Node *first;    /* items; in a map keys and values by turns */
        struct Node *last, *next;
} Node;

typedef struct Tree {
        const char *name; /* borrowed, as is what follows */
        Str yaml;
        GPtrArray *nodes; /* owned */
        GStringChunk *strings;
        Node *open[NEST_MAX]; /* the lists and maps not yet closed */
        size_t depth;
        Node *root;
} Tree;

typedef struct Reader {
        const char *name; /* borrowed */
        Patterns *patterns;
        GError **error;
        const char *file, *pack, *pack_title; /* owned by the Patterns */
        const Node *groups;                   /* while categories are read */
} Reader;

/* A key of a map: what reads its value into the record. */
typedef struct Key Key;
struct Key {
        const char *name;
        bool required;
        bool (*read)(Reader *reader, const Key *key, const Node *value, void *field);
        size_t offset; /* of the field in the record */
};

/* --- Errors --- */

static bool place_error(GError **error, const char *name, unsigned line, unsigned column,
                        const char *message) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_PATTERN, "%s:%u:%u: %s", name, line, column,
                    message);
        return false;
}

G_GNUC_PRINTF(3, 4)
static bool node_error(Reader *reader, const Node *node, const char *format, ...) {
        g_autofree char *message = NULL;
        va_list arguments;

        va_start(arguments, format);
        message = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        return place_error(reader->error, reader->name, node->line, node->column, message);
}

static unsigned edit_distance(Str a, Str b) {
        unsigned row[EDIT_LENGTH_MAX + 1];

        if (a.len > EDIT_LENGTH_MAX || b.len > EDIT_LENGTH_MAX)
                return UINT_MAX;
        for (unsigned j = 0; j <= b.len; j++)
                row[j] = j;
        for (unsigned i = 1; i <= a.len; i++) {
                unsigned diagonal = row[0];

                row[0] = i;
                for (unsigned j = 1; j <= b.len; j++) {
                        unsigned replaced = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
                        diagonal = row[j];
                        row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
                }
        }
        return row[b.len];
}

/* The nearest of the names looked at; NULL when none is near. */
typedef struct Nearest {
        const char *wanted;
        const char *name;
        unsigned edits;
} Nearest;

static void nearest_look(Nearest *nearest, const char *name) {
        unsigned edits = edit_distance(str_from(nearest->wanted), str_from(name));

        if (edits <= EDITS_MAX && (!nearest->name || edits < nearest->edits)) {
                nearest->name = name;
                nearest->edits = edits;
        }
}

/* "did you mean "x"" or "expected <what>"; owned. */
static char *advice(const Nearest *nearest, const char *expected) {
        return nearest->name ? g_strdup_printf("did you mean \"%s\"?", nearest->name)
                             : g_strdup_printf("expected %s", expected);
}

/* --- YAML to nodes --- */

static bool tree_error(const Tree *tree, yaml_mark_t mark, const char *message, GError **error) {
        return place_error(error, tree->name, (unsigned)mark.line + 1, (unsigned)mark.column + 1,
                           message);
}

/* libyaml's reader knows only the offset of a bad byte. */
static yaml_mark_t mark_of_offset(Str yaml, size_t offset) {
        yaml_mark_t mark = {0};

        for (size_t i = 0; i < MIN(offset, yaml.len); i++) {
                mark.column++;
                if (yaml.ptr[i] == '\n')
                        mark = (yaml_mark_t){.line = mark.line + 1};
        }
        return mark;
}

static bool syntax_error(const Tree *tree, const yaml_parser_t *parser, GError **error) {
        g_autofree char *message = NULL;
        yaml_mark_t mark = parser->problem_mark;

        if (parser->error == YAML_READER_ERROR)
                mark = mark_of_offset(tree->yaml, parser->problem_offset);
        message = g_strconcat(parser->problem ? parser->problem : "not YAML",
                              parser->context ? " " : "", parser->context, NULL);
        return tree_error(tree, mark, message, error);
}

static Node *tree_add(Tree *tree, NodeKind kind, yaml_mark_t mark) {
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

static bool tree_text(Tree *tree, const yaml_event_t *event, GError **error) {
        const char *value = (const char *)event->data.scalar.value;
        size_t length = event->data.scalar.length;

        if (memchr(value, '\0', length))
                return tree_error(tree, event->start_mark, "NUL byte in a text", error);
        tree_add(tree, NODE_TEXT, event->start_mark)->text =
                (Str){g_string_chunk_insert_len(tree->strings, value, (gssize)length), length};
        return true;
}

static bool tree_open(Tree *tree, NodeKind kind, yaml_mark_t mark, GError **error) {
        Node *node;

        if (tree->depth == NEST_MAX)
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

static bool tree_event(Tree *tree, const yaml_event_t *event, GError **error) {
        if (has_extras(event))
                return tree_error(tree, event->start_mark,
                                  "anchors, aliases and tags are not part of the format", error);
        if (tree->nodes->len == NODES_MAX)
                return tree_error(tree, event->start_mark, "too many entries for a pack", error);
        switch (event->type) {
        case YAML_DOCUMENT_START_EVENT:
                return !tree->root ||
                       tree_error(tree, event->start_mark, "second document, expected one", error);
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

static bool tree_parse(Tree *tree, yaml_parser_t *parser, GError **error) {
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

static bool tree_read(Tree *tree, GError **error) {
        yaml_parser_t parser;
        bool ok;

        if (tree->yaml.len > PACK_BYTES_MAX)
                return place_error(error, tree->name, 1, 1, "larger than 4 MiB");
        if (!yaml_parser_initialize(&parser))
                g_error("libyaml: out of memory");
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&parser, (const unsigned char *)tree->yaml.ptr,
                                     tree->yaml.len);
        ok = tree_parse(tree, &parser, error);
        yaml_parser_delete(&parser);
        if (ok && !tree->root)
                return place_error(error, tree->name, 1, 1, "empty, expected a map");
        return ok;
}

static void tree_init(Tree *tree, const char *name, Str yaml) {
        *tree = (Tree){.name = name, .yaml = yaml};
        tree->nodes = g_ptr_array_new_with_free_func(g_free);
        tree->strings = g_string_chunk_new(16 * 1024);
}

static void tree_clear(Tree *tree) {
        g_ptr_array_unref(tree->nodes);
        g_string_chunk_free(tree->strings);
}

/* --- Maps by their table of keys --- */

static bool expect_kind(Reader *reader, const char *name, const Node *node, NodeKind kind) {
        static const char *const KINDS[] = {"text", "a list", "a map"};

        if (node->kind == kind)
                return true;
        return node_error(reader, node, "`%s` is %s, expected %s", name, KINDS[node->kind],
                          KINDS[kind]);
}

static const Key *find_key(const Key *keys, const char *name) {
        for (; keys->name; keys++)
                if (g_str_equal(keys->name, name))
                        return keys;
        return NULL;
}

static bool unknown_key(Reader *reader, const Key *keys, const Node *node) {
        g_autoptr(GString) names = g_string_new("one of");
        g_autofree char *help = NULL;
        Nearest nearest = {.wanted = node->text.ptr};

        for (const Key *key = keys; key->name; key++) {
                nearest_look(&nearest, key->name);
                g_string_append_printf(names, "%s %s", key == keys ? "" : ",", key->name);
        }
        help = advice(&nearest, names->str);
        return node_error(reader, node, "unknown key \"%s\", %s", node->text.ptr, help);
}

static bool read_key(Reader *reader, const Key *keys, const Node *name, void *record,
                     unsigned *seen) {
        const Key *key;

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

/* Reads a map with the keys of a table that ends with an empty row. */
static bool read_map(Reader *reader, const char *what, const Key *keys, const Node *node,
                     void *record) {
        unsigned seen = 0;

        if (!expect_kind(reader, what, node, NODE_MAP))
                return false;
        for (const Node *name = node->first; name; name = name->next->next)
                if (!read_key(reader, keys, name, record, &seen))
                        return false;
        for (const Key *key = keys; key->name; key++)
                if (key->required && !(seen & 1u << (key - keys)))
                        return node_error(reader, node, "%s has no `%s`", what, key->name);
        return true;
}

/* --- Values --- */

static const char *stored(Reader *reader, Str text) {
        return g_string_chunk_insert_len(reader->patterns->strings, text.ptr, (gssize)text.len);
}

/* Text that is not blank. */
static bool expect_text(Reader *reader, const char *name, const Node *node) {
        if (!expect_kind(reader, name, node, NODE_TEXT))
                return false;
        return str_trim(node->text).len > 0 ||
               node_error(reader, node, "`%s` is empty, expected text", name);
}

static bool read_node(Reader *reader, const Key *key, const Node *node, void *field) {
        (void)reader;
        (void)key;
        *(const Node **)field = node;
        return true;
}

static bool read_prose(Reader *reader, const Key *key, const Node *node, void *field) {
        if (!expect_text(reader, key->name, node))
                return false;
        *(const char **)field = stored(reader, str_trim(node->text));
        return true;
}

static bool read_title(Reader *reader, const Key *key, const Node *node, void *field) {
        long length;

        if (!read_prose(reader, key, node, field))
                return false;
        length = g_utf8_strlen(*(const char **)field, -1);
        if (length > TITLE_CHARS_MAX)
                return node_error(reader, node, "`title` has %ld characters, expected at most %d",
                                  length, TITLE_CHARS_MAX);
        if (strchr(*(const char **)field, '\n'))
                return node_error(reader, node, "`title` has several lines, expected one");
        if (g_str_has_suffix(*(const char **)field, "."))
                return node_error(reader, node, "`title` ends with a full stop, expected none");
        return true;
}

static bool read_name(Reader *reader, const Key *key, const Node *node, void *field) {
        if (!expect_text(reader, key->name, node))
                return false;
        if (strspn(node->text.ptr, "abcdefghijklmnopqrstuvwxyz0123456789-") != node->text.len)
                return node_error(reader, node,
                                  "`%s` is \"%s\", expected only a-z, 0-9 and hyphens", key->name,
                                  node->text.ptr);
        *(const char **)field = stored(reader, node->text);
        return true;
}

/* Reads one of the words of an enum, @n of them. */
static bool read_word(Reader *reader, const Key *key, const Node *node,
                      const char *(*word)(unsigned), unsigned n, unsigned *value) {
        g_autoptr(GString) words = g_string_new(NULL);
        g_autofree char *help = NULL;
        Nearest nearest = {.wanted = node->text.ptr};

        if (!expect_text(reader, key->name, node))
                return false;
        for (*value = 0; *value < n; (*value)++) {
                if (g_str_equal(node->text.ptr, word(*value)))
                        return true;
                nearest_look(&nearest, word(*value));
                g_string_append_printf(words, "%s%s", *value ? ", " : "", word(*value));
        }
        help = advice(&nearest, words->str);
        return node_error(reader, node, "unknown %s \"%s\", %s", key->name, node->text.ptr, help);
}

static const char *role_word(unsigned role) {
        return role_name((Role)role);
}

static const char *severity_word(unsigned severity) {
        return severity_name((Severity)severity);
}

static bool read_role(Reader *reader, const Key *key, const Node *node, void *field) {
        unsigned role;

        if (!read_word(reader, key, node, role_word, ROLE_RECOVERY + 1, &role))
                return false;
        *(Role *)field = (Role)role;
        return true;
}

static bool read_severity(Reader *reader, const Key *key, const Node *node, void *field) {
        unsigned severity;

        if (!read_word(reader, key, node, severity_word, SEVERITY_CRITICAL + 1, &severity))
                return false;
        *(Severity *)field = (Severity)severity;
        return true;
}

static bool read_category(Reader *reader, const Key *key, const Node *node, void *field) {
        g_autofree char *help = NULL;
        Nearest nearest = {.wanted = node->text.ptr};
        const Category *category;

        if (!expect_text(reader, key->name, node))
                return false;
        category = patterns_category(reader->patterns, node->text.ptr);
        *(const Category **)field = category;
        if (category)
                return true;
        for (guint i = 0; i < reader->patterns->categories->len; i++)
                nearest_look(&nearest,
                             ((const Category *)reader->patterns->categories->pdata[i])->id);
        help = advice(&nearest, "one of categories.yaml");
        return node_error(reader, node, "unknown category \"%s\", %s", node->text.ptr, help);
}

static bool read_depth(Reader *reader, const Key *key, const Node *node, void *field) {
        char digit;

        if (!expect_text(reader, key->name, node))
                return false;
        digit = node->text.ptr[0];
        if (node->text.len != 1 || digit < '0' || digit > '0' + CATEGORY_DEPTH_MAX)
                return node_error(reader, node, "`depth` is \"%s\", expected 0 to %d",
                                  node->text.ptr, CATEGORY_DEPTH_MAX);
        *(unsigned *)field = (unsigned)(digit - '0');
        return true;
}

/* --- Lists --- */

static size_t count_items(const Node *node) {
        size_t n = 0;

        for (const Node *item = node->first; item; item = item->next)
                n++;
        return n;
}

static bool expect_items(Reader *reader, const char *name, const Node *node) {
        if (!expect_kind(reader, name, node, NODE_LIST))
                return false;
        return node->first ||
               node_error(reader, node, "`%s` is empty, expected at least one", name);
}

static bool read_texts(Reader *reader, const Key *key, const Node *node, size_t bytes_min,
                       void *field) {
        const char **texts;
        size_t n = 0;

        if (!expect_items(reader, key->name, node))
                return false;
        /* The record owns it from here on, whatever comes. */
        g_free(*(void **)field);
        *(const char ***)field = texts = g_new0(const char *, count_items(node) + 1);
        for (const Node *item = node->first; item; item = item->next) {
                if (!expect_text(reader, key->name, item))
                        return false;
                if (item->text.len < bytes_min)
                        return node_error(reader, item,
                                          "\"%s\" has %zu bytes, expected at least %zu",
                                          item->text.ptr, item->text.len, bytes_min);
                texts[n++] = stored(reader, item->text);
        }
        return true;
}

static bool read_list(Reader *reader, const Key *key, const Node *node, void *field) {
        return read_texts(reader, key, node, 1, field);
}

static bool read_literals(Reader *reader, const Key *key, const Node *node, void *field) {
        return read_texts(reader, key, node, LITERAL_MIN, field);
}

/* --- Conditions --- */

typedef struct ConditionRecord {
        const Node *text, *regex;
} ConditionRecord;

static const Key CONDITION_KEYS[] = {
        {"text", false, read_node, offsetof(ConditionRecord, text)},
        {"regex", false, read_node, offsetof(ConditionRecord, regex)},
        {0},
};

static bool read_condition(Reader *reader, const Node *node, Condition *condition) {
        ConditionRecord record = {0};
        const Node *value;

        if (!read_map(reader, "condition", CONDITION_KEYS, node, &record))
                return false;
        if (!record.text == !record.regex)
                return node_error(reader, node,
                                  "condition with %s, expected one of `text` and `regex`",
                                  record.text ? "both" : "neither");
        value = record.text ? record.text : record.regex;
        if (!expect_text(reader, record.text ? "text" : "regex", value))
                return false;
        if (record.text && value->text.len < LITERAL_MIN)
                return node_error(reader, value, "`text` has %zu bytes, expected at least %d",
                                  value->text.len, LITERAL_MIN);
        *condition = (Condition){stored(reader, value->text), record.regex != NULL, value->line,
                                 value->column};
        return true;
}

static bool read_conditions(Reader *reader, const Key *key, const Node *node,
                            Condition **conditions, size_t *n) {
        if (!expect_items(reader, key->name, node))
                return false;
        *conditions = g_new0(Condition, count_items(node));
        for (const Node *item = node->first; item; item = item->next)
                if (!read_condition(reader, item, &(*conditions)[(*n)++]))
                        return false;
        return true;
}

static bool read_match(Reader *reader, const Key *key, const Node *node, void *record) {
        Pattern *pattern = record;

        return read_conditions(reader, key, node, &pattern->match, &pattern->n_match);
}

static bool read_unless(Reader *reader, const Key *key, const Node *node, void *record) {
        Pattern *pattern = record;

        return read_conditions(reader, key, node, &pattern->unless, &pattern->n_unless);
}

/* --- Patterns --- */

static const Key TESTS_KEYS[] = {
        {"match", true, read_list, offsetof(Pattern, tests_match)},
        {"ignore", true, read_list, offsetof(Pattern, tests_ignore)},
        {0},
};

static bool read_tests(Reader *reader, const Key *key, const Node *node, void *record) {
        return read_map(reader, key->name, TESTS_KEYS, node, record);
}

static bool read_id(Reader *reader, const Key *key, const Node *node, void *record) {
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

static const Key PATTERN_KEYS[] = {
        {"id", true, read_id, 0},
        {"title", true, read_title, offsetof(Pattern, title)},
        {"category", true, read_category, offsetof(Pattern, category)},
        {"severity", true, read_severity, offsetof(Pattern, severity)},
        {"role", true, read_role, offsetof(Pattern, role)},
        {"match", true, read_match, 0},
        {"literals", false, read_literals, offsetof(Pattern, literals)},
        {"unless", false, read_unless, 0},
        {"leads_to", false, read_list, offsetof(Pattern, leads_to)},
        {"explain", true, read_prose, offsetof(Pattern, explain)},
        {"checks", false, read_list, offsetof(Pattern, checks)},
        {"fixes", false, read_list, offsetof(Pattern, fixes)},
        {"prevents", false, read_list, offsetof(Pattern, prevents)},
        {"references", false, read_list, offsetof(Pattern, references)},
        {"tests", true, read_tests, 0},
        {0},
};

/* The lists of a Pattern, and which a cause must have. */
static const struct {
        const char *name;
        size_t offset;
        bool of_cause;
} LISTS[] = {
        {"leads_to", offsetof(Pattern, leads_to), true},
        {"checks", offsetof(Pattern, checks), true},
        {"fixes", offsetof(Pattern, fixes), true},
        {"prevents", offsetof(Pattern, prevents), true},
        {"references", offsetof(Pattern, references), true},
        {"literals", offsetof(Pattern, literals), false},
        {"tests", offsetof(Pattern, tests_match), false},
        {"tests", offsetof(Pattern, tests_ignore), false},
};

static const char ***list_field(Pattern *pattern, size_t index) {
        return (const char ***)((char *)pattern + LISTS[index].offset);
}

/* Adds an empty pattern, so that the Patterns own what is read. */
static Pattern *pattern_begin(Reader *reader) {
        Pattern *pattern = g_new0(Pattern, 1);

        pattern->file = reader->file;
        pattern->pack = reader->pack;
        pattern->pack_title = reader->pack_title;
        for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++)
                *list_field(pattern, i) = g_new0(const char *, 1);
        g_ptr_array_add(reader->patterns->items, pattern);
        return pattern;
}

static bool is_middle(const Category *category) {
        return category->depth == 1 || category->depth == 2;
}

static bool check_role(Reader *reader, const Node *node, Pattern *pattern) {
        for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++)
                if (pattern->role == ROLE_CAUSE && LISTS[i].of_cause && !**list_field(pattern, i))
                        return node_error(reader, node, "%s has no `%s`, expected for a cause",
                                          pattern->id, LISTS[i].name);
        if (pattern->role == ROLE_SYMPTOM && is_middle(pattern->category) && !pattern->leads_to[0])
                return node_error(reader, node,
                                  "%s has no `leads_to`, expected for a symptom of depth 1 or 2",
                                  pattern->id);
        return true;
}

/* The last pattern takes the place of one with its id. */
static bool settle_last(Reader *reader) {
        GPtrArray *items = reader->patterns->items;
        guint last = items->len - 1;
        Pattern *pattern = items->pdata[last];

        for (guint i = 0; i < last; i++) {
                Pattern *other = items->pdata[i];

                if (!g_str_equal(other->id, pattern->id))
                        continue;
                if (g_str_equal(other->file, pattern->file))
                        return place_error(reader->error, reader->name, pattern->line,
                                           pattern->column, "this `id` is already in the file");
                items->pdata[i] = pattern;
                items->pdata[last] = other;
                g_ptr_array_remove_index(items, last);
                return true;
        }
        return true;
}

static bool read_pattern(Reader *reader, const Node *node) {
        Pattern *pattern = pattern_begin(reader);

        if (read_map(reader, "pattern", PATTERN_KEYS, node, pattern) &&
            check_role(reader, node, pattern) && settle_last(reader))
                return true;
        g_ptr_array_remove_index(reader->patterns->items, reader->patterns->items->len - 1);
        return false;
}

/* --- Packs --- */

typedef struct PackRecord {
        const char *pack, *title;
        const Node *patterns;
} PackRecord;

static const Key PACK_KEYS[] = {
        {"pack", true, read_name, offsetof(PackRecord, pack)},
        {"title", true, read_prose, offsetof(PackRecord, title)},
        {"patterns", true, read_node, offsetof(PackRecord, patterns)},
        {0},
};

static bool read_pack(Reader *reader, const Node *root) {
        PackRecord record = {0};

        if (!read_map(reader, "pack", PACK_KEYS, root, &record) ||
            !expect_items(reader, "patterns", record.patterns))
                return false;
        reader->file = stored(reader, str_from(reader->name));
        reader->pack = record.pack;
        reader->pack_title = record.title;
        for (const Node *item = record.patterns->first; item; item = item->next)
                if (!read_pattern(reader, item))
                        return false;
        return true;
}

/* --- Categories --- */

typedef struct VocabularyRecord {
        const Node *groups, *categories;
} VocabularyRecord;

static const Key VOCABULARY_KEYS[] = {
        {"groups", true, read_node, offsetof(VocabularyRecord, groups)},
        {"categories", true, read_node, offsetof(VocabularyRecord, categories)},
        {0},
};

static const Key CATEGORY_KEYS[] = {
        {"depth", true, read_depth, offsetof(Category, depth)},
        {"title", true, read_prose, offsetof(Category, title)},
        {0},
};

static const Node *group_title(const Node *groups, const char *group) {
        for (const Node *name = groups->first; name; name = name->next->next)
                if (name->kind == NODE_TEXT && g_str_equal(name->text.ptr, group))
                        return name->next;
        return NULL;
}

static bool check_groups(Reader *reader, const Node *groups) {
        if (!expect_kind(reader, "groups", groups, NODE_MAP))
                return false;
        for (const Node *name = groups->first; name; name = name->next->next) {
                if (!expect_text(reader, "group", name) ||
                    !expect_text(reader, "title", name->next))
                        return false;
                if (group_title(groups, name->text.ptr) != name->next)
                        return node_error(reader, name, "group \"%s\" is here twice",
                                          name->text.ptr);
        }
        return true;
}

/* Splits "group/kind" and finds the group. */
static bool read_category_id(Reader *reader, const Node *name, Category *category) {
        size_t slash = str_find(name->text, STR("/"), 0);
        const Node *title;

        if (slash == 0 || slash == SIZE_MAX || slash + 1 == name->text.len)
                return node_error(reader, name, "category \"%s\", expected group/kind",
                                  name->text.ptr);
        if (patterns_category(reader->patterns, name->text.ptr))
                return node_error(reader, name, "category \"%s\" is here twice", name->text.ptr);
        category->id = stored(reader, name->text);
        category->group = stored(reader, str_slice(name->text, 0, slash));
        title = group_title(reader->groups, category->group);
        if (!title)
                return node_error(reader, name, "unknown group \"%s\", expected one of `groups`",
                                  category->group);
        category->group_title = stored(reader, title->text);
        return true;
}

static bool read_vocabulary_entry(Reader *reader, const Node *name) {
        g_autofree Category *category = g_new0(Category, 1);

        if (!expect_text(reader, "category", name) || !read_category_id(reader, name, category) ||
            !read_map(reader, "category", CATEGORY_KEYS, name->next, category))
                return false;
        g_ptr_array_add(reader->patterns->categories, g_steal_pointer(&category));
        return true;
}

static bool read_vocabulary(Reader *reader, const Node *root) {
        VocabularyRecord record = {0};

        if (!read_map(reader, "vocabulary", VOCABULARY_KEYS, root, &record) ||
            !check_groups(reader, record.groups) ||
            !expect_kind(reader, "categories", record.categories, NODE_MAP))
                return false;
        reader->groups = record.groups;
        for (const Node *name = record.categories->first; name; name = name->next->next)
                if (!read_vocabulary_entry(reader, name))
                        return false;
        return true;
}

/* --- Files --- */

static bool load(Patterns *patterns, const char *name, Str yaml,
                 bool (*read)(Reader *, const Node *), GError **error) {
        Reader reader = {.name = name, .patterns = patterns, .error = error};
        Tree tree;
        bool ok;

        tree_init(&tree, name, yaml);
        ok = tree_read(&tree, error) && read(&reader, tree.root);
        tree_clear(&tree);
        return ok;
}

bool pack_load_categories(Patterns *patterns, const char *name, Str yaml, GError **error) {
        return load(patterns, name, yaml, read_vocabulary, error);
}

bool pack_load(Patterns *patterns, const char *name, Str yaml, GError **error) {
        return load(patterns, name, yaml, read_pack, error);
}

/* --- Edges --- */

static bool edge_error(const Patterns *patterns, const Pattern *pattern, const char *entry,
                       GError **error) {
        g_autofree char *help = NULL, *message = NULL;
        Nearest nearest = {.wanted = entry};

        for (guint i = 0; i < patterns->categories->len; i++)
                nearest_look(&nearest, ((const Category *)patterns->categories->pdata[i])->id);
        for (guint i = 0; i < patterns->items->len; i++)
                nearest_look(&nearest, ((const Pattern *)patterns->items->pdata[i])->id);
        help = advice(&nearest, "a category or the full id of a pattern");
        message = g_strdup_printf("`leads_to` of %s names unknown \"%s\", %s", pattern->id, entry,
                                  help);
        return place_error(error, pattern->file, pattern->line, pattern->column, message);
}

static bool check_edges_of(const Patterns *patterns, GHashTable *known, const Pattern *pattern,
                           GError **error) {
        for (size_t i = 0; pattern->leads_to[i]; i++)
                if (!g_hash_table_contains(known, pattern->leads_to[i]))
                        return edge_error(patterns, pattern, pattern->leads_to[i], error);
        return true;
}

bool pack_check_edges(const Patterns *patterns, GError **error) {
        g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

        for (guint i = 0; i < patterns->categories->len; i++)
                g_hash_table_add(known,
                                 (void *)((const Category *)patterns->categories->pdata[i])->id);
        for (guint i = 0; i < patterns->items->len; i++)
                g_hash_table_add(known, (void *)((const Pattern *)patterns->items->pdata[i])->id);
        for (guint i = 0; i < patterns->items->len; i++)
                if (!check_edges_of(patterns, known, patterns->items->pdata[i], error))
                        return false;
        return true;
}
