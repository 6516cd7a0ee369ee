/* SPDX-License-Identifier: Apache-2.0 */
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* As the kernel has it; what is still a link then leads nowhere. */
#define LINKS_MAX 40

/* Without those that let a program run as another user. */
#define MODE_BITS 0777

static bool write_all(int fd, const char *data, size_t size) {
        while (size > 0) {
                ssize_t n = write(fd, data, size);

                if (n < 0 && errno != EINTR)
                        return false;
                data += MAX(n, 0);
                size -= (size_t)MAX(n, 0);
        }
        return true;
}

static bool write_into(const char *path, const char *data, size_t size, GError **error) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        bool ok = fd >= 0 && write_all(fd, data, size);
        int problem = errno;

        if (fd >= 0 && close(fd) < 0 && ok) {
                problem = errno;
                ok = false;
        }
        if (!ok)
                g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(problem), "cannot write %s: %s", path, g_strerror(problem));
        return ok;
}

/* Where the links lead, though nothing may be there yet. Owned by the caller. */
static char *target_of(const char *path) {
        char *target = g_strdup(path);

        for (unsigned i = 0; i < LINKS_MAX; i++) {
                g_autofree char *link = g_file_read_link(target, NULL), *folder = g_path_get_dirname(target);

                if (!link)
                        break;
                g_free(target);
                target = g_path_is_absolute(link) ? g_steal_pointer(&link) : g_build_filename(folder, link, NULL);
        }
        return target;
}

/* What is replaced is a regular file, or nothing yet, at a path of its own; the links in /proc name files that have none. */
static bool is_replaceable(const char *path, const char *target) {
        struct stat there, own;
        bool is_there = stat(path, &there) == 0;

        if (lstat(target, &own) < 0)
                return !is_there;
        return is_there && S_ISREG(own.st_mode) && own.st_dev == there.st_dev && own.st_ino == there.st_ino;
}

bool write_whole(const char *path, const char *data, size_t size, GError **error) {
        g_autofree char *target = target_of(path);
        struct stat status;
        mode_t mode;

        if (!is_replaceable(path, target))
                return write_into(path, data, size, error);
        if (stat(target, &status) < 0)
                return g_file_set_contents(target, data, (gssize)size, error);
        mode = status.st_mode & MODE_BITS;
        if (!g_file_set_contents_full(target, data, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, (int)mode, error))
                return false;
        chmod(target, mode); /* the mask took away from it what it takes from new files */
        return true;
}
