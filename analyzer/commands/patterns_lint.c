/* SPDX-License-Identifier: Apache-2.0 */
#include "commands/patterns_tool.h"
#include "match/literals.h"
#include "match/rarity.h"
#include "match/regex.h"

#include <stdio.h>

/* More literals of one regex let too much pass the filter (docs/performance.md). */
#define LITERALS_MANY 24

unsigned lint_complain(const Pattern *pattern, const char *format, ...) {
        g_autofree char *what = NULL;
        va_list arguments;

        va_start(arguments, format);
        what = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        printf("%s:%u: %s: %s\n", pattern->file, pattern->line, pattern->id, what);
        return 1;
}

/* --- roles and categories --- */

static unsigned lint_category(const Pattern *p) {
        unsigned n = 0;

        if (p->role == ROLE_CHANGE && !g_str_equal(p->category->group, "changes"))
                n += lint_complain(p, "a change belongs to a category of changes/");
        if (p->role != ROLE_CHANGE && g_str_equal(p->category->group, "changes"))
                n += lint_complain(p, "changes/ is for patterns of role change");
        if ((p->role == ROLE_RECOVERY) != g_str_equal(p->category->group, "recovery"))
                n += lint_complain(p, "recovery/ is for patterns of role recovery, and they belong there");
        return n;
}

/* The same condition in two patterns: one of them can never be told from the other. */
static unsigned lint_doubles(const Tool *tool) {
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
        unsigned n = 0;

        for (guint i = 0; i < tool->patterns->items->len; i++) {
                Pattern *p = tool->patterns->items->pdata[i];
                for (size_t j = 0; j < p->n_match; j++) {
                        const Pattern *other = g_hash_table_lookup(seen, p->match[j].text);
                        if (other && other != p && p->n_unless == 0 && other->n_unless == 0)
                                n += lint_complain(p, "matches the same as %s: %s", other->id, p->match[j].text);
                        g_hash_table_insert(seen, (void *)p->match[j].text, p);
                }
        }
        return n;
}

/* --- conditions --- */

static unsigned lint_condition(const Pattern *p, const Condition *condition) {
        g_autoptr(GPtrArray) derived = g_ptr_array_new_with_free_func(g_free);

        if (condition->kind != CONDITION_REGEX)
                return 0;
        if (g_str_has_prefix(condition->text, ".*"))
                return lint_complain(p, "a regex that begins with `.*`, which only costs time: %s", condition->text);
        if (p->literals[0] && literals_of_regex(condition->text, derived) && p->n_match == 1)
                return lint_complain(p, "`literals` is not needed, the regex has some: %s", condition->text);
        return 0;
}

static unsigned lint_common_literal(const Pattern *p, const Condition *condition, const char *literal) {
        g_autofree char *folded = g_ascii_strdown(literal, -1);

        if (rarity_of(str_from(folded)) > RARITY_ORDINARY)
                return 0;
        return lint_complain(p, "\"%s\" is looked for, which ordinary logs are full of; say what stands beside it: %s", folded, condition->text);
}

/* Those built in are weighed by hand (docs/performance.md). */
static unsigned lint_common(const Pattern *p, const Condition *condition) {
        g_autoptr(GPtrArray) derived = g_ptr_array_new_with_free_func(g_free);
        unsigned n = 0;

        if (p->builtin)
                return 0;
        if (condition->kind == CONDITION_TEXT)
                return lint_common_literal(p, condition, condition->text);
        if (condition->kind == CONDITION_REGEX)
                literals_of_regex(condition->text, derived);
        if (derived->len > LITERALS_MANY)
                return lint_complain(p, "one of %u literals stands in what it matches, and each is looked for in every line; write fewer alternatives: %s",
                                     derived->len, condition->text);
        for (guint i = 0; i < derived->len && n == 0; i++)
                n += lint_common_literal(p, condition, derived->pdata[i]);
        return n;
}

/* A line that the pattern matches but in which the search would never look. */
static unsigned lint_literals(const Pattern *p) {
        for (const char *const *literal = p->literals; *literal; literal++) {
                bool used = false;
                for (const char *const *line = p->tests_match; *line; line++)
                        used |= str_find_nocase(str_from(*line), str_from(*literal), 0) != SIZE_MAX;
                if (!used)
                        return lint_complain(p, "the literal \"%s\" stands in none of its lines", *literal);
        }
        return 0;
}

/* --- tests --- */

/* Letters and digits only, in lower case, a blank between words; owned. */
static char *words_of(const char *line) {
        GString *words = g_string_new(" ");

        for (; *line; line++) {
                if (g_ascii_isalnum(*line) || (unsigned char)*line >= 0x80)
                        g_string_append_c(words, g_ascii_tolower(*line));
                else if (words->str[words->len - 1] != ' ')
                        g_string_append_c(words, ' ');
        }
        g_string_append_c(words, ' ');
        return g_string_free(words, FALSE);
}

/* Words that any two lines of a software may share say nothing. */
#define NEAR_WORD_BYTES 3

static bool shares_word(const char *one, const char *other) {
        g_autofree char *a = words_of(one), *b = words_of(other);
        g_auto(GStrv) words = g_strsplit(a, " ", 0);

        for (char **word = words; *word; word++) {
                g_autofree char *whole = g_strconcat(" ", *word, " ", NULL);
                if (strlen(*word) >= NEAR_WORD_BYTES && strstr(b, whole))
                        return true;
        }
        return false;
}

