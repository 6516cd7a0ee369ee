/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include "base/heap.h"
#include "base/hot.h"
#include "opened.h"
#include "mine/shape.h"
#include "parse/events.h"
#include "parse/peel.h"

/* Blocks in flight for each worker: one at work, one waiting, and a little slack. */
#define BLOCKS_PER_WORKER 2

static bool is_wanted(const Event *event, const ScanOptions *options) {
        if (event->time_us == TIME_NONE)
                return true;
        return (options->since_us == TIME_NONE || event->time_us >= options->since_us) &&
               (options->until_us == TIME_NONE || event->time_us < options->until_us);
}

/* --- the scan --- */

/* What the blocks of one source have in common; they may be at work when the next one is read already. */
typedef struct Reading {
        char *name; /* owned */
        Layout layout;
} Reading;

/* Blocks name their Reading by its index. */
typedef struct Scan {
        const Patterns *patterns;
        const Matcher *matcher;
        const ScanOptions *options;
        GPtrArray *readings;       /* of Reading; only of the reading thread */
        GAsyncQueue *full, *empty; /* of Job */
        struct Worker *reader;     /* that of the reading thread; NULL: it only reads */
} Scan;

typedef struct Job {
        Block block;
        const Reading *reading; /* borrowed; NULL: the sign to end */
} Job;

typedef struct Worker {
        const Scan *scan;
        Ledger *ledger;
        GArray *indexes; /* of uint32_t: by index of a Reading, 1 + that of the source in this ledger; 0: none yet */
        MatcherScratch *scratch;
        Peel *peel; /* owned */
        TimestampCache cache;
        GThread *thread; /* NULL: the reading thread is it */
} Worker;

/* Sources are not known before they are read, so each ledger numbers them as it meets them. */
static uint32_t source_of(Worker *worker, const Job *job) {
        uint32_t *index;

        if (worker->indexes->len <= job->block.source)
                g_array_set_size(worker->indexes, (guint)job->block.source + 1);
        index = &g_array_index(worker->indexes, uint32_t, job->block.source);
        if (*index == 0)
                *index = ledger_add_source(worker->ledger, job->reading->name) + 1;
        return *index - 1;
}

static char *problem_of_limit(const Pattern *pattern) {
        bool is_term = g_str_has_prefix(pattern->id, TERM_PREFIX);

        return g_strdup_printf("a regex of %s ran into its limit; what it looks for may have been missed", is_term ? "a rule" : pattern->id);
}

typedef struct Limited {
        Ledger *ledger;
        uint32_t source;
} Limited;

static void complain_of_limit(const Pattern *pattern, void *data) {
        const Limited *limited = data;
        g_autofree char *problem = problem_of_limit(pattern);

        ledger_complain(limited->ledger, limited->source, problem);
}

HOT static void count_block(Worker *worker, const Layout *layout, uint32_t source, const Block *block) {
        Events events;
        Event event;

        block = peel_block(worker->peel, layout, &worker->cache, block);
        matcher_scan(worker->scratch, block_text(block));
        events_init(&events, layout, &worker->cache, block);
        while (events_next(&events, &event)) {
                uint32_t matches[MATCHES_MAX];
                ShapeKey shape;
                bool known;
                size_t n;

                if (!is_wanted(&event, worker->scan->options)) {
                        ledger_leave_out(worker->ledger, source, event.time_us);
                        continue;
                }
                n = matcher_match(worker->scratch, event.head, event.tail, matches);
                known = patterns_n_items(worker->scan->patterns, matches, n) > 0;
                if (!known)
                        shape = shape_of(&event);
                ledger_add(worker->ledger, source, &event, known ? NULL : &shape, matches, n);
        }
        ledger_flush(worker->ledger, source);
        matcher_take_limited(worker->scratch, complain_of_limit, &(Limited){ worker->ledger, source });
}

HOT static void scan_block(Worker *worker, const Job *job) {
        count_block(worker, &job->reading->layout, source_of(worker, job), &job->block);
}

static void *work(void *data) {
        Worker *worker = data;

        heap_use_large_pages();
        for (;;) {
                Job *job = g_async_queue_pop(worker->scan->full);
                bool end = job->reading == NULL;

                if (!end)
                        scan_block(worker, job);
                g_async_queue_push(worker->scan->empty, job);
                if (end)
                        return NULL;
        }
}

