/* SPDX-License-Identifier: Apache-2.0 */
#include "mine/shape.h"
#include "mine/skeleton.h"

/* A message with what shape_of() may read behind it. */
typedef struct Padded {
        char text[BYTES_MAX * 2 + BYTES_PADDING];
} Padded;

static ShapeKey key_of(const char *message, const char *detail, Level level, unsigned status) {
        static Padded padded[2];
        Event event = { .level = level, .status = status };

        memset(padded, 'x', sizeof(padded));
        memcpy(padded[0].text, message, strlen(message));
        memcpy(padded[1].text, detail, strlen(detail));
        event.message = (Str){ padded[0].text, strlen(message) };
        event.detail = (Str){ padded[1].text, strlen(detail) };
        return shape_of(&event);
}

static ShapeKey key(const char *message) {
        return key_of(message, "", LEVEL_INFO, 0);
}

typedef struct Pair {
        const char *one, *two;
} Pair;

static const Pair SAME[] = {
        { "user 17 came", "user 4711 came" },
        { "from 10.0.0.7:80 to 10.0.0.9:443", "from 10.0.0.1:1 to 8.8.8.8:2" },
        { "block blk_1 stored", "block blk_-77 stored" },
        { "opened /var/log/a", "opened /tmp/b/c/d" },
        { "id deadbeefcafe gone", "id abcdefab-cdef gone" },
        { "user \"alice\" came", "user \"bob\" came" },
        { "user 'alice' came", "user 'bob' came" },
        { "took 1 2 3", "took 1" },
        { "a=1, b=2", "a=7, b=9" },
};

static const Pair DIFFERENT[] = {
        { "user 17 came", "user 17 left" },
        { "abcdefgh one", "abcdefgi one" },
        { "a word of more than sixteen letters: internationalization", "a word of more than sixteen letters: internationalizatiox" },
        { "\"GET one\" served", "\"POST one\" served" },
        { "{\"user\": \"alice\"}", "{\"order\": \"alice\"}" },
        { "it's done", "it's begun" },
        { "", "x" },
};

static void test_same(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(SAME); i++) {
                g_test_message("%s | %s", SAME[i].one, SAME[i].two);
                g_assert_cmphex(key(SAME[i].one).key, ==, key(SAME[i].two).key);
                g_assert_cmphex(key(SAME[i].one).content, !=, key(SAME[i].two).content);
        }
}

static void test_different(void) {
        for (size_t i = 0; i < G_N_ELEMENTS(DIFFERENT); i++) {
                g_test_message("%s | %s", DIFFERENT[i].one, DIFFERENT[i].two);
                g_assert_cmphex(key(DIFFERENT[i].one).key, !=, key(DIFFERENT[i].two).key);
        }
}

static void test_kind(void) {
        uint64_t plain = key("a b").key;

        g_assert_cmphex(plain, !=, key_of("a b", "", LEVEL_ERROR, 0).key);
        g_assert_cmphex(plain, !=, key_of("a b", "", LEVEL_INFO, 500).key);
        g_assert_cmphex(plain, !=, key_of("a b", "c", LEVEL_INFO, 0).key);
        g_assert_cmphex(key_of("a", "b", LEVEL_INFO, 0).key, !=, key_of("a b", "", LEVEL_INFO, 0).key);
        g_assert_cmphex(plain & ~SHAPE_KEY_MASK, ==, 0);
}

/* The coarse key keeps the first word and how many there are. */
static void test_coarse(void) {
        g_assert_cmphex(key("login of alice failed").coarse, ==, key("login of bob failed").coarse);
        g_assert_cmphex(key("login of alice failed").coarse, !=, key("logout of alice failed").coarse);
        g_assert_cmphex(key("login of alice failed").coarse, !=, key("login of alice failed again").coarse);
}

/* What stands behind the message does not matter, nor does what is beyond SHAPE_BYTES_MAX. */
static void test_long(void) {
        g_autofree char *message = g_strnfill(SHAPE_BYTES_MAX + 100, 'a');
        ShapeKey before;

        memcpy(message, "begins ", 7);
        before = key(message);
        message[SHAPE_BYTES_MAX + 50] = ' ';
        g_assert_cmphex(before.key, ==, key(message).key);
        for (size_t n = 0; n < 200; n++) {
                g_autofree char *text = g_strnfill(n, 'w');
                g_assert_cmphex(key(text).key, ==, key(text).key);
        }
}

