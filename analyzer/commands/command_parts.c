/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "commands/commands.h"
#include "commands/part_list.h"
#include "commands/session.h"
#include "split.h"

#include <stdio.h>

#define SIZE_DEFAULT ((uint64_t)1 << 30)

/* "4096", "64M", "1G". */
static bool read_size(const char *text, uint64_t *size) {
        static const char UNITS[] = "KMGT";
        char *end;
        const char *unit;

        *size = g_ascii_strtoull(text, &end, 10);
        if (end == text || *size == 0 || *size > UINT32_MAX)
                return *size != 0 && *end == '\0' && end != text && *size < G_MAXINT64;
        unit = *end ? strchr(UNITS, g_ascii_toupper(*end)) : NULL;
        if (unit) {
                *size <<= 10 * (unit - UNITS + 1);
                end++;
        }
        return *end == '\0';
}

typedef struct Printing {
        GString *text;
        GPtrArray *problems; /* borrowed */
} Printing;

static void print_part(const Source *source, const Range *range, uint64_t bytes, void *data) {
        Printing *printing = data;

        g_string_truncate(printing->text, 0);
        if (!part_list_write(printing->text, source, range, bytes)) {
                g_ptr_array_add(printing->problems, g_strdup_printf("%s: its name is not UTF-8; in no part", source->name));
                return;
        }
        puts(printing->text->str);
        fflush(stdout);
}

static bool is_stdin_named(const GPtrArray *sources) {
        for (guint i = 0; i < sources->len; i++)
                if (g_str_equal(((const Source *)sources->pdata[i])->name, SOURCE_STDIN))
                        return true;
        return false;
}

static bool find_sources(Session *session, const Options *options, uint64_t *size, GError **error) {
        *size = SIZE_DEFAULT;
        if (options->size && !read_size(options->size, size)) {
                g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "--size %s: not a size such as 64M or 1G", options->size);
                return false;
        }
        if (!session_open(session, options, false, error) || !session_find_sources(session, options, error))
                return false;
        if (!is_stdin_named(session->sources))
                return true;
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_USAGE, "parts: standard input cannot be read twice; name files");
        return false;
}

int command_parts(const Options *options) {
        g_auto(Session) session = { 0 };
        g_autoptr(GError) error = NULL;
        Printing printing = { 0 };
        uint64_t size;
        int code;

        if (!find_sources(&session, options, &size, &error)) {
                session_complain("%s", error->message);
                return EXIT_USAGE;
        }
        printing = (Printing){ g_string_new(NULL), session.problems };
        split_sources(session.sources, size, &session.scan, print_part, &printing);
        g_string_free(printing.text, TRUE);
        code = session_end_output(EXIT_DONE);
        session_tell_problems(&session);
        return code == EXIT_DONE && session.problems->len > 0 ? EXIT_PARTIAL : code;
}
