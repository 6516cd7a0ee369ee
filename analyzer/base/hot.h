/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Hot
 *
 * Marks functions that every line or every event goes through. The compiler inlines more of them and lays them out together, as it would by a profile;
 * docs/performance.md says what it is worth.
 */

#define HOT __attribute__((hot))
