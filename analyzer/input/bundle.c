/* SPDX-License-Identifier: Apache-2.0 */
#include "input/bundle.h"

#include "config.h"
#include "input/sources.h"

#include <string.h>

#ifdef HAVE_ARCHIVE
#include "input/archive_read.h"
#endif

/* --- which --- */

#define TAR_MAGIC_AT      257
#define TAR_CHECKSUM_AT   148
#define TAR_CHECKSUM_SIZE 8

static bool is_zero(Str bytes) {
        for (size_t i = 0; i < bytes.len; i++)
                if (bytes.ptr[i] != '\0')
                        return false;
        return true;
}

/* The old tar has no magic; but the sum of the header's bytes stands in it, in octal. */
static bool has_tar_checksum(Str head) {
        unsigned sum = TAR_CHECKSUM_SIZE * ' ', stated = 0;
        Str field = str_trim(str_slice(head, TAR_CHECKSUM_AT, TAR_CHECKSUM_AT + TAR_CHECKSUM_SIZE));

        if (head.len < BUNDLE_HEAD_BYTES || head.ptr[0] == '\0' || field.len == 0 || !char_is_digit(field.ptr[0]))
                return false;
        for (size_t i = 0; i < BUNDLE_HEAD_BYTES; i++)
                if (i < TAR_CHECKSUM_AT || i >= TAR_CHECKSUM_AT + TAR_CHECKSUM_SIZE)
                        sum += (uint8_t)head.ptr[i];
        for (size_t i = 0; i < field.len && char_is_digit(field.ptr[i]); i++)
                stated = stated * 8 + (unsigned)(field.ptr[i] - '0');
        return sum == stated;
}

/* 512 zero bytes are an archive without members; but a log can begin with a hole of them, too. */
static bool is_tar(Str head) {
        return head.len == BUNDLE_HEAD_BYTES && !is_zero(head) && (str_starts(str_slice(head, TAR_MAGIC_AT, head.len), STR("ustar")) || has_tar_checksum(head));
}

