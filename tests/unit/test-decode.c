/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Decode and inflate: whole, torn and damaged sources, by both engines. A file is described as its parts, so that what
 * is expected can be read next to it.
 */

#include "input/decode.h"

#include "base/error.h"
#include "base/str.h"
#include "scratch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>
#include <zlib.h>

#define TEXT      "2026-11-23 10:00:00 INFO one\n2026-11-23 10:00:01 ERROR two\n"
#define GZIP_TIME 1795435200

typedef enum Part { END, PLAIN, GZIP, GZIP_DATED, GZIP_NAMED, EMPTY_MEMBER, ZEROS, GARBAGE, ONE_MAGIC } Part;

typedef struct Case {
        const char *name;
        Part parts[4];
        const char *compression;
        const char *text;
        const char *problem; /* a part of it; NULL: none */
} Case;

#define TORN   "ends in the middle"
#define BEHIND "behind the end of the gzip stream"

static const Case CASES[] = {
        { "empty", { END }, "none", "", NULL },
        { "plain", { PLAIN }, "none", TEXT, NULL },
        { "plain-before-gzip-is-plain", { PLAIN, PLAIN }, "none", TEXT TEXT, NULL },
        { "gzip", { GZIP }, "gzip", TEXT, NULL },
        { "gzip-with-time", { GZIP_DATED }, "gzip", TEXT, NULL },
        { "gzip-with-name", { GZIP_NAMED }, "gzip", TEXT, NULL },
        { "members", { GZIP, GZIP_DATED, GZIP }, "gzip", TEXT TEXT TEXT, NULL }, /* as logrotate or bgzip append */
        { "empty-member", { EMPTY_MEMBER }, "gzip", "", NULL },
        { "empty-member-first", { EMPTY_MEMBER, GZIP }, "gzip", TEXT, NULL },
        { "empty-member-between", { GZIP, EMPTY_MEMBER, GZIP }, "gzip", TEXT TEXT, NULL },
        { "empty-member-last", { GZIP, EMPTY_MEMBER }, "gzip", TEXT, NULL },
        { "zeros-behind", { GZIP, ZEROS }, "gzip", TEXT, NULL }, /* as tapes pad */
        { "garbage-behind", { GZIP, GARBAGE }, "gzip", TEXT, BEHIND },
        { "half-a-magic-behind", { GZIP, ONE_MAGIC }, "gzip", TEXT, BEHIND },
        { "garbage-behind-zeros", { GZIP, ZEROS, GARBAGE }, "gzip", TEXT, BEHIND },
        { "gzip-behind-zeros", { GZIP, ZEROS, GZIP }, "gzip", TEXT TEXT, NULL },
        { "half-a-magic", { ONE_MAGIC }, "none", "\x1f", NULL },
};

static const InflateEngine ENGINES[] = { INFLATE_AUTO, INFLATE_ZLIB };

/* --- files --- */

