/* SPDX-License-Identifier: Apache-2.0 */
#include "match/cre_terms.h"

#include "match/jq.h"
#include "match/regex.h"

/* Of count; a rule that asks for more is meant otherwise. */
#define COUNT_MAX 1000

void cre_rule_init(CreRule *cre, PackReader *reader, const Node *named) {
        *cre = (CreRule){ .reader = reader, .named = named };
        cre->terms = g_array_new(FALSE, TRUE, sizeof(CreTerm));
        cre->negates = g_array_new(FALSE, TRUE, sizeof(CreTerm));
}

void cre_rule_clear(CreRule *cre) {
        g_array_free(cre->terms, TRUE);
        g_array_free(cre->negates, TRUE);
        g_free(cre->problem);
}

void cre_warn(PackReader *reader, const Node *node, const char *format, ...) {
        g_autofree char *text = NULL;
        va_list arguments;

        va_start(arguments, format);
        text = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        g_ptr_array_add(reader->patterns->warnings, g_strdup_printf("%s:%u:%u: %s", reader->name, node->line, node->column, text));
}

G_GNUC_PRINTF(3, 4)
static bool refuse(CreRule *cre, const Node *where, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        cre->problem = g_strdup_vprintf(format, arguments);
        cre->where = where;
        va_end(arguments);
        return false;
}

/* --- Values --- */

static bool read_unit(const char **at, int64_t *us) {
        static const struct {
                const char *name;
                int64_t us;
        } UNITS[] = { { "ns", 0 }, { "us", 1 }, { "ms", 1000 }, { "s", 1000000 }, { "m", 60000000 }, { "h", 3600000000 } };

        for (size_t i = 0; i < G_N_ELEMENTS(UNITS); i++) {
                if (!g_str_has_prefix(*at, UNITS[i].name))
                        continue;
                *at += strlen(UNITS[i].name);
                *us = UNITS[i].us;
                return true;
        }
        return false;
}

/* As far as a rule may look around. */
#define DURATION_MAX_US (INT64_C(366) * 24 * 3600 * 1000000)

bool cre_duration(Str text, int64_t *us) {
        g_autofree char *copy = str_dup(str_trim(text));
        bool negative = copy[0] == '-';
        const char *at = copy + (copy[0] == '-' || copy[0] == '+');
        double sum = 0;

        if (g_str_equal(at, "0")) {
                *us = 0;
                return true;
        }
        do {
                char *end;
                double number = g_ascii_strtod(at, &end);
                int64_t unit;

                if (end == at || !(g_ascii_isdigit(*at) || *at == '.'))
                        return false;
                at = end;
                if (!read_unit(&at, &unit))
                        return false;
                sum += number * (double)unit;
        } while (*at);
        if (!(sum <= (double)DURATION_MAX_US))
                return false;
        *us = negative ? -(int64_t)sum : (int64_t)sum;
        return true;
}

static bool read_duration(CreRule *cre, const Node *map, const char *key, int64_t *us) {
        const Node *value = node_value(map, key);

        if (!value)
                return true;
        if (value->kind == NODE_TEXT && cre_duration(value->text, us))
                return true;
        return refuse(cre, value, "`%s` is no duration such as 30s or 5m", key);
}

static bool read_number(CreRule *cre, const Node *map, const char *key, unsigned max, unsigned *number) {
        const Node *value = node_value(map, key);
        guint64 parsed;

        if (!value)
                return true;
        if (value->kind != NODE_TEXT || !g_ascii_string_to_unsigned(value->text.ptr, 10, 0, max, &parsed, NULL))
                return refuse(cre, value, "`%s` is no number from 0 to %u", key, max);
        *number = (unsigned)parsed;
        return true;
}

/* --- Terms --- */

static bool keep_regex(CreRule *cre, const Node *node, const char *regex, Condition *condition) {
        pcre2_code *code = regex_compile(regex, &cre->problem);

        cre->where = node;
        if (!code)
                return false;
        pcre2_code_free(code);
        condition->kind = CONDITION_REGEX;
        condition->text = stored(cre->reader, str_from(regex));
        return true;
}

/* A substring, in the case it is written in. */
static bool read_value(CreRule *cre, const Node *node, Condition *condition) {
        g_autofree char *regex = regex_quoted(node->text.ptr);

        return keep_regex(cre, node, regex, condition);
}

/* What preq takes for one entry may have several lines, and the rules' dots go across them. */
static bool read_regex(CreRule *cre, const Node *node, Condition *condition) {
        g_autofree char *regex = regex_from_re2(node->text.ptr, &cre->problem);
        g_autofree char *across = regex ? g_strconcat("(?s)", regex, NULL) : NULL;

        cre->where = node;
        return regex && keep_regex(cre, node, across, condition);
}

static bool read_jq(CreRule *cre, const Node *node, Condition *condition) {
        Jq *jq = jq_new(node->text.ptr, &cre->problem);

        cre->where = node;
        if (!jq)
                return false;
        jq_free(jq);
        condition->kind = CONDITION_JQ;
        condition->text = stored(cre->reader, node->text);
        return true;
}

static const struct {
        const char *key;
        bool (*read)(CreRule *cre, const Node *node, Condition *condition);
} KINDS[] = { { "value", read_value }, { "regex", read_regex }, { "jq", read_jq } };

