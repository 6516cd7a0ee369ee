/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Events, read as the program reads them: from a file through decoder, reader and layout, with blocks of several sizes.
 */

#include "parse/events.h"

#include "input/reader.h"
#include "parse/timestamp.h"
#include "scratch.h"

#define REFERENCE_US (INT64_C(1795435200) * 1000000) /* 2026-11-23T12:00:00Z */

typedef struct Case {
        const char *name;
        const char *text;
        /* For each event: line+lines time level message [cause]; '~' marks a time that is inherited. */
        const char *events;
} Case;

static const Case CASES[] = {
        { "nothing", "", "" },
        { "blank-lines-alone", "\n\r\n\n", "" },
        { "one-line", "2026-11-23 10:00:00 INFO started\n", "1+1 10:00:00 info started\n" },
        { "no-last-newline", "2026-11-23 10:00:00 INFO started\n2026-11-23 10:00:01 ERROR broke",
          "1+1 10:00:00 info started\n"
          "2+1 10:00:01 error broke\n" },
        { "byte-order-mark", /* of two files of Windows that were put into one */
          "\xef\xbb\xbf"
          "2026-11-23 10:00:00 INFO started\r\n"
          "\xef\xbb\xbf"
          "2026-11-23 10:00:01 ERROR broke\r\n",
          "1+1 10:00:00 info started\n"
          "2+1 10:00:01 error broke\n" },
        { "byte-order-mark-alone", "\xef\xbb\xbf", "" },
        { "byte-order-mark-json", "\xef\xbb\xbf{\"time\":\"2026-11-23T10:00:00Z\",\"level\":\"warn\",\"msg\":\"slow\"}\n", "1+1 10:00:00 warning slow\n" },
        { "byte-order-mark-untimed", "\xef\xbb\xbfhello\n", "1+1 - hello\n" },
        { "null-is-absent",
          "{\"time\":\"2026-11-23T10:00:00Z\",\"level\":\"info\",\"msg\":\"fine\",\"error\":null}\n"
          "{\"time\":\"2026-11-23T10:00:01Z\",\"level\":null,\"msg\":null,\"message\":\"failed\"}\n",
          "1+1 10:00:00 info fine\n"
          "2+1 10:00:01 error failed\n" },
        { "crlf", "2026-11-23 10:00:00 INFO started\r\n2026-11-23 10:00:01 ERROR broke\r\n  at x\r\n",
          "1+1 10:00:00 info started\n"
          "2+2 10:00:01 error broke\n" },
        { "blank-lines-between", "\n\n2026-11-23 10:00:00 INFO a\n\n\n2026-11-23 10:00:01 INFO b\n\n",
          "3+3 10:00:00 info a\n"
          "6+2 10:00:01 info b\n" },
        { "logback-trace", /* logback default pattern with a trace */
          "2026-11-23 10:00:00,001 ERROR [main] c.e.Shop - checkout failed\n"
          "java.lang.IllegalStateException: no stock\n"
          "\tat com.example.Shop.buy(Shop.java:10)\n"
          "Caused by: java.sql.SQLException: timeout\n"
          "\tat com.example.Db.query(Db.java:20)\n"
          "\t... 12 more\n"
          "2026-11-23 10:00:01,001 INFO  [main] c.e.Shop - ok\n",
          "1+6 10:00:00 error [main] c.e.Shop - checkout failed [Caused by: java.sql.SQLException: timeout]\n"
          "7+1 10:00:01 info [main] c.e.Shop - ok\n" },
        { "crash-joins-error", /* logging.exception() of Python */
          "2026-11-23 10:00:00 ERROR job failed\n"
          "Traceback (most recent call last):\n"
          "  File \"job.py\", line 3, in run\n"
          "KeyError: 'id'\n"
          "2026-11-23 10:00:05 INFO next job\n",
          "1+4 10:00:00 error job failed [KeyError: 'id']\n"
          "5+1 10:00:05 info next job\n" },
        { "crash-after-info", /* an uncaught exception of Python behind a log line of another thing */
          "2026-11-23 10:00:00 INFO job begins\n"
          "Traceback (most recent call last):\n"
          "  File \"job.py\", line 3, in run\n"
          "KeyError: 'id'\n"
          "2026-11-23 10:00:05 INFO next job\n",
          "1+1 10:00:00 info job begins\n"
          "2+3 ~10:00:00 error Traceback (most recent call last): [KeyError: 'id']\n"
          "5+1 10:00:05 info next job\n" },
        { "chained-exceptions",
          "2026-11-23 10:00:00 INFO job begins\n"
          "Traceback (most recent call last):\n"
          "  File \"a.py\", line 3, in run\n"
          "KeyError: 'id'\n"
          "\n"
          "During handling of the above exception, another exception occurred:\n"
          "\n"
          "Traceback (most recent call last):\n"
          "  File \"b.py\", line 9, in run\n"
          "shop.CheckoutError: lost\n",
          "1+1 10:00:00 info job begins\n"
          "2+9 ~10:00:00 error Traceback (most recent call last): [shop.CheckoutError: lost]\n" },
        { "crash-after-crash", /* the second one is not chained: an event of its own */
          "2026-11-23 10:00:00 INFO begins\n"
          "panic: one\n"
          "\n"
          "goroutine 1 [running]:\n"
          "panic: two\n",
          "1+1 10:00:00 info begins\n"
          "2+3 ~10:00:00 error panic: one\n"
          "5+1 ~10:00:00 error panic: two\n" },
        { "crash-first",
          "panic: no time yet\n"
          "main.main()\n"
          "2026-11-23 10:00:00 INFO restarted\n",
          "1+2 - error panic: no time yet [main.main()]\n"
          "3+1 10:00:00 info restarted\n" },
        { "continuation-first",
          "  at the end of an older trace\n"
          "2026-11-23 10:00:00 INFO begins\n",
          "1+1 -   at the end of an older trace\n"
          "2+1 10:00:00 info begins\n" },
        { "postgres", /* log_line_prefix = '%m [%p] ' */
          "2026-11-23 10:00:00.123 UTC [71] ERROR:  duplicate key value\n"
          "2026-11-23 10:00:00.123 UTC [71] DETAIL:  Key (id)=(1) already exists.\n"
          "2026-11-23 10:00:00.123 UTC [71] STATEMENT:  INSERT INTO t\n"
          "\tVALUES (1)\n"
          "2026-11-23 10:00:01.123 UTC [71] LOG:  checkpoint starting\n",
          "1+4 10:00:00 error duplicate key value"
          " [DETAIL:  Key (id)=(1) already exists.]\n"
          "5+1 10:00:01 info checkpoint starting\n" },
        { "java-util-logging", /* SimpleFormatter: the level begins the second line */
          "Nov 23, 2026 10:00:00 AM com.example.Shop buy\n"
          "SEVERE: out of stock\n"
          "Nov 23, 2026 10:00:01 AM com.example.Shop buy\n"
          "INFO: sold\n",
          "1+2 10:00:00 error out of stock [SEVERE: out of stock]\n"
          "3+2 10:00:01 info sold [INFO: sold]\n" },
        { "json", /* bunyan and zap */
          "{\"time\":\"2026-11-23T10:00:00Z\",\"level\":30,\"msg\":\"up\"}\n"
          "{\"level\":\"error\",\"msg\":\"no time\"}\n"
          "{\"time\":\"2026-11-23T10:00:02Z\",\"level\":50,\"msg\":\"down\"}\n",
          "1+1 10:00:00 info up\n"
          "2+1 ~10:00:00 error no time\n"
          "3+1 10:00:02 error down\n" },
        { "logfmt",
          "time=2026-11-23T10:00:00Z level=info msg=up\n"
          "time=2026-11-23T10:00:01Z level=error msg=\"all down\"\n",
          "1+1 10:00:00 info up\n"
          "2+1 10:00:01 error all down\n" },
        { "untimed",
          "starting\n"
          "ERROR: no disk\n"
          "  in slot 3\n"
          "Caused by: nothing\n"
          "done\n",
          "1+1 - starting\n"
          "2+3 - error no disk [Caused by: nothing]\n"
          "5+1 - done\n" },
};

