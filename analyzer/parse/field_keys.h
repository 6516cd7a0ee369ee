/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Field keys
 *
 *     name of a field -> [field keys] -> which of the known fields it is
 *
 * The names under which loggers and shippers write time, level, message and the other fields that are used. A name is
 * found among those of its length; of two names for one field the one with the lower rank is preferred.
 */

#include "parse/fields.h"

/* A name within a nested object is worse than any at the top. */
#define FIELD_RANK_NESTED      100
#define FIELD_RANK_TRANSPARENT 200

/* False for a name that is not known. */
bool field_key_find(Str name, FieldKind *kind, unsigned *rank);

/* The same for a member of the object @parent. */
bool field_key_nested(Str parent, Str name, FieldKind *kind, unsigned *rank);

/* The rows of the table, for tests. */
unsigned field_keys_count(void);
Str field_keys_name(unsigned row);
