/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_private.h"

#include <string.h>

#define NO_SOURCE UINT32_MAX

/* So many steps of each trail are kept while there are at most so many sources. */
static const struct { uint32_t n_sources, n_steps; } TRAIL_ROOMS[] = { { 512, TRAIL_STEPS_MAX }, { 2048, 16 }, { 16384, 4 }, { UINT32_MAX, 2 } };

/* --- records --- */

uint64_t ledger_hash(const char *text) {
        uint64_t hash = UINT64_C(0xcbf29ce484222325);

        for (; *text; text++)
                hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001b3);
        return hash;
}

static Record *record_new(const char *name, const char *host) {
        Record *record = g_new0(Record, 1);
        SourceRecord *r = &record->record;

        /* Not of the whole path: the same logs in another folder give the same report. */
        record->seed = ledger_hash(strrchr(name, '/') ? strrchr(name, '/') + 1 : name);
        r->name = g_strdup(name);
        r->host = g_strdup(host);
        record->identity = *host ? g_strdup_printf("%s:%s", host, name) : g_strdup(name);
        r->compression = g_strdup("none");
        r->layout = g_strdup("");
        r->zone = g_strdup("");
        r->zone_from = g_strdup("");
        r->year_from = g_strdup("");
        r->problems = g_ptr_array_new_with_free_func(g_free);
        r->first_us = r->last_us = TIME_NONE;
        r->zoned = r->unzoned = r->outside = (TimeSpan){ TIME_NONE, TIME_NONE };
        return record;
}

void record_free(void *data) {
        SourceRecord *r = &((Record *)data)->record;

        g_free(((Record *)data)->identity);
        g_free(r->name);
        g_free(r->host);
        g_free(r->compression);
        g_free(r->layout);
        g_free(r->zone);
        g_free(r->zone_from);
        g_free(r->year_from);
        g_free(r->note);
        g_ptr_array_unref(r->problems);
        trail_clear(&r->trail);
        extents_clear(&r->extents);
        g_free(data);
}

/* --- the sources of a ledger --- */

static uint32_t steps_for(uint32_t n_sources) {
        size_t i = 0;

        while (n_sources > TRAIL_ROOMS[i].n_sources)
                i++;
        return TRAIL_ROOMS[i].n_steps;
}

/* With more sources there is less room for each. */
static void fit_trails(Ledger *ledger) {
        uint32_t max = steps_for(ledger->sources->len);

        for (guint i = 0; max < steps_for(ledger->sources->len - 1) && i < ledger->sources->len - 1; i++)
                trail_limit(&ledger_source(ledger, i)->trail, max);
        ledger_source(ledger, ledger->sources->len - 1)->trail.max = max;
}

static uint32_t add_record(Ledger *ledger, const char *name, const char *host) {
        g_ptr_array_add(ledger->sources, record_new(name, host));
        fit_trails(ledger);
        return ledger->sources->len - 1;
}

/* The index is made when it is first asked for: most ledgers are never merged into. */
static uint32_t find_identity(Ledger *ledger, const char *identity) {
        void *index;

        if (!ledger->by_identity)
                ledger->by_identity = g_hash_table_new(g_str_hash, g_str_equal);
        for (; ledger->n_indexed < ledger->sources->len; ledger->n_indexed++)
                g_hash_table_insert(ledger->by_identity, record_at(ledger, ledger->n_indexed)->identity, GUINT_TO_POINTER(ledger->n_indexed));
        return g_hash_table_lookup_extended(ledger->by_identity, identity, NULL, &index) ? GPOINTER_TO_UINT(index) : NO_SOURCE;
}

static void forget_index(Ledger *ledger) {
        g_clear_pointer(&ledger->by_identity, g_hash_table_unref);
        ledger->n_indexed = 0;
}

uint32_t ledger_add_source_of(Ledger *ledger, const char *name, const char *host) {
        return add_record(ledger, name, host);
}

uint32_t ledger_add_source(Ledger *ledger, const char *name) {
        return add_record(ledger, name, "");
}

uint32_t ledger_take_source(Ledger *ledger, const char *name) {
        uint32_t known = find_identity(ledger, name);

        return known == NO_SOURCE ? add_record(ledger, name, "") : known;
}

SourceRecord *ledger_source(Ledger *ledger, uint32_t source) {
        return &((Record *)ledger->sources->pdata[source])->record;
}

uint32_t ledger_n_sources(const Ledger *ledger) {
        return ledger->sources->len;
}

void ledger_leave_out(Ledger *ledger, uint32_t source, int64_t time_us) {
        SourceRecord *record = ledger_source(ledger, source);

        record->left_out++;
        widen_span(&record->outside.first_us, &record->outside.last_us, time_us, time_us);
}

const char *ledger_overlap(Ledger *ledger, const Ledger *other) {
        for (guint i = 0; i < other->sources->len; i++) {
                const Record *theirs = record_at(other, i);
                uint32_t known = find_identity(ledger, theirs->identity);
                if (known != NO_SOURCE && extents_overlap(&ledger_source(ledger, known)->extents, &theirs->record.extents))
                        return theirs->record.name;
        }
        return NULL;
}

