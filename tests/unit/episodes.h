/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Episodes
 *
 * A story with what diagnose/ makes of it up to its incidents, for tests of what comes behind.
 */

#include "diagnose/incidents.h"
#include "story.h"

typedef struct Episodes {
        Axis axis;
        GArray *tracks;  /* of Track */
        GPtrArray *list; /* of Episode, worst first */
} Episodes;

static inline Episodes episodes_of(Story *story) {
        const LedgerView *view = story_view(story);
        Episodes episodes;

        axis_of(view, &episodes.axis);
        episodes.tracks = tracks_of(view, story->patterns, &episodes.axis, NULL);
        episodes.list = incidents_find(episodes.tracks, &episodes.axis, &view->errors, 0);
        return episodes;
}

static inline void episodes_clear(Episodes *episodes) {
        g_ptr_array_unref(episodes->list);
        g_array_unref(episodes->tracks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Episodes, episodes_clear)

/* The only one. */
static inline const Episode *episodes_only(const Episodes *episodes) {
        g_assert_cmpuint(episodes->list->len, ==, 1);
        return episodes->list->pdata[0];
}
