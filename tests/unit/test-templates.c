/* SPDX-License-Identifier: Apache-2.0 */
#include "mined.h"
#include "mine/preface.h"
#include "mine/slots.h"
#include "mine/words.h"
#include "scratch.h"

/* --- words --- */

typedef struct Case {
        const char *text, *expected;
} Case;

/* A message, and its words with blanks between them; "*" is a value. */
static const Case WORDS[] = {
        /* one token */
        { "user 17 came", "user * came" },
        { "block blk_-12 at /var/x done", "block * at * done" },
        { "id deadbeef1 gone", "id * gone" },
        { "flag true or False", "flag * or *" },
        { "a nil map, value nil", "a nil map , value *" },
        /* several tokens */
        { "at Sun Dec 04 04:47:44 2005 it ended", "at * it ended" },
        { "at Mon, Jun 14 15:16:01 EDT 2005 x", "at * x" },
        { "since 2026-03-01T12:00:00.5+01:00 ok", "since * ok" },
        { "get https://example.org/a?b=c now", "get * now" },
        { "peer 10.0.0.7:80 and /10.0.0.9:1", "peer * and *" },
        { "mail to a.b@example.com sent", "mail to * sent" },
        { "host ns.example.edu.hk:53 down", "host * down" },
        { "mac 00:1b:44:11:3a:b7 seen", "mac * seen" },
        { "from fe80::1ff:fe23:4567:890a up", "from * up" },
        { "sent 12 bytes (1.27 KB) in 3 ms", "sent * in *" },
        { "took 1:02:03.5 then 85 % full", "took * then * full" },
        { "GET /a/b?c=1&d=x,y HTTP/1.1", "GET *" },
        { "org.example.Main failed", "org.example.Main failed" },
        /* pairs and members */
        { "uid=0 ruser= tty=ssh done", "uid = * ruser = * tty = * done" },
        { "name=\"two words\" next", "name = * next" },
        { "a=x, b=y", "a = * , b = *" },
        { "{\"user\": \"some one\", \"n\": 5}", "{ \" user \" : * , \" n \" : * }" },
        { "no file \"x y\": No space", "no file \" x y \" : No space" },
        /* in quotes, lists, nothing */
        { "check \"search\" failed", "check \" * \" failed" },
        { "it's can't", "it ' s can ' t" },
        { "ports 1, 2, 3 open", "ports * open" },
        { "call() and []", "call ( * ) and [ * ]" },
        { "line\\n  File \\\"x\\\"", "line File \" * \"" },
        { "", "" },
        { "=", "=" },
        { "==x", "= = x" },
        { "x=", "x = *" },
};

static char *written(const Words *words) {
        GString *out = g_string_new(NULL);

        for (unsigned i = 0; i < words->n; i++) {
                const Word *word = &words->at[i];
                g_string_append(out, i ? " " : "");
                g_string_append_len(out, word->value ? "*" : word->text.ptr, word->value ? 1 : (gssize)word->text.len);
        }
        return g_string_free(out, FALSE);
}

static void test_words(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
                g_autofree char *text = NULL;
                Words words;

                words_cut(str_from(WORDS[i].text), &words);
                words_squeeze(&words);
                text = written(&words);
                g_assert_cmpstr(text, ==, WORDS[i].expected);
        }
}

/* More words than are looked at. */
static void test_many_words(void) {
        GString *text = g_string_new(NULL);
        Words words;

        for (unsigned i = 0; i < 4 * WORDS_MAX; i++)
                g_string_append(text, i % 3 ? "k= " : "word ");
        words_cut((Str){ text->str, text->len }, &words);
        g_assert_cmpuint(words.n, ==, WORDS_MAX);
        words_squeeze(&words);
        g_assert_cmpuint(words.n, <=, WORDS_MAX);
        g_string_free(text, TRUE);
}

/* --- preface --- */

