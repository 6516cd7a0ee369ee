/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Progress
 *
 * Says on standard error how far a long run is: bytes read, speed, time left. What was read is what the kernel counted for
 * this process (/proc/self/io), so that it is right for every kind of input and costs the readers nothing; where the kernel
 * does not say, there is no progress. It begins after a second, and takes its line away when it ends.
 */

#include "options.h"

typedef struct Progress Progress;

/* Begins to watch the reading of @sources (of Source); NULL when nobody wants to see it. */
Progress *progress_start(const GPtrArray *sources, const Options *options);

/* Ends it and leaves nothing behind; NULL is fine. */
void progress_stop(Progress *progress);

/* "1.2 of 4.8 GB read, 310 MB/s, 12 s left"; @total 0: unknown. Owned by the caller. */
char *progress_text(uint64_t done, uint64_t total, int64_t elapsed_us);
