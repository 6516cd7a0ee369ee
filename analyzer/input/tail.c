/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "input/tail.h"

#include "base/error.h"
#include "input/journal.h"
#include "model/rotation.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes before the place of reading by which a file is known again. */
#define MARK_BYTES 256

/* A writer may go on with a renamed file for so long after its successor is there. */
#define LINGER_US G_USEC_PER_SEC

/* Files beside the followed one that are looked at when it was rotated. */
#define SIBLINGS_MAX 1000

typedef struct Opened {
        int fd;
        uint64_t at;
        dev_t device;
        ino_t inode;
        int64_t born_us;     /* an inode is used again soon after its file was removed; 0 where nobody knows */
        bool is_copy;        /* of a file that was truncated: nobody writes to it */
        int64_t modified_us; /* orders those that were missed */
} Opened;

struct Tail {
        char *path;
        Stream *journal;     /* owned; with it, there are no files */
        GPtrArray *problems; /* of the journal */
        Opened now;
        GQueue next;           /* of Opened, owned: files that come before the one that has the name now */
        GHashTable *seen;      /* "DEVICE:INODE" of the files beside it -> uint64_t, how far they were read; both owned */
        char mark[MARK_BYTES]; /* the last bytes that were read of `now` */
        size_t n_mark;
        int64_t read_us;   /* when something was read of `now` last, by the clock that only goes forward */
        int64_t looked_us; /* change of the folder that was looked at last */
};

/* What is to be done about the files beside the followed one that are new. */
typedef enum {
        LOOK_REMEMBER,  /* nothing */
        LOOK_RENAMED,   /* all are to be read */
        LOOK_TRUNCATED, /* they are copies: the one that goes on where reading stopped, and those after it, which were missed as a whole */
        LOOK_MISSED,    /* of what is read now nothing was read before it was truncated: all copies are to be read */
} Look;

/* --- files --- */

static int64_t born_us(int fd) {
        struct statx status;
        bool known = statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &status) == 0 && status.stx_mask & STATX_BTIME;

        return known ? status.stx_btime.tv_sec * G_USEC_PER_SEC + status.stx_btime.tv_nsec / 1000 : 0;
}

/* A FIFO may have taken the place of a log, or lie beside it: to open one must not wait for its writer. */
static bool open_file(const char *path, Opened *opened) {
        struct stat status;
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

        if (fd < 0)
                return false;
        if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
                close(fd);
                return false;
        }
        *opened = (Opened){ fd, 0, status.st_dev, status.st_ino, born_us(fd), false, status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000 };
        return true;
}

static uint64_t size_of(const Opened *opened) {
        struct stat status;

        return fstat(opened->fd, &status) == 0 ? (uint64_t)status.st_size : 0;
}

static int64_t modified_us(const Opened *opened) {
        struct stat status;

        return fstat(opened->fd, &status) == 0 ? status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000 : 0;
}

static char *key_of(const Opened *opened) {
        return g_strdup_printf("%ju:%ju:%" G_GINT64_FORMAT, (uintmax_t)opened->device, (uintmax_t)opened->inode, opened->born_us);
}

static size_t read_at(const Opened *opened, char *buffer, size_t size, uint64_t at) {
        ssize_t n;

        do {
                n = pread(opened->fd, buffer, size, (off_t)at);
        } while (n < 0 && errno == EINTR);
        return n > 0 ? (size_t)n : 0;
}

static void set_mark(Tail *tail) {
        uint64_t from = tail->now.at > MARK_BYTES ? tail->now.at - MARK_BYTES : 0;

        tail->n_mark = read_at(&tail->now, tail->mark, (size_t)(tail->now.at - from), from);
}

/* Does @opened hold before byte @at what was read last? */
static bool has_mark(const Tail *tail, const Opened *opened, uint64_t at) {
        char found[MARK_BYTES];

        return at >= tail->n_mark && read_at(opened, found, tail->n_mark, at - tail->n_mark) == tail->n_mark && memcmp(found, tail->mark, tail->n_mark) == 0;
}

