/* SPDX-License-Identifier: Apache-2.0 */
#include "report/structured.h"

#include "base/str.h"

#include <string.h>

/* Bytes of a long value that are shown before the match in it. */
#define BEFORE_MATCH_BYTES 60

/* Say when, how bad, where and under which id. */
static const char *const ELSEWHERE[] = {
        "ts",
        "t",
        "time",
        "timestamp",
        "@timestamp",
        "date",
        "datetime",
        "asctime",
        "eventtime",
        "level",
        "lvl",
        "severity",
        "levelname",
        "log.level",
        "loglevel",
        "priority",
        "logger",
        "logger_name",
        "name",
        "thread",
        "thread_name",
        "caller",
        "file",
        "line",
        "source",
        "func",
        "function",
        "module",
        "host",
        "hostname",
        "pid",
        "process",
        "app",
        "service",
        "component",
        "@version",
        "trace",
        "trace_id",
        "traceid",
        "trace.id",
        "span",
        "span_id",
        "spanid",
        "req",
        "rid",
        "reqid",
        "req_id",
        "request",
        "request_id",
        "requestid",
        "correlation_id",
        "correlationid",
        "stream",
        "stack",
        "stacktrace",
        "stack_trace",
        NULL,
};

static const char *const ERRORS[] = { "err", "error", "exception", "exc", "exc_info", "cause", "reason", "error.message", NULL };

typedef struct Pair {
        Str key;
        size_t from;    /* of the key */
        size_t at, end; /* of the value, without quotes */
        bool flat;      /* no object, no list but one of plain values */
} Pair;

static bool is_blank(char c) {
        return c == ' ' || c == '\t' || c == ',';
}

/* Behind the last byte of a string whose first is at @at. */
static size_t string_end(Str line, size_t at) {
        while (at < line.len && line.ptr[at] != '"')
                at += line.ptr[at] == '\\' && at + 1 < line.len ? 2 : 1;
        return MIN(at, line.len);
}

/* Behind an object or a list that begins at @at. */
static size_t nest_end(Str line, size_t at) {
        unsigned depth = 0;

        for (; at < line.len; at++) {
                char c = line.ptr[at];
                if (c == '"')
                        at = string_end(line, at + 1);
                else if (c == '{' || c == '[')
                        depth++;
                else if ((c == '}' || c == ']') && --depth == 0)
                        return at + 1;
        }
        return line.len;
}

/* "[53.52,53.56]" */
static bool is_plain_list(Str list) {
        size_t i = 1;

        while (i < list.len && !strchr("[{", list.ptr[i]))
                i++;
        return *list.ptr == '[' && i == list.len;
}

/* The value at @at; returns where to go on. */
static size_t read_value(Str line, size_t at, const char *ends, Pair *pair) {
        char first = at < line.len ? line.ptr[at] : '\0';
        bool nest = *ends == ',' && (first == '{' || first == '[');

        pair->at = first == '"' ? at + 1 : at;
        if (first == '"')
                pair->end = string_end(line, at + 1);
        else if (nest)
                pair->end = nest_end(line, at);
        else
                for (pair->end = at; pair->end < line.len && !strchr(ends, line.ptr[pair->end]); pair->end++)
                        ;
        pair->flat = !nest || is_plain_list(str_slice(line, pair->at, pair->end));
        return MIN(pair->end + (first == '"'), line.len);
}

/* The next "key": value at the top of an object; false at its end. */
static bool next_json(Str line, size_t *at, Pair *pair) {
        while (*at < line.len && line.ptr[*at] != '"')
                ++*at;
        if (*at >= line.len)
                return false;
        pair->from = *at;
        pair->key = str_slice(line, *at + 1, string_end(line, *at + 1));
        *at += pair->key.len + 2;
        while (*at < line.len && (line.ptr[*at] == ':' || line.ptr[*at] == ' '))
                ++*at;
        *at = read_value(line, *at, ",}", pair);
        return true;
}

/* The next key=value; words that are no pair are passed over. */
static bool next_logfmt(Str line, size_t *at, Pair *pair) {
        while (*at < line.len) {
                size_t from;
                while (*at < line.len && is_blank(line.ptr[*at]))
                        ++*at;
                for (from = *at; *at < line.len && line.ptr[*at] != '=' && !is_blank(line.ptr[*at]); ++*at)
                        ;
                if (*at >= line.len || line.ptr[*at] != '=')
                        continue;
                pair->from = from;
                pair->key = str_slice(line, from, *at);
                *at = read_value(line, *at + 1, " \t", pair);
                return true;
        }
        return false;
}

