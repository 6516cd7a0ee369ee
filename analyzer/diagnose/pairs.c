/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/pairs.h"

/* Colons stand within words (host:port, 12:30); one that ends a word separates. */
static bool is_word(char c) {
        return char_is_alpha(c) || char_is_digit(c) || (unsigned char)c > 127 || (c != '\0' && strchr("_-./@+%#:$*", c) != NULL);
}

/* Not what only separates, as the colon of `"key": "value"`. */
static bool says_something(Str word) {
        for (size_t i = 0; i < word.len; i++)
                if (char_is_alpha(word.ptr[i]) || char_is_digit(word.ptr[i]) || (unsigned char)word.ptr[i] > 127)
                        return true;
        return false;
}

/* The next run of the bytes of words from @at on, which moves behind it; empty at the end. */
static Str next_run(Str text, size_t *at) {
        size_t start, end;

        while (*at < text.len && (!is_word(text.ptr[*at]) || text.ptr[*at] == ':' || text.ptr[*at] == '.'))
                ++*at;
        start = *at;
        while (*at < text.len && is_word(text.ptr[*at]))
                ++*at;
        end = *at;
        while (end > start + 1 && (text.ptr[end - 1] == ':' || text.ptr[end - 1] == '.'))
                end--;
        return str_slice(text, start, end);
}

Str pairs_word(Str text, size_t *at) {
        Str word = next_run(text, at);

        while (word.len > 0 && !says_something(word))
                word = next_run(text, at);
        return word;
}

static bool is_letter(char c) {
        return char_is_alpha(c) || c == '_' || (unsigned char)c > 127;
}

Str pairs_letters(Str text, size_t *at, size_t min) {
        size_t start;

        do {
                while (*at < text.len && !is_letter(text.ptr[*at]))
                        ++*at;
                start = *at;
                while (*at < text.len && is_letter(text.ptr[*at]))
                        ++*at;
        } while (*at > start && *at - start < min);
        return str_slice(text, start, *at);
}

/* A key begins with a letter: it is no value itself. */
static bool may_be_key(Str word) {
        return word.len > 1 && (char_is_alpha(word.ptr[0]) || word.ptr[0] == '_' || word.ptr[0] == '@');
}

/* What stands between two words of one line. */
static bool is_named(Str before, Str word) {
        for (const char *at = before.ptr + before.len; at < word.ptr; at++)
                if (*at == '=' || *at == ':')
                        return true;
        return false;
}

unsigned pairs_of(Str text, Pair pairs[static PAIRS_MAX]) {
        size_t at = 0;
        unsigned n = 0;
        Str before = pairs_word(text, &at), word;

        while (n < PAIRS_MAX && (word = pairs_word(text, &at)).len > 0) {
                if (may_be_key(before))
                        pairs[n++] = (Pair){ before, word, is_named(before, word) };
                before = word;
        }
        return n;
}
