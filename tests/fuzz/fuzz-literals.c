/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "match/literals.h"

#include <pcre2.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * The input is a regex, a newline, and a subject. What the regex matches of it, and of its own
 * source and of ways to spell that out, must hold a literal.
 */
#define SUBJECT_BYTES_MAX 4096

static pcre2_code *compile(const char *regex) {
        pcre2_compile_context *context = pcre2_compile_context_create(NULL);
        uint32_t options = PCRE2_MULTILINE | PCRE2_DUPNAMES | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C;
        pcre2_code *code;
        PCRE2_SIZE offset;
        int problem;

        pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
        code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED, options, &problem, &offset, context);
        pcre2_compile_context_free(context);
        return code;
}

static bool matches(const pcre2_code *code, Str subject) {
        pcre2_match_data *match = pcre2_match_data_create(1, NULL);
        pcre2_match_context *context = pcre2_match_context_create(NULL);
        int found;

        pcre2_set_match_limit(context, 20000);
        found = pcre2_match(code, (PCRE2_SPTR)subject.ptr, subject.len, 0, 0, match, context);
        pcre2_match_context_free(context);
        pcre2_match_data_free(match);
        return found >= 0;
}

static bool has_literal(Str subject, const GPtrArray *literals) {
        for (guint i = 0; i < literals->len; i++)
                if (str_find_nocase(subject, str_from(literals->pdata[i]), 0) != SIZE_MAX)
                        return true;
        return false;
}

static void check(const pcre2_code *code, const GPtrArray *literals, Str subject) {
        if (matches(code, subject))
                g_assert(has_literal(subject, literals));
}

/* The source without what is syntax: what a simple regex matches. */
static void check_plain(const pcre2_code *code, const GPtrArray *literals, Str source) {
        g_autoptr(GString) plain = g_string_new(NULL);

        for (size_t i = 0; i < source.len; i++)
                if (!strchr("\\()[]{}?*+|^$", source.ptr[i]))
                        g_string_append_c(plain, source.ptr[i]);
        check(code, literals, (Str){ plain->str, plain->len });
        g_string_ascii_up(plain);
        check(code, literals, (Str){ plain->str, plain->len });
}

/* Each literal on its own, whole and without its ends. */
static void check_literals(const pcre2_code *code, const GPtrArray *literals) {
        for (guint i = 0; i < literals->len; i++) {
                Str literal = str_from(literals->pdata[i]);

                g_assert(literal.len >= LITERAL_MIN);
                check(code, literals, str_slice(literal, 1, literal.len));
                check(code, literals, str_slice(literal, 0, literal.len - 1));
        }
}

static void check_alternatives(const pcre2_code *code, const GPtrArray *literals, Str source) {
        for (size_t from = 0; from < source.len; from++) {
                size_t to = from;

                while (to < source.len && !strchr("|()[]", source.ptr[to]))
                        to++;
                check(code, literals, str_slice(source, from, to));
                from = to;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        Str input = { (const char *)data, MIN(size, SUBJECT_BYTES_MAX) };
        size_t newline = str_find(input, STR("\n"), 0);
        g_autofree char *regex = str_dup(str_slice(input, 0, newline));
        g_autoptr(GPtrArray) literals = g_ptr_array_new_with_free_func(g_free);
        pcre2_code *code;

        if (!literals_of_regex(regex, literals))
                return 0;
        g_assert(literals->len > 0 && literals->len <= LITERAL_SETS_MAX);
        code = compile(regex);
        if (!code)
                return 0;
        check(code, literals, STR(""));
        if (newline != SIZE_MAX)
                check(code, literals, str_slice(input, newline + 1, input.len));
        check(code, literals, str_from(regex));
        check_plain(code, literals, str_from(regex));
        check_alternatives(code, literals, str_from(regex));
        check_literals(code, literals);
        pcre2_code_free(code);
        return 0;
}
