/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rotation.h"

#include "base/str.h"

#include <glib.h>

/* Of an index: app.log.20240607 is no file number 20240607. */
#define INDEX_DIGITS_MAX 4

#define YEAR_MIN 1990
#define YEAR_MAX 2100

static const char *const COMPRESSORS[] = { ".gz", ".xz", ".zst", ".bz2", ".lz4", ".Z" };
static const char *const EXTENSIONS[] = { ".log", ".txt", ".out", ".err", ".json", ".jsonl" };
static const char *const OLD[] = { ".old", ".prev" };

/* Cuts one of @suffixes off, when something is left before it. Returns it, or "". */
static const char *cut_suffix(Str *name, const char *const *suffixes, size_t n) {
        for (size_t i = 0; i < n; i++) {
                Str suffix = str_from(suffixes[i]);
                if (name->len > suffix.len && str_equal(str_slice(*name, name->len - suffix.len, name->len), suffix)) {
                        name->len -= suffix.len;
                        return suffixes[i];
                }
        }
        return "";
}

static size_t digits_at_end(Str name) {
        size_t n = 0;

        while (n < name.len && char_is_digit(name.ptr[name.len - 1 - n]))
                n++;
        return n;
}

static uint64_t number(Str digits) {
        uint64_t value = 0;

        for (size_t i = 0; i < digits.len; i++)
                value = value * 10 + (uint64_t)(digits.ptr[i] - '0');
        return value;
}

/* "name.12" -> "name", 12; or with another @separator. */
static bool cut_index(Str *name, char separator, uint64_t *index) {
        size_t n = digits_at_end(*name);

        if (n == 0 || n > INDEX_DIGITS_MAX || name->len < n + 2 || name->ptr[name->len - n - 1] != separator)
                return false;
        *index = number(str_slice(*name, name->len - n, name->len));
        name->len -= n + 1;
        return true;
}

/* --- dates --- */

/* How dates are written, D a digit. The longer ones first. */
static const char *const DATES[] = {
        "DDDD-DD-DD-DD-DD-DD", "DDDD-DD-DDTDD-DD-DD", "DDDD-DD-DD_DD-DD-DD", "DDDD-DD-DD-DD-DD", "DDDD-DD-DD_DD-DD", "DDDD-DD-DD-DD", "DDDD-DD-DD_DD",
        "DDDDDDDD-DDDDDD",     "DDDDDDDDTDDDDDD",     "DDDDDDDD_DDDDDD",     "DDDDDDDD-DDDD",    "DDDDDDDD_DDDD",    "DDDDDDDD-DD",   "DDDDDDDDDDDDDD",
        "DDDDDDDDDDDD",        "DDDDDDDDDD",          "DDDD-DD-DD",          "DDDD_DD_DD",       "DDDDDDDD",
};

