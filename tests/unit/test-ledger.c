/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "base/error.h"
#include "scratch.h"
#include "story.h"

/* --- a view as text --- */

static void write_exemplars(GString *out, const char *name, const Exemplar *exemplars, unsigned n) {
        for (unsigned i = 0; i < n; i++)
                g_string_append_printf(out, "  %s %u:%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %s\n", name, exemplars[i].source, (guint64)exemplars[i].offset,
                                       (gint64)exemplars[i].time_us, exemplars[i].text);
}

static void write_series(GString *out, const char *name, const Series *series) {
        g_string_append_printf(out, "  %s %u:", name, series->shift);
        for (uint32_t i = 0; i < series->n; i++)
                g_string_append_printf(out, " %u*%u", series->buckets[i].start, series->buckets[i].count);
        g_string_append_c(out, '\n');
}

static void write_signal(GString *out, const Signal *signal) {
        g_string_append_printf(out, "%016" G_GINT64_MODIFIER "x %s %s %d %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n", (guint64)signal->key,
                               signal->pattern_id ? signal->pattern_id : "-", signal->shape ? signal->shape : "-", signal->level, (guint64)signal->count,
                               (guint64)signal->n_untimed);
        write_series(out, "series", &signal->series);
        write_series(out, "lines", &signal->by_line);
        write_exemplars(out, "first", signal->first, signal->n_first);
        write_exemplars(out, "sample", signal->sample, signal->n_sample);
        for (uint32_t i = 0; i < signal->n_sources; i++)
                g_string_append_printf(out, "  source %u %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", signal->sources[i].source,
                                       (guint64)signal->sources[i].count, (gint64)signal->sources[i].first_us, (gint64)signal->sources[i].last_us);
        for (unsigned i = 0; i < signal->n_rows; i++)
                g_string_append_printf(out, "  row %u*%u %s\n", signal->rows[i].second, signal->rows[i].count, signal->rows[i].text);
        for (uint32_t i = 0; i < signal->sightings.n; i++)
                g_string_append_printf(out, "  sighting %u:%" G_GUINT64_FORMAT "\n", signal->sightings.items[i].source,
                                       (guint64)signal->sightings.items[i].offset);
}

static char *text_of(Ledger *ledger) {
        g_autoptr(LedgerView) view = ledger_view(ledger);
        GString *out = g_string_new(NULL);

        for (guint i = 0; i < view->sources->len; i++) {
                const SourceRecord *source = view->sources->pdata[i];
                g_string_append_printf(
                        out, "source %s %" G_GUINT64_FORMAT ", left out %" G_GUINT64_FORMAT " from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "\n",
                        source->name, (guint64)source->events, (guint64)source->left_out, (gint64)source->outside.first_us, (gint64)source->outside.last_us);
                for (uint32_t j = 0; j < source->trail.n; j++)
                        g_string_append_printf(out, "  step %u*%u %s\n", source->trail.steps[j].start, source->trail.steps[j].count,
                                               source->trail.steps[j].text);
        }
        for (guint i = 0; i < view->signals->len; i++)
                write_signal(out, view->signals->pdata[i]);
        for (guint i = 0; i < view->terms->len; i++)
                write_signal(out, view->terms->pdata[i]);
        write_series(out, "errors", &view->errors);
        write_series(out, "all", &view->all);
        g_string_append_printf(out, "evicted %" G_GUINT64_FORMAT ", coarse %" G_GUINT64_FORMAT "\n", (guint64)view->evicted, (guint64)view->coarse);
        return g_string_free(out, FALSE);
}

/* --- the merge law --- */

#define N_PARTS 4

static const char *const NAMES[] = { "web.log", "app.log", "db.log" };

typedef struct Told {
        unsigned source;
        uint32_t second; /* 0: without time */
        Level level;
        char text[64];
} Told;

