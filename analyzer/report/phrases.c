/* SPDX-License-Identifier: Apache-2.0 */
#include "report/phrases.h"

#include "base/time.h"
#include "report/clean.h"

#include <math.h>
#include <string.h>

/* An effect that comes sooner comes "at once": clocks and log buffers are no finer. */
#define AT_ONCE_US INT64_C(1000000)

#define CAUSE(list, i)  ((const Cause *)(list)->pdata[i])
#define SOURCE(list, i) ((const SourceRecord *)(list)->pdata[i])

static char *finished(GString *text) {
        g_autofree char *raw = g_string_free(text, FALSE);

        return clean_line(raw);
}

/* --- the report --- */

static void append_span(GString *text, const char *before, int64_t first, int64_t last) {
        g_autofree char *from = wording_date(first), *to = wording_date(last);
        bool same_day = strncmp(from, to, strlen("2026-11-24")) == 0;

        g_string_append_printf(text, "%s%s to %s UTC", before, from, same_day ? to + strlen("2026-11-24 ") : to);
}

/* The logs of which --since or --until left all events out. */
typedef struct Outside {
        guint n;
        const SourceRecord *first;
        TimeSpan span;
} Outside;

static Outside outside_of(const GPtrArray *sources) {
        Outside outside = { .span = { TIME_NONE, TIME_NONE } };

        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = SOURCE(sources, i);
                if (source->events > 0 || source->left_out == 0)
                        continue;
                if (outside.n++ == 0)
                        outside.first = source;
                widen_span(&outside.span.first_us, &outside.span.last_us, source->outside.first_us, source->outside.last_us);
        }
        return outside;
}

static bool has_events(const GPtrArray *sources) {
        for (guint i = 0; i < sources->len; i++)
                if (SOURCE(sources, i)->events > 0)
                        return true;
        return false;
}

char *phrase_overview(const Wording *words) {
        const GPtrArray *sources = words->report->ledger->sources;
        GString *text = g_string_new(NULL);
        g_autofree char *lines = NULL;
        uint64_t n_lines = 0;
        guint n_passed = 0;

        for (guint i = 0; i < sources->len; i++) {
                n_lines += SOURCE(sources, i)->lines;
                n_passed += SOURCE(sources, i)->lines == 0 && SOURCE(sources, i)->note;
        }
        lines = wording_count(n_lines);
        if (sources->len == 1)
                g_string_append(text, wording_raw_source(words, SOURCE(sources, 0)->name));
        else
                g_string_append_printf(text, "%u sources", sources->len - n_passed);
        if (sources->len > 1 && words->folder > 1)
                g_string_append_printf(text, " in %.*s", (int)words->folder - 1, SOURCE(sources, 0)->name);
        if (n_passed > 0)
                g_string_append_printf(text, " (%u other file%s passed over)", n_passed, n_passed == 1 ? "" : "s");
        g_string_append_printf(text, ", %s line%s", lines, n_lines == 1 ? "" : "s");
        if (words->report->first_us != TIME_NONE)
                append_span(text, ", ", words->report->first_us, words->report->last_us);
        else if (has_events(sources))
                g_string_append(text, ", no times: read by order of lines");
        return finished(text);
}

static char *nothing_to_judge(const GPtrArray *sources) {
        Outside outside = outside_of(sources);
        GString *text = g_string_new("there is nothing to judge from");

        if (outside.n > 0 && !has_events(sources))
                append_span(text, outside.n == 1 ? ": the time asked for is not that of the log, " : ": the time asked for is not that of the logs, ",
                            outside.span.first_us, outside.span.last_us);
        return finished(text);
}

