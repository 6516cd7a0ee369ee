/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "ledger/ledger.h"
#include "ledger/ledger_private.h"

#include <string.h>

/*
 * The file: 8 bytes "LOGSCAN" and the version, 32 bytes SHA-256 of what follows, then the GVariant LEDGER_TYPE in little-endian.
 * A foreign, torn or hostile file fails the checksum or the type check, and every index is checked against its table.
 */
#define MAGIC         "LOGSCAN\x03"
#define MAGIC_BYTES   8
#define DIGEST_BYTES  32
#define SERIES_TYPE   "(ua(uu))"
#define EXEMPLAR_TYPE "(xuttuuuuuay)"
#define STEP_TYPE     "(uuttxuay)"
#define TRAIL_TYPE    "(ua" STEP_TYPE ")"
#define SOURCE_TYPE   "(ayssssssas(tttttttt)atxx" TRAIL_TYPE ")"
#define ROW_TYPE      "(tuuay)"
#define SIGHTINGS_TYPE "(ta(xttu))"
#define SIGNAL_TYPE   "(tsayuuttt" SERIES_TYPE SERIES_TYPE "a(utxx)a" EXEMPLAR_TYPE "a" EXEMPLAR_TYPE "a" ROW_TYPE SIGHTINGS_TYPE ")"
#define LEDGER_TYPE   "(ta" SOURCE_TYPE "a" SIGNAL_TYPE SERIES_TYPE SERIES_TYPE ")"

/* --- saving --- */

static GVariant *save_series(const Series *series) {
        GVariantBuilder buckets;

        g_variant_builder_init(&buckets, G_VARIANT_TYPE("a(uu)"));
        for (uint32_t i = 0; i < series->n; i++)
                g_variant_builder_add(&buckets, "(uu)", series->buckets[i].start, series->buckets[i].count);
        return g_variant_new("(ua(uu))", series->shift, &buckets);
}

static GVariant *save_exemplars(const Exemplar *exemplars, unsigned n) {
        GVariantBuilder list;

        g_variant_builder_init(&list, G_VARIANT_TYPE("a" EXEMPLAR_TYPE));
        for (unsigned i = 0; i < n; i++) {
                const Exemplar *e = &exemplars[i];
                GVariant *text = g_variant_new_bytestring(e->text);
                g_variant_builder_add(&list, "(xuttuuuuu@ay)", e->time_us, e->source, e->offset, e->line, e->message_at, e->message_len,
                                      e->match_at, e->match_len, (guint)e->level, text);
        }
        return g_variant_builder_end(&list);
}

static GVariant *save_rows(const Signal *s) {
        GVariantBuilder list;

        g_variant_builder_init(&list, G_VARIANT_TYPE("a" ROW_TYPE));
        for (unsigned i = 0; i < s->n_rows; i++)
                g_variant_builder_add(&list, "(tuu@ay)", s->rows[i].lottery, s->rows[i].second, s->rows[i].count,
                                      g_variant_new_bytestring(s->rows[i].text));
        return g_variant_builder_end(&list);
}

static GVariant *save_sightings(const Sightings *sightings) {
        GVariantBuilder list;

        g_variant_builder_init(&list, G_VARIANT_TYPE("a(xttu)"));
        for (uint32_t i = 0; i < sightings->n; i++)
                g_variant_builder_add(&list, "(xttu)", sightings->items[i].time_us, sightings->items[i].offset, sightings->items[i].line,
                                      sightings->items[i].source);
        return g_variant_new(SIGHTINGS_TYPE, sightings->left_out, &list);
}

