/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Story
 *
 * A log in a few lines of C, for tests of what is made of a ledger: who said what, when, and which pattern it was.
 * Times are seconds after STORY_START; a time below 0 means that the line has none.
 */

#include "mined.h"

#define STORY_START INT64_C(1700000000)

typedef struct Story {
        Patterns *patterns;
        Ledger *ledger;
        GHashTable *sources; /* index + 1, by name */
        LedgerView *view;    /* NULL until story_view() */
        bool zoned;          /* the lines that are told next name their zone */
} Story;

static inline void story_clear(Story *story) {
        g_clear_pointer(&story->view, ledger_view_free);
        g_clear_pointer(&story->ledger, ledger_free);
        g_clear_pointer(&story->sources, g_hash_table_unref);
        g_clear_pointer(&story->patterns, patterns_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Story, story_clear)

/* Of a kind that is enough for most: cause, severity error, of the category @category, whose depth is @depth. */
static inline Pattern *story_pattern(Story *story, const char *id, Role role, const char *category, unsigned depth) {
        Pattern *pattern = pattern_new();

        if (!patterns_category(story->patterns, category)) {
                const char *group = g_string_chunk_insert_len(story->patterns->strings, category, strcspn(category, "/"));
                Category *kind = category_new();
                *kind = (Category){ category, group, group, category, depth, kind->leads_to };
                patterns_add_category(story->patterns, kind);
        }
        pattern->id = pattern->title = id;
        pattern->pack = pattern->pack_title = "test";
        pattern->explain = "";
        pattern->category = patterns_category(story->patterns, category);
        pattern->role = role;
        pattern->severity = SEVERITY_ERROR;
        patterns_put(story->patterns, pattern);
        return pattern;
}

static inline Story story_new(void) {
        Story story = { .patterns = patterns_new(), .sources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL) };

        return story;
}

static inline uint32_t story_source(Story *story, const char *name) {
        uint32_t index = GPOINTER_TO_UINT(g_hash_table_lookup(story->sources, name));

        if (index == 0) {
                index = ledger_add_source(story->ledger, name) + 1;
                g_hash_table_insert(story->sources, g_strdup(name), GUINT_TO_POINTER(index));
        }
        return index - 1;
}

static inline guint story_index(const Story *story, const char *pattern_id) {
        for (guint i = 0; i < patterns_n(story->patterns); i++)
                if (g_str_equal(patterns_at(story->patterns, i)->id, pattern_id))
                        return i;
        g_assert_not_reached();
}

/* Once all patterns are there: @source says @text at @second, which @pattern_id knows, or nobody (NULL). @status: of HTTP, or 0. */
static inline void story_answer(Story *story, const char *source, double second, Level level, const char *pattern_id, unsigned status, const char *text) {
        uint32_t index;
        SourceRecord *record;
        Event event = { .level = level, .status = status, .time_zoned = story->zoned, .n_lines = 1, .n_bytes = strlen(text) };
        g_autofree char *padded = g_malloc0(event.n_bytes + BYTES_PADDING + 1);
        uint32_t match = pattern_id ? story_index(story, pattern_id) : 0;
        ShapeKey shape;

        if (!story->ledger)
                story->ledger = mined_ledger(story->patterns, 0);
        index = story_source(story, source);
        record = ledger_source(story->ledger, index);
        memcpy(padded, text, event.n_bytes);
        event.head = event.message = (Str){ padded, event.n_bytes };
        event.tail = event.detail = event.cause = (Str){ padded + event.n_bytes, 0 };
        event.offset = 100 * record->events;
        event.line = record->events + 1;
        event.time_us = second < 0 ? TIME_NONE : STORY_START * 1000000 + (int64_t)(second * 1e6);
        shape = shape_of(&event);
        ledger_add(story->ledger, index, &event, &shape, &match, pattern_id != NULL);
        ledger_flush(story->ledger, index);
}

static inline void story_tell(Story *story, const char *source, double second, Level level, const char *pattern_id, const char *text) {
        story_answer(story, source, second, level, pattern_id, 0, text);
}

/* The same every @step seconds from @from to before @to: @before, a number that is another each time, @after. */
static inline void story_repeat(Story *story, const char *source, double from, double to, double step, Level level, const char *pattern_id, const char *before,
                                const char *after) {
        unsigned n = 0;

        for (double second = from; second < to; second += step) {
                g_autofree char *text = g_strdup_printf("%s%u%s", before, 1000 + n++, after);
                story_tell(story, source, second, level, pattern_id, text);
        }
}

static inline const LedgerView *story_view(Story *story) {
        if (!story->view)
                story->view = ledger_view(story->ledger);
        return story->view;
}

/* The signal of a pattern, or of the shape whose first exemplar holds @text. */
static inline const Signal *story_signal(Story *story, const char *text) {
        const LedgerView *view = story_view(story);

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (signal->pattern_id ? g_str_equal(signal->pattern_id, text) : strstr(signal->first[0].text, text) != NULL)
                        return signal;
        }
        return NULL;
}
