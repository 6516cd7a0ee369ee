/* SPDX-License-Identifier: Apache-2.0 */
#include "input/decode.h"

#include "base/error.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RAW_BYTES     (256 * 1024)
#define CHARSET_BYTES (16 * 1024)

#define UTF8_CHAR_BYTES_MAX 4

typedef enum { CHARSET_UNKNOWN, CHARSET_BYTES_AS_THEY_ARE, CHARSET_UTF16LE, CHARSET_UTF16BE } Charset;

struct Decoder {
        int fd;
        unsigned char raw[RAW_BYTES]; /* as read from the file */
        const unsigned char *next;
        size_t left;
        uint64_t n_read;
        bool raw_end;

        bool gzip, gzip_end, in_member;
        uint64_t member_at; /* where the member begins, in bytes of the file */
        Inflate *inflate;

        Charset charset;
        GIConv iconv;
        char wide[CHARSET_BYTES]; /* read ahead; of UTF-16, what waits to be converted */
        size_t n_wide;
        char text[CHARSET_BYTES]; /* converted from UTF-16, from `text_at` on not yet given out */
        size_t text_at, n_text;

        struct stat status;
        uint32_t gzip_time;
        GPtrArray *problems;
};

static void problem(Decoder *decoder, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void problem(Decoder *decoder, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        g_ptr_array_add(decoder->problems, g_strdup_vprintf(format, arguments));
        va_end(arguments);
}

static ssize_t read_again(int fd, void *buffer, size_t size) {
        ssize_t n;

        do {
                n = read(fd, buffer, size);
        } while (n < 0 && errno == EINTR);
        return n;
}

static void note_raw_end(Decoder *decoder) {
        decoder->raw_end = true;
        if (S_ISREG(decoder->status.st_mode) && decoder->n_read < (uint64_t)decoder->status.st_size)
                problem(decoder, "shrank while it was read, from %" G_GINT64_FORMAT " to %" G_GUINT64_FORMAT " bytes",
                        (gint64)decoder->status.st_size, (guint64)decoder->n_read);
}

static size_t raw_read(Decoder *decoder, void *buffer, size_t size) {
        ssize_t n;

        if (decoder->raw_end)
                return 0;
        n = read_again(decoder->fd, buffer, size);
        if (n > 0) {
                decoder->n_read += (size_t)n;
                return (size_t)n;
        }
        if (n < 0) {
                decoder->raw_end = true;
                problem(decoder, "read error after %" G_GUINT64_FORMAT " bytes: %s",
                        (guint64)decoder->n_read, g_strerror(errno));
        } else {
                note_raw_end(decoder);
        }
        return 0;
}

/* Makes sure that @want bytes are in `raw`, unless the source ends before. */
static void raw_fill(Decoder *decoder, size_t want) {
        if (decoder->left >= want || decoder->raw_end)
                return;
        memmove(decoder->raw, decoder->next, decoder->left);
        decoder->next = decoder->raw;
        while (decoder->left < want) {
                size_t n = raw_read(decoder, decoder->raw + decoder->left, RAW_BYTES - decoder->left);
                if (n == 0)
                        return;
                decoder->left += n;
        }
}

static bool at_gzip_magic(const Decoder *decoder) {
        return decoder->left >= 2 && decoder->next[0] == 0x1f && decoder->next[1] == 0x8b;
}

/* RFC 1952, 2.3: MTIME stands at byte 4, the least significant byte first; 0 is "not known". */
static uint32_t gzip_header_time(const Decoder *decoder) {
        const unsigned char *p = decoder->next;

        if (decoder->left < 8)
                return 0;
        return (uint32_t)p[4] | (uint32_t)p[5] << 8 | (uint32_t)p[6] << 16 | (uint32_t)p[7] << 24;
}

static bool only_zeros_left(Decoder *decoder) {
        for (;;) {
                for (; decoder->left > 0; decoder->next++, decoder->left--)
                        if (*decoder->next != 0)
                                return false;
                raw_fill(decoder, 1);
                if (decoder->left == 0)
                        return true;
        }
}

/* Between two members: another one, the end, the zeros that tapes pad with, or something that is not gzip. */
static void begin_member(Decoder *decoder) {
        raw_fill(decoder, 2);
        if (at_gzip_magic(decoder)) {
                inflate_reset(decoder->inflate);
                decoder->in_member = true;
                decoder->member_at = decoder->n_read - decoder->left;
                return;
        }
        decoder->gzip_end = true;
        if (!only_zeros_left(decoder))
                problem(decoder, "data behind the end of the gzip stream is not gzip; it was not read");
}

static void end_torn(Decoder *decoder) {
        decoder->gzip_end = true;
        problem(decoder, "the gzip data ends in the middle of a member; read up to the tear");
}

/* One step; returns the number of bytes written, which may be 0 before the end. */
static size_t gzip_step(Decoder *decoder, char *buffer, size_t size) {
        char *out = buffer;
        size_t room = size;

        raw_fill(decoder, 1);
        if (decoder->left == 0 && decoder->raw_end) {
                /* The library may still hold bytes that it had no room for. */
                InflateStatus status = inflate_run(decoder->inflate, &decoder->next, &decoder->left, &out, &room);
                if (status == INFLATE_MEMBER_END)
                        decoder->in_member = false;
                else if (room == size)
                        end_torn(decoder);
                return size - room;
        }
        switch (inflate_run(decoder->inflate, &decoder->next, &decoder->left, &out, &room)) {
        case INFLATE_MORE:
                break;
        case INFLATE_MEMBER_END:
                decoder->in_member = false;
                break;
        case INFLATE_DAMAGED:
                decoder->gzip_end = true;
                /* Not where the damage was found: that depends on the library. */
                problem(decoder, "gzip member at byte %" G_GUINT64_FORMAT " is damaged; read up to there",
                        (guint64)decoder->member_at);
                break;
        }
        return size - room;
}

static size_t gzip_read(Decoder *decoder, char *buffer, size_t size) {
        while (!decoder->gzip_end) {
                size_t n;

                if (!decoder->in_member) {
                        begin_member(decoder);
                        continue;
                }
                n = gzip_step(decoder, buffer, size);
                if (n > 0)
                        return n;
        }
        return 0;
}

static size_t plain_read(Decoder *decoder, char *buffer, size_t size) {
        size_t n = MIN(size, decoder->left);

        if (n == 0)
                return raw_read(decoder, buffer, size);
        memcpy(buffer, decoder->next, n);
        decoder->next += n;
        decoder->left -= n;
        return n;
}

static size_t bytes_read(Decoder *decoder, char *buffer, size_t size) {
        return decoder->gzip ? gzip_read(decoder, buffer, size) : plain_read(decoder, buffer, size);
}

static void detect_charset(Decoder *decoder) {
        Str head;
        size_t n;

        while (decoder->n_wide < 2 && (n = bytes_read(decoder, decoder->wide + decoder->n_wide,
                                                      CHARSET_BYTES - decoder->n_wide)) > 0)
                decoder->n_wide += n;
        head = (Str){ decoder->wide, decoder->n_wide };
        decoder->charset = str_starts(head, STR("\xff\xfe"))   ? CHARSET_UTF16LE
                           : str_starts(head, STR("\xfe\xff")) ? CHARSET_UTF16BE
                                                               : CHARSET_BYTES_AS_THEY_ARE;
        if (decoder->charset == CHARSET_BYTES_AS_THEY_ARE)
                return;
        decoder->iconv = g_iconv_open("UTF-8", decoder->charset == CHARSET_UTF16LE ? "UTF-16LE" : "UTF-16BE");
        decoder->n_wide -= 2;
        memmove(decoder->wide, decoder->wide + 2, decoder->n_wide);
}

/* Gives what detect_charset() read ahead, then the rest as it is. */
static size_t narrow_read(Decoder *decoder, char *buffer, size_t size) {
        size_t n = MIN(size, decoder->n_wide);

        if (n == 0)
                return bytes_read(decoder, buffer, size);
        memcpy(buffer, decoder->wide, n);
        decoder->n_wide -= n;
        memmove(decoder->wide, decoder->wide + n, decoder->n_wide);
        return n;
}

/* Drops the unit that cannot be converted, and puts a '?' in its place. */
static void skip_bad_unit(char **in, size_t *n_in, char **out, size_t *room) {
        size_t n = MIN((size_t)2, *n_in);

        *in += n;
        *n_in -= n;
        *(*out)++ = '?';
        --*room;
}

static void wide_convert(Decoder *decoder, bool at_end) {
        char *in = decoder->wide, *out = decoder->text;
        size_t n_in = decoder->n_wide, room = CHARSET_BYTES;

        while (n_in > 0 && room >= UTF8_CHAR_BYTES_MAX) {
                gsize done = g_iconv(decoder->iconv, &in, &n_in, &out, &room);
                if (done != (gsize)-1 || errno == E2BIG)
                        break;
                if (errno == EINVAL && !at_end)
                        break;
                skip_bad_unit(&in, &n_in, &out, &room);
        }
        memmove(decoder->wide, in, n_in);
        decoder->n_wide = n_in;
        decoder->text_at = 0;
        decoder->n_text = CHARSET_BYTES - room;
}

static size_t wide_read(Decoder *decoder, char *buffer, size_t size) {
        bool at_end = false;
        size_t n;

        while (decoder->text_at == decoder->n_text && !at_end) {
                n = bytes_read(decoder, decoder->wide + decoder->n_wide, CHARSET_BYTES - decoder->n_wide);
                decoder->n_wide += n;
                at_end = n == 0;
                wide_convert(decoder, at_end);
        }
        n = MIN(size, decoder->n_text - decoder->text_at);
        memcpy(buffer, decoder->text + decoder->text_at, n);
        decoder->text_at += n;
        return n;
}

size_t decoder_read(Decoder *decoder, char *buffer, size_t size) {
        if (decoder->charset == CHARSET_UNKNOWN)
                detect_charset(decoder);
        if (decoder->charset == CHARSET_BYTES_AS_THEY_ARE)
                return narrow_read(decoder, buffer, size);
        return wide_read(decoder, buffer, size);
}

static int open_source(const Source *source) {
        if (g_str_equal(source->name, SOURCE_STDIN))
                return dup(STDIN_FILENO);
        /* Not to hang on a FIFO without a writer. */
        return open(source->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

Decoder *decoder_open(const Source *source, InflateEngine engine, GError **error) {
        int fd = open_source(source);
        g_autoptr(Decoder) decoder = NULL;

        if (fd < 0) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s", g_strerror(errno));
                return NULL;
        }
        decoder = g_new0(Decoder, 1);
        decoder->fd = fd;
        decoder->next = decoder->raw;
        decoder->problems = g_ptr_array_new_with_free_func(g_free);
        if (fstat(fd, &decoder->status) != 0 || S_ISDIR(decoder->status.st_mode)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s", g_strerror(EISDIR));
                return NULL;
        }
        if (!S_ISREG(decoder->status.st_mode))
                fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
        raw_fill(decoder, 8);
        if (decoder->n_read == 0 && decoder->problems->len > 0) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s", (char *)decoder->problems->pdata[0]);
                return NULL;
        }
        decoder->gzip = at_gzip_magic(decoder);
        if (decoder->gzip) {
                decoder->gzip_time = gzip_header_time(decoder);
                decoder->inflate = inflate_new(engine);
        }
        return g_steal_pointer(&decoder);
}

void decoder_free(Decoder *decoder) {
        if (decoder->charset > CHARSET_BYTES_AS_THEY_ARE)
                g_iconv_close(decoder->iconv);
        g_clear_pointer(&decoder->inflate, inflate_free);
        g_ptr_array_unref(decoder->problems);
        close(decoder->fd);
        g_free(decoder);
}

const char *decoder_compression(const Decoder *decoder) {
        return decoder->gzip ? "gzip" : "none";
}

const GPtrArray *decoder_problems(const Decoder *decoder) {
        return decoder->problems;
}

const char *decoder_note(const Decoder *decoder) {
        return decoder->charset > CHARSET_BYTES_AS_THEY_ARE ? "UTF-16, decoded" : NULL;
}

int64_t decoder_reference(const Decoder *decoder, const char **from) {
        if (decoder->gzip_time != 0) {
                *from = "gzip header";
                return (int64_t)decoder->gzip_time * 1000000;
        }
        if (S_ISREG(decoder->status.st_mode)) {
                *from = "file time";
                return (int64_t)decoder->status.st_mtime * 1000000;
        }
        *from = "clock";
        return g_get_real_time();
}
