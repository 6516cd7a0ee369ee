/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Structured
 *
 *     line of JSON or logfmt -> [structured] -> "quota exceeded tenant=checkout limit=4/s"
 *
 * A structured line in the words of a plain one: its message, the error, and the other fields but those that tell when, where and
 * under which id, which a report says elsewhere. Reads what it is given, torn or not; one pass over the line.
 */

#include "model/signal.h"

/* A field that is longer says too much to stand behind a message; nor are so many bytes of fields. */
#define STRUCTURED_FIELD_BYTES 60
#define STRUCTURED_REST_BYTES  160

/*
 * NULL when the first line of @exemplar is not structured, has no message, or a match is elsewhere. @pivot: the byte at which what was
 * matched, or the error, begins. Owned by the caller; may hold any byte of the line.
 */
char *structured_say(const Exemplar *exemplar, size_t *pivot);
