/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Pack
 *
 *     packs, CRE rule files (YAML) -> [pack] -> Patterns -> literals, matcher
 *
 * Reads pattern packs (patterns/README.md), checks every key, and adds the patterns. Every error begins with
 * file:line:column and names what was expected. Bounded as the YAML tree is. A file of CRE rules (match/cre.h) is known by its key `rules`.
 */

#include "base/str.h"
#include "model/pattern.h"

/*
 * Adds the patterns of one pack; @name is its file for messages. A pattern whose full id is there already replaces it
 * when it comes from another file and is an error within the same file; `disable` takes away what is there. `leads_to` is checked by
 * pack_check_edges(), when all are there. On an error the patterns before it stay.
 */
bool pack_load(Patterns *patterns, const char *name, Str yaml, GError **error);

/* Every entry of every `leads_to` is a category or a pattern. */
bool pack_check_edges(const Patterns *patterns, GError **error);
