/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * References
 *
 * The names by which people speak of a change: a version (2.0.1), a ticket (CHG-2291), a revision (r318, rev 58, rev=58, 3fa2c91).
 */

#include "base/str.h"

/* True when both texts name the same: steps of one release, whoever tells of them. */
bool references_shared(Str one, Str other);

/*
 * True when @line says that something was taken back, and names what @made names: "r318 taken back", "revert of CHG-2291". A version alone may
 * be the one that is gone back to, so one counts only where it is said to be left ("from 2.0.1", "rollback of 2.0.1", "2.0.1 -> 2.0.0").
 */
bool references_taken_back(Str made, Str line);
