/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Regex
 *
 * How all regexes are compiled. Logs are bytes, so PCRE2 works on bytes: no text is refused as bad UTF-8, and case is
 * that of ASCII as in the prefilter. `^` and `$` stand at lines, which may end with CRLF. A pack cannot switch that.
 */

#define PCRE2_CODE_UNIT_WIDTH 8

#include <glib.h>
#include <pcre2.h>
#include <stdbool.h>

#define REGEX_MATCH_LIMIT    100000
#define REGEX_DEPTH_LIMIT    1000
#define REGEX_HEAP_LIMIT_KIB 8192

/* NULL when it is wrong; then @reason, if not NULL, is set to an owned text. */
pcre2_code *regex_compile(const char *regex, char **reason);

/* A match context with the limits. */
pcre2_match_context *regex_context_new(void);

/* RE2's dialect, as Go has it, in that of PCRE2; owned. NULL when it has no counterpart; then @reason is set. */
char *regex_from_re2(const char *regex, char **reason);

/* A regex that matches just @text; owned. */
char *regex_quoted(const char *text);
