/* SPDX-License-Identifier: Apache-2.0 */
#include "input/unpack.h"

#include "input/engines.h"
#include "input/uncompress.h"

#include <string.h>

#define RAW_BYTES (256 * 1024)

/*
 * A decompressor is always given so many bytes, but for the end, and room for so many: what it gives before it finds damage depends on
 * that (bzip2 drops what it had written, zstd decodes small frames at once).
 */
#define STEP_IN_BYTES  (64 * 1024)
#define STEP_OUT_BYTES (64 * 1024)

/* One decompressor, or none at the top of the stack, with the bytes that it read and did not use yet. */
typedef struct Layer {
        Stream stream;
        Stream *inner; /* owned */
        unsigned char raw[RAW_BYTES];
        const unsigned char *next;
        size_t left;
        uint64_t n_read;
        bool raw_end;

        const Engine *engine; /* NULL: passes the bytes as they are */
        void *state;          /* owned; of the engine */
        bool end, in_part;
        char *out; /* owned; decompressed for a reader who had less room, from `out_at` on not yet given out */
        size_t out_at, n_out;
        uint64_t part_at;           /* where the member, frame or stream begins, in bytes of the inner stream */
        uint64_t part_out, n_given; /* bytes that were decompressed: before it, and in all */
        GArray *marks;              /* owned; of UnpackMark; NULL: nobody wants them */
        uint64_t marks_gap;

        GPtrArray *problems; /* borrowed */
        Tally *tally;        /* borrowed */
} Layer;

struct Unpack {
        Layer *top; /* owned, with those below it */
        unsigned n_layers;
        GString *layers;
        int64_t time;
};

/* --- raw bytes --- */

static size_t raw_read(Layer *layer, void *buffer, size_t size) {
        size_t n = layer->raw_end ? 0 : stream_read(layer->inner, buffer, size);

        layer->raw_end = n == 0;
        layer->n_read += n;
        return n;
}

/* Makes sure that @want bytes are in `raw`, unless the stream ends before. */
static void raw_fill(Layer *layer, size_t want) {
        if (layer->left >= want || layer->raw_end)
                return;
        memmove(layer->raw, layer->next, layer->left);
        layer->next = layer->raw;
        while (layer->left < want) {
                size_t n = raw_read(layer, layer->raw + layer->left, RAW_BYTES - layer->left);
                if (n == 0)
                        return;
                layer->left += n;
        }
}

static Str raw_head(Layer *layer, size_t want) {
        raw_fill(layer, want);
        return (Str){ (const char *)layer->next, MIN(layer->left, want) };
}

static size_t pass(Layer *layer, void *buffer, size_t size) {
        size_t n = MIN(size, layer->left);

        if (n == 0)
                return raw_read(layer, buffer, size);
        memcpy(buffer, layer->next, n);
        layer->next += n;
        layer->left -= n;
        return n;
}

/* --- parts: members, frames or streams --- */

/* Skips the zeros that tapes and xz pad with; false at the end. */
static bool skip_zeros(Layer *layer) {
        for (;;) {
                for (; layer->left > 0; layer->next++, layer->left--)
                        if (*layer->next != 0)
                                return true;
                raw_fill(layer, 1);
                if (layer->left == 0)
                        return false;
        }
}

static void note_mark(Layer *layer) {
        UnpackMark mark = { layer->part_at, layer->part_out };

        if (layer->marks && (layer->marks->len == 0 || mark.out - g_array_index(layer->marks, UnpackMark, layer->marks->len - 1).out >= layer->marks_gap))
                g_array_append_val(layer->marks, mark);
}

static void begin_part(Layer *layer) {
        const char *name = layer->engine->name;

        if (!skip_zeros(layer)) {
                layer->end = true;
        } else if (layer->engine->begins(raw_head(layer, ENGINE_MAGIC_BYTES))) {
                layer->engine->reset(layer->state);
                layer->in_part = true;
                layer->part_at = layer->n_read - layer->left;
                layer->part_out = layer->n_given;
                note_mark(layer);
        } else {
                layer->end = true;
                stream_problem(layer->problems, "data behind the end of the %s stream is not %s; it was not read", name, name);
        }
}

static void end_torn(Layer *layer) {
        layer->end = true;
        stream_problem(layer->problems, "the %s data ends in the middle of a %s; read up to the tear", layer->engine->name, layer->engine->part);
}