static GVariant *save_signal(const Signal *s) {
        GVariantBuilder sources;

        g_variant_builder_init(&sources, G_VARIANT_TYPE("a(utxx)"));
        for (uint32_t i = 0; i < s->n_sources; i++)
                g_variant_builder_add(&sources, "(utxx)", s->sources[i].source, s->sources[i].count, s->sources[i].first_us, s->sources[i].last_us);
        return g_variant_new("(ts^ayuuttt@" SERIES_TYPE "@" SERIES_TYPE "a(utxx)@a" EXEMPLAR_TYPE "@a" EXEMPLAR_TYPE "@a" ROW_TYPE "@" SIGHTINGS_TYPE ")", s->key,
                             s->pattern_id ? s->pattern_id : "", s->shape ? s->shape : "", (guint)s->level, s->status, s->count, s->n_untimed, s->coarse_key,
                             save_series(&s->series), save_series(&s->by_line), &sources, save_exemplars(s->first, s->n_first),
                             save_exemplars(s->sample, s->n_sample), save_rows(s), save_sightings(&s->sightings));
}

static GVariant *save_trail(const Trail *trail) {
        GVariantBuilder steps;

        g_variant_builder_init(&steps, G_VARIANT_TYPE("a" STEP_TYPE));
        for (uint32_t i = 0; i < trail->n; i++) {
                const Step *s = &trail->steps[i];
                GVariant *text = g_variant_new_bytestring(s->text);
                g_variant_builder_add(&steps, "(uuttxu@ay)", s->start, s->count, s->offset, s->line, s->time_us, (guint)s->level, text);
        }
        return g_variant_new(TRAIL_TYPE, trail->shift, &steps);
}

/* Of text for people. The names of sources are bytes that need not be UTF-8, and are saved as such. */
static GVariant *save_text(const char *text) {
        return g_variant_new_take_string(g_utf8_make_valid(text, -1));
}

static GVariant *save_source(const SourceRecord *r) {
        GVariantBuilder problems, levels;

        g_variant_builder_init(&problems, G_VARIANT_TYPE("as"));
        for (guint i = 0; i < r->problems->len; i++)
                g_variant_builder_add_value(&problems, save_text(r->problems->pdata[i]));
        g_variant_builder_init(&levels, G_VARIANT_TYPE("at"));
        for (unsigned i = 0; i < N_LEVELS; i++)
                g_variant_builder_add(&levels, "t", r->by_level[i]);
        return g_variant_new("(^aysssss@sas(tttttttt)atxx@" TRAIL_TYPE ")", r->name, r->compression, r->layout, r->zone, r->zone_from, r->year_from,
                             save_text(r->note ? r->note : ""), &problems, r->bytes, r->lines, r->events, r->with_time, r->inherited_time,
                             r->with_level, r->matched, r->cut, &levels, r->first_us, r->last_us, save_trail(&r->trail));
}

static GVariant *save_ledger(const Ledger *ledger) {
        GVariantBuilder sources, signals;
        GHashTableIter iter;
        void *value;

        g_variant_builder_init(&sources, G_VARIANT_TYPE("a" SOURCE_TYPE));
        for (guint i = 0; i < ledger->sources->len; i++)
                g_variant_builder_add_value(&sources, save_source(&((Record *)ledger->sources->pdata[i])->record));
        g_variant_builder_init(&signals, G_VARIANT_TYPE("a" SIGNAL_TYPE));
        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                g_variant_builder_add_value(&signals, save_signal(value));
        return g_variant_ref_sink(g_variant_new("(ta" SOURCE_TYPE "a" SIGNAL_TYPE "@" SERIES_TYPE "@" SERIES_TYPE ")", ledger->n_shape_events,
                                                &sources, &signals, save_series(&ledger->errors), save_series(&ledger->all)));
}

static void digest_of(const void *data, gsize size, guint8 digest[static DIGEST_BYTES]) {
        g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
        gsize length = DIGEST_BYTES;

        g_checksum_update(checksum, data, (gssize)size);
        g_checksum_get_digest(checksum, digest, &length);
}

