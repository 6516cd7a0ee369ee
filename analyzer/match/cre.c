/* SPDX-License-Identifier: Apache-2.0 */
#include "match/cre.h"

#include "match/cre_terms.h"

/* --- What a rule says --- */

/* Words of a CRE category, which is free text, and what it is in the vocabulary; the first that is in it counts. */
static const struct {
        const char *word, *category;
} CATEGORIES[] = {
        { "message-queue", "messaging/unavailable" },
        { "messaging", "messaging/unavailable" },
        { "redpanda", "messaging/unavailable" },
        { "kafka", "messaging/unavailable" },
        { "in-memory", "cache/unavailable" },
        { "cache", "cache/unavailable" },
        { "resource-exhaustion", "limits/workers" },
        { "memory", "memory/exhausted" },
        { "startup", "process/start-failure" },
        { "crash", "process/crash" },
        { "database", "database/query" },
        { "postgres", "database/query" },
        { "mongodb", "database/query" },
        { "authentication", "authentication/credentials" },
        { "authorization", "authentication/permission" },
        { "certificate", "tls/certificate" },
        { "configuration", "configuration/invalid" },
        { "dns", "dns/failure" },
        { "networking", "network/unreachable" },
        { "connectivity", "network/unreachable" },
        { "load-balancer", "http/backend-unhealthy" },
        { "proxy", "http/backend-unhealthy" },
        { "storage", "disk/io-error" },
        { "task", "application/job" },
        { "workflow", "application/job" },
        { "kubernetes", "process/start-failure" },
};

#define CATEGORY_OTHER "application/exception"

static const Category *category_of(const PackReader *reader, const char *text) {
        const Category *category = NULL;

        for (size_t i = 0; !category && i < G_N_ELEMENTS(CATEGORIES); i++)
                if (strstr(text, CATEGORIES[i].word))
                        category = patterns_category(reader->patterns, CATEGORIES[i].category);
        if (!category)
                category = patterns_category(reader->patterns, CATEGORY_OTHER);
        if (!category && reader->patterns->categories->len > 0)
                category = reader->patterns->categories->pdata[0];
        return category;
}

/* Of a map, the text of a key, without blanks around it; empty when there is none. */
static Str text_of(const Node *map, const char *key) {
        const Node *value = node_value(map, key);

        return value && value->kind == NODE_TEXT ? str_trim(value->text) : STR("");
}

/* Theirs: 0 critical, 1 high, 2 medium, 3 low, 4 info. */
static Severity severity_of(const Node *cre) {
        static const Severity SEVERITIES[] = { SEVERITY_CRITICAL, SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_WARNING, SEVERITY_INFO };
        Str text = text_of(cre, "severity");

        if (text.len != 1 || text.ptr[0] < '0' || text.ptr[0] > '4')
                return SEVERITY_WARNING;
        return SEVERITIES[text.ptr[0] - '0'];
}

/* The items of a list in prose: its lines, without the bullets. */
static const char *const *lines_of(PackReader *reader, Str prose) {
        GPtrArray *lines = g_ptr_array_new();

        while (prose.len > 0) {
                size_t newline = str_find(prose, STR("\n"), 0);
                Str line = str_trim(str_slice(prose, 0, newline));

                prose = newline == SIZE_MAX ? str_slice(prose, prose.len, prose.len) : str_slice(prose, newline + 1, prose.len);
                if (str_starts(line, STR("- ")) || str_starts(line, STR("* ")))
                        line = str_trim(str_slice(line, 2, line.len));
                if (line.len > 0 && !str_starts(line, STR("```")))
                        g_ptr_array_add(lines, (void *)stored(reader, line));
        }
        g_ptr_array_add(lines, NULL);
        return (const char *const *)g_ptr_array_free(lines, FALSE);
}

static const char *const *references_of(PackReader *reader, const Node *cre) {
        const Node *list = node_value(cre, "references");
        GPtrArray *references = g_ptr_array_new();

        for (const Node *item = list && list->kind == NODE_LIST ? list->first : NULL; item; item = item->next)
                if (item->kind == NODE_TEXT && item->text.len > 0)
                        g_ptr_array_add(references, (void *)stored(reader, item->text));
        g_ptr_array_add(references, NULL);
        return (const char *const *)g_ptr_array_free(references, FALSE);
}

static void take_lines(const char *const **field, const char *const *lines) {
        g_free((void *)*field);
        *field = lines;
}

static void describe(PackReader *reader, const Node *cre, const char *id, Pattern *pattern) {
        const Node *where = node_value(cre, "id");
        Str title = text_of(cre, "title"), cause = text_of(cre, "cause");
        g_autofree char *category = str_dup(text_of(cre, "category"));

        pattern->id = stored(reader, str_from(id));
        pattern->pack = CRE_PACK;
        pattern->pack_title = "CRE rules";
        pattern->title = stored(reader, title.len > 0 ? title : str_from(id));
        pattern->category = category_of(reader, category);
        pattern->severity = severity_of(cre);
        pattern->role = ROLE_CAUSE;
        pattern->unfiltered = true;
        pattern->explain = stored(reader, cause.len > 0 ? cause : text_of(cre, "description"));
        pattern->line = where->line;
        pattern->column = where->column;
        take_lines(&pattern->fixes, lines_of(reader, text_of(cre, "mitigation")));
        take_lines(&pattern->references, references_of(reader, cre));
}

