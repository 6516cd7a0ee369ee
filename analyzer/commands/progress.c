/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/progress.h"

#include "base/time.h"
#include "commands/terminal.h"
#include "model/source.h"
#include "report/clean.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST_US (G_USEC_PER_SEC)
#define STEP_US  (G_USEC_PER_SEC / 5)

/* Before so much of the whole is read, what is left is a guess that jumps. */
#define FORECAST_SHARE 0.02

#define ERASE_LINE "\r\033[K"

struct Progress {
        GThread *thread;
        GMutex mutex;
        GCond stop;
        bool stopped, shown;
        uint64_t before, total; /* bytes that had been read; of all files, 0: unknown */
        int64_t started_us;
};

/* Bytes that this process has read so far; false when the kernel does not say. */
static bool bytes_read(uint64_t *bytes) {
        g_autofree char *text = NULL;

        if (!g_file_get_contents("/proc/self/io", &text, NULL, NULL) || !g_str_has_prefix(text, "rchar: "))
                return false;
        *bytes = g_ascii_strtoull(text + strlen("rchar: "), NULL, 10);
        return true;
}

/* Of standard input and the like the size is not known. */
static uint64_t size_of(const GPtrArray *sources) {
        uint64_t total = 0;

        for (guint i = 0; i < sources->len; i++) {
                GStatBuf status;
                if (g_stat(((const Source *)sources->pdata[i])->name, &status) != 0 || !S_ISREG(status.st_mode))
                        return 0;
                total += (uint64_t)status.st_size;
        }
        return total;
}

static void append_bytes(GString *text, uint64_t bytes) {
        static const char *const UNITS[] = { "kB", "MB", "GB", "TB" };
        double value = (double)bytes / 1e3;
        size_t unit = 0;

        for (; value >= 999.5 && unit + 1 < G_N_ELEMENTS(UNITS); unit++)
                value /= 1000;
        g_string_append_printf(text, value < 9.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
}

char *progress_text(uint64_t done, uint64_t total, int64_t elapsed_us) {
        GString *text = g_string_new(NULL);
        double seconds = (double)elapsed_us / G_USEC_PER_SEC;
        char span[TIME_TEXT_BYTES];

        done = total > 0 ? MIN(done, total) : done;
        append_bytes(text, done);
        if (total > 0) {
                g_string_append(text, " of ");
                append_bytes(text, total);
        }
        g_string_append(text, " read");
        if (seconds > 0) {
                g_string_append(text, ", ");
                append_bytes(text, (uint64_t)((double)done / seconds));
                g_string_append(text, "/s");
        }
        if (total > 0 && (double)done >= FORECAST_SHARE * (double)total && done > 0)
                g_string_append_printf(text, ", %s left", time_write_span((int64_t)(seconds * 1e6 * (double)(total - done) / (double)done + 5e5), span));
        return g_string_free(text, FALSE);
}

static void show(Progress *progress) {
        uint64_t bytes;

        if (!bytes_read(&bytes))
                return;
        g_autofree char *text = progress_text(bytes - progress->before, progress->total, g_get_monotonic_time() - progress->started_us);
        g_autofree char *fit = clean_fit(text, terminal_width(STDERR_FILENO) - 1);

        fprintf(stderr, ERASE_LINE "%s", fit);
        fflush(stderr);
        progress->shown = true;
}

static void *watch(void *data) {
        Progress *progress = data;
        int64_t next = progress->started_us + FIRST_US;

        g_mutex_lock(&progress->mutex);
        while (!progress->stopped) {
                if (!g_cond_wait_until(&progress->stop, &progress->mutex, next) && !progress->stopped) {
                        show(progress);
                        next += STEP_US;
                }
        }
        g_mutex_unlock(&progress->mutex);
        return NULL;
}

Progress *progress_start(const GPtrArray *sources, const Options *options) {
        bool always = options->progress && g_str_equal(options->progress, "always");
        bool never = options->progress && g_str_equal(options->progress, "never");
        Progress *progress;
        uint64_t before;

        if (never || (!always && (options->quiet || !isatty(STDERR_FILENO))) || !bytes_read(&before))
                return NULL;
        progress = g_new0(Progress, 1);
        progress->before = before;
        progress->total = size_of(sources);
        progress->started_us = g_get_monotonic_time();
        g_mutex_init(&progress->mutex);
        g_cond_init(&progress->stop);
        progress->thread = g_thread_new("progress", watch, progress);
        return progress;
}

void progress_stop(Progress *progress) {
        if (!progress)
                return;
        g_mutex_lock(&progress->mutex);
        progress->stopped = true;
        g_cond_signal(&progress->stop);
        g_mutex_unlock(&progress->mutex);
        g_thread_join(progress->thread);
        if (progress->shown)
                fputs(ERASE_LINE, stderr);
        fflush(stderr);
        g_mutex_clear(&progress->mutex);
        g_cond_clear(&progress->stop);
        g_free(progress);
}
