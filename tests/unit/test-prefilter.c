/* SPDX-License-Identifier: Apache-2.0 */
#include "match/literals.h"
#include "match/prefilter.h"

#define RANDOM_TEXTS 300

typedef struct Case {
        const char *literals[8];
        Str text;
        const char *hits; /* end:literal, in order */
} Case;

static const Case CASES[] = {
        { { NULL }, { "anything", 8 }, "" },
        { { "abcd", NULL }, { "", 0 }, "" },
        { { "abcd", NULL }, { "abc", 3 }, "" },
        { { "abcd", NULL }, { "abcd", 4 }, "4:0" },
        { { "abcd", NULL }, { "xABCDx", 6 }, "5:0" },
        { { "abcd", NULL }, { "abcdabcd", 8 }, "4:0 8:0" },
        { { "aaaa", NULL }, { "aaaaaa", 6 }, "4:0 5:0 6:0" },
        { { "refused", "connection refused", "connection", NULL }, { "Connection refused", 18 }, "10:2 18:0 18:1" },
        { { "the end", "end.", NULL }, { "the end.", 8 }, "7:0 8:1" },
        { { "ab c", "ab@c", NULL }, { "ab c ab@c ab`c", 14 }, "4:0 9:1" },
        { { "a\nbc", NULL }, { "a\nbc a*bc", 9 }, "4:0" },
        { { "caf\xc3\xa9", NULL }, { "CAF\xc3\xa9 CAF\xc3\x89", 11 }, "5:0" },
        { { "after", NULL }, { "\0\0after\0", 8 }, "7:0" },
};

static GPtrArray *literals_of(const char *const *texts) {
        GPtrArray *literals = g_ptr_array_new();

        for (; *texts; texts++)
                g_ptr_array_add(literals, (void *)*texts);
        return literals;
}

static GArray *hits_new(void) {
        return g_array_new(FALSE, FALSE, sizeof(PrefilterHit));
}

static char *hits_words(const GArray *hits) {
        GString *words = g_string_new(NULL);

        for (guint i = 0; i < hits->len; i++) {
                PrefilterHit hit = g_array_index(hits, PrefilterHit, i);
                g_string_append_printf(words, "%s%zu:%u", i ? " " : "", hit.end, hit.literal);
        }
        return g_string_free(words, FALSE);
}

/* A filter that is fitted to the text finds the same. */
static void scan_with(PrefilterEngine engine, const GPtrArray *literals, Str text, GArray *hits) {
        g_autoptr(Prefilter) prefilter = prefilter_new(literals, engine);
        g_autoptr(Prefilter) fitted = prefilter_fitted(prefilter, text);
        g_autoptr(GArray) again = hits_new();

        prefilter_scan(prefilter, text, hits);
        prefilter_scan(fitted, text, again);
        g_assert_cmpuint(hits->len, ==, again->len);
        for (guint i = 0; i < hits->len; i++) {
                PrefilterHit one = g_array_index(hits, PrefilterHit, i), other = g_array_index(again, PrefilterHit, i);
                g_assert_true(one.end == other.end && one.literal == other.literal);
        }
}

static void check_case(const Case *expected, PrefilterEngine engine) {
        g_autoptr(GPtrArray) literals = literals_of(expected->literals);
        g_autoptr(GArray) hits = hits_new();
        g_autofree char *words = NULL;

        scan_with(engine, literals, expected->text, hits);
        words = hits_words(hits);
        g_assert_cmpstr(words, ==, expected->hits);
}

static void test_case(const void *data) {
        check_case(data, PREFILTER_PORTABLE);
        check_case(data, PREFILTER_AUTO);
}

/* Text over few letters, so that literals overlap and hits are many. */
static char *random_text(size_t length, const char *letters) {
        char *text = g_malloc(length + 1);
        int n = (int)strlen(letters);

        for (size_t i = 0; i < length; i++)
                text[i] = letters[g_test_rand_int_range(0, n)];
        text[length] = '\0';
        return text;
}

