/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Gathering
 *
 *     literals of each test -> [gathering] -> distinct literals, the tests that each calls for
 *
 * Turns round which test has which literals while a matcher is made.
 */

#include <glib.h>
#include <stdint.h>

typedef struct Gathering {
        GPtrArray *texts;  /* of char, owned: the distinct literals, lower-case */
        GPtrArray *refs;   /* of GArray of uint32_t, for each: tests, rising */
        GHashTable *index; /* text -> its index + 1; borrows the texts */
} Gathering;

void gathering_init(Gathering *gathering);
void gathering_clear(Gathering *gathering);

/* Notes that @literal, in any case, calls for @test; tests come in rising order. */
void gathering_add(Gathering *gathering, const char *literal, uint32_t test);
