/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Order
 *
 * What every function that orders things begins with.
 */

/* Below, at or above 0; of numbers or pointers into one array. Each is looked at twice. */
#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))