static void set_text(char **text, const char *value) {
        g_free(*text);
        *text = g_strdup(value);
}

/* What there is to say of a source whether it was read or not. */
static void describe_item(SourceRecord *record, const IntakeItem *item, const GPtrArray *problems) {
        set_text(&record->compression, item->compression);
        for (guint i = 0; i < problems->len; i++)
                g_ptr_array_add(record->problems, g_strdup(problems->pdata[i]));
        if (item->note)
                set_text(&record->note, item->note);
}

/* A refusal says nothing new where a problem told already why there is nothing to read. */
static void describe_refusal(SourceRecord *record, const Opened *opened) {
        if (opened->item->source->from_folder)
                set_text(&record->note, opened->refused);
        else if (record->problems->len == 0)
                g_ptr_array_add(record->problems, g_strdup(opened->refused));
}

/* Adds to what is known of a source, of which another part may have been read. */
static void describe_source(SourceRecord *record, const Opened *opened) {
        const Layout *layout = opened->layout;
        const Source *source = opened->item->source;
        bool named = opened->zone_name != NULL;
        char buffer[LAYOUT_NAME_BYTES];

        describe_item(record, opened->item, opened_problems(opened));
        extents_add(&record->extents, opened_extent(opened));
        if (opened->refused) {
                describe_refusal(record, opened);
                return;
        }
        set_text(&record->note, decoder_note(opened->item->decoder));
        record->bytes += reader_n_bytes(opened->reader) - (source->ranged ? source->range.from : 0);
        record->lines += reader_n_lines(opened->reader) - (source->ranged ? source->range.first_line - 1 : 0);
        set_text(&record->layout, layout_name(layout, buffer));
        if (layout->kind == LAYOUT_UNTIMED && !layout->enveloped_times)
                return;
        set_text(&record->zone, layout->zoned ? "in the line" : named ? opened->zone_name : "UTC");
        set_text(&record->zone_from, layout->zoned ? "line" : named ? "option" : "assumed");
        set_text(&record->year_from, layout->has_year ? "line" : opened->year_from);
}

/* As the source is called in the report; owned by the caller. */
static char *name_of(const ScanOptions *options, const Source *source) {
        return options->host ? g_strdup_printf("%s:%s", options->host, source->name) : g_strdup(source->name);
}

static Reading *add_reading(Scan *scan, const Source *source) {
        Reading *reading = g_new0(Reading, 1);

        reading->name = name_of(scan->options, source);
        g_ptr_array_add(scan->readings, reading);
        return reading;
}

static void free_reading(void *data) {
        g_free(((Reading *)data)->name);
        g_free(data);
}

/*
 * A block to read into. While there is none the reading thread does the work of a worker: with a thread more than there are cores, one that
 * is needed would wait for its turn now and then, and a core would stand still.
 */
static Job *take_empty(const Scan *scan) {
        Job *job = g_async_queue_try_pop(scan->empty);

        if (!job && scan->reader && (job = g_async_queue_try_pop(scan->full)))
                scan_block(scan->reader, job);
        return job ? job : g_async_queue_pop(scan->empty);
}

static void read_blocks(Scan *scan, const Opened *opened, const Reading *reading) {
        for (;;) {
                Job *job = take_empty(scan);

                if (!reader_next(opened->reader, &job->block, scan->readings->len - 1, events_cut, opened->layout)) {
                        g_async_queue_push(scan->empty, job);
                        return;
                }
                job->reading = reading;
                g_async_queue_push(scan->full, job);
        }
}

/* What an archive holds beside logs has no record of its own; the archive says how many there were. */
static bool is_passed_over(const Opened *opened) {
        return opened->refused && opened->item->in_bundle && opened_problems(opened)->len == 0;
}

static void add_record(const Scan *scan, Ledger *ledger, const Opened *opened) {
        g_autofree char *name = name_of(scan->options, opened->item->source);
        uint32_t index = ledger_take_source(ledger, name);

        if (scan->options->note_layout)
                scan->options->note_layout(index, opened->layout, scan->options->note_data);
        describe_source(ledger_source(ledger, index), opened);
}

static void add_unopened(const Scan *scan, Ledger *ledger, const IntakeItem *item) {
        g_autofree char *name = name_of(scan->options, item->source);
        SourceRecord *record = ledger_source(ledger, ledger_take_source(ledger, name));

        describe_item(record, item, item->problems);
        extents_add(&record->extents, (Extent){ 0, 0, true });
}

