/* SPDX-License-Identifier: Apache-2.0 */
#include "match/matcher.h"

#include "base/error.h"
#include "base/hot.h"
#include "match/fitting.h"
#include "match/gathering.h"
#include "match/jq.h"
#include "match/literals.h"
#include "match/regex.h"

#define JIT_STACK_BYTES_START (32 * 1024)
#define JIT_STACK_BYTES_MAX   (512 * 1024)

/* Enough for the captures of the regexes that are compiled late, and the whole. */
#define PAIRS_MIN 32

/* One condition. Those of a pattern stand in a row, the patterns in order of loading. */
typedef struct Test {
        const Condition *condition; /* borrowed */
        uint32_t pattern;
        pcre2_code *code; /* of a regex; of a trusted pack NULL until it is used */
        Jq *jq;           /* of an expression, else NULL */
        gsize ready;      /* compiled for the JIT: at the first use, for a few patterns occur in a
                             log, not hundreds */
} Test;

/* The tests that a literal calls for are refs[first] .. refs[first of the next]. */
typedef struct Literal {
        size_t length;
        uint32_t first;
} Literal;

struct Matcher {
        const Patterns *patterns; /* borrowed */
        GArray *match;            /* of Test */
        GArray *unless;           /* of Test */
        uint32_t *first_match;    /* for each pattern, and one more */
        uint32_t *first_unless;
        GArray *literals; /* of Literal, and one more */
        GArray *refs;     /* of uint32_t: indexes into match */
        GArray *always;   /* of uint32_t: those without a literal, which every event is looked at for
                         */
        Prefilter *prefilter;
        Fitting *fitting; /* owned; of the prefilter */
        uint32_t n_pairs; /* the most that any regex captures, and the whole */
};

/* Which parts of the event a literal stands in. */
enum { IN_HEAD = 1, IN_TAIL = 2 };

struct MatcherScratch {
        const Matcher *matcher; /* borrowed */
        GArray *hits;           /* of PrefilterHit, with a last one behind every block */
        const char *block;
        size_t cursor; /* hits before it end before the events to come */

        uint32_t *candidates; /* tests to run on the event */
        size_t n_candidates;
        uint8_t *parts; /* for each test, where; 0 when it is no candidate */

        pcre2_match_context *context;
        pcre2_match_data *data;
        pcre2_jit_stack *stack;
        uint64_t n_limited;
        GArray *limited; /* of uint32_t: the patterns that are not yet told of, each once */
};

/* --- Compiling --- */

static Test *test_at(const GArray *tests, uint32_t index) {
        return &g_array_index(tests, Test, index);
}

static bool condition_error(const Pattern *pattern, const Condition *condition, GError **error, const char *message) {
        g_set_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_PATTERN, "%s:%u:%u: %s: %s", pattern->file, condition->line, condition->column, pattern->id, message);
        return false;
}

static void note_captures(Matcher *matcher, const pcre2_code *code) {
        uint32_t count = 0;

        pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
        matcher->n_pairs = MAX(matcher->n_pairs, count + 1);
}

/* Compiles what is compiled of a condition. */
static bool compile(Matcher *matcher, Test *test, bool trusted, char **reason) {
        if (trusted && test->condition->kind == CONDITION_REGEX)
                return true;
        switch (test->condition->kind) {
        case CONDITION_REGEX:
                test->code = regex_compile(test->condition->text, reason);
                if (test->code)
                        note_captures(matcher, test->code);
                return test->code != NULL;
        case CONDITION_JQ:
                test->jq = jq_new(test->condition->text, reason);
                return test->jq != NULL;
        default:
                return true;
        }
}

static bool add_test(Matcher *matcher, GArray *tests, uint32_t index, const Condition *condition, GError **error) {
        const Pattern *pattern = patterns_at(matcher->patterns, index);
        Test test = { .condition = condition, .pattern = index };
        g_autofree char *reason = NULL;

        if (!compile(matcher, &test, pattern->builtin && matcher->patterns->trusting, &reason))
                return condition_error(pattern, condition, error, reason);
        g_array_append_val(tests, test);
        return true;
}

