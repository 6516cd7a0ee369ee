/* SPDX-License-Identifier: Apache-2.0 */
#include "match/jq.h"

#include "base/json_depth.h"
#include "match/jq_private.h"
#include "match/literals.h"

/* --- Life --- */

static void expr_free(void *data) {
        JqExpr *expr = data;

        g_free(expr->name);
        g_clear_pointer(&expr->value, json_node_unref);
        pcre2_code_free(expr->code);
        g_free(expr);
}

Jq *jq_new(const char *expression, char **reason) {
        g_autoptr(Jq) jq = g_new0(Jq, 1);

        jq->exprs = g_ptr_array_new_with_free_func(expr_free);
        return jq_parse(jq, expression, reason) ? g_steal_pointer(&jq) : NULL;
}

void jq_free(Jq *jq) {
        g_ptr_array_unref(jq->exprs);
        g_free(jq);
}

/* --- Values --- */

/* In the order of jq: null, false, true, numbers, strings, lists, maps. */
static int rank_of(JsonNode *value) {
        switch (json_node_get_node_type(value)) {
        case JSON_NODE_NULL:
                return 0;
        case JSON_NODE_ARRAY:
                return 5;
        case JSON_NODE_OBJECT:
                return 6;
        default:
                if (json_node_get_value_type(value) == G_TYPE_BOOLEAN)
                        return json_node_get_boolean(value) ? 2 : 1;
                return json_node_get_value_type(value) == G_TYPE_STRING ? 4 : 3;
        }
}

static bool is_string(JsonNode *value) {
        return rank_of(value) == 4;
}

static bool is_true(JsonNode *value) {
        return rank_of(value) > 1;
}

static int compare_values(JsonNode *a, JsonNode *b) {
        int rank = rank_of(a), other = rank_of(b);
        double x, y;

        if (rank != other)
                return rank < other ? -1 : 1;
        if (rank == 4)
                return strcmp(json_node_get_string(a), json_node_get_string(b));
        if (rank != 3)
                return rank < 3 || json_node_equal(a, b) ? 0 : 1;
        x = json_node_get_double(a);
        y = json_node_get_double(b);
        return x < y ? -1 : x > y;
}

static bool compares(JqOperator op, JsonNode *a, JsonNode *b) {
        int order = compare_values(a, b);

        switch (op) {
        case JQ_EQUAL:
                return order == 0;
        case JQ_UNEQUAL:
                return order != 0;
        case JQ_LESS:
                return order < 0;
        case JQ_LESS_EQUAL:
                return order <= 0;
        case JQ_GREATER:
                return order > 0;
        default:
                return order >= 0;
        }
}

/* --- Running --- */

static void run(const JqExpr *expr, JsonNode *input, GPtrArray *outputs);

static GPtrArray *outputs_new(void) {
        return g_ptr_array_new_with_free_func((GDestroyNotify)json_node_unref);
}

/* Takes over @value. */
static void put(GPtrArray *outputs, JsonNode *value) {
        if (outputs->len < JQ_OUTPUTS_MAX)
                g_ptr_array_add(outputs, value);
        else
                json_node_unref(value);
}

static void put_bool(GPtrArray *outputs, bool value) {
        put(outputs, json_node_init_boolean(json_node_alloc(), value));
}

static void put_string(GPtrArray *outputs, const char *value) {
        put(outputs, json_node_init_string(json_node_alloc(), value));
}

static GPtrArray *run_new(const JqExpr *expr, JsonNode *input) {
        GPtrArray *outputs = outputs_new();

        run(expr, input, outputs);
        return outputs;
}

static void put_field(GPtrArray *outputs, JsonNode *of, const char *name) {
        JsonNode *member = NULL;

        if (JSON_NODE_HOLDS_OBJECT(of))
                member = json_object_get_member(json_node_get_object(of), name);
        else if (!JSON_NODE_HOLDS_NULL(of))
                return;
        put(outputs, member ? json_node_ref(member) : json_node_new(JSON_NODE_NULL));
}

