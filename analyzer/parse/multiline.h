/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Multiline
 *
 * Knows how the lines of a stack trace look. A line without a time continues the event before it, but a crash's own
 * words (`panic:`, `Traceback`, `Exception in thread`, ...) begin an event of their own unless the application's own
 * error line stands directly before them.
 */

#include "base/str.h"

/* The words of a crash at the start of a line. */
bool multiline_is_crash(Str line);

/* "During handling of the above exception, ...": what follows is the same failure. */
bool multiline_is_chain(Str line);

/* In a log without times: a line that cannot begin an event. */
bool multiline_is_continuation(Str line);

/*
 * The line of an event that names its deepest cause: the last "Caused by:" (Java), the last line of a Python traceback,
 * else the line behind the header. Empty when the event has one line and names none. @tail may be empty.
 */
Str multiline_cause(Str head, Str tail);
