/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bundle
 *
 *     unpack -> [bundle] -> members, each a stream -> unpack -> decode
 *
 * The files in a tar, zip, 7z or cpio archive, one after the other, through libarchive. Nothing is ever written to
 * disk, so names such as ../../etc/passwd and links are harmless: a name is a label. What is no file (folders, links,
 * devices), has a name that no log has, is empty or encrypted is passed over and counted. A torn archive is read up to the
 * tear. 7z has its table of contents at its end: one that cannot seek is first read into memory, up to BUNDLE_SPOOL_BYTES.
 */

#include "input/decode.h"

/* Headers that are looked at in one archive. */
#define BUNDLE_ENTRIES_MAX 1000000

#define BUNDLE_SPOOL_BYTES ((size_t)64 << 20)

/* A longer name is cut. */
#define BUNDLE_NAME_BYTES 1024

typedef struct Bundle Bundle;

/* How much of a stream bundle_format() wants to see. */
#define BUNDLE_HEAD_BYTES 512

/* "tar", "zip", "7z", "cpio" for an archive, NULL for anything else; static. */
const char *bundle_format(Str head);

/*
 * The members of what @decoder, which is taken over and from which no text was read, decompresses. @name: its own, borrowed for the call.
 * Problems go to those of the decoder.
 */
Bundle *bundle_new(Decoder *decoder, const char *name);
void bundle_free(Bundle *bundle);

typedef struct Member {
        char *name;      /* owned by the bundle, as is all of it: "logs.tar.gz!/var/log/app.log" */
        int64_t written; /* microseconds; 0: not known */
} Member;

/* The next file that may be a log; false at the end. */
bool bundle_next(Bundle *bundle, Member *member);

/* The content of @member, the one that came last; the caller frees it before the next one. */
Decoder *bundle_open(Bundle *bundle, const Member *member, InflateEngine which);

/* The member that came last turned out to be no log. */
void bundle_pass_over(Bundle *bundle);

/* The archive's own decoder: its name, what it is folded into, its problems. */
const char *bundle_name(const Bundle *bundle);
const char *bundle_layers(const Bundle *bundle); /* "gzip+tar" */
Decoder *bundle_decoder(const Bundle *bundle);

/* Whether a member was given that was not passed over. */
bool bundle_has_logs(const Bundle *bundle);

/* What was passed over, in words: "passed over: 3 folders, 1 link"; NULL for nothing; owned by the caller. */
char *bundle_note(const Bundle *bundle);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bundle, bundle_free)
