/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/re2.h"

#include "base/str.h"

#include <stdlib.h>

/* The most that RE2 repeats. */
#define REPEAT_MAX 1000

typedef struct Rewrite {
        const char *at; /* what is left of the regex */
        GString *out;
        bool wider, refused;
        bool after_repeat; /* a plus here is possessive, not a repeat */
} Rewrite;

static void copy(Rewrite *r, size_t n) {
        g_string_append_len(r->out, r->at, (gssize)n);
        r->at += n;
}

/* Behind a class: "[]a[:alpha:]\\]]" ends with its last bracket. */
static const char *behind_class(const char *at) {
        at += at[1] == '^' ? 2 : 1;
        at += *at == ']';
        for (; *at && *at != ']'; at++) {
                if (*at == '\\' && at[1])
                        at++;
                else if (*at == '[' && at[1] == ':' && strstr(at, ":]"))
                        at = strstr(at, ":]") + 1;
        }
        return at + (*at == ']');
}

/* Behind the group that begins at @at. */
static const char *behind_group(const char *at) {
        unsigned depth = 0;

        while (*at) {
                if (*at == '\\' && at[1]) {
                        at += 2;
                } else if (*at == '[') {
                        at = behind_class(at);
                } else {
                        depth += *at == '(';
                        depth -= *at == ')';
                        at++;
                        if (depth == 0)
                                break;
                }
        }
        return at;
}

/* --- escapes --- */

/* PCRE2's escapes that RE2 does not know; NULL as text: cannot be said. */
static const struct {
        char letter;
        const char *text, *in_class;
} ESCAPES[] = {
        { 'h', "[ \\t]", " \\t" }, { 'H', "[^ \\t]", NULL }, { 'R', "(?:\\r\\n|\\n|\\r)", NULL },
        { 'N', "[^\\n]", NULL },   { 'Z', "\\z", NULL },     { 'e', "\\x1b", "\\x1b" },
        { 'K', "", NULL },         { 'G', NULL, NULL },      { 'k', NULL, NULL },
        { 'g', NULL, NULL },       { 'X', NULL, NULL },      { 'V', "[^\\n\\v\\f\\r]", NULL },
};

static void escape(Rewrite *r, bool in_class) {
        char letter = r->at[1];

        for (size_t i = 0; i < G_N_ELEMENTS(ESCAPES); i++) {
                const char *text = in_class ? ESCAPES[i].in_class : ESCAPES[i].text;
                if (ESCAPES[i].letter != letter)
                        continue;
                r->refused |= text == NULL;
                g_string_append(r->out, text ? text : "");
                r->at += 2;
                return;
        }
        r->refused |= letter == '\0' || (!in_class && letter >= '1' && letter <= '9');
        copy(r, letter ? 2 : 1);
}

static void class(Rewrite *r) {
        const char *end = behind_class(r->at);

        copy(r, r->at[1] == '^' ? 2 : 1);
        if (*r->at == ']') {
                g_string_append(r->out, "\\]");
                r->at++;
        }
        while (r->at < end) {
                if (*r->at == '\\')
                        escape(r, true);
                else
                        copy(r, 1);
        }
}

/* --- groups and repeats --- */

/* A group that only names or tunes; the length of its head, 0 if it is none. */
static size_t plain_head(const char *at) {
        static const char *const HEADS[] = { "(?:", "(?>", "(?|" };
        const char *name = g_str_has_prefix(at, "(?<") ? at + 3 : g_str_has_prefix(at, "(?P<") ? at + 4 : NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(HEADS); i++)
                if (g_str_has_prefix(at, HEADS[i]))
                        return 3;
        if (name && *name != '=' && *name != '!' && strchr(name, '>'))
                return (size_t)(strchr(name, '>') + 1 - at);
        return at[1] == '?' || at[1] == '*' ? 0 : 1;
}

static void group(Rewrite *r) {
        static const char *const LOOKS[] = { "(?=", "(?!", "(?<=", "(?<!" };
        size_t head = plain_head(r->at), flags;

        for (size_t i = 0; i < G_N_ELEMENTS(LOOKS); i++)
                if (g_str_has_prefix(r->at, LOOKS[i])) {
                        r->wider = true;
                        r->at = behind_group(r->at);
                        return;
                }
        if (g_str_has_prefix(r->at, "(?#")) {
                r->at = behind_group(r->at);
        } else if (head > 0) {
                g_string_append(r->out, "(?:");
                r->at += head;
        } else {
                flags = strspn(r->at + 2, "imsU-");
                r->refused |= r->at[1] != '?' || flags == 0 || (r->at[2 + flags] != ')' && r->at[2 + flags] != ':');
                copy(r, MIN(2 + flags, strlen(r->at)));
                if (*r->at == ')')
                        copy(r, 1);
        }
}

/* "{2,5}" and the like; false when the brace is a brace. */
static bool counted(Rewrite *r) {
        size_t length = strspn(r->at + 1, "0123456789,");
        char *rest;
        unsigned long low = strtoul(r->at + 1, &rest, 10), high = low;
        bool open = false;

        if (length == 0 || r->at[1] == ',' || r->at[1 + length] != '}')
                return false;
        if (*rest == ',') {
                open = rest[1] == '}';
                high = strtoul(rest + 1, NULL, 10);
        }
        r->refused |= low > REPEAT_MAX;
        if (open)
                g_string_append_printf(r->out, "{%lu,}", low);
        else if (high > REPEAT_MAX)
                g_string_append_printf(r->out, "{%lu,}", low);
        else
                g_string_append_printf(r->out, low == high ? "{%lu}" : "{%lu,%lu}", low, high);
        r->wider |= high > REPEAT_MAX;
        r->at += length + 2;
        return true;
}

static void step(Rewrite *r) {
        bool was_repeat = r->after_repeat, lazy = was_repeat && *r->at == '?';

        r->after_repeat = false;
        if (*r->at == '\\') {
                escape(r, false);
        } else if (*r->at == '[') {
                class(r);
        } else if (*r->at == '(') {
                group(r);
        } else if (*r->at == '+' && was_repeat) {
                r->wider = true;
                r->at++;
        } else if (*r->at == '{' && counted(r)) {
                r->after_repeat = true;
        } else {
                r->after_repeat = !lazy && strchr("*+?", *r->at) != NULL;
                copy(r, 1);
        }
}

char *re2_from_condition(const Condition *condition, bool *wider) {
        Rewrite r = { .at = condition->text, .out = g_string_new(NULL) };

        if (condition->kind == CONDITION_JQ) {
                g_string_free(r.out, TRUE);
                return NULL;
        }
        if (condition->kind == CONDITION_TEXT) {
                g_autofree char *literal = g_regex_escape_string(condition->text, -1);
                g_string_printf(r.out, "(?i:%s)", literal);
                return g_string_free(r.out, FALSE);
        }
        g_string_append(r.out, "(?:");
        while (*r.at && !r.refused)
                step(&r);
        g_string_append_c(r.out, ')');
        if (r.refused) {
                g_string_free(r.out, TRUE);
                return NULL;
        }
        *wider |= r.wider;
        return g_string_free(r.out, FALSE);
}
