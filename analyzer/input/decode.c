/* SPDX-License-Identifier: Apache-2.0 */
#include "input/decode.h"

#include "base/error.h"
#include "input/charset.h"
#include "input/file.h"
#include "input/journal.h"
#include "model/rotation.h"

struct Decoder {
        Unpack *unpack;   /* owned */
        Charset *charset; /* owned; NULL until the first read */
        Tally own, *tally;
        GPtrArray *problems;
        char *compression;
        int64_t written;   /* microseconds; 0: not known */
        int64_t name_date; /* the same, of the name of a rotated file */
        bool seekable, ranged;
        uint64_t left; /* bytes that may still be read, when `ranged` */
};

static Decoder *make(Tally *tally, GPtrArray *problems, const char *name) {
        Decoder *decoder = g_new0(Decoder, 1);

        decoder->tally = tally ? tally : &decoder->own;
        decoder->problems = problems ? g_ptr_array_ref(problems) : g_ptr_array_new_with_free_func(g_free);
        decoder->name_date = rotation_date(name);
        return decoder;
}

static void begin(Decoder *decoder, Stream *stream, InflateEngine which, const char *around) {
        const char *layers;

        decoder->unpack = unpack_new(stream, which, decoder->problems, decoder->tally);
        layers = unpack_layers(decoder->unpack);
        decoder->compression = g_strdup_printf("%s%s%s", around, *around && *layers ? "+" : "", *around || *layers ? layers : "none");
}

static bool is_journal(const Decoder *decoder) {
        return journal_begins(unpack_ahead(decoder->unpack, JOURNAL_HEAD_BYTES));
}

static void note_lone_journal(Decoder *decoder) {
        stream_problem(decoder->problems, "a systemd journal can be read only from a file of its own; not read");
}

Decoder *decoder_new(Stream *stream, InflateEngine which, const Around *around, int64_t written, const char *name) {
        Decoder *decoder = make(around->tally, around->problems, name);

        decoder->written = written;
        begin(decoder, stream, which, around->layers);
        if (is_journal(decoder))
                note_lone_journal(decoder);
        return decoder;
}

static Decoder *open_journal(const Source *source, InflateEngine which, GError **error) {
        g_autoptr(Decoder) decoder = make(NULL, NULL, source->name);
        Stream *stream = journal_open(source->name, decoder->problems, error);

        if (!stream)
                return NULL;
        begin(decoder, stream, which, "journal");
        return g_steal_pointer(&decoder);
}

Decoder *decoder_open(const Source *source, InflateEngine which, GError **error) {
        g_autoptr(Decoder) decoder = NULL;
        Stream *stream;

        if (journal_is_name(source->name))
                return open_journal(source, which, error);
        decoder = make(NULL, NULL, source->name);
        stream = file_open(source->name, decoder->problems, decoder->tally, &decoder->written, error);
        if (!stream)
                return NULL;
        begin(decoder, stream, which, "");
        if (decoder->tally->n_in == 0 && decoder->problems->len > 0) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "%s", (char *)decoder->problems->pdata[0]);
                return NULL;
        }
        decoder->seekable = stream->seek != NULL && !is_journal(decoder);
        if (!is_journal(decoder))
                return g_steal_pointer(&decoder);
        if (unpack_seekable(decoder->unpack) && !g_str_equal(source->name, SOURCE_STDIN))
                return open_journal(source, which, error);
        note_lone_journal(decoder);
        return g_steal_pointer(&decoder);
}

bool decoder_is_divisible(const Decoder *decoder) {
        return decoder->seekable && unpack_n_layers(decoder->unpack) <= 1 && decoder_note(decoder) == NULL;
}

/* The member or frame may begin before the range. */
static void skip(Decoder *decoder, uint64_t n) {
        char buffer[16 * 1024];

        while (n > 0) {
                size_t got = unpack_read(decoder->unpack, buffer, (size_t)MIN(n, sizeof(buffer)));
                if (got == 0)
                        return;
                n -= got;
        }
}

Decoder *decoder_open_range(const Source *source, const Decoder *whole, InflateEngine which, GError **error) {
        const Range *range = &source->range;
        g_autoptr(Decoder) decoder = make(NULL, NULL, source->name);
        unsigned n_layers = unpack_n_layers(whole->unpack);
        Stream *stream;

        if (!decoder_is_divisible(whole) || (n_layers == 0 && range->raw != range->decoded)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "cannot be read in parts");
                return NULL;
        }
        stream = file_open(source->name, decoder->problems, decoder->tally, &decoder->written, error);
        if (!stream)
                return NULL;
        decoder->compression = g_strdup(whole->compression);
        if (!stream->seek || !stream->seek(stream, range->raw)) {
                stream_free(stream);
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "cannot be read in parts");
                return NULL;
        }
        decoder->unpack = unpack_new_at(stream, which, decoder->problems, decoder->tally, range->raw, n_layers);
        decoder->ranged = true;
        decoder->left = range->to == RANGE_END ? RANGE_END : range->to - range->from;
        skip(decoder, range->from - range->decoded);
        return g_steal_pointer(&decoder);
}

void decoder_free(Decoder *decoder) {
        g_clear_pointer(&decoder->charset, charset_free);
        g_clear_pointer(&decoder->unpack, unpack_free); /* NULL where it could not be opened */
        g_ptr_array_unref(decoder->problems);
        g_free(decoder->compression);
        g_free(decoder);
}

static size_t read_ranged(Decoder *decoder, char *buffer, size_t size) {
        size_t n = unpack_read(decoder->unpack, buffer, (size_t)MIN(size, decoder->left));

        decoder->left -= decoder->left == RANGE_END ? 0 : n;
        return n;
}

size_t decoder_read(Decoder *decoder, char *buffer, size_t size) {
        if (decoder->ranged)
                return read_ranged(decoder, buffer, size);
        if (!decoder->charset)
                decoder->charset = charset_new(decoder->unpack);
        return charset_read(decoder->charset, buffer, size);
}

const char *decoder_compression(const Decoder *decoder) {
        return decoder->compression;
}

GPtrArray *decoder_problems(const Decoder *decoder) {
        return decoder->problems;
}

const char *decoder_note(const Decoder *decoder) {
        return decoder->charset ? charset_note(decoder->charset) : NULL;
}

Unpack *decoder_unpack(const Decoder *decoder) {
        return decoder->unpack;
}

Tally *decoder_tally(const Decoder *decoder) {
        return decoder->tally;
}

/* The date in a name may be the first day of what the file holds, so it bounds only a file time that is much later (of a copy). */
int64_t decoder_reference(const Decoder *decoder, const char **from) {
        int64_t header = unpack_time(decoder->unpack), latest = decoder->name_date + ROTATION_DATE_SLACK_US;

        if (header != 0) {
                *from = "gzip header";
                return header;
        }
        if (decoder->name_date != 0 && (decoder->written == 0 || decoder->written > latest)) {
                *from = "file name";
                return latest;
        }
        if (decoder->written != 0) {
                *from = "file time";
                return decoder->written;
        }
        *from = "clock";
        return g_get_real_time();
}
