/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include "input/decode.h"
#include "input/reader.h"
#include "mine/shape.h"
#include "parse/events.h"
#include "parse/peel.h"

/* Blocks in flight for each worker: one at work, one waiting, and a little slack. */
#define BLOCKS_PER_WORKER 3

/* --- one source --- */

typedef struct Opened {
        Decoder *decoder; /* owned */
        Reader *reader;   /* owned */
        Layout *layout; /* borrowed */
        const char *year_from;
        const char *zone_name; /* as it was given, or NULL; borrowed */
        const char *refused; /* why it is not read; NULL: it is */
} Opened;

static void opened_clear(Opened *opened) {
        g_clear_pointer(&opened->reader, reader_free);
        g_clear_pointer(&opened->decoder, decoder_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Opened, opened_clear)

/* First bytes of files that are no logs, and of compressors that are not read. */
static const Str BINARY_MAGICS[] = {
        { "\x7f" "ELF", 4 }, { "\x89PNG", 4 },       { "PK\x03\x04", 4 }, { "\x28\xb5\x2f\xfd", 4 },
        { "\xfd" "7zXZ", 5 }, { "BZh", 3 },           { "%PDF", 4 },       { "SQLite format 3", 15 },
        { "\xff\xd8\xff", 3 }, { "\x04\x22\x4d\x18", 4 }, { "GIF8", 4 },   { "\xca\xfe\xba\xbe", 4 },
};

/* Of the head, the share in percent of control bytes (but tab, newline, return, escape, NUL) that no text has. */
#define BINARY_CONTROL_PERCENT 10

static bool is_control(char c) {
        return (uint8_t)c < 32 && c != '\0' && c != '\t' && c != '\n' && c != '\r' && c != '\x1b' && c != '\f';
}

/* NUL bytes do not count: a log whose file was truncated while it was written begins with a hole of them. */
static bool looks_binary(Str head) {
        size_t controls = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(BINARY_MAGICS); i++)
                if (str_starts(head, BINARY_MAGICS[i]))
                        return true;
        for (size_t i = 0; i < head.len; i++)
                controls += is_control(head.ptr[i]);
        return controls * 100 > head.len * BINARY_CONTROL_PERCENT;
}

/* Of a file that was found in a folder and does not have the name of a log, the share of lines with a time that makes it one. */
#define LOG_TIMED_PERCENT 20

/* Notes, scripts and settings lie beside logs. */
static bool is_no_log(const Source *source, const Layout *layout) {
        static const char *const WORDS[] = { "log", "out", "err", "trace", "messages", "console", "debug", "audit" };
        g_autofree char *name = g_path_get_basename(source->name);

        if (!source->from_folder || layout->timed_percent >= LOG_TIMED_PERCENT)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
                if (strstr(name, WORDS[i]))
                        return false;
        return true;
}

/* The last zone given for a source counts. */
static const ScanZone *zone_of(const Source *source, const ScanOptions *options) {
        g_autofree char *base = g_path_get_basename(source->name);

        for (guint i = options->zones ? options->zones->len : 0; i > 0; i--) {
                const ScanZone *zone = options->zones->pdata[i - 1];
                if (g_str_equal(zone->source, source->name) || g_pattern_match_simple(zone->source, base) ||
                    g_pattern_match_simple(zone->source, source->name))
                        return zone;
        }
        return NULL;
}

static bool open_source(Opened *opened, const Source *source, Layout *layout, const ScanOptions *options, GError **error) {
        const ScanZone *zone = zone_of(source, options);
        TimeContext time = { .zone = zone ? zone->zone : options->zone };
        Str head;

        opened->decoder = decoder_open(source, options->inflate, error);
        if (!opened->decoder)
                return false;
        opened->reader = reader_new(opened->decoder, options->block_bytes);
        time.reference_us = decoder_reference(opened->decoder, &opened->year_from);
        head = reader_head(opened->reader);
        opened->layout = layout;
        opened->zone_name = zone ? zone->name : options->zone_name;
        layout_detect(layout, head, &time);
        if (options->layout)
                layout_force(layout, options->layout, head);
        if (looks_binary(head))
                opened->refused = "binary data; not read";
        else if (is_no_log(source, layout))
                opened->refused = "not a log: hardly a time in it; name it to have it read";
        return true;
}

static bool is_wanted(const Event *event, const ScanOptions *options) {
        if (event->time_us == TIME_NONE)
                return true;
        return (options->since_us == TIME_NONE || event->time_us >= options->since_us) &&
               (options->until_us == TIME_NONE || event->time_us < options->until_us);
}

/* --- the scan --- */

typedef struct Scan {
        const GPtrArray *sources;
        const Patterns *patterns;
        const Matcher *matcher;
        const ScanOptions *options;
        Layout *layouts;           /* one for each source */
        GAsyncQueue *full, *empty; /* of Block */
} Scan;