/* --- reading --- */

typedef struct Reading {
        Decoder *decoder;
        Reader *reader;
        Layout layout;
        TimestampCache cache;
} Reading;

static void reading_open(Reading *reading, const Source *source, size_t block_bytes) {
        static const TimeContext context = { NULL, REFERENCE_US };
        g_autoptr(GError) error = NULL;

        *reading = (Reading){ 0 };
        reading->decoder = decoder_open(source, INFLATE_AUTO, &error);
        g_assert_no_error(error);
        reading->reader = reader_new(reading->decoder, block_bytes);
        layout_detect(&reading->layout, reader_head(reading->reader), &context);
}

static void reading_clear(Reading *reading) {
        reader_free(reading->reader);
        decoder_free(reading->decoder);
}

typedef void (*Visit)(const Event *event, void *data);

static void read_block(Reading *reading, const Block *block, Visit visit, void *data) {
        Events events;
        Event event;

        events_init(&events, &reading->layout, &reading->cache, block);
        while (events_next(&events, &event))
                visit(&event, data);
}

/* Returns the number of blocks. */
static unsigned read_file(const char *path, size_t block_bytes, Visit visit, void *data) {
        g_autoptr(Source) source = scratch_source(path);
        Block *block = block_new(0);
        unsigned n = 0;
        Reading reading;

        reading_open(&reading, source, block_bytes);
        for (; reader_next(reading.reader, block, 0, events_cut, &reading.layout); n++)
                read_block(&reading, block, visit, data);
        reading_clear(&reading);
        block_free(block);
        return n;
}

