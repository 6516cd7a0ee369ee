/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "report/redact.h"

#include "report/redact_rules.h"

#include <pcre2.h>

/* A text in which a rule needs more is hidden as a whole: what cannot be searched cannot be shown. */
#define MATCH_LIMIT 2000000
#define DEPTH_LIMIT 20000

#define ELLIPSIS "\xe2\x80\xa6"

#define HIDDEN "[hidden: too hard to search]"

typedef struct Rule {
        const RedactRule *rule; /* borrowed */
        pcre2_code *code;       /* owned */
} Rule;

typedef struct Span {
        size_t from, to;
        const char *kind; /* static; NULL: hidden */
        guint rank;       /* in order of precedence */
} Span;

struct Redactor {
        GArray *rules; /* of Rule */
        pcre2_match_data *match;
        pcre2_match_context *limits;
        const RedactRule *applied; /* the one at work, for its callout */
        GHashTable *pseudonyms;    /* KIND NUL VALUE -> pseudonym; owned */
        GHashTable *known;         /* value, learnt -> kind, static; owned */
        GHashTable *kinds;         /* name -> Redaction; owned */
        GPtrArray *kept;           /* strings that others borrow; owned */
};

static void free_rule(void *data) {
        pcre2_code_free(((Rule *)data)->code);
}

static void add_rule(Redactor *redactor, const RedactRule *rule) {
        size_t at;
        int error;
        Rule compiled = { rule, pcre2_compile((PCRE2_SPTR)rule->regex, PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL) };

        if (!compiled.code)
                g_error("rule of redaction: error %d at byte %zu of %s", error, at, rule->regex);
        pcre2_jit_compile(compiled.code, PCRE2_JIT_COMPLETE);
        g_array_append_val(redactor->rules, compiled);
}

static void free_bytes(void *bytes) {
        g_bytes_unref(bytes);
}

/* Of a rule that has a callout: a value that is none, for its neighbour was taken in, is sought in what is shorter. */
static int check_within(pcre2_callout_block *match, void *data) {
        const RedactRule *const *rule = data;

        return (*rule)->check((Str){ (const char *)match->subject + match->start_match, match->current_position - match->start_match }) ? 0 : 1;
}

Redactor *redactor_new(void) {
        Redactor *redactor = g_new0(Redactor, 1);

        redactor->rules = g_array_new(FALSE, FALSE, sizeof(Rule));
        g_array_set_clear_func(redactor->rules, free_rule);
        for (const RedactRule *rule = REDACT_RULES; rule->kind; rule++)
                add_rule(redactor, rule);
        redactor->match = pcre2_match_data_create(8, NULL);
        redactor->limits = pcre2_match_context_create(NULL);
        pcre2_set_match_limit(redactor->limits, MATCH_LIMIT);
        pcre2_set_depth_limit(redactor->limits, DEPTH_LIMIT);
        pcre2_set_callout(redactor->limits, check_within, &redactor->applied);
        redactor->pseudonyms = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, free_bytes, g_free);
        redactor->known = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, free_bytes, NULL);
        redactor->kept = g_ptr_array_new_with_free_func(g_free);
        redactor->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
        return redactor;
}

void redactor_free(Redactor *redactor) {
        g_array_unref(redactor->rules);
        pcre2_match_data_free(redactor->match);
        pcre2_match_context_free(redactor->limits);
        g_hash_table_unref(redactor->pseudonyms);
        g_hash_table_unref(redactor->known);
        g_hash_table_unref(redactor->kinds);
        g_ptr_array_unref(redactor->kept);
        g_free(redactor);
}

/* --- pseudonyms --- */

static Redaction *kind_of(Redactor *redactor, const char *kind) {
        Redaction *known = g_hash_table_lookup(redactor->kinds, kind);

        if (!known) {
                known = g_new0(Redaction, 1);
                known->kind = kind;
                g_hash_table_insert(redactor->kinds, (void *)kind, known);
        }
        return known;
}

