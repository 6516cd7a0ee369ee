/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * HTML
 *
 *     report -> [html] -> one self-contained page
 *
 * No script, no address outside the page, style and histogram within it; dark and light as the reader's system is; readable on a
 * telephone and on paper. The evidence folds. Its style sheet is report.css, embedded as a resource.
 */

#include "report/wording.h"

/* The whole page; owned by the caller. */
char *html_report(const Report *report, const Style *style, const char *version);

/* The histogram of an incident as an <svg> with its onset, causes and changes marked; part of the page. */
void html_histogram(GString *out, const Wording *words, const Incident *incident);

/* @text as it may stand in an element or a quoted attribute. */
void html_text(GString *out, const char *text);
