/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/follow_story.h"

#include "base/time.h"
#include "report/clean.h"
#include "report/wording.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

/* An incident whose begin moved by less is the same one. */
#define SAME_US (INT64_C(30) * 1000000)

typedef struct Told {
        unsigned number; /* from 1, in order of telling */
        int64_t onset_us, end_us;
        int64_t changed_us; /* by the clock, when its end moved last */
        char *cause;        /* owned; the id of the first one, or NULL */
        Confidence confidence;
        bool over;
        bool ongoing; /* at the end of what the last report is of */
} Told;

struct Story {
        bool json, quiet;
        int64_t from_us;
        unsigned n_told, n_over;
        GArray *incidents; /* of Told */
};

static void told_clear(void *told) {
        g_free(((Told *)told)->cause);
}

Story *story_new(bool json, bool quiet, int64_t from_us) {
        Story *story = g_new0(Story, 1);

        story->json = json;
        story->quiet = quiet;
        story->from_us = from_us;
        story->incidents = g_array_new(FALSE, TRUE, sizeof(Told));
        g_array_set_clear_func(story->incidents, told_clear);
        return story;
}

void story_free(Story *story) {
        g_array_unref(story->incidents);
        g_free(story);
}

/* --- lines --- */

static void put_text(JsonBuilder *b, const char *name, const char *text) {
        g_autofree char *valid = clean_utf8(text);

        json_builder_set_member_name(b, name);
        json_builder_add_string_value(b, valid);
}

static void put_count(JsonBuilder *b, const char *name, uint64_t count) {
        json_builder_set_member_name(b, name);
        json_builder_add_int_value(b, (gint64)count);
}

static void put_time(JsonBuilder *b, const char *name, int64_t time_us) {
        char buffer[TIME_TEXT_BYTES];

        if (time_us != TIME_NONE)
                put_text(b, name, time_write(time_us, buffer));
}

static void print_object(JsonBuilder *b) {
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(JsonNode) root = json_builder_get_root(b);
        g_autofree char *line = NULL;

        json_generator_set_root(generator, root);
        line = json_generator_to_data(generator, NULL);
        puts(line);
        fflush(stdout);
}

static void put_cause(JsonBuilder *b, const Cause *cause) {
        json_builder_set_member_name(b, "cause");
        json_builder_begin_object(b);
        put_text(b, "id", cause->id);
        put_text(b, "title", cause->title);
        put_text(b, "category", cause->category);
        put_text(b, "confidence", confidence_name(cause->confidence));
        put_time(b, "onset", cause->onset_us);
        put_count(b, "count", cause->count);
        if (cause->evidence->len > 0) {
                const Evidence *evidence = &g_array_index(cause->evidence, Evidence, 0);
                put_text(b, "source", evidence->source);
                put_count(b, "line", evidence->line);
                put_text(b, "text", evidence->exemplar->text);
        }
        json_builder_end_object(b);
}

static void tell_json(const char *what, const Told *told, const Cause *cause) {
        g_autoptr(JsonBuilder) b = json_builder_new();

        json_builder_begin_object(b);
        put_text(b, "event", what);
        put_count(b, "incident", told->number);
        put_time(b, "onset", told->onset_us);
        put_time(b, "last", told->end_us);
        if (cause)
                put_cause(b, cause);
        json_builder_end_object(b);
        print_object(b);
}

/* "21:07:31", with the date where it is not @day, that of the moment before or of today; gives its own date. */
static char *print_moment(int64_t time_us, const char *day) {
        g_autofree char *date = wording_date(time_us);
        size_t length = strlen("2026-11-24");
        bool same = strncmp(date, day, length) == 0;

        fputs(same ? date + length + 1 : date, stdout);
        return g_steal_pointer(&date);
}

static void print_times(const Told *told, int64_t now_us) {
        g_autofree char *today = wording_date(now_us), *day = NULL, *last_day = NULL;

        if (told->onset_us == TIME_NONE || told->end_us == TIME_NONE)
                return;
        fputs(": ", stdout);
        day = print_moment(told->onset_us, today);
        fputs(" to ", stdout);
        last_day = print_moment(told->end_us, day);
        fputs(" UTC", stdout);
}

/* "    app.log:12  what it says"; the source as it was named, for no head tells of a folder. */
static void print_evidence(const Evidence *evidence) {
        g_autofree char *source = clean_line(evidence->source), *line = clean_line(evidence->exemplar->text);

        printf("    %s:%" G_GUINT64_FORMAT "  %s\n", source, (guint64)evidence->line, line);
}

