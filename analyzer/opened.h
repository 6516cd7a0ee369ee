/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Opened
 *
 *     sources -> intake -> [opened] -> reader -> blocks
 *
 * One source, ready to be read: its layout is detected, from its first bytes even where a later part of it is to be read,
 * and it is decided whether it is a log at all.
 */

#include "input/intake.h"
#include "input/reader.h"
#include "pipeline.h"

typedef struct Opened {
        const IntakeItem *item; /* borrowed; with a decoder */
        Reader *reader;         /* owned */
        Decoder *part;          /* owned; of a source of which a part is read; else NULL */
        Layout *layout;         /* borrowed */
        const char *year_from;
        const char *zone_name; /* as it was given, or NULL; borrowed */
        const char *refused;   /* why it is not read; NULL: it is; borrowed */
        char *trouble;         /* owned or NULL */
} Opened;

/* @layout is filled in. Borrows all. */
void opened_init(Opened *opened, const IntakeItem *item, Layout *layout, const ScanOptions *options);
void opened_clear(Opened *opened);

/*
 * How the lines of the source called @name are written: as @options say, or else as @head, its first bytes, shows. @reference_us: as in
 * TimeContext. Returns the name of the zone that was given for it, or NULL; borrowed from @options.
 */
const char *opened_lay_out(Layout *layout, const char *name, Str head, int64_t reference_us, const ScanOptions *options);

/* What is wrong with what is read; borrowed; of strings. */
const GPtrArray *opened_problems(const Opened *opened);

/* Which of its bytes were read; to be asked at the end. */
Extent opened_extent(const Opened *opened);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)