static unsigned read_text(const void *text, size_t size, size_t block_bytes, Visit visit, void *data) {
        char *folder = scratch_folder();
        g_autofree char *path = scratch_write(folder, "x.log", text, size);
        unsigned n = read_file(path, block_bytes, visit, data);

        scratch_remove(folder);
        return n;
}

/* --- what an event is expected to be --- */

static void append_time(GString *out, const Event *event) {
        char buffer[32];

        if (event->time_us == TIME_NONE)
                g_string_append(out, "-");
        else
                g_string_append_printf(out, "%s%.8s", event->time_inherited ? "~" : "", timestamp_write(event->time_us, buffer) + 11);
}

static void describe(const Event *event, void *data) {
        GString *out = data;

        g_string_append_printf(out, "%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT " ", event->line, event->n_lines);
        append_time(out, event);
        g_string_append_printf(out, "%s%s %.*s", event->level ? " " : "", level_name(event->level), (int)event->message.len, event->message.ptr);
        if (event->cause.len > 0)
                g_string_append_printf(out, " [%.*s]", (int)event->cause.len, event->cause.ptr);
        g_string_append_c(out, '\n');
}

static void test_case(const void *data) {
        const Case *expected = data;
        g_autoptr(GString) events = g_string_new(NULL);

        read_text(expected->text, strlen(expected->text), BLOCK_BYTES, describe, events);
        g_assert_cmpstr(events->str, ==, expected->events);
}

/* --- the same events for any size of block --- */

static void append_str(GString *out, Str text) {
        g_string_append_printf(out, " %zu:", text.len);
        g_string_append_len(out, text.ptr, (gssize)text.len);
}

/* All of an event. */
static void dump(const Event *event, void *data) {
        GString *out = data;

        g_string_append_printf(out,
                               "@%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT " line %" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT " time %" G_GINT64_FORMAT
                               " %d level %d status %u cut %d",
                               event->offset, event->n_bytes, event->line, event->n_lines, event->time_us, event->time_inherited, event->level, event->status,
                               event->cut);
        append_str(out, event->head);
        append_str(out, event->tail);
        append_str(out, event->message);
        append_str(out, event->detail);
        append_str(out, event->cause);
        g_string_append_c(out, '\n');
}

static const size_t SIZES[] = { 1024, 4096, 65536, 1024 * 1024 };

/* Fails with the first place at which the two differ. */
static void assert_same(const GString *all, const GString *cut, size_t block_bytes) {
        size_t at = 0, shown;

        while (at < all->len && at < cut->len && all->str[at] == cut->str[at])
                at++;
        if (at == all->len && at == cut->len)
                return;
        for (shown = MIN(at, all->len); shown > 0 && all->str[shown - 1] != '\n';)
                shown--;
        g_test_message("blocks of %zu: expected %.300s", block_bytes, all->str + shown);
        g_test_message("blocks of %zu: found    %.300s", block_bytes, cut->str + MIN(shown, cut->len));
        g_test_fail();
}

static void assert_cut_anywhere(const char *text, size_t size) {
        g_autoptr(GString) all = g_string_new(NULL);

        read_text(text, size, READER_BLOCK_MAX, dump, all);
        for (size_t i = 0; i < G_N_ELEMENTS(SIZES); i++) {
                g_autoptr(GString) cut = g_string_new(NULL);

                read_text(text, size, SIZES[i], dump, cut);
                assert_same(all, cut, SIZES[i]);
        }
}

/* A case written again and again, so that every one of its lines comes to stand where a block could end. */
static void test_case_repeated(const void *data) {
        const Case *repeated = data;
        g_autoptr(GString) text = g_string_new(NULL);

        do {
                g_string_append(text, repeated->text);
                if (text->len > 0 && text->str[text->len - 1] != '\n')
                        g_string_append_c(text, '\n');
        } while (text->len > 0 && text->len < 150 * 1024);
        assert_cut_anywhere(text->str, text->len);
}

static const char *const LINES[] = {
        "2026-11-23 10:00:00 INFO started\n",
        "2026-11-23 10:00:01 ERROR broke\n",
        "2026-11-23 10:00:02 WARN slow\r\n",
        "2026-11-23 10:00:03 [71] DETAIL:  more of it\n",
        "Nov 23 10:00:04 host app[7]: another layout\n",
        "\tat com.example.Shop.buy(Shop.java:10)\n",
        "Caused by: java.sql.SQLException: timeout\n",
        "Traceback (most recent call last):\n",
        "KeyError: 'id'\n",
        "During handling of the above exception, another exception occurred:\n",
        "panic: no more\n",
        "{\"time\":\"2026-11-23T10:00:05Z\",\"level\":\"warn\",\"msg\":\"json within\"}\n",
        "{\"level\":\"error\",\"msg\":\"json without time\"}\n",
        "{\"torn\":\n",
        "\n",
        "\r\n",
        "a line of nothing\n",
        "\xff\xfe bad bytes \x80\n",
};

/* The cases as lines in any order; now and then a line as long as many blocks. */
static void test_mixed(const void *data) {
        uint32_t state = GPOINTER_TO_UINT(data);
        g_autoptr(GString) text = g_string_new(NULL);

        while (text->len < 1200 * 1024) {
                g_string_append(text, LINES[scratch_random(&state, G_N_ELEMENTS(LINES))]);
                if (scratch_random(&state, 2000) == 0) {
                        g_string_append(text, "2026-11-23 10:00:06 INFO ");
                        for (uint32_t n = scratch_random(&state, 20000); n > 0; n--)
                                g_string_append_c(text, "long "[n % 5]);
                        g_string_append_c(text, '\n');
                }
        }
        assert_cut_anywhere(text->str, text->len);
}

/* Times that appear behind the lines from which the layout is detected. */
static void test_late_time(void) {
        g_autoptr(GString) text = g_string_new(NULL);

        for (unsigned i = 0; i < 500; i++)
                g_string_append(text, "a line of nothing\n");
        for (unsigned i = 0; i < 500; i++)
                g_string_append_printf(text, "2026-11-23 10:%02u:%02u INFO now with a time\n%s", i / 60, i % 60, i % 3 ? "a line of nothing\n" : "");
        assert_cut_anywhere(text->str, text->len);
}

/* A log that stops naming times: what no longer fits into its last event is read line by line, and over more than one block. */
static void test_times_stop(void) {
        g_autoptr(GString) text = g_string_new(NULL), all = g_string_new(NULL), cut = g_string_new(NULL);
        const unsigned n_timed = 3000, n = 22000, n_kept = (EVENT_HEAD_BYTES + EVENT_TAIL_BYTES) / 200;
        guint n_events = 0;

        for (unsigned i = 0; i < n_timed; i++)
                g_string_append(text, "2026-11-23 10:00:00 INFO started\n");
        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(text, "%s%0190u\n", i % 100 == 99 ? "  more: " : "shipped: ", i);
        read_text(text->str, text->len, READER_BLOCK_MAX, dump, all);
        read_text(text->str, text->len, 65536, dump, cut);
        for (gsize i = 1; i < all->len; i++)
                n_events += all->str[i] == '@' && all->str[i - 1] == '\n';
        g_assert_cmpuint(n_events, >, n_timed + n * 99 / 100 - n_kept - 10);
        assert_same(all, cut, 65536);
}

/* A small block does not mean one block: the sizes above are worth something. */
static void test_n_blocks(void) {
        g_autoptr(GString) text = g_string_new(NULL), ignored = g_string_new(NULL);
        unsigned n;

        while (text->len < 200 * 1024)
                g_string_append(text, LINES[0]);
        n = read_text(text->str, text->len, 1024, dump, ignored);
        g_assert_cmpuint(n, >=, 200);
        n = read_text(text->str, text->len, 65536, dump, ignored);
        g_assert_cmpuint(n, >=, 4);
        g_assert_cmpuint(n, <=, 5);
}

/* --- events that are longer than what is kept of one --- */

#define FIRST "2026-11-23 10:00:00 INFO before\n"
#define LONG  "2026-11-23 10:00:01 ERROR long "
#define LAST  "2026-11-23 10:00:02 INFO after\n"

typedef struct LongCase {
        const char *name;
        const char *unit; /* what the long event is filled with */
        size_t bytes;     /* how far */
        bool first, last; /* whether an event stands before and behind it */
} LongCase;

static const LongCase LONG_CASES[] = {
        { "just-whole", "x", EVENT_HEAD_BYTES + EVENT_TAIL_BYTES, true, true },
        { "just-cut", "x", EVENT_HEAD_BYTES + EVENT_TAIL_BYTES + 1, true, true },
        { "lines", "\n\tat com.example.Shop.buy(Shop.java:10)", 300 * 1024, true, true },
        { "one-line-of-3-mb", "x", 3000000, true, true },
        { "lines-of-8-mb", "\n\tat com.example.Shop.buy(Shop.java:10)", 8000000, true, true },
        { "lines-of-8-mb-alone", "\n\tat com.example.Shop.buy(Shop.java:10)", 8000000, false, false },
        { "one-line-of-8-mb-first", "x", 8000000, false, true },
        { "one-line-of-8-mb-alone", "x", 8000000, false, false },
        { "one-line-of-8-mb", "x", 8000000, true, true },
};

static GString *long_text(const LongCase *of, uint64_t *n_bytes, uint64_t *n_lines) {
        GString *text = g_string_new(of->first ? FIRST : "");
        size_t start = text->len;

        g_string_append(text, LONG);
        while (text->len + 1 < start + of->bytes)
                g_string_append(text, of->unit);
        g_string_truncate(text, start + of->bytes - 1);
        g_string_append_c(text, '\n');
        *n_bytes = of->bytes;
        *n_lines = 0;
        for (size_t i = start; i < text->len; i++)
                *n_lines += text->str[i] == '\n';
        if (of->last)
                g_string_append(text, LAST LAST);
        return text;
}

static void collect(const Event *event, void *data) {
        GArray *events = data;

        g_array_append_val(events, *event);
}

static void assert_place(const Event *event, uint64_t offset, uint64_t n_bytes, uint64_t line, uint64_t n_lines) {
        g_assert_cmpuint(event->offset, ==, offset);
        g_assert_cmpuint(event->n_bytes, ==, n_bytes);
        g_assert_cmpuint(event->line, ==, line);
        g_assert_cmpuint(event->n_lines, ==, n_lines);
}

static void check_long(const LongCase *of, const GString *text, size_t block_bytes, uint64_t n_bytes, uint64_t n_lines) {
        g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(Event));
        size_t n = 0, first = of->first ? strlen(FIRST) : 0;
        const Event *event;

        read_text(text->str, text->len, block_bytes, collect, events);
        g_assert_cmpuint(events->len, ==, (guint)of->first + 1 + 2 * (guint)of->last);
        if (events->len != (guint)of->first + 1 + 2 * (guint)of->last)
                return;
        if (of->first)
                assert_place(&g_array_index(events, Event, n++), 0, first, 1, 1);
        event = &g_array_index(events, Event, n++);
        assert_place(event, first, n_bytes, 1 + of->first, n_lines);
        g_assert_true(event->cut == (n_bytes > EVENT_HEAD_BYTES + EVENT_TAIL_BYTES));
        g_assert_cmpuint(event->head.len, ==, event->cut ? EVENT_HEAD_BYTES : n_bytes);
        g_assert_cmpuint(event->tail.len, ==, event->cut ? EVENT_TAIL_BYTES : 0);
        for (size_t i = 0; i < 2 && of->last; i++)
                assert_place(&g_array_index(events, Event, n++), first + n_bytes + i * strlen(LAST), strlen(LAST), 1 + of->first + n_lines + i, 1);
}

