/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/joiner.h"

#include "parse/multiline.h"

void joiner_begin(Joiner *joiner, const Event *event, LineKind kind, Str line) {
        bool crash = kind == LINE_CRASH || kind == LINE_EXCEPTION;
        Level bad = kind == LINE_TIMED || event->time_us != TIME_NONE ? LEVEL_WARNING : LEVEL_ERROR;

        *joiner = (Joiner){
                .is_crash = crash,
                .takes_crash = !crash && event->level >= bad && (kind == LINE_TIMED || !event->level_guessed),
                .awaits = crash && multiline_awaits_exception(line),
                .chained = multiline_is_chain(line),
                .is_stray = kind == LINE_STRAY,
        };
}

/* "SEVERE: ...": java.util.logging says on the second line that the event is an error. */
static bool names_level(Str line) {
        size_t colon = str_find(str_slice(line, 0, 10), STR(": "), 0);

        return colon != SIZE_MAX && level_from_word(str_slice(line, 0, colon)) >= LEVEL_WARNING;
}

static void take_note(Joiner *joiner, Str line) {
        if (line.len == 0)
                return;
        joiner->chained = multiline_is_chain(line);
        joiner->awaits |= multiline_awaits_exception(line);
        joiner->takes_crash |= !joiner->is_crash && names_level(line);
}

bool joiner_continues(Joiner *joiner, LineKind kind, Str line, size_t size) {
        bool full = joiner->is_stray || size >= EVENT_HEAD_BYTES + EVENT_TAIL_BYTES;
        bool names = joiner->awaits && multiline_names_exception(line);

        if (names && kind != LINE_TIMED) {
                joiner->awaits = joiner->chained = false;
                return true;
        }
        if (full && kind == LINE_CONTINUES && !multiline_is_continuation(line))
                return false;
        if (joiner->is_crash && kind == LINE_CRASH && multiline_is_epilogue(line))
                return true;
        if (kind == LINE_EXCEPTION ? !(joiner->takes_crash || joiner->is_crash)
                                   : kind != LINE_CONTINUES && !(kind == LINE_CRASH && (joiner->chained || joiner->takes_crash)))
                return false;
        take_note(joiner, line);
        return true;
}
