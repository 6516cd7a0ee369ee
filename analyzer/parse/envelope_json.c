/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/envelope_json.h"

#include "parse/fields.h"
#include "parse/level.h"

/* Copies what @string stands for to the scratch memory. */
static Str unescaped(Str string, GString *scratch) {
        if (memchr(string.ptr, '\\', string.len) == NULL)
                return string;
        g_string_set_size(scratch, string.len + FIELDS_UNESCAPE_SLACK);
        return (Str){ scratch->str, fields_unescape_to(string, scratch->str) };
}

static void set_text(Wrapped *wrapped, Str text) {
        wrapped->text = wrapped->whole = text;
}

static int64_t read_time(Str value, const TimeContext *time) {
        Timestamp stamp;

        if (!value.ptr || (!timestamp_epoch(value, &stamp) && !timestamp_find(value, time, &stamp)))
                return TIME_NONE;
        return stamp.us;
}

/* --- docker --- */

/* The value of "@name": in the short objects that the json-file driver writes, whose names are not escaped. */
static bool docker_string(Str line, Str name, Str *value) {
        size_t at = str_find(line, name, 0), end;

        if (at == SIZE_MAX)
                return false;
        at += name.len;
        for (end = at; end < line.len && line.ptr[end] != '"'; end++)
                end += line.ptr[end] == '\\';
        *value = str_slice(line, at, end);
        return end < line.len;
}

bool envelope_open_docker(Str line, const TimeContext *time, GString *scratch, Wrapped *wrapped) {
        Str text, stream, stamp, rest;

        if (!str_starts(line, STR("{\"log\":\"")) || !docker_string(line, STR("{\"log\":\""), &text))
                return false;
        rest = str_slice(line, (size_t)(text.ptr - line.ptr) + text.len, line.len);
        if (!docker_string(rest, STR("\"stream\":\""), &stream) || !docker_string(rest, STR("\"time\":\""), &stamp))
                return false;
        wrapped->time_us = read_time(stamp, time);
        wrapped->writer = envelope_writer(stream, 0);
        text = unescaped(text, scratch);
        wrapped->partial = text.len == 0 || text.ptr[text.len - 1] != '\n';
        if (!wrapped->partial)
                text.len -= text.len > 1 && text.ptr[text.len - 2] == '\r' ? 2 : 1;
        set_text(wrapped, text);
        return true;
}

/* --- a message in an object --- */

/* journald writes what is no text as [72,105]. */
static Str bytes_of_array(Str array, GString *scratch) {
        g_string_set_size(scratch, 0);
        for (size_t at = 1; at < array.len;) {
                unsigned value = 0;
                size_t start = at;

                while (at < array.len && char_is_digit(array.ptr[at]) && at < start + 3)
                        value = value * 10 + (unsigned)(array.ptr[at++] - '0');
                if (at > start)
                        g_string_append_c(scratch, (char)value);
                else
                        at++;
        }
        return (Str){ scratch->str, scratch->len };
}

static Level level_of(const Fields *fields, Str line) {
        Level level = level_of_fields(fields);

        /* What a service prints gets journald's default priority, which says nothing of the message. */
        if (level == LEVEL_INFO && str_find(line, STR("\"_TRANSPORT\":\"stdout\""), 0) != SIZE_MAX)
                return LEVEL_NONE;
        return level;
}

bool envelope_open_message(Str line, const TimeContext *time, GString *scratch, Wrapped *wrapped) {
        Fields fields;
        Str message;

        if (line.len == 0 || *line.ptr != '{' || !fields_json(line, NULL, &fields) || !fields.value[FIELD_MESSAGE].ptr)
                return false;
        message = fields.value[FIELD_MESSAGE];
        wrapped->time_us = read_time(fields.value[FIELD_TIME].ptr ? fields.value[FIELD_TIME] : fields.value[FIELD_DATE], time);
        wrapped->level = level_of(&fields, line);
        if (fields.value[FIELD_STREAM].ptr)
                wrapped->writer = envelope_writer(fields.value[FIELD_STREAM], 0);
        message = message.len > 1 && *message.ptr == '[' && char_is_digit(message.ptr[1]) ? bytes_of_array(message, scratch) : unescaped(message, scratch);
        while (message.len > 0 && (message.ptr[message.len - 1] == '\n' || message.ptr[message.len - 1] == '\r'))
                message.len--;
        set_text(wrapped, message);
        return true;
}

/* --- many records in an object --- */

/* Keys of arrays whose objects are records of a log. */
static const Str BATCHES[] = {
        { "\"logRecords\":[", 14 },
        { "\"logEvents\":[", 13 },
        { "\"records\":[", 11 },
        { "\"events\":[", 10 },
};