static bool add_pattern(Matcher *matcher, uint32_t index, GError **error) {
        const Pattern *pattern = patterns_at(matcher->patterns, index);

        matcher->first_match[index] = matcher->match->len;
        matcher->first_unless[index] = matcher->unless->len;
        for (size_t i = 0; i < pattern->n_match; i++)
                if (!add_test(matcher, matcher->match, index, &pattern->match[i], error))
                        return false;
        for (size_t i = 0; i < pattern->n_unless; i++)
                if (!add_test(matcher, matcher->unless, index, &pattern->unless[i], error))
                        return false;
        return true;
}

static bool add_patterns(Matcher *matcher, GError **error) {
        uint32_t n = patterns_n(matcher->patterns);
        bool ok = true;

        matcher->first_match = g_new0(uint32_t, n + 1);
        matcher->first_unless = g_new0(uint32_t, n + 1);
        for (uint32_t i = 0; ok && i < n; i++)
                ok = add_pattern(matcher, i, error);
        matcher->first_match[n] = matcher->match->len;
        matcher->first_unless[n] = matcher->unless->len;
        return ok;
}

/* --- Literals --- */

/* The literals of which one stands in every event that @test is for. */
static bool derive_literals(const Test *test, GPtrArray *literals) {
        return test->jq ? jq_literals(test->jq, literals) : literals_of_regex(test->condition->text, literals);
}

static bool gather_known(Gathering *gathering, const char *const *literals, uint32_t index) {
        for (size_t i = 0; literals[i]; i++)
                gathering_add(gathering, literals[i], index);
        return literals[0] != NULL;
}

/* The literals of a regex or expression, known since the program was built or not. */
static bool gather_own(Gathering *gathering, const Test *test, uint32_t index) {
        g_autoptr(GPtrArray) derived = NULL;

        if (test->condition->derived)
                return gather_known(gathering, test->condition->derived, index);
        derived = g_ptr_array_new_with_free_func(g_free);
        if (!derive_literals(test, derived))
                return false;
        g_ptr_array_add(derived, NULL);
        return gather_known(gathering, (const char *const *)derived->pdata, index);
}

static bool gather_derived(const Matcher *matcher, Gathering *gathering, uint32_t index, GError **error) {
        const Test *test = test_at(matcher->match, index);
        const Pattern *pattern = patterns_at(matcher->patterns, test->pattern);

        if (gather_own(gathering, test, index) || gather_known(gathering, pattern->literals, index))
                return true;
        if (pattern->unfiltered) {
                g_array_append_val(matcher->always, index);
                return true;
        }
        return condition_error(pattern, test->condition, error,
                               "no literal of 4 bytes stands in all that the regex matches; make it "
                               "more specific or add `literals:`");
}

static bool gather_all(const Matcher *matcher, Gathering *gathering, GError **error) {
        for (uint32_t i = 0; i < matcher->match->len; i++) {
                const Condition *condition = test_at(matcher->match, i)->condition;

                if (condition->kind == CONDITION_TEXT)
                        gathering_add(gathering, condition->text, i);
                else if (!gather_derived(matcher, gathering, i, error))
                        return false;
        }
        return true;
}

static void flatten(Matcher *matcher, const Gathering *gathering) {
        for (guint i = 0; i <= gathering->texts->len; i++) {
                Literal literal = { .first = matcher->refs->len };

                if (i < gathering->texts->len) {
                        const GArray *refs = gathering->refs->pdata[i];
                        literal.length = strlen(gathering->texts->pdata[i]);
                        g_array_append_vals(matcher->refs, refs->data, refs->len);
                }
                g_array_append_val(matcher->literals, literal);
        }
}

static bool add_literals(Matcher *matcher, PrefilterEngine engine, GError **error) {
        Gathering gathering;
        bool ok;

        gathering_init(&gathering);
        ok = gather_all(matcher, &gathering, error);
        if (ok) {
                flatten(matcher, &gathering);
                matcher->prefilter = prefilter_new(gathering.texts, engine);
                matcher->fitting = fitting_new(matcher->prefilter);
        }
        gathering_clear(&gathering);
        return ok;
}

/* --- Matcher --- */

static void test_clear(void *data) {
        Test *test = data;

        pcre2_code_free(test->code);
        g_clear_pointer(&test->jq, jq_free);
}

static GArray *tests_new(void) {
        GArray *tests = g_array_new(FALSE, FALSE, sizeof(Test));

        g_array_set_clear_func(tests, test_clear);
        return tests;
}