static void read_item(Scan *scan, Intake *intake, const IntakeItem *item, Ledger *ledger) {
        g_auto(Opened) opened = { 0 };
        Reading *reading;

        if (!item->decoder) {
                add_unopened(scan, ledger, item);
                return;
        }
        reading = add_reading(scan, item->source);
        opened_init(&opened, item, &reading->layout, scan->options);
        if (!opened.refused)
                read_blocks(scan, &opened, reading);
        if (is_passed_over(&opened))
                intake_pass_over(intake);
        else
                add_record(scan, ledger, &opened);
}

static Str locate_match(const Event *event, uint32_t pattern, void *data) {
        return matcher_locate(data, pattern, event->head, event->tail);
}

static void start_workers(Scan *scan, Worker *workers, unsigned n, const Patterns *patterns) {
        g_autoptr(GPtrArray) no_names = g_ptr_array_new();

        for (unsigned i = 0; i < n; i++) {
                workers[i].scan = scan;
                workers[i].scratch = matcher_scratch_new(scan->matcher);
                workers[i].peel = peel_new();
                workers[i].ledger = ledger_new(patterns, no_names, locate_match, workers[i].scratch);
                workers[i].indexes = g_array_new(FALSE, TRUE, sizeof(uint32_t));
                if (i > 0 || n == 1)
                        workers[i].thread = g_thread_new("worker", work, &workers[i]);
                else
                        scan->reader = &workers[i];
        }
}

/* Each of them ends at a job without reading. These are taken before the first is given, for else one could be taken for a block. */
static void end_threads(Scan *scan, const Worker *workers, unsigned n) {
        g_autoptr(GPtrArray) ends = g_ptr_array_new();

        for (unsigned i = 0; i < n; i++)
                if (workers[i].thread)
                        g_ptr_array_add(ends, take_empty(scan));
        for (guint i = 0; i < ends->len; i++) {
                ((Job *)ends->pdata[i])->reading = NULL;
                g_async_queue_push(scan->full, ends->pdata[i]);
        }
}

/* The blocks that still wait when all is read; the reading thread takes its share. */
static void work_off(const Scan *scan) {
        Job *job;

        while (scan->reader && (job = g_async_queue_try_pop(scan->full))) {
                scan_block(scan->reader, job);
                g_async_queue_push(scan->empty, job);
        }
}

static void stop_workers(Scan *scan, Worker *workers, unsigned n, Ledger *ledger) {
        work_off(scan);
        end_threads(scan, workers, n);
        for (unsigned i = 0; i < n; i++) {
                if (workers[i].thread)
                        g_thread_join(workers[i].thread);
                ledger_take(ledger, workers[i].ledger);
                g_array_unref(workers[i].indexes);
                matcher_scratch_free(workers[i].scratch);
                peel_free(workers[i].peel);
        }
}

static Job *job_new(size_t block_bytes) {
        Job *job = g_new0(Job, 1);

        block_reserve(&job->block, block_bytes);
        return job;
}

static void free_job(void *data) {
        Job *job = data;

        block_clear(&job->block);
        g_free(job);
}

Ledger *pipeline_scan(const GPtrArray *sources, const Patterns *patterns, const Matcher *matcher, const ScanOptions *options) {
        unsigned n_workers = options->n_workers ? options->n_workers : g_get_num_processors();
        g_autofree Worker *workers = g_new0(Worker, n_workers);
        g_autoptr(GPtrArray) readings = g_ptr_array_new_with_free_func(free_reading), no_names = g_ptr_array_new();
        g_autoptr(Intake) intake = intake_new(sources, options->inflate);
        Ledger *ledger = ledger_new(patterns, no_names, NULL, NULL);
        IntakeItem item;
        Scan scan = {
                .patterns = patterns,
                .matcher = matcher,
                .options = options,
                .readings = readings,
                .full = g_async_queue_new_full(free_job),
                .empty = g_async_queue_new_full(free_job),
        };

        for (unsigned i = 0; i < n_workers * BLOCKS_PER_WORKER; i++)
                g_async_queue_push(scan.empty, job_new(options->block_bytes));
        start_workers(&scan, workers, n_workers, patterns);
        while (intake_next(intake, &item))
                read_item(&scan, intake, &item, ledger);
        stop_workers(&scan, workers, n_workers, ledger);
        g_async_queue_unref(scan.full);
        g_async_queue_unref(scan.empty);
        return ledger;
}

