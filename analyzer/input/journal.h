/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Journal
 *
 *     journald's files -> [journal] -> decode
 *
 * The entries of a systemd journal as lines of text, oldest first, through sd-journal:
 *
 *     2026-03-01T12:00:00.123456Z ERROR postgres[812]: FATAL:  sorry, too many clients already
 *
 * the time in UTC, the PRIORITY as a word, SYSLOG_IDENTIFIER (else _COMM, else the unit) and the PID, then MESSAGE, whose further
 * lines follow as they are. What a service printed has the priority "info" only because journald knows no better; such
 * an entry is written without the word, so that the level in the message itself counts. Entries without a message are left out.
 */

#include "input/stream.h"

#include "base/str.h"

/* "journal:" is the journal of this machine, "journal:UNIT" what of it is by or about a unit. */
#define JOURNAL_PREFIX "journal:"

/* Of a message, so many bytes are given; what a log keeps of an event is less. */
#define JOURNAL_MESSAGE_MAX (1024 * 1024)

bool journal_is_name(const char *name);

/* The first bytes of a journal's file: JOURNAL_HEAD_BYTES are enough. */
#define JOURNAL_HEAD_BYTES 8
bool journal_begins(Str head);

/*
 * @name: as above, or the path of a file. Problems met while reading are added to @problems, borrowed. Fails where it cannot be
 * opened, holds nothing that may be read, or libsystemd is not built in.
 */
Stream *journal_open(const char *name, GPtrArray *problems, GError **error);

/* As above, from the last @entries on; an end is none, for what is written later is read later. */
Stream *journal_follow(const char *name, uint64_t entries, GPtrArray *problems, GError **error);
