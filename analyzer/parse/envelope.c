/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/envelope.h"

#include "parse/envelope_json.h"
#include "parse/timestamp_formats.h"
#include "parse/timestamp_words.h"

/* Names of containers, pods, hosts and programs are not longer. */
#define NAME_BYTES_MAX 256

static const char *const NAMES[N_ENVELOPES] = {
        "", "docker", "CRI", "compose", "pod", "syslog", "kernel", "message in JSON", "batch in JSON", "journal export",
};

const char *envelope_name(EnvelopeKind kind) {
        return NAMES[kind];
}

uint32_t envelope_writer(Str name, uint32_t seed) {
        uint32_t hash = seed ^ 0x811c9dc5u; /* FNV-1a */

        for (size_t i = 0; i < name.len; i++)
                hash = (hash ^ (uint8_t)name.ptr[i]) * 0x01000193u;
        return hash ? hash : 1;
}

/* The token at @at, up to a blank; moves behind it and the blank. */
static Str take_token(Str line, size_t *at) {
        size_t start = *at, end = start;

        while (end < line.len && line.ptr[end] != ' ')
                end++;
        *at = end + (end < line.len);
        return str_slice(line, start, end);
}

static void set_text(Wrapped *wrapped, Str text) {
        wrapped->text = wrapped->whole = text;
}

/* Kubernetes, "CRI logging format": TIME STREAM TAG[:TAG...] MESSAGE, with P or F as the first tag. */
static bool open_cri(Str line, const TimeContext *time, Wrapped *wrapped) {
        Timestamp stamp;
        Str stream, tag;
        size_t at;

        if (!timestamp_at(line, 0, TIMESTAMP_FORMAT_ISO, time, NULL, &stamp) || str_at(line, stamp.end) != ' ')
                return false;
        at = stamp.end + 1;
        stream = take_token(line, &at);
        if (!str_equal(stream, STR("stdout")) && !str_equal(stream, STR("stderr")))
                return false;
        tag = take_token(line, &at);
        if (tag.len == 0 || (*tag.ptr != 'P' && *tag.ptr != 'F') || (tag.len > 1 && tag.ptr[1] != ':'))
                return false;
        wrapped->time_us = stamp.us;
        wrapped->writer = envelope_writer(stream, 0);
        wrapped->partial = *tag.ptr == 'P';
        set_text(wrapped, str_slice(line, at, line.len));
        return true;
}

static bool is_name_char(char c) {
        return char_is_word(c) || c == '-' || c == '_' || c == '.';
}

static bool open_compose(Str line, Wrapped *wrapped) {
        size_t end = 0, bar;

        while (end < line.len && end < NAME_BYTES_MAX && is_name_char(line.ptr[end]))
                end++;
        bar = end;
        while (str_at(line, bar) == ' ')
                bar++;
        if (end == 0 || bar == end || str_at(line, bar) != '|' || !char_is_alpha(*line.ptr))
                return false;
        if (level_from_word(str_slice(line, 0, end)) != LEVEL_NONE) /* "INFO  | message" */
                return false;
        wrapped->writer = envelope_writer(str_slice(line, 0, end), 0);
        set_text(wrapped, str_slice(line, bar + 1 + (str_at(line, bar + 1) == ' '), line.len));
        return true;
}

static bool open_pod(Str line, Wrapped *wrapped) {
        size_t close;

        if (!str_starts(line, STR("[pod/")) && !str_starts(line, STR("[job/")))
                return false;
        close = str_find(str_slice(line, 0, NAME_BYTES_MAX), STR("] "), 0);
        if (close == SIZE_MAX)
                return false;
        wrapped->writer = envelope_writer(str_slice(line, 0, close), 0);
        set_text(wrapped, str_slice(line, close + 2, line.len));
        return true;
}

/* --- syslog --- */

/* <PRI>, and the version of RFC 5424 behind it. */
static bool skip_priority(Str line, size_t *at, Level *level, bool *is_5424) {
        unsigned value = 0;
        size_t end = 1;

        *level = LEVEL_NONE;
        *is_5424 = false;
        if (str_at(line, 0) != '<')
                return true;
        for (; end <= 3 && char_is_digit(str_at(line, end)); end++)
                value = value * 10 + (unsigned)(line.ptr[end] - '0');
        if (end == 1 || str_at(line, end) != '>')
                return false;
        *level = level_from_syslog(value % 8);
        *at = end + 1;
        *is_5424 = str_at(line, *at) == '1' && str_at(line, *at + 1) == ' ';
        *at += *is_5424 ? 2 : 0;
        return true;
}

