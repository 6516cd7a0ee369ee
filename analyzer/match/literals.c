/* SPDX-License-Identifier: Apache-2.0 */
#include "match/literals.h"

#include "match/literal_sets.h"

/*
 * What the parser does not know ends it (`failed`): a wrong literal would hide matches, a missing
 * one only asks for `literals:` in the pack.
 */

/* Groups nested deeper than this are given up; it bounds the recursion. */
#define NEST_MAX 16

/* A class of more bytes than this, after lower-casing, is any byte. */
#define CLASS_MAX 4

typedef struct Parser {
        const char *at; /* ends with NUL */
        bool failed;
        bool quoted;   /* between \Q and \E */
        bool caseless; /* (?i) */
        unsigned depth;
        LiteralParts parts;
} Parser;

static LiteralPart parse_alternatives(Parser *parser);

static LiteralPart fail(Parser *parser) {
        parser->failed = true;
        return parser->parts.any;
}

static LiteralPart part_byte(Parser *parser, char byte) {
        char *text;

        /* A NUL would end the literal, and PCRE2 could fold a byte above 127 by its tables. */
        if (byte == '\0' || (parser->caseless && (unsigned char)byte >= 0x80))
                return parser->parts.any;
        text = literal_keep(&parser->parts, g_malloc0(2));
        text[0] = char_lower(byte);
        return part_exact(literal_set_of(&parser->parts, (Str){ text, 1 }));
}

/* --- Quantifiers --- */

static bool skip(Parser *parser, const char *prefix) {
        size_t length = strlen(prefix);

        if (strncmp(parser->at, prefix, length) != 0)
                return false;
        parser->at += length;
        return true;
}

/* From behind "(?#". */
static bool skip_comment(Parser *parser) {
        const char *end = strchr(parser->at, ')');

        if (!end)
                parser->failed = true;
        else
                parser->at = end + 1;
        return end != NULL;
}

/* What may stand between a part and its quantifier without a meaning. */
static void skip_nothing(Parser *parser) {
        if (parser->quoted && skip(parser, "\\E"))
                parser->quoted = false;
        while (!parser->quoted && !parser->failed)
                if (!skip(parser, "\\E") && !skip(parser, "\\Q\\E") && !(skip(parser, "(?#") && skip_comment(parser)))
                        return;
}

static bool read_number(const char **at, size_t *number) {
        const char *start = *at;

        for (*number = 0; char_is_digit(**at) && *at - start < 6; (*at)++)
                *number = *number * 10 + (size_t)(**at - '0');
        return *at > start;
}

/* Reads "n}", "n,}" or "n,m}" from behind a brace; anything else leaves @parser where it is. */
static bool read_bounds(Parser *parser, size_t *min, size_t *max) {
        const char *at = parser->at;

        if (!read_number(&at, min))
                return false;
        *max = *min;
        if (*at == ',') {
                at++;
                if (!read_number(&at, max))
                        *max = SIZE_MAX;
        }
        if (*at != '}')
                return false;
        parser->at = at + 1;
        return true;
}

static bool read_quantifier(Parser *parser, size_t *min, size_t *max) {
        static const struct {
                char sign;
                size_t min, max;
        } SIGNS[] = { { '?', 0, 1 }, { '*', 0, SIZE_MAX }, { '+', 1, SIZE_MAX } };

        for (size_t i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
                if (*parser->at == SIGNS[i].sign) {
                        parser->at++;
                        *min = SIGNS[i].min;
                        *max = SIGNS[i].max;
                        return true;
                }
        }
        if (*parser->at != '{')
                return false;
        parser->at++;
        if (read_bounds(parser, min, max))
                return true;
        parser->at--;
        return false;
}

static LiteralPart parse_quantifiers(Parser *parser, LiteralPart part) {
        size_t min, max;

        skip_nothing(parser);
        while (!parser->quoted && !parser->failed && read_quantifier(parser, &min, &max)) {
                if (*parser->at == '?' || *parser->at == '+') /* lazy, possessive */
                        parser->at++;
                part = part_repeat(&parser->parts, part, min, max);
                skip_nothing(parser);
        }
        return part;
}

