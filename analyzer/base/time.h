/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Time
 *
 * Times are microseconds since 1970-01-01T00:00:00Z. How they are written for people and machines.
 */

#include <stdint.h>

#define TIME_TEXT_BYTES 32

/* ISO 8601 in UTC, "2026-11-23T08:06:08.844Z", with as many digits of fraction (0, 3, 6) as are needed; returns @buffer. */
char *time_write(int64_t time_us, char buffer[static TIME_TEXT_BYTES]);

/* "2026-11-23 08:06:08" */
char *time_write_date(int64_t time_us, char buffer[static TIME_TEXT_BYTES]);

/* "08:06:08" */
char *time_write_clock(int64_t time_us, char buffer[static TIME_TEXT_BYTES]);

/* "2 s", "350 ms", "4 min", "3.2 h": one figure that a tired reader takes in. */
char *time_write_span(int64_t span_us, char buffer[static TIME_TEXT_BYTES]);
