/* SPDX-License-Identifier: Apache-2.0 */

/* From the file to the merged ledger with one thread for all but reading; against reading the file and counting its lines. */

#include "bench.h"

#include "pipeline.h"

#include <stdio.h>
#include <sys/resource.h>

typedef struct Job {
        BenchLog log;
        Patterns *patterns;
        Matcher *matcher;
} Job;

static double used_seconds(void) {
        struct rusage usage;

        getrusage(RUSAGE_SELF, &usage);
        return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static uint64_t count_lines(void *data) {
        const Job *job = data;
        g_autofree char *text = NULL;
        gsize size;
        uint64_t n = 0;

        g_assert(g_file_get_contents(job->log.path, &text, &size, NULL));
        for (const char *at = text; (at = memchr(at, '\n', size - (size_t)(at - text))); at++)
                n++;
        return n;
}

static void scan(const Job *job) {
        g_autoptr(GPtrArray) sources = g_ptr_array_new();
        Source source = { .name = (char *)job->log.path };
        ScanOptions options = { .n_workers = 1, .block_bytes = BLOCK_BYTES, .since_us = TIME_NONE, .until_us = TIME_NONE };

        g_ptr_array_add(sources, &source);
        ledger_free(pipeline_scan(sources, job->patterns, job->matcher, &options));
}

/* Its work is in several threads, so that the time of the whole process counts. */
static void time_scan(const Job *job) {
        double best = 1e9;

        for (unsigned i = 0; i < 7; i++) {
                double start = used_seconds();
                scan(job);
                best = MIN(best, used_seconds() - start);
        }
        printf("%-34s %9.0f MB/s\n", "whole: file to ledger, all threads", (double)job->log.block.len / 1e6 / best);
}

int main(int argc, char **argv) {
        g_autoptr(Patterns) patterns = bench_patterns();
        g_autoptr(Matcher) matcher = matcher_new(patterns, PREFILTER_AUTO, NULL);
        Job job = { .patterns = patterns, .matcher = matcher };

        bench_log_init(&job.log, argc, argv);
        bench_time("whole: count lines (trivial)", job.log.block.len, count_lines, &job);
        time_scan(&job);
        bench_log_clear(&job.log);
        return 0;
}
