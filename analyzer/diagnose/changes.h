/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Changes
 *
 *     signals, an incident -> [changes] -> ranking, causes
 *
 * What somebody or something changed around an onset: deploys, reloads, restarts, migrations, settings. Patterns of role
 * change know most of them; so do rare lines without pattern, at level INFO or without a level, whose words speak of a
 * change ("quota file loaded", "signing key replaced"), when they stand shortly before the onset.
 */

#include "diagnose/incidents.h"

/* What happened up to so many seconds before the onset can have led to it. */
#define CHANGE_LEAD_SECONDS 300.0

/* The same for lines that no pattern knows, how often such a line may stand in the log, and how many are told. */
#define RUMOUR_LEAD_SECONDS  120.0
#define RUMOUR_EVENTS_MAX    12
#define RUMOURS_MAX          6
#define RUMOURS_TOGETHER_MAX 8    /* of lines of one log and moment, which count as one */
#define RUMOUR_USUAL_TIMES   2    /* what was said so often before, at times that are apart, and did no harm, is no change */
#define RUMOUR_APART         20.0 /* seconds */
#define TIMER_TIMES_MIN      3    /* what was said so often at intervals that differ by so small a share from their mean is a timer's */
#define TIMER_SLACK          0.03
#define TIMER_SECONDS_MIN    5.0
#define RUMOUR_BYTES         160 /* of its message: a change is told in few words */

/* Where more kinds of lines than so many hardly ever speak, the log is full of such, and a value that differs in one of them says nothing. */
#define RARE_MAX 1000

/*
 * A source whose lines are so many seconds apart on average is the log of somebody who acts: what it says for the first time may be a change,
 * whatever its words.
 */
#define LACONIC_SECONDS 20.0

/*
 * Whatever its words, a line that hardly ever stands in the log and stands in the second before the onset is told, too; where more than so many do, the log is
 * full of such lines, and none of them says anything.
 */
#define COINCIDENCE_SECONDS    1.0
#define COINCIDENCE_EVENTS_MAX 4
#define COINCIDENCES_MAX       2

/* A line that hardly ever stands in the log, and stands so near to a change in its source, belongs to it; so many of all changes. */
#define BESIDE_SECONDS 1.0
#define DETAILS_MAX    10

/* Changes that are not more than this apart were made together; the longer one is for two that one pattern knows. */
#define TOGETHER_SECONDS         2.0
#define TOGETHER_ALIKE_SECONDS   10.0
#define TOGETHER_RELEASE_SECONDS 60.0 /* of two that name the same version, ticket or revision: the steps of one release */

/* Changes up to so many seconds behind the onset belong to it. */
#define CHANGE_SLACK_SECONDS 2.0

#define CHANGES_MAX 20

/*
 * The changes from CHANGE_LEAD_SECONDS before the onset of @incident to its end, in order of time. Needs its times. Lines without pattern count from
 * RUMOUR_LEAD_SECONDS before, where something fills up or the first errors tell an age from earlier on, but for the start of the log. What the @baseline
 * (or NULL) knows as usual is no change.
 */
GPtrArray *changes_find(const Incident *incident, const LedgerView *view, const Patterns *patterns, const Baseline *baseline);

/* Of two pointers to Change, in order of time and place; for g_ptr_array_sort(). */
int changes_compare(const void *a, const void *b);

/* At most @max times, or at one moment. */
bool changes_spoke_rarely(const Signal *signal, unsigned max);

/* So many words of the change's message, but for short ones, begin words of @text. */
unsigned changes_words_in(const Change *change, Str text);

/* One of them begins a word of the signal's message. */
bool changes_names(const Change *change, const Signal *signal);

/*
 * True when the change is about the same thing as what @signal, a failure that @title tells of, says: in the one source that says it, or with a word
 * in common.
 */
bool changes_is_about(const Change *change, const Signal *signal, const char *title);

/* True when it stands in a source that says @signal. */
bool changes_is_where(const Change *change, const Signal *signal);

/* True when two changes are likely of one thing: in one source, or with a word or a reference in common. */
bool changes_are_related(const Change *one, const Change *other);

/* Shorter words are everywhere. */
#define CHANGE_WORD_BYTES_MIN 5