bool ledger_save(const Ledger *ledger, const char *path, GError **error) {
        g_autoptr(GVariant) variant = save_ledger(ledger);
        g_autoptr(GByteArray) file = g_byte_array_new();
        guint8 digest[DIGEST_BYTES];

        digest_of(g_variant_get_data(variant), g_variant_get_size(variant), digest);
        g_byte_array_append(file, (const guint8 *)MAGIC, MAGIC_BYTES);
        g_byte_array_append(file, digest, DIGEST_BYTES);
        g_byte_array_append(file, g_variant_get_data(variant), (guint)g_variant_get_size(variant));
        return g_file_set_contents(path, (const char *)file->data, (gssize)file->len, error);
}

/* --- loading --- */

static void load_series(Series *series, GVariant *variant) {
        g_autoptr(GVariantIter) buckets = NULL;
        uint32_t start, count, shift;

        g_variant_get(variant, SERIES_TYPE, &shift, &buckets);
        series->shift = MIN(shift, 31);
        while (g_variant_iter_next(buckets, "(uu)", &start, &count))
                series_add(series, start, count);
}

/* A place in a text of @length bytes. */
static void clip(size_t length, uint32_t *at, uint32_t *len) {
        *at = (uint32_t)MIN(*at, length);
        *len = (uint32_t)MIN(*len, length - *at);
}

static bool load_exemplars(const Ledger *ledger, GVariant *list, Exemplar *kept, unsigned *n, unsigned max) {
        gsize size = g_variant_n_children(list);

        if (size > max)
                return false;
        for (gsize i = 0; i < size; i++) {
                g_autoptr(GVariant) text = NULL;
                Exemplar e = { 0 };
                guint level;

                g_variant_get_child(list, i, "(xuttuuuuu@ay)", &e.time_us, &e.source, &e.offset, &e.line, &e.message_at, &e.message_len,
                                    &e.match_at, &e.match_len, &level, &text);
                if (e.source >= ledger->sources->len || level >= N_LEVELS)
                        return false;
                e.level = (Level)level;
                e.lottery = ledger_lottery(ledger, e.source, e.offset);
                e.text = g_strdup(g_variant_get_bytestring(text));
                clip(strlen(e.text), &e.message_at, &e.message_len);
                clip(strlen(e.text), &e.match_at, &e.match_len);
                kept[(*n)++] = e;
        }
        return true;
}

static bool load_rows(Signal *signal, GVariant *list) {
        gsize size = g_variant_n_children(list);

        if (size > ROWS_MAX)
                return false;
        for (gsize i = 0; i < size; i++) {
                g_autoptr(GVariant) text = NULL;
                Row row;

                g_variant_get_child(list, i, "(tuu@ay)", &row.lottery, &row.second, &row.count, &text);
                row.text = g_strndup(g_variant_get_bytestring(text), ROW_TEXT_BYTES);
                rows_add(signal, &row, ROWS_MAX);
        }
        return true;
}

static bool load_counts(const Ledger *ledger, Signal *signal, GVariant *list) {
        signal->n_sources = (uint32_t)g_variant_n_children(list);
        signal->sources = g_new0(SourceCount, signal->n_sources + 1);
        for (uint32_t i = 0; i < signal->n_sources; i++) {
                SourceCount *c = &signal->sources[i];
                g_variant_get_child(list, i, "(utxx)", &c->source, &c->count, &c->first_us, &c->last_us);
                if (c->source >= ledger->sources->len)
                        return false;
        }
        return true;
}

static bool load_sample(const Ledger *ledger, Signal *signal, GVariant *list) {
        signal_reserve_sample(signal, (unsigned)MIN(g_variant_n_children(list), EXEMPLAR_SAMPLE_MAX));
        return load_exemplars(ledger, list, signal->sample, &signal->n_sample, EXEMPLAR_SAMPLE_MAX);
}