Matcher *matcher_new(const Patterns *patterns, PrefilterEngine engine, GError **error) {
        g_autoptr(Matcher) matcher = g_new0(Matcher, 1);

        matcher->patterns = patterns;
        matcher->match = tests_new();
        matcher->unless = tests_new();
        matcher->literals = g_array_new(FALSE, FALSE, sizeof(Literal));
        matcher->refs = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        matcher->always = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        matcher->n_pairs = PAIRS_MIN;
        if (!add_patterns(matcher, error) || !add_literals(matcher, engine, error))
                return NULL;
        return g_steal_pointer(&matcher);
}

void matcher_free(Matcher *matcher) {
        if (!matcher)
                return;
        g_array_free(matcher->match, TRUE);
        g_array_free(matcher->unless, TRUE);
        g_array_free(matcher->literals, TRUE);
        g_array_free(matcher->refs, TRUE);
        g_array_free(matcher->always, TRUE);
        g_free(matcher->first_match);
        g_free(matcher->first_unless);
        fitting_free(matcher->fitting);
        prefilter_free(matcher->prefilter);
        g_free(matcher);
}

MatcherScratch *matcher_scratch_new(const Matcher *matcher) {
        MatcherScratch *scratch = g_new0(MatcherScratch, 1);

        scratch->matcher = matcher;
        scratch->hits = g_array_new(FALSE, FALSE, sizeof(PrefilterHit));
        scratch->limited = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        scratch->candidates = g_new(uint32_t, matcher->match->len);
        scratch->parts = g_new0(uint8_t, matcher->match->len);
        scratch->data = pcre2_match_data_create(matcher->n_pairs, NULL);
        scratch->context = regex_context_new();
        scratch->stack = pcre2_jit_stack_create(JIT_STACK_BYTES_START, JIT_STACK_BYTES_MAX, NULL);
        if (scratch->stack)
                pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
        matcher_scan(scratch, STR(""));
        return scratch;
}

void matcher_scratch_free(MatcherScratch *scratch) {
        if (!scratch)
                return;
        g_array_free(scratch->hits, TRUE);
        g_array_free(scratch->limited, TRUE);
        g_free(scratch->candidates);
        g_free(scratch->parts);
        pcre2_match_data_free(scratch->data);
        pcre2_match_context_free(scratch->context);
        pcre2_jit_stack_free(scratch->stack);
        g_free(scratch);
}

/* --- Running one test --- */

/* A regex of a trusted pack is compiled here at last. */
static void ensure_ready(Test *test) {
        if (!g_once_init_enter(&test->ready))
                return;
        if (!test->code)
                test->code = regex_compile(test->condition->text, NULL);
        /* Where there is no JIT the interpreter does the work. */
        if (test->code)
                pcre2_jit_compile(test->code, PCRE2_JIT_COMPLETE);
        g_once_init_leave(&test->ready, 1);
}

static bool regex_matches(MatcherScratch *scratch, Test *test, Str text) {
        int found;

        ensure_ready(test);
        if (!test->code)
                return false;
        found = pcre2_match(test->code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, scratch->data, scratch->context);
        if (found < 0 && found != PCRE2_ERROR_NOMATCH)
                scratch->n_limited++;
        return found >= 0;
}

static bool test_matches(MatcherScratch *scratch, Test *test, Str text) {
        if (text.len == 0)
                return false;
        if (test->condition->kind == CONDITION_REGEX)
                return regex_matches(scratch, test, text);
        if (test->jq)
                return jq_holds(test->jq, text);
        return str_find_nocase(text, str_from(test->condition->text), 0) != SIZE_MAX;
}

/* --- Matching --- */

HOT void matcher_scan(MatcherScratch *scratch, Str block) {
        PrefilterHit last = { .end = SIZE_MAX };

        prefilter_scan(fitting_for(scratch->matcher->fitting, block), block, scratch->hits);
        g_array_append_val(scratch->hits, last);
        scratch->block = block.ptr;
        scratch->cursor = 0;
}

static void call_one(MatcherScratch *scratch, uint32_t test, uint8_t part) {
        if (!scratch->parts[test])
                scratch->candidates[scratch->n_candidates++] = test;
        scratch->parts[test] |= part;
}

