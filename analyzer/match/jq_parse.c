/* SPDX-License-Identifier: Apache-2.0 */
#include "match/jq_private.h"

typedef struct Parser {
        Jq *jq;
        const char *at;
        unsigned depth;
        char *problem; /* owned; NULL while all is well */
} Parser;

static JqExpr *parse_pipe(Parser *parser);

static JqExpr *expr_new(Parser *parser, JqKind kind, JqExpr *a, JqExpr *b) {
        JqExpr *expr = g_new0(JqExpr, 1);

        expr->kind = kind;
        expr->a = a;
        expr->b = b;
        g_ptr_array_add(parser->jq->exprs, expr);
        return expr;
}

/* Says why it ends here; an expression that stands for nothing. */
static JqExpr *fail(Parser *parser, const char *format, ...) G_GNUC_PRINTF(2, 3);

static JqExpr *fail(Parser *parser, const char *format, ...) {
        va_list arguments;

        va_start(arguments, format);
        if (!parser->problem)
                parser->problem = g_strdup_vprintf(format, arguments);
        va_end(arguments);
        parser->at += strlen(parser->at);
        return expr_new(parser, JQ_IDENTITY, NULL, NULL);
}

static void skip_space(Parser *parser) {
        while (g_ascii_isspace(*parser->at))
                parser->at++;
}

static bool skip(Parser *parser, const char *token) {
        skip_space(parser);
        if (!g_str_has_prefix(parser->at, token))
                return false;
        parser->at += strlen(token);
        return true;
}

static bool is_word_char(char c) {
        return g_ascii_isalnum(c) || c == '_';
}

static bool skip_word(Parser *parser, const char *word) {
        const char *start;

        skip_space(parser);
        start = parser->at;
        if (!skip(parser, word))
                return false;
        if (!is_word_char(*parser->at))
                return true;
        parser->at = start;
        return false;
}

/* Owned; empty when there is none. */
static char *read_word(Parser *parser) {
        const char *start = parser->at;

        while (is_word_char(*parser->at))
                parser->at++;
        return g_strndup(start, (gsize)(parser->at - start));
}

/* --- Literals --- */

/* The end of the JSON string or number at the parser. */
static const char *literal_end(const Parser *parser) {
        const char *at = parser->at;

        if (*at != '"') {
                at += *at == '-';
                while (g_ascii_isalnum(*at) || *at == '.' || ((*at == '+' || *at == '-') && strchr("eE", at[-1])))
                        at++;
                return at;
        }
        for (at++; *at && *at != '"'; at++)
                if (*at == '\\' && at[1])
                        at++;
        return *at ? at + 1 : at;
}

static JqExpr *parse_literal(Parser *parser) {
        const char *end = literal_end(parser);
        g_autofree char *text = g_strndup(parser->at, (gsize)(end - parser->at));
        g_autoptr(JsonParser) json = json_parser_new();
        g_autofree char *list = g_strdup_printf("[%s]", text);
        JqExpr *expr;

        if (strstr(text, "\\("))
                return fail(parser, "interpolation in a string");
        if (!json_parser_load_from_data(json, list, -1, NULL) || json_array_get_length(json_node_get_array(json_parser_get_root(json))) != 1)
                return fail(parser, "\"%s\"", parser->at);
        expr = expr_new(parser, JQ_LITERAL, NULL, NULL);
        expr->value = json_array_dup_element(json_node_get_array(json_parser_get_root(json)), 0);
        parser->at = end;
        return expr;
}

static bool is_string(const JqExpr *expr) {
        return expr->kind == JQ_LITERAL && JSON_NODE_HOLDS_VALUE(expr->value) && json_node_get_value_type(expr->value) == G_TYPE_STRING;
}

/* --- Functions --- */

typedef enum { TAKES_NOTHING, TAKES_FILTER, TAKES_STRING, TAKES_REGEX } Takes;

static const struct {
        const char *name;
        Takes takes;
} FUNCTIONS[] = {
        { "ascii_downcase", TAKES_NOTHING },
        { "ascii_upcase", TAKES_NOTHING },
        { "contains", TAKES_STRING },
        { "empty", TAKES_NOTHING },
        { "endswith", TAKES_STRING },
        { "fromjson", TAKES_NOTHING },
        { "has", TAKES_STRING },
        { "length", TAKES_NOTHING },
        { "not", TAKES_NOTHING },
        { "select", TAKES_FILTER },
        { "startswith", TAKES_STRING },
        { "test", TAKES_REGEX },
        { "tostring", TAKES_NOTHING },
        { "type", TAKES_NOTHING },
};

