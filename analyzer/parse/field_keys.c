/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/field_keys.h"

#include <glib.h>

/* Sorted by length; the last number is the order of preference among the names of one kind. */
static const struct {
        Str name;
        FieldKind kind;
        unsigned rank;
} KEYS[] = {
        { { "t", 1 }, FIELD_TIME, 10 },
        { { "s", 1 }, FIELD_LEVEL, 11 },
        { { "c", 1 }, FIELD_LOGGER, 9 },
        { { "ts", 2 }, FIELD_TIME, 3 },
        { { "@t", 2 }, FIELD_TIME, 7 },
        { { "at", 2 }, FIELD_TIME, 11 },
        { { "_t", 2 }, FIELD_TIME, 17 },
        { { "@l", 2 }, FIELD_LEVEL, 10 },
        { { "@m", 2 }, FIELD_MESSAGE, 3 },
        { { "@x", 2 }, FIELD_ERROR, 9 },
        { { "st", 2 }, FIELD_STATUS, 4 },
        { { "sev", 3 }, FIELD_LEVEL, 19 },
        { { "lvl", 3 }, FIELD_LEVEL, 3 },
        { { "msg", 3 }, FIELD_MESSAGE, 1 },
        { { "log", 3 }, FIELD_MESSAGE, 7 },
        { { "@mt", 3 }, FIELD_MESSAGE, 11 },
        { { "err", 3 }, FIELD_ERROR, 1 },
        { { "tid", 3 }, FIELD_THREAD, 4 },
        { { "ctx", 3 }, FIELD_THREAD, 5 },
        { { "src", 3 }, FIELD_CALLER, 7 },
        { { "pod", 3 }, FIELD_STREAM, 3 },
        { { "pid", 3 }, FIELD_STREAM, 4 },
        { { "txt", 3 }, FIELD_MESSAGE, 15 },
        { { "time", 4 }, FIELD_TIME, 2 },
        { { "date", 4 }, FIELD_DATE, 0 },
        { { "_msg", 4 }, FIELD_MESSAGE, 4 },
        { { "text", 4 }, FIELD_MESSAGE, 9 },
        { { "body", 4 }, FIELD_MESSAGE, 10 },
        { { "code", 4 }, FIELD_STATUS, 5 },
        { { "name", 4 }, FIELD_LOGGER, 4 },
        { { "file", 4 }, FIELD_CALLER, 1 },
        { { "line", 4 }, FIELD_LINE, 0 },
        { { "_PID", 4 }, FIELD_STREAM, 1 },
        { { "$date", 5 }, FIELD_TIME, 6 },
        { { "level", 5 }, FIELD_LEVEL, 0 },
        { { "Level", 5 }, FIELD_LEVEL, 15 },
        { { "event", 5 }, FIELD_MESSAGE, 8 },
        { { "error", 5 }, FIELD_ERROR, 0 },
        { { "cause", 5 }, FIELD_ERROR, 7 },
        { { "stack", 5 }, FIELD_TRACE, 0 },
        { { "reqId", 5 }, FIELD_REQUEST, 8 },
        { { "reason", 6 }, FIELD_ERROR, 6 },
        { { "status", 6 }, FIELD_STATUS, 0 },
        { { "logger", 6 }, FIELD_LOGGER, 0 },
        { { "module", 6 }, FIELD_LOGGER, 10 },
        { { "target", 6 }, FIELD_LOGGER, 11 },
        { { "thread", 6 }, FIELD_THREAD, 0 },
        { { "req_id", 6 }, FIELD_REQUEST, 7 },
        { { "caller", 6 }, FIELD_CALLER, 0 },
        { { "source", 6 }, FIELD_CALLER, 3 },
        { { "lineno", 6 }, FIELD_LINE, 1 },
        { { "stream", 6 }, FIELD_STREAM, 0 },
        { { "asctime", 7 }, FIELD_TIME, 9 },
        { { "logdate", 7 }, FIELD_TIME, 16 },
        { { "created", 7 }, FIELD_TIME, 21 },
        { { "message", 7 }, FIELD_MESSAGE, 0 },
        { { "MESSAGE", 7 }, FIELD_MESSAGE, 2 },
        { { "Message", 7 }, FIELD_MESSAGE, 12 },
        { { "channel", 7 }, FIELD_LOGGER, 8 },
        { { "traceId", 7 }, FIELD_REQUEST, 3 },
        { { "traceid", 7 }, FIELD_REQUEST, 10 },
        { { "traceID", 7 }, FIELD_REQUEST, 11 },
        { { "datetime", 8 }, FIELD_TIME, 4 },
        { { "severity", 8 }, FIELD_LEVEL, 2 },
        { { "loglevel", 8 }, FIELD_LEVEL, 4 },
        { { "PRIORITY", 8 }, FIELD_LEVEL, 12 },
        { { "LogLevel", 8 }, FIELD_LEVEL, 14 },
        { { "logLevel", 8 }, FIELD_LEVEL, 16 },
        { { "exc_info", 8 }, FIELD_ERROR, 5 },
        { { "exc_text", 8 }, FIELD_TRACE, 9 },
        { { "category", 8 }, FIELD_LOGGER, 6 },
        { { "trace_id", 8 }, FIELD_REQUEST, 2 },
        { { "trace.id", 8 }, FIELD_REQUEST, 4 },
        { { "filename", 8 }, FIELD_CALLER, 2 },
        { { "pathname", 8 }, FIELD_CALLER, 5 },
        { { "location", 8 }, FIELD_CALLER, 8 },
        { { "pod_name", 8 }, FIELD_STREAM, 6 },
        { { "timestamp", 9 }, FIELD_TIME, 1 },
        { { "eventTime", 9 }, FIELD_TIME, 8 },
        { { "Timestamp", 9 }, FIELD_TIME, 20 },
        { { "log.level", 9 }, FIELD_LEVEL, 1 },
        { { "log_level", 9 }, FIELD_LEVEL, 5 },
        { { "levelname", 9 }, FIELD_LEVEL, 6 },
        { { "levelText", 9 }, FIELD_LEVEL, 18 },
        { { "exception", 9 }, FIELD_ERROR, 2 },
        { { "traceback", 9 }, FIELD_TRACE, 7 },
        { { "backtrace", 9 }, FIELD_TRACE, 8 },
        { { "component", 9 }, FIELD_LOGGER, 5 },
        { { "subsystem", 9 }, FIELD_LOGGER, 13 },
        { { "thread_id", 9 }, FIELD_THREAD, 6 },
        { { "requestId", 9 }, FIELD_REQUEST, 1 },
        { { "RequestId", 9 }, FIELD_REQUEST, 12 },
        { { "CODE_FILE", 9 }, FIELD_CALLER, 6 },
        { { "CODE_LINE", 9 }, FIELD_LINE, 3 },
        { { "logStream", 9 }, FIELD_STREAM, 8 },
        { { "@timestamp", 10 }, FIELD_TIME, 0 },
        { { "time_local", 10 }, FIELD_TIME, 12 },
        { { "timeMillis", 10 }, FIELD_TIME, 14 },
        { { "level_name", 10 }, FIELD_LEVEL, 13 },
        { { "statusCode", 10 }, FIELD_STATUS, 1 },
        { { "stacktrace", 10 }, FIELD_TRACE, 2 },
        { { "stackTrace", 10 }, FIELD_TRACE, 6 },
        { { "loggerName", 10 }, FIELD_LOGGER, 2 },
        { { "log.logger", 10 }, FIELD_LOGGER, 3 },
        { { "threadName", 10 }, FIELD_THREAD, 2 },
        { { "request_id", 10 }, FIELD_REQUEST, 0 },
        { { "started_at", 10 }, FIELD_TIME, 26 },
        { { "textPayload", 11 }, FIELD_MESSAGE, 5 },
        { { "status_code", 11 }, FIELD_STATUS, 2 },
        { { "stack_trace", 11 }, FIELD_TRACE, 1 },
        { { "error.stack", 11 }, FIELD_TRACE, 5 },
        { { "logger_name", 11 }, FIELD_LOGGER, 1 },
        { { "thread_name", 11 }, FIELD_THREAD, 1 },
        { { "dd.trace_id", 11 }, FIELD_REQUEST, 14 },
        { { "code.lineno", 11 }, FIELD_LINE, 4 },
        { { "line_number", 11 }, FIELD_LINE, 5 },
        { { "time_iso8601", 12 }, FIELD_TIME, 13 },
        { { "timeUnixNano", 12 }, FIELD_TIME, 18 },
        { { "severityText", 12 }, FIELD_LEVEL, 8 },
        { { "errorMessage", 12 }, FIELD_ERROR, 4 },
        { { "full_message", 12 }, FIELD_TRACE, 10 },
        { { "x_request_id", 12 }, FIELD_REQUEST, 9 },
        { { "TimeGenerated", 13 }, FIELD_TIME, 19 },
        { { "severity_text", 13 }, FIELD_LEVEL, 7 },
        { { "severityLevel", 13 }, FIELD_LEVEL, 17 },
        { { "short_message", 13 }, FIELD_MESSAGE, 6 },
        { { "error.message", 13 }, FIELD_ERROR, 3 },
        { { "SourceContext", 13 }, FIELD_LOGGER, 7 },
        { { "correlationId", 13 }, FIELD_REQUEST, 6 },
        { { "CorrelationId", 13 }, FIELD_REQUEST, 13 },
        { { "code.filepath", 13 }, FIELD_CALLER, 9 },
        { { "_SYSTEMD_UNIT", 13 }, FIELD_STREAM, 7 },
        { { "time_unix_nano", 14 }, FIELD_TIME, 22 },
        { { "error_severity", 14 }, FIELD_LEVEL, 9 },
        { { "severityNumber", 14 }, FIELD_NUMBER, 0 },
        { { "SeverityNumber", 14 }, FIELD_NUMBER, 2 },
        { { "correlation_id", 14 }, FIELD_REQUEST, 5 },
        { { "code.file.path", 14 }, FIELD_CALLER, 10 },
        { { "container_name", 14 }, FIELD_STREAM, 2 },
        { { "CONTAINER_NAME", 14 }, FIELD_STREAM, 5 },
        { { "severity_number", 15 }, FIELD_NUMBER, 1 },
        { { "RenderedMessage", 15 }, FIELD_MESSAGE, 13 },
        { { "renderedMessage", 15 }, FIELD_MESSAGE, 14 },
        { { "receiveTimestamp", 16 }, FIELD_TIME, 24 },
        { { "code.line.number", 16 }, FIELD_LINE, 6 },
        { { "EdgeEndTimestamp", 16 }, FIELD_TIME, 25 },
        { { "exception.message", 17 }, FIELD_ERROR, 8 },
        { { "error.stack_trace", 17 }, FIELD_TRACE, 3 },
        { { "SYSLOG_IDENTIFIER", 17 }, FIELD_LOGGER, 12 },
        { { "EdgeStartTimestamp", 18 }, FIELD_TIME, 24 },
        { { "process.thread.name", 19 }, FIELD_THREAD, 3 },
        { { "__REALTIME_TIMESTAMP", 20 }, FIELD_TIME, 15 },
        { { "observedTimeUnixNano", 20 }, FIELD_TIME, 23 },
        { { "exception.stacktrace", 20 }, FIELD_TRACE, 4 },
        { { "log.origin.file.name", 20 }, FIELD_CALLER, 4 },
        { { "log.origin.file.line", 20 }, FIELD_LINE, 2 },
        { { "http.response.status_code", 25 }, FIELD_STATUS, 3 },
        { { "logging.googleapis.com/trace", 28 }, FIELD_REQUEST, 15 },
};

