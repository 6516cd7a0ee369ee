/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Text
 *
 *     report -> [text] -> a terminal or a pipe
 *
 * The report for a tired human: the cause within the first ten lines, every claim with an address. Nothing in it
 * depends on the machine or the hour; without colour it is plain enough for a mail.
 */

#include "model/report.h"

#define TEXT_WIDTH_DEFAULT 80
#define TEXT_WIDTH_MIN     60
#define TEXT_WIDTH_MAX     200

typedef struct TextStyle {
        unsigned width;
        bool color;     /* and the histogram's blocks */
        unsigned n_top; /* causes that are shown */
        bool explain;   /* all factors of the score */
} TextStyle;

/* Owned by the caller. */
char *text_report(const Report *report, const TextStyle *style);
