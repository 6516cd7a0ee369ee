/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Scope
 *
 * Where a failure is and where it is not: one value of a dimension (a host, a shard, a tenant, a version) that alone carries it, while
 * the ordinary lines of the same sources have others too. Read from exemplars, so shares are estimates.
 */

#include "diagnose/tracks.h"

/* So many exemplars of the failure, this share of them with the value; so many ordinary lines that name the dimension. */
#define SCOPE_LINES_MIN    4
#define SCOPE_SHARE_MIN    0.9
#define SCOPE_ORDINARY_MIN 12

/* Of ordinary lines at most this share have the value, and at least this: a value that only failures have is part of the failure. */
#define SCOPE_USUAL_MAX 0.6
#define SCOPE_USUAL_MIN 0.03

typedef struct Scope {
        char *words;    /* owned: "only host=app-3, in 24 % of other lines"; NULL when the failure is everywhere */
        double usual;   /* share of the value in ordinary lines */
        Str key, value; /* views into a line of the failure */
} Scope;

/* So many clients are some that ask too much, not all. */
#define FEW_CLIENTS_MAX 3

/*
 * True when half or more of the exemplars of the surge name these few addresses, or clients or customers by name, and none another; the address of
 * the machine itself is of whoever comes through a proxy.
 */
bool scope_is_few_clients(const Track *track);

Scope scope_of(const Track *track, const LedgerView *view);

/* True when @line is about the value that carries the failure. */
bool scope_has(const Scope *scope, const Exemplar *line);
