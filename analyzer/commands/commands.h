/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Commands
 *
 * One function for each subcommand; each returns the exit code.
 */

#include "options.h"

int command_scan(const Options *options);
int command_merge(const Options *options);
int command_parts(const Options *options);
int command_evidence(const Options *options);
int command_events(const Options *options);
int command_templates(const Options *options);

/* `logscan patterns WHAT ...`: WHAT is the first of the paths. */
int command_patterns(const Options *options);