static void append_gzip(GByteArray *file, const void *text, size_t size, gz_header *header) {
        g_autofree guint8 *packed = g_malloc(size + 4096);
        z_stream z = { 0 };

        g_assert_cmpint(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
        if (header)
                g_assert_cmpint(deflateSetHeader(&z, header), ==, Z_OK);
        z.next_in = (Bytef *)text;
        z.avail_in = (uInt)size;
        z.next_out = packed;
        z.avail_out = (uInt)(size + 4096);
        g_assert_cmpint(deflate(&z, Z_FINISH), ==, Z_STREAM_END);
        g_byte_array_append(file, packed, (guint)z.total_out);
        deflateEnd(&z);
}

static void append_part(GByteArray *file, Part part) {
        static const guint8 zeros[700], magic[] = { 0x1f };
        gz_header dated = { .time = GZIP_TIME }, named = { .name = (Bytef *)"app.log", .comment = (Bytef *)"nothing", .hcrc = 1 };

        switch (part) {
        case END:
                break;
        case PLAIN:
                g_byte_array_append(file, (const guint8 *)TEXT, strlen(TEXT));
                break;
        case GZIP:
                append_gzip(file, TEXT, strlen(TEXT), NULL);
                break;
        case GZIP_DATED:
                append_gzip(file, TEXT, strlen(TEXT), &dated);
                break;
        case GZIP_NAMED:
                append_gzip(file, TEXT, strlen(TEXT), &named);
                break;
        case EMPTY_MEMBER:
                append_gzip(file, "", 0, NULL);
                break;
        case ZEROS:
                g_byte_array_append(file, zeros, sizeof(zeros));
                break;
        case GARBAGE:
                g_byte_array_append(file, (const guint8 *)"garbage", 7);
                break;
        case ONE_MAGIC:
                g_byte_array_append(file, magic, 1);
                break;
        }
}

static GByteArray *file_of(const Part *parts) {
        GByteArray *file = g_byte_array_new();

        for (size_t i = 0; i < 4; i++)
                append_part(file, parts[i]);
        return file;
}

/* --- reading --- */

typedef struct Decoded {
        GString *text;
        char *problems; /* joined by "; " */
        char *compression;
        const char *note;
} Decoded;

static void decoded_clear(Decoded *decoded) {
        if (decoded->text)
                g_string_free(decoded->text, TRUE);
        g_free(decoded->problems);
        g_free(decoded->compression);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Decoded, decoded_clear)

static char *problems_of(const Decoder *decoder) {
        const GPtrArray *problems = decoder_problems(decoder);
        GString *all = g_string_new(NULL);

        for (guint i = 0; i < problems->len; i++)
                g_string_append_printf(all, "%s%s", i ? "; " : "", (char *)problems->pdata[i]);
        return g_string_free(all, FALSE);
}

static void decode_path(const char *path, InflateEngine engine, size_t step, Decoded *decoded) {
        g_autoptr(Source) source = scratch_source(path);
        g_autoptr(GError) error = NULL;
        g_autoptr(Decoder) decoder = decoder_open(source, engine, &error);
        g_autofree char *buffer = g_malloc(step);
        size_t n;

        g_assert_no_error(error);
        decoded->text = g_string_new(NULL);
        while ((n = decoder_read(decoder, buffer, step)) > 0)
                g_string_append_len(decoded->text, buffer, (gssize)n);
        g_assert_cmpuint(decoder_read(decoder, buffer, step), ==, 0);
        decoded->problems = problems_of(decoder);
        decoded->compression = g_strdup(decoder_compression(decoder));
        decoded->note = decoder_note(decoder);
}

static void decode_bytes(const void *bytes, size_t size, InflateEngine engine, size_t step, Decoded *decoded) {
        char *folder = scratch_folder();
        g_autofree char *path = scratch_write(folder, "x", bytes, size);

        decode_path(path, engine, step, decoded);
        scratch_remove(folder);
}

static void assert_text(const Decoded *decoded, const char *expected, size_t size) {
        g_assert_cmpmem(decoded->text->str, decoded->text->len, expected, size);
}

static void assert_problem(const Decoded *decoded, const char *expected) {
        if (!expected)
                g_assert_cmpstr(decoded->problems, ==, "");
        else if (!strstr(decoded->problems, expected))
                g_error("expected \"%s\", found \"%s\"", expected, decoded->problems);
}

static void test_case(const void *data) {
        static const size_t STEPS[] = { 1, 7, 4096, 1 << 20 };
        const Case *expected = data;
        g_autoptr(GByteArray) file = file_of(expected->parts);

        for (size_t engine = 0; engine < G_N_ELEMENTS(ENGINES); engine++)
                for (size_t i = 0; i < G_N_ELEMENTS(STEPS); i++) {
                        g_auto(Decoded) decoded = { 0 };

                        decode_bytes(file->data, file->len, ENGINES[engine], STEPS[i], &decoded);
                        assert_text(&decoded, expected->text, strlen(expected->text));
                        assert_problem(&decoded, expected->problem);
                        g_assert_cmpstr(decoded.compression, ==, expected->compression);
                }
}

/* --- torn and damaged gzip: both engines say the same --- */

static void assert_engines_agree(const guint8 *bytes, size_t size, const char *problem) {
        g_auto(Decoded) best = { 0 }, zlib = { 0 };

        decode_bytes(bytes, size, INFLATE_AUTO, 4096, &best);
        decode_bytes(bytes, size, INFLATE_ZLIB, 4096, &zlib);
        assert_text(&best, zlib.text->str, zlib.text->len);
        g_assert_cmpstr(best.problems, ==, zlib.problems);
        g_assert_true(strlen(TEXT) * 3 >= best.text->len);
        assert_problem(&best, problem);
}

static void assert_torn(const Part *parts, const char *problem) {
        g_autoptr(GByteArray) file = file_of(parts);

        for (guint size = 2; size < file->len; size++) {
                g_test_message("torn behind byte %u of %u", size, file->len);
                assert_engines_agree(file->data, size, problem);
        }
}

static void test_torn(void) {
        assert_torn((Part[4]){ GZIP }, TORN);
}

static void test_torn_named(void) {
        assert_torn((Part[4]){ GZIP_NAMED }, TORN);
}

/* What was whole before the tear is given. */
static void test_torn_second_member(void) {
        g_autoptr(GByteArray) file = file_of((Part[4]){ GZIP, GZIP });

        for (guint size = file->len / 2 + 2; size < file->len; size++) {
                g_auto(Decoded) decoded = { 0 };

                assert_engines_agree(file->data, size, TORN);
                decode_bytes(file->data, size, INFLATE_AUTO, 4096, &decoded);
                g_assert_true(g_str_has_prefix(decoded.text->str, TEXT));
        }
}

/* A wrong byte of the checksum or the length at the end. */
static void test_bad_trailer(void) {
        g_autoptr(GByteArray) file = file_of((Part[4]){ GZIP });

        for (guint at = file->len - 8; at < file->len; at++) {
                g_auto(Decoded) decoded = { 0 };

                file->data[at] ^= 0x40;
                g_test_message("byte %u of %u", at, file->len);
                assert_engines_agree(file->data, file->len, "is damaged");
                decode_bytes(file->data, file->len, INFLATE_AUTO, 4096, &decoded);
                assert_text(&decoded, TEXT, strlen(TEXT));
                file->data[at] ^= 0x40;
        }
}

/* A changed byte anywhere behind the header is never passed over in silence. */
static void test_bad_byte(void) {
        g_autoptr(GByteArray) file = file_of((Part[4]){ GZIP });

        for (guint at = 10; at < file->len; at++) {
                for (size_t engine = 0; engine < G_N_ELEMENTS(ENGINES); engine++) {
                        g_auto(Decoded) decoded = { 0 };

                        file->data[at] ^= 0x11;
                        decode_bytes(file->data, file->len, ENGINES[engine], 4096, &decoded);
                        g_assert_cmpstr(decoded.problems, !=, "");
                        file->data[at] ^= 0x11;
                }
        }
}

/* More than fits into any buffer, with members that end anywhere. */
static void test_large(void) {
        g_autoptr(GByteArray) file = g_byte_array_new();
        g_autoptr(GString) text = g_string_new(NULL);
        uint32_t state = 7;

        while (text->len < 2000000) {
                size_t start = text->len;
                for (uint32_t n = scratch_random(&state, 9000); n > 0; n--)
                        g_string_append_printf(text, "%u\n", scratch_random(&state, 1000000));
                append_gzip(file, text->str + start, text->len - start, NULL);
        }
        for (size_t engine = 0; engine < G_N_ELEMENTS(ENGINES); engine++) {
                g_auto(Decoded) decoded = { 0 };

                decode_bytes(file->data, file->len, ENGINES[engine], 10007, &decoded);
                assert_text(&decoded, text->str, text->len);
                assert_problem(&decoded, NULL);
        }
}

/* --- UTF-16 --- */

typedef struct WideCase {
        const char *name;
        const char *bytes;
        size_t size;
        const char *text;
} WideCase;

#define WIDE(bytes) bytes, sizeof(bytes) - 1

static const WideCase WIDE_CASES[] = {
        /* as Windows' PowerShell writes with > and SQL Server its ERRORLOG */
        { "le",
          WIDE("\xff\xfe"
               "a\0\n\0"
               "b\0"),
          "a\nb" },
        { "be",
          WIDE("\xfe\xff"
               "\0a\0\n\0b"),
          "a\nb" },
        { "le-mark-alone", WIDE("\xff\xfe"), "" },
        { "be-mark-alone", WIDE("\xfe\xff"), "" },
        { "le-umlaut-and-euro", WIDE("\xff\xfe\xe4\x00\xac\x20"), "\xc3\xa4\xe2\x82\xac" },
        { "le-pair", WIDE("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80" },
        { "be-pair", WIDE("\xfe\xff\xd8\x3d\xde\x00"), "\xf0\x9f\x98\x80" },
        { "le-odd-byte",
          WIDE("\xff\xfe"
               "a\0b"),
          "a?" },
        { "be-odd-byte",
          WIDE("\xfe\xff"
               "\0a\0"),
          "a?" },
        { "le-high-surrogate-alone",
          WIDE("\xff\xfe\x3d\xd8"
               "a\0"),
          "?a" },
        { "le-high-surrogate-last",
          WIDE("\xff\xfe"
               "a\0\x3d\xd8"),
          "a?" },
        { "le-low-surrogate-alone",
          WIDE("\xff\xfe\x00\xde"
               "a\0"),
          "?a" },
        { "be-low-surrogate-alone", WIDE("\xfe\xff\xde\x00\0a"), "?a" },
        { "le-two-high-surrogates", WIDE("\xff\xfe\x3d\xd8\x3d\xd8\x00\xde"), "?\xf0\x9f\x98\x80" },
        /* not UTF-16 */
        { "half-a-mark", WIDE("\xff"), "\xff" },
        { "no-mark",
          WIDE("\xff\xff"
               "a"),
          "\xff\xff"
          "a" },
};

static void test_wide(const void *data) {
        const WideCase *expected = data;
        g_auto(Decoded) decoded = { 0 };

        decode_bytes(expected->bytes, expected->size, INFLATE_AUTO, 4096, &decoded);
        assert_text(&decoded, expected->text, strlen(expected->text));
        assert_problem(&decoded, NULL);
        g_assert_cmpstr(decoded.note, ==, decoded.text->len && *decoded.text->str == '\xff' ? NULL : "UTF-16, decoded");
}

static GByteArray *wide_lines(const char *line, size_t n, GString *text) {
        g_autoptr(GString) all = g_string_new(NULL);
        g_autofree char *wide = NULL;
        GByteArray *file = g_byte_array_new();
        gsize size;

        for (size_t i = 0; i < n; i++)
                g_string_append(all, line);
        g_string_append_len(text, all->str, (gssize)all->len);
        wide = g_convert(all->str, (gssize)all->len, "UTF-16LE", "UTF-8", NULL, &size, NULL);
        g_byte_array_append(file, (const guint8 *)"\xff\xfe", 2);
        g_byte_array_append(file, (const guint8 *)wide, (guint)size);
        return file;
}

typedef struct WideStep {
        const char *name;
        size_t step;
} WideStep;

static const WideStep WIDE_STEPS[] = {
        { "1", 1 }, { "7", 7 }, { "8", 8 }, { "1000", 1000 }, { "4096", 4096 }, { "1048576", 1 << 20 },
};

/* Lines of characters of one to four bytes, read with any step. */
static void test_wide_steps(const void *data) {
        const WideStep *with = data;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GByteArray) file = wide_lines("x\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n", 20000, text);
        g_auto(Decoded) decoded = { 0 };

        decode_bytes(file->data, file->len, INFLATE_AUTO, with->step, &decoded);
        assert_text(&decoded, text->str, text->len);
        assert_problem(&decoded, NULL);
}

static void test_wide_gzip(void) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GByteArray) plain = wide_lines("Zur\xc3\xbc"
                                                 "ck\r\n",
                                                 9000, text),
                              file = g_byte_array_new();
        g_auto(Decoded) decoded = { 0 };

        append_gzip(file, plain->data, plain->len, NULL);
        decode_bytes(file->data, file->len, INFLATE_AUTO, 65536, &decoded);
        assert_text(&decoded, text->str, text->len);
        g_assert_cmpstr(decoded.compression, ==, "gzip");
        g_assert_cmpstr(decoded.note, ==, "UTF-16, decoded");
}

