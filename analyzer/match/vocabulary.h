/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Vocabulary
 *
 *     categories.yaml -> [vocabulary] -> Patterns
 *
 * The categories that packs choose from, and their groups.
 */

#include "base/str.h"
#include "model/pattern.h"

/* Adds the categories; once, before any pack. On an error the categories before it stay. */
bool vocabulary_load(Patterns *patterns, const char *name, Str yaml, GError **error);
