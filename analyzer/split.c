/* SPDX-License-Identifier: Apache-2.0 */
#include "split.h"

#include "input/bundle.h"
#include "opened.h"
#include "parse/events.h"

#include <glib/gstdio.h>

/* A part of compressed data begins with what is decompressed to no end: at most this share of its size. */
#define SKIP_SHARE 8

/* Read in pieces that stay in a core's cache: looking for newlines is all that is done with them. */
#define SPLIT_BLOCK_BYTES ((uint64_t)256 << 10)

/* Compressed data that gave so many times the size of a part and had one member only is taken for one that has no others. */
#define ONE_MEMBER_SIZES 4

typedef struct Splitter {
        const Source *source;
        uint64_t size, file_size;
        size_t block_bytes;
        const GArray *marks; /* of UnpackMark; NULL: not compressed */
        uint64_t mark_out;   /* of the part at hand */
        Range range;         /* of the part at hand, without its end */
        SplitPart part;
        void *data;
} Splitter;

static void give(const Splitter *splitter, uint64_t to, uint64_t bytes) {
        Range range = splitter->range;

        range.to = to;
        splitter->part(splitter->source, &range, bytes, splitter->data);
}

static void give_whole(Splitter *splitter) {
        splitter->range = range_whole(splitter->source->from_folder);
        give(splitter, RANGE_END, splitter->file_size);
}

/* The last mark at or before @offset. */
static UnpackMark mark_before(const Splitter *splitter, uint64_t offset) {
        UnpackMark mark = { 0 };

        for (guint i = splitter->marks->len; i > 0; i--) {
                mark = g_array_index(splitter->marks, UnpackMark, i - 1);
                if (mark.out <= offset)
                        return mark;
        }
        return (UnpackMark){ 0 };
}

static bool can_begin(const Splitter *splitter, uint64_t offset, UnpackMark *mark) {
        *mark = splitter->marks ? mark_before(splitter, offset) : (UnpackMark){ offset, offset };
        if (offset - splitter->range.from < splitter->size)
                return false;
        return mark->out > splitter->mark_out && offset - mark->out <= splitter->size / SKIP_SHARE + 2 * splitter->block_bytes;
}

static void begin_part(Splitter *splitter, const Block *block, UnpackMark mark) {
        splitter->mark_out = mark.out;
        splitter->range.from = block->offset;
        splitter->range.first_line = block->first_line;
        splitter->range.time_us = block->carry.time_us;
        splitter->range.raw = mark.raw;
        splitter->range.decoded = mark.out;
}

static bool has_one_member(const Splitter *splitter, uint64_t offset) {
        return splitter->marks && splitter->range.from == 0 && splitter->marks->len <= 1 && offset > ONE_MEMBER_SIZES * splitter->size;
}

static void walk(Splitter *splitter, const Opened *opened) {
        Block *block = block_new(splitter->block_bytes);
        uint64_t at = 0;

        splitter->range = range_whole(splitter->source->from_folder);
        while (reader_next(opened->reader, block, 0, events_cut, opened->layout) && !has_one_member(splitter, block->offset)) {
                UnpackMark mark;

                if (can_begin(splitter, block->offset, &mark)) {
                        give(splitter, block->offset, block->offset - splitter->range.from);
                        begin_part(splitter, block, mark);
                }
                at = block->offset + block->len + block->elided_bytes;
        }
        if (splitter->range.from == 0)
                give_whole(splitter);
        else
                give(splitter, RANGE_END, at - splitter->range.from);
        block_free(block);
}

static bool is_small(const Splitter *splitter, Decoder *decoder) {
        return unpack_n_layers(decoder_unpack(decoder)) == 0 && splitter->file_size <= splitter->size;
}

static void split_decoder(Splitter *splitter, Decoder *decoder, const ScanOptions *options) {
        IntakeItem item = {
                .source = splitter->source,
                .decoder = decoder,
                .compression = decoder_compression(decoder),
                .problems = decoder_problems(decoder),
        };
        g_auto(Opened) opened = { 0 };
        Layout layout;

        if (unpack_n_layers(decoder_unpack(decoder)) > 0)
                splitter->marks = unpack_note_marks(decoder_unpack(decoder), splitter->size / SKIP_SHARE);
        opened_init(&opened, &item, &layout, options);
        if (opened.refused || !decoder_is_divisible(decoder))
                give_whole(splitter);
        else
                walk(splitter, &opened);
}

static void split_source(const Source *source, uint64_t size, const ScanOptions *options, SplitPart part, void *data) {
        Splitter splitter = { .source = source, .size = size, .block_bytes = options->block_bytes, .part = part, .data = data };
        g_autoptr(GError) ignored = NULL;
        g_autoptr(Decoder) decoder = decoder_open(source, options->inflate, &ignored);
        GStatBuf status;

        if (g_stat(source->name, &status) == 0)
                splitter.file_size = (uint64_t)status.st_size;
        if (!decoder || is_small(&splitter, decoder) || bundle_format(unpack_ahead(decoder_unpack(decoder), BUNDLE_HEAD_BYTES)))
                give_whole(&splitter);
        else
                split_decoder(&splitter, decoder, options);
}

void split_sources(const GPtrArray *sources, uint64_t size, const ScanOptions *options, SplitPart part, void *data) {
        ScanOptions finer = *options;

        finer.block_bytes = (size_t)MIN(MIN((uint64_t)options->block_bytes, SPLIT_BLOCK_BYTES), size);
        for (guint i = 0; i < sources->len; i++)
                split_source(sources->pdata[i], size, &finer, part, data);
}