static Told told_at_random(uint32_t *random) {
        Told told = { scratch_random(random, 3), 0, LEVEL_INFO + scratch_random(random, 4), "" };
        uint32_t value = scratch_random(random, 1000);

        if (scratch_random(random, 10) > 0)
                told.second = 1700000000 + scratch_random(random, 3000);
        switch (scratch_random(random, 4)) {
        case 0:
                g_snprintf(told.text, sizeof(told.text), "pool of %u connections is empty", value);
                break;
        case 1:
                g_snprintf(told.text, sizeof(told.text), "order %u shipped to zone %u", value, value % 7);
                break;
        case 2:
                g_snprintf(told.text, sizeof(told.text), "word%c and word%c", 'a' + (char)(value % 26), 'a' + (char)(value / 40));
                break;
        default:
                g_strlcpy(told.text, "always the same", sizeof(told.text));
        }
        return told;
}

static uint32_t source_of(Ledger *ledger, const char *name) {
        for (uint32_t i = 0; i < ledger_n_sources(ledger); i++)
                if (g_str_equal(ledger_source(ledger, i)->name, name))
                        return i;
        return ledger_add_source(ledger, name);
}

static void add(Ledger *ledger, const char *name, uint64_t offset, const Told *told) {
        mined_add(ledger, source_of(ledger, name), offset, told->second, told->level, str_from(told->text));
}

/* What comes after a time that somebody asked for is left out. */
#define ASKED_UNTIL 1700002500

static void add_asked(Ledger *ledger, const char *name, uint64_t offset, const Told *told) {
        if (told->second < ASKED_UNTIL)
                add(ledger, name, offset, told);
        else
                ledger_leave_out(ledger, source_of(ledger, name), told->second * INT64_C(1000000));
}

static void check_merge_law(const Patterns *patterns, uint32_t seed, unsigned n) {
        uint32_t random = seed;
        Ledger *whole = mined_ledger(patterns, 0), *parts[N_PARTS];
        g_autofree char *expected = NULL, *merged = NULL;

        for (unsigned i = 0; i < N_PARTS; i++)
                parts[i] = mined_ledger(patterns, 0);
        for (unsigned i = 0; i < n; i++) {
                Told told = told_at_random(&random);
                add_asked(whole, NAMES[told.source], 10 * i, &told);
                add_asked(parts[scratch_random(&random, N_PARTS)], NAMES[told.source], 10 * i, &told);
        }
        for (unsigned left = N_PARTS; left > 1; left--) {
                unsigned from = scratch_random(&random, left), to = (from + 1) % left;

                if (scratch_random(&random, 2)) {
                        ledger_take(parts[to], parts[from]);
                } else {
                        ledger_merge(parts[to], parts[from]);
                        ledger_free(parts[from]);
                }
                parts[from] = parts[left - 1];
        }
        expected = text_of(whole);
        merged = text_of(parts[0]);
        g_assert_cmpstr(expected, ==, merged);
        ledger_free(whole);
        ledger_free(parts[0]);
}

static void test_merge_law(void) {
        g_autoptr(Patterns) patterns = patterns_new();

        for (uint32_t seed = 1; seed <= 12; seed++)
                check_merge_law(patterns, seed, 50 * seed);
}

/* --- bounds --- */

/* A word of its own for each number; digits would be masked. */
static void name_of(unsigned number, char name[static 8]) {
        for (unsigned i = 0; i < 5; i++, number /= 20)
                name[i] = (char)('a' + number % 20);
        name[5] = '\0';
}

static void add_shape(Ledger *ledger, unsigned number, Level level) {
        Told told = { 0, 1700000000 + number, level, "" };
        char name[8], other[8];

        name_of(number, name);
        name_of(number / 3, other);
        g_snprintf(told.text, sizeof(told.text), "%s begins what %s ends", name, other);
        add(ledger, NAMES[0], number, &told);
}

static uint64_t count_of(const GPtrArray *signals) {
        uint64_t count = 0;

        for (guint i = 0; i < signals->len; i++)
                count += ((const Signal *)signals->pdata[i])->count;
        return count;
}

