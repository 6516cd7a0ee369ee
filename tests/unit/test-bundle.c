/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Bundle and intake: archives of each format, what they may hold beside logs, archives in archives, and torn ones. They are
 * written by libarchive itself.
 */

#include "input/intake.h"

#include "config.h"
#include "input/bundle.h"
#include "scratch.h"

#ifdef HAVE_ARCHIVE

#include <archive.h>
#include <archive_entry.h>

#define TEXT  "2026-11-23 10:00:00 INFO one\n"
#define MTIME 1795435200
#define ROOM  (1 << 20)

typedef struct File {
        const char *name;
        unsigned type; /* AE_IFREG, ... */
        const char *text, *link;
} File;

typedef int (*SetFormat)(struct archive *archive);

static GByteArray *archive_of(SetFormat set_format, const File *files) {
        struct archive *archive = archive_write_new();
        GByteArray *bytes = g_byte_array_new();
        size_t used = 0;

        g_byte_array_set_size(bytes, ROOM);
        g_assert_cmpint(set_format(archive), ==, ARCHIVE_OK);
        archive_write_set_bytes_in_last_block(archive, 1);
        g_assert_cmpint(archive_write_open_memory(archive, bytes->data, ROOM, &used), ==, ARCHIVE_OK);
        for (; files->name; files++) {
                struct archive_entry *entry = archive_entry_new();
                size_t size = files->text ? strlen(files->text) : 0;

                archive_entry_set_pathname(entry, files->name);
                archive_entry_set_filetype(entry, files->type);
                archive_entry_set_perm(entry, 0644);
                archive_entry_set_mtime(entry, MTIME, 0);
                archive_entry_set_size(entry, (la_int64_t)size);
                if (files->link && files->type == AE_IFLNK)
                        archive_entry_set_symlink(entry, files->link);
                else if (files->link)
                        archive_entry_set_hardlink(entry, files->link);
                g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
                g_assert_cmpint(archive_write_data(archive, files->text, size), ==, (int)size);
                archive_entry_free(entry);
        }
        g_assert_cmpint(archive_write_close(archive), ==, ARCHIVE_OK);
        archive_write_free(archive);
        g_byte_array_set_size(bytes, (guint)used);
        return bytes;
}

/* --- what the intake gives for a file of these bytes: "NAME=TEXT|" for each stream, "NAME!PROBLEM|", "NAME(NOTE)|" --- */

static void append_text(GString *all, Decoder *decoder) {
        char buffer[1000];
        size_t n;

        g_string_append_c(all, '=');
        while ((n = decoder_read(decoder, buffer, sizeof(buffer))) > 0)
                g_string_append_len(all, buffer, (gssize)n);
}

static char *taken_from(const void *bytes, size_t size) {
        char *folder = scratch_folder();
        g_autofree char *path = scratch_write(folder, "b", bytes, size);
        g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
        GString *all = g_string_new(NULL);
        g_autoptr(Intake) intake = NULL;
        IntakeItem item;

        g_ptr_array_add(sources, scratch_source(path));
        intake = intake_new(sources, INFLATE_AUTO);
        while (intake_next(intake, &item)) {
                g_string_append(all, item.source->name + strlen(folder) + 1);
                if (item.decoder)
                        append_text(all, item.decoder);
                if (item.note)
                        g_string_append_printf(all, "(%s)", item.note);
                for (guint i = 0; i < item.problems->len; i++)
                        g_string_append_printf(all, "!%s", (char *)item.problems->pdata[i]);
                g_string_append_c(all, '|');
        }
        g_clear_pointer(&intake, intake_free);
        scratch_remove(folder);
        return g_string_free(all, FALSE);
}

/* --- formats --- */

typedef struct Format {
        const char *name, *magic;
        SetFormat set;
} Format;

static const Format FORMATS[] = {
        { "ustar", "tar", archive_write_set_format_ustar },     { "pax", "tar", archive_write_set_format_pax },
        { "gnutar", "tar", archive_write_set_format_gnutar },   { "v7tar", "tar", archive_write_set_format_v7tar },
        { "zip", "zip", archive_write_set_format_zip },         { "7z", "7z", archive_write_set_format_7zip },
        { "newc", "cpio", archive_write_set_format_cpio_newc }, { "odc", "cpio", archive_write_set_format_cpio_odc },
};

static void test_format(const void *data) {
        static const File FILES[] = { { "a.log", AE_IFREG, TEXT, NULL }, { "d/b.log", AE_IFREG, TEXT TEXT, NULL }, { NULL } };
        const Format *format = data;
        g_autoptr(GByteArray) bytes = archive_of(format->set, FILES);
        g_autofree char *taken = taken_from(bytes->data, bytes->len);

        g_assert_cmpstr(bundle_format((Str){ (const char *)bytes->data, MIN(bytes->len, BUNDLE_HEAD_BYTES) }), ==, format->magic);
        g_assert_cmpstr(taken, ==, "b!/a.log=" TEXT "|b!/d/b.log=" TEXT TEXT "|");
}

