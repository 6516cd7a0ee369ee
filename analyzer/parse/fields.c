/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/fields.h"

#include "parse/field_keys.h"
#include "parse/field_names.h"

#include <glib.h>

static void set_field(Fields *fields, FieldKind kind, unsigned rank, Str value) {
        if (fields->value[kind].ptr && fields->rank[kind] <= rank)
                return;
        fields->value[kind] = value;
        fields->rank[kind] = rank;
}

typedef struct Scan {
        Str line;
        size_t at;
        const FieldNames *names; /* NULL: none */
        FieldsOther other;       /* NULL: not asked for */
        void *data;
} Scan;

/* What the log itself was found to call so is better than what other logs do. */
static void add_unknown(const Scan *scan, Fields *fields, Str key, Str value) {
        FieldKind kind;

        if (scan->other)
                scan->other(key, value, scan->data);
        if (scan->names && field_names_find(scan->names, key, &kind)) {
                fields->value[kind] = value;
                fields->rank[kind] = 0;
        }
}

static void add_pair(const Scan *scan, Fields *fields, Str key, Str value) {
        FieldKind kind;
        unsigned rank;

        fields->n++;
        if (field_key_find(key, &kind, &rank))
                set_field(fields, kind, rank, value);
        else if (scan->names || scan->other)
                add_unknown(scan, fields, key, value);
}

static void add_nested(Fields *fields, Str parent, Str key, Str value) {
        FieldKind kind;
        unsigned rank;

        if (field_key_nested(parent, key, &kind, &rank))
                set_field(fields, kind, rank, value);
}

/* --- JSON --- */

static void skip_blanks(Scan *scan) {
        while (scan->at < scan->line.len && (char_is_space(scan->line.ptr[scan->at]) || scan->line.ptr[scan->at] == '\r'))
                scan->at++;
}

static bool take(Scan *scan, char c) {
        skip_blanks(scan);
        if (scan->at >= scan->line.len || scan->line.ptr[scan->at] != c)
                return false;
        scan->at++;
        return true;
}

/* Behind the opening quote; leaves the place behind the closing one. */
static bool take_string(Scan *scan, Str *text) {
        size_t start = scan->at;

        while (scan->at < scan->line.len) {
                char c = scan->line.ptr[scan->at];
                if (c == '"') {
                        *text = str_slice(scan->line, start, scan->at++);
                        return true;
                }
                scan->at += c == '\\' ? 2 : 1;
        }
        return false;
}

/* Passes over an object or array of any depth, by counting; strings within are respected. */
static bool skip_nested(Scan *scan) {
        size_t depth = 0;
        Str ignored;

        while (scan->at < scan->line.len) {
                char c = scan->line.ptr[scan->at++];
                if (c == '"' && !take_string(scan, &ignored))
                        return false;
                if (c == '{' || c == '[')
                        depth++;
                if ((c == '}' || c == ']') && --depth == 0)
                        return true;
        }
        return false;
}

static void take_scalar(Scan *scan, Str *value) {
        size_t start = scan->at;

        while (scan->at < scan->line.len && !strchr(",}] \t\r", scan->line.ptr[scan->at]))
                scan->at++;
        *value = str_slice(scan->line, start, scan->at);
}

/* A field without a value says no more than one that is absent: "error":null is no error. */
static bool is_null(Str scalar) {
        return str_equal(scalar, STR("null"));
}

/* The members of a nested object that NESTED names; what is deeper is passed over. */
static void look_into(Fields *fields, Str parent, Str object) {
        Scan scan = { .line = object, .at = 1 };
        Str key, value;

        while (take(&scan, '"') && take_string(&scan, &key) && take(&scan, ':')) {
                skip_blanks(&scan);
                if (scan.at >= object.len)
                        return;
                if (object.ptr[scan.at] == '{' || object.ptr[scan.at] == '[') {
                        if (!skip_nested(&scan))
                                return;
                } else if (take(&scan, '"')) {
                        if (!take_string(&scan, &value))
                                return;
                        add_nested(fields, parent, key, value);
                } else {
                        take_scalar(&scan, &value);
                        if (!is_null(value))
                                add_nested(fields, parent, key, value);
                }
                if (!take(&scan, ','))
                        return;
        }
}

static bool take_value(Scan *scan, Fields *fields, Str key) {
        size_t start;
        Str value;

        skip_blanks(scan);
        start = scan->at;
        if (start >= scan->line.len)
                return false;
        if (scan->line.ptr[start] == '{' || scan->line.ptr[start] == '[') {
                if (!skip_nested(scan))
                        return false;
                value = str_slice(scan->line, start, scan->at);
                if (*value.ptr == '{')
                        look_into(fields, key, value);
                else if (str_equal(key, STR("MESSAGE"))) /* journald writes what is no text as an array of bytes */
                        add_pair(scan, fields, key, value);
                fields->n++;
                return true;
        }
        if (take(scan, '"')) {
                if (!take_string(scan, &value))
                        return false;
        } else {
                take_scalar(scan, &value);
                if (is_null(value)) {
                        fields->n++;
                        return true;
                }
        }
        add_pair(scan, fields, key, value);
        return true;
}

