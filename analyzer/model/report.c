/* SPDX-License-Identifier: Apache-2.0 */
#include "model/report.h"

const char *verdict_name(Verdict verdict) {
        static const char *const NAMES[] = { "no-incident", "inconclusive", "incident" };

        return NAMES[verdict];
}

const char *confidence_name(Confidence confidence) {
        static const char *const NAMES[] = { "low", "medium", "high" };

        return NAMES[confidence];
}

const char *cause_kind_name(CauseKind kind) {
        static const char *const NAMES[] = { "pattern", "template", "change", "silence" };

        return NAMES[kind];
}

static void why_clear(void *why) {
        g_free(((Why *)why)->text);
}

static void fact_clear(void *fact) {
        g_free(((Fact *)fact)->name);
        g_free(((Fact *)fact)->value);
}

static GArray *array_of(guint size, GDestroyNotify clear) {
        GArray *array = g_array_new(FALSE, TRUE, size);

        g_array_set_clear_func(array, clear);
        return array;
}

Rival *rival_new(void) {
        Rival *rival = g_new0(Rival, 1);

        rival->why = array_of(sizeof(Why), why_clear);
        return rival;
}

void rival_free(void *data) {
        Rival *rival = data;

        g_free(rival->id);
        g_free(rival->title);
        g_free(rival->facet);
        g_free(rival->text);
        g_array_unref(rival->why);
        g_free(rival);
}

Cause *cause_new(void) {
        Cause *cause = g_new0(Cause, 1);

        cause->sources = array_of(sizeof(SourceCount), NULL);
        cause->why = array_of(sizeof(Why), why_clear);
        cause->why_not = g_ptr_array_new_with_free_func(rival_free);
        cause->evidence = array_of(sizeof(Evidence), NULL);
        cause->facts = array_of(sizeof(Fact), fact_clear);
        cause->effects = array_of(sizeof(Effect), NULL);
        cause->voices = array_of(sizeof(Voice), NULL);
        cause->just_before = g_ptr_array_new();
        return cause;
}

void cause_free(void *data) {
        Cause *cause = data;

        g_array_unref(cause->sources);
        g_array_unref(cause->why);
        g_ptr_array_unref(cause->why_not);
        g_array_unref(cause->evidence);
        g_array_unref(cause->facts);
        g_array_unref(cause->effects);
        g_array_unref(cause->voices);
        g_ptr_array_unref(cause->just_before);
        g_free(cause->id);
        g_free(cause->title);
        g_free(cause->facet);
        g_free(cause);
}

static void setting_clear(void *data) {
        Setting *setting = data;

        g_free(setting->name);
        g_free(setting->value);
        g_free(setting->was);
}

Change *change_new(void) {
        Change *change = g_new0(Change, 1);

        change->settings = array_of(sizeof(Setting), setting_clear);
        change->undone_us = TIME_NONE;
        return change;
}

void change_free(void *data) {
        Change *change = data;

        g_array_unref(change->settings);
        g_free(change->id);
        g_free(change->title);
        g_free(change);
}

Incident *incident_new(void) {
        Incident *incident = g_new0(Incident, 1);

        incident->causes = g_ptr_array_new_with_free_func(cause_free);
        incident->symptoms = g_ptr_array_new_with_free_func(cause_free);
        incident->changes = g_ptr_array_new_with_free_func(change_free);
        incident->buckets = array_of(sizeof(uint64_t), NULL);
        return incident;
}

void incident_free(void *data) {
        Incident *incident = data;

        g_ptr_array_unref(incident->causes);
        g_ptr_array_unref(incident->symptoms);
        g_ptr_array_unref(incident->changes);
        g_clear_pointer(&incident->lines, g_ptr_array_unref);
        g_array_unref(incident->buckets);
        g_free(incident);
}

Report *report_new(void) {
        Report *report = g_new0(Report, 1);

        report->incidents = g_ptr_array_new_with_free_func(incident_free);
        report->no_sign_of = g_ptr_array_new_with_free_func(no_sign_free);
        report->background = g_ptr_array_new_with_free_func(background_free);
        report->clocks = array_of(sizeof(ClockDifference), NULL);
        report->zones = array_of(sizeof(ZoneFit), NULL);
        return report;
}

void report_free(Report *report) {
        g_ptr_array_unref(report->incidents);
        g_ptr_array_unref(report->no_sign_of);
        g_ptr_array_unref(report->background);
        g_array_unref(report->clocks);
        g_array_unref(report->zones);
        g_clear_pointer(&report->redactions, g_array_unref);
        g_free(report);
}
