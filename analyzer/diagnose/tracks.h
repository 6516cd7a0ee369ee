/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tracks
 *
 *     ledger -> [tracks] -> incidents -> causes
 *
 * Looks at each signal on its own: when was it much more frequent than at other times, and was it there before? The
 * surge is the interval with the greatest likelihood ratio of a Poisson rate inside against one outside (the scan
 * statistic of Kulldorff, 1997), on counts, not shares. On a total over all signals it would lock onto the background.
 *
 * The axis is time in seconds, or the number of the line for a log without times.
 */

#include "diagnose/baseline.h"
#include "model/pattern.h"
#include "model/report.h"

/* New is what was not there before, if by its rate it should have been: so many events at least. */
#define NEW_EXPECTED_MIN 3.0

/* Scanned buckets of a signal; a finer series is made coarser. The scan costs the square of it. */
#define TRACK_BUCKETS_MAX 192

/* A surge is one when its log-likelihood ratio and its rate against that outside are at least: */
#define SURGE_LLR_MIN  8.0
#define SURGE_RATE_MIN 3.0

/* A surge of more than this share of the axis may be a usual state, and the news a surge within it. */
#define SURGE_SHARE_MAX 0.35

/* The same failure may come back: so many surges of one signal are told apart. */
#define SURGES_MAX 4

/* Errors in the first seconds of a log, or in this share of its span, that do not go on are its start, not news. */
#define STARTUP_SECONDS   10.0
#define STARTUP_SHARE     0.03
#define STARTUP_SHARE_MAX 0.2 /* of a short log */

/* A signal without a surge that has so few events, or a few more and all of them news, is a candidate where it falls into an incident. */
#define SPARSE_EVENTS_MAX 3

/*
 * Few events that stand apart from all others, by more than the rest of the log spans, have a wrong time (a clock that
 * jumped, a date in a message): they do not stretch the axis.
 */
#define STRAY_SHARE 0.005

typedef enum {
        TRACK_STEADY,   /* there all the time, or nothing to speak of */
        TRACK_STARTUP,  /* only when the log begins */
        TRACK_SPARSE,   /* a few events, too few for a surge */
        TRACK_RISEN,    /* there before, and much more frequent during its surge */
        TRACK_NEW,      /* not there before its surge */
        TRACK_UNPLACED, /* its events have no time while others have */
} TrackKind;

/* Of a log's traffic (its events but errors), so much must lie outside of a surge, or there is nothing to compare it with. */
#define TRAFFIC_OUTSIDE_MIN 0.08
#define TRAFFIC_EVENTS_MIN  100 /* less traffic says nothing */
#define TRAFFIC_RISE_MAX    3.0 /* a larger rise is no traffic but part of the trouble: retries */

typedef struct Axis {
        bool by_line;
        const Series *all, *errors; /* borrowed from the view */
        double start, end;          /* of the whole log */
} Axis;

#define ALL_SOURCES UINT32_MAX

typedef struct Track {
        const Signal *signal;   /* borrowed */
        uint32_t source;        /* its events in this one alone, or ALL_SOURCES */
        const Pattern *pattern; /* borrowed; NULL for a shape */
        TrackKind kind;
        double from, to;                  /* the surge, `to` excluded; for a sparse one its events */
        double began;                     /* `from`, less how long what its first lines speak of had taken by then */
        int64_t onset_us, last_us;        /* of the surge, exact where an exemplar tells; TIME_NONE by line */
        uint64_t before, inside;          /* events before the surge, without earlier surges, and in it */
        uint64_t earlier;                 /* events of earlier surges */
        double rate_inside, rate_outside; /* events a second (or a line) */
        double source_began;              /* the first of the sources that say it; the axis' start where no time is known */
        double expected;                  /* events in the whole log, by the baseline; -1 where none was given */
        bool fails;                       /* no bad news by its level, but new against a baseline and in words of a failure */
        double llr;
} Track;

void axis_of(const LedgerView *view, Axis *axis);

/* How many times as much traffic there is from @from to @to as at other times: 1 to TRAFFIC_RISE_MAX. */
double axis_traffic_rise(const Axis *axis, double from, double to);

/*
 * One Track for each surge, or for the whole, of each signal that can be a cause, a symptom, a change or a recovery:
 * patterns, and shapes that are bad news. With a @baseline (or NULL) it says what is news, instead of the rest of the log.
 */
GArray *tracks_of(const LedgerView *view, const Patterns *patterns, const Axis *axis, const Baseline *baseline);

/* The clearest surge of a signal that is no bad news; false when it has none. */
bool track_of_calm(const Signal *signal, const Axis *axis, Track *track);

/* True for a warning or worse, for patterns, and for what fails. */
bool track_is_bad_news(const Track *track);

/* True for what counts as an error: an error's level, or a pattern's cause or symptom that is more than a warning. */
bool track_is_error(const Track *track);

/* True when the track is a pattern with this role. */
bool track_has_role(const Track *track, Role role);

/*
 * True for a pattern of role cause and severity critical that needs no numbers: a process killed, a disk full, data damaged. An exception or
 * a setting may be critical to a feature that nobody uses.
 */
bool track_is_critical_cause(const Track *track);