static void test_long(const void *data) {
        const LongCase *of = data;
        uint64_t n_bytes, n_lines;
        g_autoptr(GString) text = NULL;

        text = long_text(of, &n_bytes, &n_lines);
        check_long(of, text, 1024, n_bytes, n_lines);
        check_long(of, text, BLOCK_BYTES, n_bytes, n_lines);
}

static void note_ends(const Event *event, void *data) {
        GString *seen = data;
        Str end = event->cut ? event->tail : event->head;

        g_string_append_printf(seen, "%.*s", 40, event->head.ptr);
        g_string_append_printf(seen, "...%.*s|", 10, end.ptr + end.len - MIN((size_t)10, end.len));
}

/* Head and tail are the first and the last bytes of the event, whatever was dropped between. */
static void test_long_ends(void) {
        g_autoptr(GString) text = g_string_new(LONG), seen = g_string_new(NULL);

        for (unsigned i = 0; i < 300000; i++)
                g_string_append_printf(text, "\n  %u", i);
        g_string_append(text, "\n  the end\n" LAST);
        read_text(text->str, text->len, 4096, note_ends, seen);
        g_assert_true(g_str_has_prefix(seen->str, LONG "\n  0"));
        g_assert_nonnull(strstr(seen->str, "  the end\n|2026-11-23 10:00:02 INFO after\n"));
}

