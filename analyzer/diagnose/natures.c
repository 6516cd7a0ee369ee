/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/natures.h"

#include "diagnose/attempts.h"
#include "diagnose/changes.h"
#include "diagnose/hearsay.h"
#include "diagnose/kinds.h"
#include "diagnose/mechanisms.h"
#include "diagnose/settings.h"

#include <math.h>

/* How likely a signal of this kind is where it began, before anything is known of its time; by depth of its category. */
static const double NATURE_OF_CAUSE[CATEGORY_DEPTH_MAX + 1] = { 1.0, 0.75, 0.45, 0.25 };
static const double NATURE_OF_SYMPTOM[CATEGORY_DEPTH_MAX + 1] = { 0.6, 0.45, 0.35, 0.05 };

#define NATURE_TRACE       0.45 /* an error nobody described, with a stack trace or a named exception */
#define NATURE_FATAL       0.5
#define NATURE_ERROR       0.3
#define NATURE_WARNING     0.25
#define NATURE_STATUS      0.05 /* an HTTP status of 500 or more */
#define NATURE_REFUSED     0.2  /* an HTTP status of 400 or more: what a server decided */
#define NATURE_WORDS       0.2  /* what the words of a message without pattern add or take */
#define NATURE_CHANGE      0.57 /* of a change just before: what is left where everything else is a victim */
#define NATURE_SETS        0.75 /* of one that gave something another value, which is no version, just before the first error */
#define SETS_SECONDS       2.0
#define NATURE_SCOPED      0.7  /* of one that was made where alone the trouble is, or looks like a mistaken unit */
#define NATURE_REFUTED     0.15 /* of one that was undone while the trouble went on */
#define NATURE_DOUBTFUL    0.45 /* of such a one that looks like a mistaken unit, or came with the first error: what it left behind may do harm for long */
#define NATURE_SILENCE     0.5
#define NATURE_LAST_WORD   0.6  /* of one before which something was said that hardly ever is */
#define NATURE_STARVED     0.25 /* of one that began with the errors: whoever is not asked any more says nothing */
#define SILENCE_SHARE_MIN  0.25 /* of the incident: one that is sooner over is starved, too */
#define NATURE_SLOW        0.45 /* of a line that is no bad news, but tells of far more seconds than ever */
#define NATURE_STORAGE     0.65 /* the same of a disk: all else stands on it */
#define NATURE_CHATTER     0.3  /* the same of one that programs write for their developers, who time everything, and of requests served: there it is felt */
#define NATURE_JUMP        0.3  /* of one whose number is far higher than ever: what piles up is piled up by something */
#define NATURE_CLIMB       0.5  /* of one whose number climbed and climbed, from before anything failed: a leak */
#define NATURE_TURNED      0.65 /* of one in which a value that was always the same is another, for as long as the incident lasts */
#define NATURE_TURNED_ONCE 0.5  /* the same for a part of it, or told behind the first error of what may have turned before it */
#define NATURE_PAUSE       0.6  /* of one that tells once of so long, all of it before anything fails */
#define PAUSE_SECONDS_MIN  5.0
#define NATURE_HUGE        0.6  /* of one that tells once of twenty times as much as ever, before anything fails */
#define NATURE_UNUSUAL     0.15 /* of one that is there for the first time */
/* Of one that came well before the first error and went with the last: a job that did it harm; where something is full, it is seen to work. */
#define NATURE_GUEST         0.45
#define GUEST_SECONDS        10.0
#define FILLING_LEAD_SECONDS 3.0
#define NATURE_DEMAND        0.65 /* of one that is there for the first time, or far more often, from before a limit was reached until it was */
#define DEMAND_LEAD_SECONDS  5.0
#define DEMAND_SLACK_SECONDS 10.0
#define NATURE_HOLDER        0.85 /* of one that tells of something that took as long as the whole incident */
#define HOLDER_SHARE         0.25 /* so much of it in one piece */
#define HELD_LINES_MIN       3    /* so many that took so long and are done only when it is over were held */
#define HELD_SLACK_SECONDS   2.0
#define FILLED_SECONDS       120.0 /* what fills up may have taken so long */
#define LASTS_SLACK_SECONDS  10.0  /* a job that ends with it does so within these, and began not longer before it than it lasted */

#define COINCIDENCE_WEIGHT 0.9

/* An unhandled exception says where a program failed, but not why. */
#define NATURE_EXCEPTION 0.55

/* Of data and requests that are refused: they were sent by somebody, who may have no words for it. */
#define NATURE_TURNED_AWAY 0.3

