/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "ledger/ledger.h"
#include "ledger/ledger_private.h"

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

/*
 * The file: 8 bytes "LOGSCAN" and the version, 32 bytes SHA-256 of what follows, 8 bytes for the size of what is compressed behind them,
 * and that in zlib's format: the GVariant LEDGER_TYPE in little-endian. A foreign or torn file fails the checksum. One that was made with
 * ill intent may have a right one: what it says is bounded, and every index, key and time is checked.
 */
#define MAGIC         "LOGSCAN\x04"
#define MAGIC_BYTES   8
#define DIGEST_BYTES  32
#define SIZE_BYTES    8

/* Without compression. The largest tables of shapes, exemplars and sources are far smaller. */
#define LEDGER_BYTES_MAX  (1 << 30)
#define DEFLATE_RATIO_MAX 1032

/* Times are of 1990 to 2100 (parse/timestamp.h), and a bucket ends in 2106. */
#define TIME_MAX_US (INT64_C(1000000) * UINT32_MAX)

#define SERIES_TYPE   "(ua(uu))"
#define EXEMPLAR_TYPE "(xuttuuuuuay)"
#define STEP_TYPE     "(uuttxuay)"
#define TRAIL_TYPE    "(ua" STEP_TYPE ")"
#define EXTENTS_TYPE    "a(ttb)"
#define SOURCE_TYPE   "(ayaysssssayaay(tttttttt)atxx" TRAIL_TYPE EXTENTS_TYPE ")"
#define ROW_TYPE      "(tuuay)"
#define SIGHTINGS_TYPE "(ta(xttu))"
#define SIGNAL_TYPE   "(tsayuuttt" SERIES_TYPE SERIES_TYPE "a(utxx)a" EXEMPLAR_TYPE "a" EXEMPLAR_TYPE "a" ROW_TYPE SIGHTINGS_TYPE ")"
#define LEDGER_TYPE   "(stta" SOURCE_TYPE "a" SIGNAL_TYPE SERIES_TYPE SERIES_TYPE ")"

/* Stands for what is counted as what: patterns under the same name may look for something else. */
static uint64_t fingerprint_of(const Patterns *patterns) {
        uint64_t sum = 0;

        for (guint i = 0; i < patterns_n(patterns); i++) {
                const Pattern *pattern = patterns_at(patterns, i);
                sum = sum * 31 + ledger_hash(pattern->id);
                for (size_t j = 0; j < pattern->n_match; j++)
                        sum = sum * 31 + ledger_hash(pattern->match[j].text);
                for (size_t j = 0; j < pattern->n_unless; j++)
                        sum = sum * 31 + ledger_hash(pattern->unless[j].text);
        }
        return sum;
}

static void digest_of(const void *data, gsize size, guint8 digest[static DIGEST_BYTES]) {
        g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
        gsize length = DIGEST_BYTES;

        g_checksum_update(checksum, data, (gssize)size);
        g_checksum_get_digest(checksum, digest, &length);
}

