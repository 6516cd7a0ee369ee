/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/follow.h"

#include "base/error.h"
#include "commands/follow_sources.h"
#include "commands/follow_story.h"
#include "commands/growing.h"
#include "commands/publish.h"
#include "input/sources.h"
#include "input/tail.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define POLL_MS     200
#define CHUNK_BYTES (64 * 1024)

/* Of one log, so much is read before the others have their turn. */
#define LOOK_BYTES (16 * 1024 * 1024)

/* The last event of a log is taken as whole when nothing came for so long. */
#define SETTLE_US G_USEC_PER_SEC

/* Between two diagnoses: a second, but longer where one takes longer, so that reading goes on. */
#define TICK_US     G_USEC_PER_SEC
#define TICK_MAX_US (4 * G_USEC_PER_SEC)

typedef struct Followed {
        Tail *tail; /* NULL: standard input */
        Growing growing;
        int64_t changed_us; /* when something came last */
        int64_t missed_us;  /* since when it is not found in its folder any more; 0: it is, or was named */
        bool from_folder;
        bool gone; /* given up; forgotten when the window slides */
} Followed;

typedef struct Follow {
        Session *session;
        const Options *options;
        GPtrArray *names;  /* of strings, owned */
        Followed *sources; /* owned; room for FOLLOW_SOURCES_MAX */
        guint n_sources;
        Counter counter; /* its ledger is the younger one */
        Ledger *older, *younger;
        int64_t began_us;                       /* the younger ledger, by the clock that only goes forward */
        int64_t searched_us;                    /* for new logs */
        int64_t clock_us;                       /* the clock at the begin, less the time for which the machine had been up */
        unsigned n_over;                        /* incidents that were over before the younger ledger began */
        uint64_t n_older;                       /* events that were counted before the younger ledger began */
        uint64_t n_diagnosed;                   /* events that were counted before the last diagnosis */
        uint64_t context_lines, context_events; /* which are not told as followed */
        bool more;                              /* there is more to read at once */
        bool full;                              /* it was told that there are more logs than can be followed */
        bool is_context;                        /* what is read was there before */
        GHashTable *refused;                    /* names of logs in folders that could not be opened and were told; owned */
        bool stdin_ended;
        bool partial;  /* something cannot be read */
        bool found;    /* --fail-on is met */
        int unwritten; /* why nothing can be told any more, as in errno; 0: it can */
} Follow;

/* --- reading --- */

/* A signal to end waits, while much is read before the loop begins. */
static bool is_ending(void) {
        sigset_t waiting;

        return sigpending(&waiting) == 0 && (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1);
}

static void take(Follow *f, guint index, const char *bytes, size_t n) {
        growing_take(&f->sources[index].growing, &f->counter, bytes, n);
        f->sources[index].changed_us = g_get_monotonic_time();
}

/* So that a line has its number even where what comes before it is not read. */
static uint64_t lines_before(const char *path, uint64_t offset) {
        g_autofree char *chunk = g_malloc(CHUNK_BYTES);
        FILE *file = offset > 0 ? fopen(path, "rbe") : NULL;
        uint64_t lines = 0;
        size_t n;

        while (file && offset > 0 && !is_ending() && (n = fread(chunk, 1, MIN(offset, CHUNK_BYTES), file)) > 0) {
                lines += newlines_count((Str){ chunk, n });
                offset -= n;
        }
        if (file)
                fclose(file);
        return lines;
}

static void go_on(Follow *f, guint index) {
        Followed *source = &f->sources[index];
        uint64_t offset = tail_offset(source->tail);

        growing_end(&source->growing, &f->counter);
        growing_go_on(&source->growing, offset, lines_before(source->growing.name, offset));
}

/* What is there now; but a log that grows faster than it is read must not keep from all others, from telling, and from ending. */
static void read_tail(Follow *f, guint index, char *chunk) {
        size_t left = LOOK_BYTES, n;
        TailStatus status;

        while (left > 0 && (status = tail_read(f->sources[index].tail, chunk, CHUNK_BYTES, &n)) != TAIL_NOTHING) {
                if (status == TAIL_ROTATED)
                        go_on(f, index);
                else
                        take(f, index, chunk, n);
                left -= MIN(left, n);
        }
        f->more |= left == 0;
}