typedef struct Worker {
        const Scan *scan;
        Ledger *ledger;
        MatcherScratch *scratch;
        Peel *peel; /* owned */
        TimestampCache cache;
        GThread *thread;
} Worker;

static void scan_block(Worker *worker, const Block *block) {
        const Layout *layout = &worker->scan->layouts[block->source];
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

                if (!is_wanted(&event, worker->scan->options))
                        continue;
                n = matcher_match(worker->scratch, event.head, event.tail, matches);
                known = patterns_n_items(worker->scan->patterns, matches, n) > 0;
                if (!known)
                        shape = shape_of(&event);
                ledger_add(worker->ledger, (uint32_t)block->source, &event, known ? NULL : &shape, matches, n);
        }
        ledger_flush(worker->ledger, (uint32_t)block->source);
}

/* A block without bytes is the sign to end. */
static void *work(void *data) {
        Worker *worker = data;

        for (;;) {
                Block *block = g_async_queue_pop(worker->scan->full);
                bool end = block->len == 0;

                if (!end)
                        scan_block(worker, block);
                g_async_queue_push(worker->scan->empty, block);
                if (end)
                        return NULL;
        }
}

static GPtrArray *names_of(const GPtrArray *sources) {
        GPtrArray *names = g_ptr_array_new();

        for (guint i = 0; i < sources->len; i++)
                g_ptr_array_add(names, ((Source *)sources->pdata[i])->name);
        return names;
}

static void set_text(char **text, const char *value) {
        g_free(*text);
        *text = g_strdup(value);
}

static void describe_source(SourceRecord *record, const Source *source, const Opened *opened) {
        const GPtrArray *problems = decoder_problems(opened->decoder);
        const Layout *layout = opened->layout;
        bool named = opened->zone_name != NULL;
        char buffer[LAYOUT_NAME_BYTES];

        set_text(&record->compression, decoder_compression(opened->decoder));
        for (guint i = 0; i < problems->len; i++)
                g_ptr_array_add(record->problems, g_strdup(problems->pdata[i]));
        if (opened->refused) {
                if (source->from_folder)
                        record->note = g_strdup(opened->refused);
                else
                        g_ptr_array_add(record->problems, g_strdup(opened->refused));
                return;
        }
        record->note = g_strdup(decoder_note(opened->decoder));
        record->bytes = reader_n_bytes(opened->reader);
        record->lines = reader_n_lines(opened->reader);
        set_text(&record->layout, layout_name(layout, buffer));
        if (layout->kind == LAYOUT_UNTIMED && !layout->enveloped_times)
                return;
        set_text(&record->zone, layout->zoned ? "in the line" : named ? opened->zone_name : "UTC");
        set_text(&record->zone_from, layout->zoned ? "line" : named ? "option" : "assumed");
        set_text(&record->year_from, layout->has_year ? "line" : opened->year_from);
}

static void read_source(Scan *scan, uint32_t index, SourceRecord *record) {
        const Source *source = scan->sources->pdata[index];
        g_auto(Opened) opened = { 0 };
        g_autoptr(GError) error = NULL;
        Block *block;

        if (!open_source(&opened, source, &scan->layouts[index], scan->options, &error)) {
                g_ptr_array_add(record->problems, g_strdup(error->message));
                return;
        }
        if (scan->options->note_layout)
                scan->options->note_layout(index, opened.layout, scan->options->note_data);
        while (!opened.refused) {
                block = g_async_queue_pop(scan->empty);
                if (!reader_next(opened.reader, block, index, events_cut, opened.layout)) {
                        g_async_queue_push(scan->empty, block);
                        break;
                }
                g_async_queue_push(scan->full, block);
        }
        describe_source(record, source, &opened);
}

static Str locate_match(const Event *event, uint32_t pattern, void *data) {
        return matcher_locate(data, pattern, event->head, event->tail);
}

static void start_workers(Scan *scan, Worker *workers, unsigned n, const Patterns *patterns, const GPtrArray *names) {
        for (unsigned i = 0; i < n; i++) {
                workers[i].scan = scan;
                workers[i].scratch = matcher_scratch_new(scan->matcher);
                workers[i].peel = peel_new();
                workers[i].ledger = ledger_new(patterns, names, shape_describe, locate_match, workers[i].scratch);
                workers[i].thread = g_thread_new("worker", work, &workers[i]);
        }
}

static void stop_workers(Scan *scan, Worker *workers, unsigned n, Ledger *ledger) {
        for (unsigned i = 0; i < n; i++) {
                Block *block = g_async_queue_pop(scan->empty);
                block->len = 0;
                g_async_queue_push(scan->full, block);
        }
        for (unsigned i = 0; i < n; i++) {
                g_thread_join(workers[i].thread);
                ledger_take(ledger, workers[i].ledger);
                matcher_scratch_free(workers[i].scratch);
                peel_free(workers[i].peel);
        }
}

static void free_block(void *block) {
        block_free(block);
}

