/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Silence
 *
 *     trails of the sources -> [silence] -> ranking
 *
 * Who stopped talking. A program that hangs logs no error; what speaks for it is that its log, regular until then, breaks
 * off, and its last line. A pause counts when by the source's own rate it should have held many events and it is much longer than any pause
 * before it. Within a source that goes on, a line that came at regular intervals (a heartbeat, a scheduled job) may stop: after a few missed beats
 * that is known. So may one that came often (the calls that a service answers), where its source tells of a change at that moment, or clearly before the
 * first error; else it is a victim of the incident like any other.
 */

#include "diagnose/incidents.h"

/* The events that are missing, by the rate before; how much longer than the longest pause before; how long at least. */
#define SILENCE_MISSING_MIN 20.0
#define SILENCE_RATIO_MIN   4.0
#define SILENCE_SECONDS_MIN 10.0

/* The source wrote so many events before, for so long, and for this share of the silence, or nothing can be said of its rate. */
#define SILENCE_EVENTS_MIN    30
#define SILENCE_HISTORY_MIN   60.0 /* seconds */
#define SILENCE_HISTORY_SHARE 0.5

/* A line is regular when so many intervals before were alike: their standard deviation is at most this share of their mean; then so many missed beats. */
#define BEAT_INTERVALS_MIN 6
#define BEAT_VARIATION_MAX 0.35
#define BEAT_MISSED_MIN    4.0

/* A change and what stops with it are so far apart at most. */
#define STOP_BEFORE_SECONDS 3.0
#define STOP_BEHIND_SECONDS 5.0

/* A frequent line that stopped before the first error is no victim of it when so many are missing until then, and it was never half as long away. */
#define FREQUENT_AHEAD_MIN 10.0
#define FREQUENT_RATIO_MIN 2.0

#define SILENCE_LINES_MAX 3

/* A last line of a kind that stands so often in the log, at most, is a last word. */
#define LAST_WORD_EVENTS_MAX 2

/* A line of a failure so shortly before the silence explains it. */
#define SILENCE_WORDS_SECONDS 5.0

typedef struct Silence {
        const Signal *of; /* what stopped; borrowed; NULL: all of the source */
        uint32_t source;
        double from, to; /* from the last event before it, to the next one or the end of the log */
        bool ongoing;
        bool last_word;                    /* its last line is one that was hardly ever said before: "stepping down" */
        double rate;                       /* events a second before */
        double longest_before;             /* pause, in seconds */
        Exemplar lines[SILENCE_LINES_MAX]; /* the last ones before it, in order of time; their texts are borrowed */
        unsigned n_lines;
        Signal signal; /* a stand-in with a key of its own */
} Silence;

/* So many events are missing when something else begins: the silence began before it. Of a regular line fewer suffice. */
#define AHEAD_EVENTS_MIN 5.0
#define AHEAD_BEATS_MIN  1.5

/* When it was heard last: not all of its lines are kept, so the last one kept may be an earlier one. */
int64_t silence_last_heard_us(const Silence *silence);

bool silence_is_ahead(const Silence *silence, double second);

/* Were there events all the time until @second, at intervals that are alike? */
bool silence_was_regular(const Series *series, double second);

/* How long a regular line was not heard; its beat, and the longest pause between two of its lines before. */
typedef struct Pause {
        double from, to; /* from its last line before, to the next one or the end of the log */
        bool to_the_end;
        double beat, longest;
} Pause;

/* The first pause of @signal, a line that was regular until then, that begins between @from and @to and misses several beats; false: there is none. */
bool silence_find_pause(const Signal *signal, double from, double to, const Axis *axis, Pause *pause);

/* The silences of sources, in their order, and then of signals that began shortly before or in @episode; of Silence. */
GPtrArray *silences_find(const Episode *episode, const LedgerView *view, const Axis *axis);

/*
 * What @source said often until about @second, and no more from then on for long: of several lines the one that is missed most; owned by the caller,
 * or NULL.
 */
Silence *silence_since(uint32_t source, double second, const Episode *episode, const LedgerView *view, const Axis *axis);
