/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Unpack: each compressor whole, in several parts, torn at every byte and with every byte changed; and what is folded twice.
 * Data is packed by the libraries themselves.
 */

#include "input/unpack.h"

#include "config.h"
#include "scratch.h"

#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif
#ifdef HAVE_LZMA
#include <lzma.h>
#endif
#ifdef HAVE_BZIP2
#include <bzlib.h>
#endif
#ifdef HAVE_LZ4
#include <lz4frame.h>
#endif

#define TEXT      "2026-11-23 10:00:00 INFO one\n2026-11-23 10:00:01 ERROR two\n"
#define ROOM      4096
#define STEPS_MAX 3

/* --- packers: append @text, packed, with a checksum --- */

typedef void (*Pack)(GByteArray *file, const void *text, size_t size);

static void append(GByteArray *file, const void *bytes, size_t size) {
        g_byte_array_append(file, bytes, (guint)size);
}

static void pack_gzip(GByteArray *file, const void *text, size_t size) {
        g_autofree guint8 *packed = g_malloc(size + ROOM);
        z_stream z = { 0 };

        g_assert_cmpint(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
        z.next_in = (Bytef *)text;
        z.avail_in = (uInt)size;
        z.next_out = packed;
        z.avail_out = (uInt)(size + ROOM);
        g_assert_cmpint(deflate(&z, Z_FINISH), ==, Z_STREAM_END);
        append(file, packed, z.total_out);
        deflateEnd(&z);
}

#ifdef HAVE_ZSTD
static void pack_zstd(GByteArray *file, const void *text, size_t size) {
        g_autofree guint8 *packed = g_malloc(size + ROOM);
        ZSTD_CCtx *context = ZSTD_createCCtx();

        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
        append(file, packed, ZSTD_compress2(context, packed, size + ROOM, text, size));
        ZSTD_freeCCtx(context);
}
#endif

#ifdef HAVE_LZMA
static void pack_xz(GByteArray *file, const void *text, size_t size) {
        g_autofree guint8 *packed = g_malloc(size + ROOM);
        size_t n = 0;

        g_assert_cmpint(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, text, size, packed, &n, size + ROOM), ==, LZMA_OK);
        append(file, packed, n);
}
#endif

#ifdef HAVE_BZIP2
static void pack_bzip2(GByteArray *file, const void *text, size_t size) {
        unsigned n = (unsigned)size + ROOM;
        g_autofree char *packed = g_malloc(n);

        g_assert_cmpint(BZ2_bzBuffToBuffCompress(packed, &n, (char *)text, (unsigned)size, 1, 0, 0), ==, BZ_OK);
        append(file, packed, n);
}
#endif

#ifdef HAVE_LZ4
static void pack_lz4(GByteArray *file, const void *text, size_t size) {
        g_autofree guint8 *packed = g_malloc(size + 2 * ROOM);
        LZ4F_preferences_t options = { .frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled };

        append(file, packed, LZ4F_compressFrame(packed, size + 2 * ROOM, text, size, &options));
}
#endif

typedef struct Packer {
        const char *name;
        Pack pack;
        guint first_checked; /* from this byte on, a change is never passed over in silence; before it there are flags and times */
} Packer;

static const Packer PACKERS[] = {
        { "gzip", pack_gzip, 10 },
#ifdef HAVE_ZSTD
        { "zstd", pack_zstd, 6 },
#endif
#ifdef HAVE_LZMA
        { "xz", pack_xz, 6 },
#endif
#ifdef HAVE_BZIP2
        { "bzip2", pack_bzip2, 10 },
#endif
#ifdef HAVE_LZ4
        { "lz4", pack_lz4, 4 },
#endif
};

/* --- reading --- */

typedef struct Unpacked {
        GString *text;
        GPtrArray *problems;
        char *layers;
} Unpacked;