static void call_for(MatcherScratch *scratch, uint32_t literal, uint8_t part) {
        const Matcher *matcher = scratch->matcher;
        const Literal *literals = (const Literal *)matcher->literals->data;
        const uint32_t *refs = (const uint32_t *)matcher->refs->data;

        for (uint32_t i = literals[literal].first; i < literals[literal + 1].first; i++)
                call_one(scratch, refs[i], part);
}

/*
 * Collects the tests whose literals stand wholly in @text and moves the cursor to the first hit
 * behind its start.
 */
HOT static inline void collect(MatcherScratch *scratch, Str text, uint8_t part) {
        const PrefilterHit *hits = (const PrefilterHit *)scratch->hits->data;
        const Literal *literals = (const Literal *)scratch->matcher->literals->data;
        size_t start, end;

        if (text.len == 0)
                return;
        start = (size_t)(text.ptr - scratch->block);
        end = start + text.len;
        while (hits[scratch->cursor].end <= start)
                scratch->cursor++;
        for (size_t i = scratch->cursor; hits[i].end <= end; i++)
                if (hits[i].end - start >= literals[hits[i].literal].length)
                        call_for(scratch, hits[i].literal, part);
}

static int index_compare(const void *a, const void *b) {
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

        return x < y ? -1 : x > y;
}

static bool candidate_matches(MatcherScratch *scratch, uint32_t candidate, Str head, Str tail) {
        Test *test = test_at(scratch->matcher->match, candidate);
        uint8_t parts = scratch->parts[candidate];

        if (test->condition->kind == CONDITION_TEXT) /* its literal is all of it */
                return true;
        return ((parts & IN_HEAD) && test_matches(scratch, test, head)) || ((parts & IN_TAIL) && test_matches(scratch, test, tail));
}

static bool is_vetoed(MatcherScratch *scratch, uint32_t pattern, Str head, Str tail) {
        const Matcher *matcher = scratch->matcher;

        for (uint32_t i = matcher->first_unless[pattern]; i < matcher->first_unless[pattern + 1]; i++) {
                Test *test = test_at(matcher->unless, i);
                if (test_matches(scratch, test, head) || test_matches(scratch, test, tail))
                        return true;
        }
        return false;
}

static void note_limited(MatcherScratch *scratch, uint32_t pattern) {
        for (guint i = 0; i < scratch->limited->len; i++)
                if (g_array_index(scratch->limited, uint32_t, i) == pattern)
                        return;
        g_array_append_val(scratch->limited, pattern);
}

/* Whether the candidate matches and nothing speaks against its pattern; @settled when the others of the pattern need not be asked. */
static bool holds(MatcherScratch *scratch, uint32_t candidate, Str head, Str tail, bool *settled) {
        uint32_t pattern = test_at(scratch->matcher->match, candidate)->pattern;
        uint64_t n_limited = scratch->n_limited;
        bool found;

        *settled = candidate_matches(scratch, candidate, head, tail);
        found = *settled && !is_vetoed(scratch, pattern, head, tail);
        if (scratch->n_limited != n_limited)
                note_limited(scratch, pattern);
        return found;
}

/* Runs the candidates in order; once one has matched, the others of its pattern are left out. */
static size_t run(MatcherScratch *scratch, Str head, Str tail, uint32_t matches[static MATCHES_MAX]) {
        uint32_t last = UINT32_MAX;
        size_t n = 0;

        for (size_t i = 0; i < scratch->n_candidates && n < MATCHES_MAX; i++) {
                uint32_t candidate = scratch->candidates[i];
                uint32_t pattern = test_at(scratch->matcher->match, candidate)->pattern;
                bool settled;

                if (pattern == last)
                        continue;
                if (holds(scratch, candidate, head, tail, &settled))
                        matches[n++] = pattern;
                if (settled)
                        last = pattern;
        }
        return n;
}

static void forget(MatcherScratch *scratch) {
        for (size_t i = 0; i < scratch->n_candidates; i++)
                scratch->parts[scratch->candidates[i]] = 0;
        scratch->n_candidates = 0;
}

HOT size_t matcher_match(MatcherScratch *scratch, Str head, Str tail, uint32_t matches[static MATCHES_MAX]) {
        size_t n;

        collect(scratch, head, IN_HEAD);
        collect(scratch, tail, IN_TAIL);
        for (guint i = 0; i < scratch->matcher->always->len; i++)
                call_one(scratch, g_array_index(scratch->matcher->always, uint32_t, i), IN_HEAD | IN_TAIL);
        if (scratch->n_candidates == 0)
                return 0;
        qsort(scratch->candidates, scratch->n_candidates, sizeof(uint32_t), index_compare);
        n = run(scratch, head, tail, matches);
        forget(scratch);
        return n;
}