char *phrase_verdict(const Report *report) {
        const Incident *worst;

        if (report->verdict == VERDICT_INCIDENT)
                return g_strdup("");
        if (report->verdict == VERDICT_NO_INCIDENT)
                return g_strdup("no error is new or more frequent than before");
        if (report->incidents->len == 0)
                return nothing_to_judge(report->ledger->sources);
        worst = report->incidents->pdata[0];
        if (worst->from_the_start)
                return g_strdup("errors from the first line to the last: no quiet part to compare them with");
        return g_strdup_printf("more errors than usual, but %s%s", worst->answered ? "requests are answered as at other times" : "none that is known to hurt",
                               worst->causes->len > 0 && ((const Cause *)worst->causes->pdata[0])->confidence == CONFIDENCE_HIGH ? ""
                                                                                                                                 : ", and no cause is sure");
}

/* "; no log was given of a cache and the kernel": whose kinds of failure could hardly have been seen. */
static void append_missing_logs(GString *text, const GPtrArray *list) {
        g_autoptr(GPtrArray) origins = g_ptr_array_new();

        for (guint i = 0; i < list->len; i++) {
                const NoSign *no_sign = list->pdata[i];
                if (no_sign->origin && no_sign->sources->len == 0 && !g_ptr_array_find(origins, no_sign->origin, NULL))
                        g_ptr_array_add(origins, (void *)no_sign->origin);
        }
        if (origins->len > 0) {
                g_autofree char *names = wording_list(origins);
                g_string_append_printf(text, "; no log was given of %s", names);
        }
}

char *phrase_no_sign(const Report *report) {
        GString *text = g_string_new(NULL);
        unsigned n_patterns = 0;

        for (guint i = 0; i < report->no_sign_of->len; i++) {
                const NoSign *no_sign = report->no_sign_of->pdata[i];
                g_string_append_printf(text, "%s%s", i ? ", " : "", no_sign->title);
                n_patterns += no_sign->n_patterns;
        }
        if (n_patterns > 0)
                g_string_append_printf(text, " (%u pattern%s)", n_patterns, n_patterns == 1 ? "" : "s");
        append_missing_logs(text, report->no_sign_of);
        return finished(text);
}

static void append_assumptions(const Wording *words, GString *text, const GPtrArray *sources) {
        guint without_zone = 0, fitted = 0, without_year = 0;
        const SourceRecord *zone = NULL, *fit = NULL, *year = NULL;

        for (guint i = 0; i < sources->len; i++) {
                const SourceRecord *source = SOURCE(sources, i);
                if (g_str_equal(source->zone_from, "assumed") && ++without_zone)
                        zone = zone ? zone : source;
                if (g_str_equal(source->zone_from, "fitted") && ++fitted)
                        fit = fit ? fit : source;
                if (*source->year_from && !g_str_equal(source->year_from, "line") && ++without_year)
                        year = year ? year : source;
        }
        if (without_zone == 1)
                g_string_append_printf(text, "; %s names no zone, UTC assumed (--tz)", wording_raw_source(words, zone->name));
        else if (without_zone > 1)
                g_string_append_printf(text, "; %u sources name no zone, UTC assumed (--tz)", without_zone);
        if (fitted > 0) {
                g_autofree char *more = fitted > 1 ? g_strdup_printf(" and %u more name", fitted - 1) : g_strdup(" names");
                g_string_append_printf(text, "; %s%s no zone, %s fits the other logs (--tz to say otherwise)", wording_raw_source(words, fit->name), more,
                                       fit->zone);
        }
        if (without_year == 1)
                g_string_append_printf(text, "; %s names no year, taken from its %s", wording_raw_source(words, year->name), year->year_from);
        else if (without_year > 1)
                g_string_append_printf(text, "; %u sources name no year, that of %s is taken from its %s", without_year, wording_raw_source(words, year->name),
                                       year->year_from);
}

static void append_outside(const Wording *words, GString *text, const GPtrArray *sources) {
        Outside outside = outside_of(sources);

        if (outside.n == 0 || !has_events(sources))
                return;
        if (outside.n == 1)
                g_string_append_printf(text, "; %s lies", wording_raw_source(words, outside.first->name));
        else
                g_string_append_printf(text, "; %u sources lie", outside.n);
        append_span(text, " outside the time asked for, ", outside.span.first_us, outside.span.last_us);
}

