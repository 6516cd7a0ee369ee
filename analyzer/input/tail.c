/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "input/tail.h"

#include "base/error.h"

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
        int64_t born_us; /* an inode is used again soon after its file was removed; 0 where nobody knows */
        bool is_copy;        /* of a file that was truncated: nobody writes to it */
        int64_t modified_us; /* orders those that were missed */
} Opened;

struct Tail {
        char *path;
        Opened now;
        GQueue next;       /* of Opened, owned: files that come before the one that has the name now */
        GHashTable *seen;  /* "DEVICE:INODE" of the files beside it, owned */
        char mark[MARK_BYTES]; /* the last bytes that were read of `now` */
        size_t n_mark;
};

/* --- files --- */

static int64_t born_us(int fd) {
        struct statx status;
        bool known = statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &status) == 0 && status.stx_mask & STATX_BTIME;

        return known ? status.stx_btime.tv_sec * G_USEC_PER_SEC + status.stx_btime.tv_nsec / 1000 : 0;
}

static bool open_file(const char *path, Opened *opened) {
        struct stat status;
        int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                return false;
        if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
                close(fd);
                errno = EINVAL;
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

        return at >= tail->n_mark && read_at(opened, found, tail->n_mark, at - tail->n_mark) == tail->n_mark &&
               memcmp(found, tail->mark, tail->n_mark) == 0;
}

/* --- siblings --- */

static int compare_ages(const void *a, const void *b) {
        const Opened *x = a, *y = b;
        bool born = x->born_us != 0 && y->born_us != 0;
        int64_t one = born ? x->born_us : x->modified_us, two = born ? y->born_us : y->modified_us;

        return (one > two) - (one < two);
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
                bool compressed = g_str_has_suffix(name, ".gz") || g_str_has_suffix(name, ".xz") || g_str_has_suffix(name, ".zst") || g_str_has_suffix(name, ".bz2");

                if (g_str_has_prefix(name, base) && !compressed && open_file(path, &opened))
                        g_array_append_val(siblings, opened);
        }
        g_array_sort(siblings, compare_ages);
        return siblings;
}

static bool is_same(const Opened *a, const Opened *b) {
        return a->device == b->device && a->inode == b->inode;
}

/* Looks at the files beside the followed one; @queue: takes those that are new, by age. Of a file that was truncated these are copies: the
 * one that goes on where reading stopped, and those after it, which were missed as a whole. */
static void look_around(Tail *tail, bool queue, bool truncated) {
        g_autoptr(GArray) siblings = open_siblings(tail);
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        bool wanted = queue && !truncated;

        for (guint i = 0; i < siblings->len; i++) {
                Opened *sibling = &g_array_index(siblings, Opened, i);
                g_autofree char *key = key_of(sibling);
                bool fresh = queue && !is_same(sibling, &tail->now) && !g_hash_table_contains(tail->seen, key);

                g_hash_table_add(seen, g_steal_pointer(&key));
                if (fresh && !wanted && tail->now.at > 0 && size_of(sibling) >= tail->now.at && has_mark(tail, sibling, tail->now.at)) {
                        sibling->at = tail->now.at;
                        sibling->is_copy = true;
                        wanted = true;
                }
                sibling->is_copy |= wanted && truncated;
                if (fresh && wanted)
                        g_queue_push_tail(&tail->next, g_memdup2(sibling, sizeof(*sibling)));
                else
                        close(sibling->fd);
        }
        g_hash_table_unref(tail->seen);
        tail->seen = g_steal_pointer(&seen);
}

/* --- the tail --- */

Tail *tail_open(const char *path, uint64_t context, GError **error) {
        Tail *tail;
        Opened now;
        uint64_t size;

        if (!open_file(path, &now)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s: cannot be followed: %s", path, g_strerror(errno));
                return NULL;
        }
        tail = g_new0(Tail, 1);
        tail->path = g_strdup(path);
        tail->now = now;
        size = size_of(&now);
        tail->now.at = size > context ? size - context : 0;
        set_mark(tail);
        g_queue_init(&tail->next);
        tail->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        look_around(tail, false, false);
        return tail;
}

static void close_opened(void *opened) {
        close(((Opened *)opened)->fd);
        g_free(opened);
}

void tail_free(Tail *tail) {
        close(tail->now.fd);
        g_queue_clear_full(&tail->next, close_opened);
        g_hash_table_unref(tail->seen);
        g_free(tail->path);
        g_free(tail);
}

uint64_t tail_offset(const Tail *tail) {
        return tail->now.at;
}

static void switch_to(Tail *tail, Opened opened) {
        if (opened.fd != tail->now.fd)
                close(tail->now.fd);
        tail->now = opened;
        set_mark(tail);
}

/* The file was cut short, or written anew from its begin. What was not read yet may be in a copy. */
static TailStatus restart(Tail *tail) {
        Opened again = tail->now;
        Opened *copy;

        look_around(tail, true, true);
        again.at = 0;
        copy = g_queue_peek_head(&tail->next);
        if (copy && copy->is_copy) {
                g_queue_pop_head(&tail->next);
                g_queue_push_tail(&tail->next, g_memdup2(&again, sizeof(again)));
                tail->now = *copy;
                g_free(copy);
                set_mark(tail);
                return TAIL_NOTHING;
        }
        switch_to(tail, again);
        return TAIL_ROTATED;
}

static TailStatus take_next(Tail *tail) {
        Opened *next = g_queue_pop_head(&tail->next);

        switch_to(tail, *next);
        g_free(next);
        return TAIL_ROTATED;
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
                look_around(tail, true, false);
        if (!g_queue_is_empty(&tail->next) && tail->now.is_copy)
                return take_next(tail);
        if (g_queue_is_empty(&tail->next) || g_get_real_time() - modified_us(&tail->now) < LINGER_US)
                return TAIL_NOTHING;
        return take_next(tail);
}

TailStatus tail_read(Tail *tail, char *buffer, size_t size, size_t *n) {
        *n = 0;
        if (size_of(&tail->now) < tail->now.at || !has_mark(tail, &tail->now, tail->now.at))
                return restart(tail);
        *n = read_at(&tail->now, buffer, size, tail->now.at);
        if (*n == 0)
                return follow_name(tail);
        tail->now.at += *n;
        set_mark(tail);
        return TAIL_BYTES;
}
