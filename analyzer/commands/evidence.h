/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Evidence
 *
 *     report, logs -> [evidence] -> bundle
 *
 * What is kept of an analysis: the report in every form, the lines that it names with those around them, and a manifest that
 * says from which bytes of which file each of them came. Nothing in it depends on the hour or the machine: the same logs,
 * packs and options give the same bytes. The layout is described in docs/evidence.md.
 */

#include "commands/packet.h"
#include "commands/excerpts.h"
#include "commands/session.h"

#define EVIDENCE_SCHEMA   "logscan-evidence/1"
#define EVIDENCE_MANIFEST "manifest.json"
#define EVIDENCE_SEAL     "manifest.sha256" /* as sha256sum writes it */

typedef struct EvidenceDraft {
        GPtrArray *excerpts; /* of Excerpt */
        GPtrArray *inputs;   /* of Input */
        GPtrArray *bundle;   /* of BundleFile: the forms of the report go here */
} EvidenceDraft;

/* Reads what @report names out of the logs; to be called before the report is redacted. */
EvidenceDraft *evidence_draft(const Report *report, const Session *session);
void evidence_draft_free(EvidenceDraft *draft);

/* Adds excerpts and manifest, and writes the bundle to options->evidence. */
bool evidence_write(EvidenceDraft *draft, const Report *report, const Session *session, const Options *options, GError **error);

/* SHA-256 in hexadecimal digits; owned by the caller. */
char *evidence_digest(GBytes *content);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EvidenceDraft, evidence_draft_free)
