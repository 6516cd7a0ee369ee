/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/hearsay.h"

#include "base/str.h"

#include <glib.h>
#include <string.h>

/* Parts of words, lower case. */
static const char *const OF_CAUSES[] = {
        "expired",  "denied", "forbidden",  "corrupt",    "overflow",    "full",      "exceeded",     "exhausted",
        "too many", "limit",  "permission", "credential", "certificate", "signature", "incompatible", "deadlock",
        "no space", "killed", "segfault",   "panic",      "disabled",    "revoked",   "assertion",
};

/* Of data that is not what was expected: somebody else may have made it so. */
static const char *const OF_DATA[] = {
        "not found",    "no such",     "does not exist", "missing", "invalid",     "mismatch", "malformed",  "unexpected",  "undefined",    "null",     "nil ",
        "cannot parse", "parse error", "out of range",   "unknown", "unsupported", "illegal",  "unresolved", "not defined", "not a number", "rejected",
};

static const char *const OF_EFFECTS[] = {
        "timeout",      "timed out",         "time-out",    "retry",         "retries",    "attempt",   "giving up", "gave up",         "unavailable",
        "http 5",       "status 5",          "status=5",    "status code 5", "returned 5", "(status 4", "status=4",  "status 4",        "http 4",
        "returned 4",   "answered 4",        "answered 5",  "replied 4",     "replied 5",  "(502)",     "(503)",     "(504)",           "(500)",
        "bad gateway",  "circuit",           "breaker",     "fallback",      "degraded",   "slow",      "took ",     "reset by",        "broken pipe",
        "disconnect",   "connection closed", "unreachable", "not ready",     "deadline",   "backlog",   "queue",     "did not respond", "no response",
        "failed after", "not respond",       "health",      "upstream",
};

static const char *const OF_CHANGES[] = {
        "loaded",     "reload",      "applied",    "applying",  "replaced",      "rotat",     "switch",    "changed",    "updated",      "deploy",
        "release",    "rollout",     "rolled",     "migrat",    "enabled",       "disabled",  "set to",    "configur",   "config",       "restart",
        "starting",   "started",     "stopping",   "shutdown",  "shutting down", "sigterm",   "sighup",    "upgrad",     "install",      "version",
        "feature",    "flag",        "pushed",     "rendered",  "scaled",        "failover",  "promot",    "leader",     "renew",        "imported",
        "loading",    "maintenance", "revision",   "rev=",      "policy",        "quota",     "threshold", "limit set",  "new key",      "keyring",
        "parameter",  "setting",     "override",   "cutover",   "drain",         "terminat",  " -> ",      "paused",     "resumed",      "suspended",
        "detached",   "attached",    "replaces",   "replacing", "backfill",      "reindex",   "took over", "takes over", "decommission", "software",
        "firmware",   "reopen",      "instead of", "log level", "loglevel",      "verbosity", "removed",   "deleted",    "purged",       "revoked",
        "unregister", "retired",     "activat",    "joining",   "joined",        "chg-",      "chg0",      "crq-",       "crq0", /* tickets of changes */
        "@@ -",       "| + ",                                                                                                    /* lines of a difference */
};

static unsigned count_parts(Str message, const char *const *parts, size_t n) {
        unsigned found = 0;

        for (size_t i = 0; i < n; i++)
                found += str_find_nocase(message, str_from(parts[i]), 0) != SIZE_MAX;
        return found;
}

bool hearsay_is_failure(const char *message) {
        static const char *const WORDS[] = { "exception", "error",     "fail",      "invalid", "refused", "denied",   "unable",
                                             "cannot",    "could not", "timed out", "reject",  "abort",   "not found" };

        return count_parts(str_from(message), WORDS, G_N_ELEMENTS(WORDS)) > 0;
}

