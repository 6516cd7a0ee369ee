/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/tokens.h"

#include <glib.h>

/* Longest value between quotes that counts as one. */
#define QUOTED_MAX 200

bool token_is_hexadecimal(Str word) {
        if (word.len < HEXADECIMAL_MIN || (uint8_t)(char_lower(word.ptr[1]) - 'a') > 5 || (uint8_t)(char_lower(word.ptr[2]) - 'a') > 5)
                return false;
        for (size_t i = 0; i < word.len; i++)
                if (!(BYTE_KINDS[(uint8_t)word.ptr[i]] & BYTE_HEXADECIMAL))
                        return false;
        return true;
}

void tokens_init(Tokens *tokens, Str text) {
        tokens->text = str_slice(text, 0, TOKENS_BYTES_MAX);
        tokens->at = 0;
        bytes_map(tokens->text, &tokens->bytes);
}

bool tokens_have_quotes(const Tokens *tokens) {
        uint64_t any = 0;

        for (size_t word = 0; word * 64 < tokens->text.len; word++)
                any |= tokens->bytes.quote[word];
        return any != 0;
}

/*
 * The place of the closing quote when a quoted value begins at @at, else 0. Within a word a quote begins none, and neither several words nor a key of
 * JSON are a value.
 */
static size_t closing_quote(const Tokens *tokens, size_t at) {
        Str text = tokens->text;
        size_t limit = MIN(text.len, at + QUOTED_MAX);
        const char *found;

        if (at > 0 && !(tokens->bytes.delimiter[(at - 1) / 64] >> (at - 1) % 64 & 1))
                return 0;
        found = memchr(text.ptr + at + 1, text.ptr[at], limit - at - 1);
        if (!found || memchr(text.ptr + at + 1, ' ', (size_t)(found - text.ptr) - at - 1) || str_is_key(text, at, (size_t)(found - text.ptr)))
                return 0;
        return (size_t)(found - text.ptr);
}

/* A value in quotes at @at; moves behind its opening quote when there is no closing one. */
static bool take_quoted(Tokens *tokens, size_t at, Token *token) {
        size_t close = closing_quote(tokens, at);

        tokens->at = close > 0 ? close + 1 : at + 1;
        *token = (Token){ at, tokens->at, true };
        return close > 0;
}

static void take_word(Tokens *tokens, size_t start, Token *token) {
        size_t end = bytes_next(tokens->bytes.delimiter, start, tokens->text.len);

        *token = (Token){ start, end, bytes_next(tokens->bytes.value, start, end) < end };
        token->is_value = token->is_value || token_is_hexadecimal(str_slice(tokens->text, start, end));
        tokens->at = end;
}

bool tokens_next(Tokens *tokens, Token *token) {
        for (;;) {
                size_t start = bytes_next_clear(tokens->bytes.delimiter, tokens->at, tokens->text.len);
                size_t quote = bytes_next(tokens->bytes.quote, tokens->at, start);
                bool quoted = quote < start || (start < tokens->text.len && tokens->text.ptr[start] == '\'');

                if (quoted && !take_quoted(tokens, MIN(quote, start), token))
                        continue;
                if (!quoted && start == tokens->text.len)
                        return false;
                if (!quoted)
                        take_word(tokens, start, token);
                return true;
        }
}
