/* SPDX-License-Identifier: Apache-2.0 */
#include "model/trail.h"

#include <glib.h>

void trail_clear(Trail *trail) {
        for (uint32_t i = 0; i < trail->n; i++)
                g_free(trail->steps[i].text);
        g_free(trail->steps);
        *trail = (Trail){ 0 };
}

/* Both lie in one step; takes over @other. */
static void join(Step *step, Step other) {
        Step first = *step, last = other;

        if (first.offset > last.offset) {
                first = other;
                last = *step;
        }
        last.start = step->start;
        last.count = first.count > UINT32_MAX - last.count ? UINT32_MAX : first.count + last.count;
        g_free(first.text);
        *step = last;
}

static uint32_t start_of(const Trail *trail, uint32_t second) {
        return second >> trail->shift << trail->shift;
}

static void widen(Trail *trail) {
        uint32_t kept = 0;

        trail->shift++;
        for (uint32_t i = 0; i < trail->n; i++) {
                Step step = trail->steps[i];
                step.start = start_of(trail, step.start);
                if (kept > 0 && trail->steps[kept - 1].start == step.start)
                        join(&trail->steps[kept - 1], step);
                else
                        trail->steps[kept++] = step;
        }
        trail->n = kept;
}

static uint32_t max_of(const Trail *trail) {
        return trail->max ? trail->max : TRAIL_STEPS_MAX;
}

void trail_add(Trail *trail, Step step) {
        uint32_t at = trail->n;

        step.start = start_of(trail, step.start);
        while (at > 0 && trail->steps[at - 1].start >= step.start)
                at--;
        if (at < trail->n && trail->steps[at].start == step.start) {
                join(&trail->steps[at], step);
                return;
        }
        if (!trail->steps)
                trail->steps = g_new(Step, max_of(trail) + 1);
        memmove(trail->steps + at + 1, trail->steps + at, (trail->n - at) * sizeof(Step));
        trail->steps[at] = step;
        trail->n++;
        while (trail->n > max_of(trail))
                widen(trail);
}

void trail_limit(Trail *trail, uint32_t max) {
        trail->max = max;
        while (trail->n > max)
                widen(trail);
        if (trail->steps)
                trail->steps = g_renew(Step, trail->steps, max + 1);
}

void trail_merge(Trail *trail, const Trail *other) {
        while (trail->shift < other->shift)
                widen(trail);
        for (uint32_t i = 0; i < other->n; i++) {
                Step step = other->steps[i];
                step.text = g_strdup(step.text);
                trail_add(trail, step);
        }
}