static const Case PREFACES[] = {
        { "sshd[12]: session opened", "session opened" },
        { "su(pam_unix)[12]: session opened", "session opened" },
        { "box sshd[12]: session opened", "session opened" },
        { "box -- MARK is here", "-- MARK is here" },
        { "[main] org.example.Pool: no connection left", "no connection left" },
        { "[Peer[id=1]/0:0:2181:Election@774] - Notification came late", "Notification came late" },
        { "(default task-1) no connection left", "no connection left" },
        { "nova.compute.manager [req-1 - -] instance spawned now", "instance spawned now" },
        { "Step_LSC|30002312|onStand 12", "onStand 12" },
        { "CBS    Loaded Servicing Stack", "Loaded Servicing Stack" },
        { "prog.exe *64 - peer closed it", "peer closed it" },
        { "dn228 Nov 9 12:01:01 dn228/dn228 crond[12]: job began", "job began" },
        /* not a preface */
        { "error: no space left", "error: no space left" },
        { "java.io.IOException: disk is full", "java.io.IOException: disk is full" },
        { "Retry - all is lost", "Retry - all is lost" },
        { "cache.limit set to high", "cache.limit set to high" },
        { "state: ok", "state: ok" },
        { "plain words only", "plain words only" },
        { "", "" },
};

static void test_preface(void) {
        g_autoptr(Hosts) hosts = hosts_new();

        hosts_note(hosts, STR("box sshd[1]: a"), 5);
        hosts_note(hosts, STR("box kernel: b"), 5);
        hosts_note(hosts, STR("plain words only"), 5);
        for (size_t i = 0; i < G_N_ELEMENTS(PREFACES); i++) {
                Str text = str_from(PREFACES[i].text);
                g_assert_cmpstr(PREFACES[i].text + preface_end(text, hosts), ==, PREFACES[i].expected);
        }
}

/* --- templates --- */

typedef struct Mined {
        Patterns *patterns;
        Ledger *ledger;
        LedgerView *view;
        Templates *templates;
        uint64_t n;
} Mined;

static void mined_begin(Mined *mined) {
        mined->patterns = patterns_new();
        mined->ledger = mined_ledger(mined->patterns, 3);
        mined->n = 0;
}

