/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/jobs.h"

#include "base/order.h"
#include "diagnose/lines.h"
#include "diagnose/pairs.h"
#include "diagnose/ranking.h"
#include "diagnose/settings.h"
#include "model/evidence_line.h"

#include <stdlib.h>

static const char *const BEGIN[] = { "started",   "starting",  "start",   "begins",    "began",     "begin",     "freeze",    "freezing",
                                     "frozen",    "acquired",  "locked",  "quiesced",  "requested", "submitted", "uploading", "downloading",
                                     "exporting", "importing", "syncing", "rendering", "building",  NULL };
static const char *const END[] = { "thaw",      "thawed",   "thawing",    "released", "unlocked",  "resumed", "finished",     "done",
                                   "completed", "complete", "ended",      "ends",     "succeeded", "success", "successfully", "committed",
                                   "delivered", "uploaded", "downloaded", "exported", "imported",  "synced",  "rendered",     "built",
                                   "failed",    "aborted",  "cancelled",  "canceled", NULL };

typedef struct JobLine {
        const Signal *signal;
        const Exemplar *line;
        const Exemplar *done; /* of one that begins: the line that ends it, or NULL */
        bool ends, taken;
} JobLine;

/* The lines of one source, in order of time. */
typedef struct Range {
        JobLine *at;
        unsigned n;
} Range;

/* --- the lines --- */

/* Whether a word of @line is one of @words, or, where that is NULL, @wanted. */
static bool has_word(const Exemplar *line, const char *const *words, Str wanted) {
        Str text = evidence_fields(line), word;
        size_t at = 0;

        while ((word = pairs_word(text, &at)).len > 0)
                if (words ? str_is_one_of(word, words) : str_equal(word, wanted))
                        return true;
        return false;
}

static bool has_one_of(const Exemplar *line, const char *const *words) {
        return has_word(line, words, (Str){ NULL, 0 });
}

static bool says(const Exemplar *line, Str wanted) {
        return has_word(line, NULL, wanted);
}

/* A program that started ("cart 2.8.4 started on port 8080") goes on until it is stopped: that is no job. */
static bool is_of_program(const Exemplar *line) {
        static const char *const WORDS[] = { "port", "listening", "version", "pid", "ready", NULL };
        Str text = evidence_fields(line), word;
        size_t at = 0;

        while ((word = pairs_word(text, &at)).len > 0)
                if (str_is_one_of(word, WORDS) || ((char_is_digit(*word.ptr) || *word.ptr == 'v') && settings_is_version(STR(""), word)))
                        return true;
        return false;
}

static bool begins_job(const Signal *signal, const Exemplar *line) {
        return signal->level < LEVEL_WARNING && !level_is_chatter(signal->level) && has_one_of(line, BEGIN) && !is_of_program(line);
}

/* What a template says, all its lines say; those that a pattern knows differ. */
static void add_lines(GArray *list, const Signal *signal) {
        bool ends = has_one_of(&signal->first[0], END);
        Lines lines;

        if (!ends && !begins_job(signal, &signal->first[0]))
                return;
        lines_of(signal, &lines);
        for (unsigned i = 0; i < lines.n && list->len < JOB_LINES_MAX; i++)
                if (!signal->pattern_id || (ends ? has_one_of(lines.at[i], END) : begins_job(signal, lines.at[i])))
                        g_array_append_val(list, ((JobLine){ signal, lines.at[i], NULL, ends, false }));
}

static int compare_lines(const void *a, const void *b) {
        const Exemplar *one = ((const JobLine *)a)->line, *two = ((const JobLine *)b)->line;

        if (one->source != two->source)
                return COMPARE(one->source, two->source);
        return one->time_us != two->time_us ? COMPARE(one->time_us, two->time_us) : COMPARE(one->offset, two->offset);
}

/* --- which line ends which job --- */

/* The job before @i, or behind it where it is the first; NULL if it is the only one. */
static const JobLine *neighbour_of(const Range *range, unsigned i) {
        for (unsigned j = i; j > 0; j--)
                if (!range->at[j - 1].ends)
                        return &range->at[j - 1];
        for (unsigned j = i + 1; j < range->n; j++)
                if (!range->at[j].ends)
                        return &range->at[j];
        return NULL;
}

