/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/skeleton.h"

#include <glib.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define WITH_AVX512 1
#endif

static inline uint64_t bits_below(size_t n) {
        return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

/* --- portable --- */

/* What is being written. */
typedef struct Writer {
        const char *text;
        char *to;
        unsigned n_tokens;
        bool after_value;
} Writer;

/* 16 bytes at a time, for most words are no longer. */
static inline void write_token(Writer *writer, size_t start, size_t end, bool is_value) {
        if (is_value) {
                *writer->to = '\0';
                writer->to += !writer->after_value;
                writer->n_tokens += !writer->after_value;
        } else {
                for (size_t at = start; at < end; at += 16)
                        memcpy(writer->to + (at - start), writer->text + at, 16);
                writer->to += end - start;
                *writer->to++ = ' ';
                writer->n_tokens++;
        }
        writer->after_value = is_value;
}

static void write_slowly(Writer *writer, Tokens *tokens) {
        Token token;

        while (tokens_next(tokens, &token))
                write_token(writer, token.start, token.end, token.is_value);
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

static inline void write_word(Writer *writer, size_t start, size_t end, bool value) {
        write_token(writer, start, end, value || token_is_hexadecimal((Str){ writer->text + start, end - start }));
}

/* What write_slowly() writes of a text without quotes. */
static void write_quickly(Writer *to, const Tokens *tokens) {
        size_t start = 0, n_bytes = tokens->text.len;
        Writer writer = *to;
        Words words = { 0 };

        for (size_t at = 0; at < n_bytes; at += 64) {
                bool open = words.open;

                words_step(&words, tokens, at / 64);
                for (; words.ends; words.ends &= words.ends - 1) {
                        size_t end = at + (size_t)__builtin_ctzll(words.ends);

                        if (!open) {
                                start = at + (size_t)__builtin_ctzll(words.starts);
                                words.starts &= words.starts - 1;
                        }
                        open = false;
                        write_word(&writer, start, end, words.values >> (end - at) & 1);
                }
                if (words.starts)
                        start = at + (size_t)__builtin_ctzll(words.starts);
        }
        if (words.open)
                write_word(&writer, start, n_bytes, words.value);
        *to = writer;
}

void skeleton_add_portable(Skeleton *skeleton, Str text) {
        Writer writer = { .text = text.ptr, .to = skeleton->bytes + skeleton->n_bytes };
        Tokens tokens;

        tokens_init(&tokens, text);
        if (tokens_have_quotes(&tokens))
                write_slowly(&writer, &tokens);
        else
                write_quickly(&writer, &tokens);
        skeleton->n_bytes = (size_t)(writer.to - skeleton->bytes);
        skeleton->n_tokens += writer.n_tokens;
}

#ifdef WITH_AVX512

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,bmi,bmi2,lzcnt,popcnt")))

static bool has_avx512(void) {
        return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
               __builtin_cpu_supports("bmi2");
}

/* The words among 64 bytes. */
typedef struct Chunk {
        __m512i bytes;
        uint64_t in_word, values;
        size_t n_bytes; /* those that are done with them */
} Chunk;

/* Two letters, hexadecimal or not, are nothing; eight in a row may be an id. */
static inline bool has_hexadecimal_run(uint64_t hexadecimal) {
        hexadecimal &= hexadecimal >> 1;
        hexadecimal &= hexadecimal >> 2;
        return (hexadecimal & hexadecimal >> 4) != 0;
}

/*
 * The words that end before the last of the 64 bytes at @text, of which @rest belong to the text. False where that is not enough: quotes,
 * what may be an id without digits, a word that is too long.
 */
AVX512 static inline bool read_chunk(const char *text, size_t rest, Chunk *chunk) {
        const __m512i low = _mm512_loadu_si512(BYTE_KINDS), high = _mm512_loadu_si512(BYTE_KINDS + 64);
        __m512i bytes = _mm512_loadu_si512(text), kinds = _mm512_permutex2var_epi8(low, bytes, high);
        uint64_t ascii = ~_mm512_movepi8_mask(bytes), known = ascii & bits_below(MIN(rest, 63));
        uint64_t in_word = ~_mm512_mask_test_epi8_mask(ascii, kinds, _mm512_set1_epi8(BYTE_DELIMITER));
        uint64_t quote = _mm512_mask_test_epi8_mask(known, kinds, _mm512_set1_epi8(BYTE_QUOTE));
        uint64_t hexadecimal = _mm512_mask_test_epi8_mask(known, kinds, _mm512_set1_epi8(BYTE_HEXADECIMAL));

        chunk->bytes = bytes;
        chunk->n_bytes = MIN(rest, 63);
        chunk->values = _mm512_mask_test_epi8_mask(known, kinds, _mm512_set1_epi8(BYTE_VALUE));
        chunk->in_word = in_word & bits_below(chunk->n_bytes);
        if (quote || has_hexadecimal_run(hexadecimal))
                return false;
        if (rest > 63 && in_word >> 62 == 3) { /* the last word goes on */
                uint64_t others = ~in_word & bits_below(63);

                chunk->n_bytes = others ? 64 - (size_t)__builtin_clzll(others) : 0;
                chunk->in_word &= bits_below(chunk->n_bytes);
                chunk->values &= chunk->in_word;
        }
        return chunk->n_bytes > 0;
}

/* Words stay, with a blank behind them; of values that follow each other a NUL does, where the first one ends. Values are found as in words_step(). */
AVX512 static inline void write_chunk(Writer *writer, const Chunk *chunk) {
        uint64_t ends = chunk->in_word << 1 & ~chunk->in_word, starts = chunk->in_word & ~(chunk->in_word << 1);
        uint64_t value_ends = (chunk->in_word + chunk->values) & ends;
        uint64_t values = _pext_u64(value_ends, ends); /* a bit for each word */
        uint64_t repeated = values & (values << 1 | writer->after_value);
        uint64_t in_value = value_ends - _pdep_u64(values, starts);
        uint64_t kept = (chunk->in_word & ~in_value) | (ends & ~_pdep_u64(repeated, ends));
        unsigned n_words = (unsigned)__builtin_popcountll(ends);
        __m512i bytes = _mm512_mask_mov_epi8(chunk->bytes, ends, _mm512_set1_epi8(' '));

        bytes = _mm512_maskz_compress_epi8(kept, _mm512_maskz_mov_epi8(~value_ends, bytes));
        _mm512_storeu_si512(writer->to, bytes);
        writer->to += __builtin_popcountll(kept);
        writer->n_tokens += n_words - (unsigned)__builtin_popcountll(repeated);
        if (n_words > 0)
                writer->after_value = values >> (n_words - 1) & 1;
}

/* False where the text needs skeleton_add_portable(). */
AVX512 static bool add_avx512(Skeleton *skeleton, Str text) {
        Writer writer = { .to = skeleton->bytes + skeleton->n_bytes };
        size_t n_bytes = MIN(text.len, TOKENS_BYTES_MAX);
        Chunk chunk;

        for (size_t at = 0; at < n_bytes; at += chunk.n_bytes) {
                if (!read_chunk(text.ptr + at, n_bytes - at, &chunk))
                        return false;
                write_chunk(&writer, &chunk);
        }
        skeleton->n_bytes = (size_t)(writer.to - skeleton->bytes);
        skeleton->n_tokens += writer.n_tokens;
        return true;
}

#endif

void skeleton_add(Skeleton *skeleton, Str text) {
#ifdef WITH_AVX512
        if (has_avx512() && add_avx512(skeleton, text))
                return;
#endif
        skeleton_add_portable(skeleton, text);
}
