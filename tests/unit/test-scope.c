/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/scope.h"

#include "story.h"

/* Orders are shipped each second, and some are lost in 520..880; in which version, and on which host. */
static const struct {
        const char *name;
        const char *before[2], *now[2]; /* what ordinary lines say in turn, until 500 and from then on */
        const char *failing, *words;    /* of the errors; NULL: everywhere */
} SCOPES[] = {
        { "one host of two", { "host=app-1", "host=app-2" }, { "host=app-1", "host=app-2" }, "host=app-2", "only host=app-2" },
        { "both hosts", { "host=app-1", "host=app-2" }, { "host=app-1", "host=app-2" }, NULL, NULL },
        { "one version beside another", { "version=1", "version=1" }, { "version=1", "version=2" }, "version=2", "only version=2" },
        { "the version of that time", { "version=1", "version=1" }, { "version=2", "version=2" }, "version=2", NULL },
};

static void test_case(const void *data) {
        size_t i = GPOINTER_TO_SIZE(data);
        g_auto(Story) story = story_new();
        g_autoptr(GArray) tracks = NULL;
        Scope scope;
        Axis axis;

        for (unsigned second = 0; second < 900; second++) {
                const char *now = (second < 500 ? SCOPES[i].before : SCOPES[i].now)[second % 2];
                g_autofree char *shipped = g_strdup_printf("order %u shipped %s", 1000 + second, now);
                g_autofree char *lost = g_strdup_printf("order %u lost %s", 1000 + second, SCOPES[i].failing ? SCOPES[i].failing : now);

                story_tell(&story, "app.log", second, LEVEL_INFO, NULL, shipped);
                if (second >= 520 && second < 880)
                        story_tell(&story, "app.log", second, LEVEL_ERROR, NULL, lost);
        }
        axis_of(story_view(&story), &axis);
        tracks = tracks_of(story_view(&story), story.patterns, &axis, NULL);
        g_assert_cmpuint(tracks->len, ==, 1);
        scope = scope_of(&g_array_index(tracks, Track, 0), story_view(&story));
        if (SCOPES[i].words)
                g_assert_true(scope.words && g_str_has_prefix(scope.words, SCOPES[i].words));
        else
                g_assert_null(scope.words);
        g_free(scope.words);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(SCOPES); i++) {
                g_autofree char *path = g_strdup_printf("/scope/%s", SCOPES[i].name);
                g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
        }
        return g_test_run();
}