/* --- Terms --- */

static void set_match(Pattern *pattern, Condition condition) {
        pattern->match = g_new(Condition, 1);
        pattern->match[0] = condition;
        pattern->n_match = 1;
}

/* The id of the term that a condition makes, which all rules share; added when it is new. */
static const char *term_of(PackReader *reader, const Pattern *of, Condition condition) {
        static const char *const KINDS[] = { "text", "regex", "jq" };
        g_autofree char *id = g_strconcat(TERM_PREFIX, KINDS[condition.kind], ":", condition.text, NULL);
        GPtrArray *terms = reader->patterns->terms;
        Pattern *term;

        for (guint i = 0; i < terms->len; i++)
                if (g_str_equal(((const Pattern *)terms->pdata[i])->id, id))
                        return ((const Pattern *)terms->pdata[i])->id;
        term = pack_new_pattern(reader);
        term->id = stored(reader, str_from(id));
        term->title = of->title;
        term->category = of->category;
        term->severity = SEVERITY_INFO;
        term->role = ROLE_SYMPTOM;
        term->unfiltered = true;
        term->explain = "";
        term->line = condition.line;
        term->column = condition.column;
        set_match(term, condition);
        g_ptr_array_add(terms, term);
        return term->id;
}

static void add_rule(PackReader *reader, const CreRule *cre, const Pattern *pattern) {
        Rule *rule = g_new0(Rule, 1);

        rule->id = pattern->id;
        rule->ordered = cre->ordered;
        rule->window_us = cre->window_us;
        rule->n_terms = cre->terms->len;
        rule->terms = g_new0(RuleTerm, rule->n_terms);
        for (size_t i = 0; i < rule->n_terms; i++) {
                const CreTerm *term = &g_array_index(cre->terms, CreTerm, i);
                rule->terms[i] = (RuleTerm){ term_of(reader, pattern, term->condition), term->count };
        }
        rule->n_negates = cre->negates->len;
        rule->negates = g_new0(RuleNegate, rule->n_negates + 1);
        for (size_t i = 0; i < rule->n_negates; i++) {
                const CreTerm *term = &g_array_index(cre->negates, CreTerm, i);
                rule->negates[i] = term->negate;
                rule->negates[i].id = term_of(reader, pattern, term->condition);
        }
        g_ptr_array_add(reader->patterns->rules, rule);
}

static bool is_ordinary(const CreRule *cre) {
        return cre->terms->len == 1 && cre->negates->len == 0 && g_array_index(cre->terms, CreTerm, 0).count == 1;
}

/* --- Rules --- */

/* Owned; NULL when it has none that can be one of a pattern. */
static char *id_of(const Node *cre) {
        Str id = cre ? text_of(cre, "id") : STR("");
        g_autofree char *text = g_ascii_strdown(id.ptr, (gssize)id.len);

        if (id.len == 0 || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != id.len)
                return NULL;
        return g_strconcat(CRE_PACK "/", text, NULL);
}

static bool is_in_file(const PackReader *reader, const char *id) {
        const Pattern *pattern = patterns_find(reader->patterns, id);

        return pattern && pattern->file == reader->file;
}

static void settle(PackReader *reader, const CreRule *cre, Pattern *pattern) {
        bool ordinary = is_ordinary(cre);

        if (ordinary)
                set_match(pattern, g_array_index(cre->terms, CreTerm, 0).condition);
        patterns_put(reader->patterns, pattern);
        if (!ordinary)
                add_rule(reader, cre, pattern);
}

static void read_rule(PackReader *reader, const Node *item, const Node *named) {
        const Node *cre = node_value(item, "cre"), *rule = node_value(item, "rule");
        g_autofree char *id = id_of(cre);
        CreRule read;

        if (!id || !rule) {
                cre_warn(reader, item, "rule left out: it has no `cre` with an `id`, or no `rule`");
                return;
        }
        if (is_in_file(reader, id)) {
                cre_warn(reader, item, "rule %s left out: its `id` is already in the file", id);
                return;
        }
        cre_rule_init(&read, reader, named);
        if (cre_rule_read(&read, rule)) {
                Pattern *pattern = pack_new_pattern(reader);
                describe(reader, cre, id, pattern);
                settle(reader, &read, pattern);
        } else {
                cre_warn(reader, read.where, "rule %s left out: %s", id, read.problem);
        }
        cre_rule_clear(&read);
}

bool cre_is_rules(const Node *root) {
        return node_value(root, "rules") != NULL;
}

bool cre_read(PackReader *reader, const Node *root) {
        const Node *rules = node_value(root, "rules");

        if (!expect_items(reader, "rules", rules))
                return false;
        reader->file = stored(reader, str_from(reader->name));
        for (const Node *item = rules->first; item; item = item->next)
                read_rule(reader, item, node_value(root, "terms"));
        return true;
}
