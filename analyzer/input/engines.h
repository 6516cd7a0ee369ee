/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Engines
 *
 * The compressors that are read, in one table: how the first bytes of each look, and the library that does it. One that
 * was not built in is in the table all the same, so that its name can be told. Each gives the same answers as inflate.h.
 */

#include "input/inflate.h"

#include "base/str.h"

/* What a decompressor may allocate for its window; xz -9 asks for 65 MiB, zstd --ultra -22 for 128. */
#define ENGINE_MEMORY_MAX ((size_t)160 << 20)

/* The longest magic of a compressor. */
#define ENGINE_MAGIC_BYTES 10

typedef enum {
        ENGINE_MORE,    /* wants more input or more room */
        ENGINE_END,     /* a member, frame or stream ended, and its checksum was right */
        ENGINE_DAMAGED, /* what was written so far is all there is */
        ENGINE_TOO_BIG, /* wants more memory than ENGINE_MEMORY_MAX */
} EngineStatus;

typedef struct Engine {
        const char *name;                   /* "gzip" */
        const char *part;                   /* what its data consists of: "member" */
        bool (*begins)(Str head);           /* of the data, or of another part of it */
        void *(*make)(InflateEngine which); /* NULL: not built in */
        void (*free)(void *state);
        void (*reset)(void *state); /* before each part */
        EngineStatus (*run)(void *state, const unsigned char **in, size_t *n_in, char **out, size_t *n_out);
} Engine;

/* The engine for data that begins with @head; NULL when it is not compressed. */
const Engine *engine_find(Str head);
