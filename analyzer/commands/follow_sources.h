/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Follow, sources
 *
 *     PATH... -> sources -> [follow sources] -> those that still grow -> tail
 *
 * Of a folder or a rotated set, what is worth waiting at: the newest file of each set. Older files and compressed ones get no more
 * lines; what is renamed to one of their names is read to its end under the name that it had (input/tail.h).
 */

#include <glib.h>
#include <stdbool.h>

/* Takes from @sources (of Source) those that do not grow. False, with a message, when one of @paths that is named itself cannot. */
bool follow_sources_choose(GPtrArray *sources, GError **error);

/* How often folders are searched for logs that are new. */
#define FOLLOW_SEARCH_SECONDS 5

/* What is in @paths (NULL-ended) now, chosen as above: a list of Source, owned. */
GPtrArray *follow_sources_find(const char *const *paths);
