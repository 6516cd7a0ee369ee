/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/terminal.h"

#include "report/typeset.h"

#include <gio/gio.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PAGER_DEFAULT "less"

/* As git's: quit when it fits on one screen, keep colours, leave the text on the screen. */
#define LESS_DEFAULT "FRX"

/* What a shell answers for a command that is not there. */
#define SHELL_NOT_EXECUTABLE 126
#define SHELL_NOT_FOUND      127

static bool is_dumb(void) {
        const char *term = getenv("TERM");

        return term && g_str_equal(term, "dumb");
}

static bool want_color(const Options *options) {
        const char *no_color = getenv("NO_COLOR");

        if (options->color && !g_str_equal(options->color, "auto"))
                return g_str_equal(options->color, "always");
        return isatty(STDOUT_FILENO) && !(no_color && *no_color) && !is_dumb();
}

unsigned terminal_width(int fd) {
        struct winsize size;
        const char *columns = getenv("COLUMNS");

        if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
                return size.ws_col;
        return columns && atoi(columns) > 0 ? (unsigned)atoi(columns) : STYLE_WIDTH_DEFAULT;
}

Style terminal_style(const Options *options, GTimeZone *zone, const char *zone_name) {
        bool on_terminal = isatty(STDOUT_FILENO);

        return (Style){
                .width = terminal_width(STDOUT_FILENO),
                .color = want_color(options),
                .unicode = g_str_equal(nl_langinfo(CODESET), "UTF-8"),
                .links = on_terminal && want_color(options),
                .n_top = (unsigned)options->top,
                .explain = options->explain,
                .elapsed_us = on_terminal ? g_get_monotonic_time() - options->started_us : -1,
                .zone = zone,
                .zone_name = zone_name,
        };
}

/* NULL for none. */
static const char *pager_command(void) {
        const char *own = getenv("LOGSCAN_PAGER"), *pager = own ? own : getenv("PAGER");
        g_autofree char *found = g_find_program_in_path(PAGER_DEFAULT);

        if (!pager)
                return found ? PAGER_DEFAULT : NULL;
        return *pager == '\0' || g_str_equal(pager, "cat") ? NULL : pager;
}

bool terminal_page(const char *text, const Options *options) {
        const char *command = isatty(STDOUT_FILENO) && !options->no_pager && !is_dumb() ? pager_command() : NULL;
        g_autoptr(GSubprocessLauncher) launcher = NULL;
        g_autoptr(GSubprocess) pager = NULL;
        void (*interrupt)(int);

        if (!command)
                return false;
        launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE);
        g_subprocess_launcher_setenv(launcher, "LESS", LESS_DEFAULT, FALSE);
        pager = g_subprocess_launcher_spawn(launcher, NULL, "/bin/sh", "-c", command, NULL);
        if (!pager)
                return false;
        /* An interrupt is for the pager; whoever quits it early does not want the rest. */
        interrupt = signal(SIGINT, SIG_IGN);
        g_output_stream_write_all(g_subprocess_get_stdin_pipe(pager), text, strlen(text), NULL, NULL, NULL);
        g_output_stream_close(g_subprocess_get_stdin_pipe(pager), NULL, NULL);
        g_subprocess_wait(pager, NULL, NULL);
        signal(SIGINT, interrupt);
        return !g_subprocess_get_if_exited(pager) ||
               (g_subprocess_get_exit_status(pager) != SHELL_NOT_EXECUTABLE && g_subprocess_get_exit_status(pager) != SHELL_NOT_FOUND);
}

/* Where the description of an option begins; 0 for any other line. */
static size_t help_indent(const char *line) {
        const char *blanks = g_str_has_prefix(line, "  -") ? strstr(line + 2, "  ") : NULL;

        return blanks ? (size_t)(blanks - line) + strspn(blanks, " ") : 0;
}

void terminal_print_help(const char *text) {
        Style style = { .width = terminal_width(STDOUT_FILENO), .unicode = true };
        Typeset typeset = { .out = g_string_new(NULL), .words.style = &style };
        g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

        for (char **line = lines; isatty(STDOUT_FILENO) && line[1]; line++) {
                size_t indent = help_indent(*line);
                g_string_append_len(typeset.out, *line, (gssize)indent);
                typeset_wrap(&typeset, *line + indent, indent, 0);
        }
        fputs(isatty(STDOUT_FILENO) ? typeset.out->str : text, stdout);
        g_string_free(typeset.out, TRUE);
}