/* More shapes than are kept: no event is lost without being counted, warnings stay, parts give the same. */
static void test_bounds(void) {
        enum { N = LEDGER_SHAPES_MAX + 2 * LEDGER_COARSE_MAX };
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Ledger) whole = mined_ledger(patterns, 0), even = mined_ledger(patterns, 0), odd = mined_ledger(patterns, 0);
        g_autoptr(LedgerView) view = NULL;
        g_autofree char *expected = NULL, *merged = NULL;
        unsigned n_shapes = 0, n_coarse = 0, n_bad = 0;

        for (unsigned i = 0; i < N; i++) {
                Level level = i % 100 == 0 ? LEVEL_ERROR : LEVEL_INFO;
                add_shape(whole, i, level);
                add_shape(i % 2 ? odd : even, i, level);
        }
        ledger_merge(even, odd);
        view = ledger_view(whole);
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                n_coarse += signal->coarse_key == 0;
                n_shapes += signal->coarse_key != 0;
                n_bad += signal->level >= LEVEL_WARNING && signal->coarse_key != 0;
        }
        g_assert_cmpuint(n_shapes, ==, LEDGER_SHAPES_MAX);
        g_assert_cmpuint(n_coarse, ==, LEDGER_COARSE_MAX);
        g_assert_cmpuint(n_bad, ==, (N + 99) / 100);
        g_assert_cmpuint(view->evicted, >, 0);
        g_assert_cmpuint(view->coarse, >, 0);
        g_assert_cmpuint(count_of(view->signals) + view->evicted, ==, N);
        expected = text_of(whole);
        merged = text_of(even);
        g_assert_true(g_str_equal(expected, merged));
}

static void test_exemplars_are_bounded(void) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Ledger) ledger = mined_ledger(patterns, 0);
        g_autoptr(LedgerView) view = NULL;
        const Signal *signal;
        Told told = { 0, 1700000000, LEVEL_ERROR, "always the same" };

        for (unsigned i = 0; i < 5000; i++, told.second++)
                add(ledger, NAMES[0], 10 * i, &told);
        view = ledger_view(ledger);
        g_assert_cmpuint(view->signals->len, ==, 1);
        signal = view->signals->pdata[0];
        g_assert_cmpuint(signal->count, ==, 5000);
        g_assert_cmpuint(signal->n_first, ==, EXEMPLAR_FIRST_MAX);
        g_assert_cmpuint(signal->n_sample, ==, EXEMPLAR_SAMPLE_MAX);
        g_assert_cmpuint(signal->n_rows, <=, ROWS_MAX);
        g_assert_cmpuint(signal->first[0].offset, ==, 0);
        g_assert_cmpuint(signal->first[2].offset, ==, 20);
        g_assert_cmpuint(series_total(&view->errors), ==, 5000);
}

/* --- the file --- */

#define HEADER_BYTES 40 /* magic and digest */

/* A story with patterns, a term, shapes, lines without time, bytes that are no text. */
static Story full_story(void) {
        Story story = story_new();

        story_pattern(&story, "test/refused", ROLE_CAUSE, "net/refused", 1);
        story_repeat(&story, "app.log", 0, 300, 3, LEVEL_INFO, NULL, "order ", " shipped");
        story_repeat(&story, "app.log", 100, 160, 2, LEVEL_ERROR, "test/refused", "connection ", " refused");
        story_repeat(&story, "b\xff.log", -1, 0, 0.25, LEVEL_WARNING, NULL, "no time \xfe\xff ", "");
        return story;
}

static void test_file(void) {
        g_autoptr(GError) error = NULL;
        g_auto(Story) story = full_story();
        char *folder = scratch_folder();
        g_autofree char *path = g_build_filename(folder, "a.ledger", NULL), *expected = text_of(story.ledger), *loaded = NULL;
        g_autoptr(Ledger) copy = NULL;

        g_assert_true(ledger_save(story.ledger, path, &error));
        g_assert_no_error(error);
        copy = ledger_load(story.patterns, ledger_fingerprint(story.patterns), path, &error);
        g_assert_no_error(error);
        loaded = text_of(copy);
        g_assert_true(g_str_equal(loaded, expected));
        scratch_remove(folder);
}

