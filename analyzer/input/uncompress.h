/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Uncompress
 *
 * Decompresses what compress(1) wrote (.Z), which is old and rare, through libarchive's filter. The format has no end mark and
 * no checksum, so neither tear nor damage can be told for sure.
 */

#include "input/stream.h"

#include "base/str.h"

bool uncompress_begins(Str head);

/* Takes over @inner; borrows the others. NULL, @inner untouched, where libarchive is not there, which @problems then tell. */
Stream *uncompress_new(Stream *inner, GPtrArray *problems, Tally *tally);