static void note_cause(const Event *event, void *data) {
        g_string_append_printf(data, "%.*s|", (int)event->cause.len, event->cause.ptr);
}

/* The deepest cause stands in the tail of a very long trace. */
static void test_long_cause(void) {
        g_autoptr(GString) text = g_string_new(LONG), seen = g_string_new(NULL);

        g_string_append(text, "\nCaused by: the first\n");
        while (text->len < 5000000)
                g_string_append(text, "\tat com.example.Shop.buy(Shop.java:10)\n");
        g_string_append(text, "Caused by: the deepest\n\t... 3 more\n" LAST);
        read_text(text->str, text->len, BLOCK_BYTES, note_cause, seen);
        g_assert_cmpstr(seen->str, ==, "Caused by: the deepest||");
}

static void add_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *whole = g_strdup_printf("/events/case/%s", CASES[i].name);
                g_autofree char *cut = g_strdup_printf("/events/cut/%s", CASES[i].name);

                g_test_add_data_func(whole, &CASES[i], test_case);
                g_test_add_data_func(cut, &CASES[i], test_case_repeated);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(LONG_CASES); i++) {
                g_autofree char *path = g_strdup_printf("/events/long/%s", LONG_CASES[i].name);
                g_test_add_data_func(path, &LONG_CASES[i], test_long);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        add_cases();
        g_test_add_data_func("/events/cut/mixed/1", GUINT_TO_POINTER(1), test_mixed);
        g_test_add_data_func("/events/cut/mixed/2", GUINT_TO_POINTER(20261123), test_mixed);
        g_test_add_func("/events/cut/late-time", test_late_time);
        g_test_add_func("/events/cut/times-stop", test_times_stop);
        g_test_add_func("/events/cut/n-blocks", test_n_blocks);
        g_test_add_func("/events/long/ends", test_long_ends);
        g_test_add_func("/events/long/cause", test_long_cause);
        return g_test_run();
}
