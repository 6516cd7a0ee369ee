/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Tokens
 *
 *     message -> [tokens] -> skeleton, shape in words
 *
 * A token is what stands between blanks and punctuation. One that holds a digit or a slash, or is hexadecimal, is a value, and so
 * is what stands in quotes.
 */

#include "mine/bytes.h"

#include <stdbool.h>

/* What is looked at of a message: it bounds the cost of a very long line. */
#define TOKENS_BYTES_MAX BYTES_MAX

typedef struct Token {
        size_t start, end;
        bool is_value;
} Token;

typedef struct Tokens {
        Str text; /* borrowed, with BYTES_PADDING readable bytes behind it */
        Bytes bytes;
        size_t at;
} Tokens;

/* The tokens of the first TOKENS_BYTES_MAX bytes of @text. */
void tokens_init(Tokens *tokens, Str text);

/* The next token; false at the end. */
bool tokens_next(Tokens *tokens, Token *token);

/* A quote is what makes tokens hard to find. */
bool tokens_have_quotes(const Tokens *tokens);

/* An id without a digit, such as "deadbeef": letters a to f alone. */
bool token_is_hexadecimal(Str word);