/* Of each length, the first row of KEYS that is as long or longer. */
static const uint8_t FIRST_OF_LENGTH[] = {
        0, 0, 3, 11, 23, 33, 41, 52, 62, 77, 95, 107, 116, 122, 132, 140, 143, 146, 149, 150, 151, 156, 156, 156, 156, 156, 157, 157, 157, 158,
};

#define KEY_LENGTH_MAX (G_N_ELEMENTS(FIRST_OF_LENGTH) - 2)

/* What shippers and loggers wrap their fields in: a name within counts as one of the line, but less. */
static const Str TRANSPARENT[] = {
        { "jsonPayload", 11 }, { "properties", 10 }, { "fields", 6 }, { "attributes", 10 }, { "body", 4 },        { "record", 6 },  { "message", 7 },
        { "msg", 3 },          { "log", 3 },         { "data", 4 },   { "event", 5 },       { "mdc", 3 },         { "context", 7 }, { "contextMap", 10 },
        { "attr", 4 },         { "Properties", 10 }, { "extra", 5 },  { "span", 4 },        { "kubernetes", 10 },
};

/* A member of a nested object that counts as the object's own value: {"err":{"message":...}}, {"t":{"$date":...}}. */
static const struct {
        Str parent, name;
        FieldKind kind;
} NESTED[] = {
        { { "err", 3 }, { "message", 7 }, FIELD_ERROR },
        { { "error", 5 }, { "message", 7 }, FIELD_ERROR },
        { { "exception", 9 }, { "message", 7 }, FIELD_ERROR },
        { { "err", 3 }, { "stack", 5 }, FIELD_TRACE },
        { { "error", 5 }, { "stack", 5 }, FIELD_TRACE },
        { { "error", 5 }, { "stack_trace", 11 }, FIELD_TRACE },
        { { "exception", 9 }, { "stacktrace", 10 }, FIELD_TRACE },
        { { "exception", 9 }, { "stack_trace", 11 }, FIELD_TRACE },
        { { "t", 1 }, { "$date", 5 }, FIELD_TIME },
        { { "log", 3 }, { "level", 5 }, FIELD_LEVEL },
        { { "log", 3 }, { "logger", 6 }, FIELD_LOGGER },
        { { "trace", 5 }, { "id", 2 }, FIELD_REQUEST },
        { { "res", 3 }, { "statusCode", 10 }, FIELD_STATUS },
        { { "response", 8 }, { "status", 6 }, FIELD_STATUS },
        { { "body", 4 }, { "stringValue", 11 }, FIELD_MESSAGE },
        { { "body", 4 }, { "Value", 5 }, FIELD_MESSAGE },
        { { "sourceLocation", 14 }, { "file", 4 }, FIELD_CALLER },
        { { "sourceLocation", 14 }, { "line", 4 }, FIELD_LINE },
        { { "source", 6 }, { "file", 4 }, FIELD_CALLER },
        { { "source", 6 }, { "line", 4 }, FIELD_LINE },
        { { "instant", 7 }, { "epochSecond", 11 }, FIELD_TIME },
};

