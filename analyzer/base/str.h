/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Str
 *
 * A view of bytes: pointer and length, never NUL-terminated by assumption, never owned. A view dies with the
 * bytes that it looks at.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct Str {
        const char *ptr; /* borrowed */
        size_t len;
} Str;

#define STR(literal) ((Str){ "" literal, sizeof(literal) - 1 })

static inline Str str_from(const char *text) {
        return (Str){ text, strlen(text) };
}

/* A NUL behind the end. */
static inline char str_at(Str s, size_t at) {
        return at < s.len ? s.ptr[at] : '\0';
}

/* The part from @from up to @to; both are cut to the view's length. */
static inline Str str_slice(Str s, size_t from, size_t to) {
        if (to > s.len)
                to = s.len;
        if (from > to)
                from = to;
        return (Str){ s.ptr + from, to - from };
}

/* Without the UTF-8 byte order mark that programs of Windows begin a file with. */
static inline Str str_without_mark(Str s) {
        return s.len >= 3 && memcmp(s.ptr, "\xef\xbb\xbf", 3) == 0 ? str_slice(s, 3, s.len) : s;
}

static inline bool str_equal(Str a, Str b) {
        return a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0;
}

static inline bool str_starts(Str s, Str prefix) {
        return s.len >= prefix.len && memcmp(s.ptr, prefix.ptr, prefix.len) == 0;
}

static inline bool str_ends(Str s, Str suffix) {
        return s.len >= suffix.len && memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0;
}

/* ASCII only; bytes above 127 stay as they are. */
static inline char char_lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool char_is_digit(char c) {
        return c >= '0' && c <= '9';
}

static inline bool char_is_quote(char c) {
        return c == '"' || c == '\'' || c == '`';
}

static inline bool char_is_alpha(char c) {
        return char_lower(c) >= 'a' && char_lower(c) <= 'z';
}

static inline bool char_is_space(char c) {
        return c == ' ' || c == '\t';
}

bool str_has_digit(Str s);

/* Of digits alone, and of one at least. */
bool str_is_number(Str s);

/* Orders by bytes, then by length. */
int str_compare(Str a, Str b);

bool str_equal_nocase(Str a, Str b);
bool str_starts_nocase(Str s, Str prefix);
bool str_ends_nocase(Str s, Str suffix);

/* True when @s is one of @words, or has one of @parts in it, without regard to ASCII case. Both lists end with NULL. */
bool str_is_one_of(Str s, const char *const *words);
bool str_has_one_of(Str s, const char *const *parts);

/* Offset of the first @needle at or after @from, or SIZE_MAX. */
size_t str_find(Str s, Str needle, size_t from);

/* The same without regard to ASCII case. */
size_t str_find_nocase(Str s, Str needle, size_t from);

/* The same, where no letter stands before it: "stream" begins no word of "JetStream", "connection" one of "max_connections". */
size_t str_find_begin_nocase(Str s, Str needle, size_t from);

/* True when the text in quotes from @open to @close is a key of a JSON object: `{"key":`, `, "key":`. */
bool str_is_key(Str s, size_t open, size_t close);

/* Without blanks, tabs, CR and LF at both ends. */
Str str_trim(Str s);

/* Copies @s to @to, which has room for it; a NUL byte becomes a blank. */
void str_clean(char *to, Str s);

/* A NUL-terminated copy, owned by the caller; NUL bytes within are kept. */
char *str_dup(Str s);
