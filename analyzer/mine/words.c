/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/words.h"

#include <glib.h>

/* The longest word in quotes that counts as one. */
#define QUOTED_MAX 200

/* A value behind "key=" that is written in several words ends at the latest here. */
static bool ends_pair(const Word *word) {
        return !word->value && word->text.len == 1 && strchr(",;)]}|", *word->text.ptr);
}

static bool is_delimiter(char c) {
        static const bool DELIMITERS[256] = {
                [0 ... ' '] = true, ['='] = true, [':'] = true, [','] = true,  ['('] = true, [')'] = true, ['['] = true, [']'] = true, ['{'] = true,
                ['}'] = true,       ['"'] = true, ['|'] = true, ['\''] = true, [';'] = true, ['<'] = true, ['>'] = true, ['`'] = true,
        };

        return DELIMITERS[(uint8_t)c];
}

static bool is_blank(char c) {
        return (uint8_t)c <= ' ';
}

/* --- cutting --- */

/* Words that stand where a value stands. */
static bool is_constant(Str token) {
        static const char *const CONSTANTS[] = { "true", "false", "null", "none", "nil", "undefined", "nan" };

        if (token.len < 3 || token.len > 9 || !strchr("tfnuTFNU", *token.ptr))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(CONSTANTS); i++)
                if (str_equal_nocase(token, str_from(CONSTANTS[i])))
                        return true;
        return false;
}

/* "deadbeef", "ab-cd-ef-..." */
static bool is_hex_id(Str token) {
        if (token.len < 8)
                return false;
        for (size_t i = 0; i < token.len; i++) {
                char c = char_lower(token.ptr[i]);
                if (!(c >= 'a' && c <= 'f') && c != '-')
                        return false;
        }
        return true;
}

static bool is_value(Str token) {
        for (size_t i = 0; i < token.len; i++) {
                char c = token.ptr[i];
                if (char_is_digit(c) || ((c == '/' || c == '\\') && token.len > 1))
                        return true;
        }
        return is_constant(token) || is_hex_id(token);
}

/* "nil map" is no map: what stands for nothing is a word when it tells what kind of nothing. */
static bool is_nothing(Str token) {
        static const char *const NOTHING[] = { "null", "none", "nil", "undefined", "nan" };

        for (size_t i = 0; i < G_N_ELEMENTS(NOTHING); i++)
                if (str_equal_nocase(token, str_from(NOTHING[i])))
                        return true;
        return false;
}

static void keep_nothing(Words *words) {
        for (unsigned i = 0; i + 1 < words->n; i++)
                if (words->at[i].value && word_speaks(&words->at[i + 1]) && is_nothing(words->at[i].text))
                        words->at[i].value = false;
}

/* Escapes of JSON that say nothing: a quote's backslash, and a line's end. */
static size_t skip_escape(Str text, size_t at) {
        char next = at + 1 < text.len ? text.ptr[at + 1] : '\0', behind = at + 2 < text.len ? text.ptr[at + 2] : '\0';

        if (text.ptr[at] != '\\')
                return at;
        if (next == '"')
                return at + 1;
        return strchr("nrt", next) && next && (is_blank(behind) || behind == '\\') ? at + 2 : at;
}

static size_t token_end(Str text, size_t at) {
        while (at < text.len && !is_delimiter(text.ptr[at]) && skip_escape(text, at) == at)
                at++;
        return at;
}

static void add(Words *words, Str text, bool value) {
        if (words->n < WORDS_MAX)
                words->at[words->n++] = (Word){ text, value };
}

/* Nothing in brackets or quotes stands for a value that is empty. */
static bool closes_empty(const Words *words, char c) {
        const Word *last = words->n > 0 ? &words->at[words->n - 1] : NULL;

        return last && ((c == ')' && word_is(last, '(')) || (c == ']' && word_is(last, '[')) || (c == '"' && word_is(last, '"')));
}

/* A word in quotes is a value; returns the place of the closing quote, or 0. See shape.c, which the hot path follows. */
static size_t quoted_end(Str text, size_t at) {
        char quote = text.ptr[at];
        size_t end = at + 1;

        if (!char_is_quote(quote) || (at > 0 && !is_delimiter(text.ptr[at - 1]) && text.ptr[at - 1] != '\\'))
                return 0;
        while (end < text.len && end - at < QUOTED_MAX && text.ptr[end] != quote && text.ptr[end] != ' ')
                end++;
        return end < text.len && text.ptr[end] == quote && end > at + 1 && !str_is_key(text, at, end) ? end : 0;
}

static size_t cut_quoted(Str text, size_t at, size_t end, Words *words) {
        size_t inner = text.ptr[end - 1] == '\\' ? end - 1 : end;

        add(words, str_slice(text, at, at + 1), false);
        add(words, str_slice(text, at + 1, MAX(inner, at + 1)), true);
        add(words, str_slice(text, end, end + 1), false);
        return end + 1;
}

