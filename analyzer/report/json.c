/* SPDX-License-Identifier: Apache-2.0 */
#include "report/json.h"

#include "base/time.h"
#include "report/clean.h"
#include "report/put.h"
#include "report/timeline.h"
#include "report/wording.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef JsonBuilder B;

static void put_evidence(B *b, const Evidence *evidence) {
        json_builder_begin_object(b);
        put_text(b, "source", evidence->source);
        put_count(b, "line", evidence->line);
        put_count(b, "offset", evidence->offset);
        put_time(b, "time", evidence->time_us);
        put_text(b, "level", level_name(evidence->level));
        put_text(b, "text", evidence->exemplar->text);
        json_builder_end_object(b);
}

static void put_sources(B *b, const Cause *cause, const LedgerView *ledger) {
        put_list(b, "sources");
        for (guint i = 0; i < cause->sources->len; i++) {
                const SourceCount *count = &g_array_index(cause->sources, SourceCount, i);
                json_builder_begin_object(b);
                put_text(b, "source", ((const SourceRecord *)ledger->sources->pdata[count->source])->name);
                put_count(b, "count", count->count);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_why(B *b, const GArray *list) {
        put_list(b, "why");
        for (guint i = 0; i < list->len; i++) {
                const Why *why = &g_array_index(list, Why, i);
                json_builder_begin_object(b);
                put_text(b, "factor", why->factor);
                put_number(b, "value", why->value);
                put_number(b, "weight", why->weight);
                put_text(b, "text", why->text);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_why_not(B *b, const GPtrArray *list) {
        put_list(b, "why_not");
        for (guint i = 0; i < list->len; i++) {
                const Rival *rival = list->pdata[i];
                json_builder_begin_object(b);
                put_text(b, "id", rival->id);
                put_text(b, "kind", cause_kind_name(rival->kind));
                put_text(b, "title", rival->title);
                put_number(b, "score", rival->score);
                put_text(b, "factor", rival->factor);
                put_number(b, "difference", rival->difference);
                put_text(b, "text", rival->text);
                put_why(b, rival->why);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_facts(B *b, const GArray *facts) {
        put_list(b, "facts");
        for (guint i = 0; i < facts->len; i++) {
                const Fact *fact = &g_array_index(facts, Fact, i);
                json_builder_begin_object(b);
                put_text(b, "name", fact->name);
                put_text(b, "value", fact->value);
                put_count(b, "count", fact->count);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_effects(B *b, const GArray *effects) {
        put_list(b, "leads_to");
        for (guint i = 0; i < effects->len; i++) {
                const Effect *effect = &g_array_index(effects, Effect, i);
                json_builder_begin_object(b);
                put_text(b, "id", effect->id);
                put_text(b, "title", effect->title);
                put_number(b, "delay_seconds", (double)effect->delay_us / 1e6);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_voices(B *b, const GArray *voices) {
        put_list(b, "voices");
        for (guint i = 0; i < voices->len; i++) {
                const Voice *voice = &g_array_index(voices, Voice, i);
                json_builder_begin_object(b);
                put_text(b, "id", voice->id);
                put_text(b, "title", voice->title);
                put_count(b, "count", voice->count);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_settings(B *b, const GArray *settings) {
        put_list(b, "settings");
        for (guint i = 0; i < settings->len; i++) {
                const Setting *setting = &g_array_index(settings, Setting, i);
                json_builder_begin_object(b);
                put_text(b, "name", setting->name);
                put_text(b, "value", setting->value);
                put_text(b, "was", setting->was);
                put_key(b, "evidence");
                put_evidence(b, &setting->said);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_change_fields(B *b, const Change *change) {
        put_text(b, "id", change->id);
        put_text(b, "title", change->title);
        put_text(b, "category", change->category);
        put_time(b, "time", change->evidence.time_us);
        put_number(b, "lead_seconds", (double)change->lead_us / 1e6);
        put_key(b, "evidence");
        put_evidence(b, &change->evidence);
        put_settings(b, change->settings);
}

static void put_change(B *b, const Change *change) {
        json_builder_begin_object(b);
        put_change_fields(b, change);
        json_builder_end_object(b);
}

static void put_changes(B *b, const char *name, const GPtrArray *changes) {
        put_list(b, name);
        for (guint i = 0; i < changes->len; i++)
                put_change(b, changes->pdata[i]);
        json_builder_end_array(b);
}

static void put_advice(B *b, const Pattern *pattern) {
        put_text(b, "explain", pattern ? pattern->explain : "");
        put_strings(b, "checks", pattern ? pattern->checks : NULL);
        put_strings(b, "fixes", pattern ? pattern->fixes : NULL);
        put_strings(b, "prevents", pattern ? pattern->prevents : NULL);
        put_strings(b, "references", pattern ? pattern->references : NULL);
}

static void put_cause_fields(B *b, const Cause *cause, const LedgerView *ledger) {
        put_count(b, "rank", cause->rank);
        put_text(b, "id", cause->id);
        put_text(b, "kind", cause_kind_name(cause->kind));
        put_text(b, "role", role_name(cause->role));
        put_text(b, "title", cause->title);
        put_text(b, "category", cause->category);
        put_text(b, "confidence", confidence_name(cause->confidence));
        put_number(b, "score", cause->score);
        put_time(b, "onset", cause->onset_us);
        put_time(b, "last", cause->last_us);
        put_count(b, "count", cause->count);
        put_count(b, "count_before", cause->count_before);
        put_sources(b, cause, ledger);
        put_why(b, cause->why);
        put_why_not(b, cause->why_not);
        put_list(b, "evidence");
        for (guint i = 0; i < cause->evidence->len; i++)
                put_evidence(b, &g_array_index(cause->evidence, Evidence, i));
        json_builder_end_array(b);
        put_facts(b, cause->facts);
        put_effects(b, cause->effects);
        put_voices(b, cause->voices);
        put_changes(b, "just_before", cause->just_before);
        put_advice(b, cause->pattern);
}

static void put_cause(B *b, const Cause *cause, const LedgerView *ledger) {
        json_builder_begin_object(b);
        put_cause_fields(b, cause, ledger);
        json_builder_end_object(b);
}

static void put_causes(B *b, const char *name, const GPtrArray *causes, const LedgerView *ledger) {
        put_list(b, name);
        for (guint i = 0; i < causes->len; i++)
                put_cause(b, causes->pdata[i], ledger);
        json_builder_end_array(b);
}

static void put_buckets(B *b, const Incident *incident) {
        put_key(b, "buckets");
        json_builder_begin_object(b);
        put_time(b, "start", incident->buckets->len ? incident->buckets_start : TIME_NONE);
        put_count(b, "step_seconds", incident->bucket_seconds);
        put_list(b, "counts");
        for (guint i = 0; i < incident->buckets->len; i++)
                json_builder_add_int_value(b, (gint64)g_array_index(incident->buckets, uint64_t, i));
        json_builder_end_array(b);
        json_builder_end_object(b);
}

static void put_moment(B *b, const Moment *moment) {
        json_builder_begin_object(b);
        put_time(b, "time", moment->time_us);
        put_text(b, "kind", moment->kind);
        put_text(b, "text", moment->text);
        put_text(b, "source", moment->evidence ? moment->evidence->source : NULL);
        if (moment->evidence)
                put_count(b, "line", moment->evidence->line);
        json_builder_end_object(b);
}

static void put_timeline(B *b, const Incident *incident) {
        g_autoptr(GArray) moments = timeline_moments(incident);

        put_list(b, "timeline");
        for (guint i = 0; i < moments->len; i++)
                put_moment(b, &g_array_index(moments, Moment, i));
        json_builder_end_array(b);
}

/* The name of a source, in a list. */
static void put_name(B *b, const LedgerView *ledger, guint source) {
        g_autofree char *name = clean_utf8(((const SourceRecord *)ledger->sources->pdata[source])->name);

        json_builder_add_string_value(b, name);
}

/* The names of all sources that a cause or symptom speaks in. */
static void put_incident_sources(B *b, const Incident *incident, const LedgerView *ledger) {
        g_autofree bool *seen = g_new0(bool, ledger->sources->len + 1);
        const GPtrArray *lists[] = { incident->causes, incident->symptoms };

        for (size_t l = 0; l < G_N_ELEMENTS(lists); l++)
                for (guint i = 0; i < lists[l]->len; i++) {
                        const GArray *sources = ((const Cause *)lists[l]->pdata[i])->sources;
                        for (guint j = 0; j < sources->len; j++)
                                seen[g_array_index(sources, SourceCount, j).source] = true;
                }
        put_list(b, "sources");
        for (guint i = 0; i < ledger->sources->len; i++)
                if (seen[i])
                        put_name(b, ledger, i);
        json_builder_end_array(b);
}

static void put_incident_fields(B *b, const Incident *incident, const LedgerView *ledger) {
        put_count(b, "id", incident->id);
        put_time(b, "onset", incident->onset_us);
        if (incident->onset_us == TIME_NONE)
                put_count(b, "onset_line", incident->onset_line);
        put_time(b, "peak", incident->peak_us);
        put_time(b, "end", incident->ongoing ? TIME_NONE : incident->end_us);
        put_bool(b, "ongoing", incident->ongoing);
        put_bool(b, "from_the_start", incident->from_the_start);
        put_count(b, "events", incident->events);
        put_number(b, "errors_per_minute_before", incident->before_per_minute);
        put_number(b, "errors_per_minute_during", incident->during_per_minute);
        put_number(b, "errors_per_minute_peak", incident->peak_per_minute);
        put_incident_sources(b, incident, ledger);
        put_buckets(b, incident);
}

static void put_incident(B *b, const Incident *incident, const LedgerView *ledger) {
        json_builder_begin_object(b);
        put_incident_fields(b, incident, ledger);
        put_causes(b, "causes", incident->causes, ledger);
        put_causes(b, "symptoms", incident->symptoms, ledger);
        put_changes(b, "changes", incident->changes);
        put_timeline(b, incident);
        json_builder_end_object(b);
}

/* The zone in which the times of the source @index would fit those of another; null when there is none. */
static void put_zone_fit(B *b, const GArray *fits, guint index) {
        g_autofree char *offset = NULL;

        for (guint i = 0; i < fits->len && !offset; i++)
                if (g_array_index(fits, ZoneFit, i).source == index)
                        offset = wording_offset(g_array_index(fits, ZoneFit, i).minutes);
        put_text(b, "zone_fits", offset);
}

static void put_input_fields(B *b, const Report *report, guint index) {
        const SourceRecord *source = report->ledger->sources->pdata[index];

        put_text(b, "source", source->name);
        put_text(b, "compression", source->compression);
        put_count(b, "bytes", source->bytes);
        put_count(b, "lines", source->lines);
        put_count(b, "events", source->events);
        put_time(b, "first", source->first_us);
        put_time(b, "last", source->last_us);
        put_count(b, "left_out", source->left_out);
        put_time(b, "left_out_first", source->outside.first_us);
        put_time(b, "left_out_last", source->outside.last_us);
        put_text(b, "layout", source->layout);
        put_text(b, "zone", source->zone);
        put_text(b, "zone_from", source->zone_from);
        put_zone_fit(b, report->zones, index);
        put_text(b, "year_from", source->year_from);
        put_text(b, "note", source->note);
        put_list(b, "problems");
        for (guint i = 0; i < source->problems->len; i++) {
                g_autofree char *problem = clean_utf8(source->problems->pdata[i]);
                json_builder_add_string_value(b, problem);
        }
        json_builder_end_array(b);
}

static void put_coverage_fields(B *b, const LedgerView *ledger) {
        SourceRecord sum = { 0 };

        for (guint i = 0; i < ledger->sources->len; i++) {
                const SourceRecord *source = ledger->sources->pdata[i];
                sum.bytes += source->bytes;
                sum.lines += source->lines;
                sum.events += source->events;
                sum.with_time += source->with_time;
                sum.inherited_time += source->inherited_time;
                sum.with_level += source->with_level;
                sum.matched += source->matched;
                sum.cut += source->cut;
        }
        put_count(b, "bytes", sum.bytes);
        put_count(b, "lines", sum.lines);
        put_count(b, "events", sum.events);
        put_count(b, "with_time", sum.with_time);
        put_count(b, "inherited_time", sum.inherited_time);
        put_count(b, "with_level", sum.with_level);
        put_count(b, "matched", sum.matched);
        put_count(b, "templated", sum.events - sum.matched - ledger->evicted);
        put_count(b, "evicted", ledger->evicted);
        put_count(b, "cut", sum.cut);
}

static void put_no_sign_fields(B *b, const NoSign *no_sign, const LedgerView *ledger) {
        put_text(b, "category", no_sign->group);
        put_text(b, "title", no_sign->title);
        put_count(b, "patterns", no_sign->n_patterns);
        put_text(b, "origin", no_sign->origin);
        put_list(b, "sources");
        for (guint i = 0; i < no_sign->sources->len; i++)
                put_name(b, ledger, g_array_index(no_sign->sources, uint32_t, i));
        json_builder_end_array(b);
        put_text(b, "text", no_sign->text);
}

static void put_no_sign(B *b, const GPtrArray *list, const LedgerView *ledger) {
        put_list(b, "no_sign_of");
        for (guint i = 0; i < list->len; i++) {
                json_builder_begin_object(b);
                put_no_sign_fields(b, list->pdata[i], ledger);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_background_fields(B *b, const Background *background) {
        put_text(b, "id", background->id);
        put_text(b, "title", background->title);
        put_count(b, "count", background->count);
        put_text(b, "text", background->text);
}

static void put_background(B *b, const GPtrArray *list) {
        put_list(b, "background");
        for (guint i = 0; i < list->len; i++) {
                json_builder_begin_object(b);
                put_background_fields(b, list->pdata[i]);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_clock_fields(B *b, const ClockDifference *difference, const LedgerView *ledger) {
        put_text(b, "source", ((const SourceRecord *)ledger->sources->pdata[difference->source])->name);
        put_text(b, "reference", ((const SourceRecord *)ledger->sources->pdata[difference->reference])->name);
        put_number(b, "ahead_seconds", difference->seconds);
        put_number(b, "uncertainty_seconds", difference->uncertainty);
}

static void put_clocks(B *b, const GArray *clocks, const LedgerView *ledger) {
        put_list(b, "clocks");
        for (guint i = 0; i < clocks->len; i++) {
                json_builder_begin_object(b);
                put_clock_fields(b, &g_array_index(clocks, ClockDifference, i), ledger);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_redactions(B *b, const GArray *list) {
        put_list(b, "redacted");
        for (guint i = 0; i < list->len; i++) {
                const Redaction *redaction = &g_array_index(list, Redaction, i);
                json_builder_begin_object(b);
                put_text(b, "kind", redaction->kind);
                put_count(b, "values", redaction->n_values);
                put_count(b, "replaced", redaction->n_replaced);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
}

static void put_report_fields(B *b, const Report *report, const char *version) {
        put_text(b, "schema", REPORT_SCHEMA);
        put_key(b, "tool");
        json_builder_begin_object(b);
        put_text(b, "name", "logscan");
        put_text(b, "version", version);
        json_builder_end_object(b);
        put_text(b, "verdict", verdict_name(report->verdict));
        put_text(b, "axis", report->by_line ? "line" : "time");
}

static void put_report(B *b, const Report *report, const char *version) {
        json_builder_begin_object(b);
        put_report_fields(b, report, version);
        put_list(b, "incidents");
        for (guint i = 0; i < report->incidents->len; i++)
                put_incident(b, report->incidents->pdata[i], report->ledger);
        json_builder_end_array(b);
        put_no_sign(b, report->no_sign_of, report->ledger);
        put_background(b, report->background);
        put_clocks(b, report->clocks, report->ledger);
        put_list(b, "inputs");
        for (guint i = 0; i < report->ledger->sources->len; i++) {
                json_builder_begin_object(b);
                put_input_fields(b, report, i);
                json_builder_end_object(b);
        }
        json_builder_end_array(b);
        put_key(b, "coverage");
        json_builder_begin_object(b);
        put_coverage_fields(b, report->ledger);
        json_builder_end_object(b);
        if (report->redactions)
                put_redactions(b, report->redactions);
        json_builder_end_object(b);
}

/*
 * The generator writes 0.954 as 0.95399999999999996: numbers with a point get three digits. And it forgets to escape U+001F
 * (json-glib 1.6). Else strings stay as they are.
 */
static void append_short(GString *text, const char *json) {
        bool in_string = false;

        for (const char *at = json; *at;) {
                size_t length = in_string ? 0 : strspn(at, "-0123456789.eE+");
                if (length > 0 && memchr(at, '.', length)) {
                        char number[G_ASCII_DTOSTR_BUF_SIZE];
                        g_string_append(text, g_ascii_formatd(number, sizeof(number), "%.3f", g_ascii_strtod(at, NULL)));
                        at += length;
                        continue;
                }
                if (in_string && *at == 0x1f) {
                        g_string_append(text, "\\u001f");
                        at++;
                        continue;
                }
                if (*at == '"')
                        in_string = !in_string;
                if (in_string && *at == '\\')
                        g_string_append_c(text, *at++);
                g_string_append_c(text, *at++);
        }
        g_string_append_c(text, '\n');
}

static void append_json(GString *text, B *b, bool pretty) {
        g_autoptr(JsonGenerator) generator = json_generator_new();
        g_autoptr(JsonNode) root = json_builder_get_root(b);
        g_autofree char *json = NULL;

        json_generator_set_root(generator, root);
        json_generator_set_pretty(generator, pretty);
        json = json_generator_to_data(generator, NULL);
        append_short(text, json);
}

char *json_report(const Report *report, const char *version) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        GString *text = g_string_new(NULL);

        put_report(builder, report, version);
        append_json(text, builder, true);
        return g_string_free(text, FALSE);
}

/* --- one object a line --- */

static void begin_line(B *b, const char *type) {
        json_builder_reset(b);
        json_builder_begin_object(b);
        put_text(b, "type", type);
}

static void end_line(B *b, GString *text) {
        json_builder_end_object(b);
        append_json(text, b, false);
}

static void append_causes(GString *text, B *b, const char *type, const Incident *incident, const GPtrArray *causes, const LedgerView *ledger) {
        for (guint i = 0; i < causes->len; i++) {
                begin_line(b, type);
                put_count(b, "incident", incident->id);
                put_cause_fields(b, causes->pdata[i], ledger);
                end_line(b, text);
        }
}

static void append_incident(GString *text, B *b, const Incident *incident, const LedgerView *ledger) {
        begin_line(b, "incident");
        put_incident_fields(b, incident, ledger);
        end_line(b, text);
        append_causes(text, b, "cause", incident, incident->causes, ledger);
        append_causes(text, b, "symptom", incident, incident->symptoms, ledger);
        for (guint i = 0; i < incident->changes->len; i++) {
                begin_line(b, "change");
                put_count(b, "incident", incident->id);
                put_change_fields(b, incident->changes->pdata[i]);
                end_line(b, text);
        }
}

static void append_rest(GString *text, B *b, const Report *report) {
        for (guint i = 0; i < report->no_sign_of->len; i++) {
                begin_line(b, "no_sign");
                put_no_sign_fields(b, report->no_sign_of->pdata[i], report->ledger);
                end_line(b, text);
        }
        for (guint i = 0; i < report->background->len; i++) {
                begin_line(b, "background");
                put_background_fields(b, report->background->pdata[i]);
                end_line(b, text);
        }
        for (guint i = 0; i < report->clocks->len; i++) {
                begin_line(b, "clock");
                put_clock_fields(b, &g_array_index(report->clocks, ClockDifference, i), report->ledger);
                end_line(b, text);
        }
        for (guint i = 0; i < report->ledger->sources->len; i++) {
                begin_line(b, "input");
                put_input_fields(b, report, i);
                end_line(b, text);
        }
        begin_line(b, "coverage");
        put_coverage_fields(b, report->ledger);
        end_line(b, text);
}

char *json_lines(const Report *report, const char *version) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        GString *text = g_string_new(NULL);

        begin_line(builder, "report");
        put_report_fields(builder, report, version);
        end_line(builder, text);
        for (guint i = 0; i < report->incidents->len; i++)
                append_incident(text, builder, report->incidents->pdata[i], report->ledger);
        append_rest(text, builder, report);
        return g_string_free(text, FALSE);
}