static void unpacked_clear(Unpacked *unpacked) {
        g_string_free(unpacked->text, TRUE);
        g_ptr_array_unref(unpacked->problems);
        g_free(unpacked->layers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Unpacked, unpacked_clear)

static void unpack_bytes(const void *bytes, size_t size, size_t step, Unpacked *unpacked) {
        Tally tally = { .n_in = size };
        g_autofree char *buffer = g_malloc(step);
        g_autoptr(Unpack) unpack = NULL;
        size_t n;

        unpacked->text = g_string_new(NULL);
        unpacked->problems = g_ptr_array_new_with_free_func(g_free);
        unpack = unpack_new(stream_new_memory(bytes, size), INFLATE_AUTO, unpacked->problems, &tally);
        while ((n = unpack_read(unpack, buffer, step)) > 0)
                g_string_append_len(unpacked->text, buffer, (gssize)n);
        g_assert_cmpuint(unpack_read(unpack, buffer, step), ==, 0);
        unpacked->layers = g_strdup(unpack_layers(unpack));
}

static void assert_unpacks(const GByteArray *file, const char *text, const char *layers) {
        static const size_t STEPS[STEPS_MAX] = { 1, 7, 1 << 20 };

        for (size_t i = 0; i < STEPS_MAX; i++) {
                g_auto(Unpacked) unpacked = { 0 };

                unpack_bytes(file->data, file->len, STEPS[i], &unpacked);
                g_assert_cmpmem(unpacked.text->str, unpacked.text->len, text, strlen(text));
                g_assert_cmpstr(unpacked.layers, ==, layers);
                g_assert_cmpuint(unpacked.problems->len, ==, 0);
        }
}

static void test_whole(const void *data) {
        const Packer *packer = data;
        g_autoptr(GByteArray) file = g_byte_array_new();

        packer->pack(file, TEXT, strlen(TEXT));
        assert_unpacks(file, TEXT, packer->name);
}

/* Parts with and without content, and zeros between them. */
static void test_parts(const void *data) {
        static const char zeros[8];
        const Packer *packer = data;
        g_autoptr(GByteArray) file = g_byte_array_new();

        packer->pack(file, "", 0);
        packer->pack(file, TEXT, strlen(TEXT));
        append(file, zeros, sizeof(zeros));
        packer->pack(file, TEXT, strlen(TEXT));
        packer->pack(file, "", 0);
        append(file, zeros, sizeof(zeros));
        assert_unpacks(file, TEXT TEXT, packer->name);
}

static void test_behind(const void *data) {
        const Packer *packer = data;
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_auto(Unpacked) unpacked = { 0 };

        packer->pack(file, TEXT, strlen(TEXT));
        append(file, "more", 4);
        unpack_bytes(file->data, file->len, ROOM, &unpacked);
        g_assert_cmpstr(unpacked.text->str, ==, TEXT);
        g_assert_cmpuint(unpacked.problems->len, ==, 1);
        g_assert_nonnull(strstr(unpacked.problems->pdata[0], "behind the end of the"));
}

/* What comes before the tear is given, and it is said; from the shortest beginning that can be known. */
static void test_torn(const void *data) {
        const Packer *packer = data;
        g_autoptr(GByteArray) file = g_byte_array_new();

        packer->pack(file, TEXT, strlen(TEXT));
        for (guint size = 10; size < file->len; size++) {
                g_auto(Unpacked) unpacked = { 0 };

                g_test_message("torn behind byte %u of %u", size, file->len);
                unpack_bytes(file->data, size, ROOM, &unpacked);
                g_assert_true(g_str_has_prefix(TEXT, unpacked.text->str));
                g_assert_cmpuint(unpacked.problems->len, ==, 1);
                g_assert_nonnull(strstr(unpacked.problems->pdata[0], "ends in the middle of a"));
        }
}

static void test_damaged(const void *data) {
        const Packer *packer = data;
        g_autoptr(GByteArray) file = g_byte_array_new();

        packer->pack(file, TEXT, strlen(TEXT));
        for (guint at = packer->first_checked; at < file->len; at++) {
                g_auto(Unpacked) unpacked = { 0 };

                file->data[at] ^= 0x11;
                g_test_message("byte %u of %u changed", at, file->len);
                unpack_bytes(file->data, file->len, ROOM, &unpacked);
                g_assert_true(unpacked.problems->len > 0 || g_str_equal(unpacked.text->str, TEXT));
                file->data[at] ^= 0x11;
        }
}

/* More than fits into any buffer, in parts that end anywhere. */
static void test_large(const void *data) {
        const Packer *packer = data;
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_autoptr(GString) text = g_string_new(NULL);
        g_auto(Unpacked) unpacked = { 0 };
        uint32_t state = 7;

        while (text->len < 1500000) {
                size_t start = text->len;
                for (uint32_t n = scratch_random(&state, 30000); n > 0; n--)
                        g_string_append_printf(text, "%u\n", scratch_random(&state, 1000000));
                packer->pack(file, text->str + start, text->len - start);
        }
        unpack_bytes(file->data, file->len, 10007, &unpacked);
        g_assert_cmpmem(unpacked.text->str, unpacked.text->len, text->str, text->len);
        g_assert_cmpuint(unpacked.problems->len, ==, 0);
}

/* --- more than one layer --- */

static GByteArray *fold(Pack outer, GByteArray *inner) {
        GByteArray *file = g_byte_array_new();

        outer(file, inner->data, inner->len);
        g_byte_array_unref(inner);
        return file;
}

static void test_layers(void) {
        GByteArray *file = g_byte_array_new();

        append(file, TEXT, strlen(TEXT));
        for (int i = 0; i < UNPACK_LAYERS_MAX; i++)
                file = fold(pack_gzip, file);
        assert_unpacks(file, TEXT, "gzip+gzip+gzip+gzip");
        file = fold(pack_gzip, file);
        {
                g_auto(Unpacked) unpacked = { 0 };

                unpack_bytes(file->data, file->len, ROOM, &unpacked);
                g_assert_cmpuint(unpacked.text->len, ==, 0);
                g_assert_cmpuint(unpacked.problems->len, ==, 1);
                g_assert_nonnull(strstr(unpacked.problems->pdata[0], "more than 4 times over"));
        }
        g_byte_array_unref(file);
}

static void test_not_packed(void) {
        static const char *const TEXTS[] = { "", "B", "BZh", "BZh9 is how bzip2 begins\n", "\x1f", "\x1f\x9d", "\x28\xb5\x2f", "PK" };

        for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
                g_autoptr(GByteArray) file = g_byte_array_new();

                append(file, TEXTS[i], strlen(TEXTS[i]));
                assert_unpacks(file, TEXTS[i], "");
        }
}