/* The same words, as text and as a regex, that must stand or must not. */
static void test_fingerprint(void) {
        static const struct {
                ConditionKind kind;
                bool unless;
        } CASES[] = { { CONDITION_TEXT, false }, { CONDITION_REGEX, false }, { CONDITION_TEXT, true }, { CONDITION_REGEX, true } };
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
                g_autoptr(Patterns) patterns = patterns_new();
                Pattern *pattern = pattern_new();
                Condition **conditions = CASES[i].unless ? &pattern->unless : &pattern->match;
                uint64_t sum;

                pattern->id = "p/a";
                *conditions = g_new0(Condition, 1);
                **conditions = (Condition){ .text = "conn.ction slots", .kind = CASES[i].kind };
                *(CASES[i].unless ? &pattern->n_unless : &pattern->n_match) = 1;
                patterns_put(patterns, pattern);
                sum = ledger_fingerprint(patterns);
                g_assert_true(g_hash_table_add(seen, g_memdup2(&sum, sizeof(sum))));
        }
}

static void test_file_that_is_not_there(void) {
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(GError) error = NULL;
        char *folder = scratch_folder();
        g_autofree char *path = g_build_filename(folder, "none", "a.ledger", NULL);
        g_autoptr(Ledger) ledger = mined_ledger(patterns, 0);

        g_assert_null(ledger_load(patterns, ledger_fingerprint(patterns), path, &error));
        g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        g_clear_error(&error);
        g_assert_false(ledger_save(ledger, path, &error));
        g_assert_nonnull(error);
        scratch_remove(folder);
}

/* Loads @data as a ledger; whatever loads can be looked at, merged and saved. True if it did. */
static bool survives(const Patterns *patterns, const char *folder, const char *data, gsize size, GError **error) {
        g_autofree char *path = scratch_write(folder, "hostile.ledger", data, size), *again = g_build_filename(folder, "again.ledger", NULL);
        g_autofree char *text = NULL;
        g_autoptr(Ledger) ledger = ledger_load(patterns, ledger_fingerprint(patterns), path, error), sum = mined_ledger(patterns, 0);

        if (!ledger)
                return false;
        ledger_merge(sum, ledger);
        text = text_of(sum);
        g_assert_true(ledger_save(ledger, again, NULL));
        return true;
}

/* Every length, and every byte changed without its checksum. */
static void test_torn_file(void) {
        g_auto(Story) story = full_story();
        char *folder = scratch_folder(), *data;
        g_autofree char *path = g_build_filename(folder, "a.ledger", NULL);
        gsize size;

        g_assert_true(ledger_save(story.ledger, path, NULL));
        g_assert_true(g_file_get_contents(path, &data, &size, NULL));
        for (gsize i = 0; i < size; i += 1 + i / 16) {
                g_autoptr(GError) error = NULL;
                g_autoptr(GError) other = NULL;

                g_assert_false(survives(story.patterns, folder, data, i, &error));
                g_assert_error(error, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER);
                data[i] ^= 0x55;
                g_assert_false(survives(story.patterns, folder, data, size, &other));
                g_assert_error(other, LOGSCAN_ERROR, LOGSCAN_ERROR_LEDGER);
                data[i] ^= 0x55;
        }
        g_free(data);
        scratch_remove(folder);
}

