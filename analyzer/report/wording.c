/* SPDX-License-Identifier: Apache-2.0 */
#include "report/wording.h"

#include "base/time.h"
#include "report/clean.h"

#include <string.h>

#define DAY_US INT64_C(86400000000)

/* What varies in a template. */
#define HOLE       "<*>"
#define HOLE_SHOWN "…"

/* How the title of lines that stopped begins; the lines' own words follow. */
#define NO_MORE "No more: "

/* --- names --- */

/* How many bytes of @a, up to its last slash, @b begins with too. */
static size_t shared_folder(const char *a, size_t length, const char *b) {
        size_t shared = 0;

        for (size_t i = 0; i < length && a[i] == b[i]; i++)
                if (a[i] == '/')
                        shared = i + 1;
        return shared;
}

static size_t common_folder(const GPtrArray *sources) {
        const char *first = sources->len ? ((const SourceRecord *)sources->pdata[0])->name : "";
        size_t length = shared_folder(first, strlen(first), first);

        for (guint i = 1; i < sources->len; i++)
                length = shared_folder(first, length, ((const SourceRecord *)sources->pdata[i])->name);
        return length;
}

Wording wording_of(const Report *report, const Style *style) {
        return (Wording){
                .report = report,
                .style = style,
                .folder = common_folder(report->ledger->sources),
                .dated = report->first_us != TIME_NONE && report->first_us / DAY_US != report->last_us / DAY_US,
        };
}

const char *wording_raw_source(const Wording *words, const char *source) {
        return g_str_equal(source, "-") ? "standard input" : source + words->folder;
}

char *wording_source(const Wording *words, const char *source) {
        return clean_line(wording_raw_source(words, source));
}

char *wording_address(const Wording *words, const Evidence *evidence) {
        g_autofree char *source = wording_source(words, evidence->source);

        return g_strdup_printf("%s:%" G_GUINT64_FORMAT, source, (guint64)evidence->line);
}

/* --- numbers --- */

char *wording_count(uint64_t number) {
        g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)number);
        size_t n = strlen(digits);
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < n; i++) {
                if (i > 0 && (n - i) % 3 == 0)
                        g_string_append_c(text, ',');
                g_string_append_c(text, digits[i]);
        }
        return g_string_free(text, FALSE);
}

char *wording_rate(double per_minute) {
        char buffer[G_ASCII_DTOSTR_BUF_SIZE];

        if (per_minute >= 9.95 || per_minute <= 0)
                return wording_count((uint64_t)(per_minute + 0.5));
        return g_strdup(g_ascii_formatd(buffer, sizeof(buffer), "%.1f", per_minute));
}

char *wording_list(const GPtrArray *texts) {
        GString *list = g_string_new(NULL);

        for (guint i = 0; i < texts->len; i++)
                g_string_append_printf(list, "%s%s", i == 0 ? "" : i + 1 < texts->len ? ", " : " and ", (const char *)texts->pdata[i]);
        return g_string_free(list, FALSE);
}

/* --- times --- */

char *wording_date(int64_t time_us) {
        char buffer[TIME_TEXT_BYTES];

        return g_strdup(time_write_date(time_us, buffer));
}

char *wording_zone(const SourceRecord *source) {
        bool guess = g_str_equal(source->zone_from, "assumed") || g_str_equal(source->zone_from, "fitted");

        return guess ? g_strdup_printf("%s, %s", source->zone, source->zone_from) : g_strdup(source->zone);
}

char *wording_offset(int minutes) {
        return g_strdup_printf("%c%02d:%02d", minutes < 0 ? '-' : '+', ABS(minutes) / 60, ABS(minutes) % 60);
}

char *wording_clock(const Wording *words, int64_t time_us) {
        char buffer[TIME_TEXT_BYTES];

        return g_strdup(words->dated ? time_write_date(time_us, buffer) : time_write_clock(time_us, buffer));
}

char *wording_local(const Wording *words, int64_t time_us) {
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(time_us / 1000000);
        g_autoptr(GDateTime) local = words->style->zone && utc ? g_date_time_to_timezone(utc, words->style->zone) : NULL;

        return local ? g_date_time_format(local, "%Y-%m-%d %H:%M:%S") : NULL;
}

char *wording_duration(int64_t span_us) {
        static const struct {
                int64_t seconds;
                const char *unit, *next_unit;
                int64_t next_seconds;
        } UNITS[] = { { 86400, "d", "h", 3600 }, { 3600, "h", "min", 60 }, { 60, "min", "s", 1 } };
        int64_t seconds = (span_us + 500000) / 1000000;
        char buffer[TIME_TEXT_BYTES];

        for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
                int64_t rest = seconds % UNITS[i].seconds / UNITS[i].next_seconds;
                if (seconds < UNITS[i].seconds)
                        continue;
                if (rest == 0)
                        return g_strdup_printf("%" G_GINT64_FORMAT " %s", (gint64)(seconds / UNITS[i].seconds), UNITS[i].unit);
                return g_strdup_printf("%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s", (gint64)(seconds / UNITS[i].seconds), UNITS[i].unit, (gint64)rest,
                                       UNITS[i].next_unit);
        }
        return g_strdup(time_write_span(span_us, buffer));
}

