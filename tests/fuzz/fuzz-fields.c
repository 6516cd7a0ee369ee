/* SPDX-License-Identifier: Apache-2.0 */

/* Scans each line of the input as JSON and as logfmt, with names that are learnt from the lines before it, and unescapes what is found. */

#include "parse/field_names.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(Str line, const Fields *fields) {
        for (unsigned kind = 0; kind < N_FIELDS; kind++) {
                Str value = fields->value[kind];
                g_autofree char *text = NULL;

                if (!value.ptr)
                        continue;
                g_assert(value.ptr >= line.ptr && value.ptr + value.len <= line.ptr + line.len);
                text = g_malloc(value.len + FIELDS_UNESCAPE_SLACK);
                g_assert(fields_unescape_to(value, text) <= value.len);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Str rest = { (const char *)data, size };
        TimeContext time = { .reference_us = INT64_C(1717750900000000) };
        g_autoptr(FieldSurvey) survey = field_survey_new(&time);
        FieldNames names = { 0 };

        while (rest.len > 0) {
                const char *newline = memchr(rest.ptr, '\n', rest.len);
                size_t end = newline ? (size_t)(newline - rest.ptr) : rest.len;
                Str line = str_slice(rest, 0, end);
                Fields fields;

                if (fields_json(line, &names, &fields)) {
                        check(line, &fields);
                        field_survey_add(survey, line, &fields);
                }
                if (fields_logfmt(line, &names, &fields))
                        check(line, &fields);
                if (fields.n >= FIELDS_PAIRS_MIN)
                        field_survey_add(survey, line, &fields);
                field_survey_finish(survey, &names);
                rest = str_slice(rest, end + 1, rest.len);
        }
        return 0;
}