static void compile_test(Parser *parser, JqExpr *call, const char *flags) {
        g_autofree char *regex = NULL, *with_flags = NULL, *reason = NULL;

        if (strspn(flags, "gisx") != strlen(flags)) {
                fail(parser, "flags \"%s\" of test()", flags);
                return;
        }
        regex = regex_from_re2(json_node_get_string(call->a->value), &reason);
        if (regex) {
                with_flags = g_strdup_printf("%s%s%s%s", strchr(flags, 'i') ? "(?i)" : "", strchr(flags, 's') ? "(?s)" : "", strchr(flags, 'x') ? "(?x)" : "",
                                             regex);
                call->code = regex_compile(with_flags, &reason);
        }
        if (!call->code)
                fail(parser, "%s", reason);
        g_free(call->name);
        call->name = g_steal_pointer(&with_flags);
}

/* From behind the parenthesis. A regex's call is named by the regex as it is compiled. */
static void parse_arguments(Parser *parser, JqExpr *call, Takes takes) {
        const char *flags = "";

        call->a = parse_pipe(parser);
        if (takes != TAKES_FILTER && !is_string(call->a)) {
                fail(parser, "%s() of something that is no string", call->name);
                return;
        }
        if (takes == TAKES_REGEX && skip(parser, ";")) {
                call->b = parse_pipe(parser);
                if (!is_string(call->b)) {
                        fail(parser, "flags of test() that are no string");
                        return;
                }
                flags = json_node_get_string(call->b->value);
        }
        if (!skip(parser, ")"))
                fail(parser, "`%s`, expected `)`", parser->at);
        else if (takes == TAKES_REGEX)
                compile_test(parser, call, flags);
}

static JqExpr *parse_constant(Parser *parser, const char *word) {
        JqExpr *expr = expr_new(parser, JQ_LITERAL, NULL, NULL);

        expr->value = json_node_new(g_str_equal(word, "null") ? JSON_NODE_NULL : JSON_NODE_VALUE);
        if (!g_str_equal(word, "null"))
                json_node_set_boolean(expr->value, g_str_equal(word, "true"));
        return expr;
}

static JqExpr *parse_call(Parser *parser) {
        g_autofree char *name = read_word(parser);
        JqExpr *call;

        if (g_str_equal(name, "true") || g_str_equal(name, "false") || g_str_equal(name, "null"))
                return parse_constant(parser, name);
        for (size_t i = 0; i < G_N_ELEMENTS(FUNCTIONS); i++) {
                if (!g_str_equal(name, FUNCTIONS[i].name))
                        continue;
                call = expr_new(parser, JQ_CALL, NULL, NULL);
                call->name = g_strdup(name);
                if ((FUNCTIONS[i].takes != TAKES_NOTHING) != skip(parser, "("))
                        return fail(parser, "%s with other arguments than it has here", name);
                if (FUNCTIONS[i].takes != TAKES_NOTHING)
                        parse_arguments(parser, call, FUNCTIONS[i].takes);
                return call;
        }
        return fail(parser, "the function %s; those that are known: %s", name, JQ_FUNCTIONS);
}

/* --- Paths --- */

static JqExpr *field_of(Parser *parser, JqExpr *of, char *name) {
        JqExpr *expr = expr_new(parser, JQ_FIELD, of, NULL);

        expr->name = name;
        return expr;
}

/* From behind the bracket. */
static JqExpr *parse_subscript(Parser *parser, JqExpr *of) {
        JqExpr *expr = NULL, *inner;

        if (skip(parser, "]"))
                return expr_new(parser, JQ_ITERATE, of, NULL);
        skip_space(parser);
        if (*parser->at != '"' && *parser->at != '-' && !g_ascii_isdigit(*parser->at))
                return fail(parser, "a computed subscript");
        inner = parse_literal(parser);
        if (inner->kind != JQ_LITERAL)
                return inner;
        if (is_string(inner)) {
                expr = field_of(parser, of, g_strdup(json_node_get_string(inner->value)));
        } else {
                expr = expr_new(parser, JQ_INDEX, of, NULL);
                expr->index = json_node_get_int(inner->value);
        }
        return skip(parser, "]") ? expr : fail(parser, "a slice");
}

