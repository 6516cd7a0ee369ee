/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A report in which every text is hostile, in every form. The input is cut at newlines; each field of the report takes the
 * next piece.
 */

#include "base/time.h"
#include "commands/render.h"
#include "report/clean.h"

#include <json-glib/json-glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Feed {
        char **pieces;
        guint n, at;
        uint64_t dice; /* of the input alone */
        GPtrArray *owned;
} Feed;

static const char *next_text(Feed *feed) {
        return feed->n == 0 ? "" : feed->pieces[feed->at++ % feed->n];
}

static uint64_t next_number(Feed *feed, uint64_t below) {
        feed->dice = feed->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (feed->dice >> 33) % below;
}

static void *keep(Feed *feed, void *owned) {
        g_ptr_array_add(feed->owned, owned);
        return owned;
}

/* With what is news of it at its end, somewhere else, or not at all. */
static void set_title(Feed *feed, char **title, char **facet) {
        uint64_t kind = next_number(feed, 3);

        *facet = kind > 0 ? g_strdup(next_text(feed)) : NULL;
        *title = kind > 1 ? g_strdup_printf("%s (%s)", next_text(feed), *facet) : g_strdup(next_text(feed));
}

static int64_t next_time(Feed *feed) {
        return INT64_C(1780000000000000) + (int64_t)next_number(feed, 7200000000);
}

/* --- what a report borrows --- */

static const char *const *next_strings(Feed *feed) {
        const char **strings = keep(feed, g_new0(const char *, 3));

        strings[0] = next_text(feed);
        strings[1] = next_text(feed);
        return strings;
}

static const Pattern *next_pattern(Feed *feed) {
        Category *category = keep(feed, g_new0(Category, 1));
        Pattern *pattern = keep(feed, g_new0(Pattern, 1));

        *category = (Category){ "http/bad", "http", next_text(feed), next_text(feed), 3, next_strings(feed) };
        pattern->id = "fuzz/pattern";
        pattern->title = next_text(feed);
        pattern->category = category;
        pattern->explain = next_text(feed);
        pattern->leads_to = pattern->checks = next_strings(feed);
        pattern->fixes = next_strings(feed);
        pattern->prevents = next_strings(feed);
        pattern->references = next_strings(feed);
        return pattern;
}

static const Exemplar *next_exemplar(Feed *feed) {
        Exemplar *exemplar = keep(feed, g_new0(Exemplar, 1));
        char *text = next_number(feed, 2) ? g_strdup_printf("%s\n%s", next_text(feed), next_text(feed)) : g_strdup(next_text(feed));
        size_t length = strlen(text), first = strcspn(text, "\n");

        exemplar->text = keep(feed, text);
        exemplar->message_at = (uint32_t)next_number(feed, first + 1);
        exemplar->message_len = (uint32_t)next_number(feed, first - exemplar->message_at + 1);
        exemplar->match_at = (uint32_t)next_number(feed, length + 1);
        exemplar->match_len = (uint32_t)next_number(feed, length - exemplar->match_at + 1);
        return exemplar;
}

static Evidence next_evidence(Feed *feed, const char *source) {
        return (Evidence){ source, next_number(feed, 100000), next_number(feed, 1000000), next_time(feed), LEVEL_ERROR, next_exemplar(feed) };
}

static SourceRecord *next_source(Feed *feed) {
        SourceRecord *source = keep(feed, g_new0(SourceRecord, 1));

        *source = (SourceRecord){
                .name = (char *)next_text(feed),
                .compression = (char *)"none",
                .layout = (char *)next_text(feed),
                .zone = (char *)next_text(feed),
                .zone_from = (char *)"assumed",
                .year_from = (char *)"clock",
                .problems = g_ptr_array_new(),
                .lines = next_number(feed, 1000),
                .events = 10,
                .with_time = 9,
                .first_us = next_time(feed),
                .last_us = next_time(feed),
        };
        g_ptr_array_add(source->problems, (void *)next_text(feed));
        return source;
}

/* --- the report --- */

static void add_effect(Cause *cause, const Cause *effect, int64_t delay_us) {
        Effect entry = { effect->id, effect->title, delay_us };

        g_array_append_val(cause->effects, entry);
}