/* A value without its escapes. */
static void append_value(GString *out, Str value) {
        for (size_t i = 0; i < value.len; i++) {
                char c = value.ptr[i], next = i + 1 < value.len ? value.ptr[i + 1] : '\0';
                if (c != '\\' || next == 'u' || next == '\0') {
                        g_string_append_c(out, c);
                        continue;
                }
                g_string_append_c(out, strchr("nrtbf", next) ? ' ' : next);
                i++;
        }
}

static bool is_logfmt(const char *text, size_t message_at) {
        size_t at = message_at;

        if (at > 0 && text[at - 1] == '"')
                at--;
        return at > 1 && text[at - 1] == '=' && !is_blank(text[at - 2]);
}

/* A status or a number says nothing without its name. */
static bool is_brief(const Pair *pair) {
        return pair->end - pair->at <= STRUCTURED_FIELD_BYTES / 3;
}

static void append_field(GString *rest, Str line, const Pair *pair) {
        Str value = str_slice(line, pair->at, pair->end);
        bool quoted = memchr(value.ptr, ' ', value.len) != NULL;

        if (!pair->flat || value.len == 0 || pair->key.len + value.len > STRUCTURED_FIELD_BYTES || rest->len > STRUCTURED_REST_BYTES ||
            str_equal(value, STR("null")) || str_is_one_of(pair->key, ELSEWHERE))
                return;
        g_string_append_printf(rest, " %.*s=%s", (int)pair->key.len, pair->key.ptr, quoted ? "\"" : "");
        append_value(rest, value);
        if (quoted)
                g_string_append_c(rest, '"');
}

/* What matters of the field that was matched or says what is wrong: all of it, or from a little before the match. */
static void append_matter(GString *out, Str line, const Pair *pair, size_t match, size_t *pivot) {
        size_t from = pair->at;
        bool late = match > from + BEFORE_MATCH_BYTES && match < pair->end;

        if (late) {
                for (from = match - BEFORE_MATCH_BYTES / 4; from < match && !strchr(" n", line.ptr[from - 1]); from++)
                        ;
        }
        g_string_append(out, late ? " … " : ": ");
        *pivot = out->len;
        append_value(out, str_slice(line, from, pair->end));
}

char *structured_say(const Exemplar *exemplar, size_t *pivot) {
        Str line = { exemplar->text, strcspn(exemplar->text, "\n") };
        size_t message_at = exemplar->message_at, message_end = message_at + exemplar->message_len, at = 0;
        size_t match = exemplar->match_len > 0 ? exemplar->match_at : SIZE_MAX;
        size_t match_end = match == SIZE_MAX ? 0 : match + exemplar->match_len;
        bool json = line.len > 0 && *line.ptr == '{', in_message = match < message_end && match_end > message_at, shown = in_message;
        g_autoptr(GString) rest = g_string_new(NULL);
        Pair pair, matter = { .end = 0 };
        GString *out;

        if (exemplar->message_len == 0 || message_end > line.len || (!json && !is_logfmt(exemplar->text, message_at)) ||
            (match != SIZE_MAX ? match >= line.len : exemplar->text[line.len] != '\0'))
                return NULL;
        while (json ? next_json(line, &at, &pair) : next_logfmt(line, &at, &pair)) {
                bool matched = !in_message && match < pair.end && match_end > pair.from;
                shown |= matched;
                if (pair.at <= message_at && message_at < pair.end)
                        continue;
                if ((matched && !is_brief(&pair)) || (matter.end == 0 && pair.flat && pair.end > pair.at && str_is_one_of(pair.key, ERRORS)))
                        matter = pair;
                else
                        append_field(rest, line, &pair);
        }
        if (match != SIZE_MAX && !shown)
                return NULL;
        out = g_string_new(NULL);
        append_value(out, str_slice(line, message_at, message_end));
        *pivot = 0;
        if (matter.end > 0)
                append_matter(out, line, &matter, match, pivot);
        g_string_append_len(out, rest->str, (gssize)rest->len);
        if (in_message)
                *pivot = 0;
        return g_string_free(out, FALSE);
}
