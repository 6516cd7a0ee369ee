/* SPDX-License-Identifier: Apache-2.0 */
#include "input/file.h"

#include "base/error.h"
#include "model/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KERNEL_LOG "/proc/kmsg"

typedef struct File {
        Stream stream;
        int fd;
        struct stat status;
        uint64_t at; /* in the file, behind what was read; of others the bytes read */
        bool end;
        bool has_ahead; /* a byte was read while waiting for a FIFO's writer */
        char ahead;
        GPtrArray *problems; /* borrowed */
        Tally *tally;        /* borrowed */
} File;

static void note_end(File *file) {
        bool shrank = S_ISREG(file->status.st_mode) && file->at < (uint64_t)file->status.st_size;

        file->end = true;
        if (shrank)
                stream_problem(file->problems, "shrank while it was read, from %" G_GINT64_FORMAT " to %" G_GUINT64_FORMAT " bytes",
                               (gint64)file->status.st_size, (guint64)file->at);
}

static ssize_t read_again(File *file, void *buffer, size_t size) {
        ssize_t n;

        if (file->has_ahead) {
                *(char *)buffer = file->ahead;
                file->has_ahead = false;
                return 1;
        }
        do {
                n = read(file->fd, buffer, size);
        } while (n < 0 && errno == EINTR);
        return n;
}

static size_t file_read(Stream *stream, void *buffer, size_t size) {
        File *file = (File *)stream;
        ssize_t n;

        if (file->end || size == 0)
                return 0;
        n = read_again(file, buffer, size);
        if (n == 0) {
                note_end(file);
                return 0;
        }
        if (n < 0) {
                file->end = true;
                stream_problem(file->problems, "read error after %" G_GUINT64_FORMAT " bytes: %s", (guint64)file->at, g_strerror(errno));
                return 0;
        }
        file->at += (size_t)n;
        file->tally->n_in = MAX(file->tally->n_in, file->at);
        return (size_t)n;
}

static bool file_seek(Stream *stream, uint64_t at) {
        File *file = (File *)stream;

        if (lseek(file->fd, (off_t)at, SEEK_SET) < 0)
                return false;
        file->at = at;
        file->end = false;
        return true;
}

static void file_free(Stream *stream) {
        close(((File *)stream)->fd);
        g_free(stream);
}

/* --- opening --- */

static bool refuse(const char *why, GError **error) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s", why);
        return false;
}

static bool is_readable_kind(const struct stat *status, GError **error) {
        switch (status->st_mode & S_IFMT) {
        case S_IFDIR:
                return refuse(g_strerror(EISDIR), error);
        case S_IFSOCK:
                return refuse("a socket, not a log; not read", error);
        case S_IFCHR:
        case S_IFBLK:
                return refuse("a device, not a log; not read", error);
        default:
                return true;
        }
}

static bool is_kernel_log(const char *name) {
        char *real = realpath(name, NULL);
        bool same = real && g_str_equal(real, KERNEL_LOG);

        free(real);
        return same;
}

/* Opened without blocking, so that a FIFO without a writer does not hang. -1 with @error set. */
static int open_named(const char *name, GError **error) {
        struct stat status;
        int fd;

        if (stat(name, &status) != 0) {
                refuse(g_strerror(errno), error);
                return -1;
        }
        if (!is_readable_kind(&status, error))
                return -1;
        if (is_kernel_log(name)) {
                refuse("reading it would empty it; not read: pipe `dmesg` in, or name journal:", error);
                return -1;
        }
        fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0)
                refuse(g_strerror(errno), error);
        return fd;
}

/* When nobody came in time, a read tells the end (no writer) from "not yet" (EAGAIN). */
static bool wait_for_writer(File *file, GError **error) {
        struct pollfd wait = { file->fd, POLLIN, 0 };
        ssize_t got;
        int n;

        do {
                n = poll(&wait, 1, FIFO_WAIT_MS);
        } while (n < 0 && errno == EINTR);
        if (n != 0)
                return true;
        got = read(file->fd, &file->ahead, 1);
        file->has_ahead = got == 1;
        return got != 0 || refuse("a FIFO that nobody writes to; not read", error);
}

static bool prepare(File *file, bool named, GError **error) {
        if (fstat(file->fd, &file->status) != 0)
                return refuse(g_strerror(errno), error);
        if (S_ISDIR(file->status.st_mode))
                return refuse(g_strerror(EISDIR), error);
        if (named && S_ISFIFO(file->status.st_mode) && !wait_for_writer(file, error))
                return false;
        if (!S_ISREG(file->status.st_mode) && named)
                fcntl(file->fd, F_SETFL, fcntl(file->fd, F_GETFL) & ~O_NONBLOCK);
        return true;
}

/* Whoever gave us the file as standard input may have read a part of it. */
static void begin_at_place(File *file) {
        off_t place = S_ISREG(file->status.st_mode) ? lseek(file->fd, 0, SEEK_CUR) : 0;

        file->at = place > 0 ? (uint64_t)place : 0;
}

Stream *file_open(const char *name, GPtrArray *problems, Tally *tally, int64_t *written, GError **error) {
        bool named = !g_str_equal(name, SOURCE_STDIN);
        int fd = named ? open_named(name, error) : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        g_autoptr(Stream) stream = NULL;
        File *file;

        if (fd < 0) {
                if (!named)
                        refuse(g_strerror(errno), error);
                return NULL;
        }
        file = g_new0(File, 1);
        stream = &file->stream;
        file->stream = (Stream){ .read = file_read, .free = file_free };
        file->fd = fd;
        file->problems = problems;
        file->tally = tally;
        if (!prepare(file, named, error))
                return NULL;
        begin_at_place(file);
        if (S_ISREG(file->status.st_mode) && file->at == 0) {
                file->stream.seek = file_seek;
                file->stream.size = (uint64_t)file->status.st_size;
        }
        *written = S_ISREG(file->status.st_mode) ? (int64_t)file->status.st_mtime * 1000000 : 0;
        return g_steal_pointer(&stream);
}