static void read_stdin(Follow *f, guint index, char *chunk) {
        ssize_t n = read(STDIN_FILENO, chunk, CHUNK_BYTES);

        if (n > 0)
                take(f, index, chunk, (size_t)n);
        else if (n == 0 || (errno != EINTR && errno != EAGAIN))
                f->stdin_ended = true;
        if (f->stdin_ended)
                growing_end(&f->sources[index].growing, &f->counter);
}

/* What is there when the following begins may be old, what comes then is not. */
static int64_t written_us(const Follow *f, const Followed *source) {
        int64_t now_us = g_get_real_time();

        return f->is_context && source->tail ? MIN(tail_written_us(source->tail), now_us) : now_us;
}

static void read_all(Follow *f, bool stdin_ready) {
        char chunk[CHUNK_BYTES];

        f->more = false;
        for (guint i = 0; i < f->n_sources && !(f->is_context && is_ending()); i++) {
                Followed *source = &f->sources[i];
                if (source->gone)
                        continue;
                f->counter.reference_us = written_us(f, source);
                if (source->tail)
                        read_tail(f, i, chunk);
                else if (stdin_ready)
                        read_stdin(f, i, chunk);
                growing_count(&source->growing, &f->counter, f->is_context || g_get_monotonic_time() - source->changed_us >= SETTLE_US);
        }
}

/* --- diagnosing --- */

/* The newest event by its own time, TIME_NONE without any; @first_us: the oldest. */
static int64_t newest_us(Ledger *ledger, int64_t *first_us) {
        int64_t last_us = TIME_NONE;

        *first_us = TIME_NONE;
        for (guint i = 0; i < ledger_n_sources(ledger); i++) {
                const SourceRecord *record = ledger_source(ledger, i);
                if (record->last_us == TIME_NONE)
                        continue;
                last_us = last_us == TIME_NONE ? record->last_us : MAX(last_us, record->last_us);
                *first_us = *first_us == TIME_NONE ? record->first_us : MIN(*first_us, record->first_us);
        }
        return last_us;
}

/*
 * Full by the clock; or, for a log that is played back, by its own times: one odd time alone fills nothing; or by incidents, of which a report
 * has room for few.
 */
static bool is_full(const Follow *f, const Story *story) {
        int64_t window_us = FOLLOW_WINDOW_SECONDS * (int64_t)G_USEC_PER_SEC, first_us, last_us;

        if (g_get_monotonic_time() - f->began_us >= window_us || story_n_over(story) - f->n_over >= FOLLOW_WINDOW_INCIDENTS)
                return true;
        if (f->counter.events - f->n_older < FOLLOW_WINDOW_EVENTS)
                return false;
        last_us = newest_us(f->younger, &first_us);
        return last_us != TIME_NONE && last_us - first_us >= window_us;
}

/* What was summed up lay between what is kept: without this the heap grows for weeks. */
static void return_memory(void) {
#ifdef __GLIBC__
        malloc_trim(0);
#endif
}

/* The other logs have new numbers then, so a ledger must begin. */
static void forget_gone(Follow *f) {
        for (guint i = f->n_sources; i-- > 0;) {
                if (!f->sources[i].gone)
                        continue;
                growing_clear(&f->sources[i].growing);
                g_ptr_array_remove_index(f->names, i);
                memmove(&f->sources[i], &f->sources[i + 1], (--f->n_sources - i) * sizeof(*f->sources));
        }
        for (guint i = 0; i < f->n_sources; i++)
                f->sources[i].growing.index = i;
}

/* The older ledger goes, the younger one becomes the older. While nothing comes, what was usual is kept, for days if need be. */
static void slide(Follow *f, const Story *story) {
        bool crowded = f->n_sources == FOLLOW_SOURCES_MAX;

        if (!crowded && f->counter.events == f->n_older)
                f->began_us = g_get_monotonic_time();
        if (!is_full(f, story))
                return;
        ledger_free(f->older);
        f->older = f->younger;
        forget_gone(f);
        f->younger = f->counter.ledger = pipeline_feed_ledger(f->counter.feed, f->names);
        f->began_us = g_get_monotonic_time();
        f->n_older = f->counter.events;
        f->n_over = story_n_over(story);
}

