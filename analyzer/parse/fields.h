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
        FIELD_LEVEL,
        FIELD_MESSAGE,
        FIELD_ERROR,
        FIELD_STATUS,
        N_FIELDS,
} FieldKind;

typedef struct Fields {
        Str value[N_FIELDS]; /* ptr is NULL when the line has none */
        unsigned rank[N_FIELDS]; /* of the key that gave it: a better name replaces a worse one */
        unsigned n; /* pairs seen */
} Fields;

/* A JSON string without its quotes, as the text that it stands for. Owned by the caller. */
char *fields_unescape(Str string);

/* False when the line is not one JSON object. */
bool fields_json(Str line, Fields *fields);

/* False unless the line begins with a key=value pair and holds three of them, among them a time, or a level and a message. */
bool fields_logfmt(Str line, Fields *fields);
