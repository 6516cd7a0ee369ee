/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Decode: any bytes as a file, through every compressor, archive and charset, read to their end. Whatever they are, the
 * bounds hold, and reading in other steps gives the same.
 */

#define _GNU_SOURCE /* memfd_create */

#include "input/intake.h"
#include "input/journal.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of a bomb, enough; each input should take milliseconds. */
#define READ_MAX (4 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t hash(uint64_t state, const char *bytes, size_t n) {
        for (size_t i = 0; i < n; i++)
                state = (state ^ (uint8_t)bytes[i]) * UINT64_C(0x100000001b3);
        return state;
}

/* Reads all of the source in steps of @step bytes; what came out, in one number. */
static uint64_t read_source(const GPtrArray *sources, size_t step, InflateEngine which) {
        g_autoptr(Intake) intake = intake_new(sources, which);
        g_autofree char *buffer = g_malloc(step);
        uint64_t state = 1;
        size_t all = 0;
        IntakeItem item;

        while (all < READ_MAX && intake_next(intake, &item)) {
                g_assert_nonnull(item.source->name);
                g_assert_nonnull(item.compression);
                state = hash(state, item.source->name, strlen(item.source->name));
                for (size_t n = 1; item.decoder && n > 0 && all < READ_MAX; all += n) {
                        n = decoder_read(item.decoder, buffer, MIN(step, READ_MAX - all));
                        state = hash(state, buffer, n);
                }
        }
        return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        g_autoptr(GPtrArray) sources = g_ptr_array_new();
        int fd = memfd_create("fuzz", MFD_CLOEXEC);
        Source source = { .name = g_strdup_printf("/proc/self/fd/%d", fd) };

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(write(fd, data, size), ==, (ssize_t)size);
        g_ptr_array_add(sources, &source);
        /* libsystemd reads a journal, not this program. */
        if (!journal_begins((Str){ (const char *)data, size }))
                g_assert_cmpuint(read_source(sources, 65536, INFLATE_AUTO), ==, read_source(sources, 777, INFLATE_AUTO));
        g_free(source.name);
        close(fd);
        return 0;
}
