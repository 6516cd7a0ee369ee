/* SPDX-License-Identifier: Apache-2.0 */
#include "match/nearest.h"

#include <glib.h>

static unsigned edit_distance(Str a, Str b) {
        unsigned row[NEAREST_BYTES_MAX + 1];

        if (a.len > NEAREST_BYTES_MAX || b.len > NEAREST_BYTES_MAX)
                return UINT_MAX;
        for (unsigned j = 0; j <= b.len; j++)
                row[j] = j;
        for (unsigned i = 1; i <= a.len; i++) {
                unsigned diagonal = row[0];

                row[0] = i;
                for (unsigned j = 1; j <= b.len; j++) {
                        unsigned replaced = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);
                        diagonal = row[j];
                        row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
                }
        }
        return row[b.len];
}

void nearest_look(Nearest *nearest, const char *name) {
        unsigned edits = edit_distance(str_from(nearest->wanted), str_from(name));

        if (edits <= NEAREST_EDITS_MAX && (!nearest->name || edits < nearest->edits)) {
                nearest->name = name;
                nearest->edits = edits;
        }
}

char *nearest_advice(const Nearest *nearest, const char *expected) {
        return nearest->name ? g_strdup_printf("did you mean \"%s\"?", nearest->name) : g_strdup_printf("expected %s", expected);
}
