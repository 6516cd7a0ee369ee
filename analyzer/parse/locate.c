/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/locate.h"

#include "parse/fields.h"
#include "parse/locate_frames.h"
#include "parse/multiline.h"

#include <glib.h>

static Str first_line_of(Str text) {
        const char *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;

        return str_slice(text, 0, newline ? (size_t)(newline - text.ptr) : text.len);
}

static void set(Str *field, Str value) {
        if (field->len == 0 && value.ptr && value.len > 0 && *value.ptr != '{')
                *field = value;
}

static void use_fields(const Fields *fields, bool json, Place *place) {
        Str trace = fields->value[FIELD_TRACE].ptr ? fields->value[FIELD_TRACE] : fields->value[FIELD_ERROR];
        Str caller = fields->value[FIELD_CALLER];

        place->escaped = json;
        set(&place->logger, fields->value[FIELD_LOGGER]);
        set(&place->thread, fields->value[FIELD_THREAD]);
        set(&place->request, fields->value[FIELD_REQUEST]);
        if (trace.len > 0 && locate_frame(trace, true, &place->file, &place->line))
                return;
        if (caller.len > 0 && !locate_source(caller, &place->file, &place->line)) {
                set(&place->file, caller);
                set(&place->line, fields->value[FIELD_LINE]);
        }
}

/* --- text --- */

static bool is_name_char(char c) {
        return char_is_alpha(c) || char_is_digit(c) || c == '_' || c == '.' || c == '$' || c == '-';
}

/* "o.e.c.r.DiskThresholdMonitor" in brackets is a logger, "AH00124" and "client 10.0.0.5" are neither. */
static Str *kind_of_group(Str name, char open, Place *place) {
        size_t dots = 0;
        bool plain = true;

        for (size_t i = 0; i < name.len; i++) {
                dots += name.ptr[i] == '.';
                plain &= is_name_char(name.ptr[i]);
        }
        if (name.len == 0 || memchr(name.ptr, '=', name.len) || str_starts(name, STR("client ")) || str_starts(name, STR("MY-")) ||
            str_equal(name, STR("InnoDB")) || str_equal(name, STR("Server")))
                return NULL;
        if (open == '(')
                return str_find_nocase(name, STR("thread"), 0) != SIZE_MAX ? &place->thread : NULL;
        if (plain && dots >= 2 && str_find(name, STR("dispatcher"), 0) == SIZE_MAX && char_is_alpha(*name.ptr))
                return &place->logger;
        return char_is_alpha(*name.ptr) || char_is_digit(*name.ptr) ? &place->thread : NULL;
}

/* "[http-nio-8080-exec-1]", "[ReservoirDog, main]", "(Thread-7)": a group at the start that names a thread. */
static size_t take_thread(Str text, Place *place) {
        char close = text.len > 2 && *text.ptr == '[' ? ']' : text.len > 2 && *text.ptr == '(' ? ')' : '\0';
        const char *found = close ? memchr(text.ptr, close, MIN(text.len, 80)) : NULL;
        Str name, *field;

        if (!found)
                return 0;
        name = str_trim(str_slice(text, 1, (size_t)(found - text.ptr)));
        field = kind_of_group(name, *text.ptr, place);
        if (field)
                set(field, name);
        return (size_t)(found - text.ptr) + 1;
}

static size_t skip_blanks(Str text, size_t at) {
        while (at < text.len && (char_is_space(text.ptr[at]) || text.ptr[at] == '-' || text.ptr[at] == '|'))
                at++;
        return at;
}

/* "com.shop.db.Pool - ", "o.s.b.Shop : ", "shop.worker: ", "my_crate::module: " */
static size_t take_logger(Str text, Place *place) {
        size_t end = 0, dots = 0;
        Str behind;

        while (end < text.len && (is_name_char(text.ptr[end]) || (text.ptr[end] == ':' && end + 1 < text.len && text.ptr[end + 1] == ':') ||
                                  (text.ptr[end] == ':' && end > 0 && text.ptr[end - 1] == ':'))) {
                dots += text.ptr[end] == '.' || text.ptr[end] == ':';
                end++;
        }
        behind = str_slice(text, end, text.len);
        if (end < 3 || !char_is_alpha(*text.ptr) || text.ptr[end - 1] == '.')
                return 0;
        if (!(str_starts(behind, STR(" - ")) || (char_is_space(behind.len ? *behind.ptr : 0) && str_starts(str_trim(behind), STR(": "))) ||
              (dots > 0 && str_starts(behind, STR(": ")))))
                return 0;
        set(&place->logger, str_slice(text, 0, end));
        return end;
}