static GPtrArray *random_literals(size_t n) {
        GPtrArray *literals = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

        for (size_t i = 0; i < n; i++) {
                size_t length = (size_t)g_test_rand_int_range(LITERAL_MIN, 20);
                char *literal = random_text(length, "abc -1");

                g_ptr_array_add(literals, literal);
                if (!g_hash_table_add(seen, literal))
                        g_ptr_array_set_size(literals, (int)literals->len - 1);
        }
        return literals;
}

static void naive_scan(const GPtrArray *literals, Str text, GArray *hits) {
        for (size_t end = 1; end <= text.len; end++) {
                for (guint i = 0; i < literals->len; i++) {
                        Str literal = str_from(literals->pdata[i]);
                        PrefilterHit hit = { end, i };

                        if (literal.len <= end && str_equal_nocase(str_slice(text, end - literal.len, end), literal))
                                g_array_append_val(hits, hit);
                }
        }
}

static void check_random(PrefilterEngine engine) {
        for (size_t round = 0; round < RANDOM_TEXTS; round++) {
                size_t n = (size_t)g_test_rand_int_range(1, 60);
                g_autoptr(GPtrArray) literals = random_literals(n);
                g_autofree char *text = random_text((size_t)g_test_rand_int_range(0, 3000), "abcABC -1");
                g_autoptr(GArray) hits = hits_new(), expected = hits_new();
                g_autofree char *words = NULL, *expected_words = NULL;

                scan_with(engine, literals, str_from(text), hits);
                naive_scan(literals, str_from(text), expected);
                words = hits_words(hits);
                expected_words = hits_words(expected);
                g_assert_cmpstr(words, ==, expected_words);
        }
}

static void test_random_portable(void) {
        check_random(PREFILTER_PORTABLE);
}

static void test_random_vectors(void) {
        check_random(PREFILTER_AUTO);
}

/* Many literals that differ in their last bytes only; the text holds every second one. */
static void check_many(PrefilterEngine engine) {
        g_autoptr(GPtrArray) literals = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GArray) hits = hits_new();

        for (unsigned i = 0; i < 5000; i++) {
                g_ptr_array_add(literals, g_strdup_printf("error code %05u", i));
                if (i % 2 == 0)
                        g_string_append_printf(text, "Error Code %05u\n", i);
        }
        scan_with(engine, literals, (Str){ text->str, text->len }, hits);
        g_assert_cmpuint(hits->len, ==, 2500);
        for (guint i = 0; i < hits->len; i++)
                g_assert_cmpuint(g_array_index(hits, PrefilterHit, i).literal, ==, 2 * i);
}

static void test_many(void) {
        check_many(PREFILTER_PORTABLE);
        check_many(PREFILTER_AUTO);
}

/* A scan replaces the hits of the one before. */
static void test_again(void) {
        static const char *const ONE[] = { "abcd", NULL };
        g_autoptr(GPtrArray) literals = literals_of(ONE);
        g_autoptr(Prefilter) prefilter = prefilter_new(literals, PREFILTER_AUTO);
        g_autoptr(GArray) hits = hits_new();

        prefilter_scan(prefilter, STR("abcd abcd"), hits);
        g_assert_cmpuint(hits->len, ==, 2);
        prefilter_scan(prefilter, STR("nothing"), hits);
        g_assert_cmpuint(hits->len, ==, 0);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *path = g_strdup_printf("/prefilter/case/%zu", i);
                g_test_add_data_func(path, &CASES[i], test_case);
        }
        g_test_add_func("/prefilter/random/portable", test_random_portable);
        g_test_add_func("/prefilter/random/vectors", test_random_vectors);
        g_test_add_func("/prefilter/many", test_many);
        g_test_add_func("/prefilter/again", test_again);
        return g_test_run();
}