size_t matcher_match_text(MatcherScratch *scratch, Str text, uint32_t matches[static MATCHES_MAX]) {
        matcher_scan(scratch, text);
        return matcher_match(scratch, text, STR(""), matches);
}

/* --- Captures --- */

/* The name of a group, or NULL. */
static const char *group_name(const pcre2_code *code, uint32_t group) {
        uint32_t count = 0, size = 0;
        PCRE2_SPTR row = NULL;

        pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
        pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
        pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &row);
        for (uint32_t i = 0; i < count; i++, row += size)
                if ((uint32_t)(row[0] << 8 | row[1]) == group)
                        return (const char *)row + 2;
        return NULL;
}

static void report_captures(MatcherScratch *scratch, const Test *test, Str text, MatcherCapture found, void *data) {
        const PCRE2_SIZE *bounds = pcre2_get_ovector_pointer(scratch->data);
        uint32_t count = 0;

        pcre2_pattern_info(test->code, PCRE2_INFO_CAPTURECOUNT, &count);
        count = MIN(count, pcre2_get_ovector_count(scratch->data) - 1);
        for (uint32_t group = 1; group <= count; group++) {
                PCRE2_SIZE from = bounds[2 * group], to = bounds[2 * group + 1];
                const char *name = group_name(test->code, group);

                if (name && from != PCRE2_UNSET && from < to)
                        found(name, str_slice(text, from, to), data);
        }
}

void matcher_captures(MatcherScratch *scratch, uint32_t pattern, Str text, MatcherCapture found, void *data) {
        const Matcher *matcher = scratch->matcher;

        for (uint32_t i = matcher->first_match[pattern]; i < matcher->first_match[pattern + 1]; i++) {
                Test *test = test_at(matcher->match, i);
                uint32_t n_names = 0;

                if (test->condition->kind != CONDITION_REGEX || !test_matches(scratch, test, text))
                        continue;
                pcre2_pattern_info(test->code, PCRE2_INFO_NAMECOUNT, &n_names);
                if (n_names > 0) {
                        report_captures(scratch, test, text, found, data);
                        return;
                }
        }
}

/* --- Places --- */

/* What @test matches in @text; empty if it does not. */
static Str locate(MatcherScratch *scratch, Test *test, Str text) {
        const PCRE2_SIZE *bounds;
        size_t at;

        if (!test_matches(scratch, test, text))
                return (Str){ text.ptr, 0 };
        if (test->jq)
                return text;
        if (test->condition->kind == CONDITION_TEXT) {
                at = str_find_nocase(text, str_from(test->condition->text), 0);
                return str_slice(text, at, at + strlen(test->condition->text));
        }
        bounds = pcre2_get_ovector_pointer(scratch->data);
        return str_slice(text, bounds[0], bounds[1]);
}

const Condition *matcher_why(MatcherScratch *scratch, uint32_t pattern, Str head, Str tail, Str *place) {
        const Matcher *matcher = scratch->matcher;

        for (uint32_t i = matcher->first_match[pattern]; i < matcher->first_match[pattern + 1]; i++) {
                Test *test = test_at(matcher->match, i);

                *place = locate(scratch, test, head);
                if (place->len == 0 && tail.len > 0)
                        *place = locate(scratch, test, tail);
                if (place->len > 0)
                        return test->condition;
        }
        *place = (Str){ head.ptr, 0 };
        return NULL;
}

Str matcher_locate(MatcherScratch *scratch, uint32_t pattern, Str head, Str tail) {
        Str place;

        matcher_why(scratch, pattern, head, tail, &place);
        return place;
}

uint64_t matcher_n_limited(const MatcherScratch *scratch) {
        return scratch->n_limited;
}

void matcher_take_limited(MatcherScratch *scratch, MatcherLimited found, void *data) {
        for (guint i = 0; i < scratch->limited->len; i++)
                found(patterns_at(scratch->matcher->patterns, g_array_index(scratch->limited, uint32_t, i)), data);
        g_array_set_size(scratch->limited, 0);
}