/* Both have a word with a digit that the job's @neighbour has not: its number, or its process. */
static bool shares_name(const JobLine *job, const JobLine *neighbour, const JobLine *end) {
        Str text = evidence_fields(job->line), word;
        size_t at = 0;

        while ((word = pairs_word(text, &at)).len > 0)
                if (str_has_digit(word) && !(neighbour && says(neighbour->line, word)) && says(end->line, word))
                        return true;
        return false;
}

/* How many words without digit both have, but for those of begin and end: "sync with cms started", "sync done". */
static unsigned words_shared(const JobLine *job, const JobLine *end) {
        Str text = evidence_fields(job->line), word;
        unsigned n = 0;
        size_t at = 0;

        while ((word = pairs_word(text, &at)).len > 0)
                n += word.len >= 3 && !str_has_digit(word) && !str_is_one_of(word, BEGIN) && says(end->line, word);
        return n;
}

/* Of the lines that end nothing yet, the first that shares a name ends a job. */
static void match_names(const Range *range) {
        for (unsigned i = 0; i < range->n; i++) {
                JobLine *job = &range->at[i];
                const JobLine *neighbour = neighbour_of(range, i);

                for (unsigned j = i + 1; j < range->n && !job->ends && !job->done; j++) {
                        JobLine *end = &range->at[j];
                        if (!end->ends || end->taken || !shares_name(job, neighbour, end))
                                continue;
                        job->done = end->line;
                        end->taken = true;
                }
        }
}

/* A line that ends nothing yet ends the job before it with which it shares most words, of several the first. */
static void match_words(const Range *range) {
        for (unsigned i = 0; i < range->n; i++) {
                JobLine *end = &range->at[i], *best = NULL;
                unsigned most = 0;

                for (unsigned j = 0; j < i && end->ends && !end->taken; j++) {
                        JobLine *job = &range->at[j];
                        unsigned n = job->ends || job->done ? 0 : words_shared(job, end);
                        if (n > most) {
                                best = job;
                                most = n;
                        }
                }
                if (best) {
                        best->done = end->line;
                        end->taken = true;
                }
        }
}

/* --- those that go on --- */

static double second_of(const Exemplar *line) {
        return (double)line->time_us / 1e6;
}

/* Its like that were done before it: their number, and the longest of them. */
static unsigned count_before(const Range *range, unsigned job, double *longest) {
        unsigned n = 0;

        *longest = 0;
        for (unsigned i = 0; i < job; i++) {
                const JobLine *other = &range->at[i];
                if (!other->done || words_shared(&range->at[job], other) == 0)
                        continue;
                *longest = MAX(*longest, second_of(other->done) - second_of(other->line));
                n++;
        }
        return n;
}

static bool is_at_work(const Job *job, const Episode *episode) {
        return job->from >= episode->from - JOB_LEAD_SECONDS && job->from <= episode->from + ORDER_SLACK_SECONDS && job->to - job->from >= JOB_SECONDS_MIN &&
               job->to >= episode->from + JOB_SHARE_MIN * (episode->to - episode->from);
}

static void add_jobs(GArray *jobs, const Range *range, const Episode *episode) {
        if (range->n > JOB_SOURCE_LINES_MAX)
                return;
        match_names(range);
        match_words(range);
        for (unsigned i = 0; i < range->n; i++) {
                const JobLine *line = &range->at[i];
                Job job = { .signal = line->signal, .began = line->line, .done = line->done, .from = second_of(line->line) };

                job.to = line->done ? second_of(line->done) : episode->to;
                if (!line->ends && is_at_work(&job, episode) && count_before(range, i, &job.longest_before) >= JOB_BEFORE_MIN &&
                    job.to - job.from >= JOB_RATIO_MIN * job.longest_before)
                        g_array_append_val(jobs, job);
        }
}

GArray *jobs_find(const Episode *episode, const LedgerView *view) {
        GArray *jobs = g_array_new(FALSE, FALSE, sizeof(Job));
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(JobLine));

        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (signal->count <= JOB_EVENTS_MAX && signal->n_first > 0 && signal->status == 0)
                        add_lines(lines, signal);
        }
        g_array_sort(lines, compare_lines);
        for (guint from = 0, to; from < lines->len && lines->len < JOB_LINES_MAX; from = to) {
                JobLine *at = &g_array_index(lines, JobLine, from);

                for (to = from; to < lines->len && g_array_index(lines, JobLine, to).line->source == at->line->source; to++)
                        ;
                add_jobs(jobs, &(Range){ at, to - from }, episode);
        }
        return jobs;
}
