/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Settings
 *
 *     changes, ledger -> [settings] -> report
 *
 * What a change set to what, and what it was before, where an earlier line says so: an earlier change of the same kind in the same source
 * ("quota file loaded checkout=40", "software 3.2.4 to kiosk-07"), if all of them agree; or, when the change names one setting in so many words (`parameter
 * "max_connections" changed to "20"`), the last line of any source that gives its value (`max_connections=100`).
 */

#include "diagnose/named_values.h"
#include "model/report.h"

/* At most so many of a change. */
#define SETTINGS_MAX 3

/* A value that so many lines gave is a setting; what is another on each line is none. */
#define SETTINGS_SAME_MIN 2

/*
 * True when @line sets something to another value than all lines of @signal did before that are of the same source, host, table, ... Where its words
 * speak of a change one such line is enough, and a value may stand without name.
 */
bool settings_changed(const Signal *signal, const Exemplar *line, bool speaks_of_change);

/* True when a value of @name can be a setting or a state: it is not what a line is about, and no number that is another in every line. */
bool settings_may_be(const NamedValue *found);

/* "3.2.0", "v1.4.2-rc1", release 2418: with its releases a program says another one each time. */
bool settings_is_version(Str name, Str value);

/* How many things @change gave another value, which is no version. */
unsigned settings_count(const Change *change);

/* What a line says of both values: "max_connections 100 -> 8", "LimitNOFILE changed '4096' to '128'", "flag beta: off => on". Views into @text. */
bool settings_moved(Str text, Str *name, Str *was, Str *now);

/* Settings may be told in its lines: in good news, or where both values are named, whatever level the words beside them suggest. */
bool settings_are_told(const Signal *signal);

/* Adds to @change what it set and what that was before, and when that was undone. */
void settings_find(Change *change, const LedgerView *view);
