/* SPDX-License-Identifier: Apache-2.0 */
#include "input/stream.h"

#include <string.h>

size_t stream_read_all(Stream *stream, void *buffer, size_t size) {
        size_t n, done = 0;

        while (done < size && (n = stream_read(stream, (char *)buffer + done, size - done)) > 0)
                done += n;
        return done;
}

void stream_problem(GPtrArray *problems, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        g_ptr_array_add(problems, g_strdup_vprintf(format, arguments));
        va_end(arguments);
}

/* --- memory --- */

typedef struct Memory {
        Stream stream;
        const char *bytes;
        size_t at;
} Memory;

static size_t memory_read(Stream *stream, void *buffer, size_t size) {
        Memory *memory = (Memory *)stream;
        size_t n = MIN(size, (size_t)stream->size - memory->at);

        if (n > 0)
                memcpy(buffer, memory->bytes + memory->at, n);
        memory->at += n;
        return n;
}

static bool memory_seek(Stream *stream, uint64_t at) {
        ((Memory *)stream)->at = (size_t)MIN(at, stream->size);
        return true;
}

static void memory_free(Stream *stream) {
        g_free(stream);
}

Stream *stream_new_memory(const void *bytes, size_t size) {
        Memory *memory = g_new0(Memory, 1);

        memory->stream = (Stream){ memory_read, memory_seek, memory_free, size };
        memory->bytes = bytes;
        return &memory->stream;
}

/* --- bombs --- */

static void look(Tally *tally, GPtrArray *problems) {
        if (tally->n_out / BOMB_RATIO <= tally->n_in)
                return;
        tally->is_bomb = true;
        stream_problem(problems, "expands more than %d-fold, as a decompression bomb does; the first %" G_GUINT64_FORMAT " MiB were read",
                       BOMB_RATIO, (guint64)(tally->n_out >> 20));
}

size_t tally_room(Tally *tally, size_t size, GPtrArray *problems) {
        uint64_t behind = tally->n_out % BOMB_BYTES;

        if (behind == 0 && tally->n_out > 0 && !tally->is_bomb)
                look(tally, problems);
        return tally->is_bomb ? 0 : (size_t)MIN((uint64_t)size, BOMB_BYTES - behind);
}
