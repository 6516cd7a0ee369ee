/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Put
 *
 * Members of a JSON object that is being built, by name and value: what all writers of JSON share. Text comes from logs and packs, so it is
 * made valid UTF-8 first.
 */

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

void put_key(JsonBuilder *b, const char *name);

/* Text of the log or of a pack; NULL is null. */
void put_text(JsonBuilder *b, const char *name, const char *text);
void put_count(JsonBuilder *b, const char *name, uint64_t count);
void put_number(JsonBuilder *b, const char *name, double value);
void put_bool(JsonBuilder *b, const char *name, bool value);

/* ISO 8601 in UTC; TIME_NONE is null. */
void put_time(JsonBuilder *b, const char *name, int64_t time_us);

/* NULL-terminated, or NULL for an empty list. */
void put_strings(JsonBuilder *b, const char *name, const char *const *strings);

/* Begins a list, which json_builder_end_array() ends. */
void put_list(JsonBuilder *b, const char *name);
