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

/* For JSON: valid UTF-8, in which bad bytes, C1 controls and marks that turn the direction of writing are U+FFFD. Owned by the caller. */
char *clean_utf8(const char *text);

/* For one line of a terminal: valid UTF-8, colours removed, every control or formatting character a blank or U+FFFD. Owned by the caller. */
char *clean_line(const char *text);

/* Columns that @text takes on a terminal. */
size_t clean_width(const char *text);

/* At most @columns columns of @text, the last of them an ellipsis when it is longer. Owned by the caller. */
char *clean_fit(const char *text, size_t columns);