/* A ledger holds less than twice what its bounds let it keep. */
static bool load_sightings(const Ledger *ledger, Sightings *sightings, GVariant *variant) {
        g_autoptr(GVariant) list = NULL;

        g_variant_get(variant, "(t@a(xttu))", &sightings->left_out, &list);
        if (g_variant_n_children(list) > 2 * SIGHTINGS_MAX)
                return false;
        sightings->n = sightings->capacity = (uint32_t)g_variant_n_children(list);
        sightings->items = g_new0(Sighting, sightings->n);
        for (uint32_t i = 0; i < sightings->n; i++) {
                Sighting *sighting = &sightings->items[i];
                g_variant_get_child(list, i, "(xttu)", &sighting->time_us, &sighting->offset, &sighting->line, &sighting->source);
                if (sighting->source >= ledger->sources->len)
                        return false;
        }
        return true;
}

static bool load_signal(Ledger *ledger, GVariant *variant) {
        g_autoptr(GVariant) series = NULL, by_line = NULL, sources = NULL, first = NULL, sample = NULL, rows = NULL, sightings = NULL;
        const char *pattern_id, *shape;
        Signal *signal = signal_new(0, NULL);
        guint level;
        bool good;

        g_variant_get(variant, "(t&s^&ayuuttt@" SERIES_TYPE "@" SERIES_TYPE "@a(utxx)@a" EXEMPLAR_TYPE "@a" EXEMPLAR_TYPE "@a" ROW_TYPE "@" SIGHTINGS_TYPE ")", &signal->key,
                      &pattern_id, &shape, &level, &signal->status, &signal->count, &signal->n_untimed, &signal->coarse_key,
                      &series, &by_line, &sources, &first, &sample, &rows, &sightings);
        signal->pattern_id = *pattern_id ? g_strdup(pattern_id) : NULL;
        signal->shape = *pattern_id ? NULL : g_strdup(shape);
        signal->level = (Level)MIN(level, LEVEL_FATAL);
        load_series(&signal->series, series);
        load_series(&signal->by_line, by_line);
        good = g_variant_n_children(first) > 0 && load_counts(ledger, signal, sources) &&
               load_exemplars(ledger, first, signal->first, &signal->n_first, EXEMPLAR_FIRST_MAX) &&
               load_sample(ledger, signal, sample) &&
               load_rows(signal, rows) && load_sightings(ledger, &signal->sightings, sightings) && !g_hash_table_contains(ledger->signals, &signal->key);
        if (!good)
                signal_free(signal);
        else
                ledger_insert(ledger, signal);
        return good;
}

static void load_trail(Trail *trail, GVariant *variant) {
        g_autoptr(GVariantIter) steps = NULL;
        GVariant *text;
        Step step = { 0 };
        guint level;

        g_variant_get(variant, TRAIL_TYPE, &trail->shift, &steps);
        trail->shift = MIN(trail->shift, 31);
        while (g_variant_iter_next(steps, "(uuttxu@ay)", &step.start, &step.count, &step.offset, &step.line, &step.time_us, &level, &text)) {
                step.level = (Level)MIN(level, LEVEL_FATAL);
                step.text = g_strdup(g_variant_get_bytestring(text));
                trail_add(trail, step);
                g_variant_unref(text);
        }
}

