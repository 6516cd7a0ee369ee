/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Stream
 *
 *     file | journal -> [unpack] -> [bundle member] -> [unpack] -> decode
 *
 * Bytes that can be read once, from the first to the last. Streams are stacked: a decompressor is a stream over another,
 * the member of an archive one over the archive. What was wrong is no return value: a stream ends earlier, and says
 * why in the list of problems that it was given.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Stream Stream;

struct Stream {
        size_t (*read)(Stream *stream, void *buffer, size_t size); /* 0 at the end, and from then on */
        bool (*seek)(Stream *stream, uint64_t at);                 /* NULL: cannot */
        void (*free)(Stream *stream);
        uint64_t size; /* in bytes, where `seek` is given */
};

static inline size_t stream_read(Stream *stream, void *buffer, size_t size) {
        return stream->read(stream, buffer, size);
}

static inline void stream_free(Stream *stream) {
        stream->free(stream);
}

/* Reads until @buffer is full or the stream ends. */
size_t stream_read_all(Stream *stream, void *buffer, size_t size);

/* Over bytes in memory, which are borrowed. */
Stream *stream_new_memory(const void *bytes, size_t size);

/* Adds a problem in words. */
void stream_problem(GPtrArray *problems, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * Tally
 *
 * What all streams over one file share, so that a decompression bomb is known whatever it is folded into. It is looked at each
 * time another BOMB_BYTES came out. All that give bytes work in pieces that do not depend on who reads them, so neither does
 * the place where a bomb is cut, nor what can be read of damaged data.
 */
#define BOMB_BYTES ((uint64_t)256 << 20)

/* What comes out of a file for each byte that went in. Deflate can do 1032; logs that compress better than 200 are rare. */
#define BOMB_RATIO 500

/* Files in the archives of one file that are looked into. */
#define TALLY_MEMBERS_MAX 10000

typedef struct Tally {
        uint64_t n_in;   /* how far the file was read, in bytes */
        uint64_t n_out;  /* bytes that decompressors and archives gave, all layers together */
        uint64_t n_seen; /* of them, when it was looked at last */
        unsigned n_members;
        bool is_bomb;
} Tally;

/* Counts @n bytes that were given. False when the file is a bomb and no more may be given, which is told once, in @problems. */
bool tally_add(Tally *tally, uint64_t n, GPtrArray *problems);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stream, stream_free)
