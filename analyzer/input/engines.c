/* SPDX-License-Identifier: Apache-2.0 */
#include "input/engines.h"

#include "config.h"

#ifdef HAVE_ZSTD
#include <zstd.h>
#include <zstd_errors.h>
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

/* Of both: which engines there are, and use them, depends on the libraries. */
G_GNUC_UNUSED static void advance(const unsigned char **in, size_t *n_in, size_t n) {
        *in += n;
        *n_in -= n;
}

G_GNUC_UNUSED static void advance_out(char **out, size_t *n_out, size_t n) {
        *out += n;
        *n_out -= n;
}

/* --- gzip (RFC 1952) --- */

static bool gzip_begins(Str head) {
        return str_starts(head, STR("\x1f\x8b"));
}

static void *gzip_make(InflateEngine which) {
        return inflate_new(which);
}

static void gzip_free(void *state) {
        inflate_free(state);
}

static void gzip_reset(void *state) {
        inflate_reset(state);
}

static EngineStatus gzip_run(void *state, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        switch (inflate_run(state, in, n_in, out, n_out)) {
        case INFLATE_MORE:
                return ENGINE_MORE;
        case INFLATE_MEMBER_END:
                return ENGINE_END;
        default:
                return ENGINE_DAMAGED;
        }
}

/* --- zstd (RFC 8878) --- */

/* A frame, or one to be skipped, such as pzstd and t2sz write; lz4 has the same ones. */
static bool is_skippable(Str head) {
        return head.len >= 4 && ((uint8_t)head.ptr[0] & 0xf0) == 0x50 && str_starts(str_slice(head, 1, 4), STR("\x2a\x4d\x18"));
}

static bool zstd_begins(Str head) {
        return str_starts(head, STR("\x28\xb5\x2f\xfd")) || is_skippable(head);
}

#ifdef HAVE_ZSTD
static void *zstd_make(InflateEngine which) {
        (void)which;
        return ZSTD_createDStream();
}

static void zstd_free(void *state) {
        ZSTD_freeDStream(state);
}

static void zstd_reset(void *state) {
        ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
}

static EngineStatus zstd_run(void *state, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        ZSTD_inBuffer from = { *in, *n_in, 0 };
        ZSTD_outBuffer to = { *out, *n_out, 0 };
        size_t status = ZSTD_decompressStream(state, &to, &from);

        advance(in, n_in, from.pos);
        advance_out(out, n_out, to.pos);
        if (ZSTD_isError(status))
                return ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge ? ENGINE_TOO_BIG : ENGINE_DAMAGED;
        return status == 0 ? ENGINE_END : ENGINE_MORE;
}
#else
#define zstd_make  NULL
#define zstd_free  NULL
#define zstd_reset NULL
#define zstd_run   NULL
#endif

/* --- xz --- */

static bool xz_begins(Str head) {
        return str_starts(head, (Str){ "\xfd"
                                       "7zXZ\0",
                                       6 });
}

#ifdef HAVE_LZMA
static void *xz_make(InflateEngine which) {
        lzma_stream *xz = g_new0(lzma_stream, 1);

        (void)which;
        *xz = (lzma_stream)LZMA_STREAM_INIT;
        return xz;
}

static void xz_free(void *state) {
        lzma_end(state);
        g_free(state);
}

static void xz_reset(void *state) {
        g_assert(lzma_stream_decoder(state, ENGINE_MEMORY_MAX, 0) == LZMA_OK);
}

static EngineStatus xz_run(void *state, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        lzma_stream *xz = state;
        lzma_ret status;
        size_t before_in = *n_in, before_out = *n_out;

        xz->next_in = *in;
        xz->avail_in = *n_in;
        xz->next_out = (uint8_t *)*out;
        xz->avail_out = *n_out;
        status = lzma_code(xz, LZMA_RUN);
        advance(in, n_in, before_in - xz->avail_in);
        advance_out(out, n_out, before_out - xz->avail_out);
        if (status == LZMA_STREAM_END)
                return ENGINE_END;
        if (status == LZMA_MEMLIMIT_ERROR)
                return ENGINE_TOO_BIG;
        return status == LZMA_OK || status == LZMA_BUF_ERROR ? ENGINE_MORE : ENGINE_DAMAGED;
}
#else
#define xz_make  NULL
#define xz_free  NULL
#define xz_reset NULL
#define xz_run   NULL
#endif

/* --- bzip2 --- */

