/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Level
 *
 *     fields -> [level] -> how bad the line says it is
 *
 * Reads what loggers write into the field of a level: words, letters, and numbers on the scales of syslog, pino and
 * OpenTelemetry.
 */

#include "model/event.h"
#include "parse/fields.h"

/* "error", "ERROR2", "E", "D1", "50", "3"; LEVEL_NONE when it is none. */
Level level_of_field(Str value);

/* The level that a line's fields name; LEVEL_NONE if they name none. */
Level level_of_fields(const Fields *fields);

/* Up to three digits, else 0. */
unsigned level_small_number(Str digits);