/* The end of the object that begins at @at; its strings are respected. SIZE_MAX if it has none. */
static size_t object_end(Str text, size_t at) {
        size_t depth = 0;
        bool quoted = false;

        for (; at < text.len; at++) {
                char c = text.ptr[at];

                if (quoted) {
                        at += c == '\\';
                        quoted = c != '"';
                } else if (c == '"') {
                        quoted = true;
                } else if (c == '{' || c == '[') {
                        depth++;
                } else if ((c == '}' || c == ']') && --depth == 0) {
                        return at + 1;
                }
        }
        return SIZE_MAX;
}

/* Copies the objects of the array that begins at @at, one to a line; returns the place behind them. */
static size_t copy_objects(Str line, size_t at, GString *scratch) {
        while (at < line.len && line.ptr[at] == '{') {
                size_t end = object_end(line, at);

                if (end == SIZE_MAX)
                        return line.len;
                g_string_append_len(scratch, line.ptr + at, (gssize)(end - at));
                g_string_append_c(scratch, '\n');
                for (at = end; at < line.len && (line.ptr[at] == ',' || char_is_space(line.ptr[at]));)
                        at++;
        }
        return at;
}

bool envelope_open_batch(Str line, GString *scratch, Wrapped *wrapped) {
        if (line.len == 0 || *line.ptr != '{')
                return false;
        g_string_set_size(scratch, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(BATCHES) && scratch->len == 0; i++)
                for (size_t at = str_find(line, BATCHES[i], 0); at != SIZE_MAX; at = str_find(line, BATCHES[i], at))
                        at = copy_objects(line, at + BATCHES[i].len, scratch);
        if (scratch->len == 0)
                return false;
        wrapped->batch = true;
        set_text(wrapped, (Str){ scratch->str, scratch->len - 1 });
        return true;
}

/* --- the journal's export format --- */

/* systemd, "Journal Export Formats": NAME=VALUE, or NAME, a little-endian length of 64 bits and so many bytes. */
static bool take_export_field(Str record, size_t *at, Str *name, Str *value) {
        const char *newline = memchr(record.ptr + *at, '\n', record.len - *at), *equals;
        size_t end = newline ? (size_t)(newline - record.ptr) : record.len;
        Str line = str_slice(record, *at, end);
        uint64_t length;

        if (line.len == 0)
                return false;
        equals = memchr(line.ptr, '=', line.len);
        *name = str_slice(line, 0, equals ? (size_t)(equals - line.ptr) : line.len);
        if (equals) {
                *value = str_slice(line, name->len + 1, line.len);
                *at = MIN(end + 1, record.len);
                return true;
        }
        if (record.len - end < 1 + sizeof(length))
                return false;
        memcpy(&length, record.ptr + end + 1, sizeof(length));
        length = GUINT64_FROM_LE(length);
        end += 1 + sizeof(length);
        if (length > record.len - end)
                return false;
        *value = str_slice(record, end, end + length);
        *at = MIN(end + length + 1, record.len);
        return true;
}

size_t envelope_export_record(Str text) {
        size_t at = 0;
        Str name, value;

        while (at < text.len && text.ptr[at] != '\n' && take_export_field(text, &at, &name, &value))
                ;
        if (at < text.len && text.ptr[at] != '\n') { /* damaged: up to the next line */
                const char *newline = memchr(text.ptr + at, '\n', text.len - at);
                return newline ? (size_t)(newline - text.ptr) + 1 : text.len;
        }
        while (at < text.len && text.ptr[at] == '\n')
                at++;
        return at;
}

bool envelope_open_export(Str record, const TimeContext *time, GString *scratch, Wrapped *wrapped) {
        size_t at = 0;
        bool printed = false, found = false;
        Str name, value;

        (void)scratch;
        while (at < record.len && take_export_field(record, &at, &name, &value)) {
                if (str_equal(name, STR("MESSAGE"))) {
                        set_text(wrapped, str_trim(value));
                        found = true;
                } else if (str_equal(name, STR("__REALTIME_TIMESTAMP"))) {
                        wrapped->time_us = read_time(value, time);
                } else if (str_equal(name, STR("PRIORITY")) && value.len == 1 && char_is_digit(*value.ptr)) {
                        wrapped->level = level_from_syslog((unsigned)(*value.ptr - '0'));
                } else if (str_equal(name, STR("_PID")) || str_equal(name, STR("_SYSTEMD_UNIT"))) {
                        wrapped->writer ^= envelope_writer(value, 0);
                } else if (str_equal(name, STR("_TRANSPORT"))) {
                        printed = str_equal(value, STR("stdout"));
                }
        }
        if (printed && wrapped->level == LEVEL_INFO)
                wrapped->level = LEVEL_NONE;
        return found || (wrapped->time_us != TIME_NONE && (set_text(wrapped, (Str){ record.ptr, 0 }), true));
}