/* --- what cannot be opened, and what changes --- */

static void assert_cannot_open(const char *path, const char *message) {
        g_autoptr(Source) source = scratch_source(path);
        g_autoptr(GError) error = NULL;
        Decoder *decoder = decoder_open(source, INFLATE_AUTO, &error);

        g_assert_null(decoder);
        g_assert_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT);
        g_assert_cmpstr(error->message, ==, message);
}

static void test_cannot_open(void) {
        char *folder = scratch_folder();
        g_autofree char *missing = g_build_filename(folder, "missing", NULL);

        assert_cannot_open(missing, "No such file or directory");
        assert_cannot_open(folder, "Is a directory");
        scratch_remove(folder);
}

/* A FIFO that nobody writes to is empty, not a wait without end. */
static void test_fifo(void) {
        char *folder = scratch_folder();
        g_autofree char *path = g_build_filename(folder, "fifo", NULL);
        g_autoptr(Source) source = scratch_source(path);
        g_autoptr(GError) error = NULL;
        Decoder *decoder;

        g_assert_cmpint(mkfifo(path, 0600), ==, 0);
        decoder = decoder_open(source, INFLATE_AUTO, &error);
        g_assert_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT);
        g_assert_null(decoder);
        scratch_remove(folder);
}

/* Larger than the decoder's own buffer, so that the rest is still in the file when it shrinks. */
static void test_shrinks(void) {
        g_autofree char *text = g_strnfill(1000000, 'x'), *buffer = g_malloc(2000000);
        char *folder = scratch_folder();
        g_autofree char *path = scratch_write(folder, "x.log", text, 1000000), *problems = NULL;
        g_autoptr(Source) source = scratch_source(path);
        g_autoptr(GError) error = NULL;
        g_autoptr(Decoder) decoder = decoder_open(source, INFLATE_AUTO, &error);
        size_t n, all = 0;

        g_assert_no_error(error);
        g_assert_cmpint(truncate(path, 300000), ==, 0);
        while ((n = decoder_read(decoder, buffer, 2000000)) > 0)
                all += n;
        problems = problems_of(decoder);
        g_assert_cmpuint(all, ==, 300000);
        g_assert_cmpstr(problems, ==, "shrank while it was read, from 1000000 to 300000 bytes");
        scratch_remove(folder);
}

