/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs when logscan is built: pack-image IMAGE CATEGORIES PACK... Reads the packs as logscan does, checks that their
 * regexes compile, and writes the image that is embedded.
 */

#include "match/matcher.h"
#include "match/pack.h"
#include "match/pack_image.h"
#include "match/vocabulary.h"

#include <stdio.h>

static bool load(Patterns *patterns, const char *path, bool (*read)(Patterns *, const char *, Str, GError **), GError **error) {
        g_autofree char *text = NULL, *name = g_path_get_basename(path);
        gsize size;

        return g_file_get_contents(path, &text, &size, error) && read(patterns, name, (Str){ text, size }, error);
}

static bool load_all(Patterns *patterns, char **paths, GError **error) {
        g_autoptr(Matcher) matcher = NULL;

        if (!load(patterns, *paths, vocabulary_load, error))
                return false;
        for (char **path = paths + 1; *path; path++)
                if (!load(patterns, *path, pack_load, error))
                        return false;
        if (!pack_check_edges(patterns, error))
                return false;
        matcher = matcher_new(patterns, PREFILTER_PORTABLE, error);
        return matcher != NULL;
}

int main(int argc, char **argv) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) image = NULL;
        gsize size;
        const char *data;

        if (argc < 3 || !load_all(patterns, argv + 2, &error)) {
                fprintf(stderr, "pack-image: %s\n", error ? error->message : "IMAGE CATEGORIES PACK...");
                return 1;
        }
        image = pack_image_write(patterns);
        data = g_bytes_get_data(image, &size);
        if (g_file_set_contents(argv[1], data, (gssize)size, &error))
                return 0;
        fprintf(stderr, "pack-image: %s\n", error->message);
        return 1;
}
