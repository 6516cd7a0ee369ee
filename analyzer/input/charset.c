/* SPDX-License-Identifier: Apache-2.0 */
#include "input/charset.h"

#include <errno.h>
#include <string.h>

#define CHARSET_BYTES       (16 * 1024)
#define UTF8_CHAR_BYTES_MAX 4
#define MARK_BYTES          2

/* Without a mark: so many units, so many of them ASCII in percent, and at most one in so many zero. */
#define GUESS_UNITS_MIN     16
#define GUESS_ASCII_PERCENT 60
#define GUESS_ZERO_IN       50

typedef enum { AS_IT_IS, UTF16LE, UTF16BE } Kind;

struct Charset {
        Unpack *unpack; /* borrowed */
        Kind kind;
        bool guessed;
        GIConv iconv;
        char wide[CHARSET_BYTES]; /* waits to be converted */
        size_t n_wide;
        char text[CHARSET_BYTES]; /* converted, from `text_at` on not yet given out */
        size_t text_at, n_text;
};

/* --- which --- */

static bool is_text_byte(char c) {
        return ((uint8_t)c >= 32 && (uint8_t)c < 127) || c == '\t' || c == '\n' || c == '\r';
}

/* @high: 0 where the high byte of a unit comes first, 1 where it comes last. */
static bool looks_wide(Str head, size_t high) {
        size_t n_units = head.len / 2, n_ascii = 0, n_zero = 0;

        for (size_t i = 0; i < n_units; i++) {
                char h = head.ptr[2 * i + high], low = head.ptr[2 * i + 1 - high];
                n_ascii += h == 0 && is_text_byte(low);
                n_zero += low == 0;
        }
        return n_units >= GUESS_UNITS_MIN && n_ascii * 100 >= n_units * GUESS_ASCII_PERCENT && n_zero * GUESS_ZERO_IN <= n_units;
}

static Kind guess(Str head) {
        return looks_wide(head, 1) ? UTF16LE : looks_wide(head, 0) ? UTF16BE : AS_IT_IS;
}

static void detect(Charset *charset) {
        Str head = unpack_ahead(charset->unpack, CHARSET_AHEAD_BYTES);
        char mark[MARK_BYTES];

        charset->kind = str_starts(head, STR("\xff\xfe")) ? UTF16LE : str_starts(head, STR("\xfe\xff")) ? UTF16BE : AS_IT_IS;
        if (charset->kind != AS_IT_IS)
                for (size_t n = 0; n < MARK_BYTES;)
                        n += unpack_read(charset->unpack, mark, MARK_BYTES - n);
        else
                charset->guessed = (charset->kind = guess(head)) != AS_IT_IS;
        if (charset->kind != AS_IT_IS)
                charset->iconv = g_iconv_open("UTF-8", charset->kind == UTF16LE ? "UTF-16LE" : "UTF-16BE");
}

Charset *charset_new(Unpack *unpack) {
        Charset *charset = g_new0(Charset, 1);

        charset->unpack = unpack;
        detect(charset);
        return charset;
}

void charset_free(Charset *charset) {
        if (charset->kind != AS_IT_IS)
                g_iconv_close(charset->iconv);
        g_free(charset);
}

const char *charset_note(const Charset *charset) {
        if (charset->guessed)
                return "UTF-16 without a byte order mark, decoded";
        return charset->kind != AS_IT_IS ? "UTF-16, decoded" : NULL;
}

/* --- converting --- */

/* Drops the unit that cannot be converted, and puts a '?' in its place. */
static void skip_bad_unit(char **in, size_t *n_in, char **out, size_t *room) {
        size_t n = MIN((size_t)2, *n_in);

        *in += n;
        *n_in -= n;
        *(*out)++ = '?';
        --*room;
}

static void convert(Charset *charset, bool at_end) {
        char *in = charset->wide, *out = charset->text;
        size_t n_in = charset->n_wide, room = CHARSET_BYTES;

        while (n_in > 0 && room >= UTF8_CHAR_BYTES_MAX) {
                gsize done = g_iconv(charset->iconv, &in, &n_in, &out, &room);
                if (done != (gsize)-1 || errno == E2BIG)
                        break;
                if (errno == EINVAL && !at_end)
                        break;
                skip_bad_unit(&in, &n_in, &out, &room);
        }
        memmove(charset->wide, in, n_in);
        charset->n_wide = n_in;
        charset->text_at = 0;
        charset->n_text = CHARSET_BYTES - room;
}

static size_t wide_read(Charset *charset, char *buffer, size_t size) {
        bool at_end = false;
        size_t n;

        while (charset->text_at == charset->n_text && !at_end) {
                n = unpack_read(charset->unpack, charset->wide + charset->n_wide, CHARSET_BYTES - charset->n_wide);
                charset->n_wide += n;
                at_end = n == 0;
                convert(charset, at_end);
        }
        n = MIN(size, charset->n_text - charset->text_at);
        memcpy(buffer, charset->text + charset->text_at, n);
        charset->text_at += n;
        return n;
}

size_t charset_read(Charset *charset, char *buffer, size_t size) {
        return charset->kind == AS_IT_IS ? unpack_read(charset->unpack, buffer, size) : wide_read(charset, buffer, size);
}