static bool read_condition(CreRule *cre, const Node *node, Condition *condition) {
        static const char *const OTHERS[] = { "set", "sequence", "promql" };

        for (size_t i = 0; i < G_N_ELEMENTS(OTHERS); i++)
                if (node_value(node, OTHERS[i]))
                        return refuse(cre, node_value(node, OTHERS[i]), "a term that is a `%s` itself cannot run", OTHERS[i]);
        condition->line = node->line;
        condition->column = node->column;
        for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++) {
                const Node *value = node_value(node, KINDS[i].key);
                if (!value)
                        continue;
                if (value->kind != NODE_TEXT || value->text.len == 0)
                        return refuse(cre, value, "`%s` is not text, or empty", KINDS[i].key);
                return KINDS[i].read(cre, value, condition);
        }
        return refuse(cre, node, "a term without `value`, `regex` or `jq`");
}

/* A text, the name of a term of the file, or a map. */
static bool read_term(CreRule *cre, const Node *node, CreTerm *term) {
        const Node *named = node->kind == NODE_TEXT && cre->named ? node_value(cre->named, node->text.ptr) : NULL;

        if (named)
                node = named;
        term->count = 1;
        term->condition.line = node->line;
        term->condition.column = node->column;
        if (node->kind == NODE_TEXT)
                return node->text.len > 0 ? read_value(cre, node, &term->condition) : refuse(cre, node, "an empty term");
        if (node->kind != NODE_MAP)
                return refuse(cre, node, "a term that is a list");
        return read_condition(cre, node, &term->condition) && read_number(cre, node, "count", COUNT_MAX, &term->count) &&
               read_duration(cre, node, "window", &term->negate.window_us) && read_duration(cre, node, "slide", &term->negate.slide_us) &&
               read_number(cre, node, "anchor", RULE_TERMS_MAX, &term->negate.anchor);
}

static void note_ignored(CreRule *cre, const Node *node) {
        static const char *const IGNORED[] = { "field", "extract" };

        for (size_t i = 0; node->kind == NODE_MAP && i < G_N_ELEMENTS(IGNORED); i++)
                if (node_value(node, IGNORED[i]))
                        cre_warn(cre->reader, node_value(node, IGNORED[i]), "`%s` of a term is ignored, as preq does", IGNORED[i]);
}

static bool read_terms(CreRule *cre, const Node *list, GArray *terms) {
        if (list->kind != NODE_LIST)
                return refuse(cre, list, "the terms are no list");
        for (const Node *item = list->first; item; item = item->next) {
                const Node *absolute = node_value(item, "absolute");
                CreTerm term = { 0 };

                if (terms->len == RULE_TERMS_MAX)
                        return refuse(cre, item, "more than %d terms", RULE_TERMS_MAX);
                if (!read_term(cre, item, &term))
                        return false;
                note_ignored(cre, item);
                term.count = MAX(term.count, 1);
                term.negate.absolute = absolute && absolute->kind == NODE_TEXT && g_str_equal(absolute->text.ptr, "true");
                g_array_append_val(terms, term);
        }
        return true;
}

/* --- The rule --- */

static unsigned hits_wanted(const CreRule *cre) {
        unsigned n = 0;

        for (guint i = 0; i < cre->terms->len; i++)
                n += g_array_index(cre->terms, CreTerm, i).count;
        return n;
}

static bool check_rule(CreRule *cre, const Node *body) {
        for (guint i = 0; i < cre->negates->len; i++)
                if (g_array_index(cre->negates, CreTerm, i).negate.anchor >= cre->terms->len)
                        return refuse(cre, body, "`anchor` %u of a negation, but there are %u terms", g_array_index(cre->negates, CreTerm, i).negate.anchor,
                                      cre->terms->len);
        if (cre->terms->len == 0)
                return refuse(cre, body, "a rule without terms");
        if (hits_wanted(cre) > 1 && cre->window_us <= 0)
                return refuse(cre, body, "a rule of several hits without `window`");
        return true;
}

static bool read_body(CreRule *cre, const Node *body) {
        const Node *terms = node_value(body, cre->ordered ? "order" : "match");
        const Node *negates = node_value(body, "negate");

        if (body->kind != NODE_MAP)
                return refuse(cre, body, "a rule that is no map");
        if (!terms)
                return refuse(cre, body, "a rule without `%s`", cre->ordered ? "order" : "match");
        if (node_value(body, "correlations"))
                cre_warn(cre->reader, node_value(body, "correlations"), "`correlations` is ignored: every source is judged for itself");
        return read_duration(cre, body, "window", &cre->window_us) && read_terms(cre, terms, cre->terms) &&
               (!negates || read_terms(cre, negates, cre->negates)) && check_rule(cre, body);
}

/* With both, preq takes the sequence. */
bool cre_rule_read(CreRule *cre, const Node *rule) {
        const Node *set = node_value(rule, "set"), *sequence = node_value(rule, "sequence");

        if (!set && !sequence)
                return refuse(cre, rule, "neither `set` nor `sequence`");
        if (set && sequence)
                cre_warn(cre->reader, set, "`set` is ignored, as preq does when there is a `sequence`");
        cre->ordered = sequence != NULL;
        return read_body(cre, sequence ? sequence : set);
}
