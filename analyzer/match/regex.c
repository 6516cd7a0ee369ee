/* SPDX-License-Identifier: Apache-2.0 */
#include "match/regex.h"

#define COMPILE_OPTIONS (PCRE2_MULTILINE | PCRE2_DUPNAMES | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C)

pcre2_code *regex_compile(const char *regex, char **reason) {
        pcre2_compile_context *context = pcre2_compile_context_create(NULL);
        PCRE2_UCHAR message[256];
        PCRE2_SIZE offset;
        pcre2_code *code;
        int problem;

        pcre2_set_newline(context, PCRE2_NEWLINE_ANYCRLF);
        code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED, COMPILE_OPTIONS, &problem, &offset, context);
        pcre2_compile_context_free(context);
        if (code || !reason)
                return code;
        pcre2_get_error_message(problem, message, sizeof(message));
        *reason = g_strdup_printf("the regex is wrong at its byte %zu: %s", (size_t)offset + 1, (const char *)message);
        return NULL;
}

pcre2_match_context *regex_context_new(void) {
        pcre2_match_context *context = pcre2_match_context_create(NULL);

        pcre2_set_match_limit(context, REGEX_MATCH_LIMIT);
        pcre2_set_depth_limit(context, REGEX_DEPTH_LIMIT);
        pcre2_set_heap_limit(context, REGEX_HEAP_LIMIT_KIB);
        return context;
}

/* --- From RE2 --- */

typedef struct Translation {
        const char *at;
        GString *out;
        bool in_class;
        const char *problem;
} Translation;

static void take(Translation *t, size_t n) {
        g_string_append_len(t->out, t->at, (gssize)n);
        t->at += n;
}

/* "\x{10ffff}": a character, which is several bytes here. */
static void translate_rune(Translation *t) {
        char *end = NULL;
        guint64 rune = g_ascii_strtoull(t->at + 3, &end, 16);
        char bytes[6];
        int n;

        if (!end || *end != '}' || rune > 0x10ffff) {
                t->problem = "a character beyond Unicode";
                return;
        }
        if (rune >= 0x80 && t->in_class) {
                t->problem = "a character beyond ASCII in a class";
                return;
        }
        if (rune < 0x80) {
                take(t, (size_t)(end + 1 - t->at));
                return;
        }
        n = g_unichar_to_utf8((gunichar)rune, bytes);
        g_string_append(t->out, "(?:");
        for (int i = 0; i < n; i++)
                g_string_append_printf(t->out, "\\x%02x", (unsigned char)bytes[i]);
        g_string_append_c(t->out, ')');
        t->at = end + 1;
}

/* "\Q...\E" means the same in both, and what stands between is no syntax. */
static void translate_quoted(Translation *t) {
        const char *end = strstr(t->at, "\\E");

        take(t, end ? (size_t)(end + 2 - t->at) : strlen(t->at));
}

static void translate_escape(Translation *t) {
        char c = t->at[1];

        if (c == 'v') { /* one character there, a class of them here */
                g_string_append(t->out, "\\x0b");
                t->at += 2;
        } else if (c == 'C') {
                t->problem = "\\C";
        } else if (c == 'x' && t->at[2] == '{') {
                translate_rune(t);
        } else if (c == 'Q' && !t->in_class) {
                translate_quoted(t);
        } else {
                take(t, c ? 2 : 1);
        }
}

/* From the bracket; its first members may be brackets themselves. */
static void open_class(Translation *t) {
        t->in_class = true;
        take(t, 1);
        if (*t->at == '^')
                take(t, 1);
        if (*t->at == ']')
                take(t, 1);
}

/* "[:alpha:]" within a class; another bracket there is itself, but PCRE2 asks for care with ":", "." and "=". */
static void translate_bracket(Translation *t) {
        const char *end = t->at[1] == ':' ? strstr(t->at + 2, ":]") : NULL;

        if (end) {
                take(t, (size_t)(end + 2 - t->at));
                return;
        }
        g_string_append_c(t->out, '\\');
        take(t, 1);
}

static void translate_next(Translation *t) {
        if (*t->at == '\\') {
                translate_escape(t);
        } else if (t->in_class && *t->at == '[') {
                translate_bracket(t);
        } else if (t->in_class) {
                t->in_class = *t->at != ']';
                take(t, 1);
        } else if (*t->at == '[') {
                open_class(t);
        } else if (*t->at == '{' && !g_ascii_isdigit(t->at[1])) { /* {,n} is plain text in RE2 */
                g_string_append_c(t->out, '\\');
                take(t, 1);
        } else {
                take(t, 1);
        }
}

char *regex_from_re2(const char *regex, char **reason) {
        Translation t = { .at = regex, .out = g_string_new(NULL) };

        while (*t.at && !t.problem)
                translate_next(&t);
        if (!t.problem)
                return g_string_free(t.out, FALSE);
        *reason = g_strdup_printf("the regex asks for %s, which is not supported", t.problem);
        g_string_free(t.out, TRUE);
        return NULL;
}

char *regex_quoted(const char *text) {
        GString *out = g_string_new(NULL);

        for (; *text; text++) {
                if (strchr("\\^$.[|()?*+{}#-]", *text))
                        g_string_append_c(out, '\\');
                g_string_append_c(out, *text);
        }
        return g_string_free(out, FALSE);
}