/* What can be looked at does not get lost. */
static void test_ahead(void) {
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_autoptr(Unpack) unpack = NULL;
        Tally tally = { 0 };
        char buffer[100];

        pack_gzip(file, TEXT, strlen(TEXT));
        unpack = unpack_new(stream_new_memory(file->data, file->len), INFLATE_ZLIB, problems, &tally);
        g_assert_true(str_equal(unpack_ahead(unpack, 10), STR("2026-11-23")));
        g_assert_cmpuint(unpack_ahead(unpack, 10000).len, ==, strlen(TEXT));
        g_assert_cmpuint(unpack_read(unpack, buffer, 100), ==, strlen(TEXT));
        g_assert_cmpmem(buffer, strlen(TEXT), TEXT, strlen(TEXT));
        g_assert_cmpuint(unpack_ahead(unpack, 10).len, ==, 0);
}

/* Cut where the bound says, however it is read. */
static void test_bomb(void) {
        g_autoptr(GByteArray) part = g_byte_array_new(), file = g_byte_array_new();
        g_autofree char *zeros = g_malloc0(16 << 20), *buffer = g_malloc(1000003);
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(Unpack) unpack = NULL;
        Tally tally = { 0 };
        uint64_t all = 0;
        size_t n;

        pack_gzip(part, zeros, 16 << 20);
        for (int i = 0; i < 20; i++)
                append(file, part->data, part->len);
        tally.n_in = file->len;
        unpack = unpack_new(stream_new_memory(file->data, file->len), INFLATE_AUTO, problems, &tally);
        while ((n = unpack_read(unpack, buffer, 1000003)) > 0)
                all += n;
        g_assert_cmpuint(all, >=, BOMB_BYTES);
        g_assert_cmpuint(all, <, BOMB_BYTES + (1 << 20));
        g_assert_cmpuint(problems->len, ==, 1);
        g_assert_nonnull(strstr(problems->pdata[0], "decompression bomb"));
}

static void add(const char *what, GTestDataFunc test) {
        for (size_t i = 0; i < G_N_ELEMENTS(PACKERS); i++) {
                g_autofree char *path = g_strdup_printf("/unpack/%s/%s", PACKERS[i].name, what);
                g_test_add_data_func(path, &PACKERS[i], test);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        add("whole", test_whole);
        add("parts", test_parts);
        add("behind", test_behind);
        add("torn", test_torn);
        add("damaged", test_damaged);
        add("large", test_large);
        g_test_add_func("/unpack/layers", test_layers);
        g_test_add_func("/unpack/not-packed", test_not_packed);
        g_test_add_func("/unpack/ahead", test_ahead);
        g_test_add_func("/unpack/bomb", test_bomb);
        return g_test_run();
}
