/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bench
 *
 *     a log, a stage, its trivial version -> [bench] -> MB/s and cycles per byte of both
 *
 * What the drivers of the hot path share. A driver is `bench-STAGE LOG`: it reads the log (made by make_logs.py) into
 * memory, prepares what the stage needs, and has the stage and the least work that could pass for it timed by the CPU
 * time of the thread, the shortest of several runs, so that a busy machine disturbs little.
 */

#include "model/block.h"
#include "model/pattern.h"
#include "parse/layout.h"

#include <glib.h>

/* A log in memory, its layout, and the places of its lines. */
typedef struct BenchLog {
        const char *path; /* borrowed */
        Block block;      /* all of it, as one block */
        Layout layout;
        GArray *lines;  /* of Str, without newlines */
        GArray *events; /* of Event; filled by bench_events() */
} BenchLog;

/* Reads the log that the command line names; a file that cannot be read ends the program. */
void bench_log_init(BenchLog *log, int argc, char **argv);
void bench_log_clear(BenchLog *log);

/* Cuts the log into its events, once. */
void bench_events(BenchLog *log);

/* The packs that are built in. */
Patterns *bench_patterns(void);

/* Returns something that depends on all its work, so that no work is left out. */
typedef uint64_t (*BenchRun)(void *data);

/* Times @run over @bytes bytes and prints one row for it. */
void bench_time(const char *name, size_t bytes, BenchRun run, void *data);