/* YYYYMMDDHHMMSS, what is missing at the end 0; 0 when it is no date. */
static uint64_t date_of(Str text) {
        static const uint64_t SCALE[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
        uint64_t value = 0, month, day, hour, minute;
        size_t n = 0;

        for (size_t i = 0; i < text.len; i++)
                if (char_is_digit(text.ptr[i])) {
                        value = value * 10 + (uint64_t)(text.ptr[i] - '0');
                        n++;
                }
        value *= SCALE[14 - n];
        month = value / 100000000 % 100;
        day = value / 1000000 % 100;
        hour = value / 10000 % 100;
        minute = value / 100 % 100;
        return value / 10000000000 >= YEAR_MIN && value / 10000000000 <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 &&
                               minute <= 59 && value % 100 <= 60
                       ? value
                       : 0;
}

static bool is_written_as(Str text, const char *date) {
        for (size_t i = 0; i < text.len; i++)
                if (date[i] == 'D' ? !char_is_digit(text.ptr[i]) : text.ptr[i] != date[i])
                        return false;
        return true;
}

/* "name-20240607" -> "name", the date; the separator may be any of "-._". */
static uint64_t cut_date(Str *name) {
        for (size_t i = 0; i < G_N_ELEMENTS(DATES); i++) {
                size_t n = strlen(DATES[i]);
                Str end;
                uint64_t date;

                if (name->len < n + 2 || !strchr("-._", name->ptr[name->len - n - 1]))
                        continue;
                end = str_slice(*name, name->len - n, name->len);
                date = is_written_as(end, DATES[i]) ? date_of(end) : 0;
                if (date != 0) {
                        name->len -= n + 1;
                        return date;
                }
        }
        return 0;
}

/* --- the whole name --- */

/* "app.2024-06-07.3", "app-2024-06-07-1": a date, and the number of the file of that date. */
static uint64_t cut_date_and_index(Str *name, uint64_t *index) {
        Str rest = *name;
        uint64_t date = cut_date(name);

        if (date != 0 || (!cut_index(&rest, '.', index) && !cut_index(&rest, '-', index)))
                return date;
        date = cut_date(&rest);
        if (date != 0)
                *name = rest;
        else
                *index = 0;
        return date;
}

static RotationKind read_end(Str *name, Rotation *rotation) {
        const char *extension;
        Str stem = *name;

        rotation->date = cut_date_and_index(name, &rotation->index);
        if (rotation->date != 0)
                return ROTATION_DATED;
        if (*cut_suffix(name, OLD, G_N_ELEMENTS(OLD)))
                return ROTATION_OLD;
        if (cut_index(name, '.', &rotation->index))
                return ROTATION_NUMBERED;
        extension = cut_suffix(&stem, EXTENSIONS, G_N_ELEMENTS(EXTENSIONS));
        if (*extension && (rotation->date = cut_date_and_index(&stem, &rotation->index)) != 0) {
                rotation->set = g_strdup_printf("%.*s%s", (int)stem.len, stem.ptr, extension);
                return ROTATION_DATED;
        }
        return ROTATION_LIVE;
}

void rotation_read(Rotation *rotation, const char *path) {
        const char *slash = strrchr(path, '/');
        size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
        Str name = str_from(path + folder), whole = name;

        *rotation = (Rotation){ 0 };
        cut_suffix(&name, COMPRESSORS, G_N_ELEMENTS(COMPRESSORS));
        rotation->kind = read_end(&name, rotation);
        if (rotation->kind == ROTATION_LIVE && name.len == whole.len)
                rotation->set = g_strdup(path);
        else if (rotation->set) {
                g_autofree char *set = rotation->set;
                rotation->set = g_strdup_printf("%.*s%s", (int)folder, path, set);
        } else
                rotation->set = g_strdup_printf("%.*s%.*s", (int)folder, path, (int)name.len, name.ptr);
}

void rotation_clear(Rotation *rotation) {
        g_clear_pointer(&rotation->set, g_free);
}

static int compare_numbers(uint64_t a, uint64_t b) {
        return (a > b) - (a < b);
}

int rotation_compare(const Rotation *a, const Rotation *b) {
        if (a->kind != b->kind)
                return a->kind < b->kind ? -1 : 1;
        if (a->date != b->date)
                return compare_numbers(a->date, b->date);
        return a->kind == ROTATION_NUMBERED ? compare_numbers(b->index, a->index) : compare_numbers(a->index, b->index);
}

int64_t rotation_date(const char *path) {
        Rotation rotation;
        g_autoptr(GDateTime) midnight = NULL;

        rotation_read(&rotation, path);
        rotation_clear(&rotation);
        if (rotation.date == 0)
                return 0;
        midnight =
                g_date_time_new_utc((int)(rotation.date / 10000000000), (int)(rotation.date / 100000000 % 100), (int)(rotation.date / 1000000 % 100), 0, 0, 0);
        return midnight ? g_date_time_to_unix(midnight) * 1000000 : 0;
}
