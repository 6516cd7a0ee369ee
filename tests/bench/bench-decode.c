/* SPDX-License-Identifier: Apache-2.0 */

/* Bytes of a file, plain and gzip, with both engines; against a read into a buffer. */

#include "bench.h"

#include "input/decode.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <unistd.h>

#define BUFFER_BYTES (256 * 1024)

typedef struct Job {
        const char *path;
        InflateEngine engine;
} Job;

static uint64_t read_only(void *data) {
        static char buffer[BUFFER_BYTES];
        int file = open(((Job *)data)->path, O_RDONLY | O_CLOEXEC);
        uint64_t total = 0;
        ssize_t n;

        while ((n = read(file, buffer, sizeof(buffer))) > 0)
                total += (uint64_t)n;
        close(file);
        return total;
}

static uint64_t decode(void *data) {
        static char buffer[BUFFER_BYTES];
        const Job *job = data;
        Source source = { .name = (char *)job->path };
        g_autoptr(Decoder) decoder = decoder_open(&source, job->engine, NULL);
        uint64_t total = 0;
        size_t n;

        while ((n = decoder_read(decoder, buffer, sizeof(buffer))) > 0)
                total += n;
        return total;
}

/* The log as gzip writes it, in a file that is removed when the program ends. */
static char *compress(const BenchLog *log) {
        g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6);
        g_autoptr(GFile) file = NULL;
        g_autoptr(GOutputStream) packed = NULL;
        char *path = NULL;
        int handle = g_file_open_tmp("bench-decode-XXXXXX.gz", &path, NULL);

        g_assert(handle >= 0);
        close(handle);
        file = g_file_new_for_path(path);
        {
                g_autoptr(GFileOutputStream) plain = g_file_replace(file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);
                packed = g_converter_output_stream_new(G_OUTPUT_STREAM(plain), G_CONVERTER(compressor));
        }
        g_assert(g_output_stream_write_all(packed, log->block.buffer, log->block.len, NULL, NULL, NULL));
        g_assert(g_output_stream_close(packed, NULL, NULL));
        return path;
}

int main(int argc, char **argv) {
        g_autofree char *packed = NULL;
        BenchLog log;
        size_t n;

        bench_log_init(&log, argc, argv);
        packed = compress(&log);
        n = log.block.len;
        bench_time("decode: read (trivial)", n, read_only, &(Job){ log.path, INFLATE_AUTO });
        bench_time("decode: plain", n, decode, &(Job){ log.path, INFLATE_AUTO });
        bench_time("decode: gzip, best engine", n, decode, &(Job){ packed, INFLATE_AUTO });
        bench_time("decode: gzip, zlib", n, decode, &(Job){ packed, INFLATE_ZLIB });
        g_unlink(packed);
        bench_log_clear(&log);
        return 0;
}
