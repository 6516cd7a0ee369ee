/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/fields.h"

#include <glib.h>

/* Names in order of preference; an earlier row of the same kind wins. */
static const struct {
        Str key;
        FieldKind kind;
} KEYS[] = {
        { { "@timestamp", 10 }, FIELD_TIME },  { { "timestamp", 9 }, FIELD_TIME },
        { { "time", 4 }, FIELD_TIME },         { { "ts", 2 }, FIELD_TIME },
        { { "datetime", 8 }, FIELD_TIME },     { { "date", 4 }, FIELD_TIME },
        { { "$date", 5 }, FIELD_TIME },        { { "@t", 2 }, FIELD_TIME },
        { { "eventTime", 9 }, FIELD_TIME },    { { "asctime", 7 }, FIELD_TIME },
        { { "t", 1 }, FIELD_TIME },            { { "at", 2 }, FIELD_TIME },
        { { "time_local", 10 }, FIELD_TIME },  { { "time_iso8601", 12 }, FIELD_TIME },
        { { "timeMillis", 10 }, FIELD_TIME },  { { "__REALTIME_TIMESTAMP", 20 }, FIELD_TIME },
        { { "logdate", 7 }, FIELD_TIME },      { { "_t", 2 }, FIELD_TIME },
        { { "level", 5 }, FIELD_LEVEL },       { { "log.level", 9 }, FIELD_LEVEL },
        { { "severity", 8 }, FIELD_LEVEL },    { { "lvl", 3 }, FIELD_LEVEL },
        { { "loglevel", 8 }, FIELD_LEVEL },    { { "log_level", 9 }, FIELD_LEVEL },
        { { "levelname", 9 }, FIELD_LEVEL },   { { "severity_text", 13 }, FIELD_LEVEL },
        { { "severityText", 12 }, FIELD_LEVEL }, { { "error_severity", 14 }, FIELD_LEVEL },
        { { "@l", 2 }, FIELD_LEVEL },          { { "s", 1 }, FIELD_LEVEL },
        { { "PRIORITY", 8 }, FIELD_LEVEL },    { { "level_name", 10 }, FIELD_LEVEL },
        { { "message", 7 }, FIELD_MESSAGE },   { { "msg", 3 }, FIELD_MESSAGE },
        { { "MESSAGE", 7 }, FIELD_MESSAGE },   { { "@m", 2 }, FIELD_MESSAGE },
        { { "_msg", 4 }, FIELD_MESSAGE },      { { "textPayload", 11 }, FIELD_MESSAGE },
        { { "short_message", 13 }, FIELD_MESSAGE }, { { "log", 3 }, FIELD_MESSAGE },
        { { "event", 5 }, FIELD_MESSAGE },     { { "text", 4 }, FIELD_MESSAGE },
        { { "body", 4 }, FIELD_MESSAGE },      { { "@mt", 3 }, FIELD_MESSAGE },
        { { "error", 5 }, FIELD_ERROR },       { { "err", 3 }, FIELD_ERROR },
        { { "exception", 9 }, FIELD_ERROR },   { { "error.message", 13 }, FIELD_ERROR },
        { { "errorMessage", 12 }, FIELD_ERROR }, { { "exc_info", 8 }, FIELD_ERROR },
        { { "reason", 6 }, FIELD_ERROR },      { { "cause", 5 }, FIELD_ERROR },
        { { "status", 6 }, FIELD_STATUS },     { { "statusCode", 10 }, FIELD_STATUS },
        { { "status_code", 11 }, FIELD_STATUS }, { { "http.response.status_code", 25 }, FIELD_STATUS },
        { { "st", 2 }, FIELD_STATUS },         { { "code", 4 }, FIELD_STATUS },
};

/* A nested object whose members count as the object's own value: {"err":{"message":...}}, {"t":{"$date":...}}. */
static const struct {
        Str parent, key;
        FieldKind kind;
} NESTED[] = {
        { { "err", 3 }, { "message", 7 }, FIELD_ERROR },
        { { "error", 5 }, { "message", 7 }, FIELD_ERROR },
        { { "exception", 9 }, { "message", 7 }, FIELD_ERROR },
        { { "t", 1 }, { "$date", 5 }, FIELD_TIME },
        { { "log", 3 }, { "level", 5 }, FIELD_LEVEL },
        { { "res", 3 }, { "statusCode", 10 }, FIELD_STATUS },
        { { "response", 8 }, { "status", 6 }, FIELD_STATUS },
        { { "jsonPayload", 11 }, { "message", 7 }, FIELD_MESSAGE },
};