/* "Jun  7 09:00:03 ", "Jun  7 2024 09:00:03.123: ", "2024-06-07T09:00:03.123456+02:00 " */
static bool skip_time(Str line, size_t *at) {
        size_t length = 0;
        Str token;

        if (timestamp_month(line, *at, &length) > 0 && length == 3) {
                take_token(line, at);
                while (str_at(line, *at) == ' ')
                        (*at)++;
                take_token(line, at);
                token = take_token(line, at);
                if (token.len == 4 && char_is_digit(*token.ptr))
                        token = take_token(line, at);
                return token.len >= 7 && memchr(token.ptr, ':', token.len) != NULL;
        }
        token = take_token(line, at);
        return token.len >= 19 && token.len <= 35 && char_is_digit(*token.ptr) && token.ptr[4] == '-' && token.ptr[10] == 'T';
}

/* RFC 5424, 6.3: "-" or [id name="value" ...]...; a quote, a bracket and a backslash in a value are escaped. */
static bool skip_structured_data(Str line, size_t *at) {
        if (str_at(line, *at) == '-') {
                (*at)++;
                return true;
        }
        while (str_at(line, *at) == '[') {
                bool quoted = false;

                for (; *at < line.len && (quoted || line.ptr[*at] != ']'); (*at)++) {
                        if (line.ptr[*at] == '\\' && quoted)
                                (*at)++;
                        else if (line.ptr[*at] == '"')
                                quoted = !quoted;
                }
                if (*at >= line.len)
                        return false;
                (*at)++;
        }
        return true;
}

static bool skip_5424(Str line, size_t *at, Str *program, Str *process) {
        take_token(line, at); /* host */
        *program = take_token(line, at);
        *process = take_token(line, at);
        take_token(line, at); /* the message's id */
        if (program->len == 0 || process->len == 0 || !skip_structured_data(line, at))
                return false;
        *at += str_at(line, *at) == ' ';
        if (str_starts(str_slice(line, *at, line.len), STR("\xef\xbb\xbf")))
                *at += 3;
        return true;
}

static bool consists_of(Str token, const char *others) {
        for (size_t i = 0; i < token.len; i++)
                if (!char_is_word(token.ptr[i]) && (token.ptr[i] == '\0' || !strchr(others, token.ptr[i])))
                        return false;
        return token.len > 0;
}

/* "host app[123]: ", "host postfix/smtpd[1]: ", "host app: "; "INFO shop::cart: " is no host. */
static bool skip_tag(Str line, size_t *at, Str *program, Str *process) {
        Str host = take_token(line, at), tag = take_token(line, at);
        size_t end = tag.len, open;

        if (end < 2 || end > NAME_BYTES_MAX || tag.ptr[--end] != ':')
                return false;
        if (host.len < 2 || !consists_of(host, ".:-_") || level_from_word(host) != LEVEL_NONE)
                return false;
        *process = (Str){ tag.ptr + end, 0 };
        open = str_find(str_slice(tag, 0, end), STR("["), 0);
        if (tag.ptr[end - 1] == ']' && open != SIZE_MAX) {
                *process = str_slice(tag, open + 1, end - 1);
                end = open;
        }
        *program = str_slice(tag, 0, end);
        return consists_of(*program, "._-/()@+");
}

/* "[  123.456789] ", "[Fri Jun  7 09:00:03 2024] "; where the text behind it begins, or 0. */
size_t envelope_kernel(Str line) {
        size_t close, first = 1;
        const char *found;

        if (str_at(line, 0) != '[')
                return 0;
        found = memchr(line.ptr, ']', MIN(line.len, 32));
        close = found ? (size_t)(found - line.ptr) : 0;
        while (str_at(line, first) == ' ')
                first++;
        if (close < 8 || str_at(line, close + 1) != ' ')
                return 0;
        if (digits_at(line, first) > 0 && str_at(line, first + digits_at(line, first)) == '.' && digits_at(line, close - 6) >= 6)
                return close + 2;
        return timestamp_weekday(line, 1) == 3 && str_at(line, 4) == ' ' && digits_at(line, close - 4) == 4 ? close + 2 : 0;
}

