/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Patterns tool
 *
 *     packs -> [patterns tool] -> what authors want to know
 *
 * What the tools of `logscan patterns` share. Each prints to standard output and returns an exit code.
 */

#include "commands/session.h"

#include <json-glib/json-glib.h>

typedef struct Tool {
        const Options *options;
        Patterns *patterns;      /* owned */
        Matcher *matcher;        /* owned */
        MatcherScratch *scratch; /* owned */
        char **arguments;        /* what follows the tool's name */
} Tool;

int patterns_list(const Tool *tool);
int patterns_show(const Tool *tool);
int patterns_graph(const Tool *tool);
int patterns_match(const Tool *tool);
int patterns_test(const Tool *tool);
int patterns_lint(const Tool *tool);
int patterns_export(const Tool *tool);

/* Writes a new pack; without loading any. */
int patterns_init(const Options *options, const char *name);

/* Complaints of each kind, which they print; their number. */
unsigned lint_graph(const Tool *tool);
unsigned lint_overlaps(const Tool *tool);
unsigned lint_regexes(const Tool *tool);

/* Prints what would fire on the logs of @path; the number of events, or -1 when they cannot be read. */
int64_t lint_healthy(const Tool *tool, const char *path);

/* Prints "FILE:LINE: ID: what" and returns 1. */
unsigned lint_complain(const Pattern *pattern, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* True when the filters of the command line (--pack, --category, --role, --severity, words) let it through. */
bool tool_wants(const Tool *tool, const Pattern *pattern);

/* True when @text matches the pattern with this index. */
bool tool_matches(const Tool *tool, guint index, const char *text);

/* "text", "regex" or "jq". */
const char *condition_kind_name(ConditionKind kind);

/* One line of JSON. */
void tool_print_json(JsonBuilder *builder);
void tool_add_string(JsonBuilder *builder, const char *name, const char *value);