/* --- Escapes --- */

typedef enum { ESCAPE_BYTE, ESCAPE_ANY, ESCAPE_EMPTY, ESCAPE_UNKNOWN } EscapeKind;

static EscapeKind read_hex(Parser *parser, char *byte) {
        bool braced = skip(parser, "{");
        unsigned value = 0, n = 0;

        for (; g_ascii_isxdigit(*parser->at) && n < 2; n++)
                value = value * 16 + (unsigned)g_ascii_xdigit_value(*parser->at++);
        if (n == 0 || (braced && !skip(parser, "}")))
                return ESCAPE_UNKNOWN;
        *byte = (char)value;
        return ESCAPE_BYTE;
}

/* From behind "\p". */
static EscapeKind read_property(Parser *parser) {
        const char *end = *parser->at == '{' ? strchr(parser->at, '}') : parser->at;

        if (!end || *end == '\0')
                return ESCAPE_UNKNOWN;
        parser->at = end + 1;
        return ESCAPE_ANY;
}

/*
 * Reads the escape behind a backslash. What it does not list is a reference, a number in octal or a
 * later invention.
 */
static EscapeKind read_escape(Parser *parser, char *byte) {
        static const char CONTROL[] = "n\nr\rt\tf\fe\033a\a";
        char c = *parser->at;

        if (c == '\0')
                return ESCAPE_UNKNOWN;
        parser->at++;
        *byte = c;
        if (!g_ascii_isalnum(c))
                return ESCAPE_BYTE;
        for (const char *control = CONTROL; *control; control += 2) {
                if (c == control[0]) {
                        *byte = control[1];
                        return ESCAPE_BYTE;
                }
        }
        if (c == 'x')
                return read_hex(parser, byte);
        if (c == 'p' || c == 'P')
                return read_property(parser);
        if (strchr("bBAZzGK", c))
                return ESCAPE_EMPTY;
        if (c == 'N' && *parser->at == '{')
                return ESCAPE_UNKNOWN;
        return strchr("dDwWsShHvVNRX", c) ? ESCAPE_ANY : ESCAPE_UNKNOWN;
}

static LiteralPart parse_escape(Parser *parser) {
        char byte = 0;

        switch (read_escape(parser, &byte)) {
        case ESCAPE_BYTE:
                return part_byte(parser, byte);
        case ESCAPE_ANY:
                return parser->parts.any;
        case ESCAPE_EMPTY:
                return parser->parts.empty;
        default:
                return fail(parser);
        }
}

/* --- Classes --- */

typedef struct Class {
        bool bytes[256];
        bool wide; /* holds more than bytes tells */
} Class;

/* Reads "[:name:]" from behind its first bracket. */
static bool read_posix_class(Parser *parser) {
        const char *at = parser->at + 1;

        if (*at == '^')
                at++;
        while (char_is_alpha(*at))
                at++;
        if (strncmp(at, ":]", 2) != 0)
                return false;
        parser->at = at + 2;
        return true;
}

static EscapeKind read_class_escape(Parser *parser, char *byte) {
        if (!skip(parser, "b"))
                return read_escape(parser, byte);
        *byte = '\b'; /* in a class it is the backspace */
        return ESCAPE_BYTE;
}

/* One member of a class: a byte, or any of some bytes. */
static EscapeKind read_member(Parser *parser, char *byte) {
        *byte = *parser->at;
        if (*byte == '\0')
                return ESCAPE_UNKNOWN;
        parser->at++;
        if (*byte == '\\')
                return read_class_escape(parser, byte);
        if (*byte != '[' || *parser->at == '\0' || !strchr(":.=", *parser->at))
                return ESCAPE_BYTE;
        return *parser->at == ':' && read_posix_class(parser) ? ESCAPE_ANY : ESCAPE_UNKNOWN;
}