static void say(Mined *mined, unsigned times, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void say(Mined *mined, unsigned times, const char *format, ...) {
        g_autofree char *text = NULL;
        va_list list;

        va_start(list, format);
        text = g_strdup_vprintf(format, list);
        va_end(list);
        for (unsigned i = 0; i < times; i++, mined->n++)
                mined_add(mined->ledger, 0, mined->n, (uint32_t)(1000 + mined->n), LEVEL_INFO, str_from(text));
}

static void mined_finish(Mined *mined) {
        mined->view = ledger_view(mined->ledger);
        mined->templates = templates_mine((const LedgerView *[]){ mined->view }, 1, 1);
        templates_fill(mined->templates);
}

static void mined_clear(Mined *mined) {
        templates_free(mined->templates);
        ledger_view_free(mined->view);
        ledger_free(mined->ledger);
        patterns_free(mined->patterns);
}

static const Template *template_at(const Mined *mined, guint i) {
        g_assert_cmpuint(i, <, templates_all(mined->templates)->len);
        return templates_all(mined->templates)->pdata[i];
}

/* How many templates there are when each of @words stood once in @format. */
static guint n_templates(const char *before, const char *const *words, const char *behind) {
        Mined mined;
        guint n;

        mined_begin(&mined);
        for (; *words; words++)
                say(&mined, 2, "%s%s%s", before, *words, behind);
        mined_finish(&mined);
        n = templates_all(mined.templates)->len;
        mined_clear(&mined);
        return n;
}

static void test_by_position(void) {
        static const char *const STATES[] = { "started", "stopped", "paused", NULL };
        static const char *const MANY[] = { "red", "green", "blue", "black", "white", "pink", "brown", "grey", NULL };
        static const char *const NAMES[] = { "alice", "bob", "carol", NULL };
        static const char *const TWO[] = { "agentOne", "agentTwo", NULL };

        g_assert_cmpuint(n_templates("the engine ", STATES, " again"), ==, 3);
        g_assert_cmpuint(n_templates("the engine ", MANY, " again"), ==, 1);
        g_assert_cmpuint(n_templates("login of user ", NAMES, " again"), ==, 1);
        g_assert_cmpuint(n_templates("begun by client ", TWO, " again"), ==, 2);
        g_assert_cmpuint(n_templates("begun by ", TWO, " again"), ==, 1);
        /* One word says too little. */
        g_assert_cmpuint(n_templates("", MANY, " 1"), ==, 8);
}

static void test_absorb(void) {
        Mined mined;

        mined_begin(&mined);
        for (unsigned i = 0; i < 20; i++)
                say(&mined, 1, "open through proxy %u with %u", i, i * 7);
        say(&mined, 1, "open through proxy (a: 5) with 3");
        say(&mined, 1, "open through proxy some old name with 3");
        /* As frequent as this it is a message of its own. */
        say(&mined, 5, "open through proxy second hop 3 with 3");
        mined_finish(&mined);
        g_assert_cmpuint(templates_all(mined.templates)->len, ==, 2);
        g_assert_cmpstr(template_at(&mined, 0)->text, ==, "open through proxy <*> with <*>");
        g_assert_cmpuint(template_at(&mined, 0)->count, ==, 22);
        g_assert_cmpuint(template_at(&mined, 1)->count, ==, 5);
        mined_clear(&mined);
}

/* "alpha bravo ... zulu" with a number before each of three words. */
static void say_with_numbers(Mined *mined, unsigned count, unsigned first, unsigned second, unsigned third) {
        static const char *const LETTERS[] = { "alpha",  "bravo", "charlie", "delta",  "echo",     "foxtrot", "golf",   "hotel",  "india",
                                               "juliet", "kilo",  "lima",    "mike",   "november", "oscar",   "papa",   "quebec", "romeo",
                                               "sierra", "tango", "uniform", "victor", "whiskey",  "xray",    "yankee", "zulu" };
        g_autoptr(GString) text = g_string_new(NULL);

        for (unsigned i = 0; i < G_N_ELEMENTS(LETTERS); i++)
                g_string_append_printf(text, "%s%s ", i == first || i == second || i == third ? "7 " : "", LETTERS[i]);
        say(mined, count, "%s", text->str);
}

/* Of two thousand messages none fits into another, though the words of all are the same; when that was tried often enough, the rest stays as it is. */
static void test_absorb_bounded(void) {
        unsigned n = 0;
        Mined mined;

        mined_begin(&mined);
        for (unsigned first = 1; first < 24; first++)
                for (unsigned second = first + 1; second < 25; second++)
                        for (unsigned third = second + 1; third < 26; third++, n++)
                                say_with_numbers(&mined, n % 2 ? 3 : 1, first, second, third);
        say(&mined, 20, "about a proxy 7 with 7");
        say(&mined, 20, "zoned by a proxy 7 with 7");
        say(&mined, 1, "about a proxy some old name with 3");
        say(&mined, 1, "zoned by a proxy some old name with 3");
        mined_finish(&mined);
        g_assert_cmpuint(templates_all(mined.templates)->len, ==, n + 3);
        g_assert_cmpuint(template_at(&mined, 0)->count, ==, 21);
        g_assert_cmpuint(template_at(&mined, 1)->count, ==, 20);
        g_assert_cmpstr(template_at(&mined, 0)->text, ==, "about a proxy <*> with <*>");
        mined_clear(&mined);
}

static void test_text_and_members(void) {
        Mined mined;
        const Template *template;

        mined_begin(&mined);
        say(&mined, 3, "sshd[1]: session opened for user alice by (uid=0)");
        say(&mined, 2, "su(pam_unix)[7]: session opened for user bob by (uid=5)");
        say(&mined, 1, "su(pam_unix)[7]: session opened for user carol by (uid=5)");
        mined_finish(&mined);
        g_assert_cmpuint(templates_all(mined.templates)->len, ==, 1);
        template = template_at(&mined, 0);
        /* They have no preface in common. */
        g_assert_cmpstr(template->text, ==, "session opened for user <*> by (uid=<*>)");
        g_assert_cmpuint(template->members->len, ==, 3);
        for (guint i = 0; i < template->members->len; i++)
                g_assert_true(templates_of(mined.templates, g_array_index(template->members, uint64_t, i)) == template);
        g_assert_null(templates_of(mined.templates, 12345));
        mined_clear(&mined);
}

static void test_slots(void) {
        Mined mined;
        const Slot *user, *took;

        mined_begin(&mined);
        say(&mined, 3, "user \"alice\" served, took=12 ms");
        say(&mined, 1, "user \"bob\" served, took=1.5s");
        say(&mined, 1, "user \"bob\" served, took=-");
        mined_finish(&mined);
        g_assert_cmpuint(template_at(&mined, 0)->slots->len, ==, 2);
        user = template_at(&mined, 0)->slots->pdata[0];
        took = template_at(&mined, 0)->slots->pdata[1];
        g_assert_cmpstr(user->name, ==, "user");
        g_assert_cmpuint(user->n_distinct, ==, 2);
        g_assert_cmpstr(user->top[0].text, ==, "alice");
        g_assert_cmpuint(user->top[0].count, ==, 3);
        g_assert_cmpuint(user->count, ==, 5);
        g_assert_cmpstr(took->name, ==, "took");
        g_assert_cmpuint(took->n_numeric, ==, 4);
        g_assert_cmpfloat(took->min, ==, 1.5);
        g_assert_cmpfloat(took->max, ==, 12);
        g_assert_cmpuint(took->observations->len, ==, 5);
        mined_clear(&mined);
}

static void test_numbers(void) {
        static const struct {
                const char *text;
                bool is_number;
                double number;
        } CASES[] = { { "12", true, 12 },
                      { "1.5s", true, 1.5 },
                      { "85 %", true, 85 },
                      { "-3", true, -3 },
                      { "12a7", false, 0 },
                      { "", false, 0 },
                      { "infinity", false, 0 },
                      { "nan", false, 0 },
                      { "1 2", false, 0 },
                      { "-", false, 0 },
                      { "3 requests/s and more", false, 0 },
                      { "7e4567", false, 0 } /* an id; more than a number can be */ };

        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                double number;
                g_assert_true(slots_number(CASES[i].text, &number) == CASES[i].is_number);
                if (CASES[i].is_number)
                        g_assert_cmpfloat(number, ==, CASES[i].number);
        }
}

