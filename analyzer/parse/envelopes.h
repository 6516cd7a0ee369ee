/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Envelopes
 *
 *     head of a source -> [envelopes] -> which envelopes its lines are in, from the outside
 *
 * Finds the envelopes of a source, and opens a line through all of them. Colours are taken off what is found. A line that
 * is in no such envelope is what it is.
 */

#include "parse/envelope.h"

/* Records of the head that are looked at. */
#define ENVELOPES_DETECT_RECORDS 200

typedef struct Envelopes {
        EnvelopeKind kind[ENVELOPES_MAX];
        unsigned n;
        bool coloured; /* the head holds escape sequences */
} Envelopes;

/* Scratch memory for one thread, zero to begin with. */
typedef struct EnvelopesScratch {
        GString *opened[ENVELOPES_MAX + 2]; /* owned; of each envelope, and without colours, outside and inside */
} EnvelopesScratch;

void envelopes_scratch_clear(EnvelopesScratch *scratch);

void envelopes_detect(Envelopes *envelopes, Str head, const TimeContext *time);

/*
 * Opens @record, which has no newline at its end, from the envelope @from on; what is said of the envelopes outside of it
 * is kept in @wrapped, which is to be envelopes_nothing() at first. The views hold until the next call.
 */
void envelopes_open(const Envelopes *envelopes, unsigned from, Str record, const TimeContext *time, EnvelopesScratch *scratch, Wrapped *wrapped);

static inline Wrapped envelopes_nothing(void) {
        return (Wrapped){ .time_us = TIME_NONE };
}

/* The innermost one, or ENVELOPE_NONE. */
static inline EnvelopeKind envelopes_last(const Envelopes *envelopes) {
        return envelopes->n > 0 ? envelopes->kind[envelopes->n - 1] : ENVELOPE_NONE;
}

/* Its lines keep what a syslog daemon or the kernel wrote before the message, with the time. */
static inline bool envelopes_keep_whole(const Envelopes *envelopes) {
        return envelopes_last(envelopes) == ENVELOPE_SYSLOG || envelopes_last(envelopes) == ENVELOPE_KERNEL;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EnvelopesScratch, envelopes_scratch_clear)