/* --- siblings --- */

static int compare_ages(const void *a, const void *b) {
        const Opened *x = a, *y = b;
        bool born = x->born_us != 0 && y->born_us != 0;
        int64_t one = born ? x->born_us : x->modified_us, two = born ? y->born_us : y->modified_us;

        return (one > two) - (one < two);
}

/* Do both names belong to one log? */
static bool is_of_set(const Tail *tail, const char *path) {
        Rotation ours, its;
        bool same;

        rotation_read(&ours, tail->path);
        rotation_read(&its, path);
        same = g_str_equal(ours.set, its.set);
        rotation_clear(&ours);
        rotation_clear(&its);
        return same;
}

/* Files whose names begin with the followed one's, opened, by age. Compressed ones hold what was read before. */
static GArray *open_siblings(const Tail *tail) {
        g_autofree char *folder = g_path_get_dirname(tail->path), *base = g_path_get_basename(tail->path);
        GArray *siblings = g_array_new(FALSE, FALSE, sizeof(Opened));
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        const char *name;

        while (dir && siblings->len < SIBLINGS_MAX && (name = g_dir_read_name(dir))) {
                g_autofree char *path = g_build_filename(folder, name, NULL);
                Opened opened;
                bool compressed =
                        g_str_has_suffix(name, ".gz") || g_str_has_suffix(name, ".xz") || g_str_has_suffix(name, ".zst") || g_str_has_suffix(name, ".bz2");

                if (g_str_has_prefix(name, base) && !compressed && is_of_set(tail, path) && open_file(path, &opened))
                        g_array_append_val(siblings, opened);
        }
        g_array_sort(siblings, compare_ages);
        return siblings;
}

/* Changes when a file comes, goes or is renamed. */
static int64_t folder_changed_us(const Tail *tail) {
        g_autofree char *folder = g_path_get_dirname(tail->path);
        struct stat status;

        return stat(folder, &status) == 0 ? status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000 : 0;
}

/* Is @sibling a copy of what the file @live holds still? */
static bool is_unfinished_copy(const Opened *live, const Opened *sibling) {
        char ours[MARK_BYTES], its[MARK_BYTES];
        size_t n = read_at(live, ours, sizeof(ours), 0), m = read_at(sibling, its, sizeof(its), 0);

        return n > 0 && memcmp(ours, its, MIN(n, m)) == 0;
}

static bool is_same(const Opened *a, const Opened *b) {
        return a->device == b->device && a->inode == b->inode;
}

/* Is the one at which reading of a file goes on that was truncated? */
static bool goes_on(const Tail *tail, const Opened *sibling) {
        return tail->now.at > 0 && size_of(sibling) >= tail->now.at && has_mark(tail, sibling, tail->now.at);
}

/* How far a file was read that is no longer: to its end, if nobody knows better. */
static void note_read(GHashTable *seen, char *key, uint64_t at) {
        g_hash_table_insert(seen, key, g_memdup2(&at, sizeof(at)));
}

