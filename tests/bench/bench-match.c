/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Known failures: the search of a block for all literals with both engines, then the patterns of each event; against a
 * search for one byte.
 */

#include "bench.h"

#include "match/matcher.h"
#include "model/event.h"

/* As the pipeline does it: a block at a time. */
#define PIECE_BYTES BLOCK_BYTES

typedef struct Job {
        BenchLog log;
        MatcherScratch *scratch;
        uint64_t n_events, n_known; /* of one run */
} Job;

static uint64_t search_byte(void *data) {
        Str text = block_text(&((Job *)data)->log.block);
        const char *at = text.ptr, *end = text.ptr + text.len;
        uint64_t n = 0;

        while ((at = memchr(at, '\n', (size_t)(end - at))) && ++at < end)
                n++;
        return n;
}

static uint64_t search_literals(void *data) {
        Job *job = data;
        Str text = block_text(&job->log.block);

        for (size_t at = 0; at < text.len; at += PIECE_BYTES)
                matcher_scan(job->scratch, str_slice(text, at, at + PIECE_BYTES));
        return text.len;
}

/* The events of one block of the pipeline at a time. */
static uint64_t match_events(void *data) {
        Job *job = data;
        const Event *events = (const Event *)job->log.events->data;
        uint32_t matches[MATCHES_MAX];
        guint n = job->log.events->len;
        uint64_t sum = 0;

        for (guint i = 0; i < n;) {
                const char *start = events[i].head.ptr;
                guint last = i;

                while (last + 1 < n && (size_t)(events[last + 1].head.ptr - start) < PIECE_BYTES)
                        last++;
                matcher_scan(job->scratch, (Str){ start, (size_t)(events[last].head.ptr - start) + events[last].head.len });
                for (; i <= last; i++)
                        sum += matcher_match(job->scratch, events[i].head, (Str){ events[i].head.ptr + events[i].head.len, 0 }, matches);
        }
        return sum;
}

int main(int argc, char **argv) {
        static const struct {
                PrefilterEngine engine;
                const char *literals, *events;
        } ROWS[] = {
                { PREFILTER_AUTO, "match: literals, best engine", "match: events, best engine" },
                { PREFILTER_PORTABLE, "match: literals, portable", "match: events, portable" },
        };
        g_autoptr(Patterns) patterns = bench_patterns();
        Job job = { 0 };

        bench_log_init(&job.log, argc, argv);
        bench_events(&job.log);
        bench_time("match: one byte (trivial)", job.log.block.len, search_byte, &job);
        for (size_t i = 0; i < G_N_ELEMENTS(ROWS); i++) {
                g_autoptr(Matcher) matcher = matcher_new(patterns, ROWS[i].engine, NULL);

                job.scratch = matcher_scratch_new(matcher);
                bench_time(ROWS[i].literals, job.log.block.len, search_literals, &job);
                bench_time(ROWS[i].events, job.log.block.len, match_events, &job);
                matcher_scratch_free(job.scratch);
        }
        bench_log_clear(&job.log);
        return 0;
}