char *wording_times(const Wording *words, unsigned n, int64_t last_us) {
        g_autofree char *last = wording_clock(words, last_us);

        return n > 1 ? g_strdup_printf(" (%u times, the last at %s)", n, last) : g_strdup("");
}

/* --- titles --- */

const char *wording_skip_groups(const char *message) {
        while (*message == '[') {
                const char *close = strchr(message, ']');
                if (!close || close[1] != ' ' || close[2] == '\0')
                        break;
                message = close + 2;
        }
        return message;
}

/* "<*> open() <*> <*> failed" -> "open() … failed": a title begins with a word. */
static char *without_holes(const char *template) {
        g_auto(GStrv) words = g_strsplit(template, " ", -1);
        GString *title = g_string_new(NULL);
        bool is_hole = true;

        for (char **word = words; *word; word++) {
                bool was_hole = is_hole;

                is_hole = g_str_equal(*word, HOLE);
                if (is_hole && was_hole)
                        continue;
                if (title->len > 0)
                        g_string_append_c(title, ' ');
                g_string_append(title, *word);
        }
        g_string_replace(title, HOLE, HOLE_SHOWN, 0);
        return g_string_free(title, FALSE);
}

/* Are there but holes and dashes between @at and @end? Then it names no thing, only which one. */
static bool is_hollow(const char *at, const char *end) {
        while (at < end) {
                size_t hole = g_str_has_prefix(at, HOLE) ? strlen(HOLE) : strchr(" -:,", *at) ? 1 : 0;
                if (hole == 0)
                        return false;
                at += hole;
        }
        return true;
}

/* Behind what a logger wrote before the message: "[worker] ", "<*>: ", "neutron.api [<*> <*> - <*>] ". */
static const char *skip_header(const char *title) {
        const char *at = wording_skip_groups(title);
        size_t word = strcspn(at, " ");
        const char *open = at + word, *close = g_str_has_prefix(open, " [") ? strstr(open, "] ") : NULL;

        if (g_str_has_prefix(at, HOLE " --- [") && strstr(at, " : ")) /* Spring Boot: process --- [thread] logger : */
                at = strstr(at, " : ") + 3;
        else if (g_str_has_prefix(at, HOLE ": "))
                at += strlen(HOLE ": ");
        else if (close && memchr(at, '.', word) && is_hollow(open + 2, close))
                at = close + 2;
        else if (g_str_has_prefix(open, " - ") && memchr(at, '.', word)) /* logger - */
                at = open + strlen(" - ");
        return *at ? at : title;
}

char *wording_title(const char *title) {
        g_autofree char *clean = clean_line(title);
        size_t begun = g_str_has_prefix(clean, NO_MORE) ? strlen(NO_MORE) : 0;
        g_autofree char *shown = without_holes(skip_header(clean + begun));

        return *shown ? g_strdup_printf("%.*s%s", (int)begun, clean, shown) : g_strdup(clean);
}

/* Fewer columns of a message say nothing. */
#define MESSAGE_COLUMNS_MIN 16

/* A message whose lines may have been there before, and what is news of them, the end of the title, in at most @columns: the message is what is cut. */
static char *title_of_facet(const char *text, const char *facet, size_t columns) {
        size_t length = strlen(text) - strlen(facet) - strlen(" ()"), fixed;
        g_autofree char *message = g_strndup(text, length), *title = wording_title(message), *news = wording_title(facet);
        g_autofree char *fit = NULL, *whole = NULL;

        fixed = strlen("\"\": ") + clean_width(news);
        if (columns >= fixed + MESSAGE_COLUMNS_MIN)
                fit = clean_fit(title, columns - fixed);
        whole = g_strdup_printf("\"%s\": %s", fit ? fit : title, news);
        return clean_fit(whole, columns);
}

static char *title_by_kind(CauseKind kind, const char *text, const char *facet, size_t columns) {
        g_autofree char *tail = facet ? g_strdup_printf(" (%s)", facet) : NULL;
        g_autofree char *title = NULL, *whole = NULL;

        if (kind == CAUSE_TEMPLATE && tail && g_str_has_suffix(text, tail))
                return title_of_facet(text, facet, columns);
        title = wording_title(text);
        whole = kind == CAUSE_TEMPLATE ? g_strdup_printf("New message: \"%s\"", title) : g_steal_pointer(&title);
        return clean_fit(whole, columns);
}

char *wording_cause_title(const Cause *cause) {
        return title_by_kind(cause->kind, cause->title, cause->facet, SIZE_MAX);
}

char *wording_cause_fit(const Cause *cause, size_t columns) {
        return title_by_kind(cause->kind, cause->title, cause->facet, columns);
}

char *wording_rival_title(const Rival *rival) {
        return title_by_kind(rival->kind, rival->title, rival->facet, SIZE_MAX);
}