bool envelope_syslog(Str line, size_t *message, Str *program, Str *process) {
        size_t at = 0;
        Level level;
        bool is_5424;

        if (line.len < 20 || !skip_priority(line, &at, &level, &is_5424) || !skip_time(line, &at))
                return false;
        if (is_5424 ? !skip_5424(line, &at, program, process) : !skip_tag(line, &at, program, process))
                return false;
        at = MIN(at, line.len);
        *message = str_equal(*program, STR("kernel")) ? at + envelope_kernel(str_slice(line, at, line.len)) : at;
        return true;
}

static bool open_kernel(Str line, Wrapped *wrapped) {
        size_t at = envelope_kernel(line);

        wrapped->whole = line;
        wrapped->text = str_slice(line, at, line.len);
        wrapped->writer = envelope_writer(STR("kernel"), 0);
        return at > 0;
}

static bool open_syslog(Str line, Wrapped *wrapped) {
        Str program, process;
        size_t at;

        if (!envelope_syslog(line, &at, &program, &process))
                return false;
        wrapped->whole = line;
        wrapped->text = str_slice(line, at, line.len);
        wrapped->writer = envelope_writer(program, 0);
        if (process.len > 0)
                wrapped->writer = envelope_writer(process, wrapped->writer);
        return true;
}

/* --- all of them --- */

bool envelope_open(EnvelopeKind kind, Str line, const TimeContext *time, GString *scratch, Wrapped *wrapped) {
        *wrapped = (Wrapped){ .time_us = TIME_NONE };
        switch (kind) {
        case ENVELOPE_DOCKER:
                return envelope_open_docker(line, time, scratch, wrapped);
        case ENVELOPE_CRI:
                return open_cri(line, time, wrapped);
        case ENVELOPE_COMPOSE:
                return open_compose(line, wrapped);
        case ENVELOPE_POD:
                return open_pod(line, wrapped);
        case ENVELOPE_SYSLOG:
                return open_syslog(line, wrapped);
        case ENVELOPE_KERNEL:
                return open_kernel(line, wrapped);
        case ENVELOPE_MESSAGE:
                return envelope_open_message(line, time, scratch, wrapped);
        case ENVELOPE_BATCH:
                return envelope_open_batch(line, scratch, wrapped);
        case ENVELOPE_EXPORT:
                return envelope_open_export(line, time, scratch, wrapped);
        case ENVELOPE_NONE:
        case N_ENVELOPES:
                break;
        }
        return false;
}

size_t envelope_record(EnvelopeKind kind, Str text) {
        const char *newline;

        if (kind == ENVELOPE_EXPORT)
                return envelope_export_record(text);
        newline = memchr(text.ptr, '\n', text.len);
        return newline ? (size_t)(newline - text.ptr) + 1 : text.len;
}

/* ECMA-48: CSI is ESC [, parameters, and a final byte of @ to ~; OSC is ESC ], up to BEL or ESC \. */
static size_t escape_length(Str line, size_t at) {
        size_t end = at + 2;
        char kind = str_at(line, at + 1);

        if (kind == '[') {
                while (end < line.len && (uint8_t)line.ptr[end] >= 0x20 && (uint8_t)line.ptr[end] < 0x40)
                        end++;
                return end < line.len && (uint8_t)line.ptr[end] < 0x7f && (uint8_t)line.ptr[end] >= 0x40 ? end + 1 - at : 0;
        }
        if (kind != ']')
                return 0;
        for (; end < line.len && end < at + NAME_BYTES_MAX; end++) {
                if (line.ptr[end] == '\a')
                        return end + 1 - at;
                if (line.ptr[end] == '\033')
                        return end + 2 - at <= line.len - at ? end + 2 - at : 0;
        }
        return 0;
}

size_t envelope_without_colours(Str line, char *out) {
        size_t n = 0, at = 0;

        while (at < line.len) {
                const char *escape = memchr(line.ptr + at, '\033', line.len - at);
                size_t plain = escape ? (size_t)(escape - line.ptr) - at : line.len - at, length;

                memmove(out + n, line.ptr + at, plain);
                n += plain;
                at += plain;
                if (!escape)
                        break;
                length = escape_length(line, at);
                if (length == 0)
                        out[n++] = line.ptr[at++];
                at += length;
        }
        return n;
}