char *phrase_coverage(const Wording *words) {
        const GPtrArray *sources = words->report->ledger->sources;
        GString *text = g_string_new(NULL);
        uint64_t events = 0, timed = 0, cut = 0;
        g_autofree char *n_events = NULL;

        for (guint i = 0; i < sources->len; i++) {
                events += SOURCE(sources, i)->events;
                timed += SOURCE(sources, i)->with_time;
                cut += SOURCE(sources, i)->cut;
        }
        n_events = wording_count(events);
        if (events > 0)
                g_string_append_printf(text, "%.4g %% of %s event%s %s a time", 100.0 * (double)timed / (double)events, n_events, events == 1 ? "" : "s",
                                       events == 1 ? "has" : "have");
        else
                g_string_append(text, "no events");
        if (cut > 0)
                g_string_append_printf(text, "; %" G_GUINT64_FORMAT " very long ones were cut", (guint64)cut);
        if (words->report->ledger->evicted > 0)
                g_string_append_printf(text, "; %" G_GUINT64_FORMAT " in too many kinds to keep", (guint64)words->report->ledger->evicted);
        append_outside(words, text, sources);
        append_assumptions(words, text, sources);
        return finished(text);
}

static void append_differences(const Wording *words, GString *text, const GPtrArray *sources) {
        const GArray *clocks = words->report->clocks;

        for (guint i = 0; i < clocks->len; i++) {
                const ClockDifference *clock = &g_array_index(clocks, ClockDifference, i);
                g_string_append_printf(text, "%s%s is about %.0f s %s %s (±%.0f s)", i ? "; " : "",
                                       wording_raw_source(words, SOURCE(sources, clock->source)->name), fabs(clock->seconds),
                                       clock->seconds > 0 ? "ahead of" : "behind", wording_raw_source(words, SOURCE(sources, clock->reference)->name),
                                       clock->uncertainty);
        }
        if (clocks->len > 0)
                g_string_append(text, ": their lines go together at this distance only; times are left as logged");
}

/* One for all when all that name no zone are of the same. */
static void append_zone_options(GString *text, const GArray *fits, const GPtrArray *sources) {
        const ZoneFit *first = &g_array_index(fits, ZoneFit, 0);
        g_autofree char *offset = wording_offset(first->minutes);
        guint n_assumed = 0, n_alike = 0;

        for (guint i = 0; i < sources->len; i++)
                n_assumed += g_str_equal(SOURCE(sources, i)->zone_from, "assumed");
        for (guint i = 0; i < fits->len; i++)
                n_alike += g_array_index(fits, ZoneFit, i).minutes == first->minutes;
        if (n_alike == n_assumed) {
                g_string_append_printf(text, " --tz %s", offset);
                return;
        }
        for (guint i = 0; i < fits->len; i++) {
                const ZoneFit *fit = &g_array_index(fits, ZoneFit, i);
                g_autofree char *own = wording_offset(fit->minutes);
                g_string_append_printf(text, " --tz %s=%s", SOURCE(sources, fit->source)->name, own);
        }
}

static void append_zone_fits(const Wording *words, GString *text, const GPtrArray *sources) {
        const GArray *fits = words->report->zones;
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *list = NULL;
        bool one = fits->len == 1;

        if (fits->len == 0)
                return;
        for (guint i = 0; i < fits->len; i++)
                g_ptr_array_add(names, (char *)wording_raw_source(words, SOURCE(sources, g_array_index(fits, ZoneFit, i).source)->name));
        list = wording_list(names);
        g_string_append_printf(text, "%s%s name%s no zone; read as UTC, %s far from the others, but would begin and end with %s with", text->len ? "; " : "",
                               list, one ? "s" : "", one ? "it stands" : "they stand",
                               wording_raw_source(words, SOURCE(sources, g_array_index(fits, ZoneFit, 0).reference)->name));
        append_zone_options(text, fits, sources);
}