static Rival *next_rival(Feed *feed) {
        Rival *rival = rival_new();

        rival->id = g_strdup(next_text(feed));
        set_title(feed, &rival->title, &rival->facet);
        rival->kind = next_number(feed, 2) ? CAUSE_PATTERN : CAUSE_TEMPLATE;
        rival->factor = "lead";
        rival->text = g_strdup(next_text(feed));
        return rival;
}

static Cause *next_cause(Feed *feed, const char *source, unsigned rank) {
        Cause *cause = cause_new();
        Why why = { "new", 0.5, 1, g_strdup(next_text(feed)) };
        Fact fact = { g_strdup(next_text(feed)), g_strdup(next_text(feed)), 1 };
        SourceCount count = { 0, 3, next_time(feed), next_time(feed) };

        cause->rank = rank;
        cause->id = g_strdup(next_text(feed));
        set_title(feed, &cause->title, &cause->facet);
        cause->kind = next_number(feed, 2) ? CAUSE_PATTERN : CAUSE_TEMPLATE;
        cause->pattern = cause->kind == CAUSE_PATTERN ? next_pattern(feed) : NULL;
        cause->category = "";
        cause->confidence = CONFIDENCE_HIGH;
        cause->onset_us = next_time(feed);
        cause->last_us = cause->onset_us;
        cause->count = next_number(feed, 100000);
        g_array_append_val(cause->sources, count);
        g_array_append_val(cause->why, why);
        g_ptr_array_add(cause->why_not, next_rival(feed));
        g_array_append_val(cause->facts, fact);
        for (unsigned i = 0; i < 3; i++) {
                Evidence evidence = next_evidence(feed, source);
                g_array_append_val(cause->evidence, evidence);
        }
        return cause;
}

static Incident *next_incident(Feed *feed, const char *source) {
        Incident *incident = incident_new();

        incident->id = 1;
        incident->onset_us = next_time(feed);
        incident->peak_us = incident->onset_us + 1000000;
        incident->end_us = incident->onset_us + (int64_t)next_number(feed, 1000000000);
        incident->ongoing = next_number(feed, 2);
        incident->bucket_seconds = 15;
        incident->buckets_start = incident->onset_us;
        for (uint64_t i = next_number(feed, 600); i > 0; i--) {
                uint64_t count = next_number(feed, 50);
                g_array_append_val(incident->buckets, count);
        }
        for (unsigned i = 1; i <= 2; i++) {
                g_ptr_array_add(incident->causes, next_cause(feed, source, i));
                g_ptr_array_add(incident->symptoms, next_cause(feed, source, i));
        }
        for (unsigned i = 0; i < 3; i++) {
                Change *change = change_new();
                Setting setting = { g_strdup(next_text(feed)), g_strdup(next_text(feed)), g_strdup(next_text(feed)), next_evidence(feed, source) };
                change->id = g_strdup("id");
                change->title = g_strdup(next_text(feed));
                change->category = "";
                change->evidence = next_evidence(feed, source);
                g_array_append_val(change->settings, setting);
                g_ptr_array_add(incident->changes, change);
                g_ptr_array_add(((Cause *)incident->causes->pdata[0])->just_before, change);
        }
        add_effect(incident->causes->pdata[0], incident->symptoms->pdata[0], 0);
        add_effect(incident->causes->pdata[0], incident->symptoms->pdata[1], 5000000);
        return incident;
}

static Report *next_report(Feed *feed, LedgerView *ledger) {
        Report *report = report_new();
        NoSign *no_sign = no_sign_new();
        ClockDifference clock = { 0, 0, 3, 1 };
        ZoneFit fit = { 0, 0, (int)next_number(feed, 1700) - 850 };
        Background *background = g_new0(Background, 1);
        const SourceRecord *source;

        for (uint64_t i = 1 + next_number(feed, 3); i > 0; i--)
                g_ptr_array_add(ledger->sources, next_source(feed));
        source = ledger->sources->pdata[0];
        report->verdict = VERDICT_INCIDENT;
        report->first_us = next_time(feed);
        report->last_us = report->first_us + (int64_t)next_number(feed, INT64_C(200000000000));
        report->ledger = ledger;
        no_sign->group = "disk";
        no_sign->title = next_text(feed);
        no_sign->n_patterns = 3;
        no_sign->origin = "the kernel";
        no_sign->text = g_strdup(next_text(feed));
        g_array_append_val(report->clocks, clock);
        g_array_append_val(report->zones, fit);
        g_ptr_array_add(report->no_sign_of, no_sign);
        *background = (Background){ g_strdup("id"), g_strdup(next_text(feed)), g_strdup(next_text(feed)), 7 };
        g_ptr_array_add(report->background, background);
        g_ptr_array_add(report->incidents, next_incident(feed, source->name));
        return report;
}