/* Takes over @variant, which may be floating; little-endian becomes ours, or ours little-endian. */
static GVariant *in_our_order(GVariant *variant) {
        if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
                return variant;
        g_autoptr(GVariant) other = g_variant_ref_sink(variant);
        return g_variant_byteswap(other);
}

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
        return g_variant_new("(ts@ayuuttt@" SERIES_TYPE "@" SERIES_TYPE "a(utxx)@a" EXEMPLAR_TYPE "@a" EXEMPLAR_TYPE "@a" ROW_TYPE "@" SIGHTINGS_TYPE ")", s->key,
                             s->pattern_id ? s->pattern_id : "", g_variant_new_bytestring(s->shape ? s->shape : ""), (guint)s->level, s->status, s->count, s->n_untimed, s->coarse_key,
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

static GVariant *save_source(const SourceRecord *r) {
        GVariantBuilder problems, levels, extents;

        g_variant_builder_init(&problems, G_VARIANT_TYPE("aay"));
        for (guint i = 0; i < r->problems->len; i++)
                g_variant_builder_add(&problems, "@ay", g_variant_new_bytestring(r->problems->pdata[i]));
        g_variant_builder_init(&extents, G_VARIANT_TYPE(EXTENTS_TYPE));
        for (uint32_t i = 0; i < r->extents.n; i++)
                g_variant_builder_add(&extents, "(ttb)", r->extents.items[i].from, r->extents.items[i].to, (gboolean)r->extents.items[i].last);
        g_variant_builder_init(&levels, G_VARIANT_TYPE("at"));
        for (unsigned i = 0; i < N_LEVELS; i++)
                g_variant_builder_add(&levels, "t", r->by_level[i]);
        return g_variant_new("(@ay@aysssss@ayaay(tttttttt)atxx@" TRAIL_TYPE EXTENTS_TYPE ")", g_variant_new_bytestring(r->name),
                             g_variant_new_bytestring(r->host), r->compression, r->layout, r->zone, r->zone_from, r->year_from,
                             g_variant_new_bytestring(r->note ? r->note : ""), &problems, r->bytes, r->lines, r->events, r->with_time, r->inherited_time,
                             r->with_level, r->matched, r->cut, &levels, r->first_us, r->last_us, save_trail(&r->trail), &extents);
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
        return g_variant_ref_sink(in_our_order(g_variant_new("(stta" SOURCE_TYPE "a" SIGNAL_TYPE "@" SERIES_TYPE "@" SERIES_TYPE ")", LOGSCAN_VERSION,
                                                             fingerprint_of(ledger->patterns), ledger->n_shape_events, &sources, &signals,
                                                             save_series(&ledger->errors), save_series(&ledger->all))));
}

static void add_seal(GByteArray *file, const void *body, size_t size) {
        guint8 digest[DIGEST_BYTES];

        digest_of(body, size, digest);
        g_byte_array_append(file, (const guint8 *)MAGIC, MAGIC_BYTES);
        g_byte_array_append(file, digest, DIGEST_BYTES);
        g_byte_array_append(file, body, (guint)size);
}

/* The size before compression, eight bytes, the least significant first, and the zlib stream. */
static GByteArray *compress_body(const void *data, size_t size) {
        GByteArray *body = g_byte_array_new();
        uLongf n = compressBound(size);

        g_byte_array_set_size(body, (guint)(SIZE_BYTES + n));
        for (unsigned i = 0; i < SIZE_BYTES; i++)
                body->data[i] = (guint8)((uint64_t)size >> 8 * i);
        if (compress2(body->data + SIZE_BYTES, &n, data, size, Z_DEFAULT_COMPRESSION) != Z_OK)
                g_error("no memory to compress a ledger"); /* nothing else can go wrong */
        g_byte_array_set_size(body, (guint)(SIZE_BYTES + n));
        return body;
}

bool ledger_save(const Ledger *ledger, const char *path, GError **error) {
        g_autoptr(GVariant) variant = save_ledger(ledger);
        g_autoptr(GByteArray) file = g_byte_array_new(), body = NULL;
        size_t size = g_variant_get_size(variant);

        if (size > LEDGER_BYTES_MAX) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: the ledger would be larger than any that can be read", path);
                return false;
        }
        body = compress_body(g_variant_get_data(variant), size);
        add_seal(file, body->data, body->len);
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

static bool is_time(int64_t time_us) {
        return time_us == TIME_NONE || (time_us >= 0 && time_us <= TIME_MAX_US);
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
                if (e.source >= ledger->sources->len || level >= N_LEVELS || !is_time(e.time_us))
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
                if (c->source >= ledger->sources->len || !is_time(c->first_us) || !is_time(c->last_us) || (i > 0 && c[-1].source >= c->source))
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
                if (sighting->source >= ledger->sources->len || !is_time(sighting->time_us))
                        return false;
        }
        return true;
}

