/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/render.h"

#include "config.h"
#include "report/html.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/text.h"

#include <string.h>

static char *as_json(const Report *report, const Style *style) {
        (void)style;
        return json_report(report, LOGSCAN_VERSION);
}

static char *as_jsonl(const Report *report, const Style *style) {
        (void)style;
        return json_lines(report, LOGSCAN_VERSION);
}

static char *as_html(const Report *report, const Style *style) {
        return html_report(report, style, LOGSCAN_VERSION);
}

static const struct {
        const char *name;
        const char *extensions[4]; /* NULL-terminated; the first form with an extension has it */
        bool paged, local;
        char *(*write)(const Report *report, const Style *style);
} FORMATS[N_FORMATS] = {
        [FORMAT_TEXT] = { "text", { ".txt", ".text" }, true, false, text_report },
        [FORMAT_BRIEF] = { "brief", { ".txt", ".text" }, false, false, text_brief },
        [FORMAT_JSON] = { "json", { ".json" }, false, false, as_json },
        [FORMAT_JSONL] = { "jsonl", { ".jsonl", ".ndjson" }, false, false, as_jsonl },
        [FORMAT_MARKDOWN] = { "markdown", { ".md", ".markdown" }, true, true, markdown_report },
        [FORMAT_POSTMORTEM] = { "postmortem", { ".md", ".markdown" }, true, true, postmortem_report },
        [FORMAT_HTML] = { "html", { ".html", ".htm" }, false, true, as_html },
};

bool format_named(const char *name, Format *format) {
        for (Format i = 0; i < N_FORMATS; i++)
                if (g_str_equal(name ? name : "text", FORMATS[i].name)) {
                        *format = i;
                        return true;
                }
        return false;
}

static bool has_extension(const char *path, Format format) {
        for (const char *const *extension = FORMATS[format].extensions; *extension; extension++)
                if (g_str_has_suffix(path, *extension))
                        return true;
        return false;
}

/* From its last dot on, but for a name that begins with it; NULL: none. */
static const char *extension_of(const char *path) {
        const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');

        return dot && dot > name ? dot : NULL;
}

bool format_of_file(const char *path, Format wanted, bool said, Format *format) {
        *format = wanted;
        if (!extension_of(path) || has_extension(path, wanted))
                return true;
        for (Format i = 0; i < N_FORMATS; i++)
                if (has_extension(path, i)) {
                        *format = i;
                        return true;
                }
        return said;
}

char *format_names(void) {
        GString *names = g_string_new(NULL);

        for (Format i = 0; i < N_FORMATS; i++)
                g_string_append_printf(names, "%s%s", i ? ", " : "", FORMATS[i].name);
        return g_string_free(names, FALSE);
}

bool format_is_paged(Format format) {
        return FORMATS[format].paged;
}

bool format_is_local(Format format) {
        return FORMATS[format].local;
}

char *render(const Report *report, Format format, const Style *style) {
        return FORMATS[format].write(report, style);
}
