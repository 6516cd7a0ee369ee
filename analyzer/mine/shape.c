/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/shape.h"

#include "mine/bytes.h"

/* Longest value between quotes that counts as one. */
#define QUOTED_MAX 200

/* Multiply and fold, as in wyhash's mixing step; not for tables that an attacker fills on purpose: those are bounded. */
static inline uint64_t mix(uint64_t hash, uint64_t value) {
        hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
        return hash ^ hash >> 32;
}

typedef struct Token {
        size_t start, end;
        bool masked;
} Token;

typedef struct Tokens {
        Str text; /* with BYTES_PADDING behind it */
        Bytes bytes;
        size_t at;
        unsigned left; /* tokens that are still looked at */
} Tokens;

static inline uint64_t load8(const char *bytes) {
        uint64_t chunk;

        memcpy(&chunk, bytes, 8);
        return chunk;
}

#define ONES(n) (~UINT64_C(0) >> (64 - 8 * (n)))

/* The masks that keep the first n bytes of a word's first 8 and of its next 8 bytes. */
static const uint64_t KEEP[17][2] = {
        { 0, 0 },
        { ONES(1), 0 },
        { ONES(2), 0 },
        { ONES(3), 0 },
        { ONES(4), 0 },
        { ONES(5), 0 },
        { ONES(6), 0 },
        { ONES(7), 0 },
        { ONES(8), 0 },
        { ONES(8), ONES(1) },
        { ONES(8), ONES(2) },
        { ONES(8), ONES(3) },
        { ONES(8), ONES(4) },
        { ONES(8), ONES(5) },
        { ONES(8), ONES(6) },
        { ONES(8), ONES(7) },
        { ONES(8), ONES(8) },
};

/*
 * 16 bytes whatever the length, which most words fit, by masks: a branch for each length would be mispredicted on each
 * word, and the multiplications do not wait for each other.
 */
static inline uint64_t hash_word(const char *bytes, size_t n) {
        const uint64_t *keep = KEEP[n < 16 ? n : 16];
        uint64_t low = (load8(bytes) & keep[0]) * UINT64_C(0xBF58476D1CE4E5B9);
        uint64_t high = (load8(bytes + 8) & keep[1]) * UINT64_C(0x94D049BB133111EB);
        uint64_t hash = low ^ (high << 32 | high >> 32) ^ n;

        for (size_t at = 16; at < n; at += 8)
                hash = mix(hash, load8(bytes + at) & KEEP[n - at < 8 ? n - at : 8][0]);
        return hash;
}

/* An id without a digit, such as "deadbeef": letters a to f alone. */
static inline bool is_hex_word(Str word) {
        if (word.len < 8 || (uint8_t)(char_lower(word.ptr[1]) - 'a') > 5 || (uint8_t)(char_lower(word.ptr[2]) - 'a') > 5)
                return false;
        for (size_t i = 0; i < word.len; i++) {
                char c = char_lower(word.ptr[i]);
                if (!(c >= 'a' && c <= 'f') && c != '-')
                        return false;
        }
        return true;
}

static void tokens_init(Tokens *tokens, Str text) {
        tokens->text = str_slice(text, 0, SHAPE_BYTES_MAX);
        tokens->at = 0;
        tokens->left = SHAPE_TOKENS_MAX;
        bytes_map(tokens->text, &tokens->bytes);
}

/* The place of the closing quote when a quoted value begins at @at, else 0. Within a word a quote begins none, and neither several words nor a key of JSON are a value. */
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
        token->masked = token->masked || is_hex_word(str_slice(tokens->text, start, end));
        tokens->at = end;
}

/* The next token; false at the end. */
static bool next_token(Tokens *tokens, Token *token) {
        while (tokens->left > 0) {
                size_t start = bytes_next_clear(tokens->bytes.delimiter, tokens->at, tokens->text.len);
                size_t quote = bytes_next(tokens->bytes.quote, tokens->at, start);
                bool quoted = quote < start || (start < tokens->text.len && tokens->text.ptr[start] == '\'');

                if (quoted && !take_quoted(tokens, MIN(quote, start), token))
                        continue;
                if (!quoted && start == tokens->text.len)
                        return false;
                if (!quoted)
                        take_word(tokens, start, token);
                tokens->left--;
                return true;
        }
        return false;
}

/* What is known of a text so far. */
typedef struct Sum {
        uint64_t hash;    /* of words and masks */
        uint64_t content; /* of everything */
        uint64_t first;   /* of the first token */
        unsigned n;       /* tokens, masks in a row as one */
        bool after_mask;
} Sum;

static inline void sum_add(Sum *sum, uint64_t word, bool masked) {
        uint64_t token = masked ? 0 : word, next = mix(sum->hash, token);
        bool repeated = masked && sum->after_mask;

        sum->hash = repeated ? sum->hash : next;
        sum->content = mix(sum->content, word);
        sum->first = sum->n == 0 ? token : sum->first;
        sum->n += !repeated;
        sum->after_mask = masked;
}

