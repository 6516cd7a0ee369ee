/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Preface
 *
 *     rows of a shape -> [preface] -> words
 *
 * What a line says before it says something: host, process and its number, thread, node, logger. Parsing takes off what the
 * layout of a line makes certain; what is left of it is told apart here, by form alone, so that the same message is one
 * template whoever writes it. Only the grouping leaves the preface out; a template's text shows it.
 *
 * A host has no form of its own: it is the word that stands before a process with its number ("host sshd[12]:") in much
 * of the log, so the hosts are collected first.
 */

#include "base/str.h"

#include <glib.h>

/* Hosts, with how often they were seen before a process, and at all. */
typedef struct Hosts Hosts;

Hosts *hosts_new(void);
void hosts_free(Hosts *hosts);

/* Notes the first word of @text, which was said @count times. */
void hosts_note(Hosts *hosts, Str text, uint64_t count);

/* Where the message begins in @text. */
size_t preface_end(Str text, const Hosts *hosts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hosts, hosts_free)
