/* SPDX-License-Identifier: Apache-2.0 */
#include "report/typeset.h"

#include "report/clean.h"

#include <string.h>

size_t typeset_edge(const Typeset *typeset, size_t needed) {
        size_t width = typeset->words.style->width;

        return CLAMP(needed, MIN(TABLE_COLUMNS_MIN, width), MIN(TABLE_COLUMNS_MAX, width));
}

void typeset_pad(Typeset *typeset, size_t columns) {
        for (size_t i = 0; i < columns; i++)
                g_string_append_c(typeset->out, ' ');
}

void typeset_paint(Typeset *typeset, const char *code, const char *text) {
        if (typeset->words.style->color && *text)
                g_string_append_printf(typeset->out, "\033[%sm%s\033[0m", code, text);
        else
                g_string_append(typeset->out, text);
}

void typeset_link(Typeset *typeset, const char *code, const char *source, const char *text) {
        g_autofree char *path = g_canonicalize_filename(source, NULL);
        g_autofree char *uri = typeset->words.style->links && g_file_test(path, G_FILE_TEST_EXISTS) ? g_filename_to_uri(path, NULL, NULL) : NULL;

        if (!uri) {
                typeset_paint(typeset, code, text);
                return;
        }
        g_string_append_printf(typeset->out, "\033]8;;%s\033\\", uri);
        typeset_paint(typeset, code, text);
        g_string_append(typeset->out, "\033]8;;\033\\");
}

/* Behind the last slash of the @fitting bytes of a path, unless that leaves most of the line empty. */
static size_t path_break(const char *text, size_t fitting) {
        size_t at = fitting;

        while (at > fitting / 2 && text[at - 1] != '/')
                at--;
        return at > fitting / 2 ? at : fitting;
}

/* How many bytes of @text stand on a line of @room columns: whole words; a word that is longer than a line is broken, a path behind a slash. */
static size_t line_of(const char *text, size_t room) {
        size_t fitting = clean_prefix(text, room), end = fitting;

        if (text[fitting] == '\0' || text[fitting] == ' ')
                return fitting;
        while (end > 0 && text[end] != ' ')
                end--;
        if (end > 0) {
                g_autofree char *word = g_strndup(text + end + 1, strcspn(text + end + 1, " "));
                if (clean_width(word) <= room)
                        return end;
        }
        return MAX(path_break(text, fitting), 1);
}

void typeset_wrap(Typeset *typeset, const char *text, size_t indent, unsigned max) {
        unsigned width = typeset->words.style->width;
        size_t room = width > indent + 8 ? width - indent : 8;

        for (unsigned n = 1; *text || n == 1; n++) {
                if (n > 1)
                        typeset_pad(typeset, indent);
                if (n == max) {
                        g_autofree char *fit = clean_fit(text, room);
                        g_string_append_printf(typeset->out, "%s\n", fit);
                        return;
                }
                {
                        size_t length = line_of(text, room);
                        g_autofree char *line = g_strchomp(g_strndup(text, length));
                        g_string_append_printf(typeset->out, "%s\n", line);
                        text += length;
                        text += strspn(text, " ");
                }
        }
}

void typeset_label(Typeset *typeset, const char *label) {
        typeset_pad(typeset, 2);
        typeset_paint(typeset, PAINT_DIM, label);
        typeset_pad(typeset, MAX(LABEL_COLUMNS - 2, strlen(label) + 1) - strlen(label));
}

void typeset_labelled(Typeset *typeset, const char *label, const char *text) {
        if (*text == '\0')
                return;
        typeset_label(typeset, label);
        typeset_wrap(typeset, text, LABEL_COLUMNS, 0);
}

void typeset_heading(Typeset *typeset, const char *heading) {
        typeset_paint(typeset, PAINT_BOLD, heading);
        typeset_pad(typeset, HEAD_COLUMNS - strlen(heading));
}

void typeset_section(Typeset *typeset, const char *heading, const char *text) {
        if (*text == '\0')
                return;
        typeset_heading(typeset, heading);
        typeset_wrap(typeset, text, HEAD_COLUMNS, 0);
}
