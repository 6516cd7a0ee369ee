/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */

#include "base/str.h"

#include <glib.h>

bool str_has_digit(Str s) {
        for (size_t i = 0; i < s.len; i++)
                if (char_is_digit(s.ptr[i]))
                        return true;
        return false;
}

int str_compare(Str a, Str b) {
        size_t shorter = MIN(a.len, b.len);
        int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

        if (order != 0)
                return order;
        return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts_nocase(Str s, Str prefix) {
        if (s.len < prefix.len)
                return false;
        for (size_t i = 0; i < prefix.len; i++)
                if (char_lower(s.ptr[i]) != char_lower(prefix.ptr[i]))
                        return false;
        return true;
}

bool str_ends_nocase(Str s, Str suffix) {
        return s.len >= suffix.len && str_equal_nocase(str_slice(s, s.len - suffix.len, s.len), suffix);
}

bool str_equal_nocase(Str a, Str b) {
        return a.len == b.len && str_starts_nocase(a, b);
}

typedef uint8_t Bytes16 __attribute__((vector_size(16)));

static inline Bytes16 load16(const char *bytes) {
        Bytes16 loaded;

        memcpy(&loaded, bytes, sizeof(loaded));
        return loaded;
}

static inline bool has_any(Bytes16 mask) {
        uint64_t halves[2];

        memcpy(halves, &mask, sizeof(halves));
        return (halves[0] | halves[1]) != 0;
}

#define PLACES sizeof(Bytes16)

/*
 * Looks at 16 places at once, whether the first and the last byte of @needle stand there; the last ones overlap with those before. W. Mula,
 * "SIMD-friendly algorithms for substring searching". @s is long enough for that from @from on.
 */
static size_t find_in_steps(Str s, Str needle, size_t from) {
        Bytes16 first = (Bytes16){ 0 } + (uint8_t)needle.ptr[0], last = (Bytes16){ 0 } + (uint8_t)needle.ptr[needle.len - 1];
        size_t end = s.len - needle.len + 1 - PLACES;

        for (size_t at = from;; at = MIN(at + PLACES, end)) {
                const char *text = s.ptr + at;

                if (G_UNLIKELY(has_any((Bytes16)((load16(text) == first) & (load16(text + needle.len - 1) == last)))))
                        for (size_t i = 0; i < PLACES; i++)
                                if (text[i] == *needle.ptr && memcmp(text + i, needle.ptr, needle.len) == 0)
                                        return at + i;
                if (at == end)
                        return SIZE_MAX;
        }
}

size_t str_find(Str s, Str needle, size_t from) {
        const char *at;

        if (from > s.len || needle.len > s.len - from)
                return SIZE_MAX;
        if (needle.len > 0 && s.len - from >= needle.len - 1 + PLACES)
                return find_in_steps(s, needle, from);
        at = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
        return at ? (size_t)(at - s.ptr) : SIZE_MAX;
}

size_t str_find_nocase(Str s, Str needle, size_t from) {
        char first = needle.len > 0 ? char_lower(*needle.ptr) : '\0';

        for (size_t at = from; at + needle.len <= s.len; at++)
                if (needle.len == 0 || (char_lower(s.ptr[at]) == first && str_starts_nocase(str_slice(s, at, s.len), needle)))
                        return at;
        return SIZE_MAX;
}

size_t str_find_begin_nocase(Str s, Str needle, size_t from) {
        size_t at = from;

        while ((at = str_find_nocase(s, needle, at)) != SIZE_MAX && at > 0 && char_is_alpha(s.ptr[at - 1]))
                at++;
        return at;
}

bool str_is_number(Str s) {
        for (size_t i = 0; i < s.len; i++)
                if (!char_is_digit(s.ptr[i]))
                        return false;
        return s.len > 0;
}

bool str_is_one_of(Str s, const char *const *words) {
        for (; *words; words++)
                if (str_equal_nocase(s, str_from(*words)))
                        return true;
        return false;
}

bool str_has_one_of(Str s, const char *const *parts) {
        for (; *parts; parts++)
                if (str_find_nocase(s, str_from(*parts), 0) != SIZE_MAX)
                        return true;
        return false;
}

static bool is_blank(char c) {
        return char_is_space(c) || c == '\r' || c == '\n';
}

Str str_trim(Str s) {
        while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
                s.len--;
        while (s.len > 0 && is_blank(*s.ptr)) {
                s.ptr++;
                s.len--;
        }
        return s;
}

void str_clean(char *to, Str s) {
        if (s.len == 0)
                return;
        memcpy(to, s.ptr, s.len);
        for (char *end = to + s.len; (to = memchr(to, '\0', (size_t)(end - to))); to++)
                *to = ' ';
}

char *str_dup(Str s) {
        char *copy = g_malloc(s.len + 1);

        memcpy(copy, s.ptr, s.len);
        copy[s.len] = '\0';
        return copy;
}

bool str_is_key(Str s, size_t open, size_t close) {
        if (close + 1 >= s.len || s.ptr[close + 1] != ':' || s.ptr[open] != '"')
                return false;
        while (open > 0 && char_is_space(s.ptr[open - 1]))
                open--;
        return open == 0 || s.ptr[open - 1] == '{' || s.ptr[open - 1] == ',';
}
