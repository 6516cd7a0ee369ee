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

static void add_causes(GArray *moments, const char *kind, const GPtrArray *causes) {
        for (guint i = 0; i < causes->len; i++) {
                const Cause *cause = causes->pdata[i];
                Moment moment = { cause->onset_us, kind, cause->title,
                                  cause->evidence->len ? &g_array_index(cause->evidence, Evidence, 0) : NULL, 1 };
                if (moment.time_us != TIME_NONE)
                        g_array_append_val(moments, moment);
        }
}

GArray *timeline_moments(const Incident *incident) {
        GArray *moments = g_array_new(FALSE, FALSE, sizeof(Moment));

        add_causes(moments, "cause", incident->causes);
        add_causes(moments, "symptom", incident->symptoms);
        for (guint i = 0; i < incident->changes->len; i++) {
                const Change *change = incident->changes->pdata[i];
                Moment moment = { change->evidence.time_us, "change", change->pattern->title, &change->evidence, 1 };
                g_array_append_val(moments, moment);
        }
        g_array_sort(moments, compare_moments);
        return moments;
}

void timeline_fold(GArray *moments) {
        guint kept = 0;

        for (guint i = 0; i < moments->len; i++) {
                Moment *moment = &g_array_index(moments, Moment, i);
                Moment *last = kept > 0 ? &g_array_index(moments, Moment, kept - 1) : NULL;

                if (last && last->time_us / 1000000 == moment->time_us / 1000000 && g_str_equal(last->text, moment->text) &&
                    g_str_equal(last->kind, moment->kind))
                        last->n += moment->n;
                else
                        g_array_index(moments, Moment, kept++) = *moment;
        }
        g_array_set_size(moments, kept);
}