static GHashTable *seen_new(void) {
        return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

/* Looks at the files beside the followed one and queues those that are new and wanted, by age; while a copy is read, the file itself
 * stays the last. */
static void look_around(Tail *tail, Look look) {
        int64_t changed_us = folder_changed_us(tail);
        g_autoptr(GArray) siblings = open_siblings(tail);
        g_autoptr(GHashTable) seen = seen_new();
        bool wanted = look == LOOK_RENAMED || look == LOOK_MISSED;
        Opened *live = tail->now.is_copy ? g_queue_pop_tail(&tail->next) : &tail->now;

        for (guint i = 0; i < siblings->len; i++) {
                Opened *sibling = &g_array_index(siblings, Opened, i);
                g_autofree char *key = key_of(sibling);
                const uint64_t *known = g_hash_table_lookup(tail->seen, key);
                bool fresh = look != LOOK_REMEMBER && !is_same(sibling, live) && !known;

                if (fresh && look == LOOK_MISSED && is_unfinished_copy(live, sibling)) {
                        close(sibling->fd);
                        continue;
                }
                note_read(seen, g_steal_pointer(&key), known ? *known : size_of(sibling));
                if (fresh && !wanted && goes_on(tail, sibling)) {
                        sibling->at = tail->now.at;
                        wanted = true;
                }
                sibling->is_copy |= wanted && look != LOOK_RENAMED;
                if (fresh && wanted)
                        g_queue_push_tail(&tail->next, g_memdup2(sibling, sizeof(*sibling)));
                else
                        close(sibling->fd);
        }
        if (live != &tail->now)
                g_queue_push_tail(&tail->next, live);
        g_hash_table_unref(tail->seen);
        tail->seen = g_steal_pointer(&seen);
        tail->looked_us = changed_us;
}

/* --- journals --- */

static bool is_journal(const char *path) {
        char head[JOURNAL_HEAD_BYTES];
        Opened opened;
        size_t n;

        if (journal_is_name(path))
                return true;
        if (!open_file(path, &opened))
                return false;
        n = read_at(&opened, head, sizeof(head), 0);
        close(opened.fd);
        return journal_begins((Str){ head, n });
}

static Tail *open_journal(const char *path, GError **error) {
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        Stream *journal = journal_follow(path, TAIL_JOURNAL_ENTRIES, problems, error);
        Tail *tail;

        if (!journal) {
                g_prefix_error(error, "%s: ", path);
                return NULL;
        }
        tail = g_new0(Tail, 1);
        tail->path = g_strdup(path);
        tail->journal = journal;
        tail->problems = g_steal_pointer(&problems);
        tail->now.fd = -1;
        tail->seen = seen_new();
        return tail;
}

/* --- the tail --- */

static Tail *refuse(const char *path, GError **error) {
        const char *why = g_strerror(errno);
        struct stat status;

        if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
                why = "no regular file; what comes through it can be followed as standard input";
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s: cannot be followed: %s", path, why);
        return NULL;
}

Tail *tail_open(const char *path, uint64_t context, GError **error) {
        Tail *tail;
        Opened now;
        uint64_t size;

        if (is_journal(path))
                return open_journal(path, error);
        if (!open_file(path, &now))
                return refuse(path, error);
        tail = g_new0(Tail, 1);
        tail->path = g_strdup(path);
        tail->now = now;
        size = size_of(&now);
        tail->now.at = size > context ? size - context : 0;
        tail->read_us = g_get_monotonic_time();
        set_mark(tail);
        g_queue_init(&tail->next);
        tail->seen = seen_new();
        look_around(tail, LOOK_REMEMBER);
        return tail;
}

static void close_opened(void *opened) {
        close(((Opened *)opened)->fd);
        g_free(opened);
}

void tail_free(Tail *tail) {
        if (tail->journal) {
                tail->journal->free(tail->journal);
                g_ptr_array_unref(tail->problems);
        } else {
                close(tail->now.fd);
        }
        g_queue_clear_full(&tail->next, close_opened);
        g_hash_table_unref(tail->seen);
        g_free(tail->path);
        g_free(tail);
}

uint64_t tail_offset(const Tail *tail) {
        return tail->now.at;
}

int64_t tail_written_us(const Tail *tail) {
        return tail->journal ? g_get_real_time() : modified_us(&tail->now);
}

static void switch_to(Tail *tail, Opened opened) {
        if (opened.fd != tail->now.fd) {
                note_read(tail->seen, key_of(&tail->now), tail->now.at);
                close(tail->now.fd);
        }
        tail->now = opened;
        tail->read_us = g_get_monotonic_time();
        set_mark(tail);
}

/* Puts the copies that are queued before the file itself, which is read again from its begin. */
static TailStatus read_copies(Tail *tail) {
        Opened again = tail->now, *copy = g_queue_pop_head(&tail->next);
        TailStatus status = copy->at > 0 ? TAIL_NOTHING : TAIL_ROTATED;

        again.at = 0;
        g_queue_push_tail(&tail->next, g_memdup2(&again, sizeof(again)));
        tail->now = *copy;
        g_free(copy);
        set_mark(tail);
        return status;
}

static bool has_copies(Tail *tail) {
        const Opened *copy = g_queue_peek_head(&tail->next);

        return copy && copy->is_copy;
}

/* The file was cut short, or written anew from its begin. What was not read yet may be in a copy. */
static TailStatus restart(Tail *tail) {
        Opened again = tail->now;

        look_around(tail, LOOK_TRUNCATED);
        if (has_copies(tail))
                return read_copies(tail);
        again.at = 0;
        switch_to(tail, again);
        return TAIL_ROTATED;
}

/* Of a file of which nothing was read yet, truncation cannot be seen, but that a copy is there. */
static bool has_missed(Tail *tail) {
        Opened current = { .fd = -1 };
        bool same;

        if (tail->now.at > 0 || tail->now.is_copy || !g_queue_is_empty(&tail->next) || folder_changed_us(tail) == tail->looked_us)
                return false;
        same = open_file(tail->path, &current) && is_same(&current, &tail->now);
        if (current.fd >= 0)
                close(current.fd);
        if (same)
                look_around(tail, LOOK_MISSED);
        return same && has_copies(tail);
}

static TailStatus take_next(Tail *tail) {
        Opened *next = g_queue_pop_head(&tail->next);

        switch_to(tail, *next);
        g_free(next);
        return TAIL_ROTATED;
}

/*
 * The file that has the name now was read before, was away and is back: what was written to it since is news. Where nobody knows when files
 * were born, it may be another one in the same place on the disk.
 */
static void come_back(Tail *tail) {
        g_autofree char *key = NULL;
        const uint64_t *known;
        Opened back;

        if (!open_file(tail->path, &back))
                return;
        key = key_of(&back);
        known = g_hash_table_lookup(tail->seen, key);
        back.at = known && back.born_us != 0 && *known <= size_of(&back) ? *known : 0;
        g_queue_push_tail(&tail->next, g_memdup2(&back, sizeof(back)));
}

/* By the file's time, or, as clocks are set back and differ between machines, by what was read. */
static bool is_still(const Tail *tail) {
        return g_get_real_time() - modified_us(&tail->now) >= LINGER_US || g_get_monotonic_time() - tail->read_us >= LINGER_US;
}

/* Is there another file under the name, and has the old one been still for long enough? */
static TailStatus follow_name(Tail *tail) {
        Opened current = { .fd = -1 };
        bool same = open_file(tail->path, &current) && is_same(&current, &tail->now);

        if (current.fd >= 0)
                close(current.fd);
        if (same)
                return TAIL_NOTHING;
        if (current.fd >= 0)
                look_around(tail, tail->now.is_copy ? LOOK_MISSED : LOOK_RENAMED);
        if (!g_queue_is_empty(&tail->next) && tail->now.is_copy)
                return take_next(tail);
        if (g_queue_is_empty(&tail->next) && current.fd >= 0)
                come_back(tail);
        if (g_queue_is_empty(&tail->next) || !is_still(tail))
                return TAIL_NOTHING;
        return take_next(tail);
}

TailStatus tail_read(Tail *tail, char *buffer, size_t size, size_t *n) {
        *n = 0;
        if (tail->journal) {
                *n = tail->journal->read(tail->journal, buffer, size);
                return *n > 0 ? TAIL_BYTES : TAIL_NOTHING;
        }
        if (size_of(&tail->now) < tail->now.at || !has_mark(tail, &tail->now, tail->now.at))
                return restart(tail);
        if (has_missed(tail))
                return read_copies(tail);
        *n = read_at(&tail->now, buffer, size, tail->now.at);
        if (*n == 0)
                return follow_name(tail);
        tail->now.at += *n;
        tail->read_us = g_get_monotonic_time();
        set_mark(tail);
        return TAIL_BYTES;
}
