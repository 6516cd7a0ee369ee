/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * jq
 *
 *     CRE rules -> [jq] -> matcher
 *
 * The part of jq's language that rules for logs use: paths, iteration, `|`, `,`, `//`, and, or, comparisons, literals,
 * and the functions of JQ_FUNCTIONS. jq_new() refuses what it does not know, with a reason. An expression holds for an
 * event when one of its outputs is neither null nor false; an error ends it without output, as does a text that is not
 * JSON. Bounded: JQ_DEPTH_MAX levels of expression, JSON_DEPTH_MAX of JSON, JQ_OUTPUTS_MAX outputs of a part; regexes run under the
 * limits of match/regex.h.
 */

#include "base/str.h"

#include <glib.h>

#define JQ_DEPTH_MAX   32
#define JQ_OUTPUTS_MAX 256

#define JQ_FUNCTIONS                                                                                                                                           \
        "ascii_downcase, ascii_upcase, contains, empty, endswith, fromjson, has, length, not, select, "                                                        \
        "startswith, test, tostring, type"

typedef struct Jq Jq;

/* NULL when it is not understood; then @reason is set to an owned text. */
Jq *jq_new(const char *expression, char **reason);
void jq_free(Jq *jq);

bool jq_holds(const Jq *jq, Str json);

/* Appends strings (owned, lower-case) of which one stands in every text that the expression holds for; false when there are none. */
bool jq_literals(const Jq *jq, GPtrArray *literals);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Jq, jq_free)
