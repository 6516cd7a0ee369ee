/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Header
 *
 *     line, place of its time -> [header] -> level, status, message
 *
 * Reads what a text line says around its time: syslog priority, level, thread, logger, process, and where the message
 * begins. A level counts where a level field can stand: before the time, or among the first words behind it, written
 * as levels are written. A level word in the message is the last resort and never beats a field.
 */

#include "model/event.h"

/* Words behind the time that are looked at for a level, and how far they may reach. */
#define HEADER_WORDS_MAX 8
#define HEADER_BYTES_MAX 160

/* The last resort looks at so much of the message. */
#define LEVEL_WORD_BYTES 256

/*
 * Sets level, status and message of @event for a @line whose time stands at @start..@end, and what the application wrote
 * from @message on, which is @end where nothing else is between. False for a line that only
 * continues the message before it although it begins with a time (PostgreSQL's DETAIL, HINT, STATEMENT, ...).
 */
bool header_read(Str line, size_t start, size_t end, size_t message, Event *event);

/* The level that a message begins with, else the one that its words suggest. */
Level header_level_of_message(Str message);

/* The level that the words of a message suggest; LEVEL_NONE if they suggest none. */
Level header_level_of_words(Str message);
