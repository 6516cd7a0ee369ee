/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Follow
 *
 *     tails, standard input -> [follow] -> feed -> ledger -> diagnose -> story
 *
 * Reads logs as they grow and tells incidents as they happen. An event is counted when the next one has begun, or when a
 * second went by without more. What is diagnosed, once a second when something came, is a window of one to two times
 * FOLLOW_WINDOW_SECONDS: two ledgers, of which the older goes when the younger is full, by the clock or, once it holds
 * FOLLOW_WINDOW_EVENTS, by the times in the log, or by incidents that are over. So memory does not grow with the days. A file's last
 * FOLLOW_CONTEXT_BYTES are read first, to know what is usual; nothing is told of them. In folders, logs that are new are
 * followed from their begin. SIGUSR1 asks how much was read.
 */

#include "commands/session.h"

#define FOLLOW_WINDOW_SECONDS 1800
#define FOLLOW_WINDOW_EVENTS  100000

/* So many incidents that are over fill a ledger: a report tells only the worst ones (diagnose/incidents.h), and the next may be a small one. */
#define FOLLOW_WINDOW_INCIDENTS 2

#define FOLLOW_CONTEXT_BYTES (4 * 1024 * 1024)
#define FOLLOW_SOURCES_MAX   1000

/* A log that is not in its folder any more is given up when nothing came for so long. */
#define FOLLOW_GONE_SECONDS 1800

/* Until a signal ends it, or the end of standard input, or --fail-on is met, or nobody reads what it tells. Returns the exit code. */
int follow(Session *session, const Options *options);
