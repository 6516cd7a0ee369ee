/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Split
 *
 *     sources -> reader -> [split] -> ranges
 *
 * Parts sources into ranges of about equal size that can be scanned anywhere and give, merged, what one run gives. A plain file can be
 * cut before any event, a compressed one where a member or frame begins shortly before; what cannot be cut is one part: archives,
 * journals, one large member, UTF-16. Reads each source that is larger than a part once, to find the events and count the lines.
 */

#include "model/source.h"
#include "pipeline.h"

/* Called for each part in order; @bytes: its size, of what is compressed as a whole that of the file. */
typedef void (*SplitPart)(const Source *source, const Range *range, uint64_t bytes, void *data);

/* Borrows all. What cannot be read is one part, so that who scans it can say why. */
void split_sources(const GPtrArray *sources, uint64_t size, const ScanOptions *options, SplitPart part, void *data);
