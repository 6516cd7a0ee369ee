/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline.h"

#include <string.h>

static int compare_moments(const void *a, const void *b) {
        const Moment *one = a, *two = b;
        int order;

        if (one->time_us != two->time_us)
                return one->time_us < two->time_us ? -1 : 1;
        order = strcmp(one->text, two->text);
        if (order != 0 || !one->evidence || !two->evidence)
                return order;
        order = strcmp(one->evidence->source, two->evidence->source);
        return order != 0 ? order : one->evidence->line < two->evidence->line ? -1 : one->evidence->line > two->evidence->line;
}

/* Changes before causes before symptoms. */
static unsigned rank_of(const Moment *moment) {
        return g_str_equal(moment->kind, "change") ? 0 : g_str_equal(moment->kind, "symptom") ? 2 : 1;
}

/* A symptom of 09:00:03 stands behind a change of 09:00:03.250: who logs whole seconds says no more than that. */
static void find_places(GArray *moments) {
        for (guint i = 0; i < moments->len; i++) {
                Moment *moment = &g_array_index(moments, Moment, i);

                moment->place_us = moment->time_us;
                for (guint j = 0; moment->time_us % G_USEC_PER_SEC == 0 && j < moments->len; j++) {
                        const Moment *other = &g_array_index(moments, Moment, j);
                        if (other->time_us / G_USEC_PER_SEC == moment->time_us / G_USEC_PER_SEC && rank_of(other) < rank_of(moment))
                                moment->place_us = MAX(moment->place_us, other->time_us);
                }
        }
}

static int compare_places(const void *a, const void *b) {
        const Moment *one = a, *two = b;

        if (one->place_us != two->place_us)
                return one->place_us < two->place_us ? -1 : 1;
        if (rank_of(one) != rank_of(two))
                return rank_of(one) < rank_of(two) ? -1 : 1;
        return compare_moments(a, b);
}

static bool is_repeat(const GPtrArray *causes, guint index) {
        for (guint i = 0; i < index; i++)
                if (g_str_equal(((const Cause *)causes->pdata[i])->id, ((const Cause *)causes->pdata[index])->id))
                        return true;
        return false;
}

/* Up to @max of them; without those that repeat an earlier one of the list unless @repeats. */
static void add_causes(GArray *moments, const char *kind, const GPtrArray *causes, unsigned max, bool repeats) {
        unsigned n = 0;

        for (guint i = 0; i < causes->len && n < max; i++) {
                const Cause *cause = causes->pdata[i];
                const Evidence *first = cause->evidence->len ? &g_array_index(cause->evidence, Evidence, 0) : NULL;
                Moment moment = { cause->onset_us, kind, cause->title, first, 1, cause->onset_us, cause->onset_us, false };

                if (!repeats && is_repeat(causes, i))
                        continue;
                if (!repeats && n > 0 && g_str_equal(kind, "cause"))
                        moment.kind = "possible cause";
                n++;
                if (!repeats && n > 1 && cause->kind == CAUSE_CHANGE) /* is told as a change */
                        continue;
                if (moment.time_us != TIME_NONE)
                        g_array_append_val(moments, moment);
        }
}

static GArray *moments_of(const Incident *incident, unsigned n_causes, bool repeats) {
        GArray *moments = g_array_new(FALSE, FALSE, sizeof(Moment));

        add_causes(moments, "cause", incident->causes, n_causes, repeats);
        add_causes(moments, "symptom", incident->symptoms, G_MAXUINT, repeats);
        for (guint i = 0; i < incident->changes->len; i++) {
                const Change *change = incident->changes->pdata[i];
                int64_t at = change->evidence.time_us;
                Moment moment = { at, "change", change->title, &change->evidence, 1, at, at, change->pattern == NULL };
                g_array_append_val(moments, moment);
        }
        g_array_sort(moments, compare_moments);
        return moments;
}

GArray *timeline_moments(const Incident *incident) {
        return moments_of(incident, G_MAXUINT, true);
}

GArray *timeline_for_people(const Incident *incident, unsigned n_causes) {
        GArray *moments = moments_of(incident, n_causes, false);
        Moment *change = NULL; /* the last one that was kept */
        guint kept = 0;

        find_places(moments);
        g_array_sort(moments, compare_places);
        for (guint i = 0; i < moments->len; i++) {
                Moment *moment = &g_array_index(moments, Moment, i);
                bool is_change = g_str_equal(moment->kind, "change");

                if (is_change && change && g_str_equal(change->text, moment->text)) {
                        change->n++;
                        change->last_us = moment->time_us;
                        continue;
                }
                g_array_index(moments, Moment, kept) = *moment;
                if (is_change)
                        change = &g_array_index(moments, Moment, kept);
                kept++;
        }
        g_array_set_size(moments, kept);
        return moments;
}
