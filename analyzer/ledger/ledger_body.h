/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The body of a ledger's file
 *
 * A ledger as GVariant: a column for each kind of record, all of fixed size, and one for their texts. Records that belong to another
 * stand in the order of those, which say how many they are. So a ledger is read with one pass over each column, and alike members
 * lie together for the compression. Whatever a column holds, nothing is read beyond it: every number, index, key and time is checked.
 */

#include "ledger/ledger.h"

/* What a body is of: its first two members are the version of logscan and the fingerprint of its patterns. */
const GVariantType *ledger_body_type(void);

/* The caller owns the answer. */
GVariant *ledger_body(const Ledger *ledger, uint64_t fingerprint);

/* Fills @ledger, which is new; false when the content is damaged, and then it is to be freed. */
bool ledger_body_read(Ledger *ledger, GVariant *body);
