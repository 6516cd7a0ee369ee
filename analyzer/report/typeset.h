/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Typeset
 *
 *     words -> [typeset] -> lines of a terminal
 *
 * Puts clean text into lines of a given width: labels at the left, text wrapped beside them, colours and links where the
 * style has them. Widths are columns: wide characters count twice, marks not at all.
 */

#include "report/wording.h"

/* Where the text behind a label, and behind the heading of a section, begins. */
#define LABEL_COLUMNS 15
#define HEAD_COLUMNS  12

#define PAINT_BOLD   "1"
#define PAINT_DIM    "2"
#define PAINT_RED    "1;31"
#define PAINT_YELLOW "33"

/* Where the right edge of a table is on a wide terminal: as far as its lines need, within these. */
#define TABLE_COLUMNS_MIN 80
#define TABLE_COLUMNS_MAX 120

typedef struct Typeset {
        GString *out; /* owned */
        Wording words;
} Typeset;

/* The right edge of a table whose widest line needs @needed columns: what stands there is not to be far from its line. */
size_t typeset_edge(const Typeset *typeset, size_t needed);

void typeset_pad(Typeset *typeset, size_t columns);

/* @text in the colour @code (a parameter of ECMA-48's SGR), where there are colours. */
void typeset_paint(Typeset *typeset, const char *code, const char *text);

/* The same, as a link to the file @source where there are links and the file is there. */
void typeset_link(Typeset *typeset, const char *code, const char *source, const char *text);

/*
 * @text broken at blanks, and within what is longer than a line; further lines are indented by @indent, where the cursor
 * is now. No more than @max lines (0: any number), the last one with an ellipsis then.
 */
void typeset_wrap(Typeset *typeset, const char *text, size_t indent, unsigned max);

/* "  label        text"; nothing for an empty text. */
void typeset_labelled(Typeset *typeset, const char *label, const char *text);

/* The label alone, or as much room when it is "". */
void typeset_label(Typeset *typeset, const char *label);

/* "HEADING     text"; nothing for an empty text. */
void typeset_section(Typeset *typeset, const char *heading, const char *text);

/* The heading alone, or as much room when it is "". */
void typeset_heading(Typeset *typeset, const char *heading);
