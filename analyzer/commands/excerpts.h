/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Excerpts
 *
 *     report -> [excerpts] <- sources, read again -> evidence
 *
 * The lines that a report names, with some before and behind, read from the logs once more. Lines and bytes are counted in the
 * decoded log, as everywhere. Costs one pass over each log: this is for the bundle, not for the report.
 */

#include "input/inflate.h"
#include "model/report.h"
#include "model/source.h"

/* Lines around one that is named: what led to it, and the stack trace that may follow. */
#define EXCERPT_LINES_BEFORE 5
#define EXCERPT_LINES_BEHIND 15

/* Of an excerpt; the rest is cut, and that is said. */
#define EXCERPT_BYTES_MAX (1024 * 1024)

/* A line within an excerpt, and who names it. */
typedef struct Claim {
        uint64_t line, offset;
        unsigned incident;
        char *id; /* owned; of a cause, a symptom or a change */
} Claim;

typedef struct Excerpt {
        char *source;                   /* owned; its name */
        uint64_t first_line, last_line; /* from 1; last_line shrinks to what is there */
        uint64_t from, to;              /* bytes */
        bool cut;
        GString *text;  /* owned; as it stands in the log */
        GArray *claims; /* of Claim, by line; owned */
} Excerpt;

/* Where the lines can be found again. */
typedef enum { AGAIN_FILE, AGAIN_ARCHIVE, AGAIN_JOURNAL, AGAIN_NOWHERE } Again;

/* What was read. A digest is SHA-256 in hexadecimal digits, owned; NULL where it cannot be had. */
typedef struct Input {
        char *name; /* owned */
        Again again;
        char *sha256;
        uint64_t bytes; /* of the file as it is; of an archive, for what is in it */
        char *text_sha256;
        uint64_t text_bytes; /* decoded */
} Input;

Excerpt *excerpt_new(const char *source, uint64_t first_line, uint64_t last_line);
void excerpt_free(void *excerpt);
void input_free(void *input);

/*
 * What @report names, by source and line, ranges that touch made one: of Excerpt, still without text. @host: what --host put before the names in
 * the report, which are those to read without it; may be NULL.
 */
GPtrArray *excerpts_plan(const Report *report, const char *host);

/*
 * Fills in the texts of those of @excerpts that are of @source, or of a file in it where that is an archive. Appends what was read to
 * @inputs (of Input). Fails when nothing can be read.
 */
bool excerpts_read(GPtrArray *excerpts, const Source *source, InflateEngine engine, GPtrArray *inputs, GError **error);

/* The file that holds a source: its name up to what is in an archive. Owned by the caller. */
char *excerpts_file_of(const char *source);
