/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Exemplar
 *
 * What is kept of the events of a signal, of which there may be millions: some of their lines, a sample of what they said, and, of a template, the
 * ways in which it was said.
 */

#include "model/event.h"

/* What is kept of an exemplar's first line, and of the line behind it that matters: that of the match, or of the cause. */
#define EXEMPLAR_LINE_BYTES  800
#define EXEMPLAR_CAUSE_BYTES 400
#define EXEMPLAR_FRAME_BYTES 240

/* Exemplars of a signal: the first ones, and a sample of all that does not depend on their order. */
#define EXEMPLAR_FIRST_MAX  3
#define EXEMPLAR_SAMPLE_MAX 40

/*
 * Rows: a sample of what the events of a shape said, by second, for the values that vary in them. Those with the smallest
 * lottery, which depends on second and content alone: not on place, order or source. So many are kept of a shape while there are few
 * shapes, and so many bytes of each.
 */
#define ROWS_MAX       48
#define ROW_TEXT_BYTES 480

typedef struct Row {
        uint64_t lottery;
        uint32_t second; /* since 1970; 0 without time */
        uint32_t count;  /* events of that second that say the same */
        char *text;      /* owned; message, detail and cause, as far as they are, with ": " between; a NUL byte of the log is a blank */
} Row;

/* One that is among the first and in the sample has one text in both. */
typedef struct Exemplar {
        int64_t time_us; /* or TIME_NONE */
        uint32_t source; /* index */
        uint64_t offset, line;
        uint64_t lottery; /* the sample holds those with the smallest */
        Level level;
        uint32_t message_at, message_len; /* the message in the text */
        uint32_t match_at, match_len;     /* what the pattern matched in the text; 0, 0 for a shape */
        char *text;                       /* owned by the signal; the first line, then the one that matters, NUL-terminated; a NUL byte of the log is a blank */
} Exemplar;

/* One of the few ways in which a template is said: a shape, with words of its own. */
typedef struct Variant {
        uint64_t key; /* of the shape */
        uint64_t count;
        int64_t first_us, last_us;
        Exemplar line; /* the first one; with a text of its own */
} Variant;

#define VARIANTS_MAX 8

/* With a text of its own. */
Exemplar exemplar_copy(const Exemplar *exemplar);