/* Of a known failure that was over so many seconds before the first error. */
#define NATURE_OVER  0.45
#define OVER_SECONDS 10.0

static bool has_trace(const Signal *signal) {
        return signal->n_first > 0 && strchr(signal->first[0].text, '\n') != NULL;
}

static double nature_of_level(const Signal *signal) {
        if (signal->level >= LEVEL_FATAL)
                return NATURE_FATAL;
        if (signal->level < LEVEL_ERROR)
                return NATURE_WARNING;
        return has_trace(signal) ? NATURE_TRACE : NATURE_ERROR;
}

/* "age=3", "queue_age_s: 12"; not "message_id", nor "usage=3". */
static bool names_age(Str text) {
        for (size_t at = 0; (at = str_find_nocase(text, STR("age"), at)) != SIZE_MAX; at += 3)
                if ((at == 0 || !char_is_alpha(text.ptr[at - 1])) && at + 3 < text.len && strchr("=_:\"", text.ptr[at + 3]))
                        return true;
        return false;
}

/* Who waited that long, or got that old, was held up himself; but an old transaction holds what it has locked. */
static bool tells_of_waiting(const Facet *facet) {
        static const char *const WAITS[] = { "waited", "waiting", "acquired", "queued", "in queue", "wait=", "wait_", NULL };
        static const char *const HOLDERS[] = { "trx", "txn", "xact", "transaction", "query", "queries", "statement", "session", "lock", "lease", NULL };
        Str text = facet->n_evidence > 0 ? str_from(facet->evidence[0]->text) : STR("");

        return str_has_one_of(text, WAITS) || ((str_find_nocase(text, STR("oldest"), 0) != SIZE_MAX || names_age(text)) && !str_has_one_of(text, HOLDERS));
}

/* A request that a program answered, as an access log has it, and not one that it made of another one, whose address it names. */
static bool is_served(const Facet *facet) {
        const char *text = facet->n_evidence > 0 ? facet->evidence[0]->text : "";

        return facet->track.signal->status > 0 && (!strstr(text, "://") || strstr(text, " HTTP/"));
}

/* Several that are all done only when it is over were held up. */
static bool was_held(const Facet *facet, const Episode *episode) {
        return facet->track.inside >= HELD_LINES_MIN && facet->track.from >= episode->to - HELD_SLACK_SECONDS;
}

/* What is said in beats may have gone on for one more. */
static double beat_of(const Track *track) {
        return (track->to - track->from) / (double)MAX(track->inside, 1);
}

/* What fills up does so behind it: where a limit is reached, what was held may have been held for as long before. */
static bool lasts_or_fills(const Track *track, const Episode *episode) {
        double length = episode_length(episode), slack = MAX(LASTS_SLACK_SECONDS, 0.1 * length);

        return mechanisms_lasts(track, episode, 0) ||
               (episode->limited && track->began <= episode->from && track->began >= episode->from - MAX(length, FILLED_SECONDS) &&
                track->to + beat_of(track) >= episode->to - slack);
}

bool nature_holds(const Candidate *candidate, const Episode *episode) {
        if (candidate->facet && candidate->facet->kind == FACET_JOB)
                return candidate->track.to >= episode->to - LASTS_SLACK_SECONDS && candidate->track.from >= episode->from - episode_length(episode);
        return candidate->facet && candidate->facet->kind == FACET_SLOW && !is_served(candidate->facet) && !tells_of_waiting(candidate->facet) &&
               !was_held(candidate->facet, episode) && lasts_or_fills(&candidate->track, episode) &&
               candidate->facet->seconds >= HOLDER_SHARE * episode_length(episode);
}

/* What is refused is nobody's work. */
static bool is_guest(const Track *track, const Episode *episode) {
        double slack = MAX(GUEST_SECONDS, 0.1 * episode_length(episode));

        return track->signal->status < 400 && track->from <= episode->from - GUEST_SECONDS && track->to + beat_of(track) >= episode->to - slack &&
               track->to <= episode->to + slack;
}

static bool is_turned_away(const Pattern *pattern) {
        static const char *const KINDS[] = { "application/data", "http/rate-limit", NULL };

        return g_strv_contains(KINDS, pattern->category->id);
}

static double nature_of_pattern(const Pattern *pattern) {
        if (kind_is_exception(pattern))
                return MIN(NATURE_EXCEPTION, NATURE_OF_CAUSE[pattern->category->depth]);
        if (pattern->role == ROLE_SYMPTOM && is_turned_away(pattern))
                return NATURE_TURNED_AWAY;
        return (pattern->role == ROLE_CAUSE ? NATURE_OF_CAUSE : NATURE_OF_SYMPTOM)[pattern->category->depth];
}