/* Addresses and mail are the same in any case. */
static GBytes *key_of(const char *kind, Str value) {
        g_autoptr(GString) key = g_string_new_len(kind, (gssize)strlen(kind) + 1);
        bool any_case = strstr("ip mac mail", kind) != NULL;

        for (size_t i = 0; i < value.len; i++)
                g_string_append_c(key, any_case ? char_lower(value.ptr[i]) : value.ptr[i]);
        return g_bytes_new(key->str, key->len);
}

static const char *pseudonym_of(Redactor *redactor, const char *kind, Str value) {
        g_autoptr(GBytes) key = key_of(kind, value);
        const char *known = g_hash_table_lookup(redactor->pseudonyms, key);
        Redaction *redaction = kind_of(redactor, kind);
        char *name;

        redaction->n_replaced++;
        if (known)
                return known;
        if (g_hash_table_size(redactor->pseudonyms) < REDACT_VALUES_MAX) {
                name = g_strdup_printf("%s-%" G_GUINT64_FORMAT, kind, (guint64)++redaction->n_values);
                g_hash_table_insert(redactor->pseudonyms, g_steal_pointer(&key), name);
                return name;
        }
        g_autoptr(GBytes) rest = key_of(kind, (Str){ "", 0 });
        if (!g_hash_table_contains(redactor->pseudonyms, rest))
                g_hash_table_insert(redactor->pseudonyms, g_bytes_ref(rest), g_strdup_printf("%s-more", kind));
        return g_hash_table_lookup(redactor->pseudonyms, rest);
}

/* --- spans --- */

static void add_span(GArray *spans, size_t from, size_t to, const char *kind) {
        Span span = { from, to, kind, spans->len };

        if (to > from)
                g_array_append_val(spans, span);
}

static int compare_spans(const void *a, const void *b) {
        const Span *one = a, *two = b;

        if (one->from != two->from)
                return one->from < two->from ? -1 : 1;
        return (one->rank > two->rank) - (one->rank < two->rank);
}

/* Is @a what spans that overlap are called by? What is hidden, else the longest, else what comes first in the table. */
static bool prevails(const Span *a, const Span *b) {
        size_t one = a->to - a->from, two = b->to - b->from;

        if (!a->kind || !b->kind)
                return !a->kind;
        return one != two ? one > two : a->rank < b->rank;
}

/* Spans that overlap become one: what any rule found is gone, whatever the others made of the text around it. */
static void unite_spans(GArray *spans) {
        Span prevailing = { 0 };
        guint n = 0;

        g_array_sort(spans, compare_spans);
        for (guint i = 0; i < spans->len; i++) {
                Span span = g_array_index(spans, Span, i), *last = n > 0 ? &g_array_index(spans, Span, n - 1) : NULL;

                if (!last || span.from >= last->to) {
                        g_array_index(spans, Span, n++) = prevailing = span;
                        continue;
                }
                last->to = MAX(last->to, span.to);
                if (prevails(&span, &prevailing))
                        prevailing = span;
                last->kind = prevailing.kind;
        }
        g_array_set_size(spans, n);
}

/* The value: the first group that took part, else the whole match. True when a name stands before it. */
static bool value_of(const Redactor *redactor, int n_groups, size_t *from, size_t *to) {
        const size_t *offsets = pcre2_get_ovector_pointer(redactor->match);
        int group = 0;

        for (int i = n_groups - 1; i > 0; i--)
                if (offsets[2 * i] != PCRE2_UNSET)
                        group = i;
        *from = offsets[2 * group];
        *to = offsets[2 * group + 1];
        return *from > offsets[0];
}

/* False when the text is too hard to search. What was taken for a value may hold the name of another: the search goes on within it. */
static bool apply_rule(Redactor *redactor, const Rule *rule, Str text, GArray *spans) {
        size_t at = 0, from, to;

        redactor->applied = rule->rule;
        while (at <= text.len) {
                int n = pcre2_match(rule->code, (PCRE2_SPTR)text.ptr, text.len, at, 0, redactor->match, redactor->limits);
                if (n == PCRE2_ERROR_NOMATCH)
                        return true;
                if (n < 0)
                        return false;
                bool is_named = value_of(redactor, n, &from, &to);
                bool is_value = !rule->rule->check || rule->rule->check(str_slice(text, from, to));
                if (is_value)
                        add_span(spans, from, to, rule->rule->kind);
                at = MAX(is_value && !is_named ? to : from, at + 1);
        }
        return true;
}