/* --- what every form promises --- */

/* Only newlines, and in colours or links the escapes that the writer means. */
static void check_characters(Format format, const char *text, bool escapes) {
        g_assert(g_utf8_validate(text, -1, NULL));
        for (const char *at = text; *at; at = g_utf8_next_char(at)) {
                gunichar c = g_utf8_get_char(at);
                bool drives = g_unichar_iscntrl(c) && c != '\n' && !(escapes && c == 0x1b);
                bool turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
                if (drives || turns)
                        g_error("form %d: U+%04X before %.40s", format, c, at + 1);
        }
}

static void check_widths(const char *text, size_t width) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (char **line = lines; *line; line++)
                if (clean_width(*line) > width)
                        g_error("wider than %zu: %s", width, *line);
}

static void check_json(const char *text) {
        g_autoptr(JsonParser) parser = json_parser_new();

        g_assert(json_parser_load_from_data(parser, text, -1, NULL));
}

static void check_lines(const char *text) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        for (char **line = lines; *line && **line; line++)
                check_json(*line);
}

/* As many tags begin as a page has that is made of the writer's own: whatever the texts are, none brings another kind. */
static void check_html(const char *text) {
        static const char *const FOREIGN[] = { "<script", "<img", "<iframe", "<object", "<embed", "<form", "<input", "<link", "<base", "<foreignObject" };

        for (size_t i = 0; i < G_N_ELEMENTS(FOREIGN); i++)
                g_assert(!strstr(text, FOREIGN[i]));
        g_assert(strstr(text, "</style>") == g_strrstr(text, "</style>"));
}

static void check_form(const Report *report, Format format, const Style *style) {
        g_autofree char *text = render(report, format, style);

        check_characters(format, text, style->color && (format == FORMAT_TEXT || format == FORMAT_BRIEF));
        if (format == FORMAT_TEXT && !style->color)
                check_widths(text, style->width);
        if (format == FORMAT_TEXT && !style->unicode)
                g_assert(g_str_is_ascii(text));
        if (format == FORMAT_JSON)
                check_json(text);
        if (format == FORMAT_JSONL)
                check_lines(text);
        if (format == FORMAT_HTML)
                check_html(text);
}

static void check_report(const Report *report) {
        static const unsigned WIDTHS[] = { 60, 80, 200 };
        g_autoptr(GTimeZone) zone = g_time_zone_new_offset(3600);

        for (Format format = 0; format < N_FORMATS; format++)
                for (size_t i = 0; i < G_N_ELEMENTS(WIDTHS); i++) {
                        Style style = style_plain();
                        style.width = WIDTHS[i];
                        style.color = style.links = i == 2;
                        style.explain = style.unicode = i != 0;
                        style.zone = i == 1 ? zone : NULL;
                        style.zone_name = "+01:00";
                        check_form(report, format, &style);
                }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autofree char *text = g_strndup((const char *)data, size);
        g_auto(GStrv) pieces = g_strsplit(text, "\n", -1);
        Feed feed = { pieces, g_strv_length(pieces), 0, size, g_ptr_array_new_with_free_func(g_free) };
        LedgerView ledger = { .sources = g_ptr_array_new() };
        g_autoptr(Report) report = NULL;

        for (size_t i = 0; i < MIN(size, 64); i++)
                feed.dice = feed.dice * 31 + data[i];
        report = next_report(&feed, &ledger);
        check_report(report);
        for (guint i = 0; i < ledger.sources->len; i++)
                g_ptr_array_unref(((SourceRecord *)ledger.sources->pdata[i])->problems);
        g_ptr_array_unref(ledger.sources);
        g_ptr_array_unref(feed.owned);
        return 0;
}