/* A file that grows is read to where it ends now. */
static void test_grows(void) {
        char *folder = scratch_folder();
        g_autofree char *path = scratch_write(folder, "x.log", "one\n", 4), *problems = NULL;
        g_autoptr(Source) source = scratch_source(path);
        g_autoptr(GError) error = NULL;
        g_autoptr(Decoder) decoder = decoder_open(source, INFLATE_AUTO, &error);
        char buffer[100];

        g_assert_no_error(error);
        problems = problems_of(decoder);
        g_assert_cmpuint(decoder_read(decoder, buffer, sizeof(buffer)), ==, 4);
        g_assert_cmpuint(decoder_read(decoder, buffer, sizeof(buffer)), ==, 0);
        g_assert_cmpstr(problems, ==, "");
        scratch_remove(folder);
}

/* --- the reference --- */

static void assert_reference(const Part *parts, int64_t us, const char *from) {
        g_autoptr(GByteArray) file = file_of(parts);
        char *folder = scratch_folder();
        g_autofree char *path = scratch_write(folder, "x", file->data, file->len);
        g_autoptr(Source) source = scratch_source(path);
        g_autoptr(GError) error = NULL;
        g_autoptr(Decoder) decoder = NULL;
        const char *found;

        g_assert_cmpint(utime(path, &(struct utimbuf){ 1700000000, 1700000000 }), ==, 0);
        decoder = decoder_open(source, INFLATE_AUTO, &error);
        g_assert_no_error(error);
        g_assert_cmpint(decoder_reference(decoder, &found), ==, us);
        g_assert_cmpstr(found, ==, from);
        scratch_remove(folder);
}