static bool is_known_pattern(const Patterns *patterns, const char *id) {
        if (patterns_find(patterns, id))
                return true;
        for (guint i = 0; i < patterns->terms->len; i++)
                if (g_str_equal(((const Pattern *)patterns->terms->pdata[i])->id, id))
                        return true;
        return false;
}

/* Keys are told from each other by what they are of. */
static bool has_good_key(const Ledger *ledger, const Signal *signal) {
        if (g_hash_table_contains(ledger->signals, &signal->key))
                return false;
        if (signal->pattern_id)
                return signal->key == ledger_key_of_pattern(signal->pattern_id) && is_known_pattern(ledger->patterns, signal->pattern_id);
        return signal->key <= SHAPE_KEY_MASK && signal->coarse_key <= SHAPE_KEY_MASK;
}

static bool load_signal(Ledger *ledger, GVariant *variant) {
        g_autoptr(GVariant) series = NULL, by_line = NULL, sources = NULL, first = NULL, sample = NULL, rows = NULL, sightings = NULL, shape = NULL;
        const char *pattern_id;
        Signal *signal = signal_new(0, NULL);
        guint level;
        bool good;

        g_variant_get(variant, "(t&s@ayuuttt@" SERIES_TYPE "@" SERIES_TYPE "@a(utxx)@a" EXEMPLAR_TYPE "@a" EXEMPLAR_TYPE "@a" ROW_TYPE "@" SIGHTINGS_TYPE ")", &signal->key,
                      &pattern_id, &shape, &level, &signal->status, &signal->count, &signal->n_untimed, &signal->coarse_key,
                      &series, &by_line, &sources, &first, &sample, &rows, &sightings);
        signal->pattern_id = *pattern_id ? g_strdup(pattern_id) : NULL;
        signal->shape = *pattern_id ? NULL : g_strdup(g_variant_get_bytestring(shape));
        signal->level = (Level)MIN(level, LEVEL_FATAL);
        load_series(&signal->series, series);
        load_series(&signal->by_line, by_line);
        good = has_good_key(ledger, signal) && g_variant_n_children(first) > 0 && signal->n_untimed <= signal->count && load_counts(ledger, signal, sources) &&
               load_exemplars(ledger, first, signal->first, &signal->n_first, EXEMPLAR_FIRST_MAX) &&
               load_sample(ledger, signal, sample) &&
               load_rows(signal, rows) && load_sightings(ledger, &signal->sightings, sightings);
        if (!good)
                signal_free(signal);
        else
                ledger_insert(ledger, signal);
        return good;
}

static bool load_trail(Trail *trail, GVariant *variant) {
        g_autoptr(GVariantIter) steps = NULL;
        GVariant *text;
        Step step = { 0 };
        bool good = true;
        guint level;

        g_variant_get(variant, TRAIL_TYPE, &trail->shift, &steps);
        trail->shift = MIN(trail->shift, 31);
        while (g_variant_iter_next(steps, "(uuttxu@ay)", &step.start, &step.count, &step.offset, &step.line, &step.time_us, &level, &text)) {
                step.level = (Level)MIN(level, LEVEL_FATAL);
                step.text = g_strdup(g_variant_get_bytestring(text));
                good = good && is_time(step.time_us);
                trail_add(trail, step);
                g_variant_unref(text);
        }
        return good;
}

static void load_texts(GPtrArray *texts, GVariant *list) {
        for (gsize i = 0; i < g_variant_n_children(list); i++) {
                g_autoptr(GVariant) text = g_variant_get_child_value(list, i);
                g_ptr_array_add(texts, g_strdup(g_variant_get_bytestring(text)));
        }
}

static bool load_extents(Extents *extents, GVariant *list) {
        for (gsize i = 0; i < g_variant_n_children(list); i++) {
                gboolean last;
                Extent extent;

                g_variant_get_child(list, i, "(ttb)", &extent.from, &extent.to, &last);
                extent.last = last;
                if (extent.to < extent.from || (extents->n > 0 && extents_overlap(extents, &(Extents){ &extent, 1 })))
                        return false;
                extents_add(extents, extent);
        }
        return true;
}

