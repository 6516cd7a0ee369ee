/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/tar.h"

#include <stdio.h>
#include <zlib.h>

#define BLOCK 512

/* RFC 1952, 2.3: magic, deflate, no flags, no time, no extra flags, Unix. */
static const char GZIP_HEADER[10] = { '\x1f', '\x8b', 8, 0, 0, 0, 0, 0, 0, 3 };
#define GZIP_TRAILER 8

/* --- headers --- */

/* POSIX.1-1988: numbers in octal; the sum of all bytes with blanks in place of the sum. */
static void fill_header(char header[static BLOCK], const char *name, size_t size, int64_t time_seconds) {
        unsigned sum = 0;

        memset(header, 0, BLOCK);
        g_strlcpy(header, name, TAR_NAME_MAX + 1);
        memcpy(header + 100, "0000644\0000000000\0000000000", 24);
        g_snprintf(header + 124, 12, "%011" G_GINT64_MODIFIER "o", (guint64)size);
        g_snprintf(header + 136, 12, "%011" G_GINT64_MODIFIER "o", (guint64)CLAMP(time_seconds, 0, INT64_C(077777777777)));
        memset(header + 148, ' ', 8);
        header[156] = '0';
        memcpy(header + 257, "ustar\00000root", 12);
        memcpy(header + 297, "root", 4);
        for (size_t i = 0; i < BLOCK; i++)
                sum += (unsigned char)header[i];
        g_snprintf(header + 148, 8, "%06o", sum);
}

static size_t padding_of(size_t size) {
        return (BLOCK - size % BLOCK) % BLOCK;
}

/* --- writing --- */

static GByteArray *write_plain(const GPtrArray *bundle, int64_t time_seconds) {
        static const char ZEROS[2 * BLOCK];
        GByteArray *tar = g_byte_array_new();

        for (guint i = 0; i < bundle->len; i++) {
                const BundleFile *file = bundle->pdata[i];
                char header[BLOCK];
                gsize size;
                const void *bytes = g_bytes_get_data(file->content, &size);

                fill_header(header, file->name, size, time_seconds);
                g_byte_array_append(tar, (const guint8 *)header, BLOCK);
                if (size > 0)
                        g_byte_array_append(tar, bytes, (guint)size);
                g_byte_array_append(tar, (const guint8 *)ZEROS, (guint)padding_of(size));
        }
        g_byte_array_append(tar, (const guint8 *)ZEROS, 2 * BLOCK);
        return tar;
}

static void append_little_endian(GByteArray *bytes, uint32_t value) {
        const guint8 four[] = { (guint8)value, (guint8)(value >> 8), (guint8)(value >> 16), (guint8)(value >> 24) };

        g_byte_array_append(bytes, four, 4);
}

GBytes *tar_write(const GPtrArray *bundle, int64_t time_seconds) {
        g_autoptr(GByteArray) tar = write_plain(bundle, time_seconds);
        GByteArray *gzip = g_byte_array_new();
        z_stream stream = { .next_in = tar->data, .avail_in = tar->len };
        size_t bound;

        int opened = deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
        g_assert(opened == Z_OK);
        bound = deflateBound(&stream, tar->len);
        g_byte_array_append(gzip, (const guint8 *)GZIP_HEADER, sizeof(GZIP_HEADER));
        g_byte_array_set_size(gzip, (guint)(sizeof(GZIP_HEADER) + bound));
        stream.next_out = gzip->data + sizeof(GZIP_HEADER);
        stream.avail_out = (uInt)bound;
        int ended = deflate(&stream, Z_FINISH);
        g_assert(ended == Z_STREAM_END);
        g_byte_array_set_size(gzip, (guint)(sizeof(GZIP_HEADER) + stream.total_out));
        deflateEnd(&stream);
        append_little_endian(gzip, (uint32_t)crc32(0, tar->data, tar->len));
        append_little_endian(gzip, (uint32_t)tar->len);
        return g_byte_array_free_to_bytes(gzip);
}

/* --- reading --- */

static void wrong(GPtrArray *wrongs, const char *what) {
        g_ptr_array_add(wrongs, g_strdup(what));
}

/* zlib's words for "behind the last block"; the low three bits count those of the last byte that are not used. */
#define BEHIND_LAST_BLOCK (64 | 128)
#define UNUSED_BITS       7