const char *bundle_format(Str head) {
        static const struct {
                Str magic;
                const char *format;
        } MAGICS[] = {
                { { "PK\x03\x04", 4 }, "zip" }, { { "PK\x05\x06", 4 }, "zip" }, { { "PK\x07\x08PK", 6 }, "zip" }, { { "7z\xbc\xaf\x27\x1c", 6 }, "7z" },
                { { "070701", 6 }, "cpio" },    { { "070702", 6 }, "cpio" },    { { "070707", 6 }, "cpio" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(MAGICS); i++)
                if (str_starts(head, MAGICS[i].magic))
                        return MAGICS[i].format;
        return is_tar(str_slice(head, 0, BUNDLE_HEAD_BYTES)) ? "tar" : NULL;
}

/* --- what both builds have --- */

typedef enum { PASSED_FOLDER, PASSED_LINK, PASSED_DEVICE, PASSED_EMPTY, PASSED_ENCRYPTED, PASSED_NO_LOG, N_PASSED } Passed;

struct Bundle {
        Decoder *decoder; /* owned */
        char *name, *layers, *member_name;
        const char *format;
        uint64_t n_entries, n_opened, n_refused, passed[N_PASSED];
        bool end;
#ifdef HAVE_ARCHIVE
        const LibArchive *lib;   /* borrowed; NULL where it cannot be loaded */
        struct archive *archive; /* owned */
        ArchiveSource *source;   /* owned; its stream is borrowed */
        Stream *below;           /* owned; between the decoder and libarchive */
        void *spool;             /* owned; a 7z that cannot seek */
        GHashTable *names;       /* of members; to the number that another one of the same name gets */
#endif
};

const char *bundle_name(const Bundle *bundle) {
        return bundle->name;
}

const char *bundle_layers(const Bundle *bundle) {
        return bundle->layers;
}

Decoder *bundle_decoder(const Bundle *bundle) {
        return bundle->decoder;
}

void bundle_pass_over(Bundle *bundle) {
        bundle->n_refused++;
        bundle->passed[PASSED_NO_LOG]++;
}

bool bundle_has_logs(const Bundle *bundle) {
        return bundle->n_opened > bundle->n_refused;
}

char *bundle_note(const Bundle *bundle) {
        static const char *const WORDS[N_PASSED][2] = {
                [PASSED_FOLDER] = { NULL, NULL }, /* every archive has them */
                [PASSED_LINK] = { "link", "links" },
                [PASSED_DEVICE] = { "device", "devices" },
                [PASSED_EMPTY] = { "empty file", "empty files" },
                [PASSED_ENCRYPTED] = { NULL, NULL }, /* a problem */
                [PASSED_NO_LOG] = { "file that is no log", "files that are no logs" },
        };
        GString *note = g_string_new(NULL);

        for (size_t i = 0; i < N_PASSED; i++)
                if (bundle->passed[i] > 0 && WORDS[i][0])
                        g_string_append_printf(note, "%s%" G_GUINT64_FORMAT " %s", note->len ? ", " : "passed over: ", (guint64)bundle->passed[i],
                                               WORDS[i][bundle->passed[i] > 1]);
        return g_string_free(note, note->len == 0);
}

static Bundle *make(Decoder *decoder, const char *name) {
        const char *around = decoder_compression(decoder);
        Bundle *bundle = g_new0(Bundle, 1);

        bundle->decoder = decoder;
        bundle->name = g_strdup(name);
        bundle->format = bundle_format(unpack_ahead(decoder_unpack(decoder), BUNDLE_HEAD_BYTES));
        bundle->layers = g_str_equal(around, "none") ? g_strdup(bundle->format) : g_strconcat(around, "+", bundle->format, NULL);
        return bundle;
}

static void problem(const Bundle *bundle, const char *text) {
        stream_problem(decoder_problems(bundle->decoder), "%s", text);
}

#ifdef HAVE_ARCHIVE

/* --- opening --- */

typedef struct Below {
        Stream stream;
        Unpack *unpack; /* borrowed */
} Below;

static size_t below_read(Stream *stream, void *buffer, size_t size) {
        return unpack_read(((Below *)stream)->unpack, buffer, size);
}

static void below_free(Stream *stream) {
        g_free(stream);
}

static Stream *below_new(Unpack *unpack) {
        Below *below = g_new0(Below, 1);

        below->stream = (Stream){ .read = below_read, .free = below_free };
        below->unpack = unpack;
        return &below->stream;
}

/* 7z that comes through a pipe, a compressor or another archive. */
static void spool(Bundle *bundle) {
        size_t n;

        bundle->spool = g_malloc(BUNDLE_SPOOL_BYTES);
        n = stream_read_all(bundle->below, bundle->spool, BUNDLE_SPOOL_BYTES);
        stream_free(bundle->below);
        bundle->below = stream_new_memory(bundle->spool, n);
        if (n < BUNDLE_SPOOL_BYTES)
                return;
        bundle->end = true;
        problem(bundle, "a 7z archive of 64 MiB or more can be read only from a file of its own; not read");
}

static Stream *source_stream(Bundle *bundle) {
        Unpack *unpack = decoder_unpack(bundle->decoder);
        bool wants_seek = g_str_equal(bundle->format, "7z") || g_str_equal(bundle->format, "zip");
        Stream *file = wants_seek ? unpack_seekable(unpack) : NULL;

        if (file)
                return file;
        bundle->below = below_new(unpack);
        if (g_str_equal(bundle->format, "7z"))
                spool(bundle);
        return bundle->below;
}

static void support(const LibArchive *lib, struct archive *archive, const char *format) {
        if (g_str_equal(format, "zip"))
                lib->read_support_format_zip(archive);
        else if (g_str_equal(format, "7z"))
                lib->read_support_format_7zip(archive);
        else if (g_str_equal(format, "cpio"))
                lib->read_support_format_cpio(archive);
        else
                lib->read_support_format_tar(archive);
}

/* Where libarchive has no words of its own. */
#define NO_REASON "it ends too early"

static void archive_problem(Bundle *bundle) {
        const char *why = bundle->lib->error_string(bundle->archive);

        bundle->end = true;
        stream_problem(decoder_problems(bundle->decoder), "the %s archive is torn or damaged (%s); read up to there", bundle->format, why ? why : NO_REASON);
}

Bundle *bundle_new(Decoder *decoder, const char *name) {
        Bundle *bundle = make(decoder, name);

        bundle->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        bundle->lib = archive_library(decoder_problems(decoder));
        if (!bundle->lib) {
                bundle->end = true;
                return bundle;
        }
        bundle->archive = bundle->lib->read_new();
        bundle->source = g_new0(ArchiveSource, 1);
        bundle->source->stream = source_stream(bundle);
        support(bundle->lib, bundle->archive, bundle->format);
        archive_source_attach(bundle->lib, bundle->archive, bundle->source);
        if (!bundle->end && bundle->lib->read_open1(bundle->archive) != ARCHIVE_OK)
                archive_problem(bundle);
        return bundle;
}

void bundle_free(Bundle *bundle) {
        if (bundle->lib)
                bundle->lib->read_free(bundle->archive);
        g_clear_pointer(&bundle->below, stream_free);
        g_hash_table_unref(bundle->names);
        g_free(bundle->source);
        g_free(bundle->spool);
        decoder_free(bundle->decoder);
        g_free(bundle->member_name);
        g_free(bundle->name);
        g_free(bundle->layers);
        g_free(bundle);
}

/* --- members --- */

/* As it is written in the archive; without the "./" or "/" before it, which say nothing. */
static char *label_of(const LibArchive *lib, struct archive_entry *entry, uint64_t number) {
        const char *name = lib->entry_pathname(entry);

        if (!name)
                name = lib->entry_pathname_utf8(entry);
        if (!name)
                return g_strdup_printf("member %" G_GUINT64_FORMAT, (guint64)number);
        while (*name == '/' || g_str_has_prefix(name, "./"))
                name += *name == '/' ? 1 : 2;
        return g_strndup(name, BUNDLE_NAME_BYTES);
}

/* Archives to which files were appended again hold the same name twice: the second gets a number. */
static void name_member(Bundle *bundle, const char *label) {
        g_autofree char *plain = g_strdup_printf("%s!/%s", bundle->name, label);
        unsigned n = GPOINTER_TO_UINT(g_hash_table_lookup(bundle->names, plain));

        g_free(bundle->member_name);
        bundle->member_name = g_strdup(plain);
        if (n > 0) {
                do {
                        g_free(bundle->member_name);
                        bundle->member_name = g_strdup_printf("%s#%u", plain, n++);
                } while (g_hash_table_contains(bundle->names, bundle->member_name));
                g_hash_table_insert(bundle->names, g_steal_pointer(&plain), GUINT_TO_POINTER(n));
        }
        g_hash_table_insert(bundle->names, g_strdup(bundle->member_name), GUINT_TO_POINTER(2));
}

/* What lies in hidden folders, or is a resource fork that macOS puts beside each file, is no log. */
static bool has_log_name(const char *label) {
        g_autofree char *path = g_strconcat("/", label, NULL), *name = g_path_get_basename(label);
        const char *hidden = path;

        while ((hidden = strstr(hidden, "/.")) && strchr("./", hidden[2]))
                hidden += 2;
        return !hidden && !g_str_has_prefix(label, "__MACOSX/") && sources_is_log_name(name);
}

/* Why the entry is passed over; N_PASSED when it is not. */
static Passed judge(const LibArchive *lib, struct archive_entry *entry, const char *label) {
        unsigned type = lib->entry_filetype(entry);

        if (lib->entry_hardlink(entry) || type == AE_IFLNK)
                return PASSED_LINK;
        if (type == AE_IFDIR)
                return PASSED_FOLDER;
        /* A zip that comes as a stream does not say. */
        if (type != AE_IFREG && type != 0)
                return PASSED_DEVICE;
        if (lib->entry_is_data_encrypted(entry))
                return PASSED_ENCRYPTED;
        if (lib->entry_size_is_set(entry) && lib->entry_size(entry) == 0)
                return PASSED_EMPTY;
        return has_log_name(label) ? N_PASSED : PASSED_NO_LOG;
}

/* ARCHIVE_WARN comes with an entry that can be read. */
static bool next_entry(Bundle *bundle, struct archive_entry **entry) {
        const Tally *tally = decoder_tally(bundle->decoder);
        int status = bundle->end || tally->is_bomb ? ARCHIVE_EOF : bundle->lib->read_next_header(bundle->archive, entry);

        for (int i = 0; status == ARCHIVE_RETRY && i < 3; i++)
                status = bundle->lib->read_next_header(bundle->archive, entry);
        if (status == ARCHIVE_OK || status == ARCHIVE_WARN) {
                if (++bundle->n_entries <= BUNDLE_ENTRIES_MAX)
                        return true;
                problem(bundle, "more than 1,000,000 entries; the others were not read");
        } else if (status != ARCHIVE_EOF) {
                archive_problem(bundle);
        }
        bundle->end = true;
        return false;
}

bool bundle_next(Bundle *bundle, Member *member) {
        struct archive_entry *entry;

        while (next_entry(bundle, &entry)) {
                Tally *shared = decoder_tally(bundle->decoder);
                g_autofree char *label = label_of(bundle->lib, entry, bundle->n_entries);
                Passed why = judge(bundle->lib, entry, label);

                if (why != N_PASSED) {
                        bundle->passed[why]++;
                        continue;
                }
                if (shared->n_members == TALLY_MEMBERS_MAX) {
                        problem(bundle, "more than 10,000 files that may be logs; the others were not read");
                        break;
                }
                shared->n_members++;
                name_member(bundle, label);
                *member = (Member){ bundle->member_name, bundle->lib->entry_mtime_is_set(entry) ? (int64_t)bundle->lib->entry_mtime(entry) * 1000000 : 0 };
                return true;
        }
        if (bundle->passed[PASSED_ENCRYPTED] > 0)
                stream_problem(decoder_problems(bundle->decoder), "encrypted files: %" G_GUINT64_FORMAT "; not read",
                               (guint64)bundle->passed[PASSED_ENCRYPTED]);
        return false;
}

/* --- the content of a member --- */

typedef struct Content {
        Stream stream;
        Bundle *bundle;      /* borrowed */
        GPtrArray *problems; /* borrowed */
        const char *next;    /* borrowed from libarchive, `left` bytes that begin at `start` */
        size_t left;
        int64_t start, at; /* in bytes of the member; what lies between is a hole of a sparse file */
        bool end;
} Content;

static void end_content(Content *content, int status) {
        const char *why = content->bundle->lib->error_string(content->bundle->archive);

        content->end = true;
        if (status == ARCHIVE_EOF)
                return;
        content->bundle->end |= status == ARCHIVE_FATAL;
        stream_problem(content->problems, "%s torn or damaged here (%s); read up to there", status == ARCHIVE_FATAL ? "the archive is" : "is",
                       why ? why : NO_REASON);
}

/* Block by block: archive_read_data() would lose what came before a tear. */
static void next_block(Content *content) {
        Tally *tally = decoder_tally(content->bundle->decoder);
        const void *block;
        la_int64_t start;
        int status = content->bundle->lib->read_data_block(content->bundle->archive, &block, &content->left, &start);

        content->next = block;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
                content->left = 0;
                end_content(content, status);
                return;
        }
        content->start = MAX(start, content->at);
        if (!tally_add(tally, content->left + (uint64_t)(content->start - content->at), content->problems)) {
                content->left = 0;
                content->end = true;
        }
}