static void set_text(char **text, const char *value) {
        g_free(*text);
        *text = g_strdup(value);
}

static bool load_source(Ledger *ledger, GVariant *variant) {
        g_autoptr(GVariantIter) levels = NULL;
        g_autoptr(GVariant) name = NULL, host = NULL, note = NULL, problems = NULL, trail = NULL, extents = NULL;
        const char *compression, *layout, *zone, *zone_from, *year_from;
        SourceRecord *r;

        g_variant_get_child(variant, 0, "@ay", &name);
        g_variant_get_child(variant, 1, "@ay", &host);
        r = ledger_source(ledger, ledger_add_source_of(ledger, g_variant_get_bytestring(name), g_variant_get_bytestring(host)));
        g_variant_get(variant, "(ayay&s&s&s&s&s@ay@aay(tttttttt)atxx@" TRAIL_TYPE "@" EXTENTS_TYPE ")", NULL, NULL, &compression, &layout, &zone,
                      &zone_from, &year_from, &note, &problems, &r->bytes, &r->lines, &r->events, &r->with_time, &r->inherited_time, &r->with_level,
                      &r->matched, &r->cut, &levels, &r->first_us, &r->last_us, &trail, &extents);
        set_text(&r->compression, compression);
        set_text(&r->layout, layout);
        set_text(&r->zone, zone);
        set_text(&r->zone_from, zone_from);
        set_text(&r->year_from, year_from);
        r->note = *g_variant_get_bytestring(note) ? g_strdup(g_variant_get_bytestring(note)) : NULL;
        load_texts(r->problems, problems);
        for (unsigned i = 0; i < N_LEVELS && g_variant_iter_next(levels, "t", &r->by_level[i]); i++)
                ;
        return load_extents(&r->extents, extents) && load_trail(&r->trail, trail) && is_time(r->first_us) && is_time(r->last_us);
}

/* What is kept of the shapes is part of all their events. */
static bool are_counted(const Ledger *ledger) {
        uint64_t left = ledger->n_shape_events;
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, ledger->signals);
        while (g_hash_table_iter_next(&iter, NULL, &value)) {
                const Signal *signal = value;
                if (is_shape(signal) && signal->count > left)
                        return false;
                left -= is_shape(signal) ? signal->count : 0;
        }
        return true;
}

static bool load_parts(Ledger *ledger, GVariant *variant) {
        g_autoptr(GVariantIter) sources = NULL, signals = NULL;
        g_autoptr(GVariant) errors = NULL, all = NULL;
        GVariant *child;
        bool good = true;

        g_variant_get(variant, "(stta" SOURCE_TYPE "a" SIGNAL_TYPE "@" SERIES_TYPE "@" SERIES_TYPE ")", NULL, NULL, &ledger->n_shape_events, &sources,
                      &signals, &errors, &all);
        while (good && (child = g_variant_iter_next_value(sources))) {
                good = load_source(ledger, child);
                g_variant_unref(child);
        }
        while (good && (child = g_variant_iter_next_value(signals))) {
                good = load_signal(ledger, child);
                g_variant_unref(child);
        }
        load_series(&ledger->errors, errors);
        load_series(&ledger->all, all);
        return good && are_counted(ledger);
}

/* --- what can be checked before the content is believed --- */

static bool refuse(const char *name, const char *why, GError **error) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: %s", name, why);
        return false;
}

