/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * CRE
 *
 *     CRE rule file (YAML) -> [cre] -> Patterns: a pattern for each rule; terms and a Rule where one event does not decide
 *
 * Reads the rule files of the CRE project as they are. A rule of one term becomes an ordinary pattern. A rule of several,
 * or with counts or negations, becomes a pattern without conditions, a Rule that decides about it (model/rule.h), and its
 * distinct terms as patterns among Patterns.terms.
 *
 * The pattern's id is "cre/" and the rule's id in lower case; its role is cause; category and severity are mapped to those
 * of the vocabulary; `mitigation` becomes its fixes. A rule that cannot run, wholly or in part, adds a warning with
 * file:line:column and the reason, and the others load: preq's own parser ignores what it does not know, and so does this.
 */

#include "match/pack_reader.h"

#define CRE_PACK "cre"

/* True for the root of a rule file. */
bool cre_is_rules(const Node *root);

/* Adds the rules. False with an error only when the file has not the form of one. */
bool cre_read(PackReader *reader, const Node *root);
