/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Intake
 *
 *     sources -> [intake] -> one stream of lines after the other -> reader
 *
 * Opens the sources in order, and what is in them: an archive gives one stream for each of its files, an archive in it again.
 * So the streams are not known before they are read, and an archive that comes through a pipe is read in one pass, with
 * memory for one block. The order depends on the sources alone.
 */

#include "input/decode.h"

/* Archives within archives. */
#define INTAKE_DEPTH_MAX 4

typedef struct Intake Intake;

/* Borrows @sources (of Source). */
Intake *intake_new(const GPtrArray *sources, InflateEngine which);
void intake_free(Intake *intake);

/* One stream of lines, or, with @decoder NULL, what is to be said of a source that gives none. Valid until the next call. */
typedef struct IntakeItem {
        const Source *source;      /* borrowed */
        Decoder *decoder;          /* borrowed; may be NULL */
        const char *compression;   /* borrowed */
        const GPtrArray *problems; /* borrowed; of strings; while there is a decoder, those of the decoder, which may grow */
        const char *note;          /* borrowed; without decoder; may be NULL */
        bool in_bundle;
} IntakeItem;

/* False at the end. */
bool intake_next(Intake *intake, IntakeItem *item);

/* The item came from an archive and is no log: it is counted there. */
void intake_pass_over(Intake *intake);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Intake, intake_free)
