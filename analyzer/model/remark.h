/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Remarks
 *
 * What a report says of the logs besides their incidents: what was not seen, what was there all the time, whose clocks differ, what was
 * replaced.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A group of categories for which nothing new spoke. */
typedef struct NoSign {
        const char *group, *title; /* borrowed */
        unsigned n_patterns;       /* that looked */
        const char *origin;        /* static; who tells of it first hand ("a database"); NULL: any program may */
        GArray *sources;           /* of uint32_t; indexes of the sources that are its log; empty without `origin` */
        char *text;
} NoSign;

/* What was there all the time. */
typedef struct Background {
        char *id, *title, *text;
        uint64_t count;
} Background;

/* The clock of a source goes before or behind that of another; estimated, and not corrected anywhere. */
typedef struct ClockDifference {
        uint32_t source, reference; /* indexes */
        double seconds;             /* by which the source's clock is ahead; below zero: behind */
        double uncertainty;         /* seconds to each side */
} ClockDifference;

/* The times of a source name no zone; if they are of this one, it begins and ends with the reference. */
typedef struct ZoneFit {
        uint32_t source, reference; /* indexes */
        int minutes;                /* east of UTC */
        int64_t from_us, to_us;     /* when it speaks so, read as UTC; `to_us` excluded */
        bool alone;                 /* and nobody whose times are right does then */
} ZoneFit;

/* What was replaced of one kind, when a report is redacted. */
typedef struct Redaction {
        const char *kind; /* static: "ip", "mail", ... */
        uint64_t n_values, n_replaced;
} Redaction;

NoSign *no_sign_new(void);
void no_sign_free(void *no_sign);
void background_free(void *background);
