/* SPDX-License-Identifier: Apache-2.0 */
#include "input/journal.h"

#include "base/error.h"
#include "config.h"

#define MAGIC "LPKSHHRH"

bool journal_is_name(const char *name) {
        return g_str_has_prefix(name, JOURNAL_PREFIX);
}

bool journal_begins(Str head) {
        return str_starts(head, STR(MAGIC));
}

#ifdef HAVE_SYSTEMD

#include "base/time.h"
#include "input/library.h"

#include <errno.h>
#include <systemd/sd-journal.h>

/* The end of the year 9999: what a damaged file says beyond is no time. */
#define TIME_MAX_US UINT64_C(253402300799000000)

#define JOURNAL_FUNCTIONS(_)                                                                                                                                   \
        _(sd_, journal_add_disjunction)                                                                                                                        \
        _(sd_, journal_add_match)                                                                                                                              \
        _(sd_, journal_close)                                                                                                                                  \
        _(sd_, journal_get_data)                                                                                                                               \
        _(sd_, journal_get_fd)                                                                                                                                 \
        _(sd_, journal_get_realtime_usec)                                                                                                                      \
        _(sd_, journal_next)                                                                                                                                   \
        _(sd_, journal_open)                                                                                                                                   \
        _(sd_, journal_open_files)                                                                                                                             \
        _(sd_, journal_previous_skip)                                                                                                                          \
        _(sd_, journal_process)                                                                                                                                \
        _(sd_, journal_seek_head)                                                                                                                              \
        _(sd_, journal_seek_tail)                                                                                                                              \
        _(sd_, journal_set_data_threshold)

typedef struct LibSystemd {
        JOURNAL_FUNCTIONS(LIBRARY_MEMBER)
} LibSystemd;

typedef struct Journal {
        Stream stream;
        const LibSystemd *lib; /* borrowed */
        sd_journal *journal;   /* owned */
        GString *text;         /* owned; of the entry, from `at` on not yet given out */
        size_t at;
        uint64_t n_entries;
        bool end, follows;
        GPtrArray *problems; /* borrowed */
} Journal;

/* --- an entry --- */

/* Valid until the next call; empty when the entry has no such field. */
static Str field(Journal *self, const char *name) {
        const void *data;
        size_t size, skip = strlen(name) + 1;

        if (self->lib->journal_get_data(self->journal, name, &data, &size) < 0 || size < skip)
                return (Str){ "", 0 };
        return (Str){ (const char *)data + skip, size - skip };
}

static bool append_field(Journal *self, const char *name) {
        Str value = field(self, name);

        g_string_append_len(self->text, value.ptr, (gssize)value.len);
        return value.len > 0;
}

/* syslog(3), from 0. */
static const char *const PRIORITIES[] = { "FATAL", "FATAL", "FATAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG" };

#define PRIORITY_INFO 6

static void append_level(Journal *self) {
        Str priority = field(self, "PRIORITY");
        unsigned level = priority.len == 1 ? (unsigned)(uint8_t)priority.ptr[0] - '0' : UINT_MAX;

        if (level >= G_N_ELEMENTS(PRIORITIES) || (level == PRIORITY_INFO && str_equal(field(self, "_TRANSPORT"), STR("stdout"))))
                return;
        g_string_append_printf(self->text, "%s ", PRIORITIES[level]);
}

static void append_origin(Journal *self) {
        size_t before;

        if (!append_field(self, "SYSLOG_IDENTIFIER") && !append_field(self, "_COMM") && !append_field(self, "_SYSTEMD_UNIT"))
                g_string_append(self->text, "unknown");
        before = self->text->len;
        g_string_append_c(self->text, '[');
        if (append_field(self, "_PID") || append_field(self, "SYSLOG_PID"))
                g_string_append_c(self->text, ']');
        else
                g_string_truncate(self->text, before);
        g_string_append(self->text, ": ");
}

/* An application's own line feeds at the end are not lines. */
static void append_message(Journal *self) {
        append_field(self, "MESSAGE");
        while (self->text->len > 0 && strchr("\r\n", self->text->str[self->text->len - 1]))
                g_string_truncate(self->text, self->text->len - 1);
        g_string_append_c(self->text, '\n');
}

static void write_entry(Journal *self) {
        char time[TIME_TEXT_BYTES];
        uint64_t us;

        g_string_truncate(self->text, 0);
        self->at = 0;
        if (self->lib->journal_get_realtime_usec(self->journal, &us) < 0 || us > TIME_MAX_US || field(self, "MESSAGE").len == 0)
                return;
        g_string_append_printf(self->text, "%s ", time_write((int64_t)us, time));
        append_level(self);
        append_origin(self);
        append_message(self);
}

/* --- the stream --- */