/* --- laws --- */

/* Everything that is known of the templates, in words; the same with any number of threads. */
static char *everything(Ledger *ledger, unsigned n_threads) {
        g_autoptr(LedgerView) view = ledger_view(ledger);
        g_autoptr(Templates) templates = templates_mine((const LedgerView *[]){ view }, 1, n_threads);
        GString *out = g_string_new(NULL);

        templates_fill(templates);
        g_string_append_printf(out, "%" G_GUINT64_FORMAT " coarse, %" G_GUINT64_FORMAT " evicted\n", (guint64)view->coarse, (guint64)view->evicted);
        for (guint i = 0; i < templates_all(templates)->len; i++) {
                const Template *t = templates_all(templates)->pdata[i];
                g_string_append_printf(out, "%" G_GUINT64_FORMAT " %u %s %u\n", (guint64)t->count, (unsigned)t->level, t->text, t->members->len);
                for (guint s = 0; s < t->slots->len; s++) {
                        const Slot *slot = t->slots->pdata[s];
                        g_string_append_printf(out, "  %s %" G_GUINT64_FORMAT " %u", slot->name, (guint64)slot->count, slot->n_distinct);
                        for (unsigned v = 0; v < slot->n_top; v++)
                                g_string_append_printf(out, " %s:%" G_GUINT64_FORMAT, slot->top[v].text, (guint64)slot->top[v].count);
                        g_string_append_c(out, '\n');
                }
        }
        return g_string_free(out, FALSE);
}

