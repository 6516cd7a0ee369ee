/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/shape.h"

/* What a byte is to the tokenizer. */
enum { BYTE_WORD, BYTE_DIGIT, BYTE_SLASH, BYTE_QUOTE, BYTE_DELIMITER };

#define D BYTE_DELIMITER

static const uint8_t CLASS[256] = {
        [0 ... 32] = D,
        ['0' ... '9'] = BYTE_DIGIT,
        ['/'] = BYTE_SLASH,
        ['\\'] = BYTE_SLASH,
        ['"'] = BYTE_QUOTE,
        ['`'] = BYTE_QUOTE,
        ['\''] = BYTE_QUOTE,
        ['!'] = D, ['#'] = D, ['&'] = D, ['('] = D, [')'] = D, ['*'] = D, ['+'] = D, [','] = D,
        [':'] = D, [';'] = D, ['<'] = D, ['='] = D, ['>'] = D, ['?'] = D, ['['] = D, [']'] = D,
        ['{'] = D, ['|'] = D, ['}'] = D, ['~'] = D, [127] = D,
};

#undef D

/* Longest value between quotes that counts as one. */
#define QUOTED_MAX 200

typedef struct Token {
        size_t start, end;
        uint64_t hash; /* 0: masked */
} Token;

/* Multiply and rotate, as in wyhash's mixing step; not for tables that an attacker fills on purpose: those are bounded. */
static inline uint64_t mix(uint64_t hash, uint64_t value) {
        hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
        return hash ^ hash >> 32;
}

/* The place of the closing quote when a quoted value begins at @at, else 0. An apostrophe in a word begins none. */
static size_t closing_quote(Str text, size_t at) {
        size_t limit = MIN(text.len, at + QUOTED_MAX);
        char quote = text.ptr[at];
        const char *found;

        if (at > 0 && CLASS[(uint8_t)text.ptr[at - 1]] < BYTE_QUOTE)
                return 0;
        found = memchr(text.ptr + at + 1, quote, limit - at - 1);
        return found ? (size_t)(found - text.ptr) : 0;
}

/* An id without a digit, such as "deadbeef": letters a to f alone. */
static bool is_hex_word(Str word) {
        if (word.len < 8)
                return false;
        for (size_t i = 0; i < word.len; i++) {
                char c = char_lower(word.ptr[i]);
                if (!(c >= 'a' && c <= 'f') && c != '-')
                        return false;
        }
        return true;
}

static bool next_word(Str text, size_t at, Token *token) {
        uint64_t hash = 0xcbf29ce484222325;
        bool masked = false;
        size_t end = at;

        for (; end < text.len; end++) {
                uint8_t byte = (uint8_t)text.ptr[end], kind = CLASS[byte];
                if (kind >= BYTE_DELIMITER || (kind == BYTE_QUOTE && byte != '\''))
                        break;
                masked |= kind == BYTE_DIGIT || kind == BYTE_SLASH;
                hash = (hash ^ byte) * UINT64_C(0x100000001b3);
        }
        *token = (Token){ at, end, masked || is_hex_word(str_slice(text, at, end)) ? 0 : hash | 1 };
        return end > at;
}

/* The next token at or after @at; false at the end. */
static bool next_token(Str text, size_t at, Token *token) {
        while (at < text.len) {
                uint8_t kind = CLASS[(uint8_t)text.ptr[at]];
                size_t close;

                if (kind == BYTE_DELIMITER) {
                        at++;
                        continue;
                }
                if (kind != BYTE_QUOTE)
                        return next_word(text, at, token);
                close = closing_quote(text, at);
                if (close > 0) {
                        *token = (Token){ at, close + 1, 0 };
                        return true;
                }
                at++;
        }
        return false;
}

static uint64_t hash_text(Str text, uint64_t hash) {
        bool after_mask = false;
        Token token = { 0 };

        text = str_slice(text, 0, SHAPE_BYTES_MAX);
        for (unsigned n = 0; n < SHAPE_TOKENS_MAX && next_token(text, token.end, &token); n++) {
                if (token.hash != 0 || !after_mask)
                        hash = mix(hash, token.hash);
                after_mask = token.hash == 0;
        }
        return hash;
}

uint64_t shape_of(const Event *event) {
        uint64_t hash = mix(event->level + 1, event->status);

        hash = hash_text(event->message, hash);
        return event->detail.len > 0 ? hash_text(event->detail, mix(hash, 1)) : hash;
}

char *shape_text(Str message) {
        GString *text = g_string_new(NULL);
        Token token = { 0 };
        bool after_mask = false;
        size_t written = 0;

        message = str_slice(message, 0, SHAPE_BYTES_MAX);
        for (unsigned n = 0; n < SHAPE_TOKENS_MAX && next_token(message, token.end, &token); n++) {
                Str between = str_slice(message, written, token.start);
                bool masked = token.hash == 0;

                written = token.end;
                if (masked && after_mask)
                        continue;
                g_string_append_len(text, between.ptr, (gssize)between.len);
                if (masked)
                        g_string_append(text, SHAPE_MASK);
                else
                        g_string_append_len(text, message.ptr + token.start, (gssize)(token.end - token.start));
                after_mask = masked;
        }
        return g_string_free(text, FALSE);
}

char *shape_describe(const Event *event) {
        g_autofree char *message = shape_text(event->message);
        GString *text = g_string_new(message);

        if (event->detail.len > 0) {
                g_autofree char *detail = shape_text(event->detail);
                g_string_append_printf(text, ": %s", detail);
        }
        if (event->status > 0)
                g_string_append_printf(text, " (HTTP %u)", event->status);
        return g_string_free(text, FALSE);
}