static bool check_seal(const char *data, size_t size, const char *name, GError **error) {
        guint8 digest[DIGEST_BYTES];

        if (size < MAGIC_BYTES || memcmp(data, MAGIC, MAGIC_BYTES - 1) != 0)
                return refuse(name, "not a ledger of logscan", error);
        if (data[MAGIC_BYTES - 1] != MAGIC[MAGIC_BYTES - 1]) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: a ledger of version %d, this logscan reads %d", name,
                            (guint8)data[MAGIC_BYTES - 1], MAGIC[MAGIC_BYTES - 1]);
                return false;
        }
        if (size < MAGIC_BYTES + DIGEST_BYTES + SIZE_BYTES)
                return refuse(name, "torn or changed, its checksum is wrong", error);
        digest_of(data + MAGIC_BYTES + DIGEST_BYTES, size - MAGIC_BYTES - DIGEST_BYTES, digest);
        return memcmp(digest, data + MAGIC_BYTES, DIGEST_BYTES) == 0 || refuse(name, "torn or changed, its checksum is wrong", error);
}

static uint64_t read_size(const guint8 *body) {
        uint64_t size = 0;

        for (unsigned i = 0; i < SIZE_BYTES; i++)
                size |= (uint64_t)body[i] << 8 * i;
        return size;
}

/* Never takes more memory than the file can stand for: deflate gives at most 1032 bytes for one. */
static GVariant *uncompress_body(const guint8 *body, size_t size, const char *name, GError **error) {
        uint64_t stated = read_size(body);
        g_autofree guint8 *data = NULL;
        g_autoptr(GBytes) bytes = NULL;
        uLongf n = (uLongf)stated;

        if (stated > LEDGER_BYTES_MAX || stated / DEFLATE_RATIO_MAX > size) {
                refuse(name, "damaged ledger", error);
                return NULL;
        }
        data = g_malloc(stated + 1);
        if (uncompress(data, &n, body + SIZE_BYTES, size - SIZE_BYTES) != Z_OK || n != stated) {
                refuse(name, "damaged ledger", error);
                return NULL;
        }
        bytes = g_bytes_new_take(g_steal_pointer(&data), n);
        return g_variant_ref_sink(in_our_order(g_variant_new_from_bytes(G_VARIANT_TYPE(LEDGER_TYPE), bytes, FALSE)));
}

/* One that counts by other rules than ours cannot be added up with ours. */
static bool check_maker(GVariant *variant, const Patterns *patterns, const char *name, GError **error) {
        g_autofree char *version = NULL;
        guint64 fingerprint = 0;

        g_variant_get_child(variant, 0, "s", &version);
        g_variant_get_child(variant, 1, "t", &fingerprint);
        if (!g_str_equal(version, LOGSCAN_VERSION)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER, "%s: made by logscan %.20s, this is %s", name, version, LOGSCAN_VERSION);
                return false;
        }
        return fingerprint == fingerprint_of(patterns) || refuse(name, "made with other patterns than are in use here", error);
}

Ledger *ledger_read(const Patterns *patterns, const void *data, size_t size, const char *name, GError **error) {
        g_autoptr(GPtrArray) no_names = g_ptr_array_new();
        g_autoptr(GVariant) variant = NULL;
        g_autoptr(Ledger) ledger = NULL;

        if (!check_seal(data, size, name, error))
                return NULL;
        variant = uncompress_body((const guint8 *)data + MAGIC_BYTES + DIGEST_BYTES, size - MAGIC_BYTES - DIGEST_BYTES, name, error);
        if (!variant || !check_maker(variant, patterns, name, error))
                return NULL;
        ledger = ledger_new(patterns, no_names, NULL, NULL, NULL);
        if (!load_parts(ledger, variant)) {
                refuse(name, "damaged ledger", error);
                return NULL;
        }
        return g_steal_pointer(&ledger);
}

Ledger *ledger_load(const Patterns *patterns, const char *path, GError **error) {
        g_autofree char *data = NULL;
        GStatBuf status;
        gsize size;

        if (g_stat(path, &status) == 0 && (!S_ISREG(status.st_mode) || status.st_size > LEDGER_BYTES_MAX)) {
                refuse(path, "not a ledger of logscan", error);
                return NULL;
        }
        return g_file_get_contents(path, &data, &size, error) ? ledger_read(patterns, data, size, path, error) : NULL;
}
