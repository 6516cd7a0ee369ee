/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnose/carried.h"

/* How many lines within and before have a pair, and for its key how many values there are within. */
typedef struct Tally {
        Pair pair;
        unsigned inside, before;
        unsigned last_line; /* that was counted, from 1 */
} Tally;

static Tally *tally_of(GArray *tallies, const Pair *pair) {
        for (guint i = 0; i < tallies->len; i++) {
                Tally *tally = &g_array_index(tallies, Tally, i);
                if (str_equal(tally->pair.value, pair->value) && str_equal(tally->pair.key, pair->key))
                        return tally;
        }
        return NULL;
}

static void count_inside(GArray *tallies, const Exemplar *line, unsigned number) {
        Pair pairs[PAIRS_MAX];
        unsigned n = pairs_of(str_from(line->text), pairs);

        for (unsigned i = 0; i < n; i++) {
                Tally *known = tally_of(tallies, &pairs[i]);
                if (!known) {
                        Tally tally = { .pair = pairs[i], .inside = 1, .last_line = number };
                        g_array_append_val(tallies, tally);
                } else if (known->last_line != number) {
                        known->inside++;
                        known->last_line = number;
                }
        }
}

static void count_before(GArray *tallies, const Exemplar *line) {
        Pair pairs[PAIRS_MAX];
        unsigned n = pairs_of(str_from(line->text), pairs);

        for (unsigned i = 0; i < n; i++) {
                Tally *known = tally_of(tallies, &pairs[i]);
                if (known)
                        known->before++;
        }
}

/* The lines and the values of the key of @tally within. */
static bool repeats(const GArray *tallies, const Tally *tally) {
        unsigned n_lines = 0, n_values = 0;

        for (guint i = 0; i < tallies->len; i++) {
                const Tally *other = &g_array_index(tallies, Tally, i);
                if (!str_equal(other->pair.key, tally->pair.key))
                        continue;
                n_lines += other->inside;
                n_values++;
        }
        return n_lines >= CARRIED_REPEATS_MIN * n_values;
}

static const Tally *best_tally(const GArray *tallies, unsigned n_inside) {
        const Tally *best = NULL;

        for (guint i = 0; i < tallies->len; i++) {
                const Tally *tally = &g_array_index(tallies, Tally, i);
                if (tally->before == 0 && tally->inside >= CARRIED_LINES_MIN && tally->inside >= CARRIED_SHARE_MIN * n_inside &&
                    (!best || tally->inside > best->inside) && repeats(tallies, tally))
                        best = tally;
        }
        return best;
}

bool carried_has(const Exemplar *line, const Pair *pair) {
        Pair pairs[PAIRS_MAX];
        unsigned n = pairs_of(str_from(line->text), pairs);

        for (unsigned i = 0; i < n; i++)
                if (str_equal(pairs[i].key, pair->key) && str_equal(pairs[i].value, pair->value))
                        return true;
        return false;
}

bool carried_find(const Lines *lines, double from, double to, Carried *found) {
        g_autoptr(GArray) tallies = g_array_new(FALSE, FALSE, sizeof(Tally));
        unsigned n_inside = 0, n_before = 0;
        const Tally *best;

        for (unsigned i = 0; i < lines->n; i++)
                if (lines_is_between(lines->at[i], from, to))
                        count_inside(tallies, lines->at[i], ++n_inside);
        for (unsigned i = 0; i < lines->n; i++) {
                if ((double)lines->at[i]->time_us >= from * 1e6)
                        continue;
                count_before(tallies, lines->at[i]);
                n_before++;
        }
        best = n_before >= CARRIED_BEFORE_MIN ? best_tally(tallies, n_inside) : NULL;
        if (best)
                *found = (Carried){ best->pair, best->inside, n_inside };
        return best != NULL;
}
