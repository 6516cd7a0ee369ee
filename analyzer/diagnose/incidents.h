/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Incidents
 *
 *     tracks -> [incidents] -> causes
 *
 * Clusters surges of errors by time: surges that overlap, or lie within a gap of each other, are one episode. An episode
 * is an incident when it is more than a blip that healed by itself.
 */

#include "diagnose/tracks.h"

/* Two surges belong together when not more than this lies between them. */
#define GAP_SECONDS 20.0
#define GAP_SHARE   0.04 /* of the span of the log */

/*
 * An episode below any of these is a blip. Its strength counts each signal's surplus of events up to SIGNAL_EVENTS_MAX, a
 * known cause more than an unknown error or a symptom; where no pattern knows a cause among its signals, the rate of all errors must rise too.
 */
#define INCIDENT_STRENGTH_MIN 12.0
#define INCIDENT_SECONDS_MIN  4.0
#define SIGNAL_EVENTS_MAX     30.0
#define UNKNOWN_RISE_MIN      4.0
#define LASTING_RISE_MIN      1.5 /* the same for effects that patterns know, for restarts on request have such, too; and for what is many and lasts: */
#define LASTING_EVENTS_MIN    40
#define LASTING_SECONDS_MIN   30.0
#define LONG_EVENTS_MIN       20 /* or for what is no batch, but goes on for long */
#define LONG_SECONDS_MIN      75.0

/*
 * Warnings are an incident of their own when they are new, so many, for so long, and this share of all that is logged meanwhile. Not when a few clients
 * get them all: that is their trouble. Where there is no other incident, a fainter share is enough, and so are those that come for LONG_SECONDS_MIN so
 * many times as often as before.
 */
#define WARNINGS_EVENTS_MIN  60
#define WARNINGS_SECONDS_MIN 30.0
#define WARNINGS_SHARE_MIN   0.1
#define WARNINGS_SHARE_FAINT 0.05
#define WARNINGS_RISE_MIN    10.0
#define WARNINGS_HISTORY_MIN 60.0 /* seconds for which their log was there before: a job that begins to write has no healthy time */

/*
 * An episode begins where its errors do, not where something else was going on already: later than with its first surge, when from there on its
 * events come so many times as often, and no more than this share of them came before.
 */
#define PRELUDE_RISE_MIN  4.0
#define PRELUDE_SHARE_MAX 0.2
#define PRELUDE_GOES_ON   0.5 /* what comes so often, of its rate before, when all is over, was no beginning */

/* An incident is over when so few of its errors are left, of all, and all errors come no oftener than so many times as before it. */
#define STRAGGLERS_SHARE_MAX 0.02
#define STRAGGLERS_RISE_MAX  2.0
#define END_STEPS            400

/* What speaks not later than this behind the begin speaks first; an age that it tells of counts from so many seconds on. */
#define FIRST_SECONDS   2.0
#define AGE_SECONDS_MIN 5.0

/* Of answers of 500 and more so many at least are told by the limit that refused them, which is at work. */
#define LIMITED_SHARE_MIN 0.9

/* So many warnings that were never there before, and last into the episode, tell since when it hurts, unless something fills up. */
#define SINCE_WARNINGS_MIN 20

/* Against a baseline one error that was never there is news by itself; below the second strength it is told, but decides nothing. */
#define BASELINE_STRENGTH_MIN  1.0
#define BASELINE_STRENGTH_SURE 3.0

/* Without any surge, a log of which this share is errors, and at least so many, has no quiet part to compare with. */
#define WHOLE_SHARE_MIN  0.2
#define WHOLE_ERRORS_MIN 3

/* At most so many are reported, the worst ones. */
#define INCIDENTS_MAX 5

typedef struct Episode {
        double from, to;   /* on the axis */
        bool logins;       /* it is of refused logins alone: where all others are served, somebody tries passwords, or has forgotten his */
        double since;      /* when that began of which its first errors say how long it takes ("queue age 25 s"), or new warnings; else `from` */
        bool loud;         /* a flood of warnings, or of refusals, is part of it */
        double weight;     /* how bad: surplus of error events, each signal counted by its logarithm */
        double strength;   /* how sure that it is more than a blip */
        bool known;        /* a pattern is part of it */
        bool hurts;        /* and one that is known to hurt, or answers of 500 and more: data that is refused alone may be everyday */
        bool caused;       /* one of role cause, that is new or has risen by many */
        bool judged;       /* a baseline says that it is news */
        uint64_t events;   /* of errors, in surges */
        bool critical;     /* a pattern of severity critical and role cause is part of it */
        bool fills;        /* a full disk, a used up memory or the like comes first: what fills it up may have begun long before */
        bool limited;      /* a limit that is reached comes first, of any kind */
        bool whole;        /* there is no quiet part: it is all of the log */
        GPtrArray *tracks; /* of Track, borrowed; that surge in it */
} Episode;

void episode_free(void *episode);

/* The first error of its surges, exactly; microseconds. */
int64_t episode_onset_us(const Episode *episode);

/*
 * For a log without a surge that is nothing but trouble, or that holds a critical cause all the time: the whole of it as
 * one episode; else NULL. @n_events: of the log.
 */
Episode *incidents_whole(const GArray *tracks, const Axis *axis, uint64_t n_errors, uint64_t n_events);

/* The episodes that are incidents, worst first. @errors: all error events. @gap: in units of the axis, or 0 to choose. */
GPtrArray *incidents_find(const GArray *tracks, const Axis *axis, const Series *errors, double gap);