bool field_key_find(Str name, FieldKind *kind, unsigned *rank) {
        unsigned row, end;

        if (name.len == 0 || name.len > KEY_LENGTH_MAX)
                return false;
        end = FIRST_OF_LENGTH[name.len + 1];
        for (row = FIRST_OF_LENGTH[name.len]; row < end; row++)
                if (*KEYS[row].name.ptr == *name.ptr && memcmp(KEYS[row].name.ptr, name.ptr, name.len) == 0) {
                        *kind = KEYS[row].kind;
                        *rank = KEYS[row].rank;
                        return true;
                }
        return false;
}

bool field_key_nested(Str parent, Str name, FieldKind *kind, unsigned *rank) {
        for (unsigned i = 0; i < G_N_ELEMENTS(NESTED); i++)
                if (str_equal(NESTED[i].parent, parent) && str_equal(NESTED[i].name, name)) {
                        *kind = NESTED[i].kind;
                        *rank = FIELD_RANK_NESTED + i;
                        return true;
                }
        for (unsigned i = 0; i < G_N_ELEMENTS(TRANSPARENT); i++)
                if (str_equal(TRANSPARENT[i], parent) && field_key_find(name, kind, rank)) {
                        *rank += FIELD_RANK_TRANSPARENT;
                        return true;
                }
        return false;
}

unsigned field_keys_count(void) {
        return G_N_ELEMENTS(KEYS);
}

Str field_keys_name(unsigned row) {
        return KEYS[row].name;
}