bool hearsay_is_limit(const char *message) {
        static const char *const WORDS[] = { "quota",   "used up",  "exhausted", "limit",       "too many", "is full",
                                             "no room", "no space", "exceeded",  "at capacity", " 429",     "=429" };
        static const char *const OF_TIME[] = { "deadline", "timeout", "timed out", "time limit" };
        Str text = str_from(message);

        return count_parts(text, WORDS, G_N_ELEMENTS(WORDS)) > 0 && count_parts(text, OF_TIME, G_N_ELEMENTS(OF_TIME)) == 0;
}

/* What servers do every few minutes, whatever words they have for it. */
bool hearsay_is_routine(const char *text) {
        Str message = str_from(text);
        static const char *const WORDS[] = { "checkpoint",           "restartpoint",   "restart point",     "amqp connection",
                                             "client-provided name", "granted access", "background saving", "seconds. saving",
                                             "autovacuum",           "autoanalyze",    "fork cow",          "heartbeat" };

        return count_parts(message, WORDS, G_N_ELEMENTS(WORDS)) > 0;
}

unsigned hearsay_change_words(const char *message) {
        return count_parts(str_from(message), OF_CHANGES, G_N_ELEMENTS(OF_CHANGES));
}

#define ACT_WORDS_MAX 12 /* an act is told by the first words */
#define ACT_BYTES_MIN 6  /* "need", "king" and the like are none */

/* Words that look like those of an act, and are of what goes on all the time, of what is done for each customer, or of what went wrong. */
static const char *const NO_ACTS[] = { "accepted",     "according",     "answered",   "approved",   "assumed",     "authenticated", "booked",    "booking",
                                       "booting",      "cancelled",     "charged",    "charging",   "checked",     "checking",      "closed",    "closing",
                                       "completed",    "confirmed",     "connected",  "connecting", "created",     "delayed",       "delivered", "delivering",
                                       "disconnected", "disconnecting", "dropped",    "during",     "established", "exceeded",      "existing",  "exited",
                                       "exiting",      "expected",      "expired",    "fetched",    "fetching",    "finished",      "handled",   "handling",
                                       "ignored",      "including",     "indeed",     "listed",     "listening",   "logged",        "measured",  "missed",
                                       "missing",      "nothing",       "notified",   "opened",     "opening",     "ordered",       "paying",    "pending",
                                       "polling",      "posted",        "printed",    "processed",  "processing",  "queued",        "reading",   "received",
                                       "receiving",    "refunded",      "registered", "remaining",  "requested",   "required",      "reserved",  "retried",
                                       "retrying",     "returned",      "returning",  "running",    "saved",       "sending",       "served",    "serving",
                                       "settled",      "shipped",       "shipping",   "shopping",   "skipped",     "something",     "stopped",   "stored",
                                       "storing",      "string",        "submitted",  "succeeded",  "terminated",  "trying",        "unchanged", "unexpected",
                                       "uploaded",     "waited",        "waiting",    "warning",    NULL };

static bool is_act(Str word) {
        static const char *const OTHERS[] = { "taken", "frozen", "chosen", "drawn", NULL };

        if (word.len >= ACT_BYTES_MIN && (str_ends_nocase(word, STR("ing")) || str_ends_nocase(word, STR("ed"))))
                return !str_is_one_of(word, NO_ACTS);
        return str_is_one_of(word, OTHERS);
}

bool hearsay_tells_of_act(const char *message) {
        unsigned n = 0;

        for (const char *at = message; *at != '\0' && n < ACT_WORDS_MAX;) {
                Str word = { at, strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") };

                if (word.len > 0 && (at == message || at[-1] == ' ') && is_act(word))
                        return true;
                n += word.len > 0;
                at += MAX(word.len, 1);
        }
        return false;
}

double hearsay_of(const char *message) {
        Str text = str_from(message);
        int causes = (int)count_parts(text, OF_CAUSES, G_N_ELEMENTS(OF_CAUSES));
        int effects = (int)count_parts(text, OF_EFFECTS, G_N_ELEMENTS(OF_EFFECTS));
        int data = (int)count_parts(text, OF_DATA, G_N_ELEMENTS(OF_DATA));

        if (causes + effects == 0)
                return 0;
        return (double)(causes - effects) / (causes + effects + data);
}