/* False when @text is too hard to search. */
static bool apply_rules(Redactor *redactor, Str text, GArray *spans) {
        for (guint i = 0; i < redactor->rules->len; i++)
                if (!apply_rule(redactor, &g_array_index(redactor->rules, Rule, i), text, spans))
                        return false;
        return true;
}

/* --- what was learnt --- */

static void learn_text(Redactor *redactor, const char *text) {
        g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(Span));

        if (!apply_rules(redactor, str_from(text), spans))
                return;
        for (guint i = 0; i < spans->len; i++) {
                const Span *span = &g_array_index(spans, Span, i);
                Str value = str_slice(str_from(text), span->from, span->to);
                if (redact_is_no_word(value) && g_hash_table_size(redactor->known) < REDACT_VALUES_MAX)
                        g_hash_table_insert(redactor->known, g_bytes_new(value.ptr, value.len), (void *)span->kind);
        }
}

void redact_learn(Redactor *redactor, const LedgerView *view) {
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                for (unsigned j = 0; j < signal->n_first; j++)
                        learn_text(redactor, signal->first[j].text);
                for (unsigned j = 0; j < signal->n_sample; j++)
                        learn_text(redactor, signal->sample[j].text);
                for (unsigned j = 0; j < signal->n_rows; j++)
                        learn_text(redactor, signal->rows[j].text);
        }
}

static bool take_known(const Redactor *redactor, Str text, size_t from, size_t to, GArray *spans) {
        g_autoptr(GBytes) value = g_bytes_new_static(text.ptr + from, to - from);
        const char *kind = g_hash_table_lookup(redactor->known, value);

        if (kind)
                add_span(spans, from, to, kind);
        return kind != NULL;
}

/* A word, whole, without the point that ends a sentence, and from its last '=' or ':' on. */
static void try_word(const Redactor *redactor, Str text, size_t from, size_t to, GArray *spans) {
        size_t end = to, begin = to;

        while (end > from + 1 && strchr(".:!?", text.ptr[end - 1]))
                end--;
        while (begin > from && !strchr("=:", text.ptr[begin - 1]))
                begin--;
        if (take_known(redactor, text, from, to, spans) || take_known(redactor, text, from, end, spans))
                return;
        if (begin > from && begin < to && !take_known(redactor, text, begin, to, spans) && begin < end)
                take_known(redactor, text, begin, end, spans);
}

static bool ends_word(char c) {
        return (uint8_t)c <= ' ' || strchr("\"'\\,;()<>{}[]|", c) != NULL;
}

static void apply_known(const Redactor *redactor, Str text, GArray *spans) {
        for (size_t at = 0; g_hash_table_size(redactor->known) > 0 && at < text.len; at++) {
                size_t from = at;
                while (at < text.len && !ends_word(text.ptr[at]))
                        at++;
                if (at > from)
                        try_word(redactor, text, from, at, spans);
        }
}

/* --- one line --- */

static char *replace_spans(Redactor *redactor, Str text, const GArray *spans, size_t *places, size_t n_places) {
        g_autofree size_t *original = g_memdup2(places, n_places * sizeof(*places));
        GString *result = g_string_sized_new(text.len + 1);
        size_t at = 0;

        for (guint i = 0; i < spans->len; i++) {
                const Span *span = &g_array_index(spans, Span, i);
                g_string_append_len(result, text.ptr + at, (gssize)(span->from - at));
                g_string_append(result, span->kind ? pseudonym_of(redactor, span->kind, str_slice(text, span->from, span->to)) : ELLIPSIS);
                for (size_t j = 0; j < n_places; j++)
                        if (original[j] > span->from)
                                places[j] = original[j] < span->to ? result->len : original[j] - span->to + result->len;
                at = span->to;
        }
        g_string_append_len(result, text.ptr + at, (gssize)(text.len - at));
        return g_string_free(result, FALSE);
}