static void tell_text(const char *what, const Told *told, const Cause *cause, int64_t now_us) {
        g_autofree char *title = cause ? clean_line(cause->title) : NULL;

        printf("incident %u %s", told->number, what);
        print_times(told, now_us);
        if (title)
                printf("; %s (%s)", title, confidence_name(cause->confidence));
        putchar('\n');
        if (cause && cause->evidence->len > 0)
                print_evidence(&g_array_index(cause->evidence, Evidence, 0));
        fflush(stdout);
}

static void tell(const Story *story, const char *what, const Told *told, const Cause *cause, int64_t now_us) {
        if (story->quiet)
                return;
        if (story->json)
                tell_json(what, told, cause);
        else
                tell_text(what, told, cause, now_us);
}

/* --- incidents --- */

static Told *find(Story *story, const Incident *incident) {
        for (guint i = 0; i < story->incidents->len; i++) {
                Told *told = &g_array_index(story->incidents, Told, i);
                if (incident->onset_us <= told->end_us + SAME_US && incident->end_us >= told->onset_us - SAME_US)
                        return told;
        }
        return NULL;
}

static Told *add(Story *story, const Incident *incident) {
        Told told = { .number = ++story->n_told, .onset_us = incident->onset_us, .end_us = incident->end_us };

        if (story->incidents->len == STORY_INCIDENTS_MAX)
                g_array_remove_index(story->incidents, 0);
        g_array_append_val(story->incidents, told);
        return &g_array_index(story->incidents, Told, story->incidents->len - 1);
}

static bool is_news(const Told *told, const Cause *cause) {
        return cause && (!told->cause || !g_str_equal(told->cause, cause->id) || cause->confidence > told->confidence);
}

static void tell_incident(Story *story, const Incident *incident, int64_t now_us) {
        const Cause *cause = incident->causes->len > 0 ? incident->causes->pdata[0] : NULL;
        Told *told = find(story, incident);
        bool begins = !told || told->over;
        bool moved = told && incident->end_us > told->end_us;

        if (begins && incident->end_us < MAX(story->from_us, told ? told->end_us + 1 : INT64_MIN))
                return;
        if (!told)
                told = add(story, incident);
        if (begins || moved)
                told->changed_us = now_us;
        told->over = false;
        told->ongoing |= incident->ongoing;
        told->end_us = MAX(told->end_us, incident->end_us);
        if (begins || is_news(told, cause)) {
                tell(story, begins ? "begins" : "cause", told, cause, now_us);
                g_free(told->cause);
                told->cause = cause ? g_strdup(cause->id) : NULL;
                told->confidence = cause ? cause->confidence : CONFIDENCE_LOW;
        }
}

static void end(Story *story, Told *told, int64_t now_us) {
        told->over = true;
        story->n_over++;
        tell(story, "ends", told, NULL, now_us);
}

void story_tell(Story *story, const Report *report, int64_t now_us) {
        for (guint i = 0; i < story->incidents->len; i++)
                g_array_index(story->incidents, Told, i).ongoing = false;
        for (guint i = 0; i < report->incidents->len; i++)
                tell_incident(story, report->incidents->pdata[i], now_us);
        for (guint i = 0; i < story->incidents->len; i++) {
                Told *told = &g_array_index(story->incidents, Told, i);
                if (!told->over && now_us - told->changed_us >= STORY_QUIET_SECONDS * G_USEC_PER_SEC)
                        end(story, told, now_us);
        }
}

void story_end(Story *story, int64_t now_us) {
        for (guint i = 0; i < story->incidents->len; i++) {
                Told *told = &g_array_index(story->incidents, Told, i);
                if (!told->over && !told->ongoing)
                        end(story, told, now_us);
        }
}

unsigned story_n_over(const Story *story) {
        return story->n_over;
}

void story_begin(const Story *story) {
        g_autoptr(JsonBuilder) b = json_builder_new();

        if (story->quiet || !story->json)
                return;
        json_builder_begin_object(b);
        put_text(b, "event", "start");
        json_builder_end_object(b);
        print_object(b);
}

void story_status(const Story *story, const char *what, uint64_t lines, uint64_t events) {
        g_autoptr(JsonBuilder) b = json_builder_new();

        if (story->quiet)
                return;
        if (!story->json) {
                printf("read %" G_GUINT64_FORMAT " lines, %" G_GUINT64_FORMAT " events\n", (guint64)lines, (guint64)events);
                fflush(stdout);
                return;
        }
        json_builder_begin_object(b);
        put_text(b, "event", what);
        put_count(b, "lines", lines);
        put_count(b, "events", events);
        json_builder_end_object(b);
        print_object(b);
}