static void next_entry(Journal *self) {
        int status = self->lib->journal_next(self->journal);

        if (status > 0) {
                self->n_entries++;
                write_entry(self);
                return;
        }
        self->end = true;
        if (self->follows && status == 0) {
                self->lib->journal_process(self->journal);
                return;
        }
        if (self->problems->len > 0)
                return;
        if (status < 0)
                stream_problem(self->problems, "the journal is damaged; read up to there: %s", g_strerror(-status));
        else if (self->n_entries == 0)
                stream_problem(self->problems, "no entry in the journal, or none that you may read");
}

static size_t journal_read(Stream *stream, void *buffer, size_t size) {
        Journal *self = (Journal *)stream;
        size_t n;

        self->end &= !self->follows;
        while (self->at == self->text->len && !self->end)
                next_entry(self);
        n = self->at < self->text->len ? MIN(size, self->text->len - self->at) : 0;
        memcpy(buffer, self->text->str + self->at, n);
        self->at += n;
        return n;
}

static void journal_free(Stream *stream) {
        Journal *self = (Journal *)stream;

        if (self->journal)
                self->lib->journal_close(self->journal);
        g_string_free(self->text, TRUE);
        g_free(self);
}

/* --- opening --- */

static const LibSystemd *load(GError **error) {
        static const char *const NAMES[] = { JOURNAL_FUNCTIONS(LIBRARY_NAME) };
        static LibSystemd functions;
        static Library library = { .file = SYSTEMD_LIBRARY };

        if (library_load(&library, NAMES, &functions, G_N_ELEMENTS(NAMES), error))
                return &functions;
        g_prefix_error_literal(error, "a systemd journal, and libsystemd cannot be loaded; pipe `journalctl` in: ");
        return NULL;
}

/* What the unit wrote, and what systemd and others say of it, as `journalctl --unit`. */
static void match_unit(const LibSystemd *lib, sd_journal *journal, const char *name) {
        static const char *const FIELDS[] = { "_SYSTEMD_UNIT", "UNIT", "COREDUMP_UNIT", "OBJECT_SYSTEMD_UNIT" };
        g_autofree char *unit = strchr(name, '.') ? g_strdup(name) : g_strconcat(name, ".service", NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
                g_autofree char *match = g_strdup_printf("%s=%s", FIELDS[i], unit);
                lib->journal_add_match(journal, match, 0);
                lib->journal_add_disjunction(journal);
        }
}

static int open_journal(const LibSystemd *lib, sd_journal **journal, const char *name) {
        const char *unit = name + strlen(JOURNAL_PREFIX);
        int status;

        if (!journal_is_name(name))
                return lib->journal_open_files(journal, (const char *[]){ name, NULL }, 0);
        status = lib->journal_open(journal, SD_JOURNAL_LOCAL_ONLY);
        if (status >= 0 && *unit)
                match_unit(lib, *journal, unit);
        return status;
}

Stream *journal_open(const char *name, GPtrArray *problems, GError **error) {
        const LibSystemd *lib = load(error);
        sd_journal *journal = NULL;
        Journal *self;
        int status;

        if (!lib)
                return NULL;
        status = open_journal(lib, &journal, name);
        if (status >= 0) {
                lib->journal_set_data_threshold(journal, JOURNAL_MESSAGE_MAX);
                status = lib->journal_seek_head(journal);
        }
        if (status < 0) {
                if (journal)
                        lib->journal_close(journal);
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "cannot open the journal: %s", g_strerror(-status));
                return NULL;
        }
        self = g_new0(Journal, 1);
        self->stream = (Stream){ .read = journal_read, .free = journal_free };
        self->lib = lib;
        self->journal = journal;
        self->text = g_string_new(NULL);
        self->problems = problems;
        return &self->stream;
}

/* So that what sd_journal_next() gives is the first of the last @entries. */
static int seek_last(const LibSystemd *lib, sd_journal *journal, uint64_t entries) {
        int status = lib->journal_seek_tail(journal);

        if (status >= 0)
                status = lib->journal_previous_skip(journal, entries + 1);
        return status >= 0 && (uint64_t)status <= entries ? lib->journal_seek_head(journal) : status;
}

Stream *journal_follow(const char *name, uint64_t entries, GPtrArray *problems, GError **error) {
        Journal *self = (Journal *)journal_open(name, problems, error);
        int status = self ? seek_last(self->lib, self->journal, entries) : 0;

        if (self && status >= 0)
                status = self->lib->journal_get_fd(self->journal); /* from now on it hears of files that are new */
        if (self && status < 0) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "cannot follow the journal: %s", g_strerror(-status));
                journal_free(&self->stream);
                return NULL;
        }
        if (self)
                self->follows = true;
        return (Stream *)self;
}

#else

Stream *journal_follow(const char *name, uint64_t entries, GPtrArray *problems, GError **error) {
        (void)entries;
        return journal_open(name, problems, error);
}

Stream *journal_open(const char *name, GPtrArray *problems, GError **error) {
        (void)name;
        (void)problems;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_INPUT, "a systemd journal, and libsystemd is not built in; pipe `journalctl` in");
        return NULL;
}

#endif
