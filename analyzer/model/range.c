/* SPDX-License-Identifier: Apache-2.0 */
#include "model/range.h"

#include <glib.h>
#include <string.h>

Range range_whole(bool found) {
        return (Range){ .to = RANGE_END, .first_line = 1, .time_us = INT64_MIN, .found = found };
}

bool range_is_whole(const Range *range) {
        return range->from == 0 && range->to == RANGE_END;
}

/* A number at *@text, which is moved behind it. */
static bool read_number(const char **text, uint64_t *number) {
        char *end;

        if (!g_ascii_isdigit(**text))
                return false;
        *number = g_ascii_strtoull(*text, &end, 10);
        *text = end;
        return *number < RANGE_END;
}

static bool read_field(const char *field, Range *range) {
        uint64_t number;
        const char *at;

        if (g_str_equal(field, "found")) {
                range->found = true;
                return true;
        }
        at = strchr(field, '=');
        if (!at)
                return false;
        at++;
        if (g_str_has_prefix(field, "line="))
                return read_number(&at, &range->first_line) && *at == '\0' && range->first_line > 0;
        if (g_str_has_prefix(field, "time=")) {
                if (!read_number(&at, &number) || *at != '\0' || number > INT64_MAX)
                        return false;
                range->time_us = (int64_t)number;
                return true;
        }
        return g_str_has_prefix(field, "at=") && read_number(&at, &range->raw) && *at++ == ':' && read_number(&at, &range->decoded) && *at == '\0';
}

bool range_read(const char *text, Range *range) {
        g_auto(GStrv) fields = g_strsplit(text, ",", -1);
        const char *at = fields[0] ? fields[0] : "";

        *range = range_whole(false);
        if (!read_number(&at, &range->from) || *at++ != '-' || (*at && !read_number(&at, &range->to)) || *at || range->to < range->from)
                return false;
        range->raw = range->decoded = range->from;
        for (char **field = fields + 1; *field; field++)
                if (!read_field(*field, range))
                        return false;
        return range->decoded <= range->from;
}

char *range_write(const Range *range) {
        GString *text = g_string_new(NULL);

        g_string_append_printf(text, "%" G_GUINT64_FORMAT "-", (guint64)range->from);
        if (range->to != RANGE_END)
                g_string_append_printf(text, "%" G_GUINT64_FORMAT, (guint64)range->to);
        if (range->first_line > 1)
                g_string_append_printf(text, ",line=%" G_GUINT64_FORMAT, (guint64)range->first_line);
        if (range->time_us != INT64_MIN && range->time_us >= 0)
                g_string_append_printf(text, ",time=%" G_GINT64_FORMAT, (gint64)range->time_us);
        if (range->raw != range->from || range->decoded != range->from)
                g_string_append_printf(text, ",at=%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64)range->raw, (guint64)range->decoded);
        if (range->found)
                g_string_append(text, ",found");
        return g_string_free(text, FALSE);
}