/* --- in order --- */

static bool visit_block(const Source *source, const Layout *layout, const Block *block, Peel *peel, MatcherScratch *scratch, TimestampCache *cache,
                        const ScanOptions *options, PipelineVisit visit, void *data) {
        Events events;
        Event event;

        block = peel_block(peel, layout, cache, block);
        matcher_scan(scratch, block_text(block));
        events_init(&events, layout, cache, block);
        while (events_next(&events, &event)) {
                uint32_t matches[MATCHES_MAX];
                size_t n;

                if (!is_wanted(&event, options)) {
                        if (options->outside)
                                widen_span(&options->outside->first_us, &options->outside->last_us, event.time_us, event.time_us);
                        continue;
                }
                n = matcher_match(scratch, event.head, event.tail, matches);
                if (!visit(source, layout, &event, matches, n, data))
                        return false;
        }
        return true;
}

static void note_problem(GPtrArray *problems, const Source *source, const char *problem) {
        g_ptr_array_add(problems, g_strdup_printf("%s: %s", source->name, problem));
}

static void note_problems(GPtrArray *problems, const Source *source, const GPtrArray *found) {
        for (guint i = 0; i < found->len; i++)
                note_problem(problems, source, found->pdata[i]);
}

typedef struct LimitedItem {
        GPtrArray *problems;  /* borrowed */
        const Source *source; /* borrowed */
} LimitedItem;

static void note_limit(const Pattern *pattern, void *data) {
        const LimitedItem *item = data;
        g_autofree char *problem = problem_of_limit(pattern);

        note_problem(item->problems, item->source, problem);
}

static bool visit_item(const IntakeItem *item, Block *block, MatcherScratch *scratch, const ScanOptions *options, PipelineVisit visit, void *data,
                       GPtrArray *problems) {
        g_auto(Opened) opened = { 0 };
        g_autoptr(Peel) peel = peel_new();
        g_autofree char *name = name_of(options, item->source);
        Source named = *item->source;
        TimestampCache cache = { 0 };
        Layout layout;
        bool go_on = true;

        named.name = name;
        if (item->decoder) {
                opened_init(&opened, item, &layout, options);
                if (opened.refused && !named.from_folder && item->problems->len == 0)
                        note_problem(problems, &named, opened.refused);
                while (go_on && !opened.refused && reader_next(opened.reader, block, 0, events_cut, &layout))
                        go_on = visit_block(&named, &layout, block, peel, scratch, &cache, options, visit, data);
        }
        matcher_take_limited(scratch, note_limit, &(LimitedItem){ problems, &named });
        note_problems(problems, &named, item->decoder ? opened_problems(&opened) : item->problems);
        return go_on;
}

void pipeline_visit(const GPtrArray *sources, const Matcher *matcher, const ScanOptions *options, PipelineVisit visit, void *data, GPtrArray *problems) {
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);
        g_autoptr(Intake) intake = intake_new(sources, options->inflate);
        Block *block = block_new(options->block_bytes);
        IntakeItem item;

        while (intake_next(intake, &item))
                if (!visit_item(&item, block, scratch, options, visit, data, problems))
                        break;
        block_free(block);
}

/* --- logs that grow --- */

struct PipelineFeed {
        Scan scan;
        Worker worker;
};

PipelineFeed *pipeline_feed_new(const Patterns *patterns, const Matcher *matcher, const ScanOptions *options) {
        PipelineFeed *feed = g_new0(PipelineFeed, 1);

        feed->scan = (Scan){ .patterns = patterns, .matcher = matcher, .options = options };
        feed->worker = (Worker){ .scan = &feed->scan, .scratch = matcher_scratch_new(matcher), .peel = peel_new() };
        return feed;
}

void pipeline_feed_free(PipelineFeed *feed) {
        matcher_scratch_free(feed->worker.scratch);
        peel_free(feed->worker.peel);
        g_free(feed);
}

Ledger *pipeline_feed_ledger(PipelineFeed *feed, const GPtrArray *names) {
        return ledger_new(feed->scan.patterns, names, locate_match, feed->worker.scratch);
}

void pipeline_feed_block(PipelineFeed *feed, Ledger *ledger, const Layout *layout, const Block *block) {
        feed->worker.ledger = ledger;
        count_block(&feed->worker, layout, (uint32_t)block->source, block);
}
