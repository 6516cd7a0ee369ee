/* SPDX-License-Identifier: Apache-2.0 */
#include "model/extent.h"

#include <glib.h>
#include <string.h>

void extents_clear(Extents *extents) {
        g_free(extents->items);
        *extents = (Extents){ 0 };
}

/* The first extent that begins at @at or behind. */
static uint32_t find(const Extents *extents, uint64_t at) {
        uint32_t low = 0, high = extents->n;

        while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                if (extents->items[middle].from < at)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static void remove_at(Extents *extents, uint32_t at) {
        extents->n--;
        memmove(extents->items + at, extents->items + at + 1, (extents->n - at) * sizeof(Extent));
}

void extents_add(Extents *extents, Extent extent) {
        uint32_t at = find(extents, extent.from);

        if (at < extents->n && extents->items[at].from == extent.to) {
                extent = (Extent){ extent.from, extents->items[at].to, extents->items[at].last };
                remove_at(extents, at);
        }
        if (at > 0 && extents->items[at - 1].to == extent.from) {
                extents->items[at - 1] = (Extent){ extents->items[at - 1].from, extent.to, extent.last };
                return;
        }
        extents->items = g_renew(Extent, extents->items, extents->n + 1);
        memmove(extents->items + at + 1, extents->items + at, (extents->n - at) * sizeof(Extent));
        extents->items[at] = extent;
        extents->n++;
}

void extents_merge(Extents *extents, const Extents *other) {
        for (uint32_t i = 0; i < other->n; i++)
                extents_add(extents, other->items[i]);
}

/* An empty source has a extent without bytes, which is there twice when it was read twice. */
static bool overlap(const Extent *a, const Extent *b) {
        return (a->from < b->to && b->from < a->to) || a->from == b->from;
}

bool extents_overlap(const Extents *one, const Extents *other) {
        if (one->n == 0 || other->n == 0)
                return true;
        for (uint32_t i = 0; i < other->n; i++) {
                uint32_t at = find(one, other->items[i].from);
                if ((at < one->n && overlap(&one->items[at], &other->items[i])) || (at > 0 && overlap(&one->items[at - 1], &other->items[i])))
                        return true;
        }
        return false;
}

char *extents_missing(const Extents *extents) {
        GString *text = g_string_new(NULL);
        uint64_t at = 0;

        for (uint32_t i = 0; i < extents->n; i++) {
                if (extents->items[i].from > at)
                        g_string_append_printf(text, "%sbytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, text->len ? ", " : "", (guint64)at,
                                               (guint64)extents->items[i].from);
                at = extents->items[i].to;
        }
        if (extents->n > 0 && !extents->items[extents->n - 1].last)
                g_string_append_printf(text, "%sall from byte %" G_GUINT64_FORMAT " on", text->len ? ", " : "", (guint64)at);
        return g_string_free(text, text->len == 0);
}