static void sum_slowly(Tokens *tokens, Sum *sum) {
        Token token;

        while (next_token(tokens, &token))
                sum_add(sum, hash_word(tokens->text.ptr + token.start, token.end - token.start), token.masked);
}

static bool has_quotes(const Tokens *tokens) {
        uint64_t any = 0;

        for (size_t word = 0; word * 64 < tokens->text.len; word++)
                any |= tokens->bytes.quote[word];
        return any != 0;
}

static inline uint64_t bits_below(size_t n) {
        return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

/* Words of a text from its bits, 64 bytes at a time. */
typedef struct Words {
        uint64_t starts, ends; /* first bytes, and first bytes behind */
        uint64_t values;       /* of the ends, those of words that hold a value */
        bool open;             /* the last word goes on in the next 64 bytes */
        bool value;            /* and holds a value so far */
} Words;

/*
 * A word is a run of ones. Added to it, a value within it carries a bit to the end of the run, and no further: so the sum of
 * both tells by one addition which words hold a value.
 */
static inline void words_step(Words *words, const Tokens *tokens, size_t chunk) {
        uint64_t in_word = ~tokens->bytes.delimiter[chunk] & bits_below(tokens->text.len - chunk * 64);
        uint64_t before = in_word << 1 | words->open;
        uint64_t sum, carry = 0;

        words->starts = in_word & ~before;
        words->ends = ~in_word & before;
        carry = __builtin_add_overflow(in_word, tokens->bytes.value[chunk], &sum);
        carry |= __builtin_add_overflow(sum, words->value, &sum);
        words->values = sum & words->ends;
        words->open = in_word >> 63;
        words->value = carry;
}

static inline void sum_word(Sum *sum, const char *text, size_t start, size_t end, bool value) {
        Str word = { text + start, end - start };

        sum_add(sum, hash_word(word.ptr, word.len), value || is_hex_word(word));
}

/* What sum_slowly() gives for a text without quotes. */
static void sum_quickly(const Tokens *tokens, Sum *to) {
        const char *text = tokens->text.ptr;
        size_t start = 0, n_bytes = tokens->text.len;
        unsigned left = SHAPE_TOKENS_MAX;
        Words words = { 0 };
        Sum sum = *to;

        for (size_t at = 0; at < n_bytes && left > 0; at += 64) {
                bool open = words.open;

                words_step(&words, tokens, at / 64);
                for (; words.ends && left > 0; words.ends &= words.ends - 1, left--) {
                        size_t end = at + (size_t)__builtin_ctzll(words.ends);

                        if (!open) {
                                start = at + (size_t)__builtin_ctzll(words.starts);
                                words.starts &= words.starts - 1;
                        }
                        open = false;
                        sum_word(&sum, text, start, end, words.values >> (end - at) & 1);
                }
                if (words.starts)
                        start = at + (size_t)__builtin_ctzll(words.starts);
        }
        if (words.open && left > 0)
                sum_word(&sum, text, start, n_bytes, words.value);
        *to = sum;
}

static void sum_text(Str text, Sum *sum) {
        Tokens tokens;

        tokens_init(&tokens, text);
        sum->after_mask = false;
        if (has_quotes(&tokens))
                sum_slowly(&tokens, sum);
        else
                sum_quickly(&tokens, sum);
}

ShapeKey shape_of(const Event *event) {
        uint64_t kind = mix(event->level + 1, event->status);
        Sum sum = { .hash = kind };

        sum_text(event->message, &sum);
        if (event->detail.len > 0) {
                sum.hash = mix(sum.hash, 1);
                sum_text(event->detail, &sum);
        }
        if (event->cause.len > 0) {
                sum.hash = mix(sum.hash, 2);
                sum_text(event->cause, &sum);
        }
        return (ShapeKey){ sum.hash & SHAPE_KEY_MASK, sum.content, mix(mix(kind, sum.first), sum.n) & SHAPE_KEY_MASK };
}

char *shape_text(Str message) {
        char padded[SHAPE_BYTES_MAX + BYTES_PADDING] = { 0 };
        GString *text = g_string_new(NULL);
        bool after_mask = false;
        size_t written = 0;
        Tokens tokens;
        Token token;

        message = str_slice(message, 0, SHAPE_BYTES_MAX);
        memcpy(padded, message.ptr, message.len);
        tokens_init(&tokens, (Str){ padded, message.len });
        for (; next_token(&tokens, &token); after_mask = token.masked) {
                Str between = str_slice(tokens.text, written, token.start);

                written = token.end;
                if (token.masked && after_mask)
                        continue;
                g_string_append_len(text, between.ptr, (gssize)between.len);
                if (token.masked)
                        g_string_append(text, SHAPE_MASK);
                else
                        g_string_append_len(text, tokens.text.ptr + token.start, (gssize)(token.end - token.start));
        }
        return g_string_free(text, FALSE);
}
