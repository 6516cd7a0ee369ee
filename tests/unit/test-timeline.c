/* SPDX-License-Identifier: Apache-2.0 */
#include "report/timeline.h"

/*
 * What stands above what, for people: moments as milliseconds, each with its kind and its place, and the order in which they are told.
 */

typedef struct Case {
        const char *name;
        struct {
                char kind; /* 'c' change, 'r' root cause, 's' symptom */
                int64_t ms;
        } moments[4];
        const char *order; /* indices into the moments */
} Case;

static const Case CASES[] = {
        { "by time", { { 's', 1200 }, { 'c', 1100 }, { 'r', 1300 } }, "102" },
        { "a symptom of the whole second and a change within it", { { 's', 1000 }, { 'c', 1250 } }, "10" },
        { "a cause of the whole second and a change within it", { { 'r', 1000 }, { 'c', 1250 } }, "10" },
        { "a symptom of the whole second and a cause within it", { { 's', 1000 }, { 'r', 1250 } }, "10" },
        { "a symptom with a fraction stays", { { 's', 1001 }, { 'c', 1250 } }, "01" },
        { "both of the whole second", { { 's', 1000 }, { 'c', 1000 } }, "10" },
        { "a change of the next second", { { 's', 1000 }, { 'c', 2000 } }, "01" },
        { "whole seconds among others", { { 's', 1000 }, { 's', 1100 }, { 'c', 1200 }, { 'r', 1000 } }, "1230" },
};

static Change *new_change(int64_t time_us, const char *title) {
        Change *change = change_new();

        change->title = g_strdup(title);
        change->evidence.time_us = time_us;
        return change;
}

static Cause *new_cause(int64_t time_us, const char *title) {
        Cause *cause = cause_new();

        cause->id = g_strdup(title);
        cause->title = g_strdup(title);
        cause->onset_us = time_us;
        return cause;
}

/* Titles are the indices of the moments. */
static Incident *incident_of(const Case *c) {
        Incident *incident = incident_new();

        for (size_t i = 0; i < G_N_ELEMENTS(c->moments) && c->moments[i].kind; i++) {
                g_autofree char *title = g_strdup_printf("%zu", i);
                int64_t time_us = c->moments[i].ms * 1000;

                if (c->moments[i].kind == 'c')
                        g_ptr_array_add(incident->changes, new_change(time_us, title));
                else
                        g_ptr_array_add(c->moments[i].kind == 'r' ? incident->causes : incident->symptoms, new_cause(time_us, title));
        }
        return incident;
}

static void test_order(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                Incident *incident = incident_of(&CASES[i]);
                g_autoptr(GArray) moments = timeline_for_people(incident, 3);
                g_autoptr(GString) order = g_string_new(NULL);

                g_test_message("%s", CASES[i].name);
                for (guint j = 0; j < moments->len; j++)
                        g_string_append(order, g_array_index(moments, Moment, j).text);
                g_assert_cmpstr(order->str, ==, CASES[i].order);
                incident_free(incident);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/timeline/order", test_order);
        return g_test_run();
}
