/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Envelope
 *
 *     a line as a collector wrote it -> [envelope] -> the line as the application wrote it
 *
 * Container runtimes, syslog daemons and shippers write an application's line into one of their own, with their time,
 * a severity, and the name of the writer. Here is what such lines look like; which of them a source has is found once from
 * its head (layout.h), and what is done with a block of them stands in peel.h.
 *
 *     docker    {"log":"message\n","stream":"stderr","time":"2024-06-07T09:00:03.1Z"}   json-file driver
 *     CRI       2024-06-07T09:00:03.1Z stderr F message                                  containerd, CRI-O
 *     compose   app-1  | message                                                         docker compose logs
 *     pod       [pod/shop-7d9f/app] message                                              kubectl logs --prefix
 *     syslog    <13>Jun  7 09:00:03 host app[123]: message                               RFC 3164, RFC 5424
 *     kernel    [  123.456789] message                                                   dmesg
 *     message   {"@timestamp":"...","message":"message"}                                 journald, Fluentd, Logstash, CloudWatch, ...
 *     batch     {"resourceLogs":[{"scopeLogs":[{"logRecords":[{...},{...}]}]}]}          OTLP, Azure, CloudWatch
 *     export    __REALTIME_TIMESTAMP=... MESSAGE=... and a blank line                    journalctl -o export
 */

#include "model/event.h"
#include "parse/timestamp.h"

#include <glib.h>

typedef enum {
        ENVELOPE_NONE,
        ENVELOPE_DOCKER,
        ENVELOPE_CRI,
        ENVELOPE_COMPOSE,
        ENVELOPE_POD,
        ENVELOPE_SYSLOG,
        ENVELOPE_KERNEL,
        ENVELOPE_MESSAGE,
        ENVELOPE_BATCH,
        ENVELOPE_EXPORT,
        N_ENVELOPES,
} EnvelopeKind;

/* Envelopes within envelopes. */
#define ENVELOPES_MAX 4

typedef struct Wrapped {
        Str text;        /* the line within; a view of the line or of the scratch memory */
        Str whole;       /* what an event that begins here keeps: `text`, but with syslog and the kernel all of the line */
        uint32_t writer; /* hash of the name or number of who wrote it; 0 if the envelope does not say */
        int64_t time_us; /* of the envelope, or TIME_NONE */
        Level level;     /* of the envelope, or LEVEL_NONE */
        bool partial;    /* the next one of this writer goes on in the middle of the line */
        bool batch;      /* each line of `text` is a record */
} Wrapped;

/* Opens @line. False when it is no such envelope. @scratch is overwritten and holds what had to be unescaped. */
bool envelope_open(EnvelopeKind kind, Str line, const TimeContext *time, GString *scratch, Wrapped *wrapped);

/* The length of the record that @text begins with, with its newlines; for all but ENVELOPE_EXPORT it is a line. */
size_t envelope_record(EnvelopeKind kind, Str text);

/* Where the message of a syslog line begins, and the name of the program that wrote it; false when it is none. */
bool envelope_syslog(Str line, size_t *message, Str *program, Str *process);

/* Where the message behind the kernel's stamp begins; 0 for a line without one. */
size_t envelope_kernel(Str line);

/* Without escape sequences for colours; @out has room for @line. The length. */
size_t envelope_without_colours(Str line, char *out);

/* "docker", ...; static. */
const char *envelope_name(EnvelopeKind kind);