/* Whatever is missing at the end, what is there is given, and nothing is made up. */
static void test_torn(const void *data) {
        static const File FILES[] = { { "a.log", AE_IFREG, TEXT, NULL }, { "b.log", AE_IFREG, TEXT TEXT TEXT, NULL }, { NULL } };
        const Format *format = data;
        g_autoptr(GByteArray) bytes = archive_of(format->set, FILES);

        for (guint size = BUNDLE_HEAD_BYTES; size < bytes->len; size += 97) {
                g_autofree char *taken = taken_from(bytes->data, size);

                g_test_message("torn behind byte %u of %u", size, bytes->len);
                g_assert_true(g_str_has_prefix(taken, "b!/a.log=2026") || g_str_has_prefix(taken, "b!the ") || g_str_has_prefix(taken, "b!no log") ||
                              g_str_has_prefix(taken, "b!/a.log=!"));
        }
}

/* --- members --- */

static void assert_taken(const File *files, const char *expected) {
        g_autoptr(GByteArray) bytes = archive_of(archive_write_set_format_pax, files);
        g_autofree char *taken = taken_from(bytes->data, bytes->len);

        g_assert_cmpstr(taken, ==, expected);
}

static void test_harmless_names(void) {
        assert_taken((File[]){ { "../../etc/passwd.log", AE_IFREG, TEXT, NULL },
                               { "/etc/abs.log", AE_IFREG, TEXT, NULL },
                               { "././x.log", AE_IFREG, TEXT, NULL },
                               { NULL } },
                     "b!/../../etc/passwd.log=" TEXT "|b!/etc/abs.log=" TEXT "|b!/x.log=" TEXT "|");
}

static void test_passed_over(void) {
        assert_taken((File[]){ { "d/", AE_IFDIR, NULL, NULL },
                               { "a.log", AE_IFREG, TEXT, NULL },
                               { "l.log", AE_IFLNK, NULL, "/etc/passwd" },
                               { "h.log", AE_IFREG, NULL, "a.log" },
                               { "b.log", AE_IFBLK, NULL, NULL },
                               { "c.log", AE_IFCHR, NULL, NULL },
                               { "f.log", AE_IFIFO, NULL, NULL },
                               { "e.log", AE_IFREG, NULL, NULL },
                               { "x.png", AE_IFREG, TEXT, NULL },
                               { ".h/x.log", AE_IFREG, TEXT, NULL },
                               { "__MACOSX/._a.log", AE_IFREG, TEXT, NULL },
                               { NULL } },
                     "b!/a.log=" TEXT "|b(passed over: 2 links, 3 devices, 1 empty file, 3 files that are no logs)|");
}

static void test_same_name(void) {
        assert_taken((File[]){ { "a.log", AE_IFREG, TEXT, NULL }, { "a.log", AE_IFREG, TEXT TEXT, NULL }, { "a.log", AE_IFREG, TEXT, NULL }, { NULL } },
                     "b!/a.log=" TEXT "|b!/a.log#2=" TEXT TEXT "|b!/a.log#3=" TEXT "|");
        assert_taken((File[]){ { "a#2.log", AE_IFREG, TEXT, NULL },
                               { "a", AE_IFREG, TEXT, NULL },
                               { "a#2", AE_IFREG, TEXT, NULL },
                               { "a", AE_IFREG, TEXT, NULL },
                               { "a#2", AE_IFREG, TEXT, NULL },
                               { "a", AE_IFREG, TEXT, NULL },
                               { NULL } },
                     "b!/a#2.log=" TEXT "|b!/a=" TEXT "|b!/a#2=" TEXT "|b!/a#3=" TEXT "|b!/a#2#2=" TEXT "|b!/a#4=" TEXT "|");
}

static void test_no_log(void) {
        assert_taken((File[]){ { "x.png", AE_IFREG, TEXT, NULL }, { NULL } }, "b!no log in this archive (passed over: 1 file that is no log)|");
}

static void test_long_name(void) {
        g_autofree char *name = g_strnfill(5000, 'n'), *cut = g_strndup(name, BUNDLE_NAME_BYTES), *expected = NULL;

        expected = g_strdup_printf("b!/%s=%s|", cut, TEXT);
        assert_taken((File[]){ { name, AE_IFREG, TEXT, NULL }, { NULL } }, expected);
}

/* --- archives in archives --- */