#define LAW_EVENTS 3000

/* The text and the second of the event @i, whatever its place. */
static void law_event(unsigned i, Ledger *ledger, uint32_t source, uint64_t place) {
        static const char *const USERS[] = { "alice", "bob", "carol", "dave" };
        uint32_t state = i * 2654435761U + 1;
        g_autofree char *text = NULL;

        scratch_random(&state, 9);
        switch (i % 4) {
        case 0:
                text = g_strdup_printf("order %u of %s stored in %u ms", i, USERS[scratch_random(&state, 4)], scratch_random(&state, 50));
                break;
        case 1:
                text = g_strdup_printf("cache miss, key=%s", USERS[scratch_random(&state, 4)]);
                break;
        case 2:
                text = g_strdup_printf("job word%c%c done (%u)", 'a' + i / 4 % 26, 'a' + i / 104 % 26, i % 7);
                break;
        default:
                text = g_strdup("heartbeat");
        }
        mined_add(ledger, source, place, 1000 + i / 50, i % 4 == 1 ? LEVEL_WARNING : LEVEL_INFO, str_from(text));
}

/* Any order within a second, any way to part the events over sources and ledgers, any order of merging. */
static void test_order(void) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Ledger) whole = mined_ledger(patterns, 3);
        g_autofree char *expected = NULL;

        for (unsigned i = 0; i < LAW_EVENTS; i++)
                law_event(i, whole, 0, i);
        expected = everything(whole, 1);
        for (uint32_t seed = 1; seed <= 4; seed++) {
                Ledger *parts[3];
                g_autoptr(Ledger) sum = mined_ledger(patterns, 0);
                g_autofree char *actual = NULL;
                uint32_t state = seed;

                for (unsigned p = 0; p < 3; p++)
                        parts[p] = mined_ledger(patterns, 3);
                for (unsigned i = 0; i < LAW_EVENTS; i++) {
                        unsigned other = i / 50 * 50 + (49 - i % 50) * 7 % 50; /* backwards in steps, within the second */
                        law_event(other, parts[scratch_random(&state, 3)], scratch_random(&state, 3), i);
                }
                for (unsigned p = 0; p < 3; p++)
                        ledger_take(sum, parts[(p + seed) % 3]);
                actual = everything(sum, 4);
                g_assert_cmpstr(actual, ==, expected);
        }
}

/* A message of words alone, another for each @i. */
static void flood(Ledger *ledger, unsigned i) {
        static const char *const SYLLABLES[] = { "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "vy" };
        GString *text = g_string_new("did");

        for (unsigned word = 0; word < 3; word++) {
                g_string_append_c(text, ' ');
                for (unsigned rest = i >> (word * 8) & 255, n = 0; n < 2; n++, rest >>= 4)
                        g_string_append(text, SYLLABLES[rest & 15]);
        }
        mined_add(ledger, 0, i, 1000 + i / 1000, i % 10 == 0 ? LEVEL_ERROR : LEVEL_INFO, (Str){ text->str, text->len });
        g_string_free(text, TRUE);
}

/* More shapes than are kept: the table is bounded, nothing is lost, and parts give what the whole gives. */
static void test_bounds(void) {
        const unsigned n = LEDGER_SHAPES_MAX * 3;
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Ledger) whole = mined_ledger(patterns, 1), front = mined_ledger(patterns, 1), sum = mined_ledger(patterns, 0);
        Ledger *back = mined_ledger(patterns, 1);
        g_autoptr(LedgerView) view = NULL;
        g_autofree char *expected = NULL, *actual = NULL;
        uint64_t counted = 0, shapes = 0;

        for (unsigned i = 0; i < n; i++) {
                flood(whole, i);
                flood(i * 2654435761U % 5 < 2 ? front : back, i);
        }
        expected = everything(whole, 1);
        view = ledger_view(whole);
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                counted += signal->count;
                shapes += signal->coarse_key != 0;
        }
        g_assert_cmpuint(shapes, ==, LEDGER_SHAPES_MAX);
        g_assert_cmpuint(counted + view->evicted, ==, n);
        g_assert_cmpuint(view->coarse, ==, n - LEDGER_SHAPES_MAX);
        ledger_merge(sum, front);
        ledger_take(sum, back);
        actual = everything(sum, 4);
        g_assert_cmpstr(actual, ==, expected);
}

