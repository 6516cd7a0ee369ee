/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Clean
 *
 * Makes the text of a log harmless and printable. Log lines hold what attackers sent: escape sequences, control bytes, bad UTF-8,
 * characters that turn the direction of writing. None of them leaves the program as it is, in any form of report.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Accents and other marks on one character; the rest of them is dropped, so that no line grows into its neighbours. */
#define CLEAN_MARKS_MAX 4

/* For JSON: valid UTF-8, in which bad bytes, C1 controls and marks that turn the direction of writing are U+FFFD. Owned by the caller. */
char *clean_utf8(const char *text);

/* For JSON whose strings must keep each character: those that clean_utf8() replaces are escaped. @json is UTF-8. Owned by the caller. */
char *clean_json(const char *json);

/*
 * For one line of a terminal or a page: valid UTF-8, colours removed, every control or formatting character a blank or
 * U+FFFD. A joiner within an emoji or a word of letters beyond ASCII stays. Owned by the caller.
 */
char *clean_line(const char *text);

/* For Markdown: a line in which no character means anything but itself. Owned by the caller. */
char *clean_markdown(const char *text);

/* For Markdown, but not in a table: a line as a code span, with more backticks around than are in it. Owned by the caller. */
char *clean_code(const char *text);

/* For HTML, within an element or a quoted attribute: a line with character references. Owned by the caller. */
char *clean_html(const char *text);

/* For a terminal without Unicode: as many columns of ASCII, `?` for what has none. @text is clean. Owned by the caller. */
char *clean_ascii(const char *text);

/* Columns that @text takes on a terminal. */
size_t clean_width(const char *text);

/* The longest beginning of @text that takes at most @columns, with the marks on its last character; its length in bytes. */
size_t clean_prefix(const char *text, size_t columns);

/* At most @columns columns of @text, the last of them an ellipsis when it is longer. Owned by the caller. */
char *clean_fit(const char *text, size_t columns);
