/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Multiline
 *
 * Knows how the lines of stack traces and dumps look. A line without a time continues the event before it, but a crash's
 * own words (`panic:`, `Traceback`, `Exception in thread`, ...) begin an event of their own unless the application's own
 * error line stands directly before them. All but the cause is asked of a single line.
 */

#include "base/str.h"

/* The words of a crash at the start of a line. */
bool multiline_is_crash(Str line);

/* "TypeError: ...", "java.sql.SQLException: ...": an exception that somebody printed. */
bool multiline_is_exception(Str line);

/* The same, or a name that need not end so, such as KeyboardInterrupt or shop.Lost: of a traceback, its last line. */
bool multiline_names_exception(Str line);

/* Begins a trace that names the exception behind the frames: Python's, and Node.js's line of source. */
bool multiline_awaits_exception(Str line);

/* "Aborted (core dumped)": what the shell says behind the crash's own words. */
bool multiline_is_epilogue(Str line);

/* "During handling of the above exception, ...": what follows is the same failure. */
bool multiline_is_chain(Str line);

/* In a log without times: a line that cannot begin an event. */
bool multiline_is_continuation(Str line);

/* Of a kernel's oops or out-of-memory report, without the stamp: a line that says nothing by itself. */
bool multiline_is_kernel_body(Str line);

/* "Shop.Cart" of "Shop.Cart[0]", all that .NET's console logger writes on an event's first line: who speaks; else empty. */
Str multiline_category(Str message);

/*
 * The line of an event that names its deepest cause: the last "Caused by:" (Java), " ---> " (.NET) or "** (" (Elixir), the
 * last line of a Python traceback, a sanitizer's summary, else the line behind the header. Empty when the event has one line and names none. @tail
 * may be empty.
 */
Str multiline_cause(Str head, Str tail);

/* The same for a trace in a JSON string, whose newlines are escaped; empty if it names none. */
Str multiline_cause_escaped(Str trace);

/*
 * What a tool that changed a file says of it, as diff -u does: what is behind the marks ("+++", "@@"), from the first line with a sign. Empty if
 * there is none.
 */
Str multiline_difference(Str head);