/* "BZh" alone could be text: then comes the level, and the magic of a block (the digits of pi) or of the end (of its root). */
static bool bzip2_begins(Str head) {
        Str block = str_slice(head, 4, 10);

        return str_starts(head, STR("BZh")) && head.len >= 10 && head.ptr[3] >= '1' && head.ptr[3] <= '9' &&
               (str_starts(block, STR("\x31\x41\x59\x26\x53\x59")) || str_starts(block, STR("\x17\x72\x45\x38\x50\x90")));
}

#ifdef HAVE_BZIP2
typedef struct Bzip2 {
        bz_stream stream;
        bool open;
} Bzip2;

static void *bzip2_make(InflateEngine which) {
        (void)which;
        return g_new0(Bzip2, 1);
}

static void bzip2_close(Bzip2 *bzip2) {
        if (bzip2->open)
                BZ2_bzDecompressEnd(&bzip2->stream);
        bzip2->open = false;
}

static void bzip2_free(void *state) {
        bzip2_close(state);
        g_free(state);
}

static void bzip2_reset(void *state) {
        Bzip2 *bzip2 = state;

        bzip2_close(bzip2);
        bzip2->stream = (bz_stream){ 0 };
        g_assert(BZ2_bzDecompressInit(&bzip2->stream, 0, 0) == BZ_OK);
        bzip2->open = true;
}

/* It counts in 32 bits. */
#define BZIP2_STEP_MAX ((size_t)1 << 30)

static EngineStatus bzip2_run(void *state, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        bz_stream *b = &((Bzip2 *)state)->stream;
        unsigned give_in = (unsigned)MIN(*n_in, BZIP2_STEP_MAX), give_out = (unsigned)MIN(*n_out, BZIP2_STEP_MAX);
        int status;

        b->next_in = (char *)*in;
        b->avail_in = give_in;
        b->next_out = *out;
        b->avail_out = give_out;
        status = BZ2_bzDecompress(b);
        advance(in, n_in, give_in - b->avail_in);
        advance_out(out, n_out, give_out - b->avail_out);
        if (status == BZ_STREAM_END)
                return ENGINE_END;
        return status == BZ_OK ? ENGINE_MORE : ENGINE_DAMAGED;
}
#else
#define bzip2_make  NULL
#define bzip2_free  NULL
#define bzip2_reset NULL
#define bzip2_run   NULL
#endif

/* --- lz4 (frames) --- */

static bool lz4_begins(Str head) {
        return str_starts(head, STR("\x04\x22\x4d\x18")) || is_skippable(head);
}

#ifdef HAVE_LZ4
static void *lz4_make(InflateEngine which) {
        LZ4F_dctx *lz4 = NULL;

        (void)which;
        g_assert(!LZ4F_isError(LZ4F_createDecompressionContext(&lz4, LZ4F_VERSION)));
        return lz4;
}

static void lz4_free(void *state) {
        LZ4F_freeDecompressionContext(state);
}

static void lz4_reset(void *state) {
        LZ4F_resetDecompressionContext(state);
}

static EngineStatus lz4_run(void *state, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        size_t n_from = *n_in, n_to = *n_out;
        size_t status = LZ4F_decompress(state, *out, &n_to, *in, &n_from, NULL);

        if (LZ4F_isError(status))
                return ENGINE_DAMAGED;
        advance(in, n_in, n_from);
        advance_out(out, n_out, n_to);
        return status == 0 ? ENGINE_END : ENGINE_MORE;
}
#else
#define lz4_make  NULL
#define lz4_free  NULL
#define lz4_reset NULL
#define lz4_run   NULL
#endif

/* --- the table --- */

static const Engine ENGINES[] = {
        { "gzip", "member", gzip_begins, gzip_make, gzip_free, gzip_reset, gzip_run },
        { "zstd", "frame", zstd_begins, zstd_make, zstd_free, zstd_reset, zstd_run },
        { "xz", "stream", xz_begins, xz_make, xz_free, xz_reset, xz_run },
        { "bzip2", "stream", bzip2_begins, bzip2_make, bzip2_free, bzip2_reset, bzip2_run },
        { "lz4", "frame", lz4_begins, lz4_make, lz4_free, lz4_reset, lz4_run },
};

const Engine *engine_find(Str head) {
        for (size_t i = 0; i < G_N_ELEMENTS(ENGINES); i++)
                if (ENGINES[i].begins(head))
                        return &ENGINES[i];
        return NULL;
}