/* By the clock as it was at the begin, without its steps: no incident may go on for a day because the clock was set back. */
static int64_t up_us(void) {
        struct timespec up;

        clock_gettime(CLOCK_BOOTTIME, &up);
        return up.tv_sec * G_USEC_PER_SEC + up.tv_nsec / 1000;
}

/* To be asked when something was told, with errno as it left it; it is told once, at the end. */
static void note_output(Follow *f) {
        if (ferror(stdout) && f->unwritten == 0)
                f->unwritten = errno != 0 ? errno : EIO;
        clearerr(stdout);
}

/* True when --fail-on is met. */
static bool diagnose_window(Follow *f, Story *story) {
        g_autoptr(Ledger) sum = ledger_new(f->session->patterns, f->names, NULL, NULL);
        g_autoptr(Diagnosis) diagnosis = NULL;

        ledger_merge(sum, f->older);
        ledger_merge(sum, f->younger);
        diagnosis = publish_diagnose(sum, f->session, f->options, NULL);
        if (!diagnosis)
                return false;
        publish_redact(diagnosis, f->session);
        errno = 0;
        story_tell(story, diagnosis->report, f->clock_us + up_us());
        note_output(f);
        f->n_diagnosed = f->counter.events;
        slide(f, story);
        return publish_is_found(diagnosis->report, f->options->fail_on);
}

/* --- the logs --- */

/* @context: as for tail_open(). */
static bool add_source(Follow *f, const char *name, uint64_t context, GError **error) {
        Followed *source = &f->sources[f->n_sources];
        Tail *tail = NULL;
        uint64_t offset;

        if (!g_str_equal(name, SOURCE_STDIN) && !(tail = tail_open(name, context, error)))
                return false;
        offset = tail ? tail_offset(tail) : 0;
        g_ptr_array_add(f->names, g_strdup(name));
        *source = (Followed){ .tail = tail };
        growing_init(&source->growing, f->names->pdata[f->n_sources], f->n_sources, offset, lines_before(name, offset));
        ledger_add_source(f->younger, name);
        f->n_sources++;
        return true;
}

static void complain(Follow *f, const char *problem) {
        session_complain("%s", problem);
        f->partial = true;
}

/* One of a folder that cannot be read is told once; it may be readable when it is tried again. */
static void add_found(Follow *f, const char *name, uint64_t context) {
        g_autoptr(GError) error = NULL;

        if (add_source(f, name, context, &error)) {
                f->sources[f->n_sources - 1].from_folder = true;
                return;
        }
        if (g_hash_table_size(f->refused) < FOLLOW_SOURCES_MAX && g_hash_table_add(f->refused, g_strdup(name)))
                complain(f, error->message);
}

static bool open_sources(Follow *f, int *stdin_at, GError **error) {
        const GPtrArray *sources = f->session->sources;

        if (sources->len > FOLLOW_SOURCES_MAX) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--follow: %u logs; at most %d can be followed", sources->len, FOLLOW_SOURCES_MAX);
                return false;
        }
        for (guint i = 0; i < sources->len; i++) {
                const Source *source = sources->pdata[i];
                if (g_str_equal(source->name, SOURCE_STDIN))
                        *stdin_at = (int)i;
                if (source->from_folder)
                        add_found(f, source->name, FOLLOW_CONTEXT_BYTES);
                else if (!add_source(f, source->name, FOLLOW_CONTEXT_BYTES, error))
                        return false;
        }
        return true;
}

static Followed *find_followed(const Follow *f, const char *name) {
        for (guint i = 0; i < f->n_sources; i++)
                if (!f->sources[i].gone && g_str_equal(f->sources[i].growing.name, name))
                        return &f->sources[i];
        return NULL;
}

/* A log that is new in a followed folder is followed from its begin. */
static void follow_found(Follow *f, const char *name) {
        if (f->n_sources < FOLLOW_SOURCES_MAX) {
                add_found(f, name, UINT64_MAX);
        } else if (!f->full) {
                session_complain("%s: not followed yet: there are %d logs, and no more can be followed at a time", name, FOLLOW_SOURCES_MAX);
                f->full = f->partial = true;
        }
}