/* An attacker writes the checksum, too: whatever the content says, nothing is read or written beyond its tables. */
static void test_hostile_file(void) {
        g_auto(Story) story = full_story();
        char *folder = scratch_folder(), *data;
        g_autofree char *path = g_build_filename(folder, "a.ledger", NULL);
        uint32_t random = 7;
        gsize size;

        g_assert_true(ledger_save(story.ledger, path, NULL));
        g_assert_true(g_file_get_contents(path, &data, &size, NULL));
        for (unsigned i = 0; i < 400; i++) {
                g_autofree char *hostile = g_memdup2(data, size);
                g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
                gsize length = HEADER_BYTES - 8;

                for (unsigned n = 1 + scratch_random(&random, 4); n > 0; n--)
                        hostile[HEADER_BYTES + scratch_random(&random, (uint32_t)size - HEADER_BYTES)] = (char)scratch_random(&random, 256);
                g_checksum_update(checksum, (const guchar *)hostile + HEADER_BYTES, (gssize)(size - HEADER_BYTES));
                g_checksum_get_digest(checksum, (guint8 *)hostile + 8, &length);
                survives(story.patterns, folder, hostile, size, NULL);
        }
        g_free(data);
        scratch_remove(folder);
}

/* --- moving --- */

static const Signal *signal_saying(const LedgerView *view, const char *text) {
        for (guint i = 0; i < view->signals->len; i++) {
                const Signal *signal = view->signals->pdata[i];
                if (strstr(signal->first[0].text, text))
                        return signal;
        }
        g_assert_not_reached();
}

/* What one source says comes earlier, to the last event, in whose second the move ends; what others say stays. */
static void test_move(void) {
        enum { SECOND = 1700000000, FAR = 3600 };
        g_autoptr(Patterns) patterns = patterns_new();
        g_autoptr(Ledger) ledger = mined_ledger(patterns, 0);
        g_autoptr(LedgerView) view = NULL;
        const Signal *shared;

        for (unsigned i = 0; i < 4; i++) {
                Told told = { 0, SECOND + i, LEVEL_INFO, "always the same" };
                add(ledger, NAMES[0], 10 * i, &told);
                told.second += FAR;
                add(ledger, NAMES[1], 10 * i, &told);
        }
        ledger_move(ledger, &(LedgerMove){ 1, (SECOND + FAR) * INT64_C(1000000), (SECOND + FAR + 3) * INT64_C(1000000) + 1, -FAR * INT64_C(1000000) });
        view = ledger_view(ledger);
        shared = signal_saying(view, "always the same");
        g_assert_cmpuint(shared->series.n, ==, 4);
        g_assert_cmpuint(series_between(&shared->series, SECOND, SECOND + 4), ==, 8);
        g_assert_cmpuint(series_between(&view->all, SECOND, SECOND + 4), ==, 8);
        g_assert_cmpuint(series_total(&view->all), ==, 8);
        for (unsigned i = 0; i < signal_n_exemplars(shared); i++)
                g_assert_cmpint(signal_exemplar(shared, i)->time_us / 1000000, <, SECOND + 4);
        for (unsigned i = 1; i < shared->n_first; i++)
                g_assert_cmpint(shared->first[i - 1].time_us, <=, shared->first[i].time_us);
        for (guint i = 0; i < view->sources->len; i++) {
                const SourceRecord *source = view->sources->pdata[i];
                g_assert_cmpint(source->first_us, ==, SECOND * INT64_C(1000000));
                g_assert_cmpint(source->trail.steps[0].time_us / 1000000, <, SECOND + 4);
        }
}

int main(int argc, char **argv) {
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/ledger/merge-law", test_merge_law);
        g_test_add_func("/ledger/bounds", test_bounds);
        g_test_add_func("/ledger/exemplars-are-bounded", test_exemplars_are_bounded);
        g_test_add_func("/ledger/file", test_file);
        g_test_add_func("/ledger/file-that-is-not-there", test_file_that_is_not_there);
        g_test_add_func("/ledger/fingerprint", test_fingerprint);
        g_test_add_func("/ledger/torn-file", test_torn_file);
        g_test_add_func("/ledger/hostile-file", test_hostile_file);
        g_test_add_func("/ledger/move", test_move);
        return g_test_run();
}