/* For authors; a pack that is built in was read by people. */
static unsigned lint_near_misses(const Pattern *p) {
        if (p->builtin || !p->tests_ignore[0] || !p->tests_match[0])
                return 0;
        for (const char *const *miss = p->tests_ignore; *miss; miss++) {
                for (const char *const *line = p->tests_match; *line; line++)
                        if (shares_word(*miss, *line))
                                return 0;
                for (size_t i = 0; i < p->n_match; i++)
                        if (shares_word(*miss, p->match[i].text))
                                return 0;
        }
        return lint_complain(p, "no near-miss is near: none shares a word with a line that matches");
}

/* --- words --- */

static unsigned lint_list(const Pattern *p, const char *name, const char *const *items) {
        unsigned n = 0;

        for (size_t i = 0; items[i]; i++)
                for (size_t j = 0; j < i; j++)
                        if (g_str_equal(items[i], items[j]))
                                n += lint_complain(p, "`%s` says twice: %s", name, items[i]);
        return n;
}

static unsigned lint_style(const Pattern *p) {
        unsigned n = 0;

        n += lint_list(p, "leads_to", p->leads_to);
        n += lint_list(p, "checks", p->checks);
        n += lint_list(p, "fixes", p->fixes);
        n += lint_list(p, "prevents", p->prevents);
        n += lint_list(p, "tests: match", p->tests_match);
        n += lint_list(p, "tests: ignore", p->tests_ignore);
        if (*p->explain && !strchr(".!?)", p->explain[strlen(p->explain) - 1]))
                n += lint_complain(p, "`explain` is no sentence: it has no full stop");
        for (const char *const *reference = p->references; *reference; reference++)
                if (!g_str_has_prefix(*reference, "https://") && !g_str_has_prefix(*reference, "http://") && !strchr(*reference, '('))
                        n += lint_complain(p, "a reference that is neither an address nor a manual page: %s", *reference);
        return n;
}

/* --- regexes that never end --- */

/* A regex that goes wild is past the limits long before this length; one that is merely quadratic is not. */
#define HOSTILE_BYTES 240

static bool exceeds_limits(const pcre2_code *code, const char *text) {
        pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
        pcre2_match_context *context = regex_context_new();
        int found = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, PCRE2_NO_JIT, data, context);

        pcre2_match_context_free(context);
        pcre2_match_data_free(data);
        return found < 0 && found != PCRE2_ERROR_NOMATCH;
}

/* @head, then @part again and again, then what fits nothing; owned. */
static char *hostile_text(const char *head, const char *part) {
        GString *text = g_string_new(head);

        while (text->len < HOSTILE_BYTES + strlen(head) && *part)
                g_string_append(text, part);
        g_string_append(text, "\x01!");
        return g_string_free(text, FALSE);
}

static bool goes_wild(const pcre2_code *code, const char *head) {
        static const char *const PARTS[] = { "a", "0", " ", "A1 ", "a.", "a-", "/a", ",", "\"a\":", "()", "ab ", "1.2.3.4 ", "\t ", "=" };

        for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++) {
                g_autofree char *text = hostile_text(head, PARTS[i]);
                if (exceeds_limits(code, text))
                        return true;
        }
        return false;
}

/* From nothing, from each literal, and from the first half of each line that it matches. */
static bool is_catastrophic(const Pattern *p, const Condition *condition) {
        g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(g_free);
        pcre2_code *code = regex_compile(condition->text, NULL);
        bool wild = false;

        g_ptr_array_add(heads, g_strdup(""));
        literals_of_regex(condition->text, heads);
        for (const char *const *line = p->tests_match; *line; line++)
                for (size_t share = 1; share < 4; share++)
                        g_ptr_array_add(heads, g_strndup(*line, strlen(*line) * share / 4));
        for (guint i = 0; code && !wild && i < heads->len; i++)
                wild = goes_wild(code, heads->pdata[i]);
        pcre2_code_free(code);
        return wild;
}

unsigned lint_regexes(const Tool *tool) {
        unsigned n = 0;

        for (guint i = 0; i < tool->patterns->items->len; i++) {
                const Pattern *p = tool->patterns->items->pdata[i];
                for (size_t j = 0; j < p->n_match; j++)
                        if (p->match[j].kind == CONDITION_REGEX && is_catastrophic(p, &p->match[j]))
                                n += lint_complain(p, "a regex that takes too long on a hostile line: %s", p->match[j].text);
        }
        return n;
}

/* --- all of it --- */

static unsigned lint_pattern(const Pattern *p) {
        unsigned n = lint_category(p) + lint_literals(p) + lint_near_misses(p) + lint_style(p);

        for (size_t i = 0; i < p->n_match; i++)
                n += lint_condition(p, &p->match[i]) + lint_common(p, &p->match[i]);
        for (size_t i = 0; i < p->n_unless; i++)
                n += lint_condition(p, &p->unless[i]);
        return n;
}

int patterns_lint(const Tool *tool) {
        const char *healthy = tool->options->healthy;
        int64_t fired = healthy ? lint_healthy(tool, healthy) : 0;
        unsigned n = 0;

        if (fired < 0)
                return EXIT_USAGE;
        if (healthy)
                return fired > 0 ? EXIT_FOUND : EXIT_DONE;
        n += lint_doubles(tool);
        for (guint i = 0; i < tool->patterns->items->len; i++)
                n += lint_pattern(tool->patterns->items->pdata[i]);
        n += lint_overlaps(tool) + lint_regexes(tool) + lint_graph(tool);
        printf("%u patterns, %u complaint%s\n", tool->patterns->items->len, n, n == 1 ? "" : "s");
        return n ? EXIT_FOUND : EXIT_DONE;
}