static GByteArray *wrapped(SetFormat set, const char *name, GByteArray *inner) {
        struct archive *archive = archive_write_new();
        struct archive_entry *entry = archive_entry_new();
        GByteArray *bytes = g_byte_array_new();
        size_t used = 0;

        g_byte_array_set_size(bytes, ROOM);
        set(archive);
        archive_write_set_bytes_in_last_block(archive, 1);
        archive_write_open_memory(archive, bytes->data, ROOM, &used);
        archive_entry_set_pathname(entry, name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, (la_int64_t)inner->len);
        archive_write_header(archive, entry);
        archive_write_data(archive, inner->data, inner->len);
        archive_write_close(archive);
        archive_write_free(archive);
        archive_entry_free(entry);
        g_byte_array_set_size(bytes, (guint)used);
        g_byte_array_unref(inner);
        return bytes;
}

/* A 7z within another archive cannot seek, so it is read from memory. */
static void test_nested(void) {
        GByteArray *bytes = archive_of(archive_write_set_format_7zip, (File[]){ { "a.log", AE_IFREG, TEXT, NULL }, { NULL } });
        g_autofree char *taken = NULL;

        bytes = wrapped(archive_write_set_format_zip, "in.7z", bytes);
        bytes = wrapped(archive_write_set_format_pax, "in.zip", bytes);
        taken = taken_from(bytes->data, bytes->len);
        g_assert_cmpstr(taken, ==, "b!/in.zip!/in.7z!/a.log=" TEXT "|");
        g_byte_array_unref(bytes);
}

static void test_too_deep(void) {
        GByteArray *bytes = archive_of(archive_write_set_format_pax, (File[]){ { "a.log", AE_IFREG, TEXT, NULL }, { NULL } });
        g_autofree char *taken = NULL;

        for (int i = 0; i < INTAKE_DEPTH_MAX; i++)
                bytes = wrapped(archive_write_set_format_pax, "in.tar", bytes);
        taken = taken_from(bytes->data, bytes->len);
        g_assert_cmpstr(taken, ==, "b!/in.tar!/in.tar!/in.tar!/in.tar!an archive within more than 4 others; not read|");
        g_byte_array_unref(bytes);
}

/* --- the time of a member --- */

static void test_reference(void) {
        g_autoptr(GByteArray) bytes = archive_of(archive_write_set_format_pax, (File[]){ { "a.log", AE_IFREG, TEXT, NULL }, { NULL } });
        char *folder = scratch_folder();
        g_autofree char *path = scratch_write(folder, "b", bytes->data, bytes->len);
        g_autoptr(Source) source = scratch_source(path);
        g_autoptr(GError) error = NULL;
        g_autoptr(Bundle) bundle = bundle_new(decoder_open(source, INFLATE_AUTO, &error), path);
        g_autoptr(Decoder) decoder = NULL;
        const char *from;
        Member member;

        g_assert_no_error(error);
        g_assert_true(bundle_next(bundle, &member));
        decoder = bundle_open(bundle, &member, INFLATE_AUTO);
        g_assert_cmpint(decoder_reference(decoder, &from), ==, INT64_C(1000000) * MTIME);
        g_assert_cmpstr(from, ==, "file time");
        g_clear_pointer(&decoder, decoder_free);
        g_assert_false(bundle_next(bundle, &member));
        scratch_remove(folder);
}

static void test_no_archive(void) {
        static const char zeros[BUNDLE_HEAD_BYTES];

        g_assert_null(bundle_format((Str){ zeros, sizeof(zeros) }));
        g_assert_null(bundle_format(STR("")));
        g_assert_null(bundle_format(STR("PK")));
        g_assert_null(bundle_format(STR(TEXT)));
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_set_nonfatal_assertions();
        for (size_t i = 0; i < G_N_ELEMENTS(FORMATS); i++) {
                g_autofree char *path = g_strdup_printf("/bundle/format/%s", FORMATS[i].name);
                g_autofree char *torn = g_strdup_printf("/bundle/torn/%s", FORMATS[i].name);
                g_test_add_data_func(path, &FORMATS[i], test_format);
                g_test_add_data_func(torn, &FORMATS[i], test_torn);
        }
        g_test_add_func("/bundle/harmless-names", test_harmless_names);
        g_test_add_func("/bundle/passed-over", test_passed_over);
        g_test_add_func("/bundle/same-name", test_same_name);
        g_test_add_func("/bundle/no-log", test_no_log);
        g_test_add_func("/bundle/long-name", test_long_name);
        g_test_add_func("/bundle/nested", test_nested);
        g_test_add_func("/bundle/too-deep", test_too_deep);
        g_test_add_func("/bundle/reference", test_reference);
        g_test_add_func("/bundle/no-archive", test_no_archive);
        return g_test_run();
}

#else

int main(void) {
        g_print("1..0 # SKIP built without libarchive\n");
        return 0;
}

#endif
