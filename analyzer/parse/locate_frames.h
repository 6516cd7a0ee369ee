/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Locate frames
 *
 *     lines of a trace -> [locate_frames] -> the application's own frame
 *
 * How frames are written by Java, Python, Node.js, Go, .NET, Ruby, PHP, Rust, Elixir, C and C++, and which of them belong
 * to frameworks, standard libraries and installed packages.
 */

#include "base/str.h"

/* "Shop.java:10", "/srv/app.py", line 3, "/srv/shop.php(12)": the first in @text. False if there is none. */
bool locate_source(Str text, Str *file, Str *line);

/* The topmost frame of the application itself, else the topmost one. Lines end with a newline, or with its escape in JSON. */
bool locate_frame(Str trace, bool escaped, Str *file, Str *line);
