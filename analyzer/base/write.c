/* SPDX-License-Identifier: Apache-2.0 */
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

bool write_whole(const char *path, const char *data, size_t size, GError **error) {
        struct stat status;
        char *target;
        bool ok;

        if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
                return write_into(path, data, size, error);
        target = realpath(path, NULL);
        ok = g_file_set_contents(target ? target : path, data, (gssize)size, error);
        free(target);
        return ok;
}