/* What was removed, or has a newer file of its set beside it, is given up when nothing came for long: days bring new names. */
static void give_up(Follow *f, GHashTable *found) {
        int64_t now_us = g_get_monotonic_time();

        for (guint i = 0; i < f->n_sources; i++) {
                Followed *source = &f->sources[i];
                if (!source->from_folder || source->gone)
                        continue;
                if (g_hash_table_contains(found, source->growing.name))
                        source->missed_us = 0;
                else if (source->missed_us == 0)
                        source->missed_us = now_us;
                else if (now_us - MAX(source->missed_us, source->changed_us) >= FOLLOW_GONE_SECONDS * G_USEC_PER_SEC) {
                        growing_end(&source->growing, &f->counter);
                        g_clear_pointer(&source->tail, tail_free);
                        source->gone = true;
                }
        }
}

static void search(Follow *f) {
        g_autoptr(GHashTable) found = NULL;
        g_autoptr(GPtrArray) sources = NULL;

        if (!f->options->paths || g_get_monotonic_time() - f->searched_us < FOLLOW_SEARCH_SECONDS * G_USEC_PER_SEC)
                return;
        f->searched_us = g_get_monotonic_time();
        sources = follow_sources_find((const char *const *)f->options->paths);
        found = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint i = 0; i < sources->len; i++)
                g_hash_table_add(found, ((Source *)sources->pdata[i])->name);
        give_up(f, found);
        for (guint i = 0; i < sources->len; i++) {
                const Source *source = sources->pdata[i];
                if (source->from_folder && !find_followed(f, source->name))
                        follow_found(f, source->name);
        }
}

/* --- the loop --- */

/*
 * Waits a moment; gives the signal that came, or 0. That nobody reads what is told is seen here, for there may be nothing to tell for
 * days.
 */
static uint32_t wait_a_moment(Follow *f, int signals, int stdin_at, bool *stdin_ready) {
        struct pollfd fds[] = { { signals, POLLIN, 0 }, { STDOUT_FILENO, 0, 0 }, { STDIN_FILENO, POLLIN, 0 } };
        struct signalfd_siginfo info;

        *stdin_ready = false;
        if (f->options->quiet)
                fds[1].fd = -1;
        if (poll(fds, stdin_at >= 0 && !f->stdin_ended ? 3 : 2, f->more ? 0 : POLL_MS) <= 0)
                return 0;
        if (fds[1].revents & (POLLERR | POLLHUP))
                f->unwritten = EPIPE;
        *stdin_ready = stdin_at >= 0 && fds[2].revents != 0;
        return fds[0].revents != 0 && read(signals, &info, sizeof(info)) == sizeof(info) ? info.ssi_signo : 0;
}

static void tell_status(Follow *f, const Story *story, const char *what) {
        if (f->unwritten != 0)
                return;
        errno = 0;
        story_status(story, what, f->counter.lines - f->context_lines, f->counter.events - f->context_events);
        note_output(f);
}

static void run(Follow *f, Story *story, int signals, int stdin_at) {
        int64_t next_us = 0, started_us;
        bool ends = false, stdin_ready = false, read_whole = false;

        while (!f->found && !ends && f->unwritten == 0) {
                uint32_t signal = wait_a_moment(f, signals, stdin_at, &stdin_ready);
                read_whole = f->stdin_ended && f->n_sources == 1;
                ends = signal == SIGINT || signal == SIGTERM || read_whole;
                search(f);
                read_all(f, stdin_ready);
                for (guint i = 0; ends && i < f->n_sources; i++)
                        growing_end(&f->sources[i].growing, &f->counter);
                if (signal == SIGUSR1)
                        tell_status(f, story, "status");
                started_us = g_get_monotonic_time();
                if (!ends && (f->counter.events == f->n_diagnosed || started_us < next_us) && started_us < next_us + TICK_MAX_US)
                        continue;
                f->found = diagnose_window(f, story);
                return_memory();
                next_us = g_get_monotonic_time() + CLAMP(2 * (g_get_monotonic_time() - started_us), TICK_US, TICK_MAX_US);
        }
        if (read_whole && f->unwritten == 0)
                story_end(story, g_get_real_time());
        tell_status(f, story, "stop");
}