static void test_text(void) {
        static const Pair CASES[] = {
                { "user 17 came from 10.0.0.7", "user <*> came from <*>" },
                { "parameter \"max\" changed to '8'", "parameter <*> changed to <*>" },
                { "say \"two words\" now", "say \"two words\" now" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autofree char *text = shape_text(str_from(CASES[i].one));
                g_assert_cmpstr(text, ==, CASES[i].two);
        }
}

static void test_maps(void) {
        char text[BYTES_MAX + BYTES_PADDING];
        Bytes fast, plain;

        for (size_t i = 0; i < sizeof(text); i++)
                text[i] = (char)(i * 7 + i / 256);
        for (size_t n = 0; n <= BYTES_MAX; n += 13) {
                size_t words = (n + 63) / 64;
                bytes_map((Str){ text, n }, &fast);
                bytes_map_portable((Str){ text, n }, &plain);
                g_assert_cmpmem(fast.delimiter, words * 8, plain.delimiter, words * 8);
                g_assert_cmpmem(fast.value, words * 8, plain.value, words * 8);
                g_assert_cmpmem(fast.quote, words * 8, plain.quote, words * 8);
        }
}

/* Random bytes of @alphabet, words short and long. */
static void fill(GRand *rand, char *text, size_t n, const char *alphabet) {
        size_t n_letters = strlen(alphabet);

        for (size_t i = 0; i < n; i++)
                text[i] = alphabet[g_rand_int_range(rand, 0, (gint32)n_letters)];
}

static void check_skeletons(const char *text, size_t n) {
        g_autofree Skeleton *fast = g_new(Skeleton, 1), *plain = g_new(Skeleton, 1);

        skeleton_init(fast);
        skeleton_init(plain);
        for (unsigned i = 0; i < SKELETON_PARTS_MAX; i++) {
                skeleton_add(fast, (Str){ text, n });
                skeleton_separate(fast, '\1');
                skeleton_add_portable(plain, (Str){ text, n });
                skeleton_separate(plain, '\1');
        }
        g_assert_cmpmem(fast->bytes, fast->n_bytes, plain->bytes, plain->n_bytes);
        g_assert_cmpuint(fast->n_tokens, ==, plain->n_tokens);
}

/* Both ways to write one give the same, whatever the words and wherever they end. */
static void test_skeletons(void) {
        static const char *const ALPHABETS[] = { "ab ",  "gh  1",    "ghijkl 1",        "abcdef- z",
                                                 "xyz1", "g\" '`=1", "wxyz\xc3\xa9/ 7", "ghijklmnopqrstuvwxyzghijklmnopqrstuvwxyz 1" };
        g_autoptr(GRand) rand = g_rand_new_with_seed(7);
        char text[TOKENS_BYTES_MAX + 200];

        for (unsigned round = 0; round < 4000; round++) {
                size_t n = (size_t)g_rand_int_range(rand, 0, round % 8 ? 260 : TOKENS_BYTES_MAX + 100);
                fill(rand, text, sizeof(text), ALPHABETS[round % G_N_ELEMENTS(ALPHABETS)]);
                check_skeletons(text, n);
        }
}

static void test_skeleton(void) {
        static const char TEXT[] = "user 17 10.0.0.7 left  room 'x' deadbeef9 feedbead end" /* and padding */
                                   "                                                                ";
        static const char EXPECTED[] = "user \0left room \0end ";
        Skeleton skeleton;

        skeleton_init(&skeleton);
        skeleton_add(&skeleton, (Str){ TEXT, sizeof(TEXT) - 1 - BYTES_PADDING });
        g_assert_cmpmem(skeleton.bytes, skeleton.n_bytes, EXPECTED, sizeof(EXPECTED) - 1);
        g_assert_cmpuint(skeleton.n_tokens, ==, 6);
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/shape/same", test_same);
        g_test_add_func("/shape/different", test_different);
        g_test_add_func("/shape/kind", test_kind);
        g_test_add_func("/shape/coarse", test_coarse);
        g_test_add_func("/shape/long", test_long);
        g_test_add_func("/shape/text", test_text);
        g_test_add_func("/shape/maps", test_maps);
        g_test_add_func("/shape/skeleton", test_skeleton);
        g_test_add_func("/shape/skeletons", test_skeletons);
        return g_test_run();
}