static void set_field(Fields *fields, FieldKind kind, unsigned rank, Str value) {
        if (fields->value[kind].ptr && fields->rank[kind] <= rank)
                return;
        fields->value[kind] = value;
        fields->rank[kind] = rank;
}

static void add_pair(Fields *fields, Str key, Str value) {
        fields->n++;
        for (unsigned i = 0; i < G_N_ELEMENTS(KEYS); i++)
                if (str_equal(KEYS[i].key, key)) {
                        set_field(fields, KEYS[i].kind, i, value);
                        return;
                }
}

static void add_nested(Fields *fields, Str parent, Str key, Str value) {
        for (unsigned i = 0; i < G_N_ELEMENTS(NESTED); i++)
                if (str_equal(NESTED[i].parent, parent) && str_equal(NESTED[i].key, key))
                        set_field(fields, NESTED[i].kind, i, value);
}

/* --- JSON --- */

typedef struct Scan {
        Str line;
        size_t at;
} Scan;

static void skip_blanks(Scan *scan) {
        while (scan->at < scan->line.len &&
               (char_is_space(scan->line.ptr[scan->at]) || scan->line.ptr[scan->at] == '\r'))
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

/* The members of a nested object that NESTED names; what is deeper is passed over. */
static void look_into(Fields *fields, Str parent, Str object) {
        Scan scan = { object, 1 };
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
                if (scan->line.ptr[start] == '{')
                        look_into(fields, key, str_slice(scan->line, start, scan->at));
                fields->n++;
                return true;
        }
        if (take(scan, '"')) {
                if (!take_string(scan, &value))
                        return false;
        } else {
                take_scalar(scan, &value);
        }
        add_pair(fields, key, value);
        return true;
}

bool fields_json(Str line, Fields *fields) {
        Scan scan = { line, 0 };
        Str key;

        *fields = (Fields){ 0 };
        if (!take(&scan, '{'))
                return false;
        while (take(&scan, '"')) {
                if (!take_string(&scan, &key) || !take(&scan, ':') || !take_value(&scan, fields, key))
                        return false;
                if (!take(&scan, ','))
                        break;
        }
        return take(&scan, '}') && fields->n > 0;
}

/* RFC 8259, 7. Returns the place behind the escape that begins at @at; half a surrogate pair becomes U+FFFD. */
static size_t unescape_unicode(Str string, size_t at, GString *text) {
        gunichar c = 0;

        for (unsigned i = 0; i < 4 && at < string.len && g_ascii_isxdigit(string.ptr[at]); i++, at++)
                c = c << 4 | (gunichar)g_ascii_xdigit_value(string.ptr[at]);
        if (c >= 0xd800 && c < 0xdc00 && str_starts(str_slice(string, at, string.len), STR("\\u"))) {
                gunichar low = 0;
                for (unsigned i = 2; i < 6 && at + i < string.len && g_ascii_isxdigit(string.ptr[at + i]); i++)
                        low = low << 4 | (gunichar)g_ascii_xdigit_value(string.ptr[at + i]);
                if (low >= 0xdc00 && low < 0xe000) {
                        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                        at = MIN(at + 6, string.len);
                }
        }
        g_string_append_unichar(text, c == 0 || (c >= 0xd800 && c < 0xe000) ? 0xfffd : c);
        return at;
}

char *fields_unescape(Str string) {
        static const char FROM[] = "bfnrt", TO[] = "\b\f\n\r\t";
        GString *text = g_string_sized_new(string.len);

        for (size_t at = 0; at < string.len;) {
                char c = string.ptr[at++];
                const char *known;

                if (c != '\\' || at == string.len) {
                        g_string_append_c(text, c);
                        continue;
                }
                c = string.ptr[at++];
                known = c ? strchr(FROM, c) : NULL;
                if (c == 'u')
                        at = unescape_unicode(string, at, text);
                else
                        g_string_append_c(text, known ? TO[known - FROM] : c);
        }
        return g_string_free(text, FALSE);
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

bool fields_logfmt(Str line, Fields *fields) {
        Scan scan = { line, 0 };
        Str key, value;

        *fields = (Fields){ 0 };
        for (skip_blanks(&scan); scan.at < line.len; skip_blanks(&scan)) {
                if (take_pair(&scan, &key, &value))
                        add_pair(fields, key, value);
                else if (fields->n == 0)
                        return false;
                else
                        skip_word(&scan);
        }
        return fields->n >= 3 && (fields->value[FIELD_TIME].ptr ||
                                  (fields->value[FIELD_LEVEL].ptr && fields->value[FIELD_MESSAGE].ptr));
}
