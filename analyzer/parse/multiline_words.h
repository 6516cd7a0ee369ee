/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Multiline words
 *
 * The tables behind multiline.h: how the lines of crashes, traces and dumps begin, software by software.
 */

#include "base/str.h"

/* Each is true for a line, or the rest of one, that begins with a row of the table. */
bool multiline_words_crash(Str line);
bool multiline_words_chain(Str line);
bool multiline_words_continuation(Str line);
bool multiline_words_kernel_body(Str line);
