/* SPDX-License-Identifier: Apache-2.0 */
#include "opened.h"

void opened_clear(Opened *opened) {
        g_clear_pointer(&opened->reader, reader_free);
        g_clear_pointer(&opened->part, decoder_free);
        g_clear_pointer(&opened->trouble, g_free);
}

/* First bytes of files that are no logs, and of archives and compressors that are not read. */
static const Str BINARY_MAGICS[] = {
        { "\x7f"
          "ELF",
          4 },
        { "\x89PNG", 4 },
        { "%PDF", 4 },
        { "SQLite format 3", 15 },
        { "\xff\xd8\xff", 3 },
        { "LPKSHHRH", 8 },
        { "GIF8", 4 },
        { "\xca\xfe\xba\xbe", 4 },
        { "Rar!\x1a\x07", 6 },
        { "\x02\x21\x4c\x18", 4 },
};

/* Of the head, the share in percent of control bytes (but tab, newline, return, escape, NUL) that no text has. */
#define BINARY_CONTROL_PERCENT 10

static bool is_control(char c) {
        return (uint8_t)c < 32 && c != '\0' && c != '\t' && c != '\n' && c != '\r' && c != '\x1b' && c != '\f';
}

/* NUL bytes do not count: a log whose file was truncated while it was written begins with a hole of them. */
static bool looks_binary(Str head) {
        size_t controls = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(BINARY_MAGICS); i++)
                if (str_starts(head, BINARY_MAGICS[i]))
                        return true;
        for (size_t i = 0; i < head.len; i++)
                controls += is_control(head.ptr[i]);
        return controls * 100 > head.len * BINARY_CONTROL_PERCENT;
}

/* Of a file that was found in a folder and does not have the name of a log, the share of lines with a time that makes it one. */
#define LOG_TIMED_PERCENT 20

/* Notes, scripts and settings lie beside logs. */
static bool is_no_log(const Source *source, const Layout *layout) {
        static const char *const WORDS[] = { "log", "out", "err", "trace", "messages", "console", "debug", "audit" };
        g_autofree char *name = g_path_get_basename(source->name);

        if (!source->from_folder || layout->timed_percent >= LOG_TIMED_PERCENT)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
                if (strstr(name, WORDS[i]))
                        return false;
        return true;
}

/* The last zone given for a source counts. */
static ScanZone *zone_of(const char *name, const ScanOptions *options) {
        g_autofree char *base = g_path_get_basename(name);

        for (guint i = options->zones ? options->zones->len : 0; i > 0; i--) {
                ScanZone *zone = options->zones->pdata[i - 1];
                if (g_str_equal(zone->source, name) || g_pattern_match_simple(zone->source, base) || g_pattern_match_simple(zone->source, name))
                        return zone;
        }
        return NULL;
}

const char *opened_lay_out(Layout *layout, const char *name, Str head, int64_t reference_us, const ScanOptions *options) {
        ScanZone *zone = zone_of(name, options);
        TimeContext time = { .zone = zone ? zone->zone : options->zone, .reference_us = reference_us };

        if (zone)
                zone->found = true;
        layout_detect(layout, head, &time);
        if (options->layout)
                layout_force(layout, options->layout, head);
        return zone ? zone->name : options->zone_name;
}

/* From here on only the part is read. */
static void open_part(Opened *opened, const ScanOptions *options) {
        const Source *source = opened->item->source;
        g_autoptr(GError) error = NULL;

        g_clear_pointer(&opened->reader, reader_free);
        opened->part = decoder_open_range(source, opened->item->decoder, options->inflate, &error);
        if (!opened->part) {
                opened->refused = opened->trouble = g_strdup(error->message);
                return;
        }
        opened->reader = reader_new(opened->part, options->block_bytes);
        reader_begin_at(opened->reader, &source->range);
}

void opened_init(Opened *opened, const IntakeItem *item, Layout *layout, const ScanOptions *options) {
        int64_t reference_us;
        Str head;

        opened->item = item;
        opened->reader = reader_new(item->decoder, options->block_bytes);
        reference_us = decoder_reference(item->decoder, &opened->year_from);
        head = reader_head(opened->reader);
        opened->layout = layout;
        opened->zone_name = opened_lay_out(layout, item->source->name, head, reference_us, options);
        if (looks_binary(head))
                opened->refused = "binary data; not read";
        else if (is_no_log(item->source, layout))
                opened->refused = "not a log: hardly a time in it; name it to have it read";
        else if (item->source->ranged)
                open_part(opened, options);
}

const GPtrArray *opened_problems(const Opened *opened) {
        return opened->part ? decoder_problems(opened->part) : opened->item->problems;
}

Extent opened_extent(const Opened *opened) {
        const Source *source = opened->item->source;
        const Range *range = &source->range;
        uint64_t to;

        if (!opened->reader || opened->refused)
                return (Extent){ 0, 0, true };
        to = reader_n_bytes(opened->reader);
        if (!source->ranged)
                return (Extent){ 0, to, true };
        return (Extent){ range->from, to, range->to == RANGE_END };
}
