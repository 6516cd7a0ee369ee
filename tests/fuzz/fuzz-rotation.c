/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rotation: any lines as names of files. The order within a set is an order, and a set is a set.
 */

#include "model/rotation.h"

#include <glib.h>
#include <string.h>

#define NAMES_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_one(const char *name, const Rotation *rotation) {
        Rotation again;

        g_assert_nonnull(rotation->set);
        g_assert_true((rotation->date != 0) == (rotation->kind == ROTATION_DATED));
        g_assert_cmpint(rotation_compare(rotation, rotation), ==, 0);
        rotation_read(&again, name);
        g_assert_cmpstr(again.set, ==, rotation->set);
        rotation_clear(&again);
        rotation_date(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autofree char *text = g_strndup((const char *)data, size);
        g_auto(GStrv) names = g_strsplit(text, "\n", NAMES_MAX);
        Rotation rotations[NAMES_MAX];
        guint n = g_strv_length(names);

        for (guint i = 0; i < n; i++) {
                rotation_read(&rotations[i], names[i]);
                check_one(names[i], &rotations[i]);
        }
        for (guint i = 0; i < n; i++)
                for (guint j = 0; j < n; j++)
                        g_assert_cmpint(rotation_compare(&rotations[i], &rotations[j]), ==, -rotation_compare(&rotations[j], &rotations[i]));
        for (guint i = 0; i < n; i++)
                rotation_clear(&rotations[i]);
        return 0;
}
