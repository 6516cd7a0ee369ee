/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Fields
 *
 * Finds, in a line of JSON or of key=value pairs (logfmt), the few fields that every logger writes under one of a few
 * names: time, level, message, error, HTTP status. The line is scanned once, in place; values are views, JSON strings
 * without their quotes and with their escapes as they stand.
 */

#include "base/str.h"

typedef enum {
        FIELD_TIME,
        FIELD_DATE, /* the day alone, beside the time of the day; or both in one */
        FIELD_LEVEL,
        FIELD_NUMBER, /* of OpenTelemetry: a severity of 1 to 24 */
        FIELD_MESSAGE,
        FIELD_ERROR,
        FIELD_STATUS,
        FIELD_TRACE, /* a stack trace */
        FIELD_LOGGER,
        FIELD_THREAD,
        FIELD_REQUEST, /* the id of a request or a trace */
        FIELD_CALLER,  /* a file, perhaps with its line */
        FIELD_LINE,
        FIELD_STREAM, /* tells the writers of one log apart: stdout and stderr, a process, a container */
        N_FIELDS,
} FieldKind;

typedef struct Fields {
        Str value[N_FIELDS];     /* ptr is NULL when the line has none */
        unsigned rank[N_FIELDS]; /* of the key that gave it: a better name replaces a worse one */
        unsigned n;              /* pairs seen */
} Fields;

/* Fewer pairs of key=value are words like others. */
#define FIELDS_PAIRS_MIN 3

/* Room for what a torn escape at the end becomes, and a NUL byte. */
#define FIELDS_UNESCAPE_SLACK 8

/* Writes the text that a JSON string without its quotes stands for: not longer than it, but for the slack. Its length. */
size_t fields_unescape_to(Str string, char *out);

/* The same as a string of its own. Owned by the caller. */
char *fields_unescape(Str string);

/* Names that one log has for some of them: field_names.h. */
typedef struct FieldNames FieldNames;

/* False when the line is not one JSON object. @names are known besides those that always are; NULL: none. */
bool fields_json(Str line, const FieldNames *names, Fields *fields);

/* Calls @other for each pair of a line of JSON (not within another object) or of key=value whose name is not known. */
typedef void (*FieldsOther)(Str name, Str value, void *data);
void fields_others(Str line, FieldsOther other, void *data);

/* False unless the line begins with a key=value pair and holds three of them, among them a time, or a level and a message. */
bool fields_logfmt(Str line, const FieldNames *names, Fields *fields);