void words_cut(Str text, Words *words) {
        size_t at = 0;

        words->n = 0;
        while (at < text.len && words->n < WORDS_MAX) {
                char c = text.ptr[at];
                size_t end = skip_escape(text, at);

                if (is_blank(c) || end > at) {
                        at = MAX(end, at + 1);
                        continue;
                }
                if ((end = quoted_end(text, at)) > 0) {
                        at = cut_quoted(text, at, end, words);
                        continue;
                }
                end = value_end(text, at);
                if (end > at) {
                        /* What hangs on a value belongs to it; what a URL or a host ends with is left outside. */
                        end = token_end(text, end);
                        add(words, str_slice(text, at, end), true);
                } else if (is_delimiter(c)) {
                        end = at + 1;
                        if (closes_empty(words, c))
                                add(words, str_slice(text, at, at), true);
                        add(words, str_slice(text, at, end), false);
                } else {
                        Str token = str_slice(text, at, end = token_end(text, at));
                        add(words, token, is_value(token));
                }
                at = end;
        }
        keep_nothing(words);
}

/* --- squeezing --- */

/* From the start of the first to the end of the last. */
static Str joined(Str first, Str last) {
        return (Str){ first.ptr, (size_t)(last.ptr + last.len - first.ptr) };
}

static bool begins_pair(const Words *words, unsigned i) {
        return i + 1 < words->n && word_is(&words->at[i + 1], '=');
}

/* Behind the closing quote of the text whose opening one is at @open; where it is never closed, behind the quote. */
static unsigned quote_end(const Words *words, unsigned open) {
        for (unsigned i = open + 1; i < words->n; i++)
                if (word_is(&words->at[i], *words->at[open].text.ptr))
                        return i + 1;
        return open + 1;
}

/*
 * The end of the value behind the sign at @sign: a text in quotes, or one word whatever it is, and values and punctuation
 * that hang on it.
 */
static unsigned pair_end(const Words *words, unsigned sign) {
        unsigned i = sign + 1;

        if (i < words->n && (word_is(&words->at[i], '"') || word_is(&words->at[i], '\'')))
                return quote_end(words, i);
        while (i < words->n && !ends_pair(&words->at[i]) && !begins_pair(words, i)) {
                const Word *word = &words->at[i];
                if (i > sign + 1 && !word->value && !word_is(word, ':') && !word_is(word, '.'))
                        break;
                i++;
        }
        return i;
}

static void squeeze_pairs(Words *words) {
        unsigned n = 0;

        for (unsigned i = 0; i < words->n;) {
                Word sign = words->at[i++];
                Str end = { sign.text.ptr + sign.text.len, 0 };
                unsigned to;

                words->at[n++] = sign;
                if (!word_is(&sign, '=') || n < 2 || word_is(&words->at[n - 2], '=') || n >= WORDS_MAX)
                        continue;
                to = pair_end(words, i - 1);
                if (to > i) {
                        words->at[n++] = (Word){ joined(words->at[i].text, words->at[to - 1].text), true };
                        i = to;
                } else if (i < words->n) {
                        /* One more word than was read: there is room, since the sign and its key stay in place. */
                        memmove(words->at + i + 1, words->at + i, (words->n - i) * sizeof(Word));
                        words->n = MIN(words->n + 1, WORDS_MAX);
                        words->at[n++] = (Word){ end, true };
                        i++;
                } else {
                        words->at[n++] = (Word){ end, true };
                }
        }
        words->n = MIN(n, WORDS_MAX);
}

/* "key": at the begin of an object or behind a comma: the colon is the last of @n words. */
static bool ends_key(const Words *words, unsigned n) {
        const Word *at = words->at;

        if (n < 4 || !word_is(&at[n - 1], ':') || !word_is(&at[n - 2], '"') || !word_is(&at[n - 4], '"'))
                return false;
        return n == 4 || word_is(&at[n - 5], '{') || word_is(&at[n - 5], ',');
}

/* "key": "some words", "key": word */
static void squeeze_members(Words *words) {
        unsigned n = 0, i = 0;

        while (i < words->n) {
                bool member = ends_key(words, n);
                unsigned to = i + 1;

                if (member && word_is(&words->at[i], '"'))
                        to = quote_end(words, i);
                else if (!member || !(word_speaks(&words->at[i]) || words->at[i].value)) {
                        words->at[n++] = words->at[i++];
                        continue;
                }
                words->at[n++] = (Word){ joined(words->at[i].text, words->at[to - 1].text), true };
                i = to;
        }
        words->n = n;
}

static bool joins(const Word *word) {
        return word_is(word, ',') || word_is(word, ':') || word_is(word, '|');
}

/* One pass gives what repeating gives: what was squeezed is a value, and is squeezed with what comes next. */
static void squeeze_lists(Words *words) {
        unsigned n = 0;

        for (unsigned i = 0; i < words->n; i++) {
                const Word *word = &words->at[i];
                Word *last = n > 0 ? &words->at[n - 1] : NULL;

                if (word->value && last && last->value)
                        last->text = joined(last->text, word->text);
                else if (word->value && n > 1 && joins(last) && words->at[n - 2].value) {
                        n--;
                        words->at[n - 1].text = joined(words->at[n - 1].text, word->text);
                } else
                        words->at[n++] = *word;
        }
        words->n = n;
}

void words_squeeze(Words *words) {
        squeeze_members(words);
        squeeze_pairs(words);
        squeeze_lists(words);
}