/* Where it begins, and how much of it was read; not where the damage was found: that depends on the library. */
static void end_damaged(Layer *layer, EngineStatus status) {
        layer->end = true;
        stream_problem(layer->problems, "%s %s at byte %" G_GUINT64_FORMAT " %s; the first %" G_GUINT64_FORMAT " bytes of its content were read",
                       layer->engine->name, layer->engine->part, (guint64)layer->part_at, status == ENGINE_TOO_BIG ? "asks for too much memory" : "is damaged",
                       (guint64)(layer->n_given - layer->part_out));
}

/* One step into @buffer of STEP_OUT_BYTES; returns the number of bytes written, which may be 0 before the end. */
static size_t step(Layer *layer, char *buffer) {
        char *out = buffer;
        size_t room = STEP_OUT_BYTES, give, left;
        EngineStatus status;
        bool dry;

        raw_fill(layer, STEP_IN_BYTES);
        /* At the end, the library may still hold bytes that it had no room for. */
        dry = layer->left == 0;
        left = give = MIN(layer->left, STEP_IN_BYTES);
        status = layer->engine->run(layer->state, &layer->next, &left, &out, &room);
        layer->left -= give - left;
        layer->n_given += STEP_OUT_BYTES - room;
        switch (status) {
        case ENGINE_MORE:
                if (dry && room == STEP_OUT_BYTES)
                        end_torn(layer);
                break;
        case ENGINE_END:
                layer->in_part = false;
                break;
        case ENGINE_DAMAGED:
                dry ? end_torn(layer) : end_damaged(layer, ENGINE_DAMAGED);
                break;
        case ENGINE_TOO_BIG:
                end_damaged(layer, ENGINE_TOO_BIG);
                break;
        }
        if (!tally_add(layer->tally, STEP_OUT_BYTES - room, layer->problems))
                layer->end = true;
        return STEP_OUT_BYTES - room;
}

/* The next bytes, at least one, into @buffer of STEP_OUT_BYTES; 0 at the end. */
static size_t decompress(Layer *layer, char *buffer) {
        size_t n = 0;

        while (n == 0 && !layer->end)
                if (layer->in_part)
                        n = step(layer, buffer);
                else
                        begin_part(layer);
        return n;
}

static size_t decompress_to(Layer *layer, char *buffer, size_t size) {
        size_t n;

        if (layer->out_at == layer->n_out && size >= STEP_OUT_BYTES)
                return decompress(layer, buffer);
        if (layer->out_at == layer->n_out) {
                if (!layer->out)
                        layer->out = g_malloc(STEP_OUT_BYTES);
                layer->out_at = 0;
                layer->n_out = decompress(layer, layer->out);
        }
        n = MIN(size, layer->n_out - layer->out_at);
        memcpy(buffer, layer->out + layer->out_at, n);
        layer->out_at += n;
        return n;
}

static size_t layer_read(Stream *stream, void *buffer, size_t size) {
        Layer *layer = (Layer *)stream;

        if (size == 0)
                return 0;
        if (layer->engine)
                return decompress_to(layer, buffer, size);
        return layer->end ? 0 : pass(layer, buffer, size);
}

static void layer_free(Stream *stream) {
        Layer *layer = (Layer *)stream;

        if (layer->state)
                layer->engine->free(layer->state);
        stream_free(layer->inner);
        g_clear_pointer(&layer->marks, g_array_unref);
        g_free(layer->out);
        g_free(layer);
}

static Layer *layer_new(Stream *inner, GPtrArray *problems, Tally *tally) {
        Layer *layer = g_new0(Layer, 1);

        layer->stream = (Stream){ .read = layer_read, .free = layer_free };
        layer->inner = inner;
        layer->next = layer->raw;
        layer->problems = problems;
        layer->tally = tally;
        return layer;
}

/* --- the stack --- */

/* RFC 1952, 2.3: MTIME stands at byte 4, the least significant byte first; 0 is "not known". */
static int64_t gzip_header_time(Layer *layer) {
        Str head = raw_head(layer, 8);
        const unsigned char *p = (const unsigned char *)head.ptr;

        if (head.len < 8)
                return 0;
        return (int64_t)((uint32_t)p[4] | (uint32_t)p[5] << 8 | (uint32_t)p[6] << 16 | (uint32_t)p[7] << 24) * 1000000;
}

