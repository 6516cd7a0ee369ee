/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JSON depth
 *
 * What is to be known of a text before JSON-GLib reads it. That recurses over nested values, so that a megabyte of brackets ends the
 * program, and it takes more than JSON for JSON: comments and single quotes, in which brackets could hide.
 */

#include "base/str.h"

/* Of values in each other, which no JSON that we read needs. */
#define JSON_DEPTH_MAX 32

/* May JSON-GLib be given @text? It may still be no JSON. */
bool json_depth_is_safe(Str text);
