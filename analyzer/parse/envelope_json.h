/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Envelope, JSON and export
 *
 *     {"log":"...","time":"..."} -> [envelope_json] -> the line within
 *
 * The envelopes of envelope.h that hold the line as a field: of JSON objects, with escapes, and of the journal's export
 * format. What has to be unescaped is written to the caller's scratch memory.
 */

#include "parse/envelope.h"

bool envelope_open_docker(Str line, const TimeContext *time, GString *scratch, Wrapped *wrapped);
bool envelope_open_message(Str line, const TimeContext *time, GString *scratch, Wrapped *wrapped);
bool envelope_open_batch(Str line, GString *scratch, Wrapped *wrapped);
bool envelope_open_export(Str record, const TimeContext *time, GString *scratch, Wrapped *wrapped);

/* The length of the export record at the start of @text, with the blank line behind it. */
size_t envelope_export_record(Str text);

/* Hash of who wrote a line; @seed joins several names. */
uint32_t envelope_writer(Str name, uint32_t seed);