static void put_index(GPtrArray *outputs, JsonNode *of, gint64 index) {
        JsonArray *list;
        gint64 length;

        if (!JSON_NODE_HOLDS_ARRAY(of))
                return;
        list = json_node_get_array(of);
        length = json_array_get_length(list);
        if (index < 0)
                index += length;
        put(outputs, index >= 0 && index < length ? json_node_ref(json_array_get_element(list, (guint)index)) : json_node_new(JSON_NODE_NULL));
}

static void put_all(GPtrArray *outputs, JsonNode *of) {
        g_autoptr(GList) members = NULL;

        if (JSON_NODE_HOLDS_ARRAY(of))
                members = json_array_get_elements(json_node_get_array(of));
        else if (JSON_NODE_HOLDS_OBJECT(of))
                members = json_object_get_values(json_node_get_object(of));
        for (GList *member = members; member; member = member->next)
                put(outputs, json_node_ref(member->data));
}

static bool any_true(const GPtrArray *outputs) {
        for (guint i = 0; i < outputs->len; i++)
                if (is_true(outputs->pdata[i]))
                        return true;
        return false;
}

static bool regex_matches(const pcre2_code *code, const char *text) {
        pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
        pcre2_match_context *context = regex_context_new();
        int found = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, data, context);

        pcre2_match_context_free(context);
        pcre2_match_data_free(data);
        return found >= 0;
}

static const char *type_name(JsonNode *value) {
        static const char *const NAMES[] = { "null", "boolean", "boolean", "number", "string", "array", "object" };

        return NAMES[rank_of(value)];
}

static gint64 length_of(JsonNode *value) {
        switch (rank_of(value)) {
        case 4:
                return g_utf8_strlen(json_node_get_string(value), -1);
        case 5:
                return json_array_get_length(json_node_get_array(value));
        case 6:
                return json_object_get_size(json_node_get_object(value));
        default:
                return 0;
        }
}

/* NULL when it is not JSON; owned. */
static JsonNode *parse_json(Str text) {
        g_autoptr(JsonParser) parser = json_parser_new_immutable();

        if (!json_depth_is_safe(text) || !json_parser_load_from_data(parser, text.ptr, (gssize)text.len, NULL))
                return NULL;
        return json_parser_steal_root(parser);
}

static void call_on_string(const JqExpr *call, const char *text, GPtrArray *outputs) {
        const char *argument = call->a ? json_node_get_string(call->a->value) : "";
        g_autofree char *changed = NULL;
        JsonNode *parsed;

        if (call->code) {
                put_bool(outputs, regex_matches(call->code, text));
        } else if (g_str_equal(call->name, "contains")) {
                put_bool(outputs, strstr(text, argument) != NULL);
        } else if (g_str_equal(call->name, "startswith")) {
                put_bool(outputs, g_str_has_prefix(text, argument));
        } else if (g_str_equal(call->name, "endswith")) {
                put_bool(outputs, g_str_has_suffix(text, argument));
        } else if (g_str_equal(call->name, "fromjson")) {
                parsed = parse_json(str_from(text));
                if (parsed)
                        put(outputs, parsed);
        } else if (g_str_has_prefix(call->name, "ascii_")) {
                changed = call->name[6] == 'd' ? g_ascii_strdown(text, -1) : g_ascii_strup(text, -1);
                put_string(outputs, changed);
        }
}

static void call_tostring(JsonNode *input, GPtrArray *outputs) {
        g_autofree char *text = is_string(input) ? g_strdup(json_node_get_string(input)) : json_to_string(input, FALSE);

        put_string(outputs, text);
}

static void run_select(const JqExpr *call, JsonNode *input, GPtrArray *outputs) {
        g_autoptr(GPtrArray) verdicts = run_new(call->a, input);

        for (guint i = 0; i < verdicts->len; i++)
                if (is_true(verdicts->pdata[i]))
                        put(outputs, json_node_ref(input));
}