/* Hardly ever does a rare line stand in the second before the first error by chance, whatever its words. */
static bool coincides(const Candidate *candidate, const Episode *episode) {
        double lead = episode->from - candidate->track.from;

        return lead > -1 && lead <= COINCIDENCE_SECONDS && changes_spoke_rarely(ranking_spokesman(candidate->changes)->signal, COINCIDENCE_EVENTS_MAX);
}

static double weight_of_change(const Candidate *candidate, const Episode *episode) {
        double weight = ranking_spokesman(candidate->changes)->weight;

        return coincides(candidate, episode) ? MAX(weight, COINCIDENCE_WEIGHT) : weight;
}

/* Something is another than before, and the first error comes at once. */
static bool sets_just_before(const Candidate *candidate, const Episode *episode) {
        double lead = episode->from - candidate->track.from;

        for (guint i = 0; i < candidate->changes->len && lead > -1 && lead <= SETS_SECONDS; i++)
                if (settings_count(candidate->changes->pdata[i]) > 0)
                        return true;
        return false;
}

static double nature_of_change(const Candidate *candidate, const Episode *episode) {
        if (candidate->holds)
                return NATURE_HOLDER;
        if (ranking_spokesman(candidate->changes)->refuted)
                return candidate->other_unit || coincides(candidate, episode) ? NATURE_DOUBTFUL : NATURE_REFUTED;
        if (mechanisms_works(candidate))
                return NATURE_WORKING;
        if (sets_just_before(candidate, episode))
                return NATURE_SETS;
        return mechanisms_shows(candidate) ? NATURE_SCOPED : NATURE_CHANGE * weight_of_change(candidate, episode);
}

/* What others do then turns many a value, too: what counts stands before the first error, or goes with the whole incident. */
static double nature_of_turn(const Track *track, const Episode *episode) {
        if (track->from > episode->from + COINCIDENCE_SECONDS)
                return track->began <= episode->from && mechanisms_lasts(track, episode, track->from - track->began) ? NATURE_TURNED_ONCE : NATURE_JUMP;
        return mechanisms_lasts(track, episode, 0) ? NATURE_TURNED : NATURE_TURNED_ONCE;
}

/* A failure that was over seconds before the first error, and did not come again: what is lasting would have. */
static bool is_over_before(const Track *track, const Episode *episode) {
        return track->pattern->role == ROLE_CAUSE && !track_is_critical_cause(track) && track->to <= episode->from - OVER_SECONDS;
}

static double nature_of_signal(const Track *track, const Episode *episode) {
        const Signal *signal = track->signal;

        if (attempts_are_turned_away(signal, track->pattern))
                return NATURE_TURNED_AWAY;
        if (track->pattern)
                return is_over_before(track, episode) ? MIN(NATURE_OVER, nature_of_pattern(track->pattern)) : nature_of_pattern(track->pattern);
        if (signal->status >= 400)
                return signal->status >= 500 ? NATURE_STATUS : NATURE_REFUSED;
        return nature_of_level(signal) + NATURE_WORDS * hearsay_of(signal->n_first ? signal->first[0].text : "");
}

/* More and more was asked for until a limit was reached, and then refused. */
static bool is_demand(const Track *track, const Episode *episode) {
        return episode->limited && track->from <= episode->from - DEMAND_LEAD_SECONDS && track->to >= episode->from - DEMAND_LEAD_SECONDS &&
               track->to <= episode->from + DEMAND_SLACK_SECONDS;
}

/* How long a write to a disk takes, and not what is written there. */
static bool tells_of_storage(const Facet *facet) {
        static const char *const WORDS[] = { "fsync",         "fdatasync",  "write+sync",     "iowait",      "io_wait",    "await=",     "disk latency",
                                             "write latency", "disk write", "volume latency", "write probe", "disk probe", "write time", NULL };

        return facet->n_evidence > 0 && str_has_one_of(str_from(facet->evidence[0]->text), WORDS);
}

/* Many that are slow are slow of something; one long pause is where something stood still. */
static double nature_of_slow(const Candidate *candidate, const Episode *episode) {
        const Track *track = &candidate->track;

        if (nature_holds(candidate, episode))
                return NATURE_HOLDER;
        if (level_is_chatter(track->signal->level) || tells_of_waiting(candidate->facet) || is_served(candidate->facet) || was_held(candidate->facet, episode))
                return NATURE_CHATTER;
        if (tells_of_storage(candidate->facet))
                return NATURE_STORAGE;
        return track->inside == 1 && candidate->facet->seconds >= PAUSE_SECONDS_MIN && track->from <= episode->from + ORDER_SLACK_SECONDS ? NATURE_PAUSE
                                                                                                                                          : NATURE_SLOW;
}