/* request_id=..., traceId: ..., [req-...]: an id under one of the names that FIELD_REQUEST has. */
static void find_request(Str text, Place *place) {
        static const Str KEYS[] = {
                { "request_id", 10 }, { "requestid", 9 },       { "request-id", 10 },    { "trace_id", 8 }, { "traceid", 7 },
                { "trace-id", 8 },    { "correlation_id", 14 }, { "correlationid", 13 }, { "req_id", 6 },   { "[req-", 5 },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++) {
                size_t at = str_find_nocase(text, KEYS[i], 0), start;

                if (at == SIZE_MAX)
                        continue;
                start = at + KEYS[i].len;
                if (*KEYS[i].ptr == '[')
                        start = at + 1;
                else if (start < text.len && (text.ptr[start] == '=' || text.ptr[start] == ':'))
                        start++;
                else
                        continue;
                while (start < text.len && (char_is_space(text.ptr[start]) || text.ptr[start] == '"'))
                        start++;
                for (at = start; at < text.len && (char_is_alpha(text.ptr[at]) || char_is_digit(text.ptr[at]) || text.ptr[at] == '-');)
                        at++;
                if (at >= start + 4) {
                        set(&place->request, str_slice(text, start, at));
                        return;
                }
        }
}

/* Spring Boot writes the process's number and three dashes before the thread. */
static size_t skip_number(Str text) {
        size_t at = 0;

        while (at < text.len && char_is_digit(text.ptr[at]))
                at++;
        return at > 0 && str_starts(str_slice(text, at, text.len), STR(" --- ")) ? at : 0;
}

/* .NET's console logger: "fail: Shop.Cart[0]", and the message below it. */
static bool take_category(const Event *event, Str header, Place *place) {
        size_t at = header.len;

        if (event->message.ptr < header.ptr + header.len)
                return false;
        while (at > 0 && header.ptr[at - 1] != ' ')
                at--;
        place->logger = multiline_category(str_slice(header, at, header.len));
        return place->logger.len > 0;
}

static void read_text(const Event *event, Str header, Place *place) {
        Str message = str_slice(event->message, 0, LOCATE_HEADER_BYTES);
        size_t at = skip_blanks(message, skip_number(message));

        for (unsigned i = 0; i < 3; i++) {
                size_t group = take_thread(str_slice(message, at, message.len), place);

                if (group == 0)
                        break;
                at = skip_blanks(message, at + group);
        }
        if (!take_category(event, header, place))
                take_logger(str_slice(message, at, message.len), place);
        find_request(header, place);
}

static void read_syslog(Str line, Place *place, Str *inner) {
        Str program, process;
        size_t at;

        if (!envelope_syslog(line, &at, &program, &process))
                return;
        *inner = str_slice(line, at, line.len);
        set(&place->logger, program);
        if (!str_equal(process, STR("-")))
                set(&place->thread, process);
}

void locate(const Layout *layout, const Event *event, Place *place) {
        Str line = first_line_of(event->head), inner = line, rest;
        Fields fields;

        *place = (Place){ 0 };
        if (envelopes_last(&layout->envelopes) == ENVELOPE_SYSLOG)
                read_syslog(line, place, &inner);
        if (inner.len > 0 && *inner.ptr == '{' && fields_json(inner, &layout->names, &fields)) {
                place->logger = place->thread = (Str){ inner.ptr, 0 };
                use_fields(&fields, true, place);
        } else if (layout->kind == LAYOUT_LOGFMT && fields_logfmt(inner, &layout->names, &fields)) {
                use_fields(&fields, false, place);
        } else {
                read_text(event, str_slice(inner, 0, LOCATE_HEADER_BYTES), place);
        }
        rest = str_slice(event->head, line.len + 1, event->head.len);
        if (place->file.len == 0 && (rest.len == 0 || !locate_frame(event->head, false, &place->file, &place->line)))
                locate_source(str_slice(inner, 0, LOCATE_HEADER_BYTES), &place->file, &place->line);
}