char *redact_line(Redactor *redactor, Str text, const RedactRange *hidden, size_t n_hidden, size_t *places, size_t n_places) {
        g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(Span));

        for (size_t i = 0; i < n_hidden; i++)
                add_span(spans, hidden[i].from, hidden[i].to, NULL);
        if (!apply_rules(redactor, text, spans)) {
                for (size_t j = 0; j < n_places; j++)
                        places[j] = 0;
                return g_strdup(HIDDEN);
        }
        apply_known(redactor, text, spans);
        unite_spans(spans);
        return replace_spans(redactor, text, spans, places, n_places);
}

char *redact_text(Redactor *redactor, Str text) {
        return redact_line(redactor, text, NULL, 0, NULL, 0);
}

/* "user" with "bob" is read as user='bob'. */
char *redact_field(Redactor *redactor, const char *name, const char *value) {
        g_autofree char *whole = g_strdup_printf("%s='%s'", name, value), *redacted = redact_text(redactor, str_from(whole));
        size_t skip = strlen(name) + 2, length = strlen(redacted);

        if (length <= skip || !g_str_has_prefix(redacted, name))
                return g_strdup(HIDDEN);
        return g_strndup(redacted + skip, length - skip - 1);
}

/* --- templates --- */

#define MASK "<*>"

/* @value as it is shown where @mask_at is: "hunter2" behind "password=" is a secret, behind "order" it is none. */
static char *redact_value(Redactor *redactor, Str template, size_t mask_at, const char *value) {
        g_autofree char *line = g_strdup_printf("%.*s%s%s", (int)mask_at, template.ptr, value, template.ptr + mask_at + strlen(MASK));
        size_t places[] = { mask_at, mask_at + strlen(value) };
        g_autofree char *redacted = redact_line(redactor, str_from(line), NULL, 0, places, G_N_ELEMENTS(places));

        return places[1] > places[0] ? g_strndup(redacted + places[0], places[1] - places[0]) : g_strdup(ELLIPSIS);
}

/* Where one value is a secret, the others are, too, and so are the least and the greatest of numbers. */
static void redact_slot(Redactor *redactor, Str template, size_t mask_at, Slot *slot) {
        char *redacted[SLOT_TOP_MAX];
        bool is_secret = false;

        for (unsigned i = 0; i < slot->n_top; i++) {
                redacted[i] = redact_value(redactor, template, mask_at, slot->top[i].text);
                is_secret |= !g_str_equal(redacted[i], slot->top[i].text);
                g_ptr_array_add(redactor->kept, redacted[i]);
        }
        for (unsigned i = 0; is_secret && i < slot->n_top; i++) {
                bool same = g_str_equal(redacted[i], slot->top[i].text);
                slot->top[i].text = same ? pseudonym_of(redactor, "value", str_from(slot->top[i].text)) : redacted[i];
        }
        if (is_secret)
                slot->n_numeric = 0;
}

void redact_template(Redactor *redactor, Template *template) {
        Str text = str_from(template->text);
        size_t mask_at = str_find(text, STR(MASK), 0);
        char *redacted = redact_text(redactor, text);

        for (guint i = 0; template->slots && i < template->slots->len; i++) {
                if (mask_at == SIZE_MAX)
                        break;
                redact_slot(redactor, text, mask_at, template->slots->pdata[i]);
                mask_at = str_find(text, STR(MASK), mask_at + strlen(MASK));
        }
        g_free(template->text);
        template->text = redacted;
}

/* --- the list --- */

static int compare_kinds(const void *a, const void *b) {
        return strcmp(((const Redaction *)a)->kind, ((const Redaction *)b)->kind);
}

GArray *redactor_list(const Redactor *redactor) {
        GArray *list = g_array_new(FALSE, FALSE, sizeof(Redaction));
        GHashTableIter iter;
        void *value;

        g_hash_table_iter_init(&iter, redactor->kinds);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                g_array_append_vals(list, value, 1);
        g_array_sort(list, compare_kinds);
        return list;
}

char *redactions_in_words(const GArray *redactions) {
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < redactions->len; i++) {
                const Redaction *r = &g_array_index(redactions, Redaction, i);
                g_string_append_printf(text, "%s%s: %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT "x)", i ? ", " : "", r->kind, (guint64)r->n_values,
                                       (guint64)r->n_replaced);
        }
        if (redactions->len == 0)
                g_string_append(text, "nothing");
        return g_string_free(text, FALSE);
}