/* One step of a path; NULL when none follows. */
static JqExpr *parse_step(Parser *parser, JqExpr *of) {
        if (*parser->at == '[') {
                parser->at++;
                return parse_subscript(parser, of);
        }
        if (*parser->at == '?') { /* an error ends an expression anyway */
                parser->at++;
                return of;
        }
        if (*parser->at != '.')
                return NULL;
        if (g_ascii_isalpha(parser->at[1]) || parser->at[1] == '_') {
                parser->at++;
                return field_of(parser, of, read_word(parser));
        }
        if (parser->at[1] == '"') {
                JqExpr *name;
                parser->at++;
                name = parse_literal(parser);
                return is_string(name) ? field_of(parser, of, g_strdup(json_node_get_string(name->value))) : name;
        }
        if (parser->at[1] == '[') {
                parser->at++;
                return of;
        }
        return NULL;
}

static JqExpr *parse_primary(Parser *parser) {
        JqExpr *expr;

        skip_space(parser);
        if (*parser->at == '"' || *parser->at == '-' || g_ascii_isdigit(*parser->at))
                return parse_literal(parser);
        if (skip(parser, "(")) {
                expr = parse_pipe(parser);
                return skip(parser, ")") ? expr : fail(parser, "`%s`, expected `)`", parser->at);
        }
        if (*parser->at == '.') {
                expr = expr_new(parser, JQ_IDENTITY, NULL, NULL);
                if (parser->at[1] == '.')
                        return fail(parser, "`..`");
                if (parser->at[1] != '"' && !g_ascii_isalpha(parser->at[1]) && parser->at[1] != '_')
                        parser->at++;
                return expr;
        }
        if (g_ascii_isalpha(*parser->at))
                return parse_call(parser);
        return fail(parser, "`%s`", parser->at);
}

static JqExpr *parse_path(Parser *parser) {
        JqExpr *expr = parse_primary(parser), *next;

        while (!parser->problem && (next = parse_step(parser, expr)))
                expr = next;
        return expr;
}

/* --- Operators, the tightest first --- */

static JqExpr *parse_comparison(Parser *parser) {
        static const struct {
                const char *token;
                JqOperator op;
        } OPERATORS[] = {
                { "==", JQ_EQUAL }, { "!=", JQ_UNEQUAL }, { "<=", JQ_LESS_EQUAL }, { "<", JQ_LESS }, { ">=", JQ_GREATER_EQUAL }, { ">", JQ_GREATER }
        };
        JqExpr *left = parse_path(parser), *expr;

        for (size_t i = 0; i < G_N_ELEMENTS(OPERATORS); i++) {
                if (!skip(parser, OPERATORS[i].token))
                        continue;
                expr = expr_new(parser, JQ_COMPARE, left, parse_path(parser));
                expr->op = OPERATORS[i].op;
                return expr;
        }
        return left;
}

static JqExpr *parse_and(Parser *parser) {
        JqExpr *expr = parse_comparison(parser);

        while (!parser->problem && skip_word(parser, "and"))
                expr = expr_new(parser, JQ_AND, expr, parse_comparison(parser));
        return expr;
}

static JqExpr *parse_or(Parser *parser) {
        JqExpr *expr = parse_and(parser);

        while (!parser->problem && skip_word(parser, "or"))
                expr = expr_new(parser, JQ_OR, expr, parse_and(parser));
        return expr;
}

static JqExpr *parse_else(Parser *parser) {
        JqExpr *expr = parse_or(parser);

        while (!parser->problem && skip(parser, "//"))
                expr = expr_new(parser, JQ_ELSE, expr, parse_or(parser));
        return expr;
}

static JqExpr *parse_comma(Parser *parser) {
        JqExpr *expr = parse_else(parser);

        while (!parser->problem && skip(parser, ","))
                expr = expr_new(parser, JQ_COMMA, expr, parse_else(parser));
        return expr;
}

static JqExpr *parse_pipe(Parser *parser) {
        JqExpr *expr;

        if (parser->depth == JQ_DEPTH_MAX)
                return fail(parser, "parentheses nested too deep");
        parser->depth++;
        expr = parse_comma(parser);
        while (!parser->problem && skip(parser, "|"))
                expr = expr_new(parser, JQ_PIPE, expr, parse_comma(parser));
        parser->depth--;
        return expr;
}

/* Longer ones are not written by hand; it bounds what runs through the tree of expressions. */
#define EXPRS_MAX 200

bool jq_parse(Jq *jq, const char *expression, char **reason) {
        Parser parser = { .jq = jq, .at = expression };

        jq->root = parse_pipe(&parser);
        skip_space(&parser);
        if (*parser.at)
                fail(&parser, "`%s`", parser.at);
        else if (jq->exprs->len > EXPRS_MAX)
                fail(&parser, "more than %d parts", EXPRS_MAX);
        if (!parser.problem)
                return true;
        *reason = g_strdup_printf("jq: cannot run %s", parser.problem);
        g_free(parser.problem);
        return false;
}
