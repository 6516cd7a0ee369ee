/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * jq, from within: shared by the parser (jq_parse.c) and what runs and reads the expression (jq.c).
 */

#include "match/jq.h"
#include "match/regex.h"

#include <json-glib/json-glib.h>

typedef enum {
        JQ_IDENTITY,
        JQ_FIELD,   /* name, of the output of a */
        JQ_INDEX,   /* index, of the output of a */
        JQ_ITERATE, /* of the output of a */
        JQ_PIPE,    /* a, then b */
        JQ_COMMA,
        JQ_ELSE, /* a // b */
        JQ_OR,
        JQ_AND,
        JQ_COMPARE, /* a op b */
        JQ_LITERAL,
        JQ_CALL, /* name(a), or name */
} JqKind;

typedef enum { JQ_EQUAL, JQ_UNEQUAL, JQ_LESS, JQ_LESS_EQUAL, JQ_GREATER, JQ_GREATER_EQUAL } JqOperator;

typedef struct JqExpr JqExpr;
struct JqExpr {
        JqKind kind;
        JqExpr *a, *b; /* owned by the Jq, as all expressions are */
        char *name;    /* owned */
        gint64 index;
        JqOperator op;
        JsonNode *value;  /* owned; of a literal */
        pcre2_code *code; /* owned; of test() */
};

struct Jq {
        GPtrArray *exprs; /* of JqExpr, owned */
        const JqExpr *root;
};

/* False with a reason, an owned text. */
bool jq_parse(Jq *jq, const char *expression, char **reason);