static size_t give_hole(Content *content, void *buffer, size_t size) {
        size_t n = (size_t)MIN((int64_t)MIN(size, (size_t)INT64_MAX), content->start - content->at);

        memset(buffer, 0, n);
        return n;
}

static size_t give_block(Content *content, void *buffer, size_t size) {
        size_t n = MIN(size, content->left);

        memcpy(buffer, content->next, n);
        content->next += n;
        content->left -= n;
        content->start += (int64_t)n;
        return n;
}

static size_t content_read(Stream *stream, void *buffer, size_t size) {
        Content *content = (Content *)stream;
        size_t n;

        while (content->left == 0 && !content->end)
                next_block(content);
        if (content->left == 0)
                return 0;
        n = content->start > content->at ? give_hole(content, buffer, size) : give_block(content, buffer, size);
        content->at += (int64_t)n;
        return n;
}

static void content_free(Stream *stream) {
        g_free(stream);
}

Decoder *bundle_open(Bundle *bundle, const Member *member, InflateEngine which) {
        g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
        Content *content = g_new0(Content, 1);

        bundle->n_opened++;
        content->stream = (Stream){ .read = content_read, .free = content_free };
        content->bundle = bundle;
        content->problems = problems;
        return decoder_new(&content->stream, which, &(Around){ bundle->layers, decoder_tally(bundle->decoder), problems }, member->written, member->name);
}

#else

Bundle *bundle_new(Decoder *decoder, const char *name) {
        Bundle *bundle = make(decoder, name);

        problem(bundle, "an archive, and libarchive is not built in; not read");
        return bundle;
}

void bundle_free(Bundle *bundle) {
        decoder_free(bundle->decoder);
        g_free(bundle->member_name);
        g_free(bundle->name);
        g_free(bundle->layers);
        g_free(bundle);
}

bool bundle_next(Bundle *bundle, Member *member) {
        (void)bundle;
        (void)member;
        return false;
}

Decoder *bundle_open(Bundle *bundle, const Member *member, InflateEngine which) {
        (void)bundle;
        (void)member;
        (void)which;
        return NULL;
}

#endif