static const Template *template_of(const Signal *signal, void *templates) {
        return templates_of(templates, signal->key);
}

/* With more ways to be said than are kept, none is. */
static void test_variants(void) {
        Mined mined;
        g_autoptr(LedgerView) grouped = NULL;

        mined_begin(&mined);
        for (unsigned i = 0; i <= VARIANTS_MAX; i++)
                say(&mined, 2, "login of user %c%c at 5", 'a' + i, 'p' + i);
        mined_finish(&mined);
        ledger_group(mined.ledger, template_of, mined.templates);
        grouped = ledger_view(mined.ledger);
        g_assert_cmpuint(grouped->signals->len, ==, 1);
        g_assert_cmpuint(((const Signal *)grouped->signals->pdata[0])->n_variants, ==, 0);
        mined_clear(&mined);
}

/* Shapes of one template become one signal, with all that they were. */
static void test_group(void) {
        Mined mined;
        g_autoptr(LedgerView) grouped = NULL;
        const Signal *signal;

        mined_begin(&mined);
        say(&mined, 2, "login of user alice at 5");
        say(&mined, 3, "login of user bob at 7");
        say(&mined, 4, "login of user carol at 9");
        mined_finish(&mined);
        g_assert_cmpuint(mined.view->signals->len, ==, 3);
        ledger_group(mined.ledger, template_of, mined.templates);
        grouped = ledger_view(mined.ledger);
        g_assert_cmpuint(grouped->signals->len, ==, 1);
        signal = grouped->signals->pdata[0];
        g_assert_cmpuint(signal->count, ==, 9);
        g_assert_cmpuint(series_total(&signal->series), ==, 9);
        g_assert_cmpuint(signal->n_first, ==, EXEMPLAR_FIRST_MAX);
        g_assert_cmpuint(signal->sources[0].count, ==, 9);
        g_assert_cmpstr(signal->shape, ==, "login of user <*> at <*>");
        g_assert_true(signal->template == template_at(&mined, 0));
        g_assert_cmpuint(signal->n_variants, ==, 3);
        for (unsigned i = 0; i < signal->n_variants; i++) {
                g_assert_cmpuint(signal->variants[i].count, ==, 2 + i);
                g_assert_cmpint(signal->variants[i].first_us, <=, signal->variants[i].last_us);
                g_assert_true(strstr(signal->variants[i].line.text, i == 0 ? "alice" : i == 1 ? "bob" : "carol"));
        }
        g_assert_cmpuint(grouped->evicted, ==, 0);
        mined_clear(&mined);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/templates/words", test_words);
        g_test_add_func("/templates/many-words", test_many_words);
        g_test_add_func("/templates/preface", test_preface);
        g_test_add_func("/templates/by-position", test_by_position);
        g_test_add_func("/templates/absorb", test_absorb);
        g_test_add_func("/templates/absorb-bounded", test_absorb_bounded);
        g_test_add_func("/templates/text-and-members", test_text_and_members);
        g_test_add_func("/templates/slots", test_slots);
        g_test_add_func("/templates/numbers", test_numbers);
        g_test_add_func("/templates/order", test_order);
        g_test_add_func("/templates/bounds", test_bounds);
        g_test_add_func("/templates/group", test_group);
        g_test_add_func("/templates/variants", test_variants);
        return g_test_run();
}