char *phrase_clocks(const Wording *words) {
        const GPtrArray *sources = words->report->ledger->sources;
        GString *text = g_string_new(NULL);

        append_differences(words, text, sources);
        append_zone_fits(words, text, sources);
        return finished(text);
}

GPtrArray *phrase_problems(const Wording *words) {
        const GPtrArray *sources = words->report->ledger->sources;
        GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);

        for (guint i = 0; i < sources->len; i++)
                for (guint j = 0; j < SOURCE(sources, i)->problems->len; j++) {
                        g_autofree char *text = g_strdup_printf("%s: %s", SOURCE(sources, i)->name, (char *)SOURCE(sources, i)->problems->pdata[j]);
                        g_ptr_array_add(problems, clean_line(text));
                }
        return problems;
}

/* --- an incident --- */

char *phrase_times(const Wording *words, const Incident *incident) {
        GString *text = g_string_new(NULL);

        if (incident->onset_us == TIME_NONE) {
                g_string_append_printf(text, "begins at line %" G_GUINT64_FORMAT "; the log has no times", (guint64)incident->onset_line);
                return finished(text);
        }
        g_autofree char *onset = wording_clock(words, incident->onset_us), *peak = wording_clock(words, incident->peak_us);
        g_autofree char *rate = wording_rate(incident->peak_per_minute);

        g_string_append_printf(text, "%s %s, peak %s (%s errors/min), ", incident->from_the_start ? "there when the log begins," : "began", onset, peak, rate);
        if (incident->ongoing) {
                g_string_append(text, "still going at the end of the log");
        } else {
                g_autofree char *end = wording_clock(words, incident->end_us);
                g_string_append_printf(text, "over %s UTC", end);
        }
        return finished(text);
}

char *phrase_rates(const Incident *incident) {
        g_autofree char *before = wording_rate(incident->before_per_minute), *during = wording_rate(incident->during_per_minute);
        g_autofree char *duration = wording_duration(incident->end_us - incident->onset_us);

        if (incident->ongoing || incident->onset_us == TIME_NONE)
                return g_strdup_printf("%s errors/min before, %s during", before, during);
        return g_strdup_printf("lasted %s; %s errors/min before, %s during", duration, before, during);
}