/* The bits between the end of the compressed data and the next byte are zero when we write them. */
static bool has_clean_end(const z_stream *stream, Str data) {
        unsigned unused = (unsigned)stream->data_type & UNUSED_BITS;
        size_t used = data.len - stream->avail_in;

        return used > 0 && (unused == 0 || (unsigned char)data.ptr[used - 1] >> (8 - unused) == 0);
}

/* Inflates as far as it can be done. */
static GByteArray *inflate_all(Str data, GPtrArray *wrongs) {
        GByteArray *tar = g_byte_array_new();
        z_stream stream = { .next_in = (Bytef *)data.ptr, .avail_in = (uInt)data.len };
        guint8 buffer[64 * 1024];
        int state = inflateInit2(&stream, -MAX_WBITS);
        bool clean = false, moves = true;

        while (state == Z_OK && moves && tar->len <= BUNDLE_BYTES_MAX) {
                uInt before = stream.avail_in;
                stream.next_out = buffer;
                stream.avail_out = sizeof(buffer);
                state = inflate(&stream, Z_BLOCK);
                g_byte_array_append(tar, buffer, (guint)(sizeof(buffer) - stream.avail_out));
                if ((stream.data_type & BEHIND_LAST_BLOCK) == BEHIND_LAST_BLOCK)
                        clean = clean || has_clean_end(&stream, data);
                moves = stream.avail_in < before || stream.avail_out < sizeof(buffer) || stream.data_type & BEHIND_LAST_BLOCK;
        }
        if (state != Z_STREAM_END || stream.avail_in > 0 || !clean)
                wrong(wrongs, "the archive's compressed data is damaged");
        inflateEnd(&stream);
        return tar;
}

static uint32_t little_endian(const char *four) {
        const unsigned char *b = (const unsigned char *)four;

        return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static bool is_zero(const guint8 *bytes, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (bytes[i] != 0)
                        return false;
        return true;
}

/* Reads the file at *@at; false at the end or where nothing more can be understood. */
static bool read_file(const GByteArray *tar, size_t *at, GPtrArray *bundle, GPtrArray *wrongs) {
        const char *found = (const char *)tar->data + *at;
        char header[BLOCK], name[TAR_NAME_MAX + 1];
        uint64_t size, time;

        if (tar->len - *at < BLOCK || is_zero(tar->data + *at, BLOCK))
                return false;
        g_strlcpy(name, found, sizeof(name));
        size = g_ascii_strtoull(found + 124, NULL, 8);
        time = g_ascii_strtoull(found + 136, NULL, 8);
        fill_header(header, name, size, (int64_t)MIN(time, INT64_MAX));
        if (memcmp(header, found, BLOCK) != 0 || size > tar->len - *at - BLOCK || bundle->len >= BUNDLE_FILES_MAX) {
                wrong(wrongs, "the archive has a damaged header");
                return false;
        }
        packet_add(bundle, name, (Str){ found + BLOCK, size });
        *at = MIN(*at + BLOCK + size + padding_of(size), tar->len);
        return true;
}

GPtrArray *tar_read(Str archive, GPtrArray *wrongs) {
        GPtrArray *bundle = packet_new();
        g_autoptr(GByteArray) tar = NULL;
        size_t at = 0;

        if (archive.len < sizeof(GZIP_HEADER) + GZIP_TRAILER || memcmp(archive.ptr, GZIP_HEADER, sizeof(GZIP_HEADER)) != 0) {
                wrong(wrongs, "the archive does not begin as a bundle does");
                return bundle;
        }
        const char *trailer = archive.ptr + archive.len - GZIP_TRAILER;
        tar = inflate_all(str_slice(archive, sizeof(GZIP_HEADER), archive.len - GZIP_TRAILER), wrongs);
        if (little_endian(trailer) != (uint32_t)crc32(0, tar->data, tar->len) || little_endian(trailer + 4) != tar->len)
                wrong(wrongs, "the archive's checksum is wrong");
        while (read_file(tar, &at, bundle, wrongs))
                ;
        if (tar->len - at != 2 * BLOCK || !is_zero(tar->data + at, tar->len - at))
                wrong(wrongs, "the archive does not end as a bundle does");
        return bundle;
}
