/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Style
 *
 * How a report is to look: what the writers need to know of the reader. None of it changes what is said, but for
 * `n_top` and `explain`, which say how much.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define STYLE_WIDTH_DEFAULT 80
#define STYLE_WIDTH_MIN     60
#define STYLE_WIDTH_MAX     200
#define STYLE_TOP_DEFAULT   3

typedef struct Style {
        unsigned width;        /* columns; of text */
        bool color;            /* text in colours */
        bool unicode;          /* the reader sees more than ASCII; false: text is put into ASCII */
        bool links;            /* the names of files are links (OSC 8) */
        unsigned n_top;        /* causes that are shown of an incident */
        bool explain;          /* all factors of the score, all advice */
        int64_t elapsed_us;    /* that the run took; below zero: not told */
        GTimeZone *zone;       /* borrowed; times are told in it beside UTC; NULL: UTC alone */
        const char *zone_name; /* borrowed */
} Style;

/* What a file or a pipe gets: no colours, no links, nothing that depends on the machine. */
static inline Style style_plain(void) {
        return (Style){ .width = STYLE_WIDTH_DEFAULT, .unicode = true, .n_top = STYLE_TOP_DEFAULT, .elapsed_us = -1 };
}