char *phrase_histogram(const Incident *incident, size_t columns) {
        static const char *const BLOCKS[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
        guint per_column = MAX(1, (incident->buckets->len + (guint)columns - 1) / (guint)columns);
        GString *text = g_string_new(NULL);
        g_autoptr(GArray) sums = g_array_new(FALSE, TRUE, sizeof(uint64_t));
        uint64_t most = 1;

        for (guint i = 0; i < incident->buckets->len; i += per_column) {
                uint64_t sum = 0;
                for (guint j = i; j < MIN(i + per_column, incident->buckets->len); j++)
                        sum += g_array_index(incident->buckets, uint64_t, j);
                g_array_append_val(sums, sum);
                most = MAX(most, sum);
        }
        for (guint i = 0; i < sums->len; i++)
                g_string_append(text, BLOCKS[(g_array_index(sums, uint64_t, i) * 8 + most - 1) / most]);
        return g_string_free(text, FALSE);
}

/* --- a cause --- */

bool phrase_is_repeat(const GPtrArray *causes, guint index) {
        for (guint i = 0; i < index; i++)
                if (g_str_equal(CAUSE(causes, i)->id, CAUSE(causes, index)->id))
                        return true;
        return false;
}

uint64_t phrase_total(const GPtrArray *causes, const Cause *cause) {
        uint64_t total = 0;

        for (guint i = 0; i < causes->len; i++)
                if (g_str_equal(CAUSE(causes, i)->id, cause->id))
                        total += CAUSE(causes, i)->count;
        return total;
}

static const char *source_of(const Wording *words, const SourceCount *count) {
        return wording_raw_source(words, SOURCE(words->report->ledger->sources, count->source)->name);
}

/* The source that says it most often, and the second or how many others. */
static void append_sources(const Wording *words, GString *text, const Cause *cause) {
        const GArray *sources = cause->sources;
        guint most = 0;

        for (guint i = 1; i < sources->len; i++)
                if (g_array_index(sources, SourceCount, i).count > g_array_index(sources, SourceCount, most).count)
                        most = i;
        if (sources->len == 0)
                return;
        g_string_append_printf(text, " in %s", source_of(words, &g_array_index(sources, SourceCount, most)));
        if (sources->len == 2)
                g_string_append_printf(text, " and %s", source_of(words, &g_array_index(sources, SourceCount, 1 - most)));
        else if (sources->len > 2)
                g_string_append_printf(text, " and %u other sources", sources->len - 1);
}

static int compare_onsets(const void *a, const void *b) {
        const Cause *one = *(const Cause *const *)a, *two = *(const Cause *const *)b;

        return (one->onset_us > two->onset_us) - (one->onset_us < two->onset_us);
}

/* "; before that from 04:47:12 (3), 04:47:40 (1); again from 04:49:03 (150)" for the other surges of the same kind. */
static void append_repeats(const Wording *words, GString *text, const GPtrArray *causes, const Cause *cause) {
        g_autoptr(GPtrArray) others = g_ptr_array_new();

        for (guint i = 0; i < causes->len && cause->onset_us != TIME_NONE; i++) {
                const Cause *other = CAUSE(causes, i);
                if (other != cause && g_str_equal(other->id, cause->id) && other->onset_us != TIME_NONE)
                        g_ptr_array_add(others, (void *)other);
        }
        g_ptr_array_sort(others, compare_onsets);
        for (guint i = 0; i < others->len; i++) {
                const Cause *other = CAUSE(others, i);
                bool before = other->onset_us<cause->onset_us, as_last = i> 0 && (CAUSE(others, i - 1)->onset_us < cause->onset_us) == before;
                g_autofree char *when = wording_clock(words, other->onset_us), *count = wording_count(other->count);
                g_string_append_printf(text, "%s %s (%s)", as_last ? "," : before ? "; before that from" : "; again from", when, count);
        }
}

/* "no such line any more", or until when there was none. */
static void append_silence(const Wording *words, GString *text, const Cause *cause) {
        bool of_line = g_str_has_prefix(cause->title, "No more: ");

        if (cause->last_us == TIME_NONE)
                g_string_append(text, of_line ? "no such line any more" : "nothing more");
        else
                g_string_append(text, of_line ? "no such line" : "nothing");
        append_sources(words, text, cause);
        if (cause->last_us != TIME_NONE) {
                g_autofree char *until = wording_clock(words, cause->last_us);
                g_string_append_printf(text, " until %s", until);
        }
}

char *phrase_when(const Wording *words, const Cause *cause, const Incident *incident) {
        GString *text = g_string_new(NULL);
        g_autofree char *count = wording_count(cause->count);
        char span[TIME_TEXT_BYTES];

        if (cause->onset_us != TIME_NONE) {
                int64_t late = cause->onset_us - incident->onset_us;
                g_autofree char *onset = wording_clock(words, cause->onset_us);

                g_string_append_printf(text, "began %s", onset);
                if (late >= AT_ONCE_US)
                        g_string_append_printf(text, ", %s after the first sign", time_write_span(late, span));
                g_string_append(text, "; ");
        }
        if (cause->kind == CAUSE_SILENCE) {
                append_silence(words, text, cause);
        } else {
                g_string_append_printf(text, "%s event%s", count, cause->count == 1 ? "" : "s");
                append_sources(words, text, cause);
        }
        append_repeats(words, text, incident->causes, cause);
        return finished(text);
}

/* Is a change of the same line among the first @n of @changes? */
static bool has_change(const GPtrArray *changes, guint n, const Evidence *line) {
        for (guint i = 0; i < n; i++) {
                const Evidence *other = &((const Change *)changes->pdata[i])->evidence;
                if (other->line == line->line && g_str_equal(other->source, line->source))
                        return true;
        }
        return false;
}

GPtrArray *phrase_changes(const Cause *cause, const Cause *told) {
        GPtrArray *changes = g_ptr_array_new();

        for (guint i = 0; i < cause->just_before->len; i++) {
                Change *change = cause->just_before->pdata[i];

                if (!has_change(changes, changes->len, &change->evidence) &&
                    !(told && has_change(told->just_before, told->just_before->len, &change->evidence)))
                        g_ptr_array_add(changes, change);
        }
        return changes;
}

char *phrase_settings(const Change *change) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < change->settings->len; i++) {
                const Setting *setting = &g_array_index(change->settings, Setting, i);
                g_string_append_printf(text, "%s%s was %s", i ? ", " : "", setting->name, setting->was);
        }
        if (change->settings->len > 0)
                g_string_append(text, " before");
        return finished(text);
}

