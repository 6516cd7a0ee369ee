/* SPDX-License-Identifier: Apache-2.0 */
#include "model/sightings.h"

#include "base/order.h"
#include "model/event.h"

typedef struct Order {
        SightingsSources sources;
        const void *data;
} Order;

static int compare_sightings(const void *a, const void *b, void *data) {
        const Sighting *one = a, *two = b;
        const Order *by = data;
        int order = COMPARE(one->time_us, two->time_us);

        if (order == 0 && one->source != two->source)
                order = by->sources(one->source, two->source, by->data);
        return order ? order : COMPARE(one->offset, two->offset);
}

void sightings_clear(Sightings *sightings) {
        g_free(sightings->items);
        *sightings = (Sightings){ 0 };
}

Sightings sightings_copy(const Sightings *sightings) {
        Sightings copy = *sightings;

        copy.items = g_memdup2(sightings->items, sightings->capacity * sizeof(Sighting));
        return copy;
}

static bool same_second(int64_t a_us, int64_t b_us) {
        if (a_us == TIME_NONE || b_us == TIME_NONE)
                return false;
        return a_us / 1000000 == b_us / 1000000;
}

void sightings_settle(Sightings *sightings, SightingsSources sources, const void *data) {
        Order order = { sources, data };
        uint32_t kept = 0, in_second = 0;

        if (sightings->n > 1)
                g_qsort_with_data(sightings->items, (gint)sightings->n, sizeof(Sighting), compare_sightings, &order);
        for (uint32_t i = 0; i < sightings->n && kept < SIGHTINGS_MAX; i++) {
                in_second = i > 0 && same_second(sightings->items[i].time_us, sightings->items[i - 1].time_us) ? in_second + 1 : 0;
                if (in_second < SIGHTINGS_PER_SECOND)
                        sightings->items[kept++] = sightings->items[i];
        }
        sightings->left_out += sightings->n - kept;
        sightings->n = kept;
}

static void append(Sightings *sightings, Sighting sighting) {
        if (sightings->n == sightings->capacity) {
                sightings->capacity = MAX(16, sightings->capacity * 2);
                sightings->items = g_renew(Sighting, sightings->items, sightings->capacity);
        }
        sightings->items[sightings->n++] = sighting;
}

void sightings_add(Sightings *sightings, Sighting sighting, SightingsSources sources, const void *data) {
        append(sightings, sighting);
        if (sightings->n >= 2 * SIGHTINGS_MAX)
                sightings_settle(sightings, sources, data);
}

void sightings_merge(Sightings *sightings, const Sightings *other, SightingsSources sources, const void *data) {
        for (uint32_t i = 0; i < other->n; i++)
                append(sightings, other->items[i]);
        sightings->left_out += other->left_out;
        if (sightings->n >= 2 * SIGHTINGS_MAX)
                sightings_settle(sightings, sources, data);
}