static void run_call(const JqExpr *call, JsonNode *input, GPtrArray *outputs) {
        if (call->code) {
                if (is_string(input))
                        call_on_string(call, json_node_get_string(input), outputs);
        } else if (g_str_equal(call->name, "select")) {
                run_select(call, input, outputs);
        } else if (g_str_equal(call->name, "not")) {
                put_bool(outputs, !is_true(input));
        } else if (g_str_equal(call->name, "has")) {
                if (JSON_NODE_HOLDS_OBJECT(input))
                        put_bool(outputs, json_object_has_member(json_node_get_object(input), json_node_get_string(call->a->value)));
        } else if (g_str_equal(call->name, "length")) {
                put(outputs, json_node_init_int(json_node_alloc(), length_of(input)));
        } else if (g_str_equal(call->name, "type")) {
                put_string(outputs, type_name(input));
        } else if (g_str_equal(call->name, "tostring")) {
                call_tostring(input, outputs);
        } else if (is_string(input)) {
                call_on_string(call, json_node_get_string(input), outputs);
        }
}

/* For each output of a, and for each of b where it decides. */
static void run_binary(const JqExpr *expr, JsonNode *input, GPtrArray *outputs) {
        g_autoptr(GPtrArray) left = run_new(expr->a, input), right = run_new(expr->b, input);
        bool decides = expr->kind == JQ_OR;

        for (guint i = 0; i < left->len; i++) {
                if (expr->kind != JQ_COMPARE && is_true(left->pdata[i]) == decides) {
                        put_bool(outputs, decides);
                        continue;
                }
                for (guint j = 0; j < right->len; j++)
                        put_bool(outputs, expr->kind == JQ_COMPARE ? compares(expr->op, left->pdata[i], right->pdata[j]) : is_true(right->pdata[j]));
        }
}

static void run_else(const JqExpr *expr, JsonNode *input, GPtrArray *outputs) {
        g_autoptr(GPtrArray) left = run_new(expr->a, input);

        if (!any_true(left))
                run(expr->b, input, outputs);
        for (guint i = 0; i < left->len; i++)
                if (is_true(left->pdata[i]))
                        put(outputs, json_node_ref(left->pdata[i]));
}

/* For each output of the path that the step is taken from. */
static void run_step(const JqExpr *expr, JsonNode *input, GPtrArray *outputs) {
        g_autoptr(GPtrArray) from = run_new(expr->a, input);

        for (guint i = 0; i < from->len; i++) {
                if (expr->kind == JQ_FIELD)
                        put_field(outputs, from->pdata[i], expr->name);
                else if (expr->kind == JQ_INDEX)
                        put_index(outputs, from->pdata[i], expr->index);
                else if (expr->kind == JQ_ITERATE)
                        put_all(outputs, from->pdata[i]);
                else
                        run(expr->b, from->pdata[i], outputs);
        }
}

/* Recurses over the expression, which is bounded, not over the input. */
static void run(const JqExpr *expr, JsonNode *input, GPtrArray *outputs) {
        switch (expr->kind) {
        case JQ_IDENTITY:
                put(outputs, json_node_ref(input));
                return;
        case JQ_LITERAL:
                put(outputs, json_node_ref(expr->value));
                return;
        case JQ_COMMA:
                run(expr->a, input, outputs);
                run(expr->b, input, outputs);
                return;
        case JQ_ELSE:
                run_else(expr, input, outputs);
                return;
        case JQ_OR:
        case JQ_AND:
        case JQ_COMPARE:
                run_binary(expr, input, outputs);
                return;
        case JQ_CALL:
                run_call(expr, input, outputs);
                return;
        default:
                run_step(expr, input, outputs);
        }
}

bool jq_holds(const Jq *jq, Str json) {
        g_autoptr(JsonNode) input = NULL;
        g_autoptr(GPtrArray) outputs = NULL;

        json = str_trim(json);
        if (json.len == 0 || json.ptr[0] != '{')
                return false;
        input = parse_json(json);
        if (!input)
                return false;
        outputs = run_new(jq->root, input);
        return any_true(outputs);
}

/* --- Literals --- */

/* A string that JSON writes as it is. */
static bool is_plain(const char *text) {
        for (; *text; text++)
                if ((unsigned char)*text < ' ' || (unsigned char)*text >= 0x7f || strchr("\"\\/<>&'", *text))
                        return false;
        return true;
}

