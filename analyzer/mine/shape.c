/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/shape.h"

#include "base/hot.h"
#include "mine/skeleton.h"

/* Multiply and fold, as in wyhash's mixing step; not for tables that an attacker fills on purpose: those are bounded. */
static inline uint64_t mix(uint64_t hash, uint64_t value) {
        hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
        return hash ^ hash >> 32;
}

static inline uint64_t load8(const char *bytes) {
        uint64_t chunk;

        memcpy(&chunk, bytes, 8);
        return GUINT64_FROM_LE(chunk);
}

/* 16 bytes; the multiplications do not wait for each other. */
static inline uint64_t mix_two(uint64_t hash, uint64_t low, uint64_t high) {
        low *= UINT64_C(0xBF58476D1CE4E5B9);
        high *= UINT64_C(0x94D049BB133111EB);
        return mix(hash, low ^ (high << 32 | high >> 32));
}

#define ONES(n) (~UINT64_C(0) >> (64 - 8 * (n)))

/* The masks that keep the first n of 16 bytes. */
static const uint64_t KEEP[16][2] = {
        { 0, 0 },
        { ONES(1), 0 },
        { ONES(2), 0 },
        { ONES(3), 0 },
        { ONES(4), 0 },
        { ONES(5), 0 },
        { ONES(6), 0 },
        { ONES(7), 0 },
        { ONES(8), 0 },
        { ONES(8), ONES(1) },
        { ONES(8), ONES(2) },
        { ONES(8), ONES(3) },
        { ONES(8), ONES(4) },
        { ONES(8), ONES(5) },
        { ONES(8), ONES(6) },
        { ONES(8), ONES(7) },
};

/* Behind @bytes 16 more must be readable. */
static inline uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t n) {
        const char *end = bytes + n / 16 * 16;

        for (; bytes < end; bytes += 16)
                hash = mix_two(hash, load8(bytes), load8(bytes + 8));
        return mix_two(hash ^ n, load8(bytes) & KEEP[n % 16][0], load8(bytes + 8) & KEEP[n % 16][1]);
}

/* The first 8 bytes of the first token, or what it has: a blank or a NUL ends it, and nothing below the blank is within it. */
static inline uint64_t first_token(const Skeleton *skeleton) {
        uint64_t bytes = skeleton->n_bytes > 0 ? load8(skeleton->bytes) : 0;
        uint64_t ends = (bytes - UINT64_C(0x2121212121212121)) & ~bytes & UINT64_C(0x8080808080808080);

        return ends ? bytes & (((ends & -ends) >> 7) - 1) : bytes;
}

static inline uint64_t add_text(Skeleton *skeleton, uint64_t content, Str text) {
        skeleton_add(skeleton, text);
        return hash_bytes(content, text.ptr, MIN(text.len, SHAPE_BYTES_MAX));
}

HOT ShapeKey shape_of(const Event *event) {
        uint64_t kind = mix(event->level + 1, event->status), content, key;
        Skeleton skeleton;

        skeleton_init(&skeleton);
        content = add_text(&skeleton, 0, event->message);
        if (event->detail.len > 0) {
                skeleton_separate(&skeleton, '\1');
                content = add_text(&skeleton, content, event->detail);
        }
        if (event->cause.len > 0) {
                skeleton_separate(&skeleton, '\2');
                content = add_text(&skeleton, content, event->cause);
        }
        key = hash_bytes(kind, skeleton.bytes, skeleton.n_bytes);
        return (ShapeKey){ key & SHAPE_KEY_MASK, content, mix(mix(kind, first_token(&skeleton)), skeleton.n_tokens) & SHAPE_KEY_MASK };
}

char *shape_text(Str message) {
        char padded[SHAPE_BYTES_MAX + BYTES_PADDING] = { 0 };
        GString *text = g_string_new(NULL);
        bool after_value = false;
        size_t written = 0;
        Tokens tokens;
        Token token;

        message = str_slice(message, 0, SHAPE_BYTES_MAX);
        memcpy(padded, message.ptr, message.len);
        tokens_init(&tokens, (Str){ padded, message.len });
        for (; tokens_next(&tokens, &token); after_value = token.is_value) {
                Str between = str_slice(tokens.text, written, token.start);

                written = token.end;
                if (token.is_value && after_value)
                        continue;
                g_string_append_len(text, between.ptr, (gssize)between.len);
                if (token.is_value)
                        g_string_append(text, SHAPE_MASK);
                else
                        g_string_append_len(text, tokens.text.ptr + token.start, (gssize)(token.end - token.start));
        }
        return g_string_free(text, FALSE);
}