static void test_reference(void) {
        assert_reference((Part[4]){ PLAIN }, INT64_C(1700000000000000), "file time");
        assert_reference((Part[4]){ GZIP }, INT64_C(1700000000000000), "file time");
        assert_reference((Part[4]){ GZIP_DATED }, INT64_C(1000000) * GZIP_TIME, "gzip header");
        assert_reference((Part[4]){ END }, INT64_C(1700000000000000), "file time");
}

static void add_cases(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *path = g_strdup_printf("/decode/case/%s", CASES[i].name);
                g_test_add_data_func(path, &CASES[i], test_case);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(WIDE_CASES); i++) {
                g_autofree char *path = g_strdup_printf("/decode/utf-16/%s", WIDE_CASES[i].name);
                g_test_add_data_func(path, &WIDE_CASES[i], test_wide);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(WIDE_STEPS); i++) {
                g_autofree char *path = g_strdup_printf("/decode/utf-16/step/%s", WIDE_STEPS[i].name);
                g_test_add_data_func(path, &WIDE_STEPS[i], test_wide_steps);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        add_cases();
        g_test_add_func("/decode/utf-16/gzip", test_wide_gzip);
        g_test_add_func("/decode/torn", test_torn);
        g_test_add_func("/decode/torn/named", test_torn_named);
        g_test_add_func("/decode/torn/second-member", test_torn_second_member);
        g_test_add_func("/decode/damaged/trailer", test_bad_trailer);
        g_test_add_func("/decode/damaged/byte", test_bad_byte);
        g_test_add_func("/decode/large", test_large);
        g_test_add_func("/decode/cannot-open", test_cannot_open);
        g_test_add_func("/decode/fifo", test_fifo);
        g_test_add_func("/decode/shrinks", test_shrinks);
        g_test_add_func("/decode/grows", test_grows);
        g_test_add_func("/decode/reference", test_reference);
        return g_test_run();
}