static bool add_literal(GPtrArray *literals, const char *text) {
        if (strlen(text) < LITERAL_MIN || !is_plain(text))
                return false;
        g_ptr_array_add(literals, g_ascii_strdown(text, -1));
        return true;
}

/* The last key of a path stands in the text if the path leads to something. */
static bool key_of_path(const JqExpr *path, GPtrArray *literals) {
        for (; path; path = path->a) {
                if (path->kind == JQ_FIELD && add_literal(literals, path->name))
                        return true;
                if (path->kind != JQ_FIELD && path->kind != JQ_INDEX && path->kind != JQ_ITERATE)
                        return false;
        }
        return false;
}

static bool literals_of(const JqExpr *expr, GPtrArray *literals);

static const char *string_of(const JqExpr *expr) {
        return expr->kind == JQ_LITERAL && is_string(expr->value) ? json_node_get_string(expr->value) : NULL;
}

static bool literals_of_comparison(const JqExpr *expr, GPtrArray *literals) {
        const char *text = string_of(expr->a) ? string_of(expr->a) : string_of(expr->b);
        const JqExpr *value = expr->a->kind == JQ_LITERAL ? expr->a : expr->b;
        const JqExpr *path = expr->a->kind == JQ_LITERAL ? expr->b : expr->a;

        if (expr->op != JQ_EQUAL || value->kind != JQ_LITERAL || !is_true(value->value))
                return false;
        /* What a function made of it need not stand in the text. */
        if (path->kind != JQ_FIELD && path->kind != JQ_INDEX && path->kind != JQ_ITERATE)
                return false;
        return (text && add_literal(literals, text)) || key_of_path(path, literals);
}

static bool literals_of_test(const JqExpr *call, GPtrArray *literals) {
        guint before = literals->len;

        if (!literals_of_regex(call->name, literals))
                return false;
        for (guint i = before; i < literals->len; i++)
                if (!is_plain(literals->pdata[i]))
                        return false;
        return true;
}

static bool literals_of_call(const JqExpr *call, GPtrArray *literals) {
        if (call->code)
                return literals_of_test(call, literals);
        if (g_str_equal(call->name, "select"))
                return literals_of(call->a, literals);
        if (call->a && !g_str_equal(call->name, "has"))
                return add_literal(literals, json_node_get_string(call->a->value));
        return false;
}

/* A part that gives each its own literals: one that has none spoils all. */
static bool literals_of_either(const JqExpr *expr, GPtrArray *literals) {
        return literals_of(expr->a, literals) && literals_of(expr->b, literals);
}

/* Appends to @literals only if it returns true, but for alternatives, where the caller gives up as well. */
static bool literals_of(const JqExpr *expr, GPtrArray *literals) {
        switch (expr->kind) {
        case JQ_FIELD:
        case JQ_INDEX:
        case JQ_ITERATE:
                return key_of_path(expr, literals);
        case JQ_COMPARE:
                return literals_of_comparison(expr, literals);
        case JQ_CALL:
                return literals_of_call(expr, literals);
        case JQ_AND:
                return literals_of(expr->a, literals) || literals_of(expr->b, literals);
        case JQ_OR:
        case JQ_ELSE:
        case JQ_COMMA:
                return literals_of_either(expr, literals);
        default:
                return false;
        }
}

/* `.a | test("x")`: the path need not be a path, but only what was not changed on the way stands in the text. */
static bool literals_of_pipe(const JqExpr *pipe, GPtrArray *literals) {
        const JqExpr *from = pipe->a;

        if (from->kind == JQ_CALL && !from->code && g_str_equal(from->name, "select"))
                return literals_of(from->a, literals);
        if (from->kind != JQ_FIELD && from->kind != JQ_INDEX && from->kind != JQ_ITERATE)
                return false;
        return pipe->b->kind == JQ_CALL && literals_of_call(pipe->b, literals);
}

bool jq_literals(const Jq *jq, GPtrArray *literals) {
        guint before = literals->len;

        if (jq->root->kind == JQ_PIPE ? literals_of_pipe(jq->root, literals) : literals_of(jq->root, literals))
                return true;
        g_ptr_array_set_size(literals, (gint)before);
        return false;
}
