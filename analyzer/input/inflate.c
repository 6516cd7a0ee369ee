/* SPDX-License-Identifier: Apache-2.0 */
#include "input/inflate.h"

#include "config.h"

#include <zlib.h>

#ifdef HAVE_ISAL
#include <isa-l/igzip_lib.h>
#endif

struct Inflate {
        z_stream zlib;
        bool use_zlib;
#ifdef HAVE_ISAL
        struct inflate_state isal;
#endif
};

/* Both libraries count in 32 bits. */
#define STEP_MAX ((size_t)1 << 30)

/* 15 bits of window, and a gzip header, no other. */
#define GZIP_WINDOW_BITS (15 + 16)

static InflateStatus run_zlib(Inflate *gz, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        z_stream *z = &gz->zlib;
        uInt give_in = (uInt)MIN(*n_in, STEP_MAX), give_out = (uInt)MIN(*n_out, STEP_MAX);
        int status;

        z->next_in = (Bytef *)*in;
        z->avail_in = give_in;
        z->next_out = (Bytef *)*out;
        z->avail_out = give_out;
        status = inflate(z, Z_NO_FLUSH);
        *in += give_in - z->avail_in;
        *n_in -= give_in - z->avail_in;
        *out += give_out - z->avail_out;
        *n_out -= give_out - z->avail_out;
        if (status == Z_STREAM_END)
                return INFLATE_MEMBER_END;
        return status == Z_OK || status == Z_BUF_ERROR ? INFLATE_MORE : INFLATE_DAMAGED;
}

#ifdef HAVE_ISAL

static InflateStatus run_isal(Inflate *gz, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        struct inflate_state *s = &gz->isal;
        uint32_t give_in = (uint32_t)MIN(*n_in, STEP_MAX), give_out = (uint32_t)MIN(*n_out, STEP_MAX);
        int status;

        s->next_in = (uint8_t *)*in;
        s->avail_in = give_in;
        s->next_out = (uint8_t *)*out;
        s->avail_out = give_out;
        status = isal_inflate(s);
        *in += give_in - s->avail_in;
        *n_in -= give_in - s->avail_in;
        *out += give_out - s->avail_out;
        *n_out -= give_out - s->avail_out;
        if (status < 0)
                return INFLATE_DAMAGED;
        return s->block_state == ISAL_BLOCK_FINISH ? INFLATE_MEMBER_END : INFLATE_MORE;
}

static bool isal_wanted(InflateEngine engine) {
        return engine == INFLATE_AUTO;
}

static void isal_begin(Inflate *gz) {
        isal_inflate_init(&gz->isal);
        gz->isal.crc_flag = ISAL_GZIP;
}

#else

static InflateStatus run_isal(Inflate *gz, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        return run_zlib(gz, in, n_in, out, n_out);
}

static bool isal_wanted(InflateEngine engine) {
        (void)engine;
        return false;
}

static void isal_begin(Inflate *gz) {
        (void)gz;
}

#endif

Inflate *inflate_new(InflateEngine engine) {
        Inflate *gz = g_new0(Inflate, 1);

        gz->use_zlib = !isal_wanted(engine);
        if (gz->use_zlib)
                g_assert(inflateInit2(&gz->zlib, GZIP_WINDOW_BITS) == Z_OK);
        else
                isal_begin(gz);
        return gz;
}

void inflate_free(Inflate *gz) {
        if (gz->use_zlib)
                inflateEnd(&gz->zlib);
        g_free(gz);
}

void inflate_reset(Inflate *gz) {
        if (gz->use_zlib)
                inflateReset(&gz->zlib);
        else
                isal_begin(gz);
}

InflateStatus inflate_run(Inflate *gz, const unsigned char **in, size_t *n_in, char **out, size_t *n_out) {
        return gz->use_zlib ? run_zlib(gz, in, n_in, out, n_out) : run_isal(gz, in, n_in, out, n_out);
}
