/* SPDX-License-Identifier: Apache-2.0 */
#include "input/uncompress.h"

#include "config.h"

/* The magic, then the greatest width of a code, 9 to 16 bits, beside two reserved bits. */
bool uncompress_begins(Str head) {
        unsigned bits = head.len >= 3 ? (unsigned)head.ptr[2] & 0x1f : 0;

        return str_starts(head, STR("\x1f\x9d")) && bits >= 9 && bits <= 16 && ((unsigned)head.ptr[2] & 0x60) == 0;
}

#ifdef HAVE_ARCHIVE

#include "input/archive_read.h"

typedef struct Uncompress {
        Stream stream;
        const LibArchive *lib; /* borrowed */
        ArchiveSource source;
        struct archive *archive; /* owned */
        const char *next;        /* borrowed from libarchive; `left` bytes */
        size_t left;
        bool end;
        GPtrArray *problems; /* borrowed */
        Tally *tally;        /* borrowed */
} Uncompress;

/* Only the end of the data is no damage; a file without content has it at once. */
static void end_unless_ok(Uncompress *self, int status) {
        self->end = status != ARCHIVE_OK;
        if (status != ARCHIVE_OK && status != ARCHIVE_EOF)
                stream_problem(self->problems, "the compress data is damaged; read up to there");
}

/* Block by block: archive_read_data() would lose what came before the damage. */
static void next_block(Uncompress *self) {
        const void *block;
        la_int64_t start;
        int status = self->lib->read_data_block(self->archive, &block, &self->left, &start);

        self->next = block;
        end_unless_ok(self, status);
        self->end |= !tally_add(self->tally, self->left, self->problems);
        if (self->end)
                self->left = 0;
}

static size_t uncompress_read(Stream *stream, void *buffer, size_t size) {
        Uncompress *self = (Uncompress *)stream;
        size_t n;

        while (self->left == 0 && !self->end)
                next_block(self);
        n = MIN(size, self->left);
        if (n == 0)
                return 0;
        memcpy(buffer, self->next, n);
        self->next += n;
        self->left -= n;
        return n;
}

static void uncompress_free(Stream *stream) {
        Uncompress *self = (Uncompress *)stream;

        self->lib->read_free(self->archive);
        stream_free(self->source.stream);
        g_free(self);
}

Stream *uncompress_new(Stream *inner, GPtrArray *problems, Tally *tally) {
        const LibArchive *lib = archive_library(problems);
        Uncompress *self;
        struct archive_entry *entry;
        int status;

        if (!lib)
                return NULL;
        self = g_new0(Uncompress, 1);
        self->lib = lib;
        self->stream = (Stream){ .read = uncompress_read, .free = uncompress_free };
        self->source.stream = inner;
        self->problems = problems;
        self->tally = tally;
        self->archive = lib->read_new();
        lib->read_support_filter_compress(self->archive);
        lib->read_support_format_raw(self->archive);
        lib->read_support_format_empty(self->archive);
        archive_source_attach(lib, self->archive, &self->source);
        status = lib->read_open1(self->archive);
        end_unless_ok(self, status == ARCHIVE_OK ? lib->read_next_header(self->archive, &entry) : status);
        return &self->stream;
}

#else

Stream *uncompress_new(Stream *inner, GPtrArray *problems, Tally *tally) {
        (void)inner;
        (void)tally;
        stream_problem(problems, "compress data, and libarchive is not built in; not read");
        return NULL;
}

#endif
