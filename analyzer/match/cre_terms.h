/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * CRE terms
 *
 *     `set:` or `sequence:` of a CRE rule -> [cre terms] -> Rule, conditions of its terms
 *
 * Reads when a rule applies. Every function returns false with a reason (owned) in the reader's `problem`.
 */

#include "match/pack_reader.h"
#include "model/rule.h"

typedef struct CreTerm {
        Condition condition; /* its text is owned by the Patterns */
        unsigned count;
        RuleNegate negate; /* of a negation; without the id */
} CreTerm;

typedef struct CreRule {
        PackReader *reader;
        const Node *named; /* the map `terms:` or NULL */
        bool ordered;
        int64_t window_us; /* 0: none */
        GArray *terms;     /* of CreTerm */
        GArray *negates;   /* of CreTerm */
        const Node *where; /* of the problem */
        char *problem;     /* owned */
} CreRule;

/* @rule: the value of `rule:`. */
bool cre_rule_read(CreRule *cre, const Node *rule);
void cre_rule_init(CreRule *cre, PackReader *reader, const Node *named);
void cre_rule_clear(CreRule *cre);

/* "file:line:column: text" among the Patterns' warnings. */
void cre_warn(PackReader *reader, const Node *node, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Go's durations: "1m30s", "-500ms". */
bool cre_duration(Str text, int64_t *us);