static void class_add(Class *class, unsigned char from, unsigned char to) {
        for (unsigned byte = from; byte <= to; byte++)
                class->bytes[(unsigned char)char_lower((char)byte)] = true;
}

/* A member, or two with a hyphen between them. */
static void read_range(Parser *parser, Class *class) {
        char from, to;
        EscapeKind first = read_member(parser, &from), last = first;

        to = from;
        if (first != ESCAPE_UNKNOWN && parser->at[0] == '-' && parser->at[1] != ']') {
                parser->at++;
                last = read_member(parser, &to);
        }
        if (first == ESCAPE_BYTE && last == ESCAPE_BYTE)
                class_add(class, (unsigned char)from, (unsigned char)to);
        else
                class->wide = true;
        /* \B and its like have no place here. */
        parser->failed = first >= ESCAPE_EMPTY || last >= ESCAPE_EMPTY;
}

static LiteralPart class_part(Parser *parser, const Class *class) {
        LiteralPart part;
        size_t n = 0;

        for (unsigned byte = 0; byte < 256; byte++)
                n += class->bytes[byte];
        if (class->wide || n == 0 || n > CLASS_MAX)
                return parser->parts.any;
        n = 0;
        for (unsigned byte = 0; byte < 256; byte++) {
                if (!class->bytes[byte])
                        continue;
                LiteralPart one = part_byte(parser, (char)byte);
                part = n++ ? part_or(&parser->parts, part, one) : one;
        }
        return part;
}

/* From behind the bracket. */
static LiteralPart parse_class(Parser *parser) {
        Class class = { .wide = skip(parser, "^") };

        do
                read_range(parser, &class);
        while (!parser->failed && *parser->at != ']');
        if (parser->failed)
                return parser->parts.any;
        parser->at++;
        return class_part(parser, &class);
}

/* --- Groups --- */

typedef enum { GROUP_PART, GROUP_EMPTY, GROUP_FLAGS, GROUP_REFERENCE } GroupKind;

/* Reads a name and its end. */
static bool skip_name(Parser *parser, char end) {
        while (g_ascii_isalnum(*parser->at) || *parser->at == '_')
                parser->at++;
        if (*parser->at != end)
                return false;
        parser->at++;
        return true;
}

/* Reads "i-s:" or "i)". Extended syntax is given up: its blanks and comments mean nothing. */
static bool read_flags(Parser *parser, GroupKind *kind) {
        bool on = true;

        for (; strchr("^-imsnUJ", *parser->at) && *parser->at; parser->at++) {
                if (*parser->at == '-')
                        on = false;
                else if (*parser->at == '^')
                        parser->caseless = false;
                else if (*parser->at == 'i')
                        parser->caseless = on;
        }
        *kind = *parser->at == ')' ? GROUP_FLAGS : GROUP_PART;
        if (*parser->at != ':' && *parser->at != ')')
                return false;
        parser->at++;
        return true;
}

static bool read_group_start(Parser *parser, GroupKind *kind) {
        static const char *const AROUND[] = { "?=", "?!", "?<=", "?<!" };

        *kind = GROUP_PART;
        if (*parser->at == '*')
                return false;
        if (*parser->at != '?')
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(AROUND); i++) {
                if (skip(parser, AROUND[i])) {
                        *kind = GROUP_EMPTY;
                        return true;
                }
        }
        if (skip(parser, "?P=")) {
                *kind = GROUP_REFERENCE;
                return skip_name(parser, ')');
        }
        if (skip(parser, "?<") || skip(parser, "?P<"))
                return skip_name(parser, '>');
        if (skip(parser, "?'"))
                return skip_name(parser, '\'');
        if (skip(parser, "?>") || skip(parser, "?|"))
                return true;
        parser->at++;
        return read_flags(parser, kind);
}