static void add_name(Unpack *unpack, const char *name) {
        g_string_append_printf(unpack->layers, "%s%s", unpack->n_layers > 0 ? "+" : "", name);
        unpack->n_layers++;
}

static Layer *begin_engine(Layer *layer, const Engine *engine, InflateEngine which) {
        layer->engine = engine;
        layer->state = engine->make(which);
        return layer_new(&layer->stream, layer->problems, layer->tally);
}

/* The layer above @layer, whose data is compressed; NULL when it is not, or must not be read. */
static Layer *unfold(Unpack *unpack, Layer *layer, InflateEngine which) {
        Str head = raw_head(layer, ENGINE_MAGIC_BYTES);
        const Engine *engine = engine_find(head);
        bool lzw = uncompress_begins(head);
        const char *name = lzw ? "compress" : engine ? engine->name : "";

        if (!engine && !lzw)
                return NULL;
        if (unpack->n_layers == UNPACK_LAYERS_MAX) {
                layer->end = true;
                stream_problem(layer->problems, "compressed more than %d times over; not read", UNPACK_LAYERS_MAX);
                return NULL;
        }
        add_name(unpack, name);
        if (lzw) {
                Stream *stream = uncompress_new(&layer->stream, layer->problems, layer->tally);

                layer->end |= !stream;
                return stream ? layer_new(stream, layer->problems, layer->tally) : NULL;
        }
        if (!engine->make) {
                layer->end = true;
                stream_problem(layer->problems, "%s data, and %s is not built in; not read", name, name);
                return NULL;
        }
        if (unpack->time == 0 && g_str_equal(name, "gzip"))
                unpack->time = gzip_header_time(layer);
        return begin_engine(layer, engine, which);
}

Unpack *unpack_new_at(Stream *inner, InflateEngine which, GPtrArray *problems, Tally *tally, uint64_t at, unsigned n_layers) {
        Unpack *unpack = g_new0(Unpack, 1);
        Layer *next = NULL;

        unpack->layers = g_string_new(NULL);
        unpack->top = layer_new(inner, problems, tally);
        unpack->top->n_read = at;
        if (n_layers > 0)
                next = unfold(unpack, unpack->top, which);
        if (next)
                unpack->top = next;
        return unpack;
}

const GArray *unpack_note_marks(Unpack *unpack, uint64_t gap) {
        Layer *layer = unpack->n_layers == 1 ? (Layer *)unpack->top->inner : NULL;

        if (!layer || !layer->engine)
                return NULL;
        layer->marks = g_array_new(FALSE, FALSE, sizeof(UnpackMark));
        layer->marks_gap = gap;
        if (layer->in_part)
                note_mark(layer);
        return layer->marks;
}

unsigned unpack_n_layers(const Unpack *unpack) {
        return unpack->n_layers;
}

Unpack *unpack_new(Stream *inner, InflateEngine which, GPtrArray *problems, Tally *tally) {
        Unpack *unpack = g_new0(Unpack, 1);
        Layer *next;

        unpack->layers = g_string_new(NULL);
        unpack->top = layer_new(inner, problems, tally);
        while ((next = unfold(unpack, unpack->top, which)))
                unpack->top = next;
        return unpack;
}

void unpack_free(Unpack *unpack) {
        stream_free(&unpack->top->stream);
        g_string_free(unpack->layers, TRUE);
        g_free(unpack);
}

size_t unpack_read(Unpack *unpack, void *buffer, size_t size) {
        return layer_read(&unpack->top->stream, buffer, size);
}

Str unpack_ahead(Unpack *unpack, size_t want) {
        if (unpack->top->end)
                return (Str){ "", 0 };
        return raw_head(unpack->top, MIN(want, UNPACK_AHEAD_MAX));
}

const char *unpack_layers(const Unpack *unpack) {
        return unpack->layers->str;
}

int64_t unpack_time(const Unpack *unpack) {
        return unpack->time;
}

Stream *unpack_seekable(Unpack *unpack) {
        Stream *inner = unpack->top->inner;

        return unpack->n_layers == 0 && inner->seek && inner->seek(inner, 0) ? inner : NULL;
}
