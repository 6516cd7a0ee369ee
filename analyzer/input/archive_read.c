/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#ifdef HAVE_ARCHIVE

#include "input/archive_read.h"

#include <errno.h>
#include <stdio.h>

const LibArchive *archive_library(GPtrArray *problems) {
        static const char *const NAMES[] = { ARCHIVE_FUNCTIONS(LIBRARY_NAME) };
        static LibArchive functions;
        static Library library = { .file = ARCHIVE_LIBRARY };
        g_autoptr(GError) error = NULL;

        if (library_load(&library, NAMES, &functions, G_N_ELEMENTS(NAMES), &error))
                return &functions;
        stream_problem(problems, "libarchive cannot be loaded (%s); not read", error->message);
        return NULL;
}

static la_ssize_t give(struct archive *archive, void *data, const void **buffer) {
        ArchiveSource *source = data;
        size_t n = stream_read_all(source->stream, source->buffer, ARCHIVE_STEP_BYTES);

        (void)archive;
        source->at += n;
        *buffer = source->buffer;
        return (la_ssize_t)n;
}

static la_int64_t move(struct archive *archive, void *data, la_int64_t offset, int whence) {
        ArchiveSource *source = data;
        int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? (int64_t)source->at : (int64_t)source->stream->size;

        /* A damaged archive may point anywhere. */
        if (offset < -base || offset > INT64_MAX - base || !source->stream->seek(source->stream, (uint64_t)(base + offset))) {
                source->lib->set_error(archive, EINVAL, "points outside of itself");
                return ARCHIVE_FATAL;
        }
        source->at = (uint64_t)(base + offset);
        return (la_int64_t)source->at;
}

void archive_source_attach(const LibArchive *lib, struct archive *archive, ArchiveSource *source) {
        source->lib = lib;
        lib->read_set_callback_data(archive, source);
        lib->read_set_read_callback(archive, give);
        if (source->stream->seek)
                lib->read_set_seek_callback(archive, move);
}

#endif