Ledger *pipeline_scan(const GPtrArray *sources, const Patterns *patterns, const Matcher *matcher, const ScanOptions *options) {
        unsigned n_workers = options->n_workers ? options->n_workers : g_get_num_processors();
        g_autofree Worker *workers = g_new0(Worker, n_workers);
        g_autofree Layout *layouts = g_new0(Layout, sources->len + 1);
        g_autoptr(GPtrArray) names = names_of(sources);
        Ledger *ledger = ledger_new(patterns, names, NULL, NULL, NULL);
        Scan scan = {
                .sources = sources,
                .patterns = patterns,
                .matcher = matcher,
                .options = options,
                .layouts = layouts,
                .full = g_async_queue_new_full(free_block),
                .empty = g_async_queue_new_full(free_block),
        };

        for (unsigned i = 0; i < n_workers * BLOCKS_PER_WORKER; i++)
                g_async_queue_push(scan.empty, block_new(options->block_bytes));
        start_workers(&scan, workers, n_workers, patterns, names);
        for (guint i = 0; i < sources->len; i++)
                read_source(&scan, i, ledger_source(ledger, i));
        stop_workers(&scan, workers, n_workers, ledger);
        g_async_queue_unref(scan.full);
        g_async_queue_unref(scan.empty);
        return ledger;
}

/* --- in order --- */

static bool visit_block(const Source *source, const Layout *layout, const Block *block, Peel *peel, MatcherScratch *scratch,
                        TimestampCache *cache, const ScanOptions *options, PipelineVisit visit, void *data) {
        Events events;
        Event event;

        block = peel_block(peel, layout, cache, block);
        matcher_scan(scratch, block_text(block));
        events_init(&events, layout, cache, block);
        while (events_next(&events, &event)) {
                uint32_t matches[MATCHES_MAX];
                size_t n;

                if (!is_wanted(&event, options))
                        continue;
                n = matcher_match(scratch, event.head, event.tail, matches);
                if (!visit(source, layout, &event, matches, n, data))
                        return false;
        }
        return true;
}

static void note_problem(GPtrArray *problems, const Source *source, const char *problem) {
        g_ptr_array_add(problems, g_strdup_printf("%s: %s", source->name, problem));
}

static bool visit_source(const Source *source, Block *block, MatcherScratch *scratch, const ScanOptions *options,
                         PipelineVisit visit, void *data, GPtrArray *problems) {
        g_autoptr(GError) error = NULL;
        g_auto(Opened) opened = { 0 };
        g_autoptr(Peel) peel = peel_new();
        TimestampCache cache = { 0 };
        Layout layout;
        bool go_on = true;

        if (!open_source(&opened, source, &layout, options, &error)) {
                note_problem(problems, source, error->message);
                return true;
        }
        if (opened.refused && !source->from_folder)
                note_problem(problems, source, opened.refused);
        while (go_on && !opened.refused && reader_next(opened.reader, block, 0, events_cut, &layout))
                go_on = visit_block(source, &layout, block, peel, scratch, &cache, options, visit, data);
        for (guint i = 0; i < decoder_problems(opened.decoder)->len; i++)
                note_problem(problems, source, decoder_problems(opened.decoder)->pdata[i]);
        return go_on;
}

void pipeline_visit(const GPtrArray *sources, const Matcher *matcher, const ScanOptions *options, PipelineVisit visit, void *data,
                    GPtrArray *problems) {
        g_autoptr(MatcherScratch) scratch = matcher_scratch_new(matcher);
        Block *block = block_new(options->block_bytes);

        for (guint i = 0; i < sources->len; i++)
                if (!visit_source(sources->pdata[i], block, scratch, options, visit, data, problems))
                        break;
        block_free(block);
}

/* --- logs that grow --- */

struct PipelineFeed {
        Scan scan;
        Worker worker;
};

PipelineFeed *pipeline_feed_new(Layout *layouts, const Patterns *patterns, const Matcher *matcher, const ScanOptions *options) {
        PipelineFeed *feed = g_new0(PipelineFeed, 1);

        feed->scan = (Scan){ .patterns = patterns, .matcher = matcher, .options = options, .layouts = layouts };
        feed->worker = (Worker){ .scan = &feed->scan, .scratch = matcher_scratch_new(matcher), .peel = peel_new() };
        return feed;
}

void pipeline_feed_free(PipelineFeed *feed) {
        matcher_scratch_free(feed->worker.scratch);
        peel_free(feed->worker.peel);
        g_free(feed);
}

Ledger *pipeline_feed_ledger(PipelineFeed *feed, const GPtrArray *names) {
        return ledger_new(feed->scan.patterns, names, shape_describe, locate_match, feed->worker.scratch);
}

void pipeline_feed_block(PipelineFeed *feed, Ledger *ledger, const Block *block) {
        feed->worker.ledger = ledger;
        scan_block(&feed->worker, block);
}
