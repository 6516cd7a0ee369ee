/* SPDX-License-Identifier: Apache-2.0 */

/* Detects the layout of the input and reads every line of it, as detected and as forced. */

#include "parse/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const TimeContext CONTEXT = { NULL, INT64_C(1795435200) * 1000000 };

static void check_within(Str part, Str line) {
        g_assert(part.len == 0 || (part.ptr >= line.ptr && part.ptr + part.len <= line.ptr + line.len));
}

static void read_lines(const Layout *layout, Str text) {
        TimestampCache cache = { 0 };
        char name[LAYOUT_NAME_BYTES];

        g_assert(layout_name(layout, name) == name && *name);
        for (size_t at = 0; at < text.len;) {
                const char *newline = memchr(text.ptr + at, '\n', text.len - at);
                size_t end = newline ? (size_t)(newline - text.ptr) : text.len;
                Str line = str_slice(text, at, end);
                Event with = { 0 }, without = { 0 };
                LineKind kind = layout_read(layout, &cache, line, &with);

                g_assert(layout_read(layout, NULL, line, &without) == kind);
                if (kind != LINE_CONTINUES) {
                        g_assert(with.time_us == without.time_us && with.level == without.level);
                        check_within(with.message, line);
                        check_within(with.detail, line);
                        check_within(with.cause, line);
                }
                at = end + 1;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static const char *const FORCED[] = { "json", "logfmt", "untimed", "plain", "%Y-%m-%d %H:%M:%S" };
        Str text = { (const char *)data, size };
        Layout layout;

        layout_detect(&layout, text, &CONTEXT);
        read_lines(&layout, text);
        for (size_t i = 0; i < G_N_ELEMENTS(FORCED); i++) {
                layout_detect(&layout, text, &CONTEXT);
                g_assert(layout_force(&layout, FORCED[i], text));
                read_lines(&layout, text);
        }
        return 0;
}