static bool is_effect_told(const GArray *effects, guint index) {
        for (guint i = 0; i < index; i++)
                if (g_str_equal(g_array_index(effects, Effect, i).title, g_array_index(effects, Effect, index).title))
                        return true;
        return false;
}

char *phrase_effects(const Cause *cause) {
        GString *text = g_string_new(NULL);
        g_autofree char *last = g_strdup("");

        for (guint i = 0; i < cause->effects->len; i++) {
                const Effect *effect = &g_array_index(cause->effects, Effect, i);
                char span[TIME_TEXT_BYTES];
                g_autofree char *delay = effect->delay_us < AT_ONCE_US ? g_strdup("at once") : g_strdup_printf("+%s", time_write_span(effect->delay_us, span));

                if (is_effect_told(cause->effects, i))
                        continue;
                if (g_str_equal(delay, last))
                        g_string_append_printf(text, ", %s", effect->title);
                else
                        g_string_append_printf(text, "%s%s: %s", text->len ? "; " : "", delay, effect->title);
                g_free(last);
                last = g_steal_pointer(&delay);
        }
        return finished(text);
}

char *phrase_why(const Cause *cause) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < cause->why->len; i++) {
                const Why *why = &g_array_index(cause->why, Why, i);
                if (*why->text)
                        g_string_append_printf(text, "%s%s", text->len ? ", " : "", why->text);
        }
        for (guint i = 0; i < cause->voices->len; i++)
                g_string_append_printf(text, "%s%s",
                                       i           ? "; "
                                       : text->len ? ", also told as: "
                                                   : "also told as: ",
                                       g_array_index(cause->voices, Voice, i).title);
        return finished(text);
}

char *phrase_why_not(const Cause *cause, const Rival *rival) {
        g_autofree char *title = wording_rival_title(rival);
        GString *text = g_string_new(NULL);

        g_string_append_printf(text, "%s (%.2f against %.2f): %s", title, rival->score, cause->score, rival->text);
        return finished(text);
}

char *phrase_factors(const GArray *why) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < why->len; i++) {
                const Why *one = &g_array_index(why, Why, i);
                if (one->value != 0 && one->weight != 0)
                        g_string_append_printf(text, "%s%s %.2f x %.2f", text->len ? ", " : "", one->factor, one->value, one->weight);
        }
        return finished(text);
}

char *phrase_facts(const Cause *cause) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < cause->facts->len; i++) {
                const Fact *fact = &g_array_index(cause->facts, Fact, i);
                g_string_append_printf(text, "%s%s = %s", i ? ", " : "", fact->name, fact->value);
        }
        return finished(text);
}