static bool scan_object(Scan *scan, Fields *fields) {
        Str key;

        *fields = (Fields){ 0 };
        if (!take(scan, '{'))
                return false;
        while (take(scan, '"')) {
                if (!take_string(scan, &key) || !take(scan, ':') || !take_value(scan, fields, key))
                        return false;
                if (!take(scan, ','))
                        break;
        }
        return take(scan, '}') && fields->n > 0;
}

bool fields_json(Str line, const FieldNames *names, Fields *fields) {
        Scan scan = { .line = line, .names = names };

        return scan_object(&scan, fields);
}

/* The 4 hex digits at @at, or less; moves behind them. */
static gunichar hex_at(Str string, size_t *at) {
        gunichar c = 0;

        for (unsigned i = 0; i < 4 && *at < string.len && g_ascii_isxdigit(string.ptr[*at]); i++, (*at)++)
                c = c << 4 | (gunichar)g_ascii_xdigit_value(string.ptr[*at]);
        return c;
}

/* RFC 8259, 7. Moves @at behind the digits; half a surrogate pair becomes U+FFFD. */
static size_t unescape_unicode(Str string, size_t *at, char *out) {
        size_t start = *at;
        gunichar c = hex_at(string, at);

        if (*at == start) { /* no digits: U+FFFD would be longer than what it stands for */
                *out = 'u';
                return 1;
        }
        if (c >= 0xd800 && c < 0xdc00 && str_starts(str_slice(string, *at, string.len), STR("\\u"))) {
                size_t behind = *at + 2;
                gunichar low = hex_at(string, &behind);
                if (low >= 0xdc00 && low < 0xe000) {
                        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                        *at = behind;
                }
        }
        return (size_t)g_unichar_to_utf8(c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c, out);
}

size_t fields_unescape_to(Str string, char *out) {
        static const char FROM[] = "bfnrt", TO[] = "\b\f\n\r\t";
        size_t n = 0, at = 0;

        while (at < string.len) {
                const char *escape = memchr(string.ptr + at, '\\', string.len - at), *known;
                size_t plain = escape ? (size_t)(escape - string.ptr) - at : string.len - at;
                char c;

                memcpy(out + n, string.ptr + at, plain);
                n += plain;
                at += plain;
                if (!escape)
                        break;
                if (at + 1 == string.len) {
                        out[n++] = '\\';
                        break;
                }
                c = string.ptr[at + 1];
                at += 2;
                known = c ? strchr(FROM, c) : NULL;
                if (c == 'u')
                        n += unescape_unicode(string, &at, out + n);
                else
                        out[n++] = known ? TO[known - FROM] : c;
        }
        return n;
}

char *fields_unescape(Str string) {
        char *text = g_malloc(string.len + FIELDS_UNESCAPE_SLACK);

        text[fields_unescape_to(string, text)] = '\0';
        return text;
}

/* --- logfmt --- */

static bool is_key_char(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '_' || c == '.' || c == '-' || c == '@';
}

/* A value: quoted with backslash escapes, or up to the next blank. */
static void take_logfmt_value(Scan *scan, Str *value) {
        size_t start = scan->at;

        if (start < scan->line.len && scan->line.ptr[start] == '"') {
                scan->at++;
                if (take_string(scan, value))
                        return;
                scan->at = start;
        }
        while (scan->at < scan->line.len && !char_is_space(scan->line.ptr[scan->at]))
                scan->at++;
        *value = str_slice(scan->line, start, scan->at);
}

static bool take_pair(Scan *scan, Str *key, Str *value) {
        size_t start = scan->at;

        while (scan->at < scan->line.len && is_key_char(scan->line.ptr[scan->at]))
                scan->at++;
        *key = str_slice(scan->line, start, scan->at);
        if (key->len == 0 || scan->at >= scan->line.len || scan->line.ptr[scan->at] != '=')
                return false;
        scan->at++;
        take_logfmt_value(scan, value);
        return true;
}

static void skip_word(Scan *scan) {
        while (scan->at < scan->line.len && !char_is_space(scan->line.ptr[scan->at]))
                scan->at++;
}

static bool scan_pairs(Scan *scan, Fields *fields) {
        Str key, value;

        *fields = (Fields){ 0 };
        for (skip_blanks(scan); scan->at < scan->line.len; skip_blanks(scan)) {
                if (take_pair(scan, &key, &value))
                        add_pair(scan, fields, key, value);
                else if (fields->n == 0)
                        return false;
                else
                        skip_word(scan);
        }
        return fields->n >= FIELDS_PAIRS_MIN;
}

bool fields_logfmt(Str line, const FieldNames *names, Fields *fields) {
        Scan scan = { .line = line, .names = names };

        return scan_pairs(&scan, fields) &&
               (fields->value[FIELD_TIME].ptr || fields->value[FIELD_DATE].ptr || (fields->value[FIELD_LEVEL].ptr && fields->value[FIELD_MESSAGE].ptr));
}

/* --- names that are not known --- */

void fields_others(Str line, FieldsOther other, void *data) {
        Scan scan = { .line = line, .other = other, .data = data };
        Fields fields;

        if (line.len > 0 && *line.ptr == '{')
                scan_object(&scan, &fields);
        else
                scan_pairs(&scan, &fields);
}
