/* SPDX-License-Identifier: Apache-2.0 */

/* Events of known shapes into a ledger; against a count for each shape in a hash table. */

#include "bench.h"

#include "ledger/ledger.h"
#include "mine/shape.h"
#include "model/event.h"

typedef struct Job {
        BenchLog log;
        Patterns *patterns;
        ShapeKey *shapes; /* of each event; owned */
} Job;

static uint64_t count_shapes(void *data) {
        const Job *job = data;
        g_autoptr(GHashTable) counts = g_hash_table_new(g_int64_hash, g_int64_equal);

        for (guint i = 0; i < job->log.events->len; i++) {
                void *count = g_hash_table_lookup(counts, &job->shapes[i].key);
                g_hash_table_insert(counts, &job->shapes[i].key, GSIZE_TO_POINTER(GPOINTER_TO_SIZE(count) + 1));
        }
        return g_hash_table_size(counts);
}

static uint64_t add_events(void *data) {
        const Job *job = data;
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        Ledger *ledger = ledger_new(job->patterns, names, NULL, NULL);
        uint32_t source = ledger_add_source(ledger, "app.log");
        uint64_t sum;

        for (guint i = 0; i < job->log.events->len; i++)
                ledger_add(ledger, source, &g_array_index(job->log.events, Event, i), &job->shapes[i], NULL, 0);
        ledger_flush(ledger, source);
        sum = ledger_source(ledger, source)->events;
        ledger_free(ledger);
        return sum;
}

int main(int argc, char **argv) {
        g_autoptr(Patterns) patterns = bench_patterns();
        Job job = { .patterns = patterns };

        bench_log_init(&job.log, argc, argv);
        bench_events(&job.log);
        job.shapes = g_new(ShapeKey, job.log.events->len + 1);
        for (guint i = 0; i < job.log.events->len; i++)
                job.shapes[i] = shape_of(&g_array_index(job.log.events, Event, i));
        bench_time("ledger: count shapes (trivial)", job.log.block.len, count_shapes, &job);
        bench_time("ledger: add", job.log.block.len, add_events, &job);
        g_free(job.shapes);
        bench_log_clear(&job.log);
        return 0;
}
