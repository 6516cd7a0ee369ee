/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/when.h"

#include "base/error.h"
#include "commands/session.h"
#include "parse/timestamp.h"
#include "report/wording.h"

#include <string.h>

/* --around takes in so much before and after. */
#define AROUND_SECONDS (15 * 60)

#define SECOND_US INT64_C(1000000)

/* "now", "-2h", "-90s" */
static bool read_relative(const char *text, int64_t now_us, int64_t *time_us) {
        double seconds = 0;

        if (!g_str_equal(text, "now") && (*text != '-' || !options_duration(text + 1, &seconds)))
                return false;
        *time_us = now_us - (int64_t)(seconds * SECOND_US);
        return true;
}

/* "9:05" is 9:05:00, which the formats of logs do not have. */
static char *with_seconds(const char *text) {
        size_t digits = strspn(text, "0123456789");
        bool is_clock = digits >= 1 && digits <= 2 && text[digits] == ':' && strspn(text + digits + 1, "0123456789") == 2 && text[digits + 3] == '\0';

        return g_strconcat(text, is_clock ? ":00" : "", NULL);
}

static bool read_time(const char *option, const char *text, const TimeContext *context, int64_t *time_us, GError **error) {
        g_autofree char *full = NULL;
        Timestamp stamp;

        if (!text || read_relative(text, context->reference_us, time_us))
                return true;
        full = with_seconds(text);
        if (!timestamp_find(str_from(full), context, &stamp)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--%s %s: not a time; write it as 2026-11-23T08:00:00Z, 08:00 or -2h", option, text);
                return false;
        }
        *time_us = stamp.us;
        return true;
}

static bool read_bounds(ScanOptions *scan, const Options *options, GError **error) {
        TimeContext context = { scan->zone, g_get_real_time() };
        int64_t around = TIME_NONE;

        scan->since_us = scan->until_us = TIME_NONE;
        if (!read_time("around", options->around, &context, &around, error) || !read_time("since", options->since, &context, &scan->since_us, error) ||
            !read_time("until", options->until, &context, &scan->until_us, error))
                return false;
        if (around != TIME_NONE) {
                scan->since_us = around - AROUND_SECONDS * SECOND_US;
                scan->until_us = around + AROUND_SECONDS * SECOND_US;
        }
        if (scan->since_us != TIME_NONE && scan->until_us != TIME_NONE && scan->since_us >= scan->until_us) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--since %s is not before --until %s", options->since, options->until);
                return false;
        }
        return true;
}

static void free_zone(void *data) {
        ScanZone *zone = data;

        g_free(zone->source);
        g_free(zone->name);
        g_time_zone_unref(zone->zone);
        g_free(zone);
}

/* Further from Greenwich no zone is. */
#define ZONE_HOURS_MAX 14

/*
 * "UTC+5", "GMT-3:30" as "+05:00", "-03:30": hours east of Greenwich, as people mean it. By POSIX it would be hours west, and so the zone database
 * has it. Owned by the caller; NULL: none of these.
 */
static char *offset_of(const char *name) {
        bool is_greenwich = g_ascii_strncasecmp(name, "UTC", 3) == 0 || g_ascii_strncasecmp(name, "GMT", 3) == 0;
        const char *sign = is_greenwich ? name + 3 : "";
        char *end;
        uint64_t hours, minutes = 0;

        if ((*sign != '+' && *sign != '-') || !g_ascii_isdigit(sign[1]))
                return NULL;
        hours = g_ascii_strtoull(sign + 1, &end, 10);
        if (end[0] == ':' && g_ascii_isdigit(end[1]) && g_ascii_isdigit(end[2]))
                minutes = g_ascii_strtoull(end + 1, &end, 10);
        return *end || hours > ZONE_HOURS_MAX || minutes > 59 ? g_strdup("") : g_strdup_printf("%c%02u:%02u", *sign, (unsigned)hours, (unsigned)minutes);
}

static bool add_zone(ScanOptions *scan, const char *text, GError **error) {
        const char *equals = strrchr(text, '='), *name = equals ? equals + 1 : text;
        g_autofree char *offset = offset_of(name);
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(offset ? offset : name);
        ScanZone *of_source;

        if (!zone) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--tz %s: no such zone", text);
                return false;
        }
        if (!equals) {
                g_clear_pointer(&scan->zone, g_time_zone_unref);
                scan->zone = g_steal_pointer(&zone);
                scan->zone_name = text;
                return true;
        }
        of_source = g_new0(ScanZone, 1);
        of_source->source = g_strndup(text, (gsize)(equals - text));
        of_source->name = g_strdup(name);
        of_source->zone = g_steal_pointer(&zone);
        g_ptr_array_add(scan->zones, of_source);
        return true;
}

bool when_read(ScanOptions *scan, const Options *options, GError **error) {
        scan->zones = g_ptr_array_new_with_free_func(free_zone);
        for (char **tz = options->tz; tz && *tz; tz++)
                if (!add_zone(scan, *tz, error))
                        return false;
        return read_bounds(scan, options, error);
}

Reach when_reach(Ledger *ledger) {
        Reach reach = { .outside = { TIME_NONE, TIME_NONE } };

        for (uint32_t i = 0; i < ledger_n_sources(ledger); i++) {
                const SourceRecord *record = ledger_source(ledger, i);
                reach.n_within += record->with_time;
                reach.n_untimed += record->events - record->with_time;
                widen_span(&reach.outside.first_us, &reach.outside.last_us, record->outside.first_us, record->outside.last_us);
        }
        return reach;
}

/* "2026-11-27 04:33:00 to 2026-11-27 05:03:00 UTC", "2026-11-27 04:33:00 UTC and later"; owned by the caller. */
static char *bounds_in_words(int64_t since_us, int64_t until_us) {
        g_autofree char *since = since_us == TIME_NONE ? NULL : wording_date(since_us), *until = until_us == TIME_NONE ? NULL : wording_date(until_us);

        if (since && until)
                return g_strdup_printf("%s to %s UTC", since, until);
        return since ? g_strdup_printf("%s UTC and later", since) : g_strdup_printf("before %s UTC", until);
}

void when_tell(const ScanOptions *scan, const Reach *reach) {
        g_autofree char *asked = NULL, *logs = NULL;

        if (scan->since_us == TIME_NONE && scan->until_us == TIME_NONE)
                return;
        asked = bounds_in_words(scan->since_us, scan->until_us);
        if (reach->n_within == 0 && reach->outside.first_us != TIME_NONE) {
                logs = bounds_in_words(reach->outside.first_us, reach->outside.last_us);
                session_complain("no event lies within the time asked for, %s; the logs reach from %s", asked, logs);
        }
        if (reach->n_untimed > 0)
                session_complain("%" G_GUINT64_FORMAT " event%s no time, and %s read whatever time was asked for, %s", (guint64)reach->n_untimed,
                                 reach->n_untimed == 1 ? " has" : "s have", reach->n_untimed == 1 ? "was" : "were", asked);
}

void when_clear(ScanOptions *scan) {
        g_clear_pointer(&scan->zone, g_time_zone_unref);
        g_clear_pointer(&scan->zones, g_ptr_array_unref);
}
