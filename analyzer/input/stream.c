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

bool tally_add(Tally *tally, uint64_t n, GPtrArray *problems) {
        tally->n_out += n;
        if (tally->is_bomb || tally->n_out - tally->n_seen < BOMB_BYTES)
                return !tally->is_bomb;
        tally->n_seen = tally->n_out;
        if (tally->n_out / BOMB_RATIO <= tally->n_in)
                return true;
        tally->is_bomb = true;
        stream_problem(problems, "expands more than %d-fold, as a decompression bomb does; the first %d MiB were read", BOMB_RATIO, (int)(tally->n_out >> 20));
        return false;
}