/* From behind the parenthesis. */
static LiteralPart parse_group(Parser *parser) {
        bool caseless = parser->caseless;
        GroupKind kind;
        LiteralPart part;

        if (parser->depth == NEST_MAX || !read_group_start(parser, &kind))
                return fail(parser);
        if (kind == GROUP_FLAGS)
                return parser->parts.empty;
        if (kind == GROUP_REFERENCE)
                return parser->parts.any;
        parser->depth++;
        part = parse_alternatives(parser);
        parser->depth--;
        parser->caseless = caseless;
        if (parser->failed || parser->quoted || !skip(parser, ")"))
                return fail(parser);
        return kind == GROUP_EMPTY ? parser->parts.empty : part;
}

/* --- Sequences --- */

static bool is_plain(const Parser *parser) {
        char c = *parser->at;

        if (c == '\0')
                return false;
        if (parser->quoted)
                return c != '\\' || parser->at[1] != 'E';
        return !strchr("\\()|[.^$?*+{", c);
}

/*
 * A brace that is not a quantifier is itself, but for forms that are one in later versions of
 * PCRE2.
 */
static LiteralPart parse_brace(Parser *parser) {
        char next = parser->at[0];

        if (next == ',' || char_is_space(next) || char_is_digit(next))
                return fail(parser);
        return part_byte(parser, '{');
}

static LiteralPart parse_part(Parser *parser) {
        char c = *parser->at++;

        switch (c) {
        case '\\':
                return parse_escape(parser);
        case '(':
                return parse_group(parser);
        case '[':
                return parse_class(parser);
        case '{':
                return parse_brace(parser);
        case '.':
                return parser->parts.any;
        case '^':
        case '$':
                return parser->parts.empty;
        default: /* a quantifier with nothing before it */
                return fail(parser);
        }
}

/* A run of plain bytes, as most of a regex is, up to one that a quantifier may be for. */
static LiteralPart parse_run(Parser *parser) {
        const char *start = parser->at;
        size_t length;

        while (is_plain(parser) && !(parser->caseless && (unsigned char)*parser->at >= 0x80))
                parser->at++;
        length = (size_t)(parser->at - start);
        if (length < 2) {
                parser->at = start + 1;
                return part_byte(parser, *start);
        }
        if (*parser->at && strchr("?*+{\\(", *parser->at)) {
                parser->at--;
                length--;
        }
        return part_exact(literal_set_of(&parser->parts, (Str){ literal_keep(&parser->parts, g_ascii_strdown(start, (gssize)length)), length }));
}

static LiteralPart parse_sequence(Parser *parser) {
        LiteralPart all = parser->parts.empty;

        skip_nothing(parser);
        while (!parser->failed && *parser->at) {
                LiteralPart part;

                if (!parser->quoted && strchr("|)", *parser->at))
                        break;
                if (!parser->quoted && skip(parser, "\\Q"))
                        parser->quoted = true;
                else {
                        part = is_plain(parser) ? parse_run(parser) : parse_part(parser);
                        part = parse_quantifiers(parser, part);
                        all = part_then(&parser->parts, all, part);
                }
        }
        return all;
}

static LiteralPart parse_alternatives(Parser *parser) {
        LiteralPart all = parse_sequence(parser);

        while (!parser->failed && skip(parser, "|"))
                all = part_or(&parser->parts, all, parse_sequence(parser));
        return all;
}

/* --- The regex --- */

bool literals_of_regex(const char *regex, GPtrArray *literals) {
        Parser parser = { .at = regex };
        const LiteralSet *found = NULL;
        LiteralPart all;

        literal_parts_init(&parser.parts);
        all = parse_alternatives(&parser);
        if (!parser.failed && *parser.at == '\0')
                found = part_holds(all);
        for (size_t i = 0; found && i < found->n; i++)
                if (literal_set_needs(found, i))
                        g_ptr_array_add(literals, str_dup(found->items[i]));
        literal_parts_clear(&parser.parts);
        return found != NULL;
}
