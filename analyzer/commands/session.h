/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Session
 *
 * What every command needs first: the patterns, the matcher, the sources, and how to scan.
 */

#include "options.h"
#include "pipeline.h"
#include "report/redact.h"

typedef struct Session {
        Patterns *patterns;
        Matcher *matcher; /* NULL without_patterns */
        GPtrArray *sources;
        GPtrArray *problems;  /* paths that could not be used, as owned strings */
        GPtrArray *baselines; /* of Ledger, kept by session_keep_baselines(); else NULL */
        Redactor *redactor;   /* NULL without --redact */
        bool zones_said;      /* --tz was on the command line, not only in a configuration file, which is for logs of other days, too */
        ScanOptions scan;
} Session;

/* With @use_patterns false nothing matches. Nothing is opened. Fails for what the user must mend. */
bool session_open(Session *session, const Options *options, bool use_patterns, GError **error);
void session_clear(Session *session);

/* Loads the packs that @options ask for. */
Patterns *session_patterns(const Options *options, GError **error);

/* Resolves the paths of the command line; without any, standard input if it is no terminal. Folders that are followed may be empty. */
bool session_find_sources(Session *session, const Options *options, GError **error);

/*
 * Scans what --baseline names: each folder into a ledger of its own, all files into one together. A list of Ledger; empty
 * without the option. What cannot be read is in the session's problems.
 */
GPtrArray *session_scan_baselines(Session *session, const Options *options);

/* Scans them now; session_scan_baselines() then gives copies, for those who diagnose again and again. */
void session_keep_baselines(Session *session, const Options *options);

/*
 * Adds to the session's problems those that the sources of @ledger have, unless they are there, as "WHOSE NAME: what"; @whose is a word and a
 * blank, or "". For where no report tells them.
 */
void session_note_problems(Session *session, Ledger *ledger, const char *whose);

/* @text as it may be shown: a copy, redacted where that is asked for. Owned by the caller. */
char *session_show(const Session *session, const char *text);

/* Says on standard error for which logs a zone was given that are not there. To be called when all are read. */
void session_tell_zones(const Session *session);

/* Says on standard error what could not be read, or not whole. */
void session_tell_problems(const Session *session);

/* Says on standard error what was replaced so far, by kind. */
void session_tell_redactions(const Session *session);

/* Prints to standard error; what came from outside is made harmless. */
void session_complain(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Writes to standard output, to its end; a reader that went away is no error. */
bool session_print(const char *text, GError **error);

/* The same for - as @path, else writes the file as a whole. */
bool session_write(const char *path, const char *text, GError **error);

/*
 * Writes what is still to be written to standard output. @code when all of it was; else says so, once, and is EXIT_USAGE. A reader
 * that went away is no error.
 */
int session_end_output(int code);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Session, session_clear)