static bool have_one_host(const Ledger *ledger) {
        for (guint i = 1; i < ledger->sources->len; i++)
                if (!g_str_equal(record_at(ledger, i)->record.host, record_at(ledger, 0)->record.host))
                        return false;
        return true;
}

void ledger_name_hosts(Ledger *ledger) {
        if (have_one_host(ledger))
                return;
        for (guint i = 0; i < ledger->sources->len; i++) {
                Record *record = ledger->sources->pdata[i];
                g_free(record->record.name);
                record->record.name = g_strdup(record->identity);
        }
}

void ledger_set_host(Ledger *ledger, const char *host) {
        forget_index(ledger);
        for (guint i = 0; i < ledger->sources->len; i++) {
                Record *record = ledger->sources->pdata[i];
                if (*record->record.host)
                        continue;
                g_free(record->record.host);
                g_free(record->identity);
                record->record.host = g_strdup(host);
                record->identity = *host ? g_strdup_printf("%s:%s", host, record->record.name) : g_strdup(record->record.name);
        }
}

/* --- merging --- */

static void take_text(char **mine, const char *other) {
        if (**mine != '\0' || *other == '\0')
                return;
        g_free(*mine);
        *mine = g_strdup(other);
}

/* Parts of one source may have met the same trouble. */
static void record_complain(SourceRecord *record, const char *problem) {
        for (guint i = 0; i < record->problems->len; i++)
                if (g_str_equal(record->problems->pdata[i], problem))
                        return;
        g_ptr_array_add(record->problems, g_strdup(problem));
}

void ledger_complain(Ledger *ledger, uint32_t source, const char *problem) {
        record_complain(ledger_source(ledger, source), problem);
}

static void record_merge(SourceRecord *record, const SourceRecord *other) {
        if (!g_str_equal(other->compression, "none")) {
                g_free(record->compression);
                record->compression = g_strdup(other->compression);
        }
        take_text(&record->layout, other->layout);
        take_text(&record->zone, other->zone);
        take_text(&record->zone_from, other->zone_from);
        take_text(&record->year_from, other->year_from);
        if (!record->note)
                record->note = g_strdup(other->note);
        for (guint i = 0; i < other->problems->len; i++)
                record_complain(record, other->problems->pdata[i]);
        record->bytes += other->bytes;
        record->lines += other->lines;
        record->events += other->events;
        record->with_time += other->with_time;
        record->inherited_time += other->inherited_time;
        record->with_level += other->with_level;
        record->matched += other->matched;
        record->cut += other->cut;
        for (unsigned i = 0; i < N_LEVELS; i++)
                record->by_level[i] += other->by_level[i];
        widen_span(&record->first_us, &record->last_us, other->first_us, other->last_us);
        widen_span(&record->zoned.first_us, &record->zoned.last_us, other->zoned.first_us, other->zoned.last_us);
        widen_span(&record->unzoned.first_us, &record->unzoned.last_us, other->unzoned.first_us, other->unzoned.last_us);
        record->left_out += other->left_out;
        widen_span(&record->outside.first_us, &record->outside.last_us, other->outside.first_us, other->outside.last_us);
        trail_merge(&record->trail, &other->trail);
        extents_merge(&record->extents, &other->extents);
}

uint32_t *ledger_merge_sources(Ledger *ledger, const Ledger *other) {
        uint32_t *map = g_new(uint32_t, other->sources->len + 1);

        for (guint i = 0; i < other->sources->len; i++) {
                const Record *theirs = record_at(other, i);
                uint32_t known = find_identity(ledger, theirs->identity);
                map[i] = known == NO_SOURCE ? add_record(ledger, theirs->record.name, theirs->record.host) : known;
                record_merge(ledger_source(ledger, map[i]), &theirs->record);
        }
        return map;
}

/* --- in order --- */

static int compare_problems(const void *a, const void *b) {
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_names(const void *a, const void *b, void *data) {
        const Ledger *ledger = data;

        return strcmp(record_at(ledger, *(const uint32_t *)a)->identity, record_at(ledger, *(const uint32_t *)b)->identity);
}

uint32_t *ledger_sort_sources(Ledger *ledger) {
        uint32_t n = ledger->sources->len;
        g_autofree uint32_t *order = g_new(uint32_t, n + 1);
        uint32_t *rank = g_new(uint32_t, n + 1);
        g_autofree void **sorted = g_new(void *, n + 1);

        for (uint32_t i = 0; i < n; i++)
                order[i] = i;
        if (n > 1)
                g_qsort_with_data(order, (gint)n, sizeof(*order), compare_names, ledger);
        for (uint32_t i = 0; i < n; i++) {
                g_ptr_array_sort(ledger_source(ledger, i)->problems, compare_problems);
                rank[order[i]] = i;
                sorted[i] = ledger->sources->pdata[order[i]];
        }
        for (uint32_t i = 0; i < n; i++)
                ledger->sources->pdata[i] = sorted[i];
        forget_index(ledger);
        return rank;
}
