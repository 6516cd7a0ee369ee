/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Terminal
 *
 * What is known of the reader at the other end: width, colours, character set; and the pager, as git does it: only on a
 * terminal, LOGSCAN_PAGER before PAGER before less, `cat` or nothing for none.
 */

#include "options.h"
#include "report/style.h"

/* How standard output is to look. Borrows the zone (NULL: UTC alone) and its name. */
Style terminal_style(const Options *options, GTimeZone *zone, const char *zone_name);

/* Columns of the terminal @fd, else COLUMNS, else the default. */
unsigned terminal_width(int fd);

/* Shows @text in the pager; false when there is none or it cannot be started: the text is then still to be printed. */
bool terminal_page(const char *text, const Options *options);

/* Prints what GOption made of the options; on a terminal each line is broken at blanks, beside where its description begins. */
void terminal_print_help(const char *text);