static void load_source(Ledger *ledger, GVariant *variant) {
        g_autoptr(GVariantIter) problems = NULL, levels = NULL;
        g_autoptr(GVariant) trail = NULL;
        const char *name, *compression, *layout, *zone, *zone_from, *year_from, *note, *problem;
        SourceRecord parts = { 0 }, *r;

        g_variant_get(variant, "(^&ay&s&s&s&s&s&sas(tttttttt)atxx@" TRAIL_TYPE ")", &name, &compression, &layout, &zone, &zone_from, &year_from, &note,
                      &problems, &parts.bytes, &parts.lines, &parts.events, &parts.with_time, &parts.inherited_time, &parts.with_level,
                      &parts.matched, &parts.cut, &levels, &parts.first_us, &parts.last_us, &trail);
        g_ptr_array_add(ledger->sources, record_new(name));
        r = ledger_source(ledger, ledger->sources->len - 1);
        parts.name = r->name;
        parts.problems = r->problems;
        g_free(r->compression);
        g_free(r->layout);
        g_free(r->zone);
        g_free(r->zone_from);
        g_free(r->year_from);
        *r = parts;
        load_trail(&r->trail, trail);
        r->compression = g_strdup(compression);
        r->layout = g_strdup(layout);
        r->zone = g_strdup(zone);
        r->zone_from = g_strdup(zone_from);
        r->year_from = g_strdup(year_from);
        r->note = *note ? g_strdup(note) : NULL;
        while (g_variant_iter_next(problems, "&s", &problem))
                g_ptr_array_add(r->problems, g_strdup(problem));
        for (unsigned i = 0; i < N_LEVELS && g_variant_iter_next(levels, "t", &r->by_level[i]); i++)
                ;
}

static bool load_parts(Ledger *ledger, GVariant *variant) {
        g_autoptr(GVariantIter) sources = NULL, signals = NULL;
        g_autoptr(GVariant) errors = NULL, all = NULL;
        GVariant *child;
        bool good = true;

        g_variant_get(variant, "(ta" SOURCE_TYPE "a" SIGNAL_TYPE "@" SERIES_TYPE "@" SERIES_TYPE ")", &ledger->n_shape_events, &sources,
                      &signals, &errors, &all);
        while ((child = g_variant_iter_next_value(sources))) {
                load_source(ledger, child);
                g_variant_unref(child);
        }
        while (good && (child = g_variant_iter_next_value(signals))) {
                good = load_signal(ledger, child);
                g_variant_unref(child);
        }
        load_series(&ledger->errors, errors);
        load_series(&ledger->all, all);
        return good;
}

/* Checks what can be checked before the content is believed. */
static GVariant *read_variant(const char *path, GError **error) {
        g_autoptr(GBytes) content = NULL;
        guint8 digest[DIGEST_BYTES];
        char *data;
        gsize size;

        if (!g_file_get_contents(path, &data, &size, error))
                return NULL;
        content = g_bytes_new_take(data, size);
        if (size < MAGIC_BYTES + DIGEST_BYTES || memcmp(data, MAGIC, MAGIC_BYTES - 1) != 0) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: not a ledger of logscan", path);
                return NULL;
        }
        if (data[MAGIC_BYTES - 1] != MAGIC[MAGIC_BYTES - 1]) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: a ledger of version %d, this logscan reads %d", path,
                            data[MAGIC_BYTES - 1], MAGIC[MAGIC_BYTES - 1]);
                return NULL;
        }
        digest_of(data + MAGIC_BYTES + DIGEST_BYTES, size - MAGIC_BYTES - DIGEST_BYTES, digest);
        if (memcmp(digest, data + MAGIC_BYTES, DIGEST_BYTES) != 0) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: torn or changed, its checksum is wrong", path);
                return NULL;
        }
        {
                /* A copy, so that the content is aligned as GVariant wants it. */
                g_autoptr(GBytes) body = g_bytes_new(data + MAGIC_BYTES + DIGEST_BYTES, size - MAGIC_BYTES - DIGEST_BYTES);
                return g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(LEDGER_TYPE), body, FALSE));
        }
}

Ledger *ledger_load(const Patterns *patterns, const char *path, GError **error) {
        g_autoptr(GVariant) variant = read_variant(path, error);
        g_autoptr(GPtrArray) no_names = g_ptr_array_new();
        g_autoptr(Ledger) ledger = NULL;

        if (!variant)
                return NULL;
        ledger = ledger_new(patterns, no_names, NULL, NULL, NULL);
        if (!load_parts(ledger, variant)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: damaged ledger", path);
                return NULL;
        }
        return g_steal_pointer(&ledger);
}