/* A reader who went away has what he wanted. */
static int exit_code(const Follow *f, GError **error) {
        if (f->unwritten != 0 && f->unwritten != EPIPE) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_OUTPUT, "cannot write what happens: %s", g_strerror(f->unwritten));
                return EXIT_USAGE;
        }
        return f->found ? EXIT_FOUND : f->partial ? EXIT_PARTIAL : EXIT_DONE;
}

static void close_all(Follow *f) {
        for (guint i = 0; i < f->n_sources; i++) {
                g_clear_pointer(&f->sources[i].tail, tail_free);
                growing_clear(&f->sources[i].growing);
        }
        g_clear_pointer(&f->older, ledger_free);
        g_clear_pointer(&f->younger, ledger_free);
        g_clear_pointer(&f->counter.feed, pipeline_feed_free);
        block_free(f->counter.block);
        g_free(f->sources);
        g_ptr_array_unref(f->names);
        g_hash_table_unref(f->refused);
}

/* The signals that end it arrive as bytes to be read, so that no event is cut. */
static int block_signals(void) {
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGUSR1);
        sigprocmask(SIG_BLOCK, &set, NULL);
        return signalfd(-1, &set, SFD_CLOEXEC);
}

/* What was there before: it is not news. */
static void read_context(Follow *f) {
        f->is_context = true;
        read_all(f, false);
        f->is_context = false;
        f->context_lines = f->counter.lines;
        f->context_events = f->counter.events;
}

/* Now, for it may be days until it ends. That a folder is empty yet is nothing that could not be read. */
static void tell_problems(Follow *f) {
        const GPtrArray *problems = f->session->problems;

        for (guint i = 0; i < problems->len; i++)
                if (g_str_has_suffix(problems->pdata[i], SOURCES_NO_LOGS))
                        session_complain("%s yet", (char *)problems->pdata[i]);
                else
                        complain(f, problems->pdata[i]);
}

static bool check_options(const Options *options, GError **error) {
        const char *other = options->evidence ? "--evidence" : options->ledger ? "--ledger" : options->outputs ? "--output" : NULL;
        bool story = !options->format || g_str_equal(options->format, "text") || g_str_has_prefix(options->format, "json");

        if (publish_gap(options, error) < 0)
                return false;
        if (other)
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--follow with %s: a log that is followed has no end to report on", other);
        else if (!story)
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--follow with --format %s: what happens is told as text or jsonl", options->format);
        return !other && story;
}

static int follow_sources(Follow *f, int signals, GError **error) {
        const Options *options = f->options;
        bool json = options->format && g_str_has_prefix(options->format, "json");
        g_autoptr(Story) story = NULL;
        int64_t first_us, last_us;
        int stdin_at = -1;

        if (!check_options(options, error) || !follow_sources_choose(f->session->sources, error) || !open_sources(f, &stdin_at, error))
                return EXIT_USAGE;
        tell_problems(f);
        read_context(f);
        last_us = newest_us(f->younger, &first_us);
        story = story_new(json, options->quiet, last_us == TIME_NONE ? INT64_MIN : last_us + 1);
        errno = 0;
        story_begin(story);
        note_output(f);
        run(f, story, signals, stdin_at);
        return exit_code(f, error);
}

int follow(Session *session, const Options *options) {
        Follow f = { .session = session, .options = options };
        g_autoptr(GError) error = NULL;
        int code, signals = block_signals();

        session_keep_baselines(session, options);
        session_tell_problems(session);
        f.names = g_ptr_array_new_with_free_func(g_free);
        f.refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        f.sources = g_new0(Followed, FOLLOW_SOURCES_MAX);
        f.counter.feed = pipeline_feed_new(session->patterns, session->matcher, &session->scan);
        f.counter.options = &session->scan;
        f.counter.block = block_new(BLOCK_BYTES);
        f.older = pipeline_feed_ledger(f.counter.feed, f.names);
        f.younger = f.counter.ledger = pipeline_feed_ledger(f.counter.feed, f.names);
        f.clock_us = g_get_real_time() - up_us();
        f.began_us = f.searched_us = g_get_monotonic_time();
        code = follow_sources(&f, signals, &error);
        if (error)
                session_complain("%s", error->message);
        close_all(&f);
        close(signals);
        return code;
}
