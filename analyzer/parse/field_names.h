/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Field names
 *
 *     head of a log of JSON or logfmt -> [field names] -> what it calls time, level, status and message
 *
 * Programs call their fields what they like. Where the lines of a log have no time, level, message or HTTP status under a name that is
 * known, what stands under its other names tells which of them it is: a time can be read as one in next to all lines, a level is one of few
 * words, a status is one of the numbers of HTTP, a message is made of words and differs from line to line.
 */

#include "parse/fields.h"
#include "parse/timestamp.h"

#define FIELD_NAMES_MAX  4
#define FIELD_NAME_BYTES 32

typedef struct FieldName {
        FieldKind kind;
        size_t len;
        char text[FIELD_NAME_BYTES];
} FieldName;

/* What was learnt; none by default. */
struct FieldNames {
        FieldName at[FIELD_NAMES_MAX];
        unsigned n;
};

/* False for a name that is none of @names. */
bool field_names_find(const FieldNames *names, Str name, FieldKind *kind);

typedef struct FieldSurvey FieldSurvey;

/* Borrows @time. */
FieldSurvey *field_survey_new(const TimeContext *time);
void field_survey_free(FieldSurvey *survey);

/* Looks at a line of JSON, or of pairs of key=value, of which these fields are known. */
void field_survey_add(FieldSurvey *survey, Str line, const Fields *fields);

/* What all lines together tell. */
void field_survey_finish(const FieldSurvey *survey, FieldNames *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FieldSurvey, field_survey_free)