/* The name of what its words give a number: "omem" of "omem up to 3.38M". */
static Str measured(const Facet *facet) {
        return (Str){ facet->words, strcspn(facet->words, " =") };
}

/* "omem up to 3.38M", "retained_mb climbs to 44.5": a part of what is full, and not how full it is ("used_memory", "bytes"). */
static bool tells_of_part(const Facet *facet) {
        static const char *const SIZES[] = { "mem", "bytes", "mb", "kb", "gb", "size", NULL };
        static const char *const WHOLES[] = { "used", "free", "avail", "rss", "total", "heap", "maxmem", "percent", "pct", NULL };
        Str name = measured(facet);

        return str_has_one_of(name, SIZES) && !str_is_one_of(name, SIZES) && !str_has_one_of(name, WHOLES);
}

/* Where something is full, a part of it that grew before is seen at work. */
static bool is_filling(const Facet *facet, const Episode *episode) {
        bool grew = facet->kind == FACET_TURNED || facet->kind == FACET_JUMP || facet->kind == FACET_CLIMB;

        return episode->fills && grew && facet->track.began <= episode->from - FILLING_LEAD_SECONDS && tells_of_part(facet);
}

/* "fetches climbs to 21": more and more of something was held until a limit was reached, and went on; not of what the limit is of. */
static bool climbs_to_limit(const Facet *facet, const Episode *episode) {
        static const char *const LIMITED[] = { "conn", "client", "session", "backend", "thread", "worker",  "file",    "fd",   "mem",
                                               "heap", "rss",    "disk",    "used",    "bytes",  "message", "entries", "keys", NULL };

        return episode->limited && facet->track.from <= episode->from - DEMAND_LEAD_SECONDS && facet->track.to >= episode->from &&
               !str_has_one_of(measured(facet), LIMITED);
}

/* A value or a scope that carries a rise is told of by the signal itself. */
static double nature_of_facet(const Candidate *candidate, const Episode *episode) {
        const Track *track = &candidate->track;

        if (is_filling(candidate->facet, episode))
                return NATURE_WORKING;
        switch (candidate->facet->kind) {
        case FACET_JOB:
                return nature_holds(candidate, episode) ? NATURE_HOLDER : NATURE_SLOW;
        case FACET_UNUSUAL:
                if (is_demand(track, episode))
                        return NATURE_DEMAND;
                return !is_guest(track, episode) ? NATURE_UNUSUAL : episode->fills ? NATURE_WORKING : NATURE_GUEST;
        case FACET_BUSIER:
                return is_demand(track, episode) ? NATURE_DEMAND : NATURE_UNUSUAL;
        case FACET_TURNED:
                return MAX(nature_of_turn(track, episode), is_demand(track, episode) ? NATURE_DEMAND : 0);
        case FACET_EPOCH:
                return track->from <= episode->from + ORDER_SLACK_SECONDS ? NATURE_TURNED : NATURE_TURNED_ONCE;
        case FACET_HUGE:
                return track->from <= episode->from + ORDER_SLACK_SECONDS ? NATURE_HUGE : NATURE_JUMP;
        case FACET_CLIMB:
                return climbs_to_limit(candidate->facet, episode) ? NATURE_HOLDER : NATURE_CLIMB;
        case FACET_JUMP:
                return NATURE_JUMP;
        case FACET_SLOW:
                return nature_of_slow(candidate, episode);
        case FACET_VALUE:
                break;
        }
        return nature_of_signal(track, episode);
}

static double nature_of_silence(const Silence *silence, const Episode *episode) {
        double length = MIN(silence->to, episode->to) - MAX(silence->from, episode->from);

        if (!silence_is_ahead(silence, episode->from) || length < SILENCE_SHARE_MIN * episode_length(episode))
                return NATURE_STARVED;
        return silence->last_word ? NATURE_LAST_WORD : NATURE_SILENCE;
}

double nature_of(const Candidate *candidate, const Episode *episode) {
        if (candidate->kind == CAUSE_CHANGE)
                return nature_of_change(candidate, episode);
        if (candidate->kind == CAUSE_SILENCE)
                return nature_of_silence(candidate->silence, episode);
        return candidate->facet ? nature_of_facet(candidate, episode) : nature_of_signal(&candidate->track, episode);
}
