/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Locate
 *
 *     event -> [locate] -> logger, file and line, thread, request
 *
 * Asked for the few events that are shown, never on the hot path. Of a trace the topmost frame is taken that is not of a
 * framework or a standard library (locate_frames.h); of one that a JSON field holds, too. A pure function of the event.
 */

#include "model/event.h"
#include "model/place.h"
#include "parse/layout.h"

/* Bytes of a message that are looked at for a logger, a thread, a request's id. */
#define LOCATE_HEADER_BYTES 320

void locate(const Layout *layout, const Event *event, Place *place);
